"""Held classes and a person's yes: up to what was shown, for a day, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, make_url

from pos_exporter.approvals import (
    SHRUNKEN,
    NotHeldError,
    TooManyHeldError,
    approve,
    end_reading,
    held_classes,
    hold_reading,
    reading_allowed,
    take_held,
    yes_to_say,
)
from pos_exporter.state import METADATA
from protocol.program.engine import make_engine
from protocol.records import Approval, HeldClass

NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
DAY = timedelta(hours=24)


@pytest.fixture
def state() -> Iterator[Connection]:
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def held(count: int = 57, key: str = "deactivations") -> HeldClass:
    return HeldClass(key=key, count=count, of=210, examples=("H01-1 Derby",), since=NOW)


def test_what_the_site_holds_is_shown_until_it_holds_it_no_more(state: Connection) -> None:
    take_held(state, held(40))
    take_held(state, held())
    (one,) = held_classes(state, NOW)
    assert (one.key, one.count, one.of, one.examples) == (
        "deactivations", 57, 210, ("H01-1 Derby",),
    )  # fmt: skip
    assert (one.since, one.approved_until) == (NOW, None)
    take_held(state, held(0))
    assert held_classes(state, NOW) == ()


def test_a_yes_covers_what_was_shown_for_a_day(state: Connection) -> None:
    take_held(state, held())
    given = approve(state, "deactivations", None, NOW)
    assert given == Approval(key="deactivations", up_to=57, until=NOW + DAY)
    assert held_classes(state, NOW)[0].approved_until == NOW + DAY
    assert held_classes(state, NOW + DAY + timedelta(seconds=1))[0].approved_until is None


def test_a_yes_is_said_once_and_again_where_answers_begin_anew(state: Connection) -> None:
    take_held(state, held())
    given = approve(state, "deactivations", 60, NOW)
    assert given.up_to == 60
    assert yes_to_say(state, NOW) == (given,)
    assert yes_to_say(state, NOW) == ()
    assert yes_to_say(state, NOW, again=True) == (given,)
    assert yes_to_say(state, NOW + DAY + timedelta(seconds=1), again=True) == ()


def test_a_yes_ends_with_its_class(state: Connection) -> None:
    take_held(state, held())
    approve(state, "deactivations", None, NOW)
    take_held(state, held(0))
    assert yes_to_say(state, NOW, again=True) == ()


def test_nobody_says_yes_to_what_is_not_held_or_was_not_seen(state: Connection) -> None:
    take_held(state, held())
    with pytest.raises(NotHeldError) as raised:
        approve(state, "prices", None, NOW)
    assert raised.value.facts["held"] == "deactivations"
    with pytest.raises(TooManyHeldError) as seen:
        approve(state, "deactivations", 56, NOW)
    assert (seen.value.facts["count"], seen.value.facts["up_to"]) == ("57", "56")
    assert yes_to_say(state, NOW) == ()


def test_a_suspicious_reading_is_held_here_and_its_yes_never_travels(state: Connection) -> None:
    hold_reading(state, 40, 100, "articles", NOW)
    hold_reading(state, 30, 100, "articles", NOW + timedelta(hours=1))
    (one,) = held_classes(state, NOW)
    assert (one.key, one.count, one.of, one.since) == (SHRUNKEN, 70, 100, NOW)
    assert reading_allowed(state, NOW) == 0
    approve(state, SHRUNKEN, None, NOW)
    assert reading_allowed(state, NOW) == 70
    assert reading_allowed(state, NOW + DAY + timedelta(seconds=1)) == 0
    assert yes_to_say(state, NOW, again=True) == ()
    end_reading(state)
    assert (reading_allowed(state, NOW), held_classes(state, NOW)) == (0, ())


def test_a_yes_said_twice_is_one(state: Connection) -> None:
    take_held(state, held())
    given = approve(state, "deactivations", None, NOW)
    assert yes_to_say(state, NOW) == (given,)
    assert approve(state, "deactivations", None, NOW + timedelta(seconds=2)) == given
    assert yes_to_say(state, NOW) == ()


def test_a_class_that_grew_or_is_held_anew_asks_again(state: Connection) -> None:
    take_held(state, held())
    approve(state, "deactivations", None, NOW)
    take_held(state, held(58))
    assert held_classes(state, NOW)[0].approved_until is None
    assert approve(state, "deactivations", None, NOW).up_to == 58
    take_held(state, held(58))
    assert held_classes(state, NOW)[0].approved_until == NOW + DAY
    # The site let nothing through: it holds them anew.
    anew = HeldClass(key="deactivations", count=58, of=210, since=NOW + timedelta(hours=1))
    take_held(state, anew)
    assert held_classes(state, NOW)[0].approved_until is None
    assert yes_to_say(state, NOW, again=True) == ()


def test_a_yes_to_one_loss_is_none_to_another(state: Connection) -> None:
    hold_reading(state, 40, 100, "articles", NOW)
    approve(state, SHRUNKEN, None, NOW)
    hold_reading(state, 60, 100, "photos", NOW)
    assert reading_allowed(state, NOW) == 0
