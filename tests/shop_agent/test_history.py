"""The history: whose doing a change is, and how long it is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, make_url

from protocol.link.staging import Delivery
from protocol.packet import Line as PacketLine
from protocol.program.engine import make_engine
from protocol.records import Brand
from shop_agent.actions import Create, Delete, Last, Subject, Update
from shop_agent.history import History, Keep, Line, lines_of, who_wrote
from shop_agent.prestashop.entities import Write
from shop_agent.reception import Reception
from shop_agent.replica import Replica
from shop_agent.state import METADATA

ARTICLE = Subject("article", "1042")
ROW = Subject("specific_price", "1042||0|1|2026-01-01 00:00:00")
NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    ("last", "who"),
    [
        (None, "till"),
        (Last("8", "8"), "till"),
        (Last("9", "9"), "healed"),
        (Last("9", "9", edited=True), "taken-back"),
    ],
)
def test_the_same_value_twice_means_that_the_site_had_drifted(last: Last | None, who: str) -> None:
    assert who_wrote(last, "9") == who


def test_a_line_has_the_packet_of_its_fact(connection: Connection) -> None:
    brand = Brand(key="b1", name="Marque")
    line = PacketLine("brand", "b1", brand, None)
    Reception(connection).receive(
        Delivery("catalogue", 3, 17, (line,), packed_at="2026-11-24T08:00:00Z")
    )
    fact = Replica(connection).find("brand", "b1")
    assert fact is not None
    assert (fact.packet, fact.packed_at) == ((3, 17), "2026-11-24T08:00:00Z")
    subject = Subject("brand", "b1")
    History(connection).note([Line(subject, "manufacturers", 4, after="created")], NOW)
    [change] = History(connection).last([("brand", "b1")], 10)
    assert (change.packet, change.id, change.after, change.who) == ((3, 17), 4, "created", "till")
    assert History(connection).linked(subject) == change


def test_what_is_old_or_too_much_is_forgotten(connection: Connection) -> None:
    history = History(connection, Keep(days=10, lines=2))
    history.note([Line(ARTICLE, "products", 7, "name", 1, "a", "b")], NOW - timedelta(days=11))
    for number in range(4):
        line = Line(ARTICLE, "products", 7, "price", 0, str(number), str(number + 1))
        history.note([line], NOW)
    found = history.last([("article", "1042")], 10)
    assert [(one.field, one.after) for one in found] == [("price", "4"), ("price", "3")]


def test_rows_of_special_prices_come_with_their_article(connection: Connection) -> None:
    sent = {("reduction", 0): "0.2"}
    made = lines_of(Create(ROW, "specific_prices", Write(), sent), 8, {})
    gone = lines_of(Delete(ROW, "specific_prices", 8), 8, {})
    History(connection).note([*made, *gone], NOW)
    found = History(connection).last([("article", "1042")], 10)
    assert [(one.field, one.after) for one in found] == [
        ("", "deleted"), ("reduction", "0.2"), ("", "created"),
    ]  # fmt: skip
    assert History(connection).last([("article", "104")], 10) == ()


def test_a_new_entity_is_one_line_and_a_change_one_per_field() -> None:
    sent = {("price", 0): "9", ("name", 1): "Derby"}
    assert len(lines_of(Create(ARTICLE, "products", Write(), sent), 7, {})) == 1
    update = Update(ARTICLE, "products", Write(7), sent, {("price", 0): "8"})
    price, name = lines_of(update, 7, {("name", 1): Last("Derby", "Derby")})
    assert (price.before, price.after, price.who) == ("8", "9", "till")
    assert (name.before, name.lang, name.who) == (None, 1, "healed")
