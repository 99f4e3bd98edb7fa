"""Amounts, rates, units, weights and sizes."""

from decimal import Decimal

import pytest

from pos_exporter.assembling.figures import (
    grams,
    millimetres,
    needed_amount,
    optional_amount,
    percent,
    purchase_price,
    sale_price,
    tax_rate,
    units,
    units_from,
)
from pos_exporter.mapping.figure_errors import (
    AmountTooLargeError,
    NegativeFigureError,
    NegativePriceError,
    PriceMissingError,
    PricePlacesError,
    StockNotANumberError,
    StockNotWholeError,
    ZeroPriceError,
)
from pos_exporter.mapping.formats import Formats
from pos_exporter.mapping.offer_errors import PercentError, UnitsError
from pos_exporter.mapping.row_errors import NotANumberError
from protocol.money import CENT, MICRO

FRENCH = Formats(decimal=",")


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


def test_an_optional_amount_of_zero_is_none() -> None:
    read = optional_amount(FRENCH)
    assert read("0,20") == Decimal("0.20")
    assert read("0,00") is read(None) is None
    with pytest.raises(PricePlacesError):
        read("0,205")


def test_an_amount_of_a_list_has_the_places_of_its_basis() -> None:
    assert str(needed_amount(FRENCH, places=CENT)("9")) == "9.00"
    assert str(needed_amount(FRENCH, places=MICRO)("7,083333")) == "7.083333"
    for written, wrong in (("9,999", PricePlacesError), ("0", ZeroPriceError)):
        with pytest.raises(wrong):
            needed_amount(FRENCH, places=CENT)(written)
    with pytest.raises(PriceMissingError):
        needed_amount(FRENCH, places=CENT)(None)


def test_rates_keep_their_decimals() -> None:
    assert tax_rate(FRENCH)("5,50") == Decimal("5.5")
    assert tax_rate(FRENCH)(Decimal("8.5")) == Decimal("8.5")


def test_percentages() -> None:
    read = percent(FRENCH)
    assert read("12,5") == Decimal("12.5")
    assert read("100") == 100
    assert read("0,00") is read(None) is None
    for wrong in ("101", "-1", "0,0000001"):
        with pytest.raises(PercentError):
            read(wrong)


def test_units() -> None:
    assert units(FRENCH)("-3") == -3
    with pytest.raises(StockNotWholeError):
        units(FRENCH)("0,5")
    with pytest.raises(StockNotANumberError):
        units(FRENCH)(True)


def test_units_of_a_basket() -> None:
    read = units_from(FRENCH, 1, default=1)
    assert read(None) == 1
    assert read("12") == 12
    for wrong in ("0", "1,5", "-1", "1000000000"):
        with pytest.raises(UnitsError):
            read(wrong)
    with pytest.raises(NotANumberError):
        units_from(FRENCH, 1, default=None)(None)


@pytest.mark.parametrize(
    ("written", "unit", "whole"),
    [
        ("0,850", "kg", 850),
        ("850", "g", 850),
        ("0,0005", "kg", 1),
        ("0,0004", "kg", 0),
        ("1", "lb", 454),
        ("2", "oz", 57),
        (None, "kg", None),
    ],
)
def test_weights_travel_in_whole_grams(written: str | None, unit: str, whole: int | None) -> None:
    assert grams(FRENCH, unit)(written) == whole


@pytest.mark.parametrize(
    ("written", "unit", "whole"),
    [("12,5", "cm", 125), ("3", "mm", 3), ("0,2", "m", 200), ("1", "in", 25)],
)
def test_sizes_travel_in_whole_millimetres(written: str, unit: str, whole: int) -> None:
    assert millimetres(FRENCH, unit)(written) == whole


def test_impossible_weights() -> None:
    for written, wrong in (
        ("-1", NegativeFigureError),
        ("1000000", AmountTooLargeError),
        ("1 kilo", NotANumberError),
    ):
        with pytest.raises(wrong):
            grams(FRENCH, "kg")(written)
