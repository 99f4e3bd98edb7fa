"""What orders and customers are to a mapping's SQL."""

from decimal import Decimal

import pytest

from pos_exporter.intake.binds import amount_text, customer_binds, line_binds, order_binds
from pos_exporter.mapping.write_back import WriteFormats
from pos_exporter.mapping.write_binds import CUSTOMER_BINDS, LINE_BINDS, ORDER_BINDS
from tests.pos_exporter.intake.orders import ADDRESS, customer, line, order

FRENCH = WriteFormats(decimal=",", date="%d/%m/%Y %H:%M")
PARIS = "Europe/Paris"


def test_every_documented_name_has_a_value_and_no_other() -> None:
    assert customer_binds(customer()).keys() == CUSTOMER_BINDS
    assert order_binds(order("U", line(1, "a:1")), FRENCH, PARIS).keys() == ORDER_BINDS
    assert line_binds(line(1, "a:1"), 1, FRENCH).keys() == LINE_BINDS
    assert not ORDER_BINDS & LINE_BINDS


def test_amounts_are_texts_as_the_till_writes_them() -> None:
    values = order_binds(order("U", line(1, "a:1", 2)), FRENCH, PARIS)
    assert values["total_tax_included"] == "99,80"
    assert values["total_shipping_tax_excluded"] == "4,083333"
    assert values["total_discounts_tax_included"] == "0,00"
    of_line = line_binds(line(1, "a:1", 2), 1, FRENCH)
    assert of_line["unit_price_tax_included"] == "49,90"
    assert of_line["quantity"] == 2
    assert amount_text(Decimal("-1234.5"), WriteFormats()) == "-1234.50"


def test_times_are_the_till_s() -> None:
    there = order("U", line(1, "a:1"), timezone="Europe/London")
    assert order_binds(there, FRENCH, PARIS)["placed_at"] == "24/11/2026 10:30"
    assert order_binds(order("U", line(1, "a:1")), FRENCH, PARIS)["placed_at"] == "24/11/2026 09:30"


@pytest.mark.parametrize(
    ("stock_key", "expected"),
    [
        ("a:1042", ("1042", "1042", None, "1042", None)),
        ("v:104201", ("104201", None, "104201", "104201", None)),
        ("v:1042|38", ("1042|38", None, "1042|38", "1042", "38")),
        ("a:A\\|B", ("A|B", "A|B", None, "A|B", None)),
    ],
)
def test_a_line_names_its_sellable_whole_and_in_parts(
    stock_key: str, expected: tuple[str | None, ...]
) -> None:
    values = line_binds(line(1, stock_key), 1, FRENCH)
    names = ("sellable_key", "article_key", "variant_key", "key_1", "key_2")
    assert tuple(values[name] for name in names) == expected
    assert values["stock_key"] == stock_key


def test_a_customer_without_an_address_has_the_invoice_s() -> None:
    assert customer_binds(customer())["customer_city"] == ""
    assert customer_binds(customer(), ADDRESS)["customer_city"] == "Romans"
    own = customer(address={"city": "Valence", "company": "Zoé SARL"})
    assert customer_binds(own, ADDRESS)["customer_city"] == "Valence"
    assert customer_binds(own)["customer_company"] == "Zoé SARL"
    assert customer_binds(customer(guest=True))["customer_guest"] == 1
