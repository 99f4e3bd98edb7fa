"""The rows of the order book: one for each order uid, found, changed and asked for their ids.

Rules: all happens inside the caller's transaction; what a column means is the business of the rooms
that write it (`book`, `doubting`, `reserving`, `rereading`).

    row = find(connection, uid)                     # None: the book does not have it
    change(connection, uid, date_upd=TO_READ)       # it is read whole by the next pass
    ids_where(connection, is_told())                # (1042, 1043)
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, or_, select, update

from shop_agent.state import STATE

#: The columns of an order.
BOOK = STATE.web_order.c
#: `date_upd` of an order that was seen otherwise than it was last offered: to be read whole.
TO_READ = "0000-00-00 00:00:00"
#: The shop still has the order, as far as we know.
IS_THERE = BOOK.deleted.is_not(True)
#: Written once: every pass asks it of every order.
_OF_UID = select(STATE.web_order).where(BOOK.uid == bindparam("uid"))


def find(connection: Connection, uid: str) -> Row[Any] | None:
    """Return an order's row, or None."""
    return connection.execute(_OF_UID, {"uid": uid}).one_or_none()


def get(connection: Connection, uid: str) -> Row[Any]:
    """Return an order's row, of an order that the book has."""
    return connection.execute(_OF_UID, {"uid": uid}).one()


def change(connection: Connection, uid: str, **values: object) -> None:
    """Write columns of an order's row."""
    connection.execute(update(STATE.web_order).where(BOOK.uid == uid).values(**values))


def ids_where(connection: Connection, condition: ColumnElement[bool]) -> tuple[int, ...]:
    """Return the ids, each once and in order, of the orders of which this is true."""
    found = connection.execute(select(BOOK.shop_id).where(condition).distinct())
    return tuple(sorted(found.scalars()))


def is_told() -> ColumnElement[bool]:
    """Return the condition: an order that the till is told of, or was before it was settled."""
    return or_(BOOK.in_baseline.is_(False), BOOK.revision.is_not(None))
