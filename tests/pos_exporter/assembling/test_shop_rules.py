"""What the shop takes and refuses."""

from decimal import Decimal

import pytest

from pos_exporter.assembling.shop_rules import (
    NAME,
    bar_code,
    description,
    line_of,
    needed_line,
    purchase_price,
    sale_price,
    tax_rate,
    units,
)
from pos_exporter.mapping.errors import (
    ActiveHtmlError,
    BadEanError,
    NameEmptyError,
    NegativePriceError,
    StockNotANumberError,
    StockNotWholeError,
    TooLongError,
)
from pos_exporter.mapping.formats import Formats

FRENCH = Formats(decimal=",")


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color:red'>Une paire <b>solide</b>, 3 < 4 & plus</p>",
        '<a href="https://x.example/?on=1&script=2">conseils</a>',
        "<p>Le script de la vie, onze formes</p>",
        "Sans balise : once upon a time = conte",
        "<table><tr><td>Talon</td></tr></table><ul><li>a<li>b</ul>",
        "<span title='on = off'>a</span>",
    ],
)
def test_ordinary_html_passes_unchanged(html: str) -> None:
    assert description(html) == html


@pytest.mark.parametrize(
    ("html", "part"),
    [
        ("<script>alert(1)</script>", "script"),
        ("a< SCRIPT src=x>", "SCRIPT"),
        ("<p onclick=x()>a</p>", "onclick"),
        ('<img src=x onerror = "x()">', "onerror"),
        ("<img/onload=x>", "onload"),
        ("<iframe src=x></iframe>", "iframe"),
        ("<form action=x>", "form"),
        ("<a href='JavaScript:x()'>a</a>", "JavaScript"),
    ],
)
def test_html_that_acts_is_named(html: str, part: str) -> None:
    with pytest.raises(ActiveHtmlError) as refused:
        description(f"<p>Jolie</p>{html}")
    assert refused.value.facts["part"] == part


def test_an_endless_description() -> None:
    with pytest.raises(TooLongError):
        description("x" * 500_001)
    assert description(" \n ") is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3760009040014", "3760009040014"),
        (Decimal(3760009040014), "3760009040014"),
        ("376 0009 04001-4", "3760009040014"),
        ("96385074", "96385074"),
        ("036000291452", "036000291452"),
        (None, None),
        ("  ", None),
    ],
)
def test_bar_codes(written: str | Decimal | None, code: str | None) -> None:
    assert bar_code((8, 12, 13))(written) == code


@pytest.mark.parametrize("written", ["3760009040019", "123", "ABC", "37600090400141", "1" * 40])
def test_wrong_bar_codes(written: str) -> None:
    with pytest.raises(BadEanError):
        bar_code((8, 12, 13))(written)


def test_a_gtin_of_14_digits_is_one_where_it_may_be() -> None:
    assert bar_code((14,))("10614141000415") == "10614141000415"
    with pytest.raises(BadEanError):
        bar_code((8, 12, 13))("10614141000415")


def test_lines_are_measured_once_clean() -> None:
    name = line_of(NAME)
    assert name(" é" * 64 + "  ") == ("é " * 64).strip()
    assert name("e\u0301" * 128) == "é" * 128
    assert name("\x00\x01 ") is None
    with pytest.raises(NameEmptyError):
        needed_line(NAME)("\t")


@pytest.mark.parametrize(("written", "amount"), [("49,9", "49.90"), (7, "7.00"), ("0,01", "0.01")])
def test_prices_have_two_places(written: str | int, amount: str) -> None:
    value = Decimal(written) if isinstance(written, int) else written
    found = sale_price(FRENCH)(value)
    assert str(found) == amount


def test_purchase_prices_may_be_zero_but_not_less() -> None:
    read = purchase_price(FRENCH)
    assert read("0") == 0
    assert read("1,2345678") == Decimal("1.234568")
    assert read(None) is None
    with pytest.raises(NegativePriceError):
        read("-1")


def test_rates_keep_their_decimals() -> None:
    assert tax_rate(FRENCH)("5,50") == Decimal("5.5")
    assert tax_rate(FRENCH)(Decimal("8.5")) == Decimal("8.5")


def test_units() -> None:
    assert units(FRENCH)("-3") == -3
    with pytest.raises(StockNotWholeError):
        units(FRENCH)("0,5")
    with pytest.raises(StockNotANumberError):
        units(FRENCH)(True)
