"""Web orders as the bytes of a file that a till reads: rows or elements, as the mapping says.

A value never breaks the form: quotes, delimiters and line ends in it are quoted or become spaces, a
letter that the encoding lacks loses its accent or becomes `?`, and XML says it by its number. What
a value says is never changed otherwise, and no value is ever taken for a name or a tag.

    content = render([(order, "order")], rules, formats, till_timezone="Europe/Paris")
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal
from xml.etree import ElementTree

from pos_exporter.intake.binds import Bind, Binds, line_binds, order_binds
from pos_exporter.intake.port import Event
from pos_exporter.mapping.drop_folder import Cell, Csv, DropFolder, Xml, XmlElement
from pos_exporter.mapping.write_back import WriteFormats
from pos_exporter.mapping.write_binds import EVENT_BIND
from protocol.records import Order

_QUOTING: Mapping[str, Literal[0, 1, 3]] = {
    "needed": csv.QUOTE_MINIMAL,
    "always": csv.QUOTE_ALL,
    "never": csv.QUOTE_NONE,
}
_LINE_ENDS = re.compile(r"[\r\n]+")
# What XML 1.0 cannot hold, not even by number.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(
    orders: Sequence[tuple[Order, Event]],
    rules: DropFolder,
    formats: WriteFormats,
    till_timezone: str,
) -> bytes:
    """Return one file with these orders, in this order."""
    told = [
        _Told(
            {**order_binds(order, formats, till_timezone), EVENT_BIND: event},
            [line_binds(line, number, formats) for number, line in enumerate(order.lines, 1)],
        )
        for order, event in orders
    ]
    if rules.csv is not None:
        return _rows(told, rules.csv)
    if rules.xml is not None:
        return _elements(told, rules.xml)
    raise TypeError("neither csv nor xml")


class _Told:
    """An order's values and those of its lines."""

    def __init__(self, values: Binds, lines: Sequence[Binds]) -> None:
        self.values = values
        self._lines = lines

    def each(self, foreach: str | None, values: Binds | None = None) -> Iterator[Binds]:
        """Yield the values of what is said once, or of each line."""
        here = values or self.values
        if foreach is None:
            yield here
            return
        for line in self._lines:
            yield {**here, **line}


def _text(cell: Cell, values: Mapping[str, Bind]) -> str:
    value = cell.const if cell.bind is None else values[cell.bind]
    text = "" if value is None else str(value)
    return text if cell.cut is None else text[: cell.cut]


# --- rows ------------------------------------------------------------------------------------


def _rows(orders: Iterable[_Told], rules: Csv) -> bytes:
    out = io.StringIO(newline="")
    plain = rules.quote == "never"
    writer = csv.writer(
        out, delimiter=rules.delimiter, lineterminator=rules.newline,
        quoting=_QUOTING[rules.quote], quotechar=None if plain else '"',
    )  # fmt: skip
    if rules.header:
        writer.writerow(_cleaned(rules.rows[0].columns, rules))
    for order in orders:
        for row in rules.rows:
            for values in order.each(row.foreach):
                texts = (_text(cell, values) for cell in row.columns.values())
                writer.writerow(_cleaned(texts, rules))
    return _encoded(out.getvalue(), rules.encoding)


def _cleaned(texts: Iterable[str], rules: Csv) -> list[str]:
    """Return values that the form can hold."""
    spaced = (_LINE_ENDS.sub(" ", text) for text in texts)
    if rules.quote != "never":
        return list(spaced)
    return [text.replace(rules.delimiter, " ").replace('"', "'") for text in spaced]


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, errors=_WITHOUT_ACCENTS)


def _without_accents(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    told = ""
    for letter in error.object[error.start : error.end]:
        bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
        told += bare or "?"
    return told, error.end


_WITHOUT_ACCENTS = "comptoir.without_accents"
codecs.register_error(_WITHOUT_ACCENTS, _without_accents)


# --- elements --------------------------------------------------------------------------------


def _elements(orders: Iterable[_Told], rules: Xml) -> bytes:
    root = ElementTree.Element(rules.root)
    for order in orders:
        root.extend(_made(rules.order, order, order.values))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding=rules.encoding, xml_declaration=True)
    return written + b"\n"


def _made(rule: XmlElement, order: _Told, values: Binds) -> Iterator[ElementTree.Element]:
    for here in order.each(rule.foreach, values):
        attributes = {name: _xml_text(cell, here) for name, cell in rule.attributes.items()}
        element = ElementTree.Element(rule.element, attributes)
        if rule.text is not None:
            element.text = _xml_text(rule.text, here)
        for child in rule.children:
            element.extend(_made(child, order, here))
        yield element


def _xml_text(cell: Cell, values: Mapping[str, Bind]) -> str:
    return _NOT_XML.sub(" ", _text(cell, values))
