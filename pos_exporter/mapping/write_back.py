"""The part of a mapping that writes: web orders and customers into the till.

Each has a SELECT that tells whether the till has it already, and statements that are carried out in
order, in one transaction. Values reach them as bind parameters only, named below.

    order:
      idempotency: SELECT ID_CDE FROM COMMANDE_WEB WHERE REF_WEB = :order_uid
      statements:
        - {id: order, sql: "INSERT INTO … VALUES (:order_uid, :total_tax_included)", key: lastrowid}
        - {id: line, foreach: lines, expect_rows: 1, sql: "INSERT INTO … (:order_key, :quantity)"}
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pos_exporter.mapping.errors import OneOfError
from pos_exporter.mapping.fields import Strict
from pos_exporter.mapping.statements import check_parameters, check_reading, check_statement
from protocol.errors import ComptoirError
from protocol.program.yaml_config import SettingError

_ADDRESS = (
    "company", "first_name", "last_name", "name", "address1", "address2", "postcode", "city",
    "country", "phone", "mobile", "vat_number", "note",
)  # fmt: skip
#: Of a customer, alone or in an order; the address is the customer's, else the invoice's.
CUSTOMER_BINDS = frozenset(
    f"customer_{name}" for name in ("uid", "shop_id", "email", "guest", "language", *_ADDRESS)
)
_TOTALS = ("total", "total_products", "total_shipping", "total_wrapping", "total_discounts")
#: Of an order.
ORDER_BINDS = CUSTOMER_BINDS | {
    "order_uid", "order_shop_id", "order_reference", "placed_at", "currency", "state_role",
    "state_name", "carrier", "payment_module", "payment_method", "note", "gift_message",
    "shipping_tax_rate", "total_paid",
    *(f"{name}_tax_{side}" for name in _TOTALS for side in ("included", "excluded")),
    *(f"{whose}_{name}" for whose in ("delivery", "invoice") for name in _ADDRESS),
}  # fmt: skip
#: How many columns a composite key may have in `:key_1`, `:key_2`…
MOST_KEY_PARTS = 6
#: Of one line, in statements with `foreach: lines`.
LINE_BINDS = frozenset({
    "line_number", "line_id", "stock_key", "sellable_key", "article_key", "variant_key",
    "reference", "ean", "name", "quantity", "refunded", "tax_rate",
    "unit_price_tax_included", "unit_price_tax_excluded",
    "line_total_tax_included", "line_total_tax_excluded",
    *(f"key_{number}" for number in range(1, MOST_KEY_PARTS + 1)),
})  # fmt: skip


class WriteFormats(Strict):
    """How amounts and times are written; amounts are texts, which every engine takes exactly."""

    decimal: Annotated[str, Field(pattern=r"^[.,]$")] = "."
    date: str = "%Y-%m-%d %H:%M:%S"


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
        when_known: What is done when it does (a later revision); its key is bound.
    """

    idempotency: Annotated[str, BeforeValidator(_idempotency)]
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
    when_known: tuple[Statement, ...] = ()


class WriteBack(Strict):
    """How orders and customers are written."""

    formats: WriteFormats = WriteFormats()
    order: WriteRule | None = None
    customer: WriteRule | None = None

    @model_validator(mode="after")
    def _statements_are_sound(self) -> Self:
        if self.order is None and self.customer is None:
            raise SettingError.of(OneOfError(names="order, customer"))
        try:
            if self.order is not None:
                _check(self.order, ORDER_BINDS, "order")
            if self.customer is not None:
                _check(self.customer, CUSTOMER_BINDS, "customer")
        except ComptoirError as error:
            raise SettingError.of(error) from error
        return self


def _check(rule: WriteRule, binds: frozenset[str], what: str) -> None:
    check_reading(rule.idempotency)
    check_parameters(rule.idempotency, binds)
    _check_statements(rule.statements, binds)
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
