"""The SQL till writer: a mapping's statements, in one transaction, with bind parameters only.

First the idempotency query: what the till has is not written again. Then every statement in order;
one that touches another number of rows than expected undoes all. At the end the idempotency query
must find what was written: it is the proof on which a later try relies. Tables that cannot undo
(MyISAM) cannot keep this promise: `write_back` is not for them.

    with SqlTillWriter(url, mapping.write_back, till_timezone="Europe/Paris") as writer:
        writer.enter_order(order)
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL, CursorResult, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from pos_exporter.intake.binds import (
    Bind,
    Binds,
    check_order,
    customer_binds,
    line_binds,
    order_binds,
)
from pos_exporter.intake.engine_words import refusal_of
from pos_exporter.intake.port import (
    UNNOTED,
    Entered,
    IntakeUnknownError,
    LineRefusedError,
    Mark,
    Note,
    NotWritableError,
    StatementRefusedError,
    TillNotWritableError,
    WriteUnseenError,
    change_of,
)
from pos_exporter.mapping.write_back import ChangeRule, KeyQuery, Statement, WriteBack, WriteRule
from pos_exporter.source.engines import is_away, is_locked
from pos_exporter.source.sql import sqlite_file
from protocol.errors import RefusedItemError
from protocol.records import Customer, Order, OrderLine, content_hash


class SqlTillWriter:
    """A till behind a SQLAlchemy URL, written as a mapping says.

    Args:
        url: Of an account that may write these few tables and nothing else.
        rules: The mapping's `write_back`.
        till_timezone: Where the till's clock stands.
        wait: Seconds to wait for SQLite's lock.
    """

    def __init__(
        self, url: str | URL, rules: WriteBack, *, till_timezone: str, wait: float = 5
    ) -> None:
        self._url = make_url(url)
        self._rules = rules
        self._timezone = till_timezone
        self._dialect = self._url.get_backend_name()
        sqlite = self._dialect == "sqlite"
        # A till is never made by writing to it.
        address = sqlite_file(self._url, "rw") if sqlite else self._url
        options = {"timeout": wait} if sqlite else {}
        self._engine = create_engine(address, poolclass=NullPool, connect_args=options)
        if sqlite:
            event.listen(self._engine, "connect", _leave_transactions_to_us)
            event.listen(self._engine, "begin", _begin_at_once)

    def enter_order(self, order: Order, note: Note = UNNOTED) -> Entered:
        """Write an order unless the till has it."""
        rule = self._order_rule()
        check_order(order, self._rules.formats)
        self._note_first(order, note)
        return self._enter(rule, "order", self._binds(order), order.lines, order.reference, note)

    def change_order(self, order: Order, key: str, note: Note = UNNOTED) -> Entered:
        """Bring an order to its later revision, unless the till shows that it is there."""
        event = change_of(order)
        rule: ChangeRule | None = getattr(self._rules, event)
        if rule is None:
            raise NotWritableError(kind=event)
        if event == "order_changed":
            check_order(order, self._rules.formats)
        binds = {**self._binds(order), "order_key": key}
        already = self._change(rule, binds, order, note)
        return Entered(key, already=already)

    def look(self, order_uid: str, mark: Mark, age: timedelta) -> Entered | None:
        """Return whether the idempotency query finds an order; an attempt was whole or nothing."""
        key = self._find(order_uid) if mark.event == "order" else None
        return None if key is None else Entered(str(key), already=True)

    def enter_customer(self, customer: Customer) -> Entered:
        """Write a customer unless the till has them."""
        rule = self._rules.customer
        if rule is None:
            raise NotWritableError(kind="customer")
        place = f"customer {customer.shop_id}"
        return self._enter(rule, "customer", customer_binds(customer), (), place, UNNOTED)

    def holds_order(self, order_uid: str) -> bool:
        """Return whether the idempotency query finds an order."""
        return self._find(order_uid) is not None

    def finish(self) -> None:
        """Nothing was collected."""

    def _note_first(self, order: Order, note: Note) -> None:
        # Which revision a later look finds in the till is known from this alone.
        note.begin(Mark("order", content_hash(order)))

    def _order_rule(self) -> WriteRule:
        if self._rules.order is None:
            raise NotWritableError(kind="order")
        return self._rules.order

    def _binds(self, order: Order) -> Binds:
        return order_binds(order, self._rules.formats, self._timezone)

    def _find(self, order_uid: str) -> Bind:
        return self._ask(self._order_rule().idempotency, {"order_uid": order_uid}, order_uid)

    def _ask(self, sql: str, binds: Binds, place: str) -> Bind:
        """Return what a query finds where some of an order's values are not known."""
        with self._transaction(place) as connection:
            # The query may name any of an order's values; the uid is the one that must decide.
            names = text(sql).compile().params
            return _first(connection, sql, {name: binds.get(name) for name in names})

    def _enter(
        self, rule: WriteRule, kind: str, binds: Binds, lines: Sequence[OrderLine], place: str,
        note: Note,
    ) -> Entered:  # fmt: skip
        with self._transaction(place) as connection:
            known = _first(connection, rule.idempotency, binds)
            if known is not None:
                self._run(connection, rule.when_known, {**binds, f"{kind}_key": known}, lines,
                          place)  # fmt: skip
                return Entered(str(known), already=True)
            self._run(connection, rule.statements, binds, lines, place)
            key = _first(connection, rule.idempotency, binds)
            if key is None:
                raise WriteUnseenError(place=place)
        return Entered(str(key), already=False)

    def _change(self, rule: ChangeRule, binds: Binds, order: Order, note: Note) -> bool:
        """Carry a change out and return whether it was there before."""
        with self._transaction(order.reference) as connection:
            if rule.idempotency and _first(connection, rule.idempotency, binds) is not None:
                return True
            self._run(connection, rule.statements, binds, order.lines, order.reference)
            if rule.idempotency and _first(connection, rule.idempotency, binds) is None:
                raise WriteUnseenError(place=order.reference)
        return False

    def _run(
        self, connection: Connection, statements: Sequence[Statement], binds: Binds,
        lines: Sequence[OrderLine], place: str,
    ) -> None:  # fmt: skip
        _Entry(connection, lines, place, self._line_binds).run(statements, binds)

    def _line_binds(self, line: OrderLine, number: int) -> Binds:
        return line_binds(line, number, self._rules.formats)

    @contextmanager
    def _transaction(self, place: str) -> Iterator[Connection]:
        """Yield a connection in a transaction: kept when the block ends, undone when it fails."""
        try:
            connection = self._engine.connect()
        except DBAPIError as error:
            raise TillNotWritableError(place=place, reason=error.orig) from error
        with connection:
            try:
                connection.begin()
                yield connection
            except DBAPIError as error:
                raise self._before_commit(error, place) from error
            except UnicodeEncodeError as error:
                # The driver's own: a letter that the till's encoding lacks.
                reason = f"{error.encoding}: {error.object[error.start]!r}"
                raise StatementRefusedError(place=place, statement="?", reason=reason) from error
            try:
                connection.commit()
            except DBAPIError as error:
                raise self._at_commit(error, place) from error

    def _at_commit(self, error: DBAPIError, place: str) -> Exception:
        if is_locked(error, self._dialect):
            return TillNotWritableError(place=place, reason=refusal_of(error))
        if is_away(error, self._dialect):
            return IntakeUnknownError(place=place, reason=refusal_of(error))
        # A rule that the till checks at the end.
        return StatementRefusedError(place=place, statement="COMMIT", reason=refusal_of(error))

    def _before_commit(self, error: DBAPIError, place: str) -> Exception:
        if is_away(error, self._dialect):
            return TillNotWritableError(place=place, reason=refusal_of(error))
        return StatementRefusedError(place=place, statement="?", reason=refusal_of(error))

    def close(self) -> None:
        """Give everything back."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _Entry:
    """The statements of one thing, with the keys that each leaves to the next."""

    def __init__(
        self,
        connection: Connection,
        lines: Sequence[OrderLine],
        place: str,
        line_binds: Callable[[OrderLine, int], Binds],
    ) -> None:
        self._connection = connection
        self._lines = lines
        self._place = place
        self._line_binds = line_binds

    def run(self, statements: Sequence[Statement], binds: Binds) -> None:
        """Carry the statements out in order."""
        known = dict(binds)
        for statement in statements:
            if statement.foreach is None:
                self._run_one(statement, known, None, 0)
                continue
            for number, line in enumerate(self._lines, 1):
                values = {**known, **self._line_binds(line, number)}
                self._run_one(statement, values, line, number)
                known |= {n: v for n, v in values.items() if n == f"{statement.id}_key"}

    def _run_one(
        self, statement: Statement, binds: Binds, line: OrderLine | None, number: int
    ) -> None:
        """Carry one statement out and note its key in `binds`."""
        name = f"{statement.id}_key"
        if statement.unless_sql is not None:
            found = _first(self._connection, statement.unless_sql, binds)
            if found is not None:
                binds[name] = found
                return
        result = _execute(self._connection, statement.sql, binds)
        touched = result.rowcount
        if statement.expect_rows is not None and touched != statement.expect_rows:
            raise self._unexpected(statement, touched, line, number)
        if statement.key == "lastrowid":
            binds[name] = result.lastrowid
        elif isinstance(statement.key, KeyQuery):
            binds[name] = _first(self._connection, statement.key.sql, binds)
        elif statement.unless_sql is not None:
            binds[name] = None

    def _unexpected(
        self, statement: Statement, touched: int, line: OrderLine | None, number: int
    ) -> RefusedItemError:
        expected = statement.expect_rows
        if line is None:
            reason = f"{touched} / {expected}"
            return StatementRefusedError(place=self._place, statement=statement.id, reason=reason)
        return LineRefusedError(
            place=f"{self._place}, {number}",
            value=line.reference or line.stock_key,
            line=number,
            name=line.name,
            statement=statement.id,
            found=touched,
            expected=expected,
        )


def _execute(connection: Connection, sql: str, binds: Binds) -> CursorResult[Any]:
    statement = text(sql)
    wanted = statement.compile().params
    return connection.execute(statement, {name: binds[name] for name in wanted})


def _first(connection: Connection, sql: str, binds: Binds) -> Bind:
    row = _execute(connection, sql, binds).first()
    return None if row is None else row[0]


def _leave_transactions_to_us(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None


def _begin_at_once(connection: Connection) -> None:
    # So that nobody enters the same order between the idempotency query and the first statement.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
