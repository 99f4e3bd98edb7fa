"""When has the till followed an order that the site changed? When its figures say so."""

from decimal import Decimal

import pytest

from pos_exporter.orders_units import counted_units, pack_units, units_kept
from protocol.records import Article, Counted, OrderState, PackPart, Price, Role, Stock, TaxRate
from tests.pos_exporter.intake.orders import line, order


def state(role: Role) -> OrderState:
    return OrderState(id=6, role=role, name=role)


def test_an_order_keeps_the_units_of_its_lines_by_stock_key() -> None:
    said = order("A", line(1, "v:10", 2), line(2, "a:7", 1), line(3, "v:10", 1))
    assert units_kept(said) == {"v:10": 3, "a:7": 1}


@pytest.mark.parametrize("role", ["cancelled", "payment_error", "refunded", "dead"])
def test_an_order_that_is_over_keeps_nothing(role: Role) -> None:
    assert units_kept(order("A", line(1, "v:10", 2), state=state(role))) == {}


def test_a_line_that_names_nothing_of_the_till_cannot_be_compared() -> None:
    assert units_kept(order("A", line(1, "v:10", 2), line(2, None))) is None
    over = order("A", line(1, None), state=state("cancelled"))
    assert units_kept(over) == {}


def test_what_the_figures_contain_is_gathered_by_order() -> None:
    records = [
        TaxRate(key="1", rate=Decimal(20)),
        Stock(key="v:10", quantity=3, counted=(Counted(order="A", quantity=2),)),
        Stock(
            key="a:7",
            quantity=-1,
            counted=(Counted(order="A", quantity=1), Counted(order="B", quantity=4)),
        ),
        Stock(key="a:8", quantity=5),
    ]
    assert counted_units(records) == {"A": {"v:10": 2, "a:7": 1}, "B": {"a:7": 4}}


@pytest.mark.parametrize(("has_figure", "own"), [(True, {"a:9": 2}), (False, {})])
def test_with_a_pack_the_till_loses_its_components(has_figure: bool, own: dict[str, int]) -> None:
    pack = Article(
        key="9", reference="SET", name={"fr": "Coffret"}, price=Price(amount=Decimal(99)),
        tax_rate="1", nature="pack",
        parts=(PackPart(article="7", quantity=2), PackPart(variant="10", quantity=1)),
    )  # fmt: skip
    figures = (Stock(key="a:9", quantity=5),) if has_figure else ()
    packs = pack_units([pack, *figures])
    said = order("A", line(1, "a:9", 2), line(2, "a:7", 1))
    assert units_kept(said, packs) == {"a:7": 5, "v:10": 2, **own}
