"""What changed, and when: one line per field of articles, variants, stock and promotions.

Bounded: lines are kept for 400 days, and 200 of one fact. The packet that carried a change is
known once it is built. Every function works inside the caller's transaction.

    note_changes(connection, changes, moment)
    last_changes(connection, [("article", "1042")], 10)
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, tuple_, update

from pos_exporter.belonging import FactKey
from pos_exporter.differences import FieldChange
from pos_exporter.state import STATE
from protocol.records import Record, Stream, Tombstone
from protocol.values import format_time

KINDS = frozenset({"article", "variant", "stock", "promotion"})
KEPT_DAYS = 400
KEPT_OF_ONE = 200
_ROWS = 500
#: The fact itself began or ended.
WHOLE = ""
#: Longest value that is kept.
_LONGEST = 2000


@dataclass(frozen=True)
class Change:
    """One line of the history.

    Args:
        at: When it was queued, UTC as it travels.
        run: The run that saw it, or None.
        kind: Of the fact.
        key: Of the fact.
        field: What changed; empty: the fact began, or ended with the cause under `after`.
        before: None: not said.
        after: None: not said.
        packet: Epoch and sequence of the packet that carried it, or None while it waits.
    """

    at: str
    run: int | None
    kind: str
    key: str
    field: str
    before: str | None
    after: str | None
    packet: tuple[int, int] | None


def note_changes(
    connection: Connection,
    records: Iterable[Record],
    known: Collection[FactKey],
    differing: Mapping[FactKey, Sequence[FieldChange]],
    moment: datetime,
) -> None:
    """Write down what is being queued, and forget what is too old.

    Args:
        connection: The caller's transaction.
        records: What is queued, tombstones included.
        known: The facts that were said before.
        differing: Per fact, the fields that differ from what was said.
        moment: UTC.
    """
    at, run = format_time(moment), _current_run(connection)
    lines = [
        {"at": at, "run": run, "kind": record.kind, "key": record.key, "field": change.field[:60],
         "before": _cut(change.before), "after": _cut(change.after)}
        for record in records if record.kind in KINDS
        for change in _changes(record, known, differing)
    ]  # fmt: skip
    for start in range(0, len(lines), _ROWS):
        connection.execute(insert(STATE.history), lines[start : start + _ROWS])
    _forget_old(connection, moment)


def _changes(
    record: Record, known: Collection[FactKey], differing: Mapping[FactKey, Sequence[FieldChange]]
) -> Iterator[FieldChange]:
    thing = (record.kind, record.key)
    if isinstance(record, Tombstone):
        yield FieldChange(WHOLE, None, record.gone)
    elif thing not in known:
        if record.kind == "stock":
            yield from (one for one in differing.get(thing, ()) if one.field == "quantity")
        else:
            yield FieldChange(WHOLE, None, None)
    else:
        yield from differing.get(thing, ())


def _cut(value: str | None) -> str | None:
    return value if value is None or len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _current_run(connection: Connection) -> int | None:
    run = STATE.run
    newest: int | None = connection.scalar(
        select(func.max(run.c.id)).where(run.c.finished_at.is_(None))
    )
    return newest


def _forget_old(connection: Connection, moment: datetime) -> None:
    table = STATE.history
    oldest = format_time(moment - timedelta(days=KEPT_DAYS))
    connection.execute(delete(table).where(table.c.at < oldest))
    long = select(table.c.kind, table.c.key).group_by(table.c.kind, table.c.key)
    for kind, key in connection.execute(long.having(func.count() > KEPT_OF_ONE)).all():
        same = (table.c.kind == kind, table.c.key == key)
        newest = select(table.c.id).where(*same).order_by(table.c.id.desc()).limit(KEPT_OF_ONE)
        ids = [row.id for row in connection.execute(newest)]
        connection.execute(delete(table).where(*same, table.c.id < min(ids)))


def note_packet(
    connection: Connection, stream: Stream, epoch: int, seq: int,
    things: Sequence[FactKey],
) -> None:  # fmt: skip
    """Write down which packet carries some facts: an `OnPacked` of the link."""
    if stream != "catalogue" or not things:
        return
    values = {"epoch": epoch, "seq": seq}
    rows = [{"of_kind": kind, "of_key": key} for kind, key in things]
    for table, waiting in ((STATE.said, None), (STATE.history, STATE.history.c.seq.is_(None))):
        same = (table.c.kind == bindparam("of_kind"), table.c.key == bindparam("of_key"))
        where = same if waiting is None else (*same, waiting)
        connection.execute(update(table).where(*where).values(values), rows)


def last_changes(
    connection: Connection, things: Collection[FactKey], count: int
) -> tuple[Change, ...]:
    """Return the newest changes of some facts, newest first."""
    table = STATE.history
    if not things:
        return ()
    any_of = tuple_(table.c.kind, table.c.key).in_(list(things))
    newest = select(table).where(any_of).order_by(table.c.id.desc()).limit(count)
    return tuple(_change(row) for row in connection.execute(newest))


def _change(row: Row[Any]) -> Change:
    packet = None if row.seq is None else (row.epoch, row.seq)
    return Change(row.at, row.run, row.kind, row.key, row.field, row.before, row.after, packet)
