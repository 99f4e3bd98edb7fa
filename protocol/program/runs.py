"""The runs on record: one row when a run begins, completed when it ends, however it ends.

Works on the `run` table that both programs' states have. A row without an end is a run that is at
work, or one that was killed.

    report = recorded(engine, STATE.run, utc_now, lambda: sync(agent))
    newest(connection, STATE.run, 20)
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from protocol.errors import ComptoirError, Text, UsageError
from protocol.program.console import INTERRUPTED, UNEXPECTED, RunReport
from protocol.values import format_time

#: Older runs are forgotten: a month of a robot that works every five minutes.
KEPT = 10_000


class NoSuchRunError(UsageError):
    """No run of that number is on record."""

    code = "E-RUN-003"
    what = Text("Aucun passage ne porte ce numéro", "No run has this number")
    remedy = Text("« runs » montre les derniers", "« runs » shows the latest")


@dataclass(frozen=True)
class Run:
    """One run on record.

    Args:
        id: Its number.
        started_at: UTC.
        finished_at: UTC; None while it works, or for ever when it was killed.
        exit_code: How it ended, before `--cron`'s mildness; None like `finished_at`.
        summary: Its account, as JSON values; `problem` when an error ended it.
    """

    id: int
    started_at: datetime
    finished_at: datetime | None = None
    exit_code: int | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


def recorded(
    engine: Engine,
    table: Table,
    clock: Callable[[], datetime],
    act: Callable[[], RunReport],
    account: Callable[[RunReport], Mapping[str, Any]] = lambda report: report.fields,
) -> RunReport:
    """Carry out a run and keep its row.

    Args:
        engine: The state database.
        table: Its `run` table.
        clock: UTC now.
        act: The run.
        account: What of its report is kept.
    """
    run_id = _begin(engine, table, clock())
    try:
        report = act()
    except BaseException as error:
        # The run's own error counts, even when the database is what failed.
        with suppress(SQLAlchemyError):
            _finish(engine, table, run_id, clock(), _code(error), _problem(error))
        raise
    _finish(engine, table, run_id, clock(), report.exit_code, account(report))
    return report


def newest(connection: Connection, table: Table, count: int) -> tuple[Run, ...]:
    """Return the newest runs, newest first."""
    rows = connection.execute(select(table).order_by(table.c.id.desc()).limit(count))
    return tuple(_run(row) for row in rows)


def last_finished(connection: Connection, table: Table) -> Run | None:
    """Return the newest run that came to an end, or None."""
    ended = select(table).where(table.c.finished_at.is_not(None))
    row = connection.execute(ended.order_by(table.c.id.desc()).limit(1)).first()
    return _run(row) if row else None


def get_run(connection: Connection, table: Table, run_id: int) -> Run:
    """Return one run.

    Raises:
        NoSuchRunError: When it is not on record.
    """
    row = connection.execute(select(table).where(table.c.id == run_id)).first()
    if row is None:
        raise NoSuchRunError(value=run_id)
    return _run(row)


def _begin(engine: Engine, table: Table, now: datetime) -> int:
    with engine.begin() as connection:
        values = {"started_at": format_time(now), "summary": "{}"}
        result = connection.execute(insert(table).values(**values))
        run_id = int(result.inserted_primary_key[0]) if result.inserted_primary_key else 0
        connection.execute(delete(table).where(table.c.id <= run_id - KEPT))
    return run_id


def _finish(
    engine: Engine,
    table: Table,
    run_id: int,
    now: datetime,
    code: int,
    summary: Mapping[str, Any],
) -> None:
    with engine.begin() as connection:
        connection.execute(
            update(table)
            .where(table.c.id == run_id)
            .values(
                finished_at=format_time(now),
                exit_code=code,
                summary=json.dumps(summary, ensure_ascii=False, default=str),
            )
        )


def _code(error: BaseException) -> int:
    if isinstance(error, ComptoirError):
        return error.exit_code
    return INTERRUPTED if isinstance(error, KeyboardInterrupt) else UNEXPECTED


def _problem(error: BaseException) -> Mapping[str, Any]:
    return {"problem": asdict(error.problem())} if isinstance(error, ComptoirError) else {}


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        started_at=datetime.fromisoformat(row.started_at),
        finished_at=datetime.fromisoformat(row.finished_at) if row.finished_at else None,
        exit_code=row.exit_code,
        summary=_object(row.summary),
    )


def _object(text: str) -> Mapping[str, Any]:
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
