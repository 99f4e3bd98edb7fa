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

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select, update

from pos_exporter.customers_desk import enter_customers
from pos_exporter.errors import (
    AddressChangedError,
    AwaitingPaymentError,
    ChangedAfterImportError,
    NoWriteBackError,
    OrderLostError,
)
from pos_exporter.intake.port import OVER as OVER
from pos_exporter.intake.port import (
    Entered,
    HandedOverError,
    InDoubtError,
    Mark,
    Note,
    NotWritableError,
    TillRefusedError,
    TillWriter,
    UnreadError,
)
from pos_exporter.orders_ledger import (
    Attempt,
    attempt_of,
    difference,
    lines_hash,
    placed_before,
    told_hash,
)
from pos_exporter.state import STATE
from protocol.errors import OutcomeUnknownError, Problem, RefusedItemError, RetryableError
from protocol.keys import Keys
from protocol.link.notices import problem_json
from protocol.link.outbox import Outbox
from protocol.records import (
    Article,
    Fate,
    FateState,
    Order,
    Record,
    Role,
    Stock,
    parse_record,
    reason_of,
)
from protocol.values import format_time

#: Roles in which an order enters the till where the configuration says nothing.
IMPORT_WHEN: frozenset[Role] = frozenset(
    {"paid", "payable_on_delivery", "preparing", "shipped", "delivered", "backorder_paid"}
)
#: For each order uid, the units per stock key that the till's figures already contain.
CountedUnits = Mapping[str, Mapping[str, int]]
#: For the stock key of each pack, the units per stock key that the till loses with one of it.
PackUnits = Mapping[str, Mapping[str, int]]
NO_PACKS: PackUnits = {}
#: States in which nothing more is to do with a revision.
DONE = frozenset({"imported", "closed", "ignored"})
#: What the site is told of each state here; all others wait.
_SAID: Mapping[str, FateState] = {
    "imported": "imported", "closed": "ignored", "ignored": "ignored", "refused": "refused",
}  # fmt: skip
#: Reasons that need no hand at once: the order is in nobody's way.
_WAITS = (
    AwaitingPaymentError, ChangedAfterImportError, AddressChangedError, NoWriteBackError,
    HandedOverError, OrderLostError,
)  # fmt: skip
#: After so many requests in one run whose outcome is unknown, the till is left alone.
_MOST_UNKNOWN = 3
#: Of an order that is over and not in the till: should it come back to life, it enters anew.
_NEVER_ENTERED: Mapping[str, None] = dict.fromkeys(
    ("till_key", "entered_at", "evidence", "changed_at")
)


@dataclass
class OrdersDone:
    """What one run did with orders and customers.

    Args:
        imported: Orders that entered.
        already: Orders that the till had.
        waiting: Orders that wait.
        refused: Orders and customers that need a hand.
        doubts: Orders of which nobody knows whether the till has them.
        customers: Customers that entered.
        lost: Orders that the till had and has no more.
    """

    imported: int = 0
    already: int = 0
    waiting: int = 0
    refused: int = 0
    doubts: int = 0
    customers: int = 0
    lost: int = 0


@dataclass(frozen=True)
class _Outcome:
    """How far an order has come.

    Args:
        state: As `web_order` keeps it.
        problem: Why it is no further.
        entered: What the till has now, where it was told just now.
    """

    state: str
    problem: Problem | None = None
    entered: Entered | None = None


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
        self._unsure = unsure
        self._engine = engine
        self._keys = keys
        self._outbox = outbox
        self._writer = writer
        self._clock = clock
        self._import_when = frozenset(import_when)
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
        for pending in self._pending():
            row = self._again_from(pending.uid)  # a person may have spoken since
            try:
                self._run_one(row, done)
            except OutcomeUnknownError as error:
                unknown += 1
                done.waiting += 1
                self._keep(row, _Outcome("waiting", error.problem()))
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
        table = STATE.web_order
        open_rows = select(table).where(table.c.state.in_(("waiting", "refused", "doubt")))
        with self._engine.connect() as connection:
            rows = connection.execute(open_rows.order_by(table.c.shop_id)).all()
        for row in rows:
            if row.entered_at is None:
                self._follow_entry(row, counted, done)
            elif row.state == "waiting" and row.lost is None:
                self._follow_change(row, counted, done, packs)

    def _follow_entry(self, row: Row[Any], counted: CountedUnits, done: OrdersDone) -> None:
        if not counted.get(row.uid):
            return
        _forget(done, row.state)
        attempt = attempt_of(row) or Attempt.of(
            self._open(row), Mark("order", row.revision), self._clock()
        )
        key = attempt.mark.file or row.reference
        self._note_entry(row, attempt, Entered(key, already=True, evidence="counted"))
        row = self._again_from(row.uid)
        try:
            self._run_one(row, done)
        except (RetryableError, OutcomeUnknownError) as error:
            # Its change is tried again by the next run; the figures were read, and are to leave.
            done.waiting += 1
            self._keep(row, _Outcome("waiting", error.problem()))

    def _follow_change(
        self, row: Row[Any], counted: CountedUnits, done: OrdersDone, packs: PackUnits
    ) -> None:
        order = self._open(row)
        kept = units_kept(order, packs)
        if difference(row, order) != "lines" or kept is None:
            return
        if counted.get(row.uid, {}) == kept:
            self._keep(row, _Outcome("imported"))
            done.waiting -= 1

    def _pending(self) -> list[Row[Any]]:
        """Return what is to do; what nobody answers comes last, so that it holds up nothing."""
        table = STATE.web_order
        pending = select(table).where(table.c.state.not_in(DONE) | table.c.answered.is_(False))
        with self._engine.connect() as connection:
            order = pending.order_by(table.c.attempt.is_not(None), table.c.shop_id)
            return list(connection.execute(order).all())

    # --- one order ---------------------------------------------------------------------------

    def _run_one(self, row: Row[Any], done: OrdersDone) -> None:
        if row.state in DONE and row.entered_revision == row.revision:
            self._keep(row, _Outcome(row.state))  # answered before, and asked again
            return
        try:
            outcome = self._bring(row, self._open(row), done)
        except RefusedItemError as error:
            outcome = _refusal(error)
            if isinstance(error, UnreadError):
                self.unread = self.unread or error.problem()
        _count(done, outcome.state)
        same = row.problem == (outcome.problem and problem_json(outcome.problem))
        if not (row.state == outcome.state and same and row.answered):
            self._keep(row, outcome)

    def _bring(self, row: Row[Any], order: Order, done: OrdersDone) -> _Outcome:
        if row.lost is not None:
            if order.state.role in OVER:
                return self._over(row, order)
            raise OrderLostError(place=order.reference)
        if row.attempt is not None:
            self._look(row, done)
            row = self._again_from(row.uid)
        if row.entered_at is not None:
            return self._change(row, order)
        if row.person_said == "ignore":
            return _Outcome("ignored")
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
        return _Outcome("imported", entered=entered)

    def _bring_up_to_date(self, row: Row[Any], order: Order, entered: Entered) -> _Outcome:
        """Tell a till that has an order what the order is now: nobody knows which revision it has.

        We have forgotten its entry, or never heard of it. A till that cannot be told is believed:
        after the loss of our state a person would have to look at each order.
        """
        self._note_entry(row, None, entered)
        try:
            return self._change(self._again_from(row.uid), order)
        except (ChangedAfterImportError, AddressChangedError):
            return _Outcome("imported", entered=entered)

    def _enter(self, writer: TillWriter, row: Row[Any], order: Order) -> Entered:
        try:
            return writer.enter_order(order, self._note(row, order))
        except (HandedOverError, InDoubtError):
            raise
        except RefusedItemError:
            self._forget_attempt(row.uid)  # known to have come to nothing
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
            self._forget_attempt(row.uid)
            return
        done.imported += row.entered_at is None
        self._note_entry(row, attempt, entered)

    def _over(self, row: Row[Any], order: Order) -> _Outcome:
        """Close an order that never entered; one that did, in a run that we forgot, is changed."""
        try:
            if self._writer is None or not self._writer.holds_order(row.uid):
                return _Outcome("closed")
            entered = self._writer.enter_order(order)
        except NotWritableError:
            return _Outcome("closed")
        self._note_entry(row, None, entered)
        return self._change(self._again_from(row.uid), order)

    def _change(self, row: Row[Any], order: Order) -> _Outcome:
        """Bring a later revision of an order that the till has."""
        what = difference(row, order)
        if what is None:
            return _Outcome("imported")
        try:
            if self._writer is None:
                raise NotWritableError(kind="order_changed")
            note = self._note(row, order)
            return _Outcome(
                "imported", entered=self._writer.change_order(order, row.till_key, note)
            )
        except HandedOverError:
            raise
        except NotWritableError:
            if what == "lines":
                # From here on somebody may be changing it: only the till knows what it has.
                self._set(row.uid, lines_hash=None)
                raise ChangedAfterImportError(
                    place=order.reference, role=order.state.role, till_key=row.till_key
                ) from None
            if what == "address":
                raise AddressChangedError(place=order.reference, till_key=row.till_key) from None
            return _Outcome("imported")
        except RefusedItemError:
            self._forget_attempt(row.uid)
            raise

    # --- the ledger --------------------------------------------------------------------------

    def _note(self, row: Row[Any], order: Order) -> Note:
        def begin(mark: Mark) -> None:
            attempt = Attempt.of(order, mark, self._clock())
            self._set(row.uid, attempt=attempt.text())

        unsure = self._unsure is not None and placed_before(order, self._unsure)
        return Note(row.tries or 0, begin, unsure)

    def _note_entry(self, row: Row[Any], attempt: Attempt | None, entered: Entered) -> None:
        """Note that the till has the revision that was begun; None: it is not known which."""
        self._set(
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

    def _forget_attempt(self, uid: str) -> None:
        self._set(uid, attempt=None)

    def _set(self, uid: str, **values: Any) -> None:
        table = STATE.web_order
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.uid == uid).values(**values))

    def _again_from(self, uid: str) -> Row[Any]:
        table = STATE.web_order
        with self._engine.connect() as connection:
            return connection.execute(select(table).where(table.c.uid == uid)).one()

    def _keep(self, row: Row[Any], outcome: _Outcome) -> None:
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
            order = self._open(row)
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
        self, row: Row[Any], outcome: _Outcome, moment: datetime, attempt: Attempt | None
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

    def _open(self, row: Row[Any]) -> Order:
        record = parse_record(self._keys.open(row.body), place=row.reference)
        if not isinstance(record, Order):
            raise TypeError(record.kind)
        return record


def _refusal(error: RefusedItemError) -> _Outcome:
    if isinstance(error, InDoubtError):
        return _Outcome("doubt", error.problem())
    return _Outcome("waiting" if isinstance(error, _WAITS) else "refused", error.problem())


def _count(done: OrdersDone, state: str, number: int = 1) -> None:
    done.waiting += number * (state == "waiting")
    done.refused += number * (state == "refused")
    done.doubts += number * (state == "doubt")


def _forget(done: OrdersDone, state: str) -> None:
    _count(done, state, -1)
    done.imported += 1


def units_kept(order: Order, packs: PackUnits = NO_PACKS) -> dict[str, int] | None:
    """Return the units of each stock key that an order keeps from sale.

    None: a line of it names nothing of the till, so that nobody can compare.
    """
    kept: dict[str, int] = {}
    for line in order.lines if order.state.role not in OVER else ():
        if line.stock_key is None:
            return None
        for key, units in packs.get(line.stock_key, {line.stock_key: 1}).items():
            kept[key] = kept.get(key, 0) + units * line.quantity
    return {key: units for key, units in kept.items() if units}


def pack_units(records: Collection[Record]) -> PackUnits:
    """Return what the till loses with each pack: its components, and itself where it is counted."""
    figures = {record.key for record in records if isinstance(record, Stock)}
    packs = {}
    for article in records:
        if isinstance(article, Article) and article.parts:
            own, units = f"a:{article.key}", dict[str, int]()
            for part in article.parts:
                key = f"v:{part.variant}" if part.variant else f"a:{part.article}"
                units[key] = units.get(key, 0) + part.quantity
            packs[own] = units | ({own: 1} if own in figures else {})
    return packs


def counted_units(records: Iterable[Record]) -> CountedUnits:
    """Return the units that a reading's stock figures contain, by order uid and stock key."""
    units: dict[str, dict[str, int]] = {}
    for stock in records:
        for entry in stock.counted if isinstance(stock, Stock) else ():
            units.setdefault(entry.order, {})[stock.key] = entry.quantity
    return units
