"""What a person gives back of an order, in the order book."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from protocol.records import Role
from shop_agent.orders import book, order_rows, reserving
from shop_agent.orders.positions import set_baseline
from shop_agent.state import METADATA
from tests.shop_agent.orders.cases import light

UID = light(1, (12, 40, 2)).uid


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def key_of(product: int, combination: int) -> str | None:
    return {(12, 40): "v:1", (12, 39): "v:1", (13, 0): "a:2"}.get((product, combination))


def note(connection: Connection, role: Role, units: int = 2, state: int = 10) -> None:
    book.note(connection, light(1, (12, 40, units), (13, 0, 1), (99, 0, 5), state=state), role)


def test_what_is_kept_now_becomes_the_floor(connection: Connection) -> None:
    note(connection, "awaiting_payment")
    assert reserving.released(connection) == {}
    assert reserving.release(connection, UID, key_of) == {"v:1", "a:2"}
    assert reserving.released(connection) == {UID: {"v:1": 2, "a:2": 1}}
    note(connection, "awaiting_payment", units=3)  # what comes on top is above the floor
    assert reserving.released(connection) == {UID: {"v:1": 2, "a:2": 1}}


def test_a_better_state_ends_it_for_good(connection: Connection) -> None:
    note(connection, "awaiting_payment")
    reserving.release(connection, UID, key_of)
    note(connection, "cancelled", state=36)
    assert UID in reserving.released(connection)
    note(connection, "paid", state=32)
    assert reserving.released(connection) == {}
    note(connection, "awaiting_payment")
    assert reserving.released(connection) == {}


def test_nothing_is_given_back_of_what_keeps_nothing(connection: Connection) -> None:
    assert reserving.release(connection, UID, key_of) == frozenset()
    set_baseline(connection, 5, (), "2026-12-01 00:00:00")
    note(connection, "awaiting_payment")
    assert reserving.release(connection, UID, key_of) == frozenset()
    assert reserving.released(connection) == {}


def test_without_the_strict_rule_an_order_that_is_over_keeps_nothing(
    connection: Connection,
) -> None:
    note(connection, "paid")
    row = order_rows.find(connection, UID)
    assert row is not None
    assert reserving.units_by_name(row, key_of) == {"v:1": 2, "a:2": 1}
    note(connection, "cancelled", state=36)
    row = order_rows.find(connection, UID)
    assert row is not None
    assert reserving.units_by_name(row, key_of, strict=False) == {}


def test_an_order_that_went_out_is_remembered_as_such(connection: Connection) -> None:
    note(connection, "paid")
    row = order_rows.find(connection, UID)
    assert row is not None
    assert not row.went_out
    note(connection, "shipped", state=34)
    note(connection, "refunded", state=37)
    row = order_rows.find(connection, UID)
    assert row is not None
    assert row.went_out
