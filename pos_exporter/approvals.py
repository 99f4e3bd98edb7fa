"""Classes that wait for a person, and the person's yes (SPEC §6.8).

The site's program holds a class and says so; a reading that the till's own brake stopped is held
here, under `shrunken-read`. A yes counts up to the number that was shown, for 24 hours, once. The
page and `approve` only write it down; the next run sends it, or uses it. Every function works
inside the caller's transaction.

    approve(connection, "deactivations", None, moment)       # a Yes, up to what is held now
    said = yes_to_say(connection, moment)                    # records for the answers stream
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from pos_exporter.state import STATE
from protocol.errors import Text, UsageError
from protocol.records import Approval, HeldClass
from protocol.values import format_time

#: The till's own brake: a reading that shows far less than the one before.
SHRUNKEN = "shrunken-read"
_VALID = timedelta(hours=24)


class NotHeldError(UsageError):
    """Nothing of this class waits for a person."""

    code = "E-POS-036"
    what = Text("Rien n'est retenu sous « {value} »", "Nothing is held under « {value} »")
    remedy = Text("Classes retenues : {held}", "Classes held: {held}")


class TooManyHeldError(UsageError):
    """More waits than the person has seen."""

    code = "E-POS-037"
    what = Text(
        "{count} changements sont retenus, votre accord n'en couvre que {up_to}",
        "{count} changes are held, your yes covers only {up_to}",
    )
    remedy = Text(
        "Regarder les nouveaux exemples, puis approuver avec --up-to {count}",
        "Look at the new examples, then approve with --up-to {count}",
    )


@dataclass(frozen=True)
class Held:
    """One class that waits.

    Args:
        key: The class.
        count: Changes that wait.
        of: Live ones of which they are a part.
        examples: A few of them.
        since: UTC.
        approved_until: Until when a yes that was given counts; None: nobody said yes.
    """

    key: str
    count: int
    of: int
    examples: tuple[str, ...]
    since: datetime
    approved_until: datetime | None = None


def take_held(connection: Connection, record: HeldClass) -> None:
    """Note what the site's program holds; a count of 0 ends it, and the yes with it.

    A class that is held anew has used its yes up, or refused it: a person is asked again.
    """
    table, since = STATE.held_class, format_time(record.since)
    before = connection.scalar(select(table.c.since).where(table.c.key == record.key))
    _forget(connection, record.key)
    if record.count:
        _hold(connection, record.key, record.count, record.of, record.examples, record.since)
    if not record.count or before not in (None, since):
        _forget_yes(connection, record.key)


def hold_reading(connection: Connection, now: int, before: int, what: str, at: datetime) -> None:
    """Note a reading that the till's own brake stopped."""
    held = {one.key: one for one in held_classes(connection, at)}
    since = held[SHRUNKEN].since if SHRUNKEN in held else at
    if SHRUNKEN in held and not held[SHRUNKEN].examples[0].startswith(f"{what} :"):
        _forget_yes(connection, SHRUNKEN)  # it was said to the loss of something else
    _forget(connection, SHRUNKEN)
    _hold(connection, SHRUNKEN, before - now, before, (f"{what} : {before} → {now}",), since)


def end_reading(connection: Connection) -> None:
    """Note that a reading passed: nothing is held here, and a yes is used up."""
    _forget(connection, SHRUNKEN)
    connection.execute(delete(STATE.approval).where(STATE.approval.c.key == SHRUNKEN))


def reading_allowed(connection: Connection, moment: datetime) -> int:
    """Return how much a reading may lose because a person said yes; 0: nobody did."""
    table = STATE.approval
    valid = (table.c.key == SHRUNKEN, table.c.until >= format_time(moment))
    return connection.scalar(select(table.c.up_to).where(*valid)) or 0


def approve(connection: Connection, key: str, up_to: int | None, moment: datetime) -> Approval:
    """Write down a person's yes, to be sent by the next run.

    Args:
        connection: The caller's transaction.
        key: The class.
        up_to: How many changes the person has seen; None: as many as are held now.
        moment: UTC.

    Raises:
        NotHeldError: When nothing of the class waits.
        TooManyHeldError: When more waits than the person has seen.
    """
    held = {one.key: one for one in held_classes(connection, moment)}
    if key not in held:
        raise NotHeldError(value=key, held=", ".join(sorted(held)) or "—")
    count = held[key].count
    if up_to is not None and up_to < count:
        raise TooManyHeldError(value=key, count=count, up_to=up_to)
    wanted = up_to or count
    known = _yes(connection, key, moment)
    if known is not None and known.up_to >= wanted:
        return known  # said twice it is the same yes, which counts once
    given = Approval(key=key, up_to=wanted, until=moment + _VALID)
    _forget_yes(connection, key)
    connection.execute(
        insert(STATE.approval).values(
            key=key, up_to=given.up_to, until=format_time(given.until), queued=key == SHRUNKEN
        )
    )
    return given


def yes_to_say(
    connection: Connection, moment: datetime, *, again: bool = False
) -> tuple[Approval, ...]:
    """Return what must be sent to the site's program, and note that it is queued.

    Args:
        connection: The caller's transaction.
        moment: UTC.
        again: Every yes that still counts, also one that was sent: our answers begin anew.
    """
    table = STATE.approval
    connection.execute(delete(table).where(table.c.until < format_time(moment)))
    asked = select(table).where(table.c.key != SHRUNKEN)
    rows = connection.execute(asked if again else asked.where(table.c.queued.is_(False))).all()
    connection.execute(update(table).where(table.c.key != SHRUNKEN).values(queued=True))
    return tuple(
        Approval(key=row.key, up_to=row.up_to, until=datetime.fromisoformat(row.until))
        for row in rows
    )


def held_classes(connection: Connection, moment: datetime) -> tuple[Held, ...]:
    """Return what waits for a person, oldest first."""
    held, given = STATE.held_class, STATE.approval
    valid = select(given).where(given.c.until >= format_time(moment))
    given_for = {row.key: row for row in connection.execute(valid)}

    def until(key: str, count: int) -> datetime | None:
        yes = given_for.get(key)
        return datetime.fromisoformat(yes.until) if yes and yes.up_to >= count else None

    rows = connection.execute(select(held).order_by(held.c.since, held.c.key))
    return tuple(
        Held(
            row.key, row.changes, row.of, tuple(json.loads(row.examples)),
            datetime.fromisoformat(row.since), until(row.key, row.changes),
        )
        for row in rows
    )  # fmt: skip


def _hold(
    connection: Connection, key: str, count: int, of: int, examples: Sequence[str], since: datetime
) -> None:
    connection.execute(
        insert(STATE.held_class).values(
            key=key, changes=count, of=of, examples=json.dumps(list(examples), ensure_ascii=False),
            since=format_time(since),
        )
    )  # fmt: skip


def _yes(connection: Connection, key: str, moment: datetime) -> Approval | None:
    table = STATE.approval
    valid = select(table).where(table.c.key == key, table.c.until >= format_time(moment))
    row = connection.execute(valid).first()
    if row is None:
        return None
    return Approval(key=row.key, up_to=row.up_to, until=datetime.fromisoformat(row.until))


def _forget_yes(connection: Connection, key: str) -> None:
    connection.execute(delete(STATE.approval).where(STATE.approval.c.key == key))


def _forget(connection: Connection, key: str) -> None:
    connection.execute(delete(STATE.held_class).where(STATE.held_class.c.key == key))
