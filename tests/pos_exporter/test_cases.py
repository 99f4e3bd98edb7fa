"""The site's questions as they are kept at the till: shown, answered once, sent, gone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine, insert

from pos_exporter.cases import (
    CaseChangedError,
    NoSuchCaseError,
    NoSuchVerbError,
    SeveralCasesError,
    answer_case,
    answers_to_say,
    forget_unsaid,
    get_case,
    site_cases,
    take_case,
)
from pos_exporter.state import LINK, METADATA
from protocol.errors import ComptoirError
from protocol.records import Case, content_hash
from protocol.records.answers import LangPair, Reason

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KEY = "unpaid/shop.example/12/XKBKNABJK/2026-11-10 09:00:00"


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def a_case(key: str = KEY, *, minutes: int = 0, until: int | None = None, units: int = 1) -> Case:
    return Case(
        key=key,
        about="unpaid",
        reason=Reason(
            code="E-CAS-003",
            place="XKBKNABJK",
            what=LangPair(fr=f"{units} gardé(s)", en=f"{units} kept"),
            remedy=LangPair(fr="Relancer", en="Remind"),
        ),
        verbs=("release",),
        since=NOW + timedelta(minutes=minutes),
        until=None if until is None else NOW + timedelta(minutes=until),
    )


def test_an_answer_is_sent_once_with_what_was_seen(connection: Connection) -> None:
    take_case(connection, a_case(), epoch=1)
    [shown] = site_cases(connection)
    assert (shown.code, shown.what.en, shown.answer) == ("E-CAS-003", "1 kept", None)
    answer_case(connection, KEY, "release", NOW, seen=shown.hash)
    [answered] = site_cases(connection)
    assert (answered.answer, answered.answered_at) == ("release", NOW)
    [said] = answers_to_say(connection)
    assert (said.key, said.verb, said.at) == (KEY, "release", NOW)
    assert said.of_hash == content_hash(a_case())
    assert answers_to_say(connection) == ()
    assert answers_to_say(connection, again=True) == (said,)


def test_the_first_answer_counts(connection: Connection) -> None:
    take_case(connection, a_case(), epoch=1)
    [shown] = site_cases(connection)
    answer_case(connection, KEY, "release", NOW, seen=shown.hash)
    answer_case(connection, KEY, "release", NOW + timedelta(hours=1), seen=shown.hash)
    assert site_cases(connection)[0].answered_at == NOW


def test_a_case_said_again_keeps_its_answer_and_a_changed_one_does_not(
    connection: Connection,
) -> None:
    take_case(connection, a_case(), epoch=1)
    answer_case(connection, KEY, "release", NOW, seen=content_hash(a_case()))
    take_case(connection, a_case(), epoch=2)
    assert site_cases(connection)[0].answer == "release"
    take_case(connection, a_case(units=2), epoch=2)
    [changed] = site_cases(connection)
    assert (changed.what.en, changed.answer) == ("2 kept", None)
    assert answers_to_say(connection, again=True) == ()


def test_a_case_that_is_over_is_gone(connection: Connection) -> None:
    take_case(connection, a_case(), epoch=1)
    take_case(connection, a_case(until=5), epoch=1)
    assert site_cases(connection) == ()
    take_case(connection, a_case(until=5), epoch=1)  # never heard of it
    assert site_cases(connection) == ()


@pytest.mark.parametrize(
    ("key", "verb", "seen", "error"),
    [
        ("unpaid/other", "release", None, NoSuchCaseError),
        (KEY, "dismiss", None, NoSuchVerbError),
        (KEY, "", None, NoSuchVerbError),
        (KEY, "release", "0" * 64, CaseChangedError),
        (KEY, "release", "", CaseChangedError),
    ],
)
def test_no_answer_to_something_else(
    connection: Connection, key: str, verb: str, seen: str | None, error: type[ComptoirError]
) -> None:
    take_case(connection, a_case(), epoch=1)
    shown = content_hash(a_case()) if seen is None else seen
    with pytest.raises(error):
        answer_case(connection, key, verb, NOW, seen=shown)
    assert site_cases(connection)[0].answer is None


def test_a_case_is_named_by_what_tells_it_from_others(connection: Connection) -> None:
    take_case(connection, a_case(), epoch=1)
    take_case(connection, a_case("unpaid/shop.example/13/OTHERREFX/2026-11-10"), epoch=1)
    assert get_case(connection, "XKBKNABJK").key == KEY
    assert get_case(connection, KEY).key == KEY
    with pytest.raises(SeveralCasesError):
        get_case(connection, "unpaid")
    with pytest.raises(NoSuchCaseError):
        get_case(connection, "paid/none")


def test_the_unanswered_come_first_then_the_oldest(connection: Connection) -> None:
    for key, minutes in (("unpaid/b", 2), ("unpaid/a", 1), ("unpaid/c", 0)):
        take_case(connection, a_case(key, minutes=minutes), epoch=1)
    seen = content_hash(a_case("unpaid/c"))
    answer_case(connection, "unpaid/c", "release", NOW, seen=seen)
    assert [one.key for one in site_cases(connection)] == ["unpaid/a", "unpaid/b", "unpaid/c"]


def test_what_is_not_said_again_in_a_new_epoch_is_forgotten(connection: Connection) -> None:
    take_case(connection, a_case("unpaid/a"), epoch=1)
    take_case(connection, a_case("unpaid/b"), epoch=1)
    forget_unsaid(connection)
    assert len(site_cases(connection)) == 2  # nothing is known of any epoch
    row = {"stream": "answers", "epoch": 2, "seq": 1, "head": "0" * 64}
    flags = [one for one in LINK.in_stream.c if not one.nullable and one.name not in row]
    connection.execute(insert(LINK.in_stream).values(**row, **{one.name: 0 for one in flags}))
    take_case(connection, a_case("unpaid/b"), epoch=2)
    forget_unsaid(connection)
    assert [one.key for one in site_cases(connection)] == ["unpaid/b"]
