"""One row seen through a mapping: each field as a typed value, or an error that says where.

The steps of a field are taken in the order that `fields` documents. Whatever goes wrong names the
table, the column and the row's key, so that a person finds the cell at the till.

    view = RowView(row, query, "article", frame)
    view.key                                    # '1042'
    view.read(query.fields.price, sale_price)    # a Decimal, or NegativePriceError with its place
    view.label()                                # 'F01-1042 Bottine Zoé'
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TypeVar

from pos_exporter.mapping.errors import ColumnTwiceError, UnknownColumnError
from pos_exporter.mapping.fields import OWN_LANGUAGE, FieldRule, Texts
from pos_exporter.mapping.formats import (
    Value,
    cell,
    clean_line,
    parse_bool,
    parse_date,
    parse_number,
    plain_text,
)
from pos_exporter.mapping.keys import fit_key, join_key, key_part
from pos_exporter.mapping.model import TillMapping
from pos_exporter.mapping.notes import Mended, RowNote
from pos_exporter.mapping.queries import EntityQuery, LookupQuery, rules_in
from pos_exporter.mapping.row_errors import (
    NotANumberError,
    RowError,
    UndecodableTextError,
    UnknownCodeError,
)
from pos_exporter.mapping.shop import ANY_SHOP, KnownShop
from pos_exporter.source.port import Row, TwoColumns, Undecodable

T = TypeVar("T")
#: Per lookup, from code to value.
Lookups = Mapping[str, Mapping[str, Value | Undecodable]]


@dataclass(frozen=True)
class Frame:
    """What all rows of one reading share.

    Args:
        mapping: What they mean.
        lookups: The mapping's, as read.
        only_flagged: Whether an article that is not flagged for the site stays at the till.
        shop: What the shop takes, as far as it is known.
    """

    mapping: TillMapping
    lookups: Lookups = field(default_factory=dict)
    only_flagged: bool = True
    shop: KnownShop = ANY_SHOP

    @property
    def language(self) -> str:
        """The till's own language."""
        return self.mapping.till.language


class RowView:
    """A row, the query it came from, and what kind of thing it is."""

    def __init__(self, row: Row, query: EntityQuery, kind: str, frame: Frame) -> None:
        self.query = query
        self.kind = kind
        self.frame = frame
        self._row = row
        self._key = ""
        #: What was repaired so far, each with its place.
        self.notes: list[RowNote] = []

    @property
    def key(self) -> str:
        """The row's key, once `read_key` has read it; empty before."""
        return self._key

    def read_key(self) -> str:
        """Return the row's key.

        Raises:
            RowError: When a part is empty or unreadable.
        """
        self._key = self._joined(self.query.key)
        return self._key

    def read(self, rule: FieldRule, finish: Callable[[Value], T]) -> T:
        """Return a field as `finish` makes it, e.g. a price.

        Raises:
            RowError: With its place, whatever went wrong.
        """
        try:
            return finish(self._value(rule))
        except RowError as error:
            raise (error if error.place else error.at(self.place(rule.columns()))) from error

    def mend(self, rule: FieldRule, finish: Callable[[Value], Mended[T]]) -> T:
        """Return a field as `finish` makes it, and keep what that repaired.

        Raises:
            RowError: With its place, whatever went wrong.
        """
        mended, place = self.read(rule, finish), self.place(rule.columns())
        self.notes.extend(note.at(place) for note in mended.notes)
        return mended.value

    def reference(self, rule: FieldRule) -> str | None:
        """Return the key of the record that a field speaks of, None for none."""
        if rule.key is None:
            return self.read(rule, _single_key)
        try:
            values = [self._cell(column) for column in rule.key]
        except RowError as error:
            raise error.at(self.place(rule.key)) from error
        return None if all(v in {None, ""} for v in values) else self._joined(rule.key)

    def texts(self, rules: Texts, finish: Callable[[Value], Mended[str | None]]) -> dict[str, str]:
        """Return the texts of a field by language, without those that are empty."""
        read = {lang: self.mend(rule, finish) for lang, rule in rules.items()}
        own = self.frame.language
        return {lang or own: text for lang, text in read.items() if text is not None}

    def flag(self, name: str) -> bool | None:
        """Return what `exported` or `discontinued` says of this row, None where it is not mapped.

        Raises:
            RowError: When it is neither yes nor no.
        """
        expression = getattr(self.query, name, None)
        if expression is None:
            return None
        rule = FieldRule(expr=expression, strip=False)
        return self.read(rule, lambda value: parse_bool(value, self.frame.mapping.formats))

    def code(self, column: str) -> str | None:
        """Return a column as a code, such as a size's; None for nothing."""
        try:
            value = self._cell(column)
        except RowError as error:
            raise error.at(self.place((column,))) from error
        return key_part(value) if value is not None and str(value).strip() else None

    def raw(self, column: str) -> object:
        """Return a cell as the driver gave it."""
        return self._got(column)

    def label(self) -> str:
        """Return what a person calls this row: reference and name, damaged letters and all."""
        fields = getattr(self.query, "fields", None)
        name = getattr(fields, "name", None)
        if isinstance(name, dict):
            name = name.get(self.frame.language) or name.get(OWN_LANGUAGE)
        named = (getattr(fields, "reference", None), name)
        columns = [c for part in named for rule in rules_in(part) for c in rule.columns()]
        cells = [self._got(column) for column in dict.fromkeys(columns)]
        words = (
            cell.decode("ascii", "backslashreplace") if isinstance(cell, bytes) else str(cell)
            for cell in cells
            if cell is not None
        )
        return " ".join(" ".join(words).split())[:200]

    def codes(self) -> tuple[str, ...]:
        """Return the row's reference and bar code as written, for a person who looks for it."""
        fields = getattr(self.query, "fields", None)
        rules = (getattr(fields, name, None) for name in ("reference", "ean"))
        columns = [c for part in rules for rule in rules_in(part) for c in rule.columns()]
        cells = (self._got(column) for column in dict.fromkeys(columns))
        return tuple(str(one).strip() for one in cells if isinstance(one, str | int) and one != "")

    def place(self, columns: Iterable[str] = ()) -> str:
        """Return where a person finds these columns: `ARTICLE.PX_TTC, article 1042`."""
        named = ", ".join(columns)
        table = self.query.table_name
        where = f"{table}.{named}" if table and named else table or named
        return f"{where}, {self.kind} {self._key or '?'}"

    def _joined(self, columns: tuple[str, ...]) -> str:
        try:
            return fit_key(join_key([key_part(self._cell(column)) for column in columns]))
        except RowError as error:
            raise error.at(self.place(columns)) from error

    def _got(self, column: str) -> object:
        try:
            found = self._row[column]
        except KeyError as error:
            known = ", ".join(self._row)
            raise UnknownColumnError(place=self.place(), column=column, known=known) from error
        if isinstance(found, TwoColumns):
            raise ColumnTwiceError(place=self.place(), column=column)
        return found

    def _cell(self, column: str) -> Value:
        found = self._got(column)
        if isinstance(found, str | int | None) and not isinstance(found, bool):
            return Decimal(found) if isinstance(found, int) else found
        encoding = self.frame.mapping.encoding
        return cell(found, encoding.columns.get(column, encoding.default))

    def _value(self, rule: FieldRule) -> Value:
        value = self._origin(rule)
        formats = self.frame.mapping.formats
        if isinstance(value, str) and rule.strip:
            value = value.strip()
        if value == "" or (rule.null_if and plain_text(value) in rule.null_if):
            value = None
        if value is None:
            value = rule.default
        if value is None:
            return None
        if rule.map is not None:
            value = _found(rule.map, value, "map")
        if rule.lookup is not None:
            value = self._looked_up(rule.lookup, value)
        if value is None:
            return None
        if rule.type == "bool":
            return parse_bool(value, formats)
        if rule.type == "date":
            return parse_date(value, formats)
        if rule.type in {"decimal", "int"} or rule.scale is not None:
            value = parse_number(value, formats)
            if rule.type == "int" and value != value.to_integral_value():
                raise NotANumberError(value=value)
        if rule.scale is not None and isinstance(value, Decimal):
            value = _rounded(value, rule.scale)
        return plain_text(value) if rule.type == "text" else value

    def _origin(self, rule: FieldRule) -> Value:
        if rule.col is not None:
            return self._cell(rule.col)
        if rule.expr is not None:
            cells = {column: self._cell(column) for column in rule.expr.columns}
            return rule.expr.evaluate(cells, self.frame.mapping.formats)
        return self._joined(rule.key) if rule.key is not None else rule.const

    def _looked_up(self, name: str, value: Value) -> Value:
        lookup: LookupQuery = self.frame.mapping.lookups[name]
        found, code = self.frame.lookups[name], clean_line(plain_text(value) or "").strip()
        if lookup.on_missing == "default" and code not in found:
            return lookup.default
        kept = _found(found, code, name)
        if isinstance(kept, Undecodable):
            raise UndecodableTextError(value=kept)
        return kept


def read_lookup(
    rows: Iterable[Row], lookup: LookupQuery, encoding: str
) -> dict[str, Value | Undecodable]:
    """Return a lookup's values by code; a code without value is left out.

    A code that cannot be read is nobody's. A value that cannot be read stays as it is: what looks
    it up is set aside.
    """
    found: dict[str, Value | Undecodable] = {}
    for row in rows:
        try:
            code = clean_line(plain_text(cell(row[lookup.KEY], encoding)) or "").strip()
        except RowError:
            continue
        if code and row[lookup.VALUE] is not None:
            found.setdefault(code, _kept(row[lookup.VALUE], encoding))
    return found


def _kept(raw: object, encoding: str) -> Value | Undecodable:
    try:
        return cell(raw, encoding)
    except RowError:
        return raw if isinstance(raw, Undecodable) else Undecodable(repr(raw).encode())


def _rounded(number: Decimal, places: int) -> Decimal:
    with localcontext() as context:
        context.prec = 40  # more than any number that `parse_number` lets through
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _single_key(value: Value) -> str | None:
    return None if value is None else fit_key(join_key([key_part(value)]))


def _found(codes: Mapping[str, T], value: Value, name: str) -> T:
    code = plain_text(value) or ""
    if code not in codes:
        raise UnknownCodeError(value=code, list=name)
    return codes[code]
