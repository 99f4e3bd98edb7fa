"""Orders that both ends have done with: what of them the site counts no more (SPEC §11).

Rules: the site says first what is settled; from then on a stock record leaves out of `counted`
every order that is not above its settled units (one above them is said whole). All are said again
where our answers begin anew, for a site that lost its state. An order that the till has lost is
settled no more: the site keeps its units again.

    take(connection, record)                                   # as it comes from the site
    left_out(records, settled(connection))                     # before the facts are compared
    lose(connection, {"shop.example/1/…"})                     # the till does not have it any more
    outbox.queue(connection, to_say(connection))
"""

import json
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select, update

from pos_exporter.state import STATE
from protocol.records import Record, SettledUnits, Settlement, Stock

_TABLE = STATE.settlement
#: For each order uid, units by stock key.
Settled = Mapping[str, Mapping[str, int]]


def take(connection: Connection, record: Settlement) -> None:
    """Keep what the site says is settled of one order; its last word counts.

    Of one that the till has lost nothing is settled: that word was on its way.
    """
    connection.execute(delete(_TABLE).where(_TABLE.c.uid == record.key))
    if record.void:
        return  # the site knows that we lost it
    if _is_lost(connection, record.key):
        connection.execute(insert(_TABLE).values(uid=record.key, units=None, said=False))
        return
    units = json.dumps({one.key: one.quantity for one in record.units})
    connection.execute(insert(_TABLE).values(uid=record.key, units=units, said=True))


def settled(connection: Connection) -> dict[str, dict[str, int]]:
    """Return what is settled: for each order uid, units by stock key."""
    query = select(_TABLE.c.uid, _TABLE.c.units).where(_TABLE.c.units.is_not(None))
    return {uid: json.loads(units) for uid, units in connection.execute(query)}


def lose(connection: Connection, uids: Collection[str]) -> None:
    """Settle these orders no more: the till's figures do not contain them any longer."""
    change = update(_TABLE).where(_TABLE.c.uid.in_(sorted(uids)))
    connection.execute(change.values(units=None, said=False))


def to_say(connection: Connection, *, again: bool = False) -> tuple[Settlement, ...]:
    """Return what the site is to be told: what we lost; and all, where answers begin anew."""
    query = select(_TABLE).order_by(_TABLE.c.uid)
    rows = connection.execute(query if again else query.where(_TABLE.c.said.is_(False))).all()
    if rows:
        connection.execute(update(_TABLE).values(said=True))
    return tuple(_record(row.uid, row.units) for row in rows)


def left_out(records: Iterable[Record], known: Settled) -> tuple[Record, ...]:
    """Return facts whose stock no longer counts what is settled. Pure."""
    return tuple(_without(one, known) if isinstance(one, Stock) else one for one in records)


def _is_lost(connection: Connection, uid: str) -> bool:
    order = STATE.web_order.c
    lost = select(order.uid).where(order.uid == uid, order.lost.is_not(None))
    return connection.execute(lost).first() is not None


def _without(stock: Stock, known: Settled) -> Stock:
    kept = tuple(
        entry
        for entry in stock.counted
        if entry.quantity > known.get(entry.order, {}).get(stock.key, 0)
    )
    return stock if kept == stock.counted else stock.model_copy(update={"counted": kept})


def _record(uid: str, units: str | None) -> Settlement:
    if units is None:
        return Settlement(key=uid, void=True)
    parts = sorted(json.loads(units).items())
    return Settlement(key=uid, units=tuple(SettledUnits(key=k, quantity=n) for k, n in parts))
