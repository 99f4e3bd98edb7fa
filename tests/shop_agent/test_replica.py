"""What the replica remembers of writes, seen or not."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, make_url

from protocol.errors import Problem, Text
from protocol.link.staging import Delivery
from protocol.packet import Line
from protocol.program.engine import make_engine
from protocol.records import Brand, SnapshotEnd, Withheld
from shop_agent.actions import Last, Subject
from shop_agent.reception import Reception
from shop_agent.replica import Replica
from shop_agent.state import METADATA

ARTICLE = Subject("article", "1042")
PRICE, EAN = ("price", 0), ("ean13", 0)
NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_an_open_write_counts_only_over_a_value_from_before(connection: Connection) -> None:
    # The first write to an adopted product may never have happened: it is written again.
    replica = Replica(connection)
    replica.journal.remember("products", 7, {PRICE: Last("10", "10")})
    replica.journal.open_intent(ARTICLE, "products", "PATCH", 7, {PRICE: "12", EAN: "376"}, NOW)
    memory = replica.journal.memories("products", [7, 8])
    assert memory[7].last == {PRICE: Last("10", "10")}
    assert memory[7].pending == {PRICE: "12"}
    assert (memory[8].last, memory[8].pending) == ({}, {})


def test_a_settled_article_has_no_open_write(connection: Connection) -> None:
    replica = Replica(connection)
    replica.journal.remember("products", 7, {PRICE: Last("10", "10")})
    replica.journal.open_intent(ARTICLE, "products", "PATCH", 7, {PRICE: "12"}, NOW)
    replica.journal.close_intents_of(ARTICLE)
    assert replica.journal.memories("products", [7])[7].pending == {}


# --- snapshots -------------------------------------------------------------------------------


def _facts(*keys: str) -> list[Line]:
    said = [Brand(key=key, name=key) for key in keys]
    return [Line("brand", one.key, one, None) for one in said]


def _snapshot(connection: Connection, lines: list[Line], *scope: str) -> None:
    end = SnapshotEnd(key="s", scope=scope)
    last = Line("snapshot_end", "s", end, None)
    Reception(connection).receive(Delivery("catalogue", 1, 1, (*lines, last), snapshot=True))


def _gone(connection: Connection) -> set[str]:
    facts = Replica(connection).facts("brand", dirty_only=False)
    return {fact.record.key for fact in facts if fact.gone is not None}


BAD = Problem("E-REC-002", "line 3", "", Text("", ""), Text("", ""))


@pytest.mark.parametrize(
    ("lines", "scope", "gone"),
    [
        (_facts("b1"), ("brand",), {"b2"}),
        # A row that cannot be read is there all the same.
        ([*_facts("b1"), Line("brand", "b2", None, BAD)], ("brand",), set()),
        # One of which not even the key can be read may be any of them.
        ([*_facts("b1"), Line("", "", None, BAD)], ("brand",), set()),
        ([*_facts("b1"), Line("brand", "", None, BAD)], ("brand",), set()),
        # The mapping lost the entity: the kind is not in the scope.
        ([], ("article", "variant"), set()),
    ],
)
def test_a_shrunken_snapshot_makes_nothing_disappear_that_it_does_not_speak_of(
    connection: Connection, lines: list[Line], scope: tuple[str, ...], gone: set[str]
) -> None:
    _snapshot(connection, _facts("b1", "b2"), "brand")
    _snapshot(connection, lines, *scope)
    assert _gone(connection) == gone


def test_what_the_till_withholds_is_not_gone(connection: Connection) -> None:
    _snapshot(connection, _facts("b1", "b2"), "brand")
    withheld = (Withheld(kind="brand", key="b2", code="E-REC-002"),)
    end = SnapshotEnd(key="s", scope=("brand",), withheld=withheld)
    lines = (*_facts("b1"), Line("snapshot_end", "s", end, None))
    Reception(connection).receive(Delivery("catalogue", 2, 1, lines, snapshot=True))
    assert _gone(connection) == set()


@pytest.mark.parametrize(("snapshot", "dirty"), [(False, {"b1"}), (True, set())])
def test_what_the_till_says_again_by_itself_is_looked_at_again(
    connection: Connection, snapshot: bool, dirty: set[str]
) -> None:
    # A snapshot repeats everything; a delta repeats only what a person asked to be tried again.
    _snapshot(connection, _facts("b1", "b2"), "brand")
    replica = Replica(connection)
    for key in ("b1", "b2"):
        replica.mark_clean(Subject("brand", key))
    delivery = Delivery("catalogue", 1, 2, tuple(_facts("b1")), snapshot=snapshot)
    Reception(connection).receive(delivery)
    assert {fact.record.key for fact in replica.facts("brand", dirty_only=True)} == dirty
