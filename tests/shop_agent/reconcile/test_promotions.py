"""Whatever promotions meet, each customer pays the lowest price, to the cent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocol.money import excluding_tax
from protocol.records import ListPrice, PriceList, Promotion
from shop_agent.actions import Subject
from shop_agent.price_errors import (
    AmbiguousGroupError,
    NoSuchDateError,
    NoSuchGroupError,
    OtherCurrencyError,
)
from shop_agent.reconcile.discounts import Cut, Product, Sellable
from shop_agent.reconcile.promotions import OPEN, Row, price_product
from shop_agent.reconcile.terms import Term, list_term, promotion_term

NOW = "2026-11-24 08:45:00"
GROUPS = {1: ("Visiteur", "Visitor"), 3: ("Clients", "Customer"), 4: ("Pros", "Trade"), 5: ("B",)}
RATE = Decimal(20)


def product(
    *prices: str, base: str = "50", rate: Decimal = RATE, ecotax: str = "0", linked: bool = True
) -> Product:
    """Return an article with variants of these prices, or without variants."""
    net = excluding_tax(Decimal(base) - Decimal(ecotax), rate)
    sellables = [
        Sellable(f"1042-{n}", 40 + n if linked else None, Decimal(price),
                 excluding_tax(Decimal(price) - Decimal(ecotax), rate))
        for n, price in enumerate(prices)
    ] or [Sellable("", 0, Decimal(base), net)]  # fmt: skip
    shelves = frozenset({"F", "R"})
    return Product("1042", 7, net, rate, Decimal(ecotax), tuple(sellables), shelves)


def promotion(key: str = "P", **fields: object) -> Term:
    target = {"article": "1042"} if not {"variant", "category"} & set(fields) else {}
    fact = Promotion.model_validate({"key": key, **target, **fields})
    return promotion_term(fact, GROUPS)


def listed(amount: str, key: str = "L", group: str = "Pros", **fields: object) -> Term:
    target = {} if "variant" in fields else {"article": "1042"}
    stated = {"basis": "tax_included", **target, **fields}
    fact = ListPrice.model_validate({"key": key, "price_list": "T", "amount": amount, **stated})
    return list_term(fact, PriceList(key="T", group=group), GROUPS, "EUR")


def rows(of: Product, *terms: Term, now: str = NOW) -> tuple[Row, ...]:
    return price_product(of, terms, now).rows


# --- what PrestaShop does with rows, written apart from our own arithmetic --------------------


def asked(
    of: Product, index: int, found: Sequence[Row], group: int, quantity: int, moment: datetime
) -> Decimal:
    """Return what PrestaShop asks: its choice among the rows, its price, its rounding."""
    sellable = of.sellables[index]
    fitting = [
        row
        for row in found
        if row.combination in (0, sellable.combination)
        and row.group in (0, group)
        and row.from_quantity <= quantity
        and (row.first == OPEN or row.first <= str(moment))
        and (row.last == OPEN or str(moment) <= row.last)
    ]
    order = [(row.combination, row.from_quantity, row.group != 0) for row in fitting]
    assert len(order) == len(set(order)), "two rows in one place"
    best = max(fitting, key=lambda row: (row.combination, row.from_quantity, row.group != 0),
               default=None)  # fmt: skip
    cut = best.cut if best is not None else Cut()
    impact = sellable.net - of.net
    net = of.net if cut.price is None else cut.price
    if cut.price is None or best is None or best.combination == 0:
        net += impact
    gross = net * (1 + of.rate / 100) + of.ecotax
    gross -= gross * cut.reduction if cut.percentage else cut.reduction
    return max(gross, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def lowest(
    of: Product, index: int, terms: Sequence[Term], group: int, quantity: int, moment: datetime
) -> Decimal:
    """Return what a customer should pay, read straight from SPEC §6.6."""
    sellable = of.sellables[index]
    running = [
        term
        for term in terms
        if term.from_quantity <= quantity
        and (term.first is None or term.first <= moment)
        and (term.last is None or moment <= term.last)
        and (term.variant in (None, sellable.variant))
    ]
    prices = [(t.variant is None, -t.from_quantity, t.price) for t in running
              if t.is_list and t.group == group]  # fmt: skip
    usual = min(prices)[2] if prices else sellable.price
    allowed = {group} if prices else {0, group}
    assert usual is not None
    found = [usual]
    for term in running:
        if term.is_list or term.group not in allowed:
            continue
        if term.price is not None:
            found.append(term.price)
        elif term.percent is not None:
            cents = usual * (100 - term.percent) / 100
            found.append(cents.quantize(Decimal("0.01"), ROUND_HALF_UP))
        else:
            found.append(max(Decimal(0), usual - (term.amount_off or 0)))
    return min(found)


# --- one rule after the other -----------------------------------------------------------------


def test_a_promotion_of_an_article_is_one_row() -> None:
    found = rows(product(), promotion(percent="20", starts_at="2026-11-20 00:00:00",
                                      ends_at="2026-11-30 23:59:59"))  # fmt: skip
    (row,) = found
    assert (row.combination, row.group, row.from_quantity) == (0, 0, 1)
    assert (row.first, row.last) == ("2026-11-20 00:00:00", "2026-11-30 23:59:59")
    assert row.cut == Cut(None, Decimal("0.2"), percentage=True)


def test_open_ends_and_an_amount() -> None:
    (row,) = rows(product("50", "60"), promotion(amount_off="7.50"))
    assert (row.first, row.last, row.combination) == (OPEN, OPEN, 0)
    assert row.cut == Cut(None, Decimal("7.50"))


def test_a_fixed_price_of_variants_with_their_own_prices_stands_on_each() -> None:
    of = product("50", "60")
    found = rows(of, promotion(price="39.90"))
    assert [row.combination for row in found] == [40, 41]
    assert {row.cut for row in found} == {Cut(Decimal("33.25"))}
    assert rows(product("50", "50"), promotion(price="39.90"))[0].combination == 0


def test_of_two_promotions_the_lower_counts_while_it_lasts() -> None:
    long = promotion("A", percent="10", starts_at="2026-11-01 00:00:00")
    short = promotion("B", percent="30", starts_at="2026-11-25 00:00:00",
                      ends_at="2026-11-27 23:59:59")  # fmt: skip
    found = rows(product(), long, short)
    assert [(row.first, row.last, row.cut.reduction) for row in found] == [
        ("2026-11-01 00:00:00", "2026-11-24 23:59:59", Decimal("0.1")),
        ("2026-11-25 00:00:00", "2026-11-27 23:59:59", Decimal("0.3")),
        ("2026-11-28 00:00:00", OPEN, Decimal("0.1")),
    ]


def test_what_the_lower_one_interrupts_is_one_row_when_it_is_higher() -> None:
    long = promotion("A", percent="30", ends_at="2026-12-31 23:59:59")
    short = promotion("B", percent="10", starts_at="2026-11-25 00:00:00")
    found = rows(product(), long, short)
    assert [(row.first, row.last, row.cut.reduction) for row in found] == [
        (OPEN, "2026-12-31 23:59:59", Decimal("0.3")),
        ("2027-01-01 00:00:00", OPEN, Decimal("0.1")),
    ]


def test_two_that_say_the_same_are_one() -> None:
    assert len(rows(product(), promotion("A", percent="20"), promotion("B", percent="20"))) == 1


def test_a_promotion_that_is_over_gives_no_row() -> None:
    over = promotion(percent="20", ends_at="2026-11-24 08:44:59")
    last_second = promotion(percent="20", ends_at=NOW)
    assert rows(product(), over) == ()
    assert len(rows(product(), last_second)) == 1


def test_a_category_covers_its_articles_and_no_others() -> None:
    assert len(rows(product(), promotion(category="R", percent="20"))) == 1
    assert rows(product(), promotion(category="X", percent="20")) == ()


def test_a_promotion_of_one_variant_leaves_the_others() -> None:
    (row,) = rows(product("50", "60"), promotion(variant="1042-1", percent="20"))
    assert (row.variant, row.combination) == ("1042-1", 41)


def test_different_winners_stand_on_the_combinations() -> None:
    # 12 off wins at 50, 20 % at 100.
    found = rows(
        product("50", "100"), promotion("A", amount_off="12"), promotion("B", percent="20")
    )
    assert [(row.combination, row.cut) for row in found] == [
        (40, Cut(None, Decimal(12))),
        (41, Cut(None, Decimal("0.2"), percentage=True)),
    ]


def test_a_variant_that_the_shop_lacks_is_named_only_where_it_needs_a_row() -> None:
    unlinked = product("50", "60", linked=False)
    assert price_product(unlinked, [promotion(price="30")], NOW).lacking == ("1042-0", "1042-1")
    assert price_product(unlinked, [promotion(percent="20")], NOW).lacking == ()


def test_a_price_list_stands_for_the_price_of_its_group_alone() -> None:
    (row,) = rows(product(), listed("36"))
    assert (row.group, row.cut) == (4, Cut(Decimal(30)))
    (row,) = rows(product(), listed("30", basis="tax_excluded"))
    assert row.cut == Cut(Decimal(30))


def test_a_promotion_for_everybody_does_not_lower_a_list_but_its_own_does() -> None:
    everybody, pros = promotion("A", percent="50"), promotion("B", percent="10", group="pros ")
    found = rows(product(), listed("36"), everybody)
    assert [(row.group, row.cut.price) for row in found] == [(0, None), (4, Decimal(30))]
    found = rows(product(), listed("36"), everybody, pros)
    assert found[1].cut == Cut(Decimal(30), Decimal("0.1"), percentage=True)


def test_a_larger_quantity_for_everybody_does_not_take_a_groups_price_away() -> None:
    # PrestaShop prefers the row of 5 units to the group's: the group needs its own.
    found = rows(product(), listed("36"), promotion(percent="10", from_quantity="5"))
    assert {(row.group, row.from_quantity) for row in found} == {(4, 1), (0, 5), (4, 5)}


def test_a_promotion_that_lowers_nothing_gives_no_row_and_is_told() -> None:
    dear = promotion(price="60")
    priced = price_product(product(), [dear], NOW)
    assert (priced.rows, priced.idle) == ((), frozenset({dear}))
    assert price_product(product("50", "70"), [dear], NOW).idle == frozenset()


def test_half_a_cent_falls_as_the_till_says() -> None:
    # 49.99 is 41.658333 without tax: half of it is shown as 24.99, the till says 25.00.
    (row,) = rows(product(base="49.99"), promotion(percent="50"))
    assert row.cut == Cut(None, Decimal("0.499999"), percentage=True)


def test_ecotax_stays_in_the_price_that_is_set() -> None:
    of = product(base="50", ecotax="2")
    (row,) = rows(of, promotion(price="38"))
    assert row.cut == Cut(Decimal(30))
    assert asked(of, 0, [row], 3, 1, datetime(2026, 12, 1)) == Decimal(38)  # noqa: DTZ001


def test_groups_are_found_by_any_name_and_doubtful_ones_set_aside() -> None:
    assert promotion(percent="5", group="  TRADE ").group == 4
    with pytest.raises(NoSuchGroupError) as unknown:
        promotion(percent="5", group="Gros")
    assert unknown.value.code == "E-AGT-080"
    fact = Promotion.model_validate({"key": "P", "article": "1", "percent": "5", "group": "b"})
    with pytest.raises(AmbiguousGroupError):
        promotion_term(fact, {**GROUPS, 6: ("B",)})


def test_a_day_that_does_not_exist_is_set_aside() -> None:
    with pytest.raises(NoSuchDateError) as refused:
        promotion(percent="5", ends_at="2026-02-30 00:00:00")
    assert refused.value.value == "2026-02-30 00:00:00"


def test_a_list_in_another_currency_is_set_aside() -> None:
    with pytest.raises(OtherCurrencyError):
        listed("36", currency="CHF")


# --- at every moment, for every customer ------------------------------------------------------

DAYS = st.integers(0, 5).map(lambda day: datetime(2026, 12, 1) + timedelta(days=day))  # noqa: DTZ001
CENTS = st.integers(1, 20_000).map(lambda cents: Decimal(cents) / 100)


@st.composite
def terms_of(draw: st.DrawFn, variants: int) -> Term:
    keys = [None, *(f"1042-{n}" for n in range(variants))]
    variant = draw(st.sampled_from(keys))
    usual = Term(
        Subject("promotion", str(draw(st.integers(0, 99)))),
        "1042" if variant is None else None, variant, None,
        group=draw(st.sampled_from([0, 0, 3, 4])),
        from_quantity=draw(st.sampled_from([1, 1, 2, 5])),
    )  # fmt: skip
    kind = draw(st.sampled_from(["percent", "amount", "price", "list"]))
    if kind == "list":
        return replace(usual, price=draw(CENTS), group=draw(st.sampled_from([3, 4])), is_list=True)
    first = draw(st.none() | DAYS)
    length = draw(st.none() | st.integers(1, 4))
    last = (None if length is None
            else (first or datetime(2026, 12, 1)) + timedelta(days=length, seconds=-1))  # noqa: DTZ001  # fmt: skip
    usual = replace(usual, first=first, last=last)
    if kind == "percent":
        return replace(usual, percent=draw(st.sampled_from([5, 10, 33, 50, 70, 100]).map(Decimal)))
    if kind == "amount":
        return replace(usual, amount_off=draw(CENTS))
    return replace(usual, price=draw(CENTS))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Product, list[Term]]:
    prices = draw(st.lists(st.sampled_from(["50", "60", "49.99", "8.35"]), max_size=3))
    rate = draw(st.sampled_from(["20", "10", "5.5", "2.1", "0"]).map(Decimal))
    of = product(*prices, base=draw(st.sampled_from(["50", "49.99", "9.95"])), rate=rate)
    return of, draw(st.lists(terms_of(len(prices)), max_size=5))


_OFFSET = Term(Subject("promotion", "1"), "1042", None, None, 0, 5, percent=Decimal(10))
_GROUP = Term(Subject("list_price", "2"), "1042", None, None, 4, 1, price=Decimal(36), is_list=True)


@settings(max_examples=200, deadline=None)
@given(scenes())
@example((product(), [_OFFSET, _GROUP]))
@example((product(base="49.99"), [replace(_OFFSET, percent=Decimal(50), from_quantity=1)]))
def test_each_customer_pays_the_lowest_price_at_every_moment(
    scene: tuple[Product, list[Term]],
) -> None:
    of, terms = scene
    found = rows(of, *terms)
    midnight = datetime(2026, 11, 30)  # noqa: DTZ001 - the shop's local time has no zone
    seconds = (timedelta(seconds=-1), timedelta())
    for moment in (midnight + timedelta(days=day) + off for day in range(12) for off in seconds):
        for index in range(len(of.sellables)):
            for group in (1, 3, 4):
                for quantity in (1, 2, 4, 5):
                    customer = (group, quantity, moment)
                    paid = asked(of, index, found, *customer)
                    assert paid == lowest(of, index, terms, *customer), customer
