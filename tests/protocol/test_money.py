"""Money: every price comes back to the cent, and only decimal strings are amounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.money import (
    BadDecimalError,
    PriceNotRepresentableError,
    excluding_tax,
    format_decimal,
    including_tax,
    parse_decimal,
    round_cents,
)

RATES = [Decimal(rate) for rate in ("20", "10", "5.5", "2.1", "0")]
MICRO = Decimal("0.000001")


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_every_cent_to_500_euros_comes_back(rate: Decimal) -> None:
    for cents in range(50_000):
        price = Decimal(cents).scaleb(-2)
        assert including_tax(excluding_tax(price, rate), rate) == price


@given(st.integers(-(10**11) + 1, 10**11 - 1), st.sampled_from(RATES))
def test_any_price_comes_back_and_has_6_places(cents: int, rate: Decimal) -> None:
    price = Decimal(cents).scaleb(-2)
    base = excluding_tax(price, rate)
    assert including_tax(base, rate) == price
    assert base == base.quantize(MICRO)


@given(st.integers(0, 10**9), st.decimals(0, 100, places=3))
def test_any_rate_will_do(cents: int, rate: Decimal) -> None:
    price = Decimal(cents).scaleb(-2)
    assert including_tax(excluding_tax(price, rate), rate) == price


def test_a_rate_that_no_6_places_can_serve_is_said() -> None:
    with pytest.raises(PriceNotRepresentableError) as caught:
        excluding_tax(Decimal("0.01"), Decimal("10000000"))
    assert caught.value.facts["rate"] == "10000000"


@pytest.mark.parametrize(
    ("price", "rate", "base"),
    [
        ("49.90", "20", "41.583333"),
        ("19.90", "5.5", "18.862559"),
        ("1.00", "2.1", "0.979432"),
        ("0", "20", "0"),
        ("-12.00", "20", "-10"),
    ],
)
def test_known_prices(price: str, rate: str, base: str) -> None:
    assert excluding_tax(Decimal(price), Decimal(rate)) == Decimal(base)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.005", "0.01"), ("0.004999", "0.00"), ("-0.005", "-0.01"), ("1.015", "1.02")],
)
def test_rounding_is_half_up(amount: str, rounded: str) -> None:
    assert round_cents(Decimal(amount)) == Decimal(rounded)


@given(st.decimals(-999_999_999, 999_999_999, places=6))
def test_a_written_amount_is_read_back(amount: Decimal) -> None:
    text = format_decimal(amount)
    assert parse_decimal(text) == amount
    assert format_decimal(parse_decimal(text)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1.50", "1.5"), ("100", "100"), ("1E+3", "1000"), ("-0.000", "0"), ("0.10", "0.1")],
)
def test_the_shortest_form_is_written(amount: str, text: str) -> None:
    assert format_decimal(Decimal(amount)) == text


@pytest.mark.parametrize(
    "text",
    ["", "1,5", "1.", ".5", "+1", "1e3", "NaN", "Infinity", " 1", "1 ", "12\n", "1_000", "٣",
     "1234567890", "1.1234567", "--1", "0x1"],
)  # fmt: skip
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(BadDecimalError) as caught:
        parse_decimal(text, place="line 3")
    assert (caught.value.code, caught.value.place) == ("E-REC-010", "line 3")
