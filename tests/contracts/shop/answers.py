"""An answer as plain facts, free of what two shops cannot share: hosts, ids, dates, keys, wording.

An answer becomes a mapping from a path to a text. Ids become handles, dates and keys their form,
errors their code and the field that they name.

    facts(answer, handles)["prestashop/product/price"]     # "10.000000"
    facts(answer, handles)["error.1"]                       # "85 reference"
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree
from PIL import Image

from demo.prestashop.tables import RESOURCES
from tests.contracts.shop.handles import Handles

Element = etree._Element
Facts = dict[str, str]

_HREF = "{http://www.w3.org/1999/xlink}href"
_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
_LINK = re.compile(r"^https?://[^/]+(?:/[^/]+)*?/api/(.*)$", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_COLON = re.compile(r"\s*:\s*")
_COUNTED = re.compile(r"[1-9]\d*")
_NAMED = (
    re.compile(r"[Pp]roperty \w+(?:->|-&gt;)(\w+)"),
    re.compile(r"parameter \"(\w+)\""),
    re.compile(r"association \"(\w+)\""),
    re.compile(r"this field \"(\w+)"),
    re.compile(r"(?:field|filter) \"(\w+)\""),
    re.compile(r"Method (\w+) is"),
    re.compile(r"Resource of type \"(\w+)\""),
)
_OWNERS = {
    **{resource.entity: name for name, resource in RESOURCES.items()},
    **{name: name for name in RESOURCES},
    "order_row": "order_details",
    "order_rows": "order_details",
    "order_discount": "order_cart_rules",
    "order_discounts": "order_cart_rules",
    "order_slip_detail": "order_slip",
    "order_slip_details": "order_slip",
    "image": "images",
    "declination": "images",
}
_POINTERS = {
    "id_address": "addresses",
    "id_address_delivery": "addresses",
    "id_address_invoice": "addresses",
    "id_attribute_group": "product_options",
    "id_cart": "carts",
    "id_cart_rule": "cart_rules",
    "id_category_default": "categories",
    "id_customer": "customers",
    "id_customer_thread": "customer_threads",
    "id_default_combination": "combinations",
    "id_default_image": "images",
    "id_feature": "product_features",
    "id_feature_value": "product_feature_values",
    "id_image": "images",
    "id_manufacturer": "manufacturers",
    "id_order": "orders",
    "id_order_detail": "order_details",
    "id_order_invoice": "order_invoices",
    "id_parent": "categories",
    "id_product": "products",
    "id_product_attribute": "combinations",
    "id_group": "groups",
    "id_specific_price_rule": "specific_price_rules",
    "id_supplier": "suppliers",
    "cache_default_attribute": "combinations",
    "product_attribute_id": "combinations",
    "product_id": "products",
}
# A link that names a resource by another name than its own.
_ALIASES = {"product_attributes": "combinations"}
# Values that are drawn or told by the clock: only their form is compared.
_FORMS = {
    "date_add": (_DATE, "<date>"),
    "date_upd": (_DATE, "<date>"),
    "invoice_date": (_DATE, "<date>"),
    "newsletter_date_add": (_DATE, "<date>"),
    "delivery_date": (_DATE, "<date>"),
    "last_passwd_gen": (_DATE, "<date>"),
    "delivery_number": (_COUNTED, "<number>"),
    "invoice_number": (_COUNTED, "<number>"),
    "secure_key": (re.compile(r"[0-9a-f]{32}"), "<32 hexadecimal digits>"),
    "token": (re.compile(r"[A-Za-z0-9]{12}"), "<12 signs>"),
    "passwd": (re.compile(r"\$2y\$\d\d\$.+"), "<bcrypt>"),
    "order_reference": (re.compile(r"[A-Z]{9}"), "<9 capitals>"),
}
# Associations that the shop reads without any order: the database's whim is not compared.
_UNORDERED = {"combinations", "product_option_values"}
# Lists that it reads along an index of its choice: they are compared by their ids' order.
_UNSORTED = {"order_histories", "order_payments", "order_slips"}
_NEVER = "0000-00-00 00:00:00"


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    content_type: str
    body: bytes
    challenged: bool = False


def facts(answer: Answer, handles: Handles) -> Facts:
    """Return what there is to compare in an answer."""
    found = {"status": str(answer.status), "type": answer.content_type.split(";")[0]}
    if answer.challenged:
        found["challenge"] = "yes"
    if not answer.body:
        found["body"] = "empty"
    elif answer.content_type.startswith("image/"):
        found["picture"] = "x".join(str(side) for side in Image.open(BytesIO(answer.body)).size)
    elif "json" in answer.content_type:
        found |= _json_facts(json.loads(answer.body), handles)
    elif "xml" in answer.content_type:
        found |= _xml_facts(answer.body, handles)
    else:
        found["body"] = "text"
    return found


def roots(body: bytes) -> list[Element]:
    """Return the root elements of an answer; that of an image upload has two."""
    text = _DECLARATION.sub(b"", body)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return list(etree.fromstring(b"<answer>" + text + b"</answer>", parser).iterchildren("*"))


def made_ids(answer: Answer) -> list[str]:
    """Return the ids of the entities in an answer, in order; of one image too."""
    if "xml" not in answer.content_type or not answer.body:
        return []
    return [one for one in (_own_id(entity) for entity in _entities(answer.body)) if one]


def _entities(body: bytes) -> Iterator[Element]:
    for root in roots(body):
        if root.tag == "image":
            yield root
        for child in root.iterchildren("*"):
            yield child
            if child.tag in RESOURCES:
                yield from child.iterchildren("*")


def _own_id(entity: Element) -> str:
    return (entity.findtext("id") or entity.get("id") or "").strip()


def _xml_facts(body: bytes, handles: Handles) -> Facts:
    found: Facts = {}
    for root in roots(body):
        errors = root if root.tag == "errors" else root.find("errors")
        if errors is None:
            _walk(root, str(root.tag), handles, found)
            continue
        found["errors in"] = str(root.tag)
        for rank, error in enumerate(errors.iterfind("error"), start=1):
            code, message = error.findtext("code") or "", error.findtext("message") or ""
            found[f"error.{rank}"] = f"{code} {named_field(message)}".strip()
    return found


def named_field(message: str) -> str:
    """Return the field (or method, or resource) that an error message names; empty for none."""
    for pattern in _NAMED:
        found = pattern.search(message)
        if found:
            return found[1]
    return ""


def _walk(element: Element, path: str, handles: Handles, found: Facts) -> None:
    for key, value in element.attrib.items():
        name = str(key)
        if name == _HREF:
            found[f"{path}@href"] = _link(str(value), handles)
        else:
            found[f"{path}@{name}"] = _attribute(element, name, str(value), handles)
    children = list(element.iterchildren("*"))
    if not children:
        found[path] = _text(element, handles)
    if element.tag in _UNORDERED:
        children.sort(key=lambda child: _link(child.get(_HREF) or "", handles))
    if element.tag in _UNSORTED:
        children.sort(key=lambda child: int(_own_id(child) or 0))
    seen: dict[str, int] = {}
    for child in children:
        tag = str(child.tag)
        seen[tag] = seen.get(tag, 0) + 1
        step = f"[{child.get('id')}]" if tag == "language" and child.get("id") else ""
        if not step and seen[tag] > 1:
            step = f"[{seen[tag]}]"
        _walk(child, f"{path}/{tag}{step}", handles, found)


def _attribute(element: Element, name: str, value: str, handles: Handles) -> str:
    if name == "id" and str(element.tag) in _OWNERS:
        return handles.name(_OWNERS[str(element.tag)], value)
    return "<name>" if name == "shopName" else value


def _text(element: Element, handles: Handles) -> str:
    text, tag = element.text or "", str(element.tag)
    if tag == "description" and element.getparent() is not None and element.get("get"):
        return "<words>"
    if tag == "content" and element.get("encode") == "base64":
        return "<base64>" if text.strip() else ""
    linked = _LINK.match(element.get(_HREF) or "")
    if linked and text.isdigit():
        parts = linked[1].partition("?")[0].split("/")
        owner = _ALIASES.get(parts[0], parts[0]) if parts[-1] == text else ""
        return handles.name(owner, text) if owner else _value("", tag, text, handles)
    parent = element.getparent()
    if tag == "position" and parent is not None and _among_strangers(parent):
        return "<position>"
    return _value(str(parent.tag) if parent is not None else "", tag, text, handles)


def _among_strangers(entity: Element) -> bool:
    """Whether an entity's position counts what the shop had before the script."""
    return (
        entity.tag in {"product_option", "product_feature"} or entity.findtext("id_parent") == "2"
    )


def _value(owner: str, name: str, text: str, handles: Handles) -> str:
    if name == "id":
        return handles.name(_OWNERS.get(owner, ""), text)
    if name in _POINTERS:
        return handles.name(_POINTERS[name], text)
    if name == "reference" and owner in {"order", "orders"}:
        name = "order_reference"
    if name == "number" and owner == "order_invoice":
        name = "invoice_number"
    if name == "shop_address":
        return "<address>" if text else ""
    if name == "product_name":
        return _COLON.sub(": ", text)
    form, said = _FORMS.get(name, (None, ""))
    return said if form and text != _NEVER and form.fullmatch(text) else text


def _link(href: str, handles: Handles) -> str:
    found = _LINK.match(href)
    if found is None:
        return href
    where, mark, query = found[1].partition("?")
    parts = where.split("/")
    named = [parts[0]]
    for rank, part in enumerate(parts[1:], start=1):
        owner = parts[1] if parts[0] == "images" and rank == 2 else parts[0]
        owner = _ALIASES.get(owner, owner)
        named.append(handles.name(owner, part) if rank else part)
    return "/".join(named) + mark + query


def _json_facts(tree: object, handles: Handles) -> Facts:
    found: Facts = {}
    if isinstance(tree, dict) and "errors" in tree:
        for rank, error in enumerate(tree["errors"], start=1):
            found[f"error.{rank}"] = f"{error['code']} {named_field(error['message'])}".strip()
        return found
    _walk_json(tree, "json", "", handles, found)
    return found


def _walk_json(node: object, path: str, owner: str, handles: Handles, found: Facts) -> None:
    if isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict | list):
                _walk_json(value, f"{path}/{name}", name, handles, found)
            else:
                kind = "" if isinstance(value, str) else type(value).__name__ + " "
                found[f"{path}/{name}"] = kind + _value(owner, name, str(value), handles)
        found.setdefault(path, f"{len(node)} members")
    elif isinstance(node, list):
        found[path] = f"{len(node)} rows"
        for rank, value in enumerate(node, start=1):
            _walk_json(value, f"{path}[{rank}]", owner, handles, found)
    else:
        found[path] = str(node)
