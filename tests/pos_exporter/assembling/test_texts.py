"""Texts in HTML: ordinary ones pass to the letter, active ones are cleaned, long ones cut."""

import re

import pytest

from pos_exporter.assembling.texts import SHORT, description, short_description, slug
from pos_exporter.mapping.notes import Mended
from pos_exporter.mapping.row_errors import TooLongError
from pos_exporter.mapping.text_errors import ActiveHtmlError

ORDINARY = [
    "<p style='color:red'>Une paire <b>solide</b>, 3 < 4 & plus</p>",
    '<a href="https://x.example/?on=1&script=2">conseils</a>',
    "<p>Le script de la vie, onze formes</p>",
    "Sans balise : once upon a time = conte",
    "<table><tr><td>Talon</td></tr></table><ul><li>a<li>b</ul>",
    "<span title='on = off'>a</span>",
]


@pytest.mark.parametrize("html", ORDINARY)
def test_ordinary_html_passes_unchanged(html: str) -> None:
    assert description(html) == Mended(html)
    assert short_description(html) == Mended(html)


@pytest.mark.parametrize(
    ("html", "parts", "kept"),
    [
        ("<script>alert(1)</script>", "script", ""),
        ("a<SCRIPT src=x></SCRIPT>", "script", "a"),
        ("<p onclick=x()>a</p>", "onclick", "<p>a</p>"),
        ('<img src="x.jpg" onerror = "x()">', "onerror", '<img src="x.jpg">'),
        ("<img/onload=x>", "onload", "<img>"),
        ("<iframe src=x></iframe>", "iframe", ""),
        ("<form action=x><b>a</b><input></form>", "form, input", "<b>a</b>"),
        ("<a href='JavaScript:x()'>a</a>", "javascript", "<a>a</a>"),
    ],
)
def test_html_that_acts_is_taken_out_and_told(html: str, parts: str, kept: str) -> None:
    mended = description(f'<p style="color:red">Jolie</p>{html}')
    assert mended.value == f'<p style="color:red">Jolie</p>{kept}'
    (note,) = mended.notes
    assert (note.code, note.facts["parts"]) == ("E-ROW-101", parts)


def test_what_cleaning_does_not_help_is_refused() -> None:
    with pytest.raises(ActiveHtmlError) as refused:
        description("<p>Écrire javascript:x() dans la barre</p>")
    assert refused.value.facts["part"] == "javascript"


def test_invisible_signs_go_and_are_told() -> None:
    mended = description("<p>a\x01</p>\n")
    assert mended.value == "<p>a</p>"
    assert [note.code for note in mended.notes] == ["E-ROW-104"]


def test_an_endless_description() -> None:
    with pytest.raises(TooLongError):
        description("x" * 500_001)
    assert description(" \n ") == Mended(None)


def text_of(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


def test_a_short_text_is_measured_without_its_tags() -> None:
    html = "<p>" + "<b>mot</b> " * 200 + "</p>"
    assert len(text_of(html)) == SHORT
    assert short_description(html) == Mended(html)


@pytest.mark.parametrize(
    ("piece", "times"),
    [
        ("<b>mot</b> ", 201),
        ("mot ", 300),
        ("&eacute;t&eacute; ", 90),
        ("<ul><li>un <i>mot</i></li></ul>", 200),
        ("<p>ligne<br/>suite", 120),
        ("é" * 79 + " ", 11),
    ],
)
def test_a_long_short_text_is_cut_at_a_word_and_closed(piece: str, times: int) -> None:
    html = f'<div class="x">{piece * times}</div>'
    mended = short_description(html)
    cut = mended.value or ""
    assert len(text_of(cut)) <= SHORT
    assert text_of(cut)[:-1] == text_of(html)[: len(text_of(cut)) - 1]
    assert len(text_of(cut)) > SHORT - 90
    assert cut.endswith("</div>")
    assert cut.count("<i>") == cut.count("</i>")
    assert cut.count("<b>") == cut.count("</b>")
    (note,) = mended.notes
    assert (note.code, note.facts["length"]) == ("E-ROW-102", str(len(text_of(html))))


def test_a_text_of_one_endless_word_is_cut_in_it() -> None:
    mended = short_description("<p>" + "x" * 900 + "</p>")
    assert mended.value == "<p>" + "x" * 799 + "…</p>"


def test_a_word_is_never_cut_where_one_stands_before_it() -> None:
    html = "<p>" + "mot " * 199 + "<b>" + "long" * 9 + "</b></p>"
    assert text_of(short_description(html).value or "") == "mot " * 199 + "…"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("Été à Nice", "ete-a-nice"),
        ("derby-ambroise_2", "derby-ambroise_2"),
        ("  L'œil & le bœuf ! ", "l-oeil-le-boeuf"),
        ("漢字", None),
        (None, None),
        ("a" * 127 + "-b", "a" * 127),
    ],
)
def test_page_addresses(written: str | None, address: str | None) -> None:
    assert slug(written) == Mended(address)
