"""The specific price that the shop chooses, and the prices that follow from it."""

from decimal import Decimal

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Answered, Asker, combination_xml, product_xml
from tests.demo.prestashop.conftest import TestClock

_EXACT = "price[p][use_tax]={}&price[p][decimals]=6"
_OPEN = "0000-00-00 00:00:00"
_USUAL = {
    "id_shop": "0", "id_cart": "0", "id_product": "1", "id_product_attribute": "0",
    "id_currency": "0", "id_country": "0", "id_group": "0", "id_customer": "0", "price": "-1",
    "from_quantity": "1", "reduction": "0.1", "reduction_tax": "1",
    "reduction_type": "percentage", "from": _OPEN, "to": _OPEN,
}  # fmt: skip


def discount(**changes: str) -> str:
    """Return a tenth off product 1 for everybody, with some fields changed."""
    fields = {name.rstrip("_"): value for name, value in (_USUAL | changes).items()}
    return "<x>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</x>"


def price(ask: Asker, more: str = "", tax: int = 0, what: str = "products/1") -> str:
    """Return a computed price."""
    return ask.get(f"{what}?{_EXACT.format(tax)}{more}").value("*/p")


@pytest.fixture
def dear(ask: Asker) -> int:
    """A product of 100, 20 % of tax to be added."""
    return ask.new_id("products", product_xml(price="100"))


def _put(ask: Asker, **changes: str) -> int:
    return ask.new_id("specific_prices", discount(**changes))


def test_the_group_weighs_more_than_currency_country_and_shop(ask: Asker, dear: int) -> None:
    _put(ask, reduction="0.1", id_shop="1", id_country="8", id_currency="1")
    assert price(ask) == "90.000000"
    _put(ask, reduction="0.2", id_group="3")
    assert price(ask) == "80.000000"
    assert price(ask, "&price[p][group]=1") == "90.000000"
    assert price(ask, "&price[p][country]=21") == "80.000000"


@pytest.mark.parametrize(
    ("first", "second"),
    [("id_currency", "id_country"), ("id_country", "id_shop"), ("id_currency", "id_shop")],
)
def test_the_priorities_rank_what_remains(ask: Asker, dear: int, first: str, second: str) -> None:
    values = {"id_currency": "1", "id_country": "8", "id_shop": "1"}
    _put(ask, **{"reduction": "0.2", first: values[first]})
    _put(ask, **{"reduction": "0.3", second: values[second]})
    assert price(ask) == "80.000000"


def test_the_shop_may_rank_them_otherwise(ask: Asker, shop: Shop, dear: int) -> None:
    _put(ask, reduction="0.2", id_group="3")
    _put(ask, reduction="0.3", id_shop="1")
    sql = "UPDATE configurations SET value = ? WHERE name = 'PS_SPECIFIC_PRICE_PRIORITIES'"
    shop.execute(sql, "id_shop;id_currency;id_country;id_group")
    assert price(ask) == "70.000000"


@pytest.mark.parametrize(
    "whose",
    [
        {"id_customer": "7"},
        {"id_cart": "7"},
        {"id_group": "2"},
        {"id_currency": "2"},
        {"id_country": "21"},
        {"id_shop": "2"},
        {"id_product_attribute": "7"},
        {"from_quantity": "2"},
        {"from": "2027-01-01 00:00:00"},
        {"to": "2025-01-01 00:00:00"},
    ],
)
def test_what_is_for_somebody_else_does_not_count(
    ask: Asker, dear: int, whose: dict[str, str]
) -> None:
    _put(ask, **whose)
    assert price(ask) == "100.000000"


def test_quantities_up_to_one_always_count_and_the_larger_wins(ask: Asker, dear: int) -> None:
    _put(ask, reduction="0.1", from_quantity="0")
    assert price(ask, "&price[p][quantity]=0") == "90.000000"
    _put(ask, reduction="0.2")
    _put(ask, reduction="0.3", from_quantity="5")
    assert price(ask) == "80.000000"
    assert price(ask, "&price[p][quantity]=5") == "70.000000"


def test_among_equals_the_later_end_then_the_later_beginning_wins(ask: Asker, dear: int) -> None:
    early, late = "2001-01-01 00:00:00", "2090-01-01 00:00:00"
    _put(ask, reduction="0.1", **{"from": early})
    _put(ask, reduction="0.2", **{"from": early, "to": late})
    assert price(ask) == "80.000000"
    _put(ask, reduction="0.3", **{"from": "2002-01-01 00:00:00", "to": late})
    assert price(ask) == "70.000000"


def test_what_no_rule_made_comes_first(ask: Asker, dear: int) -> None:
    _put(ask, reduction="0.5", id_specific_price_rule="3", id_group="3")
    assert price(ask) == "50.000000"
    _put(ask, reduction="0.1")
    assert price(ask) == "90.000000"


def test_the_window_is_local_and_counted_in_minutes(
    ask: Asker, dear: int, clock: TestClock
) -> None:
    begins = _put(ask, **{"from": "2026-11-24 03:30:30"})
    clock.forward(45)
    assert price(ask) == "100.000000"
    clock.forward(20)
    assert price(ask) == "90.000000"
    ask("DELETE", f"specific_prices/{begins}")
    _put(ask, to="2026-11-24 03:31:00")
    clock.forward(30)
    assert price(ask) == "90.000000"
    clock.forward(30)
    assert price(ask) == "100.000000"


@pytest.mark.parametrize(
    ("changes", "without", "with_tax"),
    [
        ({"price": "80", "reduction": "0"}, "80.000000", "96.000000"),
        ({"price": "80"}, "72.000000", "86.400000"),
        ({"price": "0", "reduction": "0"}, "0.000000", "0.000000"),
        ({"price": "-0.5", "reduction": "0.5"}, "50.000000", "60.000000"),
        ({"reduction": "12", "reduction_type": "amount"}, "90.000000", "108.000000"),
        (
            {"reduction": "12", "reduction_type": "amount", "reduction_tax": "0"},
            "88.000000",
            "105.600000",
        ),
        ({"reduction": "500", "reduction_type": "amount"}, "0.000000", "0.000000"),
        ({"reduction": "1.2"}, "0.000000", "0.000000"),
    ],
)
def test_what_becomes_of_the_price(
    ask: Asker, dear: int, changes: dict[str, str], without: str, with_tax: str
) -> None:
    _put(ask, **changes)
    assert (price(ask), price(ask, tax=1)) == (without, with_tax)


def test_the_reduction_alone_may_be_more_than_all(ask: Asker, dear: int) -> None:
    _put(ask, reduction="1.2")
    assert price(ask, "&price[p][only_reduction]=1", tax=1) == "144.000000"
    assert price(ask, "&price[p][use_reduction]=0", tax=1) == "120.000000"


@pytest.fixture
def sizes(ask: Asker) -> tuple[int, int]:
    """The two sizes of a product of 50: the default adds 5, the other takes 10 off."""
    ask.new_id("products", product_xml(price="50"))
    first = combination_xml(1, more="<price>5</price><default_on>1</default_on>")
    other = combination_xml(1, more="<price>-10</price>")
    return ask.new_id("combinations", first), ask.new_id("combinations", other)


def _of(ask: Asker, *combinations: int) -> list[str]:
    return [price(ask, what=f"combinations/{one}") for one in combinations]


def test_a_size_follows_its_own_discount_its_product_never(
    ask: Asker, sizes: tuple[int, int]
) -> None:
    _put(ask, reduction="0.1")
    _put(ask, reduction="0.2", id_product_attribute=str(sizes[0]))
    assert _of(ask, *sizes) == ["44.000000", "36.000000"]
    assert price(ask) == "49.500000"
    assert price(ask, f"&price[p][product_attribute]={sizes[0]}") == "44.000000"


def test_a_fixed_price_of_a_size_forgets_what_the_size_adds(
    ask: Asker, sizes: tuple[int, int]
) -> None:
    _put(ask, price="40", reduction="0")
    assert _of(ask, *sizes) == ["45.000000", "30.000000"]
    _put(ask, price="40", reduction="0", id_product_attribute=str(sizes[1]))
    assert _of(ask, *sizes) == ["45.000000", "40.000000"]


def test_ecotax_is_added_where_the_shop_counts_it(ask: Asker, shop: Shop) -> None:
    ask.new_id("products", product_xml(price="20", more="<ecotax>0.5</ecotax>"))
    assert price(ask, tax=1) == "24.000000"
    assert price(ask, "&price[p][use_ecotax]=1", tax=1) == "24.500000"
    shop.execute("UPDATE configurations SET value = '1' WHERE name = 'PS_USE_ECOTAX'")
    shop.execute(
        "INSERT INTO configurations (name, value) VALUES ('PS_ECOTAX_TAX_RULES_GROUP_ID', '2')"
    )
    assert price(ask) == "20.500000"
    assert price(ask, tax=1) == "24.550000"
    _put(ask, reduction="0.5")
    assert price(ask, tax=1) == "12.275000"
    variant = combination_xml(1, more="<ecotax>0.25</ecotax><price>2</price>")
    size = ask.new_id("combinations", variant)
    assert price(ask, "&price[p][use_reduction]=0", 1, f"combinations/{size}") == "26.675000"


def test_a_shop_without_taxes_adds_none(ask: Asker, shop: Shop, dear: int) -> None:
    shop.execute("UPDATE configurations SET value = '0' WHERE name = 'PS_TAX'")
    assert price(ask, tax=1) == "100.000000"


def test_an_order_is_charged_what_was_computed(ask: Asker, shop: Shop, dear: int) -> None:
    _put(ask, reduction="12", reduction_type="amount")
    order = shop.place_order("zoe@example.com", [(1, 0, 2)])
    lines = ask.get(f"order_details?filter[id_order]=[{order}]&display=full")
    line = "order_details/order_detail/"
    assert Decimal(lines.value(f"{line}unit_price_tax_incl")) == Decimal(108)
    assert Decimal(lines.value(f"{line}total_price_tax_excl")) == Decimal(180)
    assert Decimal(lines.value(f"{line}original_product_price")) == Decimal(100)


def _refused(ask: Asker, without: str = "", **changes: str) -> Answered:
    body = discount(**changes).replace(f"<{without}>{_USUAL.get(without)}</{without}>", "")
    return ask("POST", "specific_prices", body)


@pytest.mark.parametrize(
    "field", [one for one in _USUAL if one != "id_product_attribute"]
)  # fmt: skip
def test_every_field_of_a_discount_is_required(ask: Asker, field: str) -> None:
    answer = _refused(ask, without=field)
    assert (answer.status, answer.codes) == (400, [41])
    assert f'"{field}"' in answer.message


@pytest.mark.parametrize("field", ["from", "to"])
def test_an_empty_date_is_refused(ask: Asker, field: str) -> None:
    answer = _refused(ask, **{field: ""})
    assert (answer.status, answer.codes) == (400, [85])


def test_a_rule_changes_nothing_and_takes_its_discounts_along(ask: Asker, dear: int) -> None:
    rule = ask.new_id(
        "specific_price_rules",
        "<x><id_shop>1</id_shop><id_country>0</id_country><id_currency>0</id_currency>"
        "<id_group>0</id_group><name>Sales</name><from_quantity>1</from_quantity>"
        "<price>-1</price><reduction>10</reduction><reduction_tax>1</reduction_tax>"
        "<reduction_type>percentage</reduction_type></x>",
    )
    assert price(ask) == "100.000000"
    made = _put(ask, id_specific_price_rule=str(rule))
    kept = _put(ask, reduction="0.2")
    assert ask("DELETE", f"specific_price_rules/{rule}").status == 200
    assert ask.get(f"specific_prices/{made}").status == 404
    assert ask.get(f"specific_prices/{kept}").status == 200
