"""The blank schema and the synopsis of a resource.

The blank leaves out what nobody may write; the synopsis says of each field what it accepts.

    schema_document(RESOURCES["products"], (1, 2), base, "synopsis")
"""

from collections.abc import Sequence

from demo.prestashop.tables import Association, Field, Resource
from demo.prestashop.xml_nodes import HREF, Element, add, finished, list_node, new_root


def schema_document(resource: Resource, languages: Sequence[int], base: str, kind: str) -> bytes:
    """Return the blank schema or the synopsis of a resource.

    Args:
        resource: What is described.
        languages: Ids of the languages, for multilingual fields.
        base: The webservice's address, ending in a slash.
        kind: `blank` or `synopsis`.
    """
    root = new_root()
    entity = add(root, resource.entity)
    entity.text = "\n\t"
    blank = kind == "blank"
    if blank:
        add(entity, "id", "", tail="\n\t")
    for field in resource.fields:
        if not (blank and field.read_only):
            _add_schema_field(entity, field, languages, "" if blank else base)
    if len(entity):
        entity[-1].tail = "\n"
    if resource.associations:
        lists = add(entity, "associations")
        lists.text = "\n"
        for one in resource.associations:
            _add_schema_list(lists, one, "" if blank else base)
    return finished(root)


def _add_schema_field(parent: Element, field: Field, languages: Sequence[int], base: str) -> None:
    node = add(parent, field.name, None if field.lang else "", tail="\n\t")
    if base:
        for name, value in schema_attributes(field):
            node.set(name, value)
    if not field.lang:
        return
    for lang in languages:
        language = add(node, "language", "", tail="")
        language.set("id", str(lang))
        if base:
            language.set(HREF, f"{base}languages/{lang}")
            language.set("format", "isUnsignedId")


def schema_attributes(field: Field) -> list[tuple[str, str]]:
    """Return the attributes by which the synopsis describes a field, in PrestaShop's order."""
    said = [
        ("notFilterable", "true" if field.computed else ""),
        ("read_only", "true" if field.read_only else ""),
        ("required", "true" if field.required else ""),
        ("maxSize", str(field.max) if field.max else ""),
        ("format", field.format),
        ("readOnly", "true" if field.read_only or field.shown_read_only else ""),
    ]
    return [(name, value) for name, value in said if value]


def _add_schema_list(parent: Element, association: Association, base: str) -> None:
    node = list_node(parent, association) if base else add(parent, association.name)
    node.text = "\n\t"
    row = add(node, association.node)
    row.text = "\n\t"
    for field in association.fields:
        cell = add(row, field.name, "", tail="\n\t")
        if not base:
            continue
        if field.link:
            cell.set(HREF, f"{base}{field.link}/")
        if field.read_only:
            cell.set("read_only", "true")
        if field.required:
            cell.set("required", "true")
        if field.read_only:
            cell.set("readOnly", "true")
