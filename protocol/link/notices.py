"""Notices: what the link saw that a person should know, told in `status` and on the page.

notices.tell(connection, problem, moment)
for notice in notices.all(connection): ...
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from protocol.errors import Problem, Text
from protocol.link.tables import LinkTables
from protocol.values import format_time


@dataclass(frozen=True)
class Notice:
    """One kind of event at one place.

    Args:
        problem: What and what to do.
        times: How often it was seen.
        first_at: UTC, as it travels.
        last_at: UTC, as it travels.
    """

    problem: Problem
    times: int
    first_at: str
    last_at: str


class Notices:
    """The notices of one state database."""

    def __init__(self, tables: LinkTables) -> None:
        self._table = tables.notice

    def tell(self, connection: Connection, problem: Problem, moment: datetime) -> None:
        """Record an event; the same code at the same place is counted, not repeated."""
        table, at = self._table, format_time(moment)
        same = (table.c.code == problem.code, table.c.place == problem.place[:250])
        row = connection.execute(select(table.c.times).where(*same)).first()
        if row:
            connection.execute(
                update(table)
                .where(*same)
                .values(times=row.times + 1, last_at=at, problem=problem_json(problem))
            )
            return
        connection.execute(
            insert(table).values(
                code=problem.code,
                place=problem.place[:250],
                problem=problem_json(problem),
                times=1,
                first_at=at,
                last_at=at,
            )
        )

    def all(self, connection: Connection) -> tuple[Notice, ...]:
        """Return every notice, the newest first."""
        rows = connection.execute(select(self._table).order_by(self._table.c.last_at.desc()))
        return tuple(
            Notice(problem_from(row.problem), row.times, row.first_at, row.last_at) for row in rows
        )

    def forget(self, connection: Connection, code: str) -> int:
        """Drop the notices of one code, because a person has read them; return how many."""
        return connection.execute(delete(self._table).where(self._table.c.code == code)).rowcount


def problem_json(problem: Problem) -> str:
    """Return a problem as JSON text for a state database."""
    return json.dumps(asdict(problem), ensure_ascii=False, sort_keys=True)


def problem_from(text: str) -> Problem:
    """Return the problem that `problem_json` wrote."""
    kept = json.loads(text)
    return Problem(
        code=kept["code"],
        place=kept["place"],
        value=kept["value"],
        what=Text(**kept["what"]),
        remedy=Text(**kept["remedy"]),
        facts=kept["facts"],
    )
