"""The XML that the script sends, built with lxml.

one("product", {"price": "10", "name": both("Shoe", "Chaussure")})
many(entity("tag", {"name": "a"}), entity("tag", {"name": "b"}))
entity("product", {}, {"categories": [("category", {"id": "{men}"})]})
"""

from collections.abc import Mapping, Sequence

from lxml import etree

Element = etree._Element
Value = str | Mapping[int, str]
Rows = Sequence[tuple[str, Mapping[str, str]]]
ENGLISH, FRENCH = 1, 2


def both(english: str, french: str | None = None) -> dict[int, str]:
    """Return a text in both languages: the same one, or one each."""
    return {ENGLISH: english, FRENCH: english if french is None else french}


def entity(
    name: str, values: Mapping[str, Value], lists: Mapping[str, Rows] | None = None
) -> Element:
    """Return one entity.

    Args:
        name: Of its element.
        values: A text, or a text per language, for each field.
        lists: Rows of each association; None leaves the node out.
    """
    node = etree.Element(name)
    for field, value in values.items():
        child = etree.SubElement(node, field)
        if isinstance(value, str):
            child.text = value
            continue
        for language, text in value.items():
            etree.SubElement(child, "language", id=str(language)).text = text
    if lists is not None:
        _add_lists(etree.SubElement(node, "associations"), lists)
    return node


def _add_lists(parent: Element, lists: Mapping[str, Rows]) -> None:
    for name, rows in lists.items():
        holder = etree.SubElement(parent, name)
        for row, cells in rows:
            node = etree.SubElement(holder, row)
            for cell, text in cells.items():
                etree.SubElement(node, cell).text = text


def many(*entities: Element) -> str:
    """Return a body with these entities, in order."""
    root = etree.Element("prestashop")
    root.extend(entities)
    return etree.tostring(root, encoding="unicode")


def one(name: str, values: Mapping[str, Value], lists: Mapping[str, Rows] | None = None) -> str:
    """Return a body with one entity."""
    return many(entity(name, values, lists))


def ids(row: str, *wanted: str) -> Rows:
    """Return association rows that hold an id each."""
    return [(row, {"id": each}) for each in wanted]
