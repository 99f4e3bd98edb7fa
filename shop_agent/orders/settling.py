"""Orders that both ends have done with: what the till's figures contain for good (SPEC §11).

Rules: our side says so first, when the till has answered the newest revision and its figures prove
it; the till's side then leaves those units out of `counted`. A settlement is a floor under
`counted`, not the end of an order: what an order keeps above it is kept as ever. Of an order that
was over, or kept less, and grows again only what it kept meanwhile is still settled. Where the two
sides remember differently, after one lost its state, the smaller number counts and is said again.
All happens inside the caller's transaction.

    outbox.queue(connection, settle(connection, Till(links.stock_key, newest, is_pack)))
    settled(connection)                  # {"shop.example/1/…": {"v:104201": 1}}
    take(connection, record)             # given back by the till after our state was lost
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from protocol.records import Role, SettledUnits, Settlement, Stock
from shop_agent.orders.offers import CLOSING, Units, most_of, parse_offers, parse_units
from shop_agent.orders.roles import GONE_OUT, OVER
from shop_agent.state import STATE

_BOOK = STATE.web_order.c
_TABLE = STATE.settlement
#: Units by stock key.
KeyUnits = Mapping[str, int]


@dataclass(frozen=True)
class Till:
    """What the till has said.

    Args:
        stock_key_of: Its stock key of a product and combination, or None.
        newest: Its newest figure of a stock key, None when there is none.
        is_pack: Whether a stock key is a pack's, which may have no figure of its own.
    """

    stock_key_of: Callable[[int, int], str | None]
    newest: Callable[[str], Stock | None]
    is_pack: Callable[[str], bool] = lambda stock_key: False


@dataclass(frozen=True)
class Standing:
    """How an order stands whose newest revision the till has closed.

    Args:
        role: What its state means.
        reserved: Units that it keeps, by stock key; None: some of it is nothing that the till
            says a figure of.
        counted: Units of it that the till's newest figures contain, by stock key.
    """

    role: Role
    reserved: KeyUnits | None
    counted: KeyUnits


def settled_units(order: Standing) -> dict[str, int] | None:
    """Return the units that may be settled; None when it is too early. Pure.

    An order that went out is settled when the till has counted all of it; one that is over, when
    the till counts nothing of it any more.
    """
    if order.reserved is None:
        return None
    if order.role in GONE_OUT:
        is_counted = all(order.counted.get(k, 0) >= units for k, units in order.reserved.items())
        return dict(order.reserved) if is_counted else None
    if order.role in OVER:
        return None if order.reserved or any(order.counted.values()) else {}
    return None


def settle(connection: Connection, till: Till) -> tuple[Settlement, ...]:
    """Settle what can be settled, and return what the till does not know yet.

    Args:
        connection: Inside the transaction that queues what is returned.
        till: What it has said.
    """
    known = settled(connection)
    for row in connection.execute(_to_look_at()).all():
        standing = _standing(row, till)
        units = settled_units(standing)
        before = known.get(row.uid)
        if units is None and before is not None and _covers(before, standing.reserved):
            units = dict(before)  # settled in an earlier life of this state
        if units is None:
            continue
        if units != before:
            _keep(connection, row.uid, units, told=False)
        change = update(STATE.web_order).where(_BOOK.uid == row.uid)
        connection.execute(change.values(is_done=True))
    return tuple(_to_tell(connection))


def settled(connection: Connection) -> dict[str, dict[str, int]]:
    """Return what is settled of the orders that are looked at: per order uid, units by stock key.

    Where all of an order is settled, it keeps nothing, and nobody asks.
    """
    done = select(_BOOK.uid).where(_BOOK.is_done.is_(True))
    query = select(_TABLE.c.uid, _TABLE.c.units).where(
        _TABLE.c.units.is_not(None), _TABLE.c.uid.not_in(done)
    )
    return {uid: json.loads(units) for uid, units in connection.execute(query)}


def told_again(connection: Connection) -> tuple[Settlement, ...]:
    """Return every settlement, for a till that may know none."""
    connection.execute(update(_TABLE).values(told=False))
    return tuple(_to_tell(connection))


def take(connection: Connection, record: Settlement) -> frozenset[str]:
    """Take what the till says of a settlement; return the stock keys that may move by it.

    The till says it again where its answers begin anew, since our state may be lost; and that it
    has lost an order, at any time.
    """
    query = select(_TABLE).where(_TABLE.c.uid == record.key)
    row = connection.execute(query).one_or_none()
    ours: dict[str, int] | None = json.loads(row.units) if row is not None and row.units else None
    theirs = {one.key: one.quantity for one in record.units}
    if row is None and not record.void:
        _keep(connection, record.key, theirs, told=True)
    elif record.void or ours is None:
        _keep(connection, record.key, None, told=False)  # said back: the till may forget it
    elif ours != theirs:
        less = {key: min(n, theirs[key]) for key, n in ours.items() if key in theirs}
        _keep(connection, record.key, less, told=False)
    else:
        return frozenset()
    _open_again(connection, record.key)
    return frozenset(theirs) | frozenset(ours or {})


def follow(
    connection: Connection,
    uid: str,
    kept_less: Units | None,
    stock_key_of: Callable[[int, int], str | None],
) -> None:
    """Settle no more of an order that grows than it kept before.

    It was less then, or over, and the till may have put the rest back since.

    Args:
        connection: The caller's.
        uid: The order's.
        kept_less: What it kept before it grew; None: it does not grow.
        stock_key_of: The till's stock key of a product and combination, or None.
    """
    query = select(_TABLE.c.units).where(_TABLE.c.uid == uid, _TABLE.c.units.is_not(None))
    known = connection.execute(query).scalar() if kept_less is not None else None
    if kept_less is None or known is None:
        return
    most = most_of((kept_less,), stock_key_of)
    ours: dict[str, int] = json.loads(known)
    less = {key: min(units, most.get(key, 0)) for key, units in ours.items()}
    if less != ours:
        _keep(connection, uid, {key: units for key, units in less.items() if units}, told=False)


def _standing(row: Row[Any], till: Till) -> Standing:
    documents = (parse_units(row.units), *parse_offers(row.held).documents())
    most = most_of(documents, till.stock_key_of)
    reserved: dict[str, int] = {}
    counted: dict[str, int] = {}
    for key in {**most_of((parse_units(row.lines),), till.stock_key_of), **most}:
        units, stock = most.get(key, 0), till.newest(key) if key is not None else None
        if key is not None and stock is not None:
            counted[key] = next((one.quantity for one in stock.counted if one.order == row.uid), 0)
            reserved[key] = units
        elif units and not (key is not None and till.is_pack(key)):
            return Standing(row.role, None, counted)
    return Standing(row.role, {key: n for key, n in reserved.items() if n}, counted)


def _covers(floor: KeyUnits, reserved: KeyUnits | None) -> bool:
    return reserved is not None and all(floor.get(k, 0) >= n for k, n in reserved.items())


def _to_look_at() -> Any:
    """Return the query of the orders that may be settled: answered just as they are, and over."""
    return (
        select(STATE.web_order)
        .where(
            _BOOK.in_baseline.is_(False),
            _BOOK.is_done.is_(False),
            _BOOK.role.in_(sorted(GONE_OUT | OVER)),
            _BOOK.fate.in_(sorted(CLOSING)),
            _BOOK.fate_revision == _BOOK.revision,
            _BOOK.date_upd.not_like("0000-%"),  # nothing was seen of it since it was offered
        )
        .order_by(_BOOK.shop_id, _BOOK.uid)
    )


def _to_tell(connection: Connection) -> Iterator[Settlement]:
    query = select(_TABLE).where(_TABLE.c.told.is_(False)).order_by(_TABLE.c.uid)
    rows = connection.execute(query).all()
    if rows:
        connection.execute(update(_TABLE).values(told=True))
    for row in rows:
        yield _record(row.uid, None if row.units is None else json.loads(row.units))


def _record(uid: str, units: KeyUnits | None) -> Settlement:
    if units is None:
        return Settlement(key=uid, void=True)
    parts = (SettledUnits(key=key, quantity=n) for key, n in sorted(units.items()) if n)
    return Settlement(key=uid, units=tuple(parts))


def _keep(connection: Connection, uid: str, units: KeyUnits | None, *, told: bool) -> None:
    connection.execute(delete(_TABLE).where(_TABLE.c.uid == uid))
    text = None if units is None else json.dumps(dict(units))
    connection.execute(insert(_TABLE).values(uid=uid, units=text, told=told))


def _open_again(connection: Connection, uid: str) -> None:
    """Have an order looked at again: all of it may not be settled any more."""
    change = update(STATE.web_order).where(and_(_BOOK.uid == uid, _BOOK.is_done.is_(True)))
    connection.execute(change.values(is_done=False))
