"""Numbers, flags, days and texts as tills write them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from pos_exporter.mapping.figure_errors import AmountTooLargeError
from pos_exporter.mapping.formats import (
    Formats,
    Value,
    cell,
    clean_line,
    clean_prose,
    parse_bool,
    parse_date,
    parse_number,
    plain_text,
)
from pos_exporter.mapping.row_errors import (
    NotADateError,
    NotANumberError,
    RowError,
    UndecodableTextError,
    UnknownFlagError,
)
from pos_exporter.source.port import Undecodable

FRENCH = Formats(decimal=",", date="%d/%m/%Y")
DOTTED = Formats(decimal=",", thousands=(".",))


@pytest.mark.parametrize(
    ("written", "formats", "expected"),
    [
        ("49,90", FRENCH, "49.90"),
        (" 1 249,5 ", FRENCH, "1249.5"),
        ("1\u202f249\u00a0000", FRENCH, "1249000"),
        ("-0,01", FRENCH, "-0.01"),
        ("+3", FRENCH, "3"),
        ("1.249,90", DOTTED, "1249.90"),
        ("49.90", Formats(), "49.90"),
        ("0012", Formats(), "12"),
    ],
)
def test_numbers(written: str, formats: Formats, expected: str) -> None:
    assert parse_number(written, formats) == Decimal(expected)


@pytest.mark.parametrize(
    "written",
    [
        "4O,90",
        "",
        " ",
        "12,",
        ",5",
        "1,2,3",
        "49.90",
        "1 2,5",
        "1e3",
        "NaN",
        "inf",
        "--1",
        "١٢",
        None,
        True,
    ],
)
def test_what_is_no_number_is_not_guessed(written: Value) -> None:
    with pytest.raises(NotANumberError):
        parse_number(written, FRENCH)


def test_a_thousands_sign_only_stands_between_groups_of_three() -> None:
    with pytest.raises(NotANumberError):
        parse_number("49.90", DOTTED)


def test_an_endless_number_is_refused() -> None:
    with pytest.raises(AmountTooLargeError):
        parse_number(Decimal("1e40"), FRENCH)


@pytest.mark.parametrize("written", ["O", "o", " oui ", "1", Decimal(1), Decimal(-1), True, "VRAI"])
def test_yes(written: Value) -> None:
    assert parse_bool(written, FRENCH) is True


@pytest.mark.parametrize("written", ["N", "0", Decimal(0), False, "", " ", None])
def test_no(written: Value) -> None:
    assert parse_bool(written, FRENCH) is False


def test_only_the_words_of_the_mapping_count() -> None:
    strict = Formats(bool_true=("O",), bool_false=("N",))
    for written in ("?", "1", "", None):
        with pytest.raises(UnknownFlagError):
            parse_bool(written, strict)


def test_days() -> None:
    assert parse_date("24/11/2026", FRENCH) == date(2026, 11, 24)
    assert parse_date(datetime(2026, 11, 24, 9, 30), FRENCH) == date(2026, 11, 24)  # noqa: DTZ001 (as drivers give them)
    for wrong in ("31/02/2026", "2026-11-24", "", None):
        with pytest.raises(NotADateError) as refused:
            parse_date(wrong, FRENCH)
        assert refused.value.facts["example"] == "24/11/2026"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (7, Decimal(7)),
        (10.416666666666666, Decimal("10.416666666666666")),
        (0.1, Decimal("0.1")),
        (b"\x00", Decimal(0)),
        (b"\x01", Decimal(1)),
        (memoryview(b"\x01"), Decimal(1)),
        ("é".encode(), "é"),
        (None, None),
        ("", ""),
        (True, True),
    ],
)
def test_cells(raw: object, expected: Value) -> None:
    assert cell(raw) == expected
    assert type(cell(raw)) is type(expected)


def test_bytes_are_read_in_their_column_s_encoding() -> None:
    assert cell(Undecodable(b"Z\xe9lie"), "cp1252") == "Zélie"
    assert cell(b"Z\xe9lie", "cp1252") == "Zélie"
    with pytest.raises(UndecodableTextError) as refused:
        cell(Undecodable(b"Z\xe9lie"), "utf-8")
    assert refused.value.value == "Z\\xe9lie"


@pytest.mark.parametrize("raw", [float("nan"), float("inf")])
def test_a_float_that_is_no_number_is_refused(raw: float) -> None:
    with pytest.raises(NotANumberError):
        cell(raw)


def test_texts_are_composed_and_free_of_controls() -> None:
    assert clean_line("Zoe\u0301\x00\x07 bottine\r\nnoire\tmate") == "Zoé bottine noire mate"
    assert clean_prose("a\r\n\tb\x00\x1b\x7f") == "a\r\n\tb"
    assert clean_line("Œuvre 👢 à l’œil") == "Œuvre 👢 à l’œil"


def test_half_characters_are_refused() -> None:
    with pytest.raises(UndecodableTextError):
        clean_line("Z\udce9lie")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1042.0"), "1042"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0"), "0"),
        (Decimal("0.850"), "0.85"),
        (True, "1"),
        (date(2026, 1, 2), "2026-01-02"),
        (None, None),
    ],
)
def test_values_as_texts(value: Value, expected: str | None) -> None:
    assert plain_text(value) == expected


def test_an_error_keeps_its_facts_when_it_gets_its_place() -> None:
    error: RowError = NotADateError(value="x", example="24/11/2026").at("T.C, article 1")
    problem = error.problem()
    assert (problem.place, problem.value) == ("T.C, article 1", "x")
    assert "24/11/2026" in problem.line("fr")
