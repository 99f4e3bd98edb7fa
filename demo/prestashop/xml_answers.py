"""Views, lists and errors as the XML that PrestaShop writes, byte for byte where it matters.

Fields and rows come in the order of the view; nothing here knows the database.

    document = entities_document([view], "http://127.0.0.1:8080/api/")
    document[:38]      # b'<?xml version="1.0" encoding="UTF-8"?>'
"""

from collections.abc import Iterable, Mapping, Sequence

from demo.prestashop.tables import Association, Resource
from demo.prestashop.views import EntityView, Shown, ShownList, ShownRow
from demo.prestashop.xml_nodes import HREF, Element, add, finished, list_node, new_root, put_cdata


def entities_document(views: Iterable[EntityView], base: str) -> bytes:
    """Return the document of entities side by side, as batches are answered."""
    root = new_root()
    for view in views:
        _add_entity(root, view, base)
    return finished(root)


def list_document(name: str, views: Iterable[EntityView], base: str) -> bytes:
    """Return the document of a list with its fields."""
    root = new_root()
    parent = add(root, name)
    parent.text = "\n"
    for view in views:
        _add_entity(parent, view, base)
    return finished(root)


def ids_document(name: str, node: str, ids: Iterable[int], base: str) -> bytes:
    """Return the document of a list that shows ids and links only."""
    root = new_root()
    parent = add(root, name)
    parent.text = "\n"
    for identifier in ids:
        child = add(parent, node)
        child.set("id", str(identifier))
        child.set(HREF, f"{base}{name}/{identifier}")
    return finished(root)


def id_document(resource: Resource, identifier: int, base: str) -> bytes:
    """Return the document of one entity that shows its id and link only."""
    root = new_root()
    node = add(root, resource.entity)
    node.set("id", str(identifier))
    node.set(HREF, f"{base}{resource.name}/{identifier}")
    return finished(root)


def errors_document(errors: Sequence[tuple[int, str]]) -> bytes:
    """Return the document of one or more errors, each with its code."""
    root = new_root()
    parent = add(root, "errors")
    parent.text = "\n"
    for code, message in errors:
        error = add(parent, "error")
        error.text = "\n"
        add(error, "code", str(code))
        add(error, "message", message)
    return finished(root)


def _add_entity(parent: Element, view: EntityView, base: str) -> None:
    node = add(parent, view.node)
    node.text = "\n\t"
    for shown in view.fields:
        _add_field(node, shown, base)
    if len(node):
        node[-1].tail = "\n"
    if view.lists:
        lists = add(node, "associations")
        lists.text = "\n"
        for one in view.lists:
            _add_list(lists, one, base)


def _add_field(parent: Element, shown: Shown, base: str) -> None:
    node = add(parent, shown.name, tail="\n\t")
    if shown.link:
        node.set(HREF, base + shown.link)
    if shown.computed:
        node.set("notFilterable", "true")
    if shown.texts is None:
        put_cdata(node, shown.value or "")
        return
    for lang, text in shown.texts.items():
        language = add(node, "language", text, tail="")
        language.set("id", str(lang))
        if shown.sent:
            language.set(HREF, f"{base}languages/{lang}")


def _add_list(parent: Element, one: ShownList, base: str) -> None:
    node = list_node(parent, one.association)
    if one.rows:
        node.text = "\n\t"
    for row in one.rows:
        _add_row(node, one.association, row, base)
    if one.rows:
        node[-1].tail = "\n"


def _add_row(parent: Element, association: Association, row: ShownRow, base: str) -> None:
    node = add(parent, association.node, tail="\n\t")
    node.text = "\n\t"
    if row.link:
        node.set(HREF, base + row.link)
    for shown in row.fields:
        _add_field(node, shown, base)


# Resources that are answered by code of their own.
_WITHOUT_SCHEMA = frozenset({"attachments", "images", "search"})


def root_document(
    shop: str, granted: Mapping[str, frozenset[str]], verbs: Sequence[str], base: str
) -> bytes:
    """Return the document at the webservice's root: resources and what the key may do."""
    root = new_root()
    api = add(root, "api")
    api.set("shopName", shop)
    api.text = "\n"
    for name, methods in granted.items():
        if not methods:
            continue
        node = add(api, name)
        node.text = "\n"
        described = add(node, "description")
        described.text = f"\nThe {name.replace('_', ' ')}"
        for one in (node, described):
            one.set(HREF, base + name)
            for method in verbs:
                one.set(method.lower(), "true" if method in methods else "false")
        for kind in () if name in _WITHOUT_SCHEMA else ("blank", "synopsis"):
            schema = add(node, "schema")
            schema.set(HREF, f"{base}{name}?schema={kind}")
            schema.set("type", kind)
    return finished(root)
