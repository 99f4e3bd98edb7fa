"""Web orders and customers on their way into the till, and the answer that each gets.

An order enters when its role says so (paid, by default), once: the till's own idempotency query
decides, in the transaction that writes. Every answer is a fate; an order that cannot enter waits
with its reason and is tried again at each run, so that mending the till or the mapping is enough.
An order that the site changed later waits until the till shows that somebody has followed.

    desk = OrdersDesk(engine, keys, outbox, writer, clock, import_when)
    done = desk.run()
    desk.follow(counted_units(assembled.records), done)     # after the till was read
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select, update

from pos_exporter.errors import AwaitingPaymentError, ChangedAfterImportError, NoWriteBackError
from pos_exporter.intake.port import NotWritableError, TillWriter
from pos_exporter.state import STATE
from protocol.errors import Problem, RefusedItemError
from protocol.keys import Keys
from protocol.link.notices import problem_json
from protocol.link.outbox import Outbox
from protocol.records import (
    Customer,
    Fate,
    FateState,
    Order,
    Record,
    Role,
    Stock,
    parse_record,
    reason_of,
)
from protocol.strict_json import canonical

#: Roles in which an order enters the till where the configuration says nothing.
IMPORT_WHEN: frozenset[Role] = frozenset(
    {"paid", "payable_on_delivery", "preparing", "shipped", "delivered", "backorder_paid"}
)
#: Roles in which an order that the till never had is over.
OVER: frozenset[Role] = frozenset({"cancelled", "payment_error", "refunded", "dead"})
#: For each order uid, the units per stock key that the till's figures already contain.
CountedUnits = Mapping[str, Mapping[str, int]]
#: What the site is told of each state here; all others wait.
_SAID: Mapping[str, FateState] = {"imported": "imported", "closed": "ignored"}


@dataclass
class OrdersDone:
    """What one run did with orders and customers."""

    imported: int = 0
    already: int = 0
    waiting: int = 0
    refused: int = 0
    customers: int = 0


class OrdersDesk:
    """Enters what came from the site.

    Args:
        engine: The state database.
        keys: Ours; bodies are sealed to them.
        outbox: Where fates are queued.
        writer: The till, or None when it takes no orders.
        clock: UTC now.
        import_when: Roles in which an order enters.
    """

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        outbox: Outbox,
        writer: TillWriter | None,
        clock: Callable[[], datetime],
        import_when: Collection[Role] = IMPORT_WHEN,
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._outbox = outbox
        self._writer = writer
        self._clock = clock
        self._import_when = frozenset(import_when)

    def run(self) -> OrdersDone:
        """Try every order and customer that is not in the till yet; answer each."""
        done = OrdersDone()
        self._customers(done)
        table = STATE.web_order
        pending = select(table).where(
            table.c.state.in_(("new", "waiting", "refused")) | table.c.answered.is_(False)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(pending.order_by(table.c.shop_id)).all()
        for row in rows:
            self._run_one(row, done)
        return done

    def follow(self, counted: CountedUnits, done: OrdersDone) -> None:
        """Close the changes that somebody has made at the till too; answer each.

        An order that the site changed after its entry waits for a person. Once the till's figures
        contain just what the order keeps now (nothing, where it is over), the person has done so,
        and the site may release the rest.

        Args:
            counted: What the figures of this very reading contain.
            done: This run's account.
        """
        table = STATE.web_order
        changed = (table.c.state == "waiting") & table.c.till_key.is_not(None)
        with self._engine.connect() as connection:
            rows = connection.execute(select(table).where(changed).order_by(table.c.shop_id)).all()
        for row in rows:
            kept = units_kept(self._open(row))
            if kept is not None and counted.get(row.uid, {}) == kept:
                self._answer(row, "imported", None, till_key=row.till_key)
                done.waiting -= 1

    def _run_one(self, row: Row[Any], done: OrdersDone) -> None:
        if row.state in ("imported", "closed") and row.entered_revision == row.revision:
            # Answered before, and asked again.
            self._answer(row, row.state, None, till_key=row.till_key)
            return
        order = self._open(row)
        problem: Problem | None = None
        try:
            state, till_key = self._enter(row, order, done)
        except RefusedItemError as error:
            problem = error.problem()
            waits = error.code in (AwaitingPaymentError.code, ChangedAfterImportError.code)
            state = "waiting" if waits else "refused"
            till_key = row.till_key or error.facts.get("till_key")
            done.waiting += waits
            done.refused += not waits
        same = row.state == state and row.problem == (problem and problem_json(problem))
        if not (same and row.answered):
            self._answer(row, state, problem, till_key=till_key)

    def _enter(self, row: Row[Any], order: Order, done: OrdersDone) -> tuple[str, str | None]:
        role = order.state.role
        if row.till_key is not None:
            return self._again(row, order)
        if role in OVER:
            return self._over(row, order)
        if role not in self._import_when:
            raise AwaitingPaymentError(place=order.reference, role=role)
        if self._writer is None:
            raise NoWriteBackError(place=order.reference)
        try:
            entered = self._writer.enter_order(order)
        except NotWritableError as error:
            raise NoWriteBackError(place=order.reference) from error
        done.imported += not entered.already
        done.already += entered.already
        return "imported", entered.key

    def _over(self, row: Row[Any], order: Order) -> tuple[str, str | None]:
        """Close an order that never entered; one that did, in a run that we forgot, is changed."""
        try:
            if self._writer is None or not self._writer.holds_order(row.uid):
                return "closed", None
        except NotWritableError:
            return "closed", None
        entered = self._writer.enter_order(order)
        raise ChangedAfterImportError(
            place=order.reference, role=order.state.role, till_key=entered.key
        )

    def _again(self, row: Row[Any], order: Order) -> tuple[str, str | None]:
        """Take a later revision of an order that the till has: only its state may have moved."""
        if order.state.role in OVER or row.lines_hash != lines_hash(order):
            raise ChangedAfterImportError(
                place=order.reference, role=order.state.role, till_key=row.till_key
            )
        return "imported", row.till_key

    def _answer(
        self, row: Row[Any], state: str, problem: Problem | None, *, till_key: str | None
    ) -> None:
        table = STATE.web_order
        said = _SAID.get(state, "waiting")
        fate = Fate(
            key=f"order/{row.uid}",
            of_kind="order",
            of_key=row.uid,
            of_hash=row.revision,
            state=said,
            reason=reason_of(problem) if problem else None,
            at=self._clock(),
        )
        with self._engine.begin() as connection:
            self._outbox.queue(connection, [fate])
            values: dict[str, Any] = {
                "state": state,
                "answered": True,
                "problem": problem_json(problem) if problem else None,
                "till_key": till_key,
            }
            if problem is None:
                values["entered_revision"] = row.revision
                values["lines_hash"] = lines_hash(self._open(row))
            connection.execute(update(table).where(table.c.uid == row.uid).values(**values))

    def _open(self, row: Row[Any]) -> Order:
        record = parse_record(self._keys.open(row.body), place=row.reference)
        if not isinstance(record, Order):
            raise TypeError(record.kind)
        return record

    # --- customers ---------------------------------------------------------------------------

    def _customers(self, done: OrdersDone) -> None:
        table = STATE.web_customer
        with self._engine.connect() as connection:
            rows = connection.execute(select(table).where(table.c.state != "entered")).all()
        for row in rows if self._writer is not None else ():
            record = parse_record(self._keys.open(row.body), place=f"customer {row.key}")
            try:
                if isinstance(record, Customer) and self._writer is not None:
                    self._enter_customer(self._writer, row.key, record, done)
            except NotWritableError:
                return  # a till that takes orders alone: its customers come with them

    def _enter_customer(
        self, writer: TillWriter, key: str, customer: Customer, done: OrdersDone
    ) -> None:
        table = STATE.web_customer
        values: dict[str, Any] = {"state": "entered", "problem": None}
        try:
            entered = writer.enter_customer(customer)
            values["till_key"] = entered.key
            done.customers += not entered.already
        except RefusedItemError as error:
            values = {"state": "refused", "problem": problem_json(error.problem())}
            done.refused += 1
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.key == key).values(**values))


def units_kept(order: Order) -> dict[str, int] | None:
    """Return the units of each stock key that an order keeps from sale.

    None: a line of it names nothing of the till, so that nobody can compare.
    """
    kept: dict[str, int] = {}
    for line in order.lines if order.state.role not in OVER else ():
        if line.stock_key is None:
            return None
        kept[line.stock_key] = kept.get(line.stock_key, 0) + line.quantity
    return {key: units for key, units in kept.items() if units}


def counted_units(records: Iterable[Record]) -> CountedUnits:
    """Return the units that a reading's stock figures contain, by order uid and stock key."""
    units: dict[str, dict[str, int]] = {}
    for stock in records:
        for entry in stock.counted if isinstance(stock, Stock) else ():
            units.setdefault(entry.order, {})[stock.key] = entry.quantity
    return units


def lines_hash(order: Order) -> str:
    """Return what tells whether an order's lines or totals changed."""
    said = order.model_dump(mode="json", include={"lines", "totals", "discounts"})
    return hashlib.sha256(canonical(said)).hexdigest()
