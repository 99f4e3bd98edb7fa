"""One row through a mapping: every step of a field, and the place of every fault."""

from decimal import Decimal

import pytest

from pos_exporter.mapping.entities import BrandQuery
from pos_exporter.mapping.errors import ColumnTwiceError, UnknownColumnError
from pos_exporter.mapping.fields import FieldRule
from pos_exporter.mapping.formats import Value
from pos_exporter.mapping.row_errors import (
    ExpressionError,
    KeyEmptyError,
    NotANumberError,
    UndecodableTextError,
    UnknownCodeError,
)
from pos_exporter.mapping.rows import Frame, RowView, read_lookup
from pos_exporter.source.port import Row, TwoColumns, Undecodable
from tests.pos_exporter.mapping.samples import mapping_of

MAPPING = mapping_of("""
    till: {name: t}
    formats: {decimal: ",", date: "%d/%m/%Y", bool_true: [O], bool_false: [N]}
    encoding: {columns: {OLD: cp1252}}
    lookups:
      strict: {sql: "SELECT A AS k, B AS v FROM L"}
      loose: {sql: "SELECT A AS k, B AS v FROM L", on_missing: default, default: divers}
    entities:
      tax_rate: {table: TVA, key: [C], fields: {rate: T}}
      brand: {table: MRQ, key: [C, D], fields: {name: LIB}}
""")
FRAME = Frame(MAPPING, {"strict": {"1": "un"}, "loose": {"1": "un"}})


def view_of(**cells: object) -> RowView:
    row: Row = {"C": 7, "D": "x ", **cells}
    view = RowView(row, MAPPING.entities.brand[0], "brand", FRAME)
    view.read_key()
    return view


def read(rule: FieldRule, **cells: object) -> Value:
    return view_of(**cells).read(rule, lambda value: value)


@pytest.mark.parametrize(
    ("rule", "cell", "expected"),
    [
        (FieldRule(col="A"), " x ", "x"),
        (FieldRule(col="A", strip=False), " x ", " x "),
        (FieldRule(col="A"), "  ", None),
        (FieldRule(col="A", null_if=("0", "-")), "-", None),
        (FieldRule(col="A", null_if=("0",)), 0, None),
        (FieldRule(col="A", null_if=("0",), default="rien"), 0, "rien"),
        (FieldRule(const="x"), None, "x"),
        (FieldRule(col="A", map={"1": "un"}), 1, "un"),
        (FieldRule(col="A", lookup="strict"), "1", "un"),
        (FieldRule(col="A", lookup="loose"), "9", "divers"),
        (FieldRule(col="A", type="int"), "007", Decimal(7)),
        (FieldRule(col="A", type="text"), Decimal("12.50"), "12.5"),
        (FieldRule(col="A", type="bool"), "O", True),
        (FieldRule(col="A", scale=2), "1,005", Decimal("1.01")),
        (FieldRule(col="A", scale=2), 1.005, Decimal("1.01")),
        (FieldRule(col="A", type="decimal"), None, None),
        (FieldRule(col="A", default="1,5", scale=1), None, Decimal("1.5")),
    ],
)
def test_steps(rule: FieldRule, cell: object, expected: Value) -> None:
    assert read(rule, A=cell) == expected


def test_an_expression_reads_cells_as_they_are() -> None:
    rule = FieldRule.model_validate({"expr": "number(A) * 2 if bool(B) else None"})
    assert read(rule, A="1,5", B="O") == Decimal("3.0")
    assert read(rule, A="1,5", B="N") is None


@pytest.mark.parametrize(
    ("rule", "cell", "code"),
    [
        (FieldRule(col="A", map={"1": "un"}), 2, UnknownCodeError.code),
        (FieldRule(col="A", lookup="strict"), "9", UnknownCodeError.code),
        (FieldRule(col="A", type="int"), "1,5", NotANumberError.code),
        (FieldRule(col="A"), Undecodable(b"\xe9"), UndecodableTextError.code),
        (FieldRule.model_validate({"expr": "A + 1"}), "x", ExpressionError.code),
    ],
)
def test_a_fault_says_where(rule: FieldRule, cell: object, code: str) -> None:
    with pytest.raises(
        (UnknownCodeError, NotANumberError, UndecodableTextError, ExpressionError)
    ) as e:
        read(rule, A=cell)
    assert e.value.code == code
    assert e.value.place == "MRQ.A, brand 7|x"


def test_a_column_has_its_own_encoding() -> None:
    assert read(FieldRule(col="OLD"), OLD=Undecodable(b"Z\xe9lie")) == "Zélie"
    assert view_of(OLD=b"Z\xe9lie").code("OLD") == "Zélie"


def test_composite_references_are_keys_or_nothing() -> None:
    rule = FieldRule(key=("A", "B"))
    assert view_of(A="1", B="a|b").reference(rule) == "1|a\\|b"
    assert view_of(A=None, B="").reference(rule) is None
    with pytest.raises(KeyEmptyError) as refused:
        view_of(A="1", B=None).reference(rule)
    assert refused.value.place == "MRQ.A, B, brand 7|x"


def test_a_single_reference_is_read_like_a_key() -> None:
    assert view_of(A=Decimal("12.0")).reference(FieldRule(col="A")) == "12"
    assert view_of(A=0).reference(FieldRule(col="A")) == "0"
    assert view_of(A=" ").reference(FieldRule(col="A")) is None


def test_a_column_that_is_not_there_stops_the_run() -> None:
    with pytest.raises(UnknownColumnError) as refused:
        read(FieldRule(col="NOWHERE"), A=1)
    assert refused.value.facts["known"] == "C, D, A"
    with pytest.raises(ColumnTwiceError):
        read(FieldRule(col="A"), A=TwoColumns())


def test_a_label_is_what_can_be_read() -> None:
    assert view_of(LIB=Undecodable(b"Z\xe9lie")).label() == "Z\\xe9lie"
    assert view_of(LIB=" Zoé\n& fils ").label() == "Zoé & fils"
    assert view_of(LIB=None).label() == ""


def test_a_lookup_s_codes_are_texts() -> None:
    rows: list[Row] = [{"k": 1, "v": "un"}, {"k": " a ", "v": 2.5}, {"k": None, "v": "x"}]
    lookup = MAPPING.lookups["strict"]
    assert read_lookup(rows, lookup, "utf-8") == {"1": "un", "a": Decimal("2.5")}


def test_the_query_is_the_brands() -> None:
    assert isinstance(view_of(LIB="x").query, BrandQuery)
