"""Short texts: what the shop takes, what is refused, what is repaired."""

import pytest

from pos_exporter.assembling.shop_rules import (
    BRAND_NAME,
    NAME,
    PLAIN_NAME,
    REFERENCE,
    cut_at_word,
    line_of,
    needed_line,
    search_line,
)
from pos_exporter.mapping.notes import Mended
from pos_exporter.mapping.text_errors import NameEmptyError, NameSignsError, NameTooLongError


def codes(mended: Mended[str | None]) -> list[str]:
    return [note.code for note in mended.notes]


def test_lines_are_measured_once_clean() -> None:
    name = line_of(NAME)
    assert name(" é" * 64 + "  ").value == ("é " * 64).strip()
    assert name("e\u0301" * 128).value == "é" * 128
    assert name("\x00\x01 ") == Mended(None)
    with pytest.raises(NameEmptyError):
        needed_line(NAME)("\t")


def test_an_ordinary_line_has_no_note() -> None:
    assert line_of(NAME)("Derby\tAmbroise\r\n") == Mended("Derby Ambroise")


def test_invisible_signs_go_and_are_told() -> None:
    mended = line_of(REFERENCE)("A\x0112\x7f")
    assert (mended.value, codes(mended)) == ("A12", ["E-ROW-104"])
    assert mended.notes[0].value == "A·12·"


def test_signs_in_a_name_are_refused_unless_their_repair_is_asked_for() -> None:
    written = "Derby <NEW> {-20%}; lot #2 = top"
    with pytest.raises(NameSignsError) as refused:
        line_of(NAME)(written)
    assert refused.value.facts["signs"] == "< > ; = # { }"
    mended = line_of(NAME, repair=True)(written)
    assert mended.value == "Derby ‹NEW› (-20%), lot n° 2 : top"
    assert codes(mended) == ["E-ROW-103"]
    assert mended.notes[0].value == written


def test_only_the_signs_of_the_rule_are_replaced() -> None:
    assert line_of(PLAIN_NAME, repair=True)("A; #1") == Mended("A; #1")


def test_a_name_that_the_repair_makes_too_long_is_refused() -> None:
    with pytest.raises(NameTooLongError):
        line_of(BRAND_NAME, repair=True)("x" * 63 + "#")


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("une deux trois", 14, "une deux trois"),
        ("une deux trois", 13, "une deux…"),
        ("une deux trois", 9, "une deux…"),
        ("une deux, trois", 10, "une deux…"),
        ("anticonstitutionnellement", 5, "anti…"),
        ("une, deux", 5, "une…"),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, limit: int, cut: str) -> None:
    assert cut_at_word(text, limit) == cut
    assert len(cut) <= limit


def test_texts_for_search_engines_are_repaired_and_cut() -> None:
    mended = search_line(20)("Bottines <cuir> d'hiver\x02 et d'été")
    assert mended.value == "Bottines ‹cuir›…"
    assert codes(mended) == ["E-ROW-104", "E-ROW-103", "E-ROW-102"]
    assert mended.notes[2].facts["length"] == "32"
    assert search_line(20)("Bottines d'hiver") == Mended("Bottines d'hiver")
    assert search_line(20)(" ") == Mended(None)
