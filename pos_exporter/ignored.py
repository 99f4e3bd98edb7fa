"""What a person has looked at and left as it is: hidden from counts until its problem changes.

A problem is known by its mark: code, place, value and facts. Another problem of the same thing is
shown again. Every function works inside the caller's transaction.

    ignore(connection, "article", "1042", mark_of(row.problem))
    is_ignored(marks(connection), "article", "1042", row.problem)
"""

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from pos_exporter.belonging import FactKey
from pos_exporter.state import STATE

Marks = Mapping[FactKey, str]


def mark_of(problem: str | None) -> str:
    """Return what names a problem as the state keeps it."""
    return hashlib.sha256((problem or "").encode()).hexdigest()


def marks(connection: Connection) -> Marks:
    """Return the mark of each thing's problem that is ignored."""
    rows = connection.execute(select(STATE.ignored))
    return {(row.kind, row.key): row.mark for row in rows}


def is_ignored(known: Marks, kind: str, key: str, problem: str | None) -> bool:
    """Return whether this very problem of a thing is ignored."""
    return known.get((kind, key)) == mark_of(problem)


def ignore(connection: Connection, kind: str, key: str, problem: str | None) -> None:
    """Ignore a thing's problem as it is now."""
    notice(connection, kind, key)
    row = {"kind": kind, "key": key, "mark": mark_of(problem)}
    connection.execute(insert(STATE.ignored).values(**row))


def notice(connection: Connection, kind: str, key: str) -> None:
    """Count a thing's problem again."""
    table = STATE.ignored
    connection.execute(delete(table).where(table.c.kind == kind, table.c.key == key))


def count_ignored_faults(connection: Connection) -> int:
    """Return how many rows set aside at the till are ignored."""
    table, known = STATE.withheld, marks(connection)
    if not known:
        return 0
    rows = connection.execute(select(table).where(table.c.level == "fault")).all()
    return sum(is_ignored(known, row.kind, row.key, row.problem) for row in rows)


def ignored_fates(connection: Connection) -> dict[str, int]:
    """Return how many of the site's answers are ignored, by state."""
    table, known = STATE.fate, marks(connection)
    found: dict[str, int] = {}
    for row in connection.execute(select(table)).all() if known else ():
        if is_ignored(known, row.kind, row.key, row.reason):
            found[row.state] = found.get(row.state, 0) + 1
    return found
