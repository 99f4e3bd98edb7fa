"""Cases as they are kept: opened, told once, answered, ended, forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine, event, select

from protocol.keys import new_keys
from protocol.link.outbox import Outbox
from protocol.records import Case, CaseAnswer, Order, parse_record
from shop_agent.actions import Subject
from shop_agent.case_answers import take_answer
from shop_agent.case_rules import KnownOrder, Sum, Terms, Wanted, of_order, of_sum
from shop_agent.case_watch import judge_document
from shop_agent.cases import Cases, hash_of, open_cases
from shop_agent.orders import book, reserving
from shop_agent.replica import Replica
from shop_agent.state import LINK, METADATA, STATE
from tests.golden.facts import REVISION
from tests.shop_agent.orders import cases

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LONG = "x" * 120 + "/" + "0" * 64


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(LINK, new_keys("shop", label="test"))


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def low(units: int, label: str = "BOT 38") -> Wanted:
    found = of_sum(Sum("v:1", label, -units, {}), {})
    assert found is not None
    return found


def unpaid(uid: str = "uid-a") -> Wanted:
    order = KnownOrder(
        uid, "REF", 10, "awaiting_payment", "2026-11-01 00:00:00", "", kept={"v:1": 1}
    )
    [found] = of_order(order, Terms("2026-11-14 00:00:00", "2026-11-23 00:00:00"))
    return found


def told(
    connection: Connection, outbox: Outbox, minutes: int, *, again: bool = False
) -> list[Case]:
    """Return what the till is told now, and forget that it is on its way."""
    Cases(connection, at(minutes)).tell(outbox, again=again)
    queue = LINK.queue
    bodies = connection.execute(select(queue.c.body).order_by(queue.c.id)).scalars().all()
    connection.execute(queue.delete())
    records = [parse_record(body, place="queue") for body in bodies]
    assert all(isinstance(one, Case) for one in records)
    return [one for one in records if isinstance(one, Case)]


def test_a_case_is_told_once_and_again_when_it_changes(
    connection: Connection, outbox: Outbox
) -> None:
    Cases(connection, at(0)).open(low(1))
    [first] = told(connection, outbox, 1)
    assert (first.key, first.until, first.since) == ("negative_at_till/v:1", None, at(0))
    Cases(connection, at(2)).open(low(1))
    assert told(connection, outbox, 3) == []
    Cases(connection, at(4)).open(low(2))
    [second] = told(connection, outbox, 5)
    assert (second.since, second.reason.code) == (at(0), "E-CAS-002")
    assert second.reason.what != first.reason.what


def test_a_case_ends_with_its_facts_and_is_forgotten_when_the_till_knows(
    connection: Connection, outbox: Outbox
) -> None:
    Cases(connection, at(0)).open(low(1))
    told(connection, outbox, 1)
    Cases(connection, at(2)).keep_only("oversale", ())
    assert told(connection, outbox, 3) == []  # another kind
    Cases(connection, at(4)).keep_only("negative_at_till", ())
    assert open_cases(connection) == ()
    [over] = told(connection, outbox, 5)
    assert over.until == at(4)
    assert connection.execute(select(STATE.case)).all() == []


def test_what_the_till_never_heard_of_is_told_with_its_end(
    connection: Connection, outbox: Outbox
) -> None:
    Cases(connection, at(0)).open(low(1))
    Cases(connection, at(1)).close("negative_at_till/v:1")
    assert [one.until for one in told(connection, outbox, 2)] == [at(1)]
    Cases(connection, at(3)).close("negative_at_till/v:1")  # nothing to end
    assert told(connection, outbox, 4) == []


def test_an_answered_case_stays_closed_while_its_facts_stay(
    connection: Connection, outbox: Outbox
) -> None:
    Cases(connection, at(0)).open(low(1))
    told(connection, outbox, 1)
    assert take_answer(connection, CaseAnswer(key=low(1).key, verb="dismiss", at=at(2)))
    assert [one.until for one in told(connection, outbox, 3)] == [at(2)]
    Cases(connection, at(4)).open(low(1, label="BOTTE 38"))  # only the name is another
    assert (open_cases(connection), told(connection, outbox, 5)) == ((), [])
    assert [one.key for one in Cases(connection, at(5)).known("negative_at_till")] == [low(1).key]
    Cases(connection, at(6)).open(low(2))
    [anew] = told(connection, outbox, 7)
    assert (anew.since, anew.until) == (at(6), None)


def test_an_answered_case_whose_facts_end_comes_back_as_a_new_one(
    connection: Connection, outbox: Outbox
) -> None:
    Cases(connection, at(0)).open(low(1))
    take_answer(connection, CaseAnswer(key=low(1).key, verb="dismiss", at=at(1)))
    told(connection, outbox, 2)
    Cases(connection, at(3)).close(low(1).key)
    assert connection.execute(select(STATE.case)).all() == []
    Cases(connection, at(4)).open(low(1))
    assert [one.since for one in told(connection, outbox, 5)] == [at(4)]


def test_a_case_that_is_over_and_so_again_before_it_was_told_is_one_case(
    connection: Connection, outbox: Outbox
) -> None:
    Cases(connection, at(0)).open(low(1))
    told(connection, outbox, 1)
    Cases(connection, at(2)).close(low(1).key)
    Cases(connection, at(3)).open(low(1))
    [anew] = told(connection, outbox, 4)
    assert (anew.since, anew.until) == (at(3), None)


def test_open_cases_are_said_again_answered_ones_are_not(
    connection: Connection, outbox: Outbox
) -> None:
    cases = Cases(connection, at(0))
    cases.open(low(1))
    cases.open(unpaid())
    told(connection, outbox, 1)
    take_answer(connection, CaseAnswer(key=low(1).key, verb="dismiss", at=at(2)))
    told(connection, outbox, 3)
    assert [one.key for one in told(connection, outbox, 4, again=True)] == ["unpaid/uid-a"]


@pytest.mark.parametrize("verb", ["dismiss", "resend"])
def test_a_verb_that_the_case_does_not_take_does_nothing(connection: Connection, verb: str) -> None:
    Cases(connection, at(0)).open(unpaid())
    answer = CaseAnswer.model_validate({"key": unpaid().key, "verb": verb, "at": at(1)})
    assert not take_answer(connection, answer)
    assert len(open_cases(connection)) == 1


def test_an_answer_to_what_was_not_seen_does_nothing(connection: Connection) -> None:
    Cases(connection, at(0)).open(low(1))
    [shown] = open_cases(connection)
    Cases(connection, at(1)).open(low(2))
    late = CaseAnswer(key=shown.key, verb="dismiss", of_hash=hash_of(shown), at=at(2))
    assert not take_answer(connection, late)
    [now] = open_cases(connection)
    right = CaseAnswer(key=now.key, verb="dismiss", of_hash=hash_of(now), at=at(2))
    assert take_answer(connection, right)
    assert not take_answer(connection, right)


def test_a_clock_behind_ours_ends_no_case_before_it_began(
    connection: Connection, outbox: Outbox
) -> None:
    Cases(connection, at(10)).open(low(1))
    assert take_answer(connection, CaseAnswer(key=low(1).key, verb="dismiss", at=at(0)))
    [over] = told(connection, outbox, 11)
    assert over.until == over.since == at(10)


def test_the_longest_uid_fits(connection: Connection, outbox: Outbox) -> None:
    Cases(connection, at(0)).open(unpaid(LONG))
    [case] = told(connection, outbox, 1)
    assert case.key == f"unpaid/{LONG}"


def test_a_release_that_comes_after_the_payment_gives_nothing_back(connection: Connection) -> None:
    """The pass that read the payment was killed before it could end the case."""
    light = cases.light(1, (12, 40, 2), state=42)
    book.note(connection, light, "awaiting_payment")
    Cases(connection, at(0)).open(unpaid(light.uid))
    Replica(connection).link(Subject("variant", "40"), 40)
    book.note(connection, replace(light, state=32), "paid")
    take_answer(connection, CaseAnswer(key=unpaid(light.uid).key, verb="release", at=at(1)))
    assert reserving.released(connection) == {}


def test_a_release_in_time_gives_back_what_the_order_keeps(connection: Connection) -> None:
    light = cases.light(1, (12, 40, 2), state=42)
    book.note(connection, light, "awaiting_payment")
    Cases(connection, at(0)).open(unpaid(light.uid))
    Replica(connection).link(Subject("variant", "40"), 40)
    take_answer(connection, CaseAnswer(key=unpaid(light.uid).key, verb="release", at=at(1)))
    assert reserving.released(connection) == {light.uid: {"v:40": 2}}


def test_a_document_whose_lines_are_all_known_looks_for_no_article(connection: Connection) -> None:
    """Thousands of sizes are not read for each order."""
    document = next(one for one in REVISION if isinstance(one, Order))
    lines = tuple(one.model_copy(update={"stock_key": "v:1"}) for one in document.lines)
    asked: list[str] = []

    def note_asked(*statement: object) -> None:
        asked.append(str(statement[2]))

    event.listen(connection.engine, "before_cursor_execute", note_asked)
    judge_document(connection, NOW, document.model_copy(update={"lines": lines}))
    assert asked
    assert [one for one in asked if "FROM fact" in one] == []
