"""Runs on record, however they end, and how they are told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Text, insert

from protocol.errors import FatalError
from protocol.errors import Text as Words
from protocol.program.console import RunReport
from protocol.program.run_words import run_line
from protocol.program.runs import KEPT, NoSuchRunError, get_run, last_finished, newest, recorded
from tests.protocol.sides import Clock, memory_engine

METADATA = MetaData()
RUN = Table(
    "run",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("started_at", String(20), nullable=False),
    Column("finished_at", String(20)),
    Column("exit_code", Integer),
    Column("summary", Text, nullable=False),
)
DONE = Words("fait", "done")


class BrokenError(FatalError):
    """Invented."""

    code = "E-TST-001"
    what = Words("Cassé ({part})", "Broken ({part})")


@pytest.fixture
def engine() -> Iterator[Engine]:
    """A database with the table of runs."""
    made = memory_engine()
    METADATA.create_all(made)
    yield made
    made.dispose()


def ended_with(engine: Engine, error: BaseException) -> None:
    def act() -> RunReport:
        raise error

    with pytest.raises(type(error)):
        recorded(engine, RUN, Clock(), act)


def test_a_run_is_recorded_while_it_works_and_when_it_ends(engine: Engine) -> None:
    clock = Clock()

    def act() -> RunReport:
        with engine.connect() as connection:
            (running,) = newest(connection, RUN, 5)
            assert (running.exit_code, running.finished_at) == (None, None)
            assert last_finished(connection, RUN) is None
        clock.pass_time(seconds=90)
        return RunReport(DONE, {"sent": 3}, set_aside=1)

    recorded(engine, RUN, clock, act)
    with engine.connect() as connection:
        run = last_finished(connection, RUN)
    assert run is not None
    assert (run.exit_code, run.seconds, run.summary) == (3, 90, {"sent": 3})


@pytest.mark.parametrize(
    ("error", "code"),
    [(BrokenError(part="roue"), 7), (KeyboardInterrupt(), 130), (ZeroDivisionError(), 1)],
)
def test_every_end_is_recorded(engine: Engine, error: BaseException, code: int) -> None:
    ended_with(engine, error)
    with engine.connect() as connection:
        run = get_run(connection, RUN, 1)
    assert run.exit_code == code
    assert run.finished_at is not None


def test_the_run_s_own_error_counts_when_the_database_fails_too(engine: Engine) -> None:
    def act() -> RunReport:
        METADATA.drop_all(engine)
        raise BrokenError(part="base")

    with pytest.raises(BrokenError):
        recorded(engine, RUN, Clock(), act)


def test_old_runs_are_forgotten(engine: Engine) -> None:
    at = "2026-11-24T09:00:00Z"
    with engine.begin() as connection:
        for run_id in (1, 2, KEPT + 1):
            row = {"id": run_id, "started_at": at, "summary": "{}"}
            connection.execute(insert(RUN).values(**row))
    recorded(engine, RUN, Clock(), lambda: RunReport(DONE))
    with engine.connect() as connection:
        assert [run.id for run in newest(connection, RUN, 9)] == [KEPT + 2, KEPT + 1]
        with pytest.raises(NoSuchRunError):
            get_run(connection, RUN, 2)


def test_a_summary_that_is_none_is_empty(engine: Engine) -> None:
    with engine.begin() as connection:
        for text in ("not JSON", "[1]"):
            connection.execute(insert(RUN).values(started_at="2026-11-24T09:00:00Z", summary=text))
        assert [run.summary for run in newest(connection, RUN, 9)] == [{}, {}]


def test_a_line_tells_the_end_and_the_counts(engine: Engine) -> None:
    recorded(engine, RUN, Clock(), lambda: RunReport(DONE, {"sent": 3}))
    ended_with(engine, BrokenError(part="roue"))
    with engine.connect() as connection:
        broken, good = newest(connection, RUN, 2)
    told = run_line(good, lambda summary: Words(f"{summary['sent']} envoyés", ""))
    assert told.fr.endswith("réussi : 3 envoyés")
    assert told.en.endswith("done")
    line = run_line(broken, lambda summary: Words("jamais", "never"))
    assert line.fr.endswith("[E-TST-001] Cassé (roue)")
    assert line.en.endswith("[E-TST-001] Broken (roue)")


def test_a_killed_run_says_no_end(engine: Engine) -> None:
    started = datetime(2026, 11, 24, 9, tzinfo=UTC) - timedelta(days=1)
    with engine.begin() as connection:
        row = {"started_at": started.strftime("%Y-%m-%dT%H:%M:%SZ"), "summary": "{}"}
        connection.execute(insert(RUN).values(**row))
        (run,) = newest(connection, RUN, 1)
    told = run_line(run, lambda summary: Words("jamais", "never"))
    assert "jamais" not in told.fr
    assert run.seconds is None
