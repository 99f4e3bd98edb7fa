"""What the till may know of orders that a lost or restored state does not.

Rules: all happens inside the caller's transaction. A state that was put back, or is the second life
of one that was lost, may lack documents that the till has: until the till answers anew, such an
order keeps what it bought.

    doubt(connection)                                # the state is an old one
    first_offers(connection, bought)                 # of an order that is new here
    offers_of(row, bought)                           # of one that the book has
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select

from shop_agent.orders.offers import Offer, Offers, Units, parse_offers, render_offers, render_units
from shop_agent.orders.order_rows import BOOK, TO_READ, change
from shop_agent.orders.positions import is_second_life
from shop_agent.state import STATE

#: A document that the till may have and that we do not know; what it bought is not noted yet.
_UNKNOWN = Offer("", {})


def doubt(connection: Connection) -> None:
    """Keep what orders bought until the till answers anew, for a state that was put back.

    The till may have been told of more than such a state knows: all are read whole and offered
    again, but for those that both ends have done with.
    """
    query = select(STATE.web_order).where(BOOK.in_baseline.is_(False), BOOK.is_done.is_(False))
    for row in connection.execute(query).all():
        offers = Offers((_UNKNOWN, *parse_offers(row.held).since), taken=True)
        change(
            connection,
            row.uid,
            lines=render_units({}),  # what it bought is noted anew, packs and all
            held=render_offers(offers),
            fate=None,
            date_upd=TO_READ,
        )


def offers_of(row: Row[Any], bought: Units) -> Offers:
    """Return what the till may be working on; of an order in doubt, what it bought as well."""
    offers = parse_offers(row.held)
    if offers.since[:1] != (_UNKNOWN,):
        return offers
    return replace(offers, since=(replace(_UNKNOWN, units=bought), *offers.since[1:]))


def first_offers(connection: Connection, bought: Units) -> Offers:
    """Return what the till may be working on of an order that is new here.

    After our state was lost, the till may have any revision of it, and may have taken it in.
    """
    if not is_second_life(connection):
        return Offers()
    return Offers((replace(_UNKNOWN, units=dict(bought)),), taken=True)
