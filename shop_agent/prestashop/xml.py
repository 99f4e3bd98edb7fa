"""PrestaShop's XML: entities in, entities out, errors; strict about shape, deaf to noise.

Rules: no DOCTYPE, no entity, no network, a cap on bytes; text printed by PHP before or after the
document is cut off, as are control characters stored in old texts, which XML does not allow.
Documents are built node by node, never by gluing strings. One entity and a list of them are read
alike, and a list of none is an empty tuple.

    parse_entities(b"<prestashop><tax><id>1</id></tax></prestashop>", "taxes")
    render_entities("stock_availables", [Write(id=3, fields={"quantity": "7"})])
    parse_errors(body)      # (WsError(code=85, message="...", field="reference"),)
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from shop_agent.prestashop.entities import Entity, FieldValue, Row, Write
from shop_agent.prestashop.errors import (
    IllegalCharacterError,
    QueryBugError,
    UnreadableAnswerError,
)
from shop_agent.prestashop.resource_types import Resource
from shop_agent.prestashop.resources import get_resource

#: The most bytes of one document that are read.
ANSWER_LIMIT = 32 * 1024 * 1024

_HREF = "{http://www.w3.org/1999/xlink}href"
_LAST_ID = re.compile(r"/(\d+)$")
#: Never part of a longer UTF-8 sign, and not allowed in XML.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
#: Private signs, of which one at least is in no answer.
_STAND_INS = "\uf8d0\uf8d1\uf8d2\uf8d3\uf8d4\uf8d5\uf8d6\uf8d7"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIELD = re.compile(r'\w->(\w+)|parameter "(\w+)"')


@dataclass(frozen=True)
class WsError:
    """One error of an answer.

    Args:
        code: PrestaShop's code, the only thing to decide by.
        message: Its words, for a person; they change with version and language.
        field: The field it names, or None.
    """

    code: int
    message: str
    field: str | None = None


def parse_entities(body: bytes, resource: str, limit: int = ANSWER_LIMIT) -> tuple[Entity, ...]:
    """Return the entities of an answer in its order: a list, or entities side by side.

    Raises:
        UnreadableAnswerError: When the body is too large, not XML, or not shaped as PrestaShop's
            answers about this resource are.
    """
    kind = get_resource(resource)
    return tuple(_entity(node, kind) for node in _nodes(body, kind, limit))


def parse_raw(body: bytes, resource: str) -> dict[int, etree._Element]:
    """Return the nodes of an answer as they are, by id, to be put back: even carriage returns.

    XML turns each into a line feed on reading, unless it is written as a reference; inside CDATA
    it cannot be. So they travel through the parser as a sign that the answer does not hold.

    Raises:
        UnreadableAnswerError: As `parse_entities`, or when an id comes twice.
    """
    kind = get_resource(resource)
    sign = next(sign for sign in _STAND_INS if sign.encode() not in body)
    start = max(body.find(b"<prestashop"), 0)
    marked = body[:start] + body[start:].replace(b"\r", sign.encode())
    found: dict[int, etree._Element] = {}
    for node in _nodes(marked, kind, 2 * ANSWER_LIMIT):
        entity_id = _entity(node, kind).id
        if entity_id in found:
            raise UnreadableAnswerError(place=resource, value=entity_id, reason="id given twice")
        for part in node.iter():
            part.text = part.text and part.text.replace(sign, "\r")
            part.tail = None
        found[entity_id] = node
    return found


def parse_errors(body: bytes) -> tuple[WsError, ...]:
    """Return the errors of an answer, with or without its usual wrapper; none when not XML."""
    if b"<errors>" not in body:
        return ()
    try:
        root = parse_document(body, "errors", ANSWER_LIMIT)
    except UnreadableAnswerError:
        return ()
    return tuple(_errors(root))


def render_entities(resource: str, writes: Sequence[Write]) -> bytes:
    """Return the body that writes these entities, in this order.

    Raises:
        IllegalCharacterError: When a text holds a character that XML cannot carry.
        QueryBugError: When an association is not one that we write.
    """
    kind = get_resource(resource)
    root = etree.Element("prestashop")
    for write in writes:
        _render(etree.SubElement(root, kind.node), kind, write)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def parse_document(body: bytes, place: str, limit: int = ANSWER_LIMIT) -> etree._Element:
    """Return the root of a document cut out of the noise around it.

    Raises:
        UnreadableAnswerError: When it is too large, holds a DOCTYPE or is not well-formed.
    """
    if len(body) > limit:
        raise UnreadableAnswerError(place=place, reason=f"more than {limit} bytes")
    start = body.find(b"<?xml")
    if start < 0:
        raise UnreadableAnswerError(place=place, value=_begin(body), reason="not XML")
    end = body.rfind(b"</prestashop>")
    document = body[start : end + len(b"</prestashop>")] if end > start else body[start:]
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in document.split(b"<prestashop", 1)[0]:
        raise UnreadableAnswerError(place=place, reason="DOCTYPE")
    try:
        root = etree.fromstring(document.translate(None, _CONTROLS).strip(), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableAnswerError(place=place, reason=f"broken XML: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableAnswerError(place=place, reason="DOCTYPE")
    return root


def _nodes(body: bytes, kind: Resource, limit: int) -> etree._Element:
    """Return the node that holds an answer's entities: one, several, or a list of them."""
    root = parse_document(body, kind.name, limit)
    if root.tag != "prestashop" or not len(root):
        raise UnreadableAnswerError(place=kind.name, reason="no entity in the document")
    return root[0] if len(root) == 1 and root[0].tag == kind.plural else root


def _begin(body: bytes) -> str:
    return body[:80].decode("utf-8", "replace").strip()


def _entity(node: etree._Element, kind: Resource) -> Entity:
    if node.tag != kind.node:
        raise UnreadableAnswerError(place=kind.name, value=node.tag, reason="unexpected node")
    fields: dict[str, FieldValue] = {}
    associations: dict[str, tuple[Row, ...]] = {}
    for child in node:
        name = str(child.tag)
        if name in fields or (name == "associations" and associations):
            raise UnreadableAnswerError(place=kind.name, value=name, reason="field given twice")
        if name == "associations":
            associations = {str(part.tag): _rows(part, kind) for part in child}
        else:
            fields[name] = _value(child, kind)
    found = fields.pop("id", None) or node.get("id")
    return Entity(kind.name, _identity(found, kind), fields, associations)


def _identity(found: FieldValue | None, kind: Resource) -> int:
    """Return an entity's id, which is never absent and never 0."""
    if isinstance(found, str) and found.isascii() and found.isdigit() and int(found) > 0:
        return int(found)
    raise UnreadableAnswerError(place=kind.name, value=found or "", reason="entity without id")


def _value(node: etree._Element, kind: Resource) -> FieldValue:
    """Return a plain field's text, or a multilingual one's texts by language id."""
    if not len(node):
        return node.text or ""
    texts: dict[int, str] = {}
    for child in node:
        lang = child.get("id") or ""
        if child.tag != "language" or len(child) or not (lang.isascii() and lang.isdigit()):
            raise UnreadableAnswerError(place=kind.name, value=node.tag, reason="unknown shape")
        texts[int(lang)] = child.text or ""
    return texts


def _rows(node: etree._Element, kind: Resource) -> tuple[Row, ...]:
    return tuple(_row(row, kind) for row in node)


def _row(node: etree._Element, kind: Resource) -> Row:
    """Return one row's columns; its id may stand in its address alone (combinations)."""
    row: dict[str, str] = {}
    for child in node:
        if len(child):
            raise UnreadableAnswerError(place=kind.name, value=node.tag, reason="unknown shape")
        row[str(child.tag)] = child.text or ""
    address = _LAST_ID.search(node.get(_HREF) or "")
    if "id" not in row and address:
        row["id"] = address[1]
    if not row:
        raise UnreadableAnswerError(place=kind.name, value=node.tag, reason="empty row")
    return row


def _errors(root: etree._Element) -> Iterator[WsError]:
    for node in root.iter("error"):
        code = (node.findtext("code") or "").strip()
        message = html.unescape((node.findtext("message") or "").strip())
        found = _FIELD.search(message)
        field = (found[1] or found[2]) if found else None
        yield WsError(int(code) if code.isascii() and code.isdigit() else 0, message, field)


def _render(node: etree._Element, kind: Resource, write: Write) -> None:
    place = write.place(kind.name)
    if write.id is not None:
        etree.SubElement(node, "id").text = str(write.id)
    for name, value in write.fields.items():
        child = etree.SubElement(node, name)
        if isinstance(value, str):
            render_text(child, value, place, name)
            continue
        for lang, text in value.items():
            render_text(etree.SubElement(child, "language", id=str(lang)), text, place, name)
    if write.associations:
        render_associations(etree.SubElement(node, "associations"), kind, write, place)


def render_text(node: etree._Element, text: str, place: str, field: str) -> None:
    """Give a node its text; raise `IllegalCharacterError` for what XML cannot carry."""
    found = _ILLEGAL.search(text)
    if found:
        raise IllegalCharacterError(place=place, field=field, character=f"U+{ord(found[0]):04X}")
    node.text = text


#: Columns that are read by one name and written by another: without it, a pack holds the default
#: combination of its part.
_WRITTEN_AS = {("product_bundle", "id_product_attribute"): "product_attribute_id"}


def render_associations(node: etree._Element, kind: Resource, write: Write, place: str) -> None:
    """Add the associations in the order that PrestaShop needs."""
    unknown = set(write.associations) - set(kind.associations)
    if unknown:
        raise QueryBugError(place=place, reason=f"association {min(unknown)}")
    for name in sorted(write.associations, key=list(kind.associations).index):
        part = etree.SubElement(node, name)
        for row in write.associations[name]:
            item = etree.SubElement(part, kind.associations[name])
            for column, value in row.items():
                shown = _WRITTEN_AS.get((name, column), column)
                render_text(etree.SubElement(item, shown), value, place, name)


def illegal_character(resource: str, write: Write) -> IllegalCharacterError | None:
    """Return why a write cannot be put into XML, or None when it can."""
    try:
        render_entities(resource, [write])
    except IllegalCharacterError as error:
        return error
    return None
