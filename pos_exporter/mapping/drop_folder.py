"""How web orders become files for a till that reads a folder: names, format, columns, traces.

A file is written under another name, then renamed: the till never sees half a file. What it does
with it afterwards is the evidence: it moves the file to `done_folder`, or leaves `<file>.ok` or
`<file>.err`; without either, a file that is gone leaves a doubt that a person settles.

    files:
      prefix: WEB-
      done_folder: TRAITE
      csv:
        encoding: cp1252
        rows:
          - {columns: {TYPE: {const: E}, REF: order_reference, NOM: delivery_name}}
          - {foreach: lines, columns: {TYPE: {const: L}, ART: sellable_key, QTE: quantity}}
"""

import codecs
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pos_exporter.mapping.errors import OneOfError
from pos_exporter.mapping.fields import Strict
from pos_exporter.mapping.write_binds import EVENT_BIND, LINE_BINDS, ORDER_BINDS, check_names
from protocol.errors import ComptoirError, Text, UsageError
from protocol.program.durations import Duration
from protocol.program.yaml_config import SettingError

_NAME = re.compile(r"[\w.-]{1,80}\Z", re.ASCII)
_ELEMENT = re.compile(r"[A-Za-z_][\w.-]*\Z")


class BadNameError(UsageError):
    """A name in `files` cannot be that of a file, folder, encoding or XML element."""

    code = "E-MAP-090"
    what = Text("Nom impossible : « {name} »", "Not a usable name: « {name} »")
    remedy = Text(
        "Lettres, chiffres, point, tiret et souligné ; un encodage que Python connaît",
        "Letters, digits, dot, hyphen and underscore; an encoding that Python knows",
    )


class FixedNameTraceError(UsageError):
    """Under one fixed name, `.ok` of yesterday and of today cannot be told apart."""

    code = "E-MAP-091"
    what = Text(
        "Avec un nom de fichier fixe, .ok et .err ne prouvent rien",
        "With a fixed file name, .ok and .err prove nothing",
    )
    remedy = Text(
        "Utiliser done_folder, ou un nom par commande (prefix)",
        "Use done_folder, or a name for each order (prefix)",
    )


def _file_name(name: str) -> str:
    if name in (".", "..") or not _NAME.match(name):
        raise SettingError.of(BadNameError(name=name))
    return name


def _element_name(name: str) -> str:
    if not _ELEMENT.match(name):
        raise SettingError.of(BadNameError(name=name))
    return name


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise SettingError.of(BadNameError(name=name)) from error


FileName = Annotated[str, AfterValidator(_file_name)]
Element = Annotated[str, AfterValidator(_element_name)]
Encoding = Annotated[str, AfterValidator(_encoding)]


class Cell(Strict):
    """One value of a row or an element: a name of `write_binds`, or a constant.

    Args:
        bind: Of an order or a line.
        const: The same in every row.
        cut: Characters at most; None: as long as it is.
    """

    bind: str | None = None
    const: str | None = None
    cut: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.bind is None) == (self.const is None):
            raise SettingError.of(OneOfError(names="bind, const"))
        return self


def _cell(value: Any) -> Any:
    return {"bind": value} if isinstance(value, str) else value


AnyCell = Annotated[Cell, BeforeValidator(_cell)]


class CsvRow(Strict):
    """One row of each order, or of each of its lines; the columns by their headings."""

    foreach: Literal["lines"] | None = None
    columns: Annotated[dict[str, AnyCell], Field(min_length=1)]


class Csv(Strict):
    """Orders as rows.

    Args:
        rows: The rows of one order, in this order.
        encoding: Of the file; a letter that it lacks loses its accent, or becomes `?`.
        delimiter: Between values.
        newline: At a row's end.
        header: Whether the headings of the first kind of row come first.
        quote: Which values stand in quotes; `never`: what would need them becomes a space.
    """

    rows: Annotated[tuple[CsvRow, ...], Field(min_length=1)]
    encoding: Encoding = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"
    newline: Literal["\r\n", "\n"] = "\r\n"
    header: bool = False
    quote: Literal["needed", "always", "never"] = "needed"


class XmlElement(Strict):
    """One element: attributes, then either a text or children.

    Args:
        element: Its name.
        foreach: `lines`: once for every line.
        attributes: Its attributes.
        text: What stands in it.
        children: What is in it, in this order.
    """

    element: Element
    foreach: Literal["lines"] | None = None
    attributes: dict[Element, AnyCell] = Field(default_factory=dict)
    text: AnyCell | None = None
    children: tuple["XmlElement", ...] = ()


class Xml(Strict):
    """Orders as elements below one root; one order's file has a root too."""

    root: Element
    order: XmlElement
    encoding: Encoding = "utf-8"


class DropFolder(Strict):
    """What the files are.

    Args:
        csv: As rows, or
        xml: as elements.
        prefix: Of a file's name; reference and a mark that is never used twice follow.
        extension: Of a file's name; None: that of the format.
        per: A file for each order, or one for all that a run enters.
        name: One fixed name instead, for all that waits: a new one is put there only when the
            till has taken the last.
        changes: Whether later revisions and cancellations become files too (`event` tells).
        done_folder: Where the till moves what it has read, below the folder.
        error_folder: Where it moves what it refuses.
        ok_suffix: Of the file that it leaves beside one that it has read: `.ok`.
        error_suffix: Of the file, with its reason, that it leaves beside one that it refuses.
        unread_after: From when on a file that nobody reads is told.
    """

    csv: Csv | None = None
    xml: Xml | None = None
    prefix: FileName = "WEB-"
    extension: FileName | None = None
    per: Literal["order", "run"] = "order"
    name: FileName | None = None
    changes: bool = False
    done_folder: FileName | None = None
    error_folder: FileName | None = None
    ok_suffix: FileName | None = None
    error_suffix: FileName | None = None
    unread_after: Duration = timedelta(hours=4)

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if (self.csv is None) == (self.xml is None):
            raise SettingError.of(OneOfError(names="csv, xml"))
        if self.name is not None and (self.ok_suffix or self.error_suffix):
            raise SettingError.of(FixedNameTraceError(value=self.name))
        try:
            for row in self.csv.rows if self.csv else ():
                check_names(_named(row.columns), _known(row.foreach))
            if self.xml is not None:
                _check_element(self.xml.order, lines=False)
        except ComptoirError as error:
            raise SettingError.of(error) from error
        return self

    def ending(self) -> str:
        """Return a file's extension, with its dot."""
        chosen = self.extension or ("csv" if self.csv is not None else "xml")
        return f".{chosen.lstrip('.')}"


def _known(foreach: str | None) -> frozenset[str]:
    return ORDER_BINDS | {EVENT_BIND} | (LINE_BINDS if foreach else frozenset())


def _named(cells: dict[str, Cell]) -> Iterator[str]:
    return (cell.bind for cell in cells.values() if cell.bind is not None)


def _check_element(element: XmlElement, *, lines: bool) -> None:
    inside = lines or element.foreach is not None
    known = _known("lines" if inside else None)
    check_names(_named(element.attributes), known)
    if element.text is not None and element.text.bind is not None:
        check_names([element.text.bind], known)
    if element.text is not None and element.children:
        raise OneOfError(names="text, children")
    for child in element.children:
        _check_element(child, lines=inside)
