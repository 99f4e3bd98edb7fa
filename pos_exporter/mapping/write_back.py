"""The part of a mapping that writes: web orders and customers into the till.

`mode` says how. `sql` (the default) and `procedure`: each kind has a SELECT that tells whether the
till has it already, and statements that are carried out in order. Values reach them as bind
parameters only, named in `write_binds`. `drop_folder`: files. `http`: a hook. `none`: the till is
only read, and people enter the orders.

    order:
      idempotency: SELECT ID_CDE FROM COMMANDE_WEB WHERE REF_WEB = :order_uid
      statements:
        - {id: order, sql: "INSERT INTO … VALUES (:order_uid, :total_tax_included)", key: lastrowid}
        - {id: line, foreach: lines, expect_rows: 1, sql: "INSERT INTO … (:order_key, :quantity)"}
    order_cancelled:
      statements: [{id: cancel, sql: "UPDATE … SET ETAT = 'ANNULEE' WHERE ID_CDE = :order_key"}]
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pos_exporter.mapping.drop_folder import DropFolder
from pos_exporter.mapping.errors import OneOfError
from pos_exporter.mapping.fields import Strict
from pos_exporter.mapping.statements import check_parameters, check_reading, check_statement
from pos_exporter.mapping.write_binds import CUSTOMER_BINDS, LINE_BINDS, ORDER_BINDS
from protocol.errors import ComptoirError
from protocol.program.durations import Duration
from protocol.program.yaml_config import SettingError

Mode = Literal["sql", "procedure", "drop_folder", "http", "none"]


def _by_rate(value: Any) -> Any:
    """Return codes by rates that are equal when they are the same number: `20`, `"20,0"`."""
    if not isinstance(value, dict):
        return value
    try:
        return {
            Decimal(str(rate).replace(",", ".")).normalize(): str(code)
            for rate, code in value.items()
        }
    except InvalidOperation:
        return value  # and pydantic says which


class WriteFormats(Strict):
    """How amounts and times are written; amounts are texts, which every engine takes exactly.

    Args:
        decimal: The decimal point.
        date: As `strftime` takes it.
        tax_rates: The till's code of each VAT rate, in percent; an order with another one waits.
            Empty: rates have no codes.
    """

    decimal: Annotated[str, Field(pattern=r"^[.,]$")] = "."
    date: str = "%Y-%m-%d %H:%M:%S"
    tax_rates: Annotated[dict[Decimal, str], BeforeValidator(_by_rate)] = Field(
        default_factory=dict
    )


class KeyQuery(Strict):
    """A SELECT that gives the key of what was just written."""

    sql: str


class Statement(Strict):
    """One statement.

    Args:
        id: Its name; what it wrote is `:<id>_key` for those after it.
        sql: What is done.
        unless_sql: A SELECT; when it finds a row, the statement is left out and the row's first
            column is the key.
        foreach: `lines`: once for every line.
        key: Where the new key comes from.
        expect_rows: How many rows it must touch; otherwise all is undone and the order waits.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    sql: str
    unless_sql: str | None = None
    foreach: Literal["lines"] | None = None
    key: Literal["lastrowid"] | KeyQuery | None = None
    expect_rows: Annotated[int, Field(ge=0)] | None = None


def _idempotency(value: Any) -> Any:
    return value["sql"] if isinstance(value, dict) and set(value) == {"sql"} else value


class WriteRule(Strict):
    """How one kind of thing is written.

    Args:
        idempotency: A SELECT of the key under which the till has it; no row: it does not.
        statements: What writes it when the till does not have it.
        when_known: What is done when it does; its key is bound.
    """

    idempotency: Annotated[str, BeforeValidator(_idempotency)]
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
    when_known: tuple[Statement, ...] = ()


class ChangeRule(Strict):
    """How a later revision reaches an order that the till has; its key is `:order_key`.

    Args:
        idempotency: A SELECT that finds a row once this revision is there (`:order_revision`);
            None: the statements bear being carried out twice.
        statements: What brings the order to its new lines, addresses and amounts.
    """

    idempotency: Annotated[str | None, BeforeValidator(_idempotency)] = None
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]


class Hook(Strict):
    """How a till's own web hook is asked.

    Args:
        timeout: For one answer, whole.
        settle: After a request without an answer, how long "I do not have it" is not believed.
        doubt_after: From when on a person is asked what became of such a request.
        changes: Whether later revisions and cancellations are posted too.
        customers: Whether customers who never ordered are posted too.
    """

    timeout: Duration = timedelta(seconds=20)
    settle: Duration = timedelta(minutes=2)
    doubt_after: Duration = timedelta(hours=24)
    changes: bool = False
    customers: bool = False


class WriteBack(Strict):
    """How orders and customers are written.

    Args:
        mode: By which way.
        formats: Of amounts, times and VAT rates.
        order: New orders, by `sql` or `procedure`.
        order_changed: Later revisions; None: they wait for a person.
        order_cancelled: Orders that are over; None: they wait for a person.
        customer: Customers, also those who never ordered.
        files: Of a `drop_folder`.
        hook: Of `http`.
    """

    mode: Mode = "sql"
    formats: WriteFormats = WriteFormats()
    order: WriteRule | None = None
    order_changed: ChangeRule | None = None
    order_cancelled: ChangeRule | None = None
    customer: WriteRule | None = None
    files: DropFolder | None = None
    hook: Hook = Hook()

    @model_validator(mode="after")
    def _statements_are_sound(self) -> Self:
        if self.mode in ("sql", "procedure") and self.order is None and self.customer is None:
            raise SettingError.of(OneOfError(names="order, customer"))
        if (self.mode == "drop_folder") != (self.files is not None):
            raise SettingError.of(OneOfError(names="mode: sql…, files"))
        try:
            for rule, binds, what in self._rules():
                _check(rule, binds, what)
        except ComptoirError as error:
            raise SettingError.of(error) from error
        return self

    def _rules(self) -> Iterator[tuple[WriteRule | ChangeRule, frozenset[str], str]]:
        for change in (self.order_changed, self.order_cancelled):
            if change is not None:
                yield change, ORDER_BINDS | {"order_key"}, "order"
        if self.order is not None:
            yield self.order, ORDER_BINDS, "order"
        if self.customer is not None:
            yield self.customer, CUSTOMER_BINDS, "customer"


def _check(rule: WriteRule | ChangeRule, binds: frozenset[str], what: str) -> None:
    if rule.idempotency is not None:
        check_reading(rule.idempotency)
        check_parameters(rule.idempotency, binds)
    _check_statements(rule.statements, binds)
    if isinstance(rule, WriteRule):
        _check_statements(rule.when_known, binds | {f"{what}_key"})


def _check_statements(statements: tuple[Statement, ...], binds: frozenset[str]) -> None:
    known = set(binds)
    for statement in statements:
        here = known | (LINE_BINDS if statement.foreach else set())
        check_parameters(check_statement(statement.sql), here)
        if statement.unless_sql is not None:
            check_parameters(check_reading(statement.unless_sql), here)
        if isinstance(statement.key, KeyQuery):
            check_parameters(check_reading(statement.key.sql), here)
        if statement.key is not None or statement.unless_sql is not None:
            known.add(f"{statement.id}_key")
