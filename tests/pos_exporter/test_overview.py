"""The overview: the word and its reason, the counts, the lists, and what of it is never lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update

from pos_exporter.errors import AwaitingPaymentError
from pos_exporter.overview import Overview, OverviewSettings, overview
from pos_exporter.overview.as_json import plain
from pos_exporter.overview.judge import Evidence, judge
from pos_exporter.overview.read import read_problem, summary_of
from pos_exporter.overview.robot import (
    Hours,
    RobotSetting,
    next_run,
    parse_minutes,
    read_setting,
    write_setting,
)
from pos_exporter.overview.values import RunSummary, RunView, Site, Why, Word
from pos_exporter.state import STATE
from protocol.link.errors import EquivocationError, StateOldError
from tests.pos_exporter.web.shop import (
    BAD_EAN,
    HOSTILE,
    NOW,
    Clock,
    add,
    add_fate,
    add_notice,
    add_order,
    add_run,
    add_said,
    add_site,
    add_withheld,
    empty_state,
    ordinary_day,
)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with empty_state() as engine:
        yield engine


def look(engine: Engine, *, most_lines: int = 500, running: bool = False) -> Overview:
    settings = OverviewSettings(most_lines=most_lines, zone=UTC)
    return overview(engine, Clock(), settings, running=running)


# --- the word --------------------------------------------------------------------------------


def run(code: int | None, minutes_ago: float = 3, *, dry_run: bool = False) -> RunView:
    started = NOW - timedelta(minutes=minutes_ago)
    ended = None if code is None else started + timedelta(seconds=10)
    return RunView(1, started, ended, code, RunSummary(dry_run=dry_run))


def site(last_minutes_ago: float, promised_minutes_ago: float) -> Site:
    return Site(
        NOW - timedelta(minutes=last_minutes_ago), NOW - timedelta(minutes=promised_minutes_ago)
    )


SEEN = Evidence(NOW, runs=(run(0),), zone=UTC)
EVERY_5 = RobotSetting(on=True, minutes=5)
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("evidence", "word", "why"),
    [
        (Evidence(NOW), "never_ran", "never_ran"),
        (Evidence(NOW, runs=(run(None),)), "never_ran", "never_ran"),
        (Evidence(NOW, runs=(run(0, dry_run=True),)), "never_ran", "never_ran"),
        (SEEN, "up_to_date", "ok"),
        (replace(SEEN, runs=(run(3),)), "up_to_date", "ok"),
        # Another pass held the lock: what counts is the one before.
        (replace(SEEN, runs=(run(4), run(6))), "action_required", "person"),
        (replace(SEEN, runs=(run(2),)), "action_required", "settings"),
        (replace(SEEN, runs=(run(6),)), "action_required", "person"),
        (replace(SEEN, runs=(run(7),)), "broken", "fatal"),
        (replace(SEEN, runs=(run(1),)), "broken", "unexpected"),
        (replace(SEEN, runs=(run(8),)), "late", "more_to_do"),
        (replace(SEEN, runs=(run(130),)), "late", "interrupted"),
        (replace(SEEN, runs=(run(5), run(5), run(0))), "late", "retrying"),
        (replace(SEEN, runs=(run(5), run(5), run(5))), "broken", "failing"),
        (replace(SEEN, runs=(run(5), run(4), run(5), run(5))), "broken", "failing"),
        (replace(SEEN, stopped=True), "action_required", "stream_stopped"),
        (replace(SEEN, recovering=True), "late", "recovering"),
        # A pass without an end: another process may be at it, but not for ever.
        (replace(SEEN, runs=(run(None, 50), run(0, 60))), "up_to_date", "ok"),
        (replace(SEEN, runs=(run(None, 70), run(0, 80))), "late", "interrupted"),
        (replace(SEEN, runs=(run(None, 70), run(0, 80)), running=True), "up_to_date", "ok"),
        (replace(SEEN, runs=(run(None, 70), run(7, 80))), "broken", "fatal"),
        # A pause that was asked for excuses lateness, not a breakdown.
        (replace(SEEN, paused_until=LATER), "paused", "paused"),
        (replace(SEEN, runs=(run(5),), paused_until=LATER), "paused", "paused"),
        (replace(SEEN, runs=(run(6),), paused_until=LATER), "action_required", "person"),
        (replace(SEEN, paused_until=NOW - timedelta(minutes=1)), "up_to_date", "ok"),
        # The robot: one interval of patience, then two, and never less than five minutes.
        (replace(SEEN, runs=(run(0, 9),), robot=EVERY_5), "up_to_date", "ok"),
        (replace(SEEN, runs=(run(0, 11),), robot=EVERY_5), "late", "robot_late"),
        (replace(SEEN, runs=(run(0, 16),), robot=EVERY_5), "broken", "robot_silent"),
        (replace(SEEN, runs=(run(0, 16),), robot=EVERY_5, running=True), "up_to_date", "ok"),
        (replace(SEEN, runs=(run(0, 600),)), "up_to_date", "ok"),
        (
            replace(SEEN, runs=(run(0, 700),),
                    robot=RobotSetting(on=True, hours=Hours(time(8, 40), time(19)))),
            "up_to_date", "ok",
        ),
        # The site is judged only by a pass that looked after its promise.
        (replace(SEEN, site=site(60, -1)), "up_to_date", "ok"),
        (replace(SEEN, site=site(70, 10)), "late", "site_late"),
        (replace(SEEN, site=site(200, 140)), "broken", "site_silent"),
        (replace(SEEN, runs=(run(0, 300),), site=site(200, 140)), "up_to_date", "ok"),
    ],
)  # fmt: skip
def test_the_gravest_true_reason_gives_the_word(evidence: Evidence, word: Word, why: Why) -> None:
    state = judge(evidence)
    assert (state.word, state.why) == (word, why)


def test_the_problem_that_ended_the_last_pass_is_told(engine: Engine) -> None:
    add_run(engine, 6, problem=BAD_EAN)
    state = look(engine).state
    assert (state.word, state.since) == ("action_required", NOW - timedelta(minutes=3, seconds=-10))
    assert state.problem == BAD_EAN


def test_a_stopped_stream_needs_a_person(engine: Engine) -> None:
    add_run(engine, 0)
    add_site(engine, last_minutes_ago=5, next_in_minutes=55, stopped=EquivocationError.code)
    assert look(engine).state.why == "stream_stopped"


@pytest.mark.parametrize(("minutes_ago", "why"), [(2, "recovering"), (30, "ok")])
def test_an_old_state_counts_as_long_as_the_newest_pass_saw_it(
    engine: Engine, minutes_ago: float, why: str
) -> None:
    add_run(engine, 0)
    add_notice(engine, StateOldError(reason="x").problem(), minutes=minutes_ago)
    view = look(engine)
    assert view.state.why == why
    assert [notice.problem.code for notice in view.notices] == [StateOldError.code]


# --- counts and lists ------------------------------------------------------------------------


def test_an_empty_state_has_an_overview(engine: Engine) -> None:
    view = look(engine)
    assert (view.state.word, view.last_run, view.next_run) == ("never_ran", None, None)
    assert view.counters.said == {}
    assert view.counters.to_correct == 0
    assert (view.set_aside, view.orders, view.notices) == ((), (), ())


def test_counts_are_whole_even_when_lists_are_cut(engine: Engine) -> None:
    day = ordinary_day(engine)
    view = look(engine, most_lines=1)
    counts = view.counters
    assert counts.said == {"article": day.articles, "stock": day.stocks}
    assert counts.fates == {"applied": 2, "edited_on_site": 1, "refused": 1, "superseded": 1}
    assert (counts.withheld, counts.to_correct) == (day.withheld, day.withheld + 1)
    assert counts.orders == {"closed": 1, "imported": 1, "new": 1, "refused": 1, "waiting": 1}
    assert counts.orders_open == 3
    assert (len(view.set_aside), len(view.orders)) == (1, 1)


def test_sending_is_not_applying(engine: Engine) -> None:
    """Without an answer: two stocks never answered, and one whose answer spoke of an older fact."""
    ordinary_day(engine)
    counts = look(engine).counters
    assert (counts.unanswered, counts.to_send, counts.on_the_way) == (3, 1, 2)
    add_fate(engine, "stock", "a:77", "unchanged")
    assert look(engine).counters.unanswered == 2


def test_what_is_set_aside_comes_with_its_reason_in_both_languages(engine: Engine) -> None:
    ordinary_day(engine)
    lines = {line.key: line for line in look(engine).set_aside}
    assert list(lines) == ["1043", "1042", "77", "78"]
    withheld, refused, edited = lines["1042"], lines["77"], lines["78"]
    assert (withheld.group, withheld.code, withheld.value) == ("withheld", "E-MAP-120", "3760123")
    assert withheld.what.fr == "Code-barres invalide : 7 chiffres"
    assert withheld.what.en == "Invalid barcode: 7 digits"
    assert withheld.since == NOW - timedelta(days=1)
    assert (refused.group, refused.label, refused.code) == ("refused", "Mocassin Léo", "E-SHOP-031")
    assert (refused.place, refused.value) == ("article 77, tax_rate", "8.5")
    assert refused.remedy.en == "Create the tax in PrestaShop"
    assert (edited.group, edited.code) == ("edited_on_site", "")
    assert edited.what.fr
    assert edited.remedy.en


@pytest.mark.parametrize("text", ["not json", "[]", '{"code": "x"}', "a {brace", '{"what": 1}'])
def test_a_problem_that_cannot_be_read_is_shown_as_it_is(engine: Engine, text: str) -> None:
    add(engine, STATE.withheld, {"kind": "article", "key": "1", "label": "L", "problem": text,
                                 "since": "2026-11-24T08:00:00Z"})  # fmt: skip
    add_order(engine, 1, state="refused", problem=text)
    view = look(engine)
    assert view.set_aside[0].what.fr == text
    problem = view.orders[0].problem
    assert problem is not None
    assert problem.what.in_lang("en", problem.facts) == text


def test_a_reason_that_cannot_be_read_keeps_its_line(engine: Engine) -> None:
    add_fate(engine, "article", "77", "refused", {"code": 7})
    line = look(engine).set_aside[0]
    assert (line.key, line.label, line.code) == ("77", "77", "")


def test_orders_come_newest_first_without_their_customer(engine: Engine) -> None:
    day = ordinary_day(engine)
    orders = look(engine).orders
    assert tuple(order.reference for order in orders) == day.references
    assert orders[0].total == "1249.90 EUR"
    assert orders[0].placed_at == "2026-11-24 09:05:00"
    assert orders[4].till_key == "W1"
    assert [order.problem is None for order in orders] == [True, True, False, True, True]
    assert not any("sealed" in str(value) for value in vars(orders[0]).values())


def test_a_waiting_order_says_why(engine: Engine) -> None:
    problem = AwaitingPaymentError(role="awaiting_payment").problem()
    add_order(engine, 1, state="waiting", problem=json.dumps(plain(problem)))
    assert look(engine).orders[0].problem == problem


def test_the_last_run_is_read_as_the_exporter_writes_it(engine: Engine) -> None:
    day = ordinary_day(engine)
    last = look(engine).last_run
    assert last is not None
    assert (last.exit_code, last.started_at) == (3, NOW - timedelta(minutes=3))
    done = last.summary
    assert done.changes == {"stock": 11, "article": 1}
    assert (done.gone, done.imported) == (1, day.imported)
    assert done.set_aside == day.withheld + 1 + 1


@pytest.mark.parametrize("kept", [{}, {"changes": 3, "orders": []}, {"problem": "text"}])
def test_an_account_of_another_shape_is_no_account(kept: dict[str, object]) -> None:
    assert summary_of(kept) == RunSummary()


def test_the_page_waits_for_no_pass_and_sees_nothing_half_done(tmp_path: Path) -> None:
    with empty_state(f"sqlite:///{tmp_path / 'state.db'}") as engine:
        ordinary_day(engine)
        before = look(engine)
        with engine.begin() as writing:
            writing.execute(delete(STATE.withheld))
            assert look(engine) == before
        assert look(engine).counters.withheld == 0


def test_an_overview_is_json(engine: Engine) -> None:
    ordinary_day(engine)
    with engine.begin() as connection:
        write_setting(connection, RobotSetting(True, 15, Hours(time(8), time(20))))
    kept = json.loads(json.dumps(plain(look(engine))))
    assert kept["now"] == "2026-11-24T08:45:00Z"
    assert kept["robot"] == {"on": True, "minutes": 15, "hours": "08:00-20:00"}
    assert kept["counters"]["said"] == {"article": 3, "stock": 4}
    assert kept["set_aside"][0]["label"] == HOSTILE
    assert set(kept["set_aside"][0]["what"]) == {"fr", "en"}


def test_a_problem_of_the_state_is_read_back() -> None:
    assert read_problem(json.dumps(plain(BAD_EAN))) == BAD_EAN


# --- the robot's setting ---------------------------------------------------------------------


def test_the_setting_is_kept_and_read_back(engine: Engine) -> None:
    chosen = RobotSetting(True, 30, Hours(time(22), time(6)))
    for setting in (RobotSetting(True, 1), chosen):
        with engine.begin() as connection:
            write_setting(connection, setting)
        assert look(engine).robot == setting
    assert look(engine).next_run == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize("minutes", ["", "0", "-5", "1441", "five", "٥", "1.5"])
def test_an_unreadable_interval_is_as_if_never_chosen(engine: Engine, minutes: str) -> None:
    assert parse_minutes(minutes) is None
    with engine.begin() as connection:
        write_setting(connection, RobotSetting(True, 30))
        connection.execute(
            update(STATE.meta).where(STATE.meta.c.name == "robot_minutes").values(value=minutes)
        )
        assert read_setting(connection) == RobotSetting(True, 5)


DAYTIME = Hours(time(8), time(20))
NIGHT = Hours(time(22), time(6))


@pytest.mark.parametrize(
    ("setting", "last_hour", "now_hour", "due"),
    [
        (RobotSetting(False), None, 9.0, None),
        (RobotSetting(True, 30), None, 9.0, 9.0),
        (RobotSetting(True, 30), 9.0, 9.25, 9.5),
        (RobotSetting(True, 30), 7.0, 9.25, 9.25),
        # A clock that was put back counts from now.
        (RobotSetting(True, 30), 12.0, 9.0, 9.5),
        (RobotSetting(True, 30, DAYTIME), 19.75, 19.8, 24.0 + 8),
        (RobotSetting(True, 30, DAYTIME), 3.0, 5.0, 8.0),
        (RobotSetting(True, 30, NIGHT), 23.75, 23.8, 24.25),
        (RobotSetting(True, 30, NIGHT), 5.75, 5.8, 22.0),
        (RobotSetting(True, 30, Hours(time(8), time(8))), 3.0, 3.1, 3.5),
    ],
)
def test_the_next_pass_is_due(
    setting: RobotSetting, last_hour: float | None, now_hour: float, due: float | None
) -> None:
    zone = timezone(timedelta(hours=1))
    midnight = datetime(2026, 11, 24, tzinfo=zone)

    def hour(number: float | None) -> datetime | None:
        return None if number is None else (midnight + timedelta(hours=number)).astimezone(UTC)

    now = hour(now_hour)
    assert now is not None
    assert next_run(setting, hour(last_hour), now, zone) == hour(due)


@pytest.mark.parametrize("text", ["8:00-20:00", "08:00-24:00", "08:00", "", "a", "08:00-20:60"])
def test_only_hours_are_hours(text: str) -> None:
    assert Hours.parse(text) is None
    assert str(Hours.parse("08:00-20:30")) == "08:00-20:30"


def test_labels_come_from_what_was_said(engine: Engine) -> None:
    add_said(engine, ("article", "77", "Mocassin Léo"))
    add_fate(engine, "article", "77", "held")
    add_withheld(engine, "1042", "A-1042 Botte cuir")
    lines = look(engine).set_aside
    assert [(line.group, line.label) for line in lines] == [
        ("withheld", "A-1042 Botte cuir"), ("held", "Mocassin Léo"),
    ]  # fmt: skip
