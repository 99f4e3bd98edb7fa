"""Expressions: what they compute, what they refuse, and that nothing gets out of them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_exporter.mapping.errors import (
    ExpressionFunctionError,
    ExpressionPartError,
    ExpressionSyntaxError,
)
from pos_exporter.mapping.expressions import parse_expression
from pos_exporter.mapping.formats import Formats, Value
from pos_exporter.mapping.row_errors import ExpressionError, NotANumberError, UnknownFlagError

FRENCH = Formats(decimal=",")
CELLS: dict[str, Value] = {
    "PX": "41,58",
    "TX": Decimal(20),
    "QTE": Decimal(3),
    "FLAG": "O",
    "OFF": "N",
    "NOM": " Zoé ",
    "VIDE": None,
    "JOUR": date(2026, 11, 24),
    "É_1": Decimal(7),
}


def value(text: str) -> Value:
    return parse_expression(text).evaluate(CELLS, FRENCH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", Decimal("6.5")),
        ("-QTE", Decimal(-3)),
        ("0.1 + 0.2", Decimal("0.3")),
        ("round(number(PX) * (1 + TX / 100), 2)", Decimal("49.90")),
        ("round(2.5)", Decimal(3)),
        ("round(0.125, 2)", Decimal("0.13")),
        ("floor(-0.5)", Decimal(-1)),
        ("min(QTE, TX, 9)", Decimal(3)),
        ("max(QTE, TX)", Decimal(20)),
        ("bool(FLAG) and not bool(OFF)", True),
        ("bool(FLAG) or 1 / 0 > 1", True),
        ("QTE if bool(OFF) else TX", Decimal(20)),
        ("1 < QTE <= 3", True),
        ("QTE == 3 and QTE != 4", True),
        ("FLAG in ('O', 'Y')", True),
        ("QTE not in [1, 2]", True),
        ("concat(NOM, '-', QTE, VIDE, JOUR)", " Zoé -32026-11-24"),
        ("upper(strip(NOM))", "ZOÉ"),
        ("lower('ABC')", "abc"),
        ("length(strip(NOM))", Decimal(3)),
        ("coalesce(VIDE, NOM)", " Zoé "),
        ("É_1", Decimal(7)),
        ("None", None),
        ("True", True),
    ],
)
def test_values(text: str, expected: Value) -> None:
    assert value(text) == expected
    assert type(value(text)) is type(expected)


@pytest.mark.parametrize(
    "text", ["VIDE + 1", "number(VIDE)", "round(VIDE)", "min(VIDE, 1)", "upper(VIDE)", "-VIDE"]
)
def test_nothing_makes_nothing(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize("text", ["VIDE > 1", "VIDE and True", "VIDE == 'x'", "not True"])
def test_nothing_is_not_more_than_something_nor_true(text: str) -> None:
    assert value(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "PX * 2",  # a text is no number until number() says so
        "FLAG and True",  # nor a flag
        "QTE if FLAG else 0",
        "not QTE",
        "QTE == '3'",
        "FLAG in (1, 2)",
        "NOM < 3",
        "True + 1",
        "1 / (QTE - 3)",
        "round(QTE, 1.5)",
        "min(NOM, 'a')",
    ],
)
def test_a_row_for_which_there_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        value(text)
    assert refused.value.facts["text"] == text


def test_a_cell_that_is_no_number_or_flag_has_its_own_code() -> None:
    with pytest.raises(NotANumberError):
        value("number(NOM)")
    with pytest.raises(UnknownFlagError):
        value("bool(NOM)")


@pytest.mark.parametrize(
    ("text", "part", "position"),
    [
        ("QTE.real", "QTE.real", 1),
        ("1 + (lambda: 1)()", "lambda: 1", 5),
        ("QTE ** 9", "QTE ** 9", 1),
        ("QTE // 2", "QTE // 2", 1),
        ("[n for n in NOM]", "[n for n in NOM]", 1),
        ("1 + NOM[0]", "NOM[0]", 5),
        ("f'{NOM}'", "f'{NOM}'", 1),
        ("b'x'", "b'x'", 1),
        ("1e9", "1e9", 1),
        ("1j", "1j", 1),
        ("(a := 1)", "a := 1", 2),
        ("QTE is None", "QTE is None", 1),
        ("QTE in NOM", "NOM", 8),
        ("~QTE", "~QTE", 1),
        ("...", "...", 1),
    ],
)
def test_other_forms_are_refused_where_they_stand(text: str, part: str, position: int) -> None:
    with pytest.raises((ExpressionPartError, ExpressionFunctionError)) as refused:
        parse_expression(text)
    assert refused.value.facts["part"] == part
    assert refused.value.facts["position"] == str(position)


@pytest.mark.parametrize(
    "text",
    ["eval('1')", "__import__('os')", "min()", "round(1, 2, 3)", "upper(x=1)", "min(*NOM)(1)"],
)
def test_other_calls_are_refused(text: str) -> None:
    with pytest.raises(ExpressionFunctionError) as refused:
        parse_expression(text)
    assert "coalesce" in refused.value.facts["known"]


@pytest.mark.parametrize("text", ["", "1 +", "PX =", "a; b", "import os", "1 2", "\0", "'" * 2000])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ExpressionSyntaxError):
        parse_expression(text)


def test_too_deep_is_refused() -> None:
    with pytest.raises((ExpressionPartError, ExpressionSyntaxError)):
        parse_expression("-" * 300 + "1")


def test_columns_are_told_once_in_order() -> None:
    assert parse_expression("B + A * B if bool(C) else A").columns == ("C", "B", "A")


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
    )
)
def test_a_number_comes_through_exactly(number: Decimal) -> None:
    written = f"{number:f}".replace(".", ",")
    cells: dict[str, Value] = {"X": written}
    assert parse_expression("number(X) + 0").evaluate(cells, FRENCH) == number
