"""Amounts, tax rates and addresses."""

from decimal import Decimal

import pytest

from protocol.records import Address
from shop_agent.orders.pieces import address, amount, line, tax_rate
from tests.shop_agent.orders.cases import address as given_address
from tests.shop_agent.orders.cases import made

KNOWN = (Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"))


@pytest.mark.parametrize(
    ("excluded", "included", "rate"),
    [
        ("41.583333", "49.900000", "20"),
        ("41.583333", "49.90", "20"),
        ("4.10", "4.33", "5.5"),  # 4.3255, rounded to the cent
        ("0.83", "0.85", "2.1"),
        ("23.9", "23.9", "0"),
        ("100", "119", "19"),  # a rate of another country
        ("100", "107.7", "7.70"),
    ],
)
def test_the_rate_between_two_amounts(excluded: str, included: str, rate: str) -> None:
    assert tax_rate(Decimal(excluded), Decimal(included), KNOWN) == Decimal(rate)


@pytest.mark.parametrize(("excluded", "included"), [("0", "0"), ("-5", "-6"), ("10", "9")])
def test_amounts_that_tell_no_rate(excluded: str, included: str) -> None:
    assert tax_rate(Decimal(excluded), Decimal(included), KNOWN) is None


def test_an_amount_has_at_most_six_places() -> None:
    entity = made("orders", 1, short="4.9", exact="4.083333", long="4.0833335", empty="")
    assert amount(entity, "short") == Decimal("4.9")
    assert amount(entity, "exact") == Decimal("4.083333")
    assert str(amount(entity, "long")) == "4.083334"
    assert amount(entity, "empty") == 0


def test_a_text_is_cut_and_an_unknown_field_is_empty() -> None:
    entity = made("orders", 1, name=" x" * 800)
    assert len(line(entity, "name")) == 1000
    assert line(entity, "nothing") == ""


def test_an_address_keeps_its_country_by_code() -> None:
    french = address(given_address(), {8: "FR"})
    assert (french.country, french.city, french.last_name) == ("FR", "Rennes", "Durand")
    assert address(given_address(), {}).country is None
    assert address(given_address(), {8: "FRA"}).country is None
    assert address(None, {8: "FR"}) == Address()
