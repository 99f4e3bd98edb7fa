"""What the till's side does with settlements: leaves out, gives back, loses."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, insert, update

from pos_exporter.settlements import left_out, lose, settled, take, to_say
from pos_exporter.state import METADATA, STATE
from protocol.records import Counted, SettledUnits, Settlement, Stock, TaxRate

ORDER = "shop.example/1/12/XKBKNABJK/2026-11-24 10:00:00"


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def settlement(**units: int) -> Settlement:
    parts = tuple(SettledUnits(key=f"v:{key[1:]}", quantity=n) for key, n in units.items())
    return Settlement(key=ORDER, units=parts)


def stock(counted: int) -> Stock:
    entries = (Counted(order=ORDER, quantity=counted), Counted(order="other", quantity=1))
    return Stock(key="v:40", quantity=5, counted=entries)


@pytest.mark.parametrize(("counted", "said"), [(1, 0), (2, 0), (3, 3)])
def test_only_what_is_above_the_settled_units_is_counted_and_then_whole(
    counted: int, said: int
) -> None:
    tax = TaxRate(key="N", rate="20")  # type: ignore[arg-type]  # as it travels
    kept_tax, figure = left_out((tax, stock(counted)), {ORDER: {"v:40": 2}})
    assert kept_tax is tax
    assert isinstance(figure, Stock)
    assert {one.order: one.quantity for one in figure.counted} == {
        **({ORDER: said} if said else {}),
        "other": 1,
    }
    assert figure.quantity == 5


def test_units_of_another_sellable_settle_nothing() -> None:
    assert left_out((stock(2),), {ORDER: {"v:41": 2}}) == (stock(2),)


def test_the_last_word_of_the_site_counts(connection: Connection) -> None:
    take(connection, settlement(v40=2))
    take(connection, settlement(v40=1, v41=3))
    assert settled(connection) == {ORDER: {"v:40": 1, "v:41": 3}}
    assert to_say(connection) == ()


def test_all_are_said_again_where_answers_begin_anew(connection: Connection) -> None:
    take(connection, settlement(v40=2))
    assert to_say(connection, again=True) == (settlement(v40=2),)


def test_a_lost_order_is_said_until_the_site_agrees(connection: Connection) -> None:
    take(connection, settlement(v40=2))
    lose(connection, {ORDER, "nobody"})
    void = Settlement(key=ORDER, void=True)
    assert settled(connection) == {}
    assert to_say(connection) == (void,)
    assert to_say(connection) == ()
    assert to_say(connection, again=True) == (void,)
    take(connection, void)
    assert to_say(connection, again=True) == ()


def test_what_the_till_has_lost_is_settled_by_no_word_that_was_on_its_way(
    connection: Connection,
) -> None:
    row = {
        "uid": ORDER, "revision": "0" * 64, "body": b"", "shop_id": 12, "reference": "XKBKNABJK",
        "role": "shipped", "total": "1.00 EUR", "placed_at": "2026-11-24 10:00:00",
        "received_at": "2026-11-24T09:00:00Z", "state": "waiting", "answered": True,
        "lost": "2026-11-25T09:00:00Z",
    }  # fmt: skip
    connection.execute(insert(STATE.web_order).values(**row))
    take(connection, settlement(v40=2))
    assert settled(connection) == {}
    assert to_say(connection) == (Settlement(key=ORDER, void=True),)
    connection.execute(update(STATE.web_order).values(lost=None))
    take(connection, settlement(v40=2))
    assert settled(connection) == {ORDER: {"v:40": 2}}
