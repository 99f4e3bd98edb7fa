"""One web order, brought into the till as far as its role, the till and the mapping allow.

What was begun without a known end is looked at before anything is done again. An order that the
till has is changed where the mapping says how.

    outcome = Bringer(book, writer, clock, import_when).bring(row, book.opened(row), done)
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from pos_exporter.errors import (
    AddressChangedError,
    AwaitingPaymentError,
    ChangedAfterImportError,
    NoWriteBackError,
    OrderLostError,
)
from pos_exporter.intake.port import (
    OVER,
    Entered,
    HandedOverError,
    InDoubtError,
    NotWritableError,
    TillRefusedError,
    TillWriter,
)
from pos_exporter.orders_book import OrdersBook
from pos_exporter.orders_ledger import attempt_of, difference
from pos_exporter.orders_outcome import OrdersDone, Outcome
from protocol.errors import RefusedItemError
from protocol.records import Order, Role


class Bringer:
    """Brings one order at a time.

    Args:
        book: What is remembered.
        writer: The till, or None when it takes no orders.
        clock: UTC now.
        import_when: Roles in which an order enters.
    """

    def __init__(
        self,
        book: OrdersBook,
        writer: TillWriter | None,
        clock: Callable[[], datetime],
        import_when: Collection[Role],
    ) -> None:
        self._book, self._writer = book, writer
        self._clock, self._import_when = clock, frozenset(import_when)

    def bring(self, row: Row[Any], order: Order, done: OrdersDone) -> Outcome:
        """Bring the newest revision of an order as far as it can come.

        Raises:
            RefusedItemError: When it waits, and why.
            RetryableError, OutcomeUnknownError: The till does not answer.
        """
        if row.lost is not None:
            if order.state.role in OVER:
                return self._over(row, order)
            raise OrderLostError(place=order.reference)
        if row.attempt is not None:
            self._look(row, done)
            row = self._book.again_from(row.uid)
        if row.entered_at is not None:
            return self._change(row, order)
        if row.person_said == "ignore":
            return Outcome("ignored")
        role = order.state.role
        if role in OVER:
            return self._over(row, order)
        if role not in self._import_when:
            raise AwaitingPaymentError(place=order.reference, role=role)
        if self._writer is None:
            raise NoWriteBackError(place=order.reference)
        try:
            entered = self._enter(self._writer, row, order)
        except NotWritableError as error:
            raise NoWriteBackError(place=order.reference) from error
        done.imported += not entered.already
        done.already += entered.already
        if entered.already:
            return self._bring_up_to_date(row, order, entered)
        return Outcome("imported", entered=entered)

    def _bring_up_to_date(self, row: Row[Any], order: Order, entered: Entered) -> Outcome:
        """Tell a till that has an order what the order is now: nobody knows which revision it has.

        We have forgotten its entry, or never heard of it. A till that cannot be told is believed:
        after the loss of our state a person would have to look at each order.
        """
        self._book.note_entry(row, None, entered)
        try:
            return self._change(self._book.again_from(row.uid), order)
        except (ChangedAfterImportError, AddressChangedError):
            return Outcome("imported", entered=entered)

    def _enter(self, writer: TillWriter, row: Row[Any], order: Order) -> Entered:
        try:
            return writer.enter_order(order, self._book.note(row, order))
        except (HandedOverError, InDoubtError):
            raise
        except RefusedItemError:
            self._book.forget_attempt(row.uid)  # known to have come to nothing
            raise

    def _look(self, row: Row[Any], done: OrdersDone) -> None:
        """Learn what became of what was begun, and note it.

        Raises:
            RefusedItemError: When it is still open, or nobody knows; it stays noted.
        """
        attempt = attempt_of(row)
        if attempt is None:
            return
        if self._writer is None:
            raise InDoubtError(place=row.reference, file=attempt.mark.file or "…")
        entered: Entered | None = None
        try:
            entered = self._writer.look(row.uid, attempt.mark, self._clock() - attempt.at)
        except TillRefusedError:
            if attempt.mark.revision == row.revision:
                raise
        if entered is None:
            self._book.forget_attempt(row.uid)
            return
        done.imported += row.entered_at is None
        self._book.note_entry(row, attempt, entered)

    def _over(self, row: Row[Any], order: Order) -> Outcome:
        """Close an order that never entered; one that did, in a run that we forgot, is changed."""
        try:
            if self._writer is None or not self._writer.holds_order(row.uid):
                return Outcome("closed")
            entered = self._writer.enter_order(order)
        except NotWritableError:
            return Outcome("closed")
        self._book.note_entry(row, None, entered)
        return self._change(self._book.again_from(row.uid), order)

    def _change(self, row: Row[Any], order: Order) -> Outcome:
        """Bring a later revision of an order that the till has."""
        what = difference(row, order)
        if what is None:
            return Outcome("imported")
        try:
            if self._writer is None:
                raise NotWritableError(kind="order_changed")
            note = self._book.note(row, order)
            return Outcome("imported", entered=self._writer.change_order(order, row.till_key, note))
        except HandedOverError:
            raise
        except NotWritableError:
            if what == "lines":
                # From here on somebody may be changing it: only the till knows what it has.
                self._book.remember(row.uid, lines_hash=None)
                raise ChangedAfterImportError(
                    place=order.reference, role=order.state.role, till_key=row.till_key
                ) from None
            if what == "address":
                raise AddressChangedError(place=order.reference, till_key=row.till_key) from None
            return Outcome("imported")
        except RefusedItemError:
            self._book.forget_attempt(row.uid)
            raise
