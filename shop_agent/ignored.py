"""What a person has looked at and left as it is: hidden from counts until its problem changes.

Every function works inside the caller's transaction.

    ignore(connection, subject, row.reason)
    is_ignored(marks(connection), subject, row.reason)
"""

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from shop_agent.actions import Subject
from shop_agent.state import STATE

Marks = Mapping[Subject, str]


def mark_of(reason: str | None) -> str:
    """Return what names a problem as the state keeps it."""
    return hashlib.sha256((reason or "").encode()).hexdigest()


def marks(connection: Connection) -> Marks:
    """Return the mark of each fact's problem that is ignored."""
    rows = connection.execute(select(STATE.ignored))
    return {Subject(row.kind, row.key): row.mark for row in rows}


def is_ignored(known: Marks, subject: Subject, reason: str | None) -> bool:
    """Return whether this very problem of a fact is ignored."""
    return known.get(subject) == mark_of(reason)


def ignore(connection: Connection, subject: Subject, reason: str | None) -> None:
    """Ignore a fact's problem as it is now."""
    notice(connection, subject)
    row = {"kind": subject.kind, "key": subject.key, "mark": mark_of(reason)}
    connection.execute(insert(STATE.ignored).values(**row))


def notice(connection: Connection, subject: Subject) -> None:
    """Count a fact's problem again."""
    table = STATE.ignored
    same = (table.c.kind == subject.kind) & (table.c.key == subject.key)
    connection.execute(delete(table).where(same))
