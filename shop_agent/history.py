"""What changed in the shop, when, by whom, and which packet asked for it.

A value that the till asked for, one that was put back because the site had drifted, one that a
person changed on the site, and one that a person gave back are told apart by `who`. An entity that
is new is one line, not one per field. Bounded: lines are kept for so many days, and so many of one
field of one fact. Every method works inside the caller's transaction.

    History(connection, Keep()).note([Line(subject, "products", 7, "price", 0, "16", "17")], moment)
    History(connection).last([("article", "1042")], 10)      # newest first
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, tuple_

from protocol.values import format_time
from shop_agent.actions import Create, Delete, FieldKey, Last, Subject, Update
from shop_agent.reconcile.wanted import normal
from shop_agent.state import STATE

Who = Literal["till", "site", "healed", "taken-back"]
#: The field of a line that tells of the whole entity.
WHOLE = ""
CREATED, ADOPTED, DELETED = "created", "adopted", "deleted"
_SPECIAL_PRICE = "specific_price"
_ROWS = 500
_LONGEST = 2000


@dataclass(frozen=True)
class Keep:
    """How much is kept.

    Args:
        days: Of every line.
        lines: Of one field of one fact.
    """

    days: int = 400
    lines: int = 200


@dataclass(frozen=True)
class Line:
    """One change, as its writer tells it.

    Args:
        subject: The fact, or the row of ours.
        resource: Of the webservice.
        ps_id: The entity's id.
        field: What changed; `WHOLE` for the entity itself.
        lang: Language id, 0 for none.
        before: None: not known.
        after: None: not known.
        who: Whose doing it is.
    """

    subject: Subject
    resource: str
    ps_id: int | None
    field: str = WHOLE
    lang: int = 0
    before: str | None = None
    after: str | None = None
    who: Who = "till"


@dataclass(frozen=True)
class Change:
    """One line as kept.

    Args:
        at: UTC as it travels.
        run: The pass, or None.
        kind: Of the fact.
        key: Of the fact.
        resource: Of the webservice.
        id: The entity's.
        field: Empty: the entity itself was `created`, `adopted` or `deleted`.
        lang: Language id, 0 for none.
        before: None: not known.
        after: None: not known.
        packet: Epoch and sequence of the packet that said the fact; None: not known.
        who: Whose doing it is.
    """

    at: str
    run: int | None
    kind: str
    key: str
    resource: str
    id: int | None
    field: str
    lang: int
    before: str | None
    after: str | None
    packet: tuple[int, int] | None
    who: Who


class History:
    """The lines, in one connection.

    Args:
        connection: Of the state database.
        keep: How much is kept.
    """

    def __init__(self, connection: Connection, keep: Keep | None = None) -> None:
        self._connection = connection
        self._keep = keep or Keep()

    def note(self, lines: Iterable[Line], moment: datetime) -> None:
        """Write lines down, with the run and the packets they belong to; forget what is too old."""
        noted = list(lines)
        if not noted:
            return
        at, run = format_time(moment), self._run()
        packets = self._packets({one.subject for one in noted})
        rows = [_row(one, at, run, packets.get(one.subject)) for one in noted]
        for start in range(0, len(rows), _ROWS):
            self._connection.execute(insert(STATE.history), rows[start : start + _ROWS])
        self._forget(moment, {one.subject for one in noted})

    def last(self, things: Collection[tuple[str, str]], count: int) -> tuple[Change, ...]:
        """Return the newest lines of some facts (kind, key), newest first.

        The rows of special prices of an article come with it.
        """
        table = STATE.history
        if not things:
            return ()
        priced = [
            and_(table.c.kind == _SPECIAL_PRICE, table.c.key.startswith(f"{key}|", autoescape=True))
            for kind, key in things
            if kind == "article"
        ]
        chosen = or_(tuple_(table.c.kind, table.c.key).in_(list(things)), *priced)
        query = select(table).where(chosen).order_by(table.c.id.desc()).limit(count)
        return tuple(_change(row) for row in self._connection.execute(query))

    def linked(self, subject: Subject) -> Change | None:
        """Return how a fact came to its present entity: created or adopted."""
        table = STATE.history
        same = and_(table.c.kind == subject.kind, table.c.key == subject.key)
        began = and_(table.c.field == WHOLE, table.c.after.in_([CREATED, ADOPTED]))
        query = select(table).where(same, began).order_by(table.c.id.desc()).limit(1)
        row = self._connection.execute(query).first()
        return _change(row) if row else None

    def _run(self) -> int | None:
        run = STATE.run
        query = select(func.max(run.c.id)).where(run.c.finished_at.is_(None))
        newest: int | None = self._connection.scalar(query)
        return newest

    def _packets(self, subjects: Collection[Subject]) -> Mapping[Subject, tuple[int, int]]:
        fact, found = STATE.fact, {}
        wanted = [(one.kind, one.key) for one in sorted(subjects)]
        for start in range(0, len(wanted), _ROWS):
            chosen = tuple_(fact.c.kind, fact.c.key).in_(wanted[start : start + _ROWS])
            query = select(fact.c.kind, fact.c.key, fact.c.epoch, fact.c.seq)
            for row in self._connection.execute(query.where(chosen, fact.c.seq.is_not(None))):
                found[Subject(row.kind, row.key)] = (int(row.epoch), int(row.seq))
        return found

    def _forget(self, moment: datetime, subjects: Collection[Subject]) -> None:
        table = STATE.history
        oldest = format_time(moment - timedelta(days=self._keep.days))
        self._connection.execute(delete(table).where(table.c.at < oldest))
        wanted = [(one.kind, one.key) for one in sorted(subjects)]
        for start in range(0, len(wanted), _ROWS):
            of = (table.c.kind, table.c.key, table.c.field, table.c.lang)
            chosen = tuple_(table.c.kind, table.c.key).in_(wanted[start : start + _ROWS])
            long = select(*of).where(chosen).group_by(*of).having(func.count() > self._keep.lines)
            for values in self._connection.execute(long).all():
                self._shorten([one == value for one, value in zip(of, values, strict=True)])

    def _shorten(self, same: Sequence[Any]) -> None:
        table = STATE.history
        newest = select(table.c.id).where(*same).order_by(table.c.id.desc())
        ids = self._connection.execute(newest.limit(self._keep.lines)).scalars().all()
        self._connection.execute(delete(table).where(*same, table.c.id < min(ids, default=0)))


# --- from actions to lines -------------------------------------------------------------------


def lines_of(
    action: Create | Update | Delete, ps_id: int, last: Mapping[FieldKey, Last]
) -> list[Line]:
    """Return what one write changed.

    Args:
        action: As carried out.
        ps_id: Of its entity.
        last: What we had written there before.
    """
    subject, resource = action.subject, action.resource
    if isinstance(action, Delete):
        return [Line(subject, resource, ps_id, after=DELETED)]
    if isinstance(action, Update):
        return [
            Line(
                subject, resource, ps_id, name, lang, action.was.get((name, lang)), sent,
                who_wrote(last.get((name, lang)), normal(resource, name, sent)),
            )
            for (name, lang), sent in action.sent.items()
        ]  # fmt: skip
    lines = [Line(subject, resource, ps_id, after=CREATED)]
    if subject.kind == _SPECIAL_PRICE:
        lines += [
            Line(subject, resource, ps_id, name, lang, None, sent)
            for (name, lang), sent in action.sent.items()
        ]
    return lines


def who_wrote(last: Last | None, sent: str) -> Who:
    """Return whose doing a write is: the same value twice means that the site had drifted."""
    if last is None or last.sent != sent:
        return "till"
    return "taken-back" if last.edited else "healed"


def _row(line: Line, at: str, run: int | None, packet: tuple[int, int] | None) -> dict[str, Any]:
    epoch, seq = packet or (None, None)
    return {
        "at": at, "run": run, "kind": line.subject.kind, "key": line.subject.key,
        "resource": line.resource, "ps_id": line.ps_id, "field": line.field[:60],
        "lang": line.lang, "before": _cut(line.before), "after": _cut(line.after),
        "epoch": epoch, "seq": seq, "who": line.who,
    }  # fmt: skip


def _cut(value: str | None) -> str | None:
    return value if value is None or len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _change(row: Row[Any]) -> Change:
    packet = None if row.seq is None else (row.epoch, row.seq)
    return Change(
        row.at, row.run, row.kind, row.key, row.resource, row.ps_id, row.field, row.lang,
        row.before, row.after, packet, row.who,
    )  # fmt: skip
