"""The procedure till writer: a till's own stored procedure, called with named values.

A procedure may commit by itself, so that nothing here can undo it. Hence: look (the idempotency
query); note the attempt; call; look again. The query, not the call's answer, is the evidence. Where
the connection is lost, or the till says yes and shows nothing, the attempt stays noted, and `look`
tells later. A procedure that still works is given time before "not there" is believed.

    order:
      idempotency: SELECT ID FROM COMMANDE WHERE REF_WEB = :order_uid
      statements: [{id: order, sql: "CALL COMMANDE_WEB(:order_uid, :placed_at, :lines_json)"}]

    with ProcedureTillWriter(url, rules, till_timezone="Europe/Paris") as writer: …
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection

from pos_exporter.intake.binds import Binds
from pos_exporter.intake.port import (
    Entered,
    IntakeUnknownError,
    Mark,
    Note,
    StatementRefusedError,
    StillUnknownError,
    TillNotWritableError,
    change_of,
)
from pos_exporter.intake.sql import SqlTillWriter
from pos_exporter.mapping.write_back import ChangeRule, Statement, WriteRule
from protocol.errors import RefusedItemError
from protocol.records import Order, OrderLine, content_hash

#: How long a call without an answer may still be at work in the till.
SETTLE = timedelta(minutes=2)


class ProcedureTillWriter(SqlTillWriter):
    """A till behind stored procedures; the arguments are those of `SqlTillWriter`."""

    def look(self, order_uid: str, mark: Mark, age: timedelta) -> Entered | None:
        """Return what the idempotency query shows of an attempt."""
        if self._shows(order_uid, mark):
            key = self._find(order_uid)
            return Entered(str(key), already=True)
        if age < SETTLE:
            raise IntakeUnknownError(place=order_uid, reason="…")
        if mark.said_yes:
            raise StillUnknownError(place=order_uid, reason="idempotency")
        return None

    def _note_first(self, order: Order, note: Note) -> None:
        """Note nothing yet: the till is looked at before."""

    def _shows(self, order_uid: str, mark: Mark) -> bool:
        key = self._find(order_uid)
        if mark.event == "order" or key is None:
            return key is not None
        rule: ChangeRule | None = getattr(self._rules, mark.event)
        if rule is None or rule.idempotency is None:
            return False
        known: Binds = {
            "order_uid": order_uid, "order_key": key, "order_revision": mark.revision
        }  # fmt: skip
        return self._ask(rule.idempotency, known, order_uid) is not None

    def _enter(
        self, rule: WriteRule, kind: str, binds: Binds, lines: Sequence[OrderLine], place: str,
        note: Note,
    ) -> Entered:  # fmt: skip
        known = self._ask(rule.idempotency, binds, place)
        if known is not None:
            values = {**binds, f"{kind}_key": known}
            self._call(rule.when_known, values, lines, place)
            return Entered(str(known), already=True)
        mark = Mark("order", str(binds.get("order_revision", "")))
        note.begin(mark)
        try:
            self._call(rule.statements, binds, lines, place)
        except RefusedItemError:
            # It may have committed a part that is whole by itself: the query decides.
            key = self._ask(rule.idempotency, binds, place)
            if key is None:
                raise
            return Entered(str(key), already=False)
        key = self._ask(rule.idempotency, binds, place)
        if key is None and kind == "customer":
            # Nothing is noted of customers: whoever called again would make another one.
            raise StillUnknownError(place=place, reason="idempotency")
        if key is None:
            note.begin(Mark(mark.event, mark.revision, said_yes=True))
            raise IntakeUnknownError(place=place, reason="idempotency")
        return Entered(str(key), already=False)

    def _change(self, rule: ChangeRule, binds: Binds, order: Order, note: Note) -> bool:
        place = order.reference
        if rule.idempotency and self._ask(rule.idempotency, binds, place) is not None:
            return True
        mark = Mark(change_of(order), content_hash(order))
        note.begin(mark)
        self._call(rule.statements, binds, order.lines, place)
        if rule.idempotency and self._ask(rule.idempotency, binds, place) is None:
            note.begin(Mark(mark.event, mark.revision, said_yes=True))
            raise IntakeUnknownError(place=place, reason="idempotency")
        return False

    def _call(
        self, statements: Sequence[Statement], binds: Binds, lines: Sequence[OrderLine], place: str
    ) -> None:
        if not statements:
            return
        with self._unsure(place) as connection:
            self._run(connection, statements, binds, lines, place)

    @contextmanager
    def _unsure(self, place: str) -> Iterator[Connection]:
        """Yield a transaction in which a lost connection leaves the outcome unknown."""
        reached = False
        try:
            with self._transaction(place) as connection:
                reached = True
                yield connection
        except TillNotWritableError as error:
            if not reached:
                raise
            reason = error.facts.get("reason", "")
            raise IntakeUnknownError(place=place, reason=reason) from error
        except StatementRefusedError as error:
            if error.facts.get("statement") != "COMMIT":
                raise
            raise IntakeUnknownError(place=place, reason=error.facts.get("reason")) from error
