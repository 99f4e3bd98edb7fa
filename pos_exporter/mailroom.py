"""What the site sends, made durable in the packet's own transaction; nothing reaches the till here.

Orders and customers are kept sealed to our own key. An order's newer revision replaces the older
one and is looked at again. Fates tell what became of our facts; wants name the photos to be sent.

    Link(LINK, keys, Mailroom(keys, clock).receive, …)
"""

import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from pos_exporter import settlements
from pos_exporter.approvals import take_held
from pos_exporter.cases import take_case
from pos_exporter.meta import set_meta
from pos_exporter.on_site import note_answer
from pos_exporter.state import STATE
from protocol.keys import Keys
from protocol.link.staging import Delivery
from protocol.records import (
    Baseline,
    Case,
    Customer,
    Fate,
    HeldClass,
    Order,
    Record,
    Settlement,
    ShopProfile,
    Wants,
    content_hash,
    record_line,
)
from protocol.values import format_time


class Mailroom:
    """Receives what the agent wrote.

    Args:
        keys: Ours; bodies are sealed to them.
        clock: UTC now.
    """

    def __init__(self, keys: Keys, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._clock = clock

    def receive(self, connection: Connection, delivery: Delivery) -> None:
        """Make one delivery durable; the caller's transaction holds it together."""
        for line in delivery.lines:
            if line.record is not None:
                self._take(connection, line.record)
            if isinstance(line.record, Case):
                take_case(connection, line.record, delivery.epoch)

    def _take(self, connection: Connection, record: Record) -> None:
        if isinstance(record, Order):
            self._order(connection, record)
        elif isinstance(record, Customer):
            self._customer(connection, record)
        elif isinstance(record, Fate):
            self._fate(connection, record)
        elif isinstance(record, Wants):
            set_meta(connection, "wants", json.dumps(record.photos))
        elif isinstance(record, Baseline | ShopProfile):
            set_meta(connection, record.kind, record_line(record).decode())
        elif isinstance(record, Settlement):
            settlements.take(connection, record)
        elif isinstance(record, HeldClass):
            take_held(connection, record)

    def _order(self, connection: Connection, order: Order) -> None:
        table, revision = STATE.web_order, content_hash(order)
        row = connection.execute(select(table).where(table.c.uid == order.key)).first()
        if row is not None and row.revision == revision:
            # Offered again: our answer may have been lost with the site's state.
            connection.execute(update(table).where(table.c.uid == order.key).values(answered=False))
            return
        values = {
            "revision": revision,
            "body": self._keys.public.seal(record_line(order)),
            "shop_id": order.shop_id,
            "reference": order.reference,
            "role": order.state.role,
            "total": f"{order.totals.paid_tax_included:.2f} {order.currency}",
            "placed_at": order.placed_at,
            "received_at": format_time(self._clock()),
            "state": "new",
            "answered": False,
            "problem": None,
        }
        if row is None:
            connection.execute(insert(table).values(uid=order.key, **values))
        else:
            connection.execute(update(table).where(table.c.uid == order.key).values(**values))

    def _customer(self, connection: Connection, customer: Customer) -> None:
        table, digest = STATE.web_customer, content_hash(customer)
        row = connection.execute(select(table).where(table.c.key == customer.key)).first()
        if row is not None and row.hash == digest:
            return
        values = {
            "hash": digest,
            "body": self._keys.public.seal(record_line(customer)),
            "state": "new",
            "problem": None,
        }
        if row is None:
            connection.execute(insert(table).values(key=customer.key, **values))
        else:
            connection.execute(update(table).where(table.c.key == customer.key).values(**values))

    def _fate(self, connection: Connection, fate: Fate) -> None:
        note_answer(connection, fate)
        table = STATE.fate
        same = (table.c.kind == fate.of_kind, table.c.key == fate.of_key)
        connection.execute(delete(table).where(*same))
        connection.execute(
            insert(table).values(
                kind=fate.of_kind,
                key=fate.of_key,
                of_hash=fate.of_hash,
                state=fate.state,
                reason=fate.reason.model_dump_json() if fate.reason else None,
                at=format_time(fate.at),
            )
        )
