"""The inventory pause: when it ends, and what it keeps here."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, create_engine

from pos_exporter.assembled import Assembled
from pos_exporter.state import METADATA
from pos_exporter.stock_pause import (
    BadMomentError,
    parse_until,
    pause,
    paused_until,
    without_stock,
)
from protocol.records import Stock, TaxRate, parse_record

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 14:00 in Paris


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("18:30", datetime(2026, 11, 24, 17, 30, tzinfo=UTC)),
        ("18h30", datetime(2026, 11, 24, 17, 30, tzinfo=UTC)),
        ("9:05", datetime(2026, 11, 25, 8, 5, tzinfo=UTC)),  # over today: tomorrow's
        ("14:00", datetime(2026, 11, 25, 13, 0, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, 23, 0, tzinfo=UTC)),  # to the end of the day
        (" 2026-11-30 ", datetime(2026, 11, 30, 23, 0, tzinfo=UTC)),
        ("2027-03-27", datetime(2027, 3, 27, 23, 0, tzinfo=UTC)),
        ("2027-03-28", datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),  # summer time since that night
    ],
)
def test_what_a_person_means(text: str, moment: datetime) -> None:
    assert parse_until(text, NOW, PARIS) == moment


@pytest.mark.parametrize("text", ["", "demain", "25:00", "12:60", "2026-11-23", "2026-13-01"])
def test_what_cannot_be_read_or_is_over(text: str) -> None:
    with pytest.raises(BadMomentError):
        parse_until(text, NOW, PARIS)


def test_it_ends_by_itself_or_by_a_word(connection: Connection) -> None:
    assert paused_until(connection, NOW) is None
    until = NOW + timedelta(hours=2)
    pause(connection, until)
    assert paused_until(connection, NOW) == until
    assert paused_until(connection, until - timedelta(seconds=1)) == until
    assert paused_until(connection, until) is None
    pause(connection, until)
    pause(connection, None)
    assert paused_until(connection, NOW) is None


def test_figures_stay_here_and_nothing_seems_gone() -> None:
    tax = parse_record(b'{"kind":"tax_rate","key":"N","rate":"20"}', place="test")
    assert isinstance(tax, TaxRate)
    read = Assembled((tax, Stock(key="a:1", quantity=3)), (), (), {}, unread=frozenset({"photo"}))
    said = without_stock(read)
    assert said.records == (tax,)
    assert said.unread == {"photo", "stock"}
