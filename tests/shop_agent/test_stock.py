"""Figures written into a simulated shop while somebody buys at the worst moments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from protocol.records import Counted, Stock
from protocol.values import format_time
from shop_agent.apply import Desk
from shop_agent.reconcile.stock import Floor, Sellable
from shop_agent.report import Report
from shop_agent.state import LINK
from shop_agent.stock import StockWriter
from tests.shop_agent.shop_floor import NOW, an_article, open_floor
from tests.shop_agent.shop_floor import Floor as ShopFloor


@pytest.fixture
def floor() -> Iterator[ShopFloor]:
    with open_floor() as made:
        yield made


@dataclass
class Buyers:
    """An order book in which orders appear at the n-th reading.

    Args:
        floor: Where they buy.
        coming: Per reading, orders placed just before it: (uid, sellable, units).
        known: Orders of earlier passes, by sellable.
        placing: What orders without a state take.
        given: What is settled or released, by stock key and uid.
        readings: How often orders were read.
    """

    floor: ShopFloor
    coming: list[list[tuple[str, Sellable, int]]] = field(default_factory=list)
    known: dict[Sellable, list[tuple[str, int]]] = field(default_factory=dict)
    placing: frozenset[Sellable] = frozenset()
    given: dict[str, dict[str, Floor]] = field(default_factory=dict)
    readings: int = 0

    def refresh(self) -> frozenset[Sellable]:
        fresh = self.coming[self.readings] if self.readings < len(self.coming) else []
        self.readings += 1
        for uid, sellable, units in fresh:
            self.known.setdefault(sellable, []).append((uid, units))
        return frozenset(sellable for _, sellable, _ in fresh)

    def reserved(self) -> Mapping[str, Mapping[str, int]]:
        name_of = self.floor.desk().links.stock_key
        return {name_of(*at) or "": dict(orders) for at, orders in self.known.items()}

    def floors(self) -> Mapping[str, Mapping[str, Floor]]:
        return self.given

    def without_state(self) -> frozenset[Sellable]:
        return self.placing


def product_of(floor: ShopFloor, key: str) -> int:
    return floor.product(f"REF-{key}").id


def shown(floor: ShopFloor, key: str) -> int:
    """Return what the site shows of an article without variants."""
    [row] = [
        row
        for row in floor.webservice.find_any(
            "stock_availables", "id_product", [product_of(floor, key)]
        )
        if row.whole("id_product_attribute") == 0
    ]
    return row.whole("quantity")


def by_itself(floor: ShopFloor, at: Sellable, quantity: int) -> None:
    """Have the shop change a figure by itself, without telling anybody."""
    sql = "UPDATE stock_availables SET quantity = ? WHERE id_product = ?"
    floor.shop.execute(sql, quantity, at[0])


def write(
    floor: ShopFloor, buyers: Buyers, *, full: bool = False, later: timedelta = timedelta(0)
) -> Report:
    desk: Desk = replace(floor.desk(), clock=lambda: NOW + later)
    ticks = iter(range(10_000))
    writer = StockWriter(desk, buyers, floor.profile(), elapsed=lambda: next(ticks) / 1000)
    writer.run(full=full)
    return desk.report


def with_articles(floor: ShopFloor, **quantities: int) -> None:
    floor.say(*(an_article(key) for key in quantities))
    floor.run()
    floor.say(*(Stock(key=f"a:{key}", quantity=n) for key, n in quantities.items()))


def test_an_order_in_the_window_is_put_right_counted_and_its_length_noted(
    floor: ShopFloor,
) -> None:
    with_articles(floor, A=9)
    at = (product_of(floor, "A"), 0)
    # The second reading looks back: the order came after the first, before the write.
    buyers = Buyers(floor, coming=[[], [("late", at, 2)]])
    report = write(floor, buyers)
    assert shown(floor, "A") == 7
    assert report.exposures == 1
    assert 0 < report.exposure_longest <= report.exposure_seconds


def test_it_looks_back_until_no_new_order_appears(floor: ShopFloor) -> None:
    with_articles(floor, A=20)
    at = (product_of(floor, "A"), 0)
    waves = [[(f"order-{n}", at, 1)] for n in range(12)]
    report = write(floor, Buyers(floor, coming=[[], *waves]))
    assert shown(floor, "A") == 8
    assert report.exposures >= 6


def test_what_a_fresh_order_touched_is_verified_once_more_in_the_next_pass(
    floor: ShopFloor,
) -> None:
    with_articles(floor, A=9)
    at = (product_of(floor, "A"), 0)
    buyers = Buyers(floor, coming=[[("A1", at, 1)]])
    write(floor, buyers)
    assert shown(floor, "A") == 8
    by_itself(floor, at, 5)  # as an order does whose lines came after its head
    write(floor, buyers)
    assert shown(floor, "A") == 8
    by_itself(floor, at, 5)
    readings = buyers.readings
    write(floor, buyers)
    assert (shown(floor, "A"), buyers.readings) == (5, readings)  # an idle pass asks nothing


def test_an_order_without_a_state_is_looked_at_in_every_pass(floor: ShopFloor) -> None:
    with_articles(floor, A=9)
    at = (product_of(floor, "A"), 0)
    buyers = Buyers(floor, placing=frozenset({at}))
    for _ in range(3):
        write(floor, buyers)
        assert shown(floor, "A") == 9
        by_itself(floor, at, 4)
    buyers.placing = frozenset()
    write(floor, buyers)
    assert shown(floor, "A") == 9
    by_itself(floor, at, 4)
    write(floor, buyers)
    assert shown(floor, "A") == 4


def test_what_is_settled_or_released_is_sold_again(floor: ShopFloor) -> None:
    with_articles(floor, A=9, B=9)
    buyers = Buyers(
        floor,
        known={
            (product_of(floor, "A"), 0): [("o1", 4)],
            (product_of(floor, "B"), 0): [("o2", 4)],
        },
        given={"a:A": {"o1": Floor(settled=4)}, "a:B": {"o2": Floor(released=1)}},
    )
    report = write(floor, buyers)
    assert (shown(floor, "A"), shown(floor, "B")) == (9, 6)
    shares = {one.key: one.shares for one in report.figures.values()}
    assert (shares["a:A"]["o1"].settled, shares["a:B"]["o2"].released) == (4, 1)


@pytest.mark.parametrize(("choice", "figure"), [({}, -2), ({"oversale": "zero"}, 0)])
def test_an_oversale_is_shown_as_the_merchant_says(
    floor: ShopFloor, choice: dict[str, object], figure: int
) -> None:
    floor.choose(stock=choice)
    with_articles(floor, A=1)
    at = (product_of(floor, "A"), 0)
    report = write(floor, Buyers(floor, known={at: [("o1", 3)]}))
    assert shown(floor, "A") == figure
    assert [one.oversold for one in report.figures.values()] == [2]


def test_what_may_be_ordered_without_stock_is_below_zero_as_ever(floor: ShopFloor) -> None:
    floor.choose(stock={"oversale": "zero"})
    with_articles(floor, A=1)
    at = (product_of(floor, "A"), 0)
    floor.shop.execute("UPDATE stock_availables SET out_of_stock = 1 WHERE id_product = ?", at[0])
    report = write(floor, Buyers(floor, known={at: [("o1", 3)]}))
    assert shown(floor, "A") == -2
    assert [one.oversold for one in report.figures.values()] == [0]


def test_a_silent_till_lowers_the_figures_and_raises_them_when_it_speaks(
    floor: ShopFloor,
) -> None:
    floor.choose(stock={"silent_after_hours": 20, "silent_buffer": 3, "silent_low": 2})
    with_articles(floor, A=9, B=5, C=-1)
    hear(floor, NOW_TEXT)
    buyers = Buyers(floor)
    write(floor, buyers, later=timedelta(hours=20))
    assert [shown(floor, key) for key in "ABC"] == [9, 5, -1]
    # Nothing was received since: the figures fall all the same, and by themselves.
    report = write(floor, buyers, later=timedelta(hours=21))
    assert [shown(floor, key) for key in "ABC"] == [6, 0, -1]
    assert {one.silent for one in report.figures.values()} == {True}
    write(floor, buyers, later=timedelta(hours=22))
    assert [shown(floor, key) for key in "ABC"] == [6, 0, -1]
    hear(floor, format_time(NOW + timedelta(hours=23)))
    write(floor, buyers, later=timedelta(hours=23))
    assert [shown(floor, key) for key in "ABC"] == [9, 5, -1]


def test_no_limit_no_silence(floor: ShopFloor) -> None:
    with_articles(floor, A=9)
    hear(floor, NOW_TEXT)
    write(floor, Buyers(floor), later=timedelta(days=300))
    assert shown(floor, "A") == 9


def test_counted_and_buffer_still_make_the_figure(floor: ShopFloor) -> None:
    floor.choose(buffer=1)
    with_articles(floor, A=9)
    at = (product_of(floor, "A"), 0)
    floor.say(Stock(key="a:A", quantity=7, counted=(Counted(order="o1", quantity=2),)))
    write(floor, Buyers(floor, known={at: [("o1", 3)]}))
    assert shown(floor, "A") == 7 - 1 - 1


def test_what_a_pilot_leaves_out_is_left_alone_whoever_buys_it(floor: ShopFloor) -> None:
    with_articles(floor, A=9, B=9)
    write(floor, Buyers(floor))
    outside = (product_of(floor, "B"), 0)
    by_itself(floor, outside, 5)  # the web team's own figure
    floor.say(Stock(key="a:A", quantity=8))
    desk = replace(floor.desk(), concerns=lambda subject: subject.key == "a:A")
    buyers = Buyers(floor, coming=[[], [("late", outside, 2)]])
    StockWriter(desk, buyers, floor.profile(), elapsed=lambda: 0.0).run(full=False)
    assert (shown(floor, "A"), shown(floor, "B")) == (8, 5)


NOW_TEXT = format_time(NOW)


def hear(floor: ShopFloor, at: str) -> None:
    """Note that a packet of the till was verified at this moment."""
    table = LINK.in_stream
    with floor.engine.begin() as connection:
        connection.execute(table.delete())
        connection.execute(
            insert(table).values(
                stream="catalogue", epoch=1, seq=1, head="", with_records=1, failed_polls=0,
                failed_epoch=0, failed_seq=0, gap_polls=0, last_at=at,
            )
        )  # fmt: skip
