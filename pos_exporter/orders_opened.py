"""Web orders with what is in them: bodies are opened only for a person who looks, one by one.

found = find_opened(connection, keys, uid)     # None: no such order
found.order                                    # None: wiped after 30 days
to_pick(connection, keys, roles)               # [Order, …], the oldest first
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from pos_exporter.orders_answers import OrderTold, order_told
from pos_exporter.state import STATE
from protocol.keys import Keys
from protocol.records import Order, Role, parse_record

#: Roles of orders whose goods are still in the shop, to be put into a parcel.
TO_PICK: frozenset[Role] = frozenset({"paid", "payable_on_delivery", "preparing", "backorder_paid"})
#: How far such an order may have got: a person may also enter it at the till by hand.
_STATES = ("new", "waiting", "doubt", "refused", "imported")


@dataclass(frozen=True)
class OpenedOrder:
    """One order: what the ledger says of it, and the document."""

    told: OrderTold
    order: Order | None


def find_opened(connection: Connection, keys: Keys, uid: str) -> OpenedOrder | None:
    """Return one order with its document, None when there is no such order."""
    table = STATE.web_order
    row = connection.execute(select(table).where(table.c.uid == uid)).first()
    return None if row is None else OpenedOrder(order_told(row), opened(keys, row))


def to_pick(
    connection: Connection, keys: Keys, roles: Collection[Role] = TO_PICK
) -> tuple[Order, ...]:
    """Return the orders whose goods are to be fetched now, the oldest first."""
    order = STATE.web_order.c
    query = (
        select(STATE.web_order)
        .where(order.role.in_(sorted(roles)), order.state.in_(_STATES), func.length(order.body) > 0)
        .order_by(order.placed_at, order.shop_id)
    )
    found = (opened(keys, row) for row in connection.execute(query))
    return tuple(one for one in found if one is not None)


def opened(keys: Keys, row: Row[Any]) -> Order | None:
    """Return the document of an order's row, None when it was wiped."""
    if not row.body:
        return None
    record = parse_record(keys.open(row.body), place=row.reference)
    if not isinstance(record, Order):
        raise TypeError(record.kind)
    return record
