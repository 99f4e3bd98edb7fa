"""Web orders and customers on their way into the till, and the answer that each gets.

An order enters when its role says so (paid, by default), once: the writer's evidence decides, and
whatever was begun without a known end is looked at before anything is done again. Every answer is a
fate; an order that cannot enter waits with its reason and is tried again at each run, so that
mending the till or the mapping is enough. An order that the site changed later reaches the till as
a change where the mapping says how, and waits for a person where it does not.

    desk = OrdersDesk(engine, keys, outbox, writer, clock, import_when)
    done = desk.run()
    desk.follow(counted_units(assembled.records), done)     # after the till was read
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row

from pos_exporter.customers_desk import enter_customers
from pos_exporter.intake.port import Entered, Mark, TillWriter, UnreadError
from pos_exporter.orders_book import OrdersBook
from pos_exporter.orders_bringing import Bringer
from pos_exporter.orders_ledger import Attempt, attempt_of, difference
from pos_exporter.orders_outcome import (
    DONE,
    OrdersDone,
    Outcome,
    count_entered,
    count_state,
    refusal,
)
from pos_exporter.orders_units import NO_PACKS, CountedUnits, PackUnits, units_kept
from protocol.errors import OutcomeUnknownError, Problem, RefusedItemError, RetryableError
from protocol.keys import Keys
from protocol.link.notices import problem_json
from protocol.link.outbox import Outbox
from protocol.records import Role

#: Roles in which an order enters the till where the configuration says nothing.
IMPORT_WHEN: frozenset[Role] = frozenset(
    {"paid", "payable_on_delivery", "preparing", "shipped", "delivered", "backorder_paid"}
)
#: After so many requests in one run whose outcome is unknown, the till is left alone.
_MOST_UNKNOWN = 3


class OrdersDesk:
    """Enters what came from the site.

    Args:
        engine: The state database.
        keys: Ours; bodies are sealed to them.
        outbox: Where fates are queued.
        writer: The till, or None when it takes no orders.
        clock: UTC now.
        import_when: Roles in which an order enters.
        unsure: When we saw that our memory was lost: what was placed before may be in the till
            already. None: it was not.
    """

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        outbox: Outbox,
        writer: TillWriter | None,
        clock: Callable[[], datetime],
        import_when: Collection[Role] = IMPORT_WHEN,
        *,
        unsure: datetime | None = None,
    ) -> None:
        self._engine, self._keys, self._writer, self._clock = engine, keys, writer, clock
        self._book = OrdersBook(engine, keys, outbox, clock, unsure)
        self._bringer = Bringer(self._book, writer, clock, import_when)
        #: Why nobody reads what was handed over, after a run; None: all is read in time.
        self.unread: Problem | None = None

    def run(self) -> OrdersDone:
        """Try every order and customer that is not in the till yet; answer each.

        Raises:
            RetryableError, OutcomeUnknownError: The till does not answer, be it for a customer
                alone: that is told once all orders were tried.
        """
        customers = enter_customers(self._engine, self._keys, self._writer, self._clock())
        done = OrdersDone(customers=customers.entered, refused=customers.refused)
        unknown = 0
        for pending in self._book.pending():
            row = self._book.again_from(pending.uid)  # a person may have spoken since
            try:
                self._run_one(row, done)
            except OutcomeUnknownError as error:
                unknown += 1
                done.waiting += 1
                self._book.keep(row, Outcome("waiting", error.problem()))
                if unknown == _MOST_UNKNOWN:
                    raise
        if self._writer is not None:
            self._writer.finish()
        if customers.unanswered:
            raise customers.unanswered[0]
        return done

    def follow(self, counted: CountedUnits, done: OrdersDone, packs: PackUnits = NO_PACKS) -> None:
        """Believe the till's own figures: they show what it has, and what somebody changed there.

        An order that waits, or is in doubt, and is in the figures has entered. An order that the
        site changed after its entry waits for a person: once the figures contain just what the
        order keeps now (nothing, where it is over), the person has done so, and the site may
        release the rest.

        Args:
            counted: What the figures of this very reading contain.
            done: This run's account.
            packs: What the till loses with each pack.
        """
        for row in self._book.open_rows():
            if row.entered_at is None:
                self._follow_entry(row, counted, done)
            elif row.state == "waiting" and row.lost is None:
                self._follow_change(row, counted, done, packs)

    def _follow_entry(self, row: Row[Any], counted: CountedUnits, done: OrdersDone) -> None:
        if not counted.get(row.uid):
            return
        count_entered(done, row.state)
        attempt = attempt_of(row) or Attempt.of(
            self._book.opened(row), Mark("order", row.revision), self._clock()
        )
        key = attempt.mark.file or row.reference
        self._book.note_entry(row, attempt, Entered(key, already=True, evidence="counted"))
        row = self._book.again_from(row.uid)
        try:
            self._run_one(row, done)
        except (RetryableError, OutcomeUnknownError) as error:
            # Its change is tried again by the next run; the figures were read, and are to leave.
            done.waiting += 1
            self._book.keep(row, Outcome("waiting", error.problem()))

    def _follow_change(
        self, row: Row[Any], counted: CountedUnits, done: OrdersDone, packs: PackUnits
    ) -> None:
        order = self._book.opened(row)
        kept = units_kept(order, packs)
        if difference(row, order) != "lines" or kept is None:
            return
        if counted.get(row.uid, {}) == kept:
            self._book.keep(row, Outcome("imported"))
            done.waiting -= 1

    def _run_one(self, row: Row[Any], done: OrdersDone) -> None:
        if row.state in DONE and row.entered_revision == row.revision:
            self._book.keep(row, Outcome(row.state))  # answered before, and asked again
            return
        try:
            outcome = self._bringer.bring(row, self._book.opened(row), done)
        except RefusedItemError as error:
            outcome = refusal(error)
            if isinstance(error, UnreadError):
                self.unread = self.unread or error.problem()
        count_state(done, outcome.state)
        same = row.problem == (outcome.problem and problem_json(outcome.problem))
        if not (row.state == outcome.state and same and row.answered):
            self._book.keep(row, outcome)
