"""What is remembered of each web order, written together with the fate that the site is told.

A person may speak at any moment: what they said is never overwritten by a run that began before.

    for row in book.pending():
        order = book.opened(row)
        book.keep(row, Outcome("imported"))             # and its fate is queued
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select, update

from pos_exporter.intake.port import Entered, Mark, Note
from pos_exporter.orders_ledger import Attempt, lines_hash, placed_before, told_hash
from pos_exporter.orders_outcome import DONE, Outcome
from pos_exporter.state import STATE
from protocol.keys import Keys
from protocol.link.notices import problem_json
from protocol.link.outbox import Outbox
from protocol.records import Fate, FateState, Order, parse_record, reason_of
from protocol.values import format_time

#: What the site is told of each state here; all others wait.
_SAID: Mapping[str, FateState] = {
    "imported": "imported", "closed": "ignored", "ignored": "ignored", "refused": "refused",
}  # fmt: skip
#: Of an order that is over and not in the till: should it come back to life, it enters anew.
_NEVER_ENTERED: Mapping[str, None] = dict.fromkeys(
    ("till_key", "entered_at", "evidence", "changed_at")
)


class OrdersBook:
    """What is remembered of web orders, and the fate of each that is queued with it.

    Args:
        engine: The state database.
        keys: Ours; bodies are sealed to them.
        outbox: Where fates are queued.
        clock: UTC now.
        unsure: When we saw that our memory was lost; None: it was not.
    """

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        outbox: Outbox,
        clock: Callable[[], datetime],
        unsure: datetime | None,
    ) -> None:
        self._engine, self._keys, self._outbox = engine, keys, outbox
        self._clock, self._unsure = clock, unsure

    def pending(self) -> list[Row[Any]]:
        """Return what is to do; what nobody answers comes last, so that it holds up nothing."""
        table = STATE.web_order
        pending = select(table).where(table.c.state.not_in(DONE) | table.c.answered.is_(False))
        with self._engine.connect() as connection:
            order = pending.order_by(table.c.attempt.is_not(None), table.c.shop_id)
            return list(connection.execute(order).all())

    def open_rows(self) -> Sequence[Row[Any]]:
        """Return the orders that wait, are refused or in doubt, in the shop's order."""
        table = STATE.web_order
        open_rows = select(table).where(table.c.state.in_(("waiting", "refused", "doubt")))
        with self._engine.connect() as connection:
            return connection.execute(open_rows.order_by(table.c.shop_id)).all()

    def again_from(self, uid: str) -> Row[Any]:
        """Return what is remembered of an order now: a person may have spoken since."""
        table = STATE.web_order
        with self._engine.connect() as connection:
            return connection.execute(select(table).where(table.c.uid == uid)).one()

    def opened(self, row: Row[Any]) -> Order:
        """Return the newest revision of an order."""
        record = parse_record(self._keys.open(row.body), place=row.reference)
        if not isinstance(record, Order):
            raise TypeError(record.kind)
        return record

    def note(self, row: Row[Any], order: Order) -> Note:
        """Return what the till is told beside the order; it notes what is begun."""

        def begin(mark: Mark) -> None:
            attempt = Attempt.of(order, mark, self._clock())
            self.remember(row.uid, attempt=attempt.text())

        unsure = self._unsure is not None and placed_before(order, self._unsure)
        return Note(row.tries or 0, begin, unsure)

    def note_entry(self, row: Row[Any], attempt: Attempt | None, entered: Entered) -> None:
        """Note that the till has the revision that was begun; None: it is not known which."""
        self.remember(
            row.uid,
            till_key=row.till_key or entered.key,
            entered_at=row.entered_at or format_time(self._clock()),
            changed_at=format_time(self._clock()) if row.entered_at else None,
            evidence=entered.evidence,
            entered_revision=attempt.mark.revision if attempt else None,
            lines_hash=attempt.lines if attempt else None,
            told_hash=attempt.told if attempt else None,
            attempt=None,
            doubt=None,
        )

    def forget_attempt(self, uid: str) -> None:
        """Forget what was begun: its outcome is known."""
        self.remember(uid, attempt=None)

    def remember(self, uid: str, **values: Any) -> None:
        """Remember these columns of an order."""
        table = STATE.web_order
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.uid == uid).values(**values))

    def keep(self, row: Row[Any], outcome: Outcome) -> None:
        """Keep how far an order has come and queue its fate, unless a person spoke meanwhile."""
        table, moment = STATE.web_order, self._clock()
        values: dict[str, Any] = {
            "state": outcome.state,
            "answered": True,
            "problem": problem_json(outcome.problem) if outcome.problem else None,
            "doubt": (row.doubt or format_time(moment)) if outcome.state == "doubt" else None,
        }
        if outcome.state in DONE:
            values["lost"] = None
        if outcome.state in DONE and row.body:  # not wiped: then nothing changed
            order = self.opened(row)
            values |= {"entered_revision": row.revision, "lines_hash": lines_hash(order),
                       "told_hash": told_hash(order), "attempt": None}  # fmt: skip
            if row.entered_at is not None and values["lines_hash"] != row.lines_hash:
                values["changed_at"] = format_time(moment)
        if outcome.state == "closed":
            values |= _NEVER_ENTERED
        if outcome.entered is not None:
            values |= {"till_key": row.till_key or outcome.entered.key,
                       "evidence": outcome.entered.evidence}  # fmt: skip
            values["entered_at"] = row.entered_at or format_time(moment)
        unchanged = (
            (table.c.uid == row.uid)
            & (table.c.revision == row.revision)
            & table.c.person_said.is_not_distinct_from(row.person_said)
            & (table.c.state == row.state)
        )
        with self._engine.begin() as connection:
            if connection.execute(update(table).where(unchanged).values(**values)).rowcount:
                [open_attempt] = connection.execute(
                    select(table.c.attempt).where(table.c.uid == row.uid)
                ).one()
                fate = self._fate(row, outcome, moment, Attempt.parse(open_attempt))
                self._outbox.queue(connection, [fate])

    def _fate(
        self, row: Row[Any], outcome: Outcome, moment: datetime, attempt: Attempt | None
    ) -> Fate:
        """Return the answer to the newest revision, or to the one that the till may be at work on.

        "Waiting" says that the till has nothing of this revision nor of those before it: that is
        not known as long as an older one is on its way, so the newer one gets no answer yet.
        """
        return Fate(
            key=f"order/{row.uid}",
            of_kind="order",
            of_key=row.uid,
            of_hash=attempt.mark.revision if attempt else row.revision,
            state=_SAID.get(outcome.state, "waiting"),
            reason=reason_of(outcome.problem) if outcome.problem else None,
            at=moment,
        )
