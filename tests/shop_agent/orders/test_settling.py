"""Settling: when, with which units, and how it survives a lost state on either side."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Connection, create_engine

from protocol.records import Counted, Role, SettledUnits, Settlement, Stock
from shop_agent.orders.book import fate, note
from shop_agent.orders.documents import revision
from shop_agent.orders.floors import floors_of
from shop_agent.orders.offers import by_sellable
from shop_agent.orders.reserving import reserved
from shop_agent.orders.roles import role_of
from shop_agent.orders.settling import (
    Standing,
    Till,
    follow,
    settle,
    settled,
    settled_units,
    take,
    told_again,
)
from shop_agent.reconcile.stock import Floor
from shop_agent.state import METADATA
from tests.shop_agent.orders import cases
from tests.shop_agent.orders.test_book import LATER, told

SHIPPED, CANCELLED, PAID = 34, 36, 32


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def key_of(product: int, combination: int) -> str | None:
    """Name combinations 40 and 41, and product 7; all else is nothing of the till."""
    if combination in (40, 41):
        return f"v:{combination}"
    return "a:7" if (product, combination) == (7, 0) else None


def counting(**by_key: Mapping[str, int]) -> Till:
    """Return a till that says figures of `v40`, `v41` and `a7` with these counted orders."""
    stocks = {
        f"{name[0]}:{name[1:]}": Stock(
            key=f"{name[0]}:{name[1:]}",
            quantity=9,
            counted=tuple(Counted(order=uid, quantity=n) for uid, n in units.items()),
        )
        for name, units in by_key.items()
    }
    return Till(key_of, stocks.get)


@pytest.mark.parametrize(
    ("role", "reserved_units", "counted", "units"),
    [
        ("shipped", {"v:1": 2}, {"v:1": 2}, {"v:1": 2}),
        ("delivered", {"v:1": 2}, {"v:1": 3}, {"v:1": 2}),
        ("shipped", {"v:1": 2}, {"v:1": 1}, None),
        ("shipped", {"v:1": 2, "v:2": 1}, {"v:1": 2}, None),
        ("shipped", None, {}, None),
        ("paid", {"v:1": 2}, {"v:1": 2}, None),
        ("cancelled", {}, {}, {}),
        ("refunded", {}, {"v:1": 0}, {}),
        ("dead", {}, {}, {}),
        ("cancelled", {}, {"v:1": 2}, None),
        ("cancelled", {"v:1": 2}, {}, None),
    ],
)
def test_which_orders_are_settled(
    role: Role,
    reserved_units: Mapping[str, int] | None,
    counted: Mapping[str, int],
    units: Mapping[str, int] | None,
) -> None:
    assert settled_units(Standing(role, reserved_units, counted)) == units


def test_a_shipped_order_that_the_till_counted_is_settled_and_told_once(
    connection: Connection,
) -> None:
    order = told(connection, (12, 40, 2), (7, 0, 1), state=SHIPPED)
    till = counting(v40={order.key: 2}, a7={order.key: 1})
    assert settle(connection, till) == ()  # not answered yet
    fate(connection, order.key, revision(order), "imported")
    assert settle(connection, counting(v40={order.key: 2}, a7={})) == ()
    units = (SettledUnits(key="a:7", quantity=1), SettledUnits(key="v:40", quantity=2))
    assert settle(connection, till) == (Settlement(key=order.key, units=units),)
    assert settle(connection, till) == ()
    assert reserved(connection, by_sellable) == {}
    assert told_again(connection) == (Settlement(key=order.key, units=units),)


def test_an_order_of_what_the_till_does_not_know_is_not_settled(connection: Connection) -> None:
    order = told(connection, (12, 40, 2), (99, 0, 1), state=SHIPPED)
    fate(connection, order.key, revision(order), "imported")
    assert settle(connection, counting(v40={order.key: 2})) == ()
    assert reserved(connection, by_sellable)[(99, 0)] == {order.key: 1}


def test_a_settled_order_that_grows_keeps_what_is_above_the_floor(connection: Connection) -> None:
    order = told(connection, (12, 40, 2), state=SHIPPED)
    fate(connection, order.key, revision(order), "imported")
    settle(connection, counting(v40={order.key: 2}))
    told(connection, (12, 40, 3), state=SHIPPED, date_upd=LATER)
    assert reserved(connection, by_sellable) == {(12, 40): {order.key: 3}}
    assert floors_of(connection) == {"v:40": {order.key: Floor(settled=2)}}


def test_a_cancelled_order_that_the_till_no_longer_counts_is_settled_with_nothing(
    connection: Connection,
) -> None:
    first = told(connection, (12, 40, 2), state=PAID)
    fate(connection, first.key, revision(first), "imported")
    second = told(connection, (12, 40, 2), state=CANCELLED, date_upd=LATER)
    assert settle(connection, counting(v40={})) == ()
    fate(connection, first.key, revision(second), "imported")
    assert settle(connection, counting(v40={first.key: 2})) == ()
    assert settle(connection, counting(v40={})) == (Settlement(key=first.key),)


def test_what_the_till_gives_back_counts_before_the_order_is_known(connection: Connection) -> None:
    uid = "shop.example/1/1/REFERENC1/2026-11-24 10:00:00"
    given = Settlement(key=uid, units=(SettledUnits(key="v:40", quantity=2),))
    assert take(connection, given) == {"v:40"}
    order = told(connection, (12, 40, 2), state=SHIPPED)
    assert order.key == uid
    assert floors_of(connection) == {"v:40": {uid: Floor(settled=2)}}
    fate(connection, uid, revision(order), "imported")
    # The till counts it no more: that it is settled is known, and not told again.
    assert settle(connection, counting(v40={})) == ()
    assert reserved(connection, by_sellable) == {}


def test_where_both_remember_differently_the_smaller_counts_and_is_told(
    connection: Connection,
) -> None:
    order = told(connection, (12, 40, 2), (7, 0, 1), state=SHIPPED)
    fate(connection, order.key, revision(order), "imported")
    settle(connection, counting(v40={order.key: 2}, a7={order.key: 1}))
    theirs = Settlement(key=order.key, units=(SettledUnits(key="v:40", quantity=1),))
    assert take(connection, theirs) == {"v:40", "a:7"}
    assert settled(connection) == {order.key: {"v:40": 1}}
    assert reserved(connection, by_sellable)[(12, 40)] == {order.key: 2}
    assert settle(connection, counting(v40={}, a7={})) == (theirs,)
    again = settle(connection, counting(v40={order.key: 2}, a7={order.key: 1}))
    assert [one.key for one in again[0].units] == ["a:7", "v:40"]


def test_an_order_that_the_till_lost_is_kept_again(connection: Connection) -> None:
    order = told(connection, (12, 40, 2), state=SHIPPED)
    fate(connection, order.key, revision(order), "imported")
    settle(connection, counting(v40={order.key: 2}))
    assert take(connection, Settlement(key=order.key, void=True)) == {"v:40"}
    kept = reserved(connection, by_sellable)
    assert (kept, floors_of(connection)) == ({(12, 40): {order.key: 2}}, {})
    assert settle(connection, counting(v40={})) == (Settlement(key=order.key, void=True),)
    assert settle(connection, counting(v40={})) == ()


def test_a_pack_without_a_figure_of_its_own_is_settled_by_its_components(
    connection: Connection,
) -> None:
    order = told(connection, (12, 40, 2), (7, 0, 1), state=SHIPPED)
    fate(connection, order.key, revision(order), "imported")
    till = counting(v40={order.key: 2})
    packs = Till(till.stock_key_of, till.newest, lambda key: key == "a:7")
    assert settle(connection, till) == ()
    assert settle(connection, packs)[0].units == (SettledUnits(key="v:40", quantity=2),)


def grow(connection: Connection, uid: str, *lines: tuple[int, int, int], state: int) -> None:
    """Note an order of the book as it was just read in brief."""
    light = replace(cases.light(1, *lines, state=state), uid=uid)
    noted = note(connection, light, role_of(state, cases.profile()))
    follow(connection, uid, noted.kept_less, key_of)


def test_what_the_till_may_have_put_back_is_settled_no_more_once_the_order_is_served_again(
    connection: Connection,
) -> None:
    """Between two passes: the till follows a cancellation, and the shop takes it back."""
    shipped = told(connection, (12, 40, 2), state=SHIPPED)
    fate(connection, shipped.key, revision(shipped), "imported")
    settle(connection, counting(v40={shipped.key: 2}))
    over = told(connection, (12, 40, 2), state=CANCELLED, date_upd=LATER)
    assert floors_of(connection) == {"v:40": {shipped.key: Floor(settled=2)}}
    fate(connection, over.key, revision(over), "imported")
    grow(connection, shipped.key, (12, 40, 2), state=PAID)
    assert reserved(connection, by_sellable) == {(12, 40): {shipped.key: 2}}
    assert floors_of(connection).get("v:40", {}).get(shipped.key, Floor()) == Floor()
    assert settle(connection, counting(v40={})) == (Settlement(key=shipped.key),)


def test_of_an_edit_down_and_up_again_what_stayed_is_settled(connection: Connection) -> None:
    order = told(connection, (12, 40, 3), (7, 0, 1), state=SHIPPED)
    fate(connection, order.key, revision(order), "imported")
    settle(connection, counting(v40={order.key: 3}, a7={order.key: 1}))
    for units in (1, 4):
        grow(connection, order.key, (12, 40, units), (7, 0, 1), state=SHIPPED)
    assert settled(connection) == {order.key: {"v:40": 1, "a:7": 1}}
