"""Orders that the till had and has no more: its database was restored from a backup.

Rules: what entered stays sealed here for 30 days, and is then wiped; the ledger stays. So long the
till is asked whether it still has each order: all of them once a day and at each whole saying, the
newest one at every run, for a restored till has lost that one first. A lost order waits for a
person: they have all entered again, each once, or answer one by one. Until then the site keeps its
units, also of orders that both ends had done with: this is said before any figure is. An order that
is over is not asked back. Tills that cannot be asked by uid, and orders that a person entered by
hand, are left out.

    newly = ask_till(engine, writer, outbox, clock(), every=False)    # 3
    enter_lost(connection)                                            # their click
    wipe_old(connection, moment)
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, or_, select, update

from pos_exporter import settlements
from pos_exporter.intake.port import OVER, NotWritableError, TillWriter
from pos_exporter.meta import meta, set_meta
from pos_exporter.orders_answers import enter_again
from pos_exporter.orders_outcome import DONE
from pos_exporter.state import STATE
from protocol.link.outbox import Outbox
from protocol.values import format_time

#: So long orders are kept whole and asked for.
KEPT = timedelta(days=30)
_DAILY = timedelta(hours=23)
_ASKED_AT = "till_asked_at"
_ORDER = STATE.web_order.c
#: States of orders that may be in the till.
_THERE = ("new", "waiting", "refused", "doubt", "imported")
#: What tells that a till knows an order by its uid.
_ASKABLE = ("idempotency", "answer", "already", "lookup")


def ask_till(
    engine: Engine, writer: TillWriter | None, outbox: Outbox, moment: datetime, *, every: bool
) -> int:
    """Ask the till what it still has; return how many orders were found lost just now.

    Args:
        engine: The state database.
        writer: The till; None is not asked.
        outbox: Where it is said that what was settled is not.
        moment: Now, UTC.
        every: Ask for all orders, whenever that was done last.

    Raises:
        RetryableError: When the till does not answer; nothing is noted then.
        RefusedItemError: When its own query fails.
    """
    if writer is None:
        return 0
    with engine.connect() as connection:
        kept = connection.execute(_kept(moment)).all()
        asked_at = meta(connection, _ASKED_AT)
    due = every or asked_at is None or moment - datetime.fromisoformat(asked_at) >= _DAILY
    try:
        whole = due or _is_gone(writer, [row for row in kept if row.lost is None][:1])
        asked = [row for row in kept if whole or row.lost is not None]
        holds = {row.uid: writer.holds_order(row.uid) for row in asked}
    except NotWritableError:
        return 0  # a till that cannot be asked
    lost = [row for row in asked if not holds[row.uid] and row.lost is None]
    found = [row.uid for row in asked if holds[row.uid] and row.lost is not None]
    with engine.begin() as connection:
        _note_lost(connection, outbox, lost, moment)
        _note_found(connection, found)
        if whole:
            set_meta(connection, _ASKED_AT, format_time(moment))
    return len(lost)


def enter_lost(connection: Connection) -> int:
    """Have every lost order enter anew with the next run; return how many.

    The till is asked for each before it is written: what it has meanwhile does not enter twice.
    Customers enter again too, and what changed in other orders since the first lost one is brought
    again: the till has lost that as well.
    """
    lost = _ORDER.lost.is_not(None)
    uids = list(connection.execute(select(_ORDER.uid).where(lost)).scalars())
    if not uids:
        return 0
    first = connection.scalar(select(func.min(_ORDER.entered_at)).where(lost))
    changed = _ORDER.lost.is_(None) & (_ORDER.changed_at >= first) & (func.length(_ORDER.body) > 0)
    again = {"state": "new", "answered": False, "entered_revision": None, "lines_hash": None}
    connection.execute(update(STATE.web_order).where(changed).values(**again))
    enter_again(connection, uids)
    table = STATE.web_customer
    kept = (table.c.state == "entered") & (func.length(table.c.body) > 0)
    connection.execute(update(table).where(kept).values(state="new"))
    return len(uids)


def wipe_old(connection: Connection, moment: datetime) -> None:
    """Forget what is in orders and customers that the till has had for 30 days; uids stay."""
    before = format_time(moment - KEPT)
    since = func.coalesce(_ORDER.entered_at, _ORDER.received_at)
    old = (
        _ORDER.state.in_(DONE) & _ORDER.answered & _ORDER.lost.is_(None) & _ORDER.attempt.is_(None)
        & (since < before) & (_ORDER.received_at < before) & (func.length(_ORDER.body) > 0)
    )  # fmt: skip
    connection.execute(update(STATE.web_order).where(old).values(body=b""))
    table = STATE.web_customer
    entered = (table.c.state == "entered") & (table.c.entered_at < before)
    connection.execute(update(table).where(entered).values(body=b""))


def _kept(moment: datetime) -> Any:
    """Return the query of the orders that the till should have and that we still can give it."""
    before = format_time(moment - KEPT)
    recent: ColumnElement[bool] = or_(_ORDER.entered_at >= before, _ORDER.received_at >= before)
    return (
        select(_ORDER.uid, _ORDER.role, _ORDER.lost)
        .where(
            _ORDER.entered_at.is_not(None), _ORDER.evidence.in_(_ASKABLE), recent,
            func.length(_ORDER.body) > 0, _ORDER.state.in_(_THERE),
        )
        .order_by(_ORDER.entered_at.desc(), _ORDER.shop_id.desc())
    )  # fmt: skip


def _is_gone(writer: TillWriter, newest: Sequence[Row[Any]]) -> bool:
    return any(not writer.holds_order(row.uid) for row in newest)


def _note_lost(
    connection: Connection, outbox: Outbox, rows: Sequence[Row[Any]], moment: datetime
) -> None:
    waiting = {"state": "waiting", "answered": False, "attempt": None,
               "lost": format_time(moment)}  # fmt: skip
    uids = [row.uid for row in rows if row.role not in OVER]
    connection.execute(update(STATE.web_order).where(_ORDER.uid.in_(uids)).values(**waiting))
    # What is over needs no place in the till any more: the desk closes it.
    enter_again(connection, [row.uid for row in rows if row.role in OVER])
    if rows:
        settlements.lose(connection, [row.uid for row in rows])
        outbox.queue(connection, settlements.to_say(connection))


def _note_found(connection: Connection, uids: Sequence[str]) -> None:
    back = {"state": "new", "answered": False, "lost": None, "problem": None}
    connection.execute(update(STATE.web_order).where(_ORDER.uid.in_(uids)).values(**back))
