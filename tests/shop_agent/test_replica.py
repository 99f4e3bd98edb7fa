"""What the replica remembers of writes, seen or not."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, make_url

from protocol.program.engine import make_engine
from shop_agent.actions import Last, Subject
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
