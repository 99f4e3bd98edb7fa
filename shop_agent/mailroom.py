"""What the till sends, made durable in the packet's own transaction.

Facts go to the replica, photos to their shelf, and the till's word on an order to the order book;
what that word releases is computed again in the same pass. A person's yes to a held class waits for
the pass; their answer to a case is acted on at once.

    Link(LINK, keys, receive, …)
"""

import json
from collections.abc import Collection

from sqlalchemy import Connection, select

from protocol.link.staging import Delivery
from protocol.records import Approval, Baseline, CaseAnswer, Fate, Settlement
from shop_agent.actions import Subject
from shop_agent.case_answers import take_answer
from shop_agent.held import receive_approval
from shop_agent.orders import book, settling
from shop_agent.orders.offers import parse_offers, parse_units
from shop_agent.orders.positions import begin_second_life, has_baseline, set_baseline
from shop_agent.photo_shelf import receive_photo
from shop_agent.reception import Reception
from shop_agent.reconcile.stock import Sellable
from shop_agent.replica import Replica
from shop_agent.state import STATE

#: Sellables that the next pass computes again, whatever else changed.
VERIFY_STOCK = "verify_stock"


def receive(connection: Connection, delivery: Delivery) -> None:
    """Make one delivery durable; the caller's transaction holds it together."""
    replica = Replica(connection)
    if delivery.stream == "catalogue":
        Reception(connection).receive(delivery)
    elif delivery.photo is not None:
        receive_photo(connection, delivery.photo)
    touched: set[Sellable] = set()
    for line in delivery.lines:
        if isinstance(line.record, Baseline):
            _restore_baseline(connection, line.record)
        if isinstance(line.record, Settlement):
            _take_settlement(connection, line.record)
        if isinstance(line.record, Approval):
            receive_approval(connection, line.record)
        if isinstance(line.record, CaseAnswer):
            take_answer(connection, line.record)
        if isinstance(line.record, Fate) and line.record.of_kind == "order":
            touched |= _answer(connection, line.record)
    if touched:
        _keep_to_verify(replica, touched)


def _restore_baseline(connection: Connection, record: Baseline) -> None:
    """Take the baseline back from the till, which keeps it too, after our state was lost."""
    if not has_baseline(connection):
        begin_second_life(connection)
        ids = [int(one) for one in record.open if one.isdigit()]
        set_baseline(connection, record.up_to, ids, record.newest_add or "")
        Replica(connection).mark_all_dirty(("stock",))  # other orders keep stock now


def _take_settlement(connection: Connection, record: Settlement) -> None:
    """Take back what is settled of an order; its figures are computed again."""
    replica = Replica(connection)
    for stock_key in settling.take(connection, record):
        replica.mark_dirty(Subject("stock", stock_key))


def _answer(connection: Connection, fate: Fate) -> frozenset[Sellable]:
    """Enter the till's word on an order; return what it may move."""
    order = STATE.web_order
    row = connection.execute(select(order).where(order.c.uid == fate.of_key)).first()
    if row is None or not book.fate(connection, fate.of_key, fate.of_hash, fate.state):
        return frozenset()
    return frozenset(parse_units(row.units).keys() | parse_offers(row.held).held().keys())


def _keep_to_verify(replica: Replica, touched: Collection[Sellable]) -> None:
    """Have figures computed again by the next pass, besides those that wait for it already."""
    kept = {tuple(one) for one in json.loads(replica.setting(VERIFY_STOCK) or "[]")}
    replica.set_setting(VERIFY_STOCK, json.dumps(sorted(kept | set(touched))))
