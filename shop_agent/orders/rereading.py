"""Which orders are to be read whole or offered again, and what the book knows of an order id.

Rules: all happens inside the caller's transaction. An order is read again when it was never
offered, changed since, or has no state yet that we know; it is offered again, in a new epoch or at
night, until the till has done with it. Orders of the baseline are none of the till's business.

    ids = to_read_again(connection)                  # (1042,)
    is_known = known_by(connection)                  # asked of what is read light
    read_again(connection, uid)                      # whatever its date
"""

from collections.abc import Callable, Collection

from sqlalchemy import Connection, and_, not_, or_, select, update

from protocol.values import ShopTime
from shop_agent.orders.bundles import LightOrder
from shop_agent.orders.offers import CLOSING, parse_units
from shop_agent.orders.order_rows import (
    BOOK,
    IS_THERE,
    TO_READ,
    change,
    find,
    ids_where,
    is_told,
)
from shop_agent.orders.positions import get_baseline
from shop_agent.orders.roles import bought_units
from shop_agent.state import STATE

#: Values in one query.
_MANY = 500
#: Roles of states that may mean something else by now.
_SAYING_NOTHING = ("unset", "unknown")
_UNREAD = or_(BOOK.revision.is_(None), BOOK.date_upd == TO_READ)


def known_by(connection: Connection) -> Callable[[LightOrder], bool]:
    """Return the question: was this order offered just so, or is it none of the till's business?"""
    baseline = get_baseline(connection)

    def is_known(light: LightOrder) -> bool:
        row = find(connection, light.uid)
        if row is None or row.revision is None:
            return baseline.holds(light) if row is None else bool(row.in_baseline)
        seen = (row.date_upd, row.state, parse_units(row.lines))
        return seen == (light.date_upd, light.state, bought_units(light.lines))

    return is_known


def to_read_again(connection: Connection) -> tuple[int, ...]:
    """Return the ids of orders that the next pass must read whole, whatever their date.

    They were never offered, changed since, or have no state yet that we know.
    """
    unread = or_(_UNREAD, BOOK.role.in_(_SAYING_NOTHING))
    return ids_where(connection, and_(is_told(), IS_THERE, unread))


def has_unread(connection: Connection) -> bool:
    """Return whether an order was seen otherwise than the till was told, and its state is known."""
    known = and_(is_told(), IS_THERE, _UNREAD, BOOK.role.not_in(_SAYING_NOTHING))
    return connection.execute(select(BOOK.uid).where(known).limit(1)).first() is not None


def to_offer_again(connection: Connection) -> tuple[int, ...]:
    """Return the ids of orders that the till has not done with, for a new epoch or the night."""
    is_closed = and_(
        BOOK.fate.in_(sorted(CLOSING)),
        BOOK.fate.is_not(None),
        BOOK.fate_revision == BOOK.revision,
        BOOK.fate_revision.is_not(None),
        BOOK.revision.is_not(None),
    )
    return ids_where(connection, and_(is_told(), IS_THERE, not_(is_closed)))


def read_again(connection: Connection, uid: str) -> None:
    """Have an order read whole, whatever its date."""
    change(connection, uid, date_upd=TO_READ)


def read_again_by_id(connection: Connection, order_id: int) -> None:
    """Have the orders with this id read whole that the till was told of, whatever their date."""
    was_told = and_(BOOK.shop_id == order_id, BOOK.revision.is_not(None))
    connection.execute(update(STATE.web_order).where(was_told).values(date_upd=TO_READ))


def ids_above(connection: Connection, highest: int) -> tuple[int, ...]:
    """Return the ids above this one that orders of the book bear."""
    return ids_where(connection, BOOK.shop_id > highest)


def placed_since(connection: Connection, since: ShopTime) -> tuple[int, ...]:
    """Return the ids of the till's orders that were placed since then, as far as the book knows."""
    return ids_where(connection, and_(is_told(), IS_THERE, BOOK.date_add >= since))


def ids_of(connection: Connection, references: Collection[str]) -> tuple[int, ...]:
    """Return the ids of the till's orders that bear one of these references."""
    named, found = sorted(references), set[int]()
    for start in range(0, len(named), _MANY):
        some = named[start : start + _MANY]
        found |= {*ids_where(connection, and_(is_told(), BOOK.reference.in_(some)))}
    return tuple(sorted(found))


def is_in(connection: Connection, order_id: int, state: int) -> bool:
    """Return whether the till was told of an order with this id in this state."""
    told = and_(BOOK.shop_id == order_id, BOOK.state == state, BOOK.revision.is_not(None))
    return bool(ids_where(connection, or_(told, and_(BOOK.shop_id == order_id, BOOK.in_baseline))))


def known_ids(connection: Connection, first: int, last: int) -> frozenset[int]:
    """Return the order ids of an interval that the book has, both ends included."""
    return frozenset(ids_where(connection, BOOK.shop_id.between(first, last)))
