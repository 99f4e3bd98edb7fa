"""Entities from an XML body, written one after the other as PrestaShop does.

Ids are checked before the first write. Then each entity is filled, validated and saved in turn;
the first that fails stops the rest and leaves its elders written.

    saved = save_all(family, "PATCH", elements, options={})
    [record.id for record in saved]
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy

from lxml import etree

from demo.prestashop.families.base import Family
from demo.prestashop.record import Record, leading_int
from demo.prestashop.refusals import RefusedError, php_warning
from demo.prestashop.tables import Field
from demo.prestashop.validation import find_problem

Element = etree._Element


def save_all(
    family: Family,
    method: str,
    elements: Sequence[Element],
    options: Mapping[str, str],
    saved: list[Record],
) -> None:
    """Write entities in order, adding each to `saved`; RefusedError at the first that fails.

    Args:
        family: Whose entities they are; the name of an element does not matter.
        method: POST adds, PUT replaces, PATCH changes what is sent.
        elements: One per entity.
        options: Of the query string, such as `sendemail`.
        saved: Receives what was written.
    """
    _check_ids(method, elements)
    for element in elements:
        record, before = _open(family, method, element)
        # What a field's own setter has written stays, even where the entity is refused.
        _fill_all(family, method, element, record)
        with family.database.transaction():
            _save_one(family, method, record, before)
        # Nor does a refusal from here on undo anything: the entity itself is written.
        _save_associations(family, record, element.find("associations"))
        with family.database.transaction():
            family.after(record, method, options)
        saved.append(record)


def _check_ids(method: str, elements: Sequence[Element]) -> None:
    ids = [text for text in (_child_text(one, "id") for one in elements) if text]
    if method == "POST":
        if ids:
            raise RefusedError(400, (91, "id is forbidden when adding a new resource"))
        return
    if len({leading_int(one) for one in ids}) != len(ids):
        raise RefusedError(400, (89, "id is duplicate in request"))
    if len(ids) != len(elements):
        raise RefusedError(400, (90, "id is required when modifying a resource"))


def _open(family: Family, method: str, element: Element) -> tuple[Record, Record]:
    if method == "POST":
        record = family.blank()
    else:
        found = family.find(leading_int(_child_text(element, "id")))
        if found is None:
            raise RefusedError(404, (92, "Invalid ID"))
        record = found
    return record, deepcopy(record)


def _save_one(family: Family, method: str, record: Record, before: Record) -> None:
    family.prepare(record, method)
    objection = find_problem(record, dict(family.limits()), family.core.version)
    if objection:
        raise RefusedError(400, (objection.code, f'Validation error: "{objection.text}"'))
    if method == "POST":
        family.add(record)
    else:
        family.update(record, before)


def _fill_all(family: Family, method: str, element: Element, record: Record) -> None:
    """Fill every field; what a field's own setter refuses is told after all others were tried."""
    told: list[tuple[int, str]] = []
    status = 0
    for field in family.resource.fields:
        sent = element.find(field.name)
        try:
            _fill(family, record, field, sent, method)
        except RefusedError as refusal:
            if sent is None or field.read_only or field.name not in family.setters:
                raise RefusedError(refusal.status, *told, *refusal.errors) from refusal
            told.extend(refusal.errors)
            status = refusal.status
    if told:
        raise RefusedError(status, *told)


def _fill(family: Family, record: Record, field: Field, sent: Element | None, method: str) -> None:
    if sent is None and method == "PATCH":
        return
    if field.lang:
        _fill_texts(record, field, sent)
    elif sent is not None:
        if field.read_only:
            advice = "not writable. Please remove this attribute of this XML"
            raise RefusedError(400, (93, f'parameter "{field.name}" {advice}'))
        if field.name in family.setters:
            family.set_special(record, field.name, _text(sent))
        else:
            record.values[field.name] = _text(sent)
    elif field.required:
        raise RefusedError(400, (41, f'parameter "{field.name}" required'))
    elif field.stored or field.name not in family.setters:
        record.values[field.name] = None


def _fill_texts(record: Record, field: Field, sent: Element | None) -> None:
    languages = sent.findall("language") if sent is not None else []
    if not languages:
        record.texts[field.name] = _text(sent) if sent is not None else ""
        return
    # A required text is not reset first: languages that are not sent keep theirs.
    kept = dict(record.by_lang(field.name)) if field.required else {}
    for one in languages:
        kept[leading_int(one.get("id", ""))] = _text(one)
    record.texts[field.name] = kept


def _save_associations(family: Family, record: Record, sent: Element | None) -> None:
    for one in _children(sent) if sent is not None else []:
        name = str(one.tag)
        if name == "i18n":
            continue
        if family.resource.find_association(name) is None:
            raise RefusedError(400, (86, f'The association "{name}" does not exists'))
        rows = [{str(cell.tag): _text(cell) for cell in _children(row)} for row in _children(one)]
        family.set_rows(record, name, rows)


def _children(element: Element) -> list[Element]:
    return list(element.iterchildren(tag=etree.Element))


def _text(element: Element) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _child_text(element: Element, name: str) -> str:
    child = element.find(name)
    return _text(child) if child is not None else ""


def parse_body(body: bytes) -> list[Element]:
    """Return the entities of a body; what is no XML is refused with PHP's warnings and 127."""
    text = body[4:] if body.startswith(b"xml=") else body
    try:
        root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise _broken(text, error) from error
    return _children(root)


def _broken(body: bytes, error: etree.XMLSyntaxError) -> RefusedError:
    shown = body.decode("utf-8", "replace")
    said = (
        f"XML error : String could not be parsed as XML\nXML length : {len(body)}"
        f"\nOriginal XML : {shown}"
    )
    if not body:
        return RefusedError(500, (127, said))
    line, column = error.position
    reason = (error.msg or "").split(", line")[0]
    place = (shown.splitlines() or [""])[min(line, shown.count("\n") + 1) - 1 :][:1]
    warned = (
        f"Entity: line {line}: parser error : {reason}",
        *place,
        " " * max(0, column - 1) + "^",
    )
    warnings = [php_warning(f"SimpleXMLElement::__construct(): {one}") for one in warned]
    return RefusedError(500, *warnings, (127, said))
