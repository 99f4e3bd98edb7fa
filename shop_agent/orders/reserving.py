"""What orders keep of the stock, and what a person gave back of it.

Rules: all happens inside the caller's transaction. What an order keeps is the most of its present
units and of the documents that the till may still be working on (`offers`). Orders of the baseline,
and those of which all is settled, keep nothing. What a person released is a floor (`released`).

    reserved(connection, links.stock_key)            # {"v:1042": {"shop.example/1/…": 2}}
    release(connection, uid, links.stock_key)        # frozenset({"v:1042"})
    released(connection)                             # {"shop.example/1/…": {"v:1042": 2}}
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from shop_agent.orders.offers import Name, most_of, parse_offers, parse_units
from shop_agent.orders.order_rows import BOOK, change, find
from shop_agent.orders.released import Released, parse_released, render_released
from shop_agent.reconcile.stock import Sellable


def reserved(
    connection: Connection, name_of: Callable[[int, int], Name | None], *, strict: bool = True
) -> dict[Name, dict[str, int]]:
    """Return what orders keep: under each name, units above 0 by order uid.

    Args:
        connection: The caller's.
        name_of: What a product and combination are called, as `links.stock_key`; None: left out.
        strict: What the till may still be working on is kept too, until it answers.
    """
    kept: dict[Name, dict[str, int]] = {}
    rows = connection.execute(
        select(BOOK.uid, BOOK.units, BOOK.held)
        .where(BOOK.in_baseline.is_(False), BOOK.is_done.is_(False))
        .order_by(BOOK.shop_id, BOOK.uid)
    )
    for uid, units, held in rows:
        for name, quantity in _most(units, held, name_of, strict=strict).items():
            kept.setdefault(name, {})[uid] = quantity
    return kept


def without_state(connection: Connection) -> frozenset[Sellable]:
    """Return what the orders take that have no state yet: it may move with every further line."""
    query = select(BOOK.lines, BOOK.units).where(BOOK.role == "unset")
    found: set[Sellable] = set()
    for lines, units in connection.execute(query):
        found |= parse_units(lines).keys() | parse_units(units).keys()
    return frozenset(found)


def units_by_name(
    row: Row[Any], name_of: Callable[[int, int], Name | None], *, strict: bool = True
) -> dict[Name, int]:
    """Return the units above 0 that an order keeps, under each name; see `reserved`."""
    return _most(row.units, row.held, name_of, strict=strict)


def _most(
    units: str, held: str, name_of: Callable[[int, int], Name | None], *, strict: bool
) -> dict[Name, int]:
    offered = parse_offers(held).documents() if strict else ()
    most = most_of((parse_units(units), *offered), name_of)
    return {name: number for name, number in most.items() if name is not None and number > 0}


def release(
    connection: Connection, uid: str, stock_key_of: Callable[[int, int], str | None]
) -> frozenset[str]:
    """Give back to the site what an order keeps now; return the stock keys that this touches."""
    row = find(connection, uid)
    if row is None or row.in_baseline:
        return frozenset()
    released = Released(row.role, units_by_name(row, stock_key_of))
    change(connection, uid, released=render_released(released))
    return frozenset(released.units)


def released(connection: Connection) -> dict[str, Mapping[str, int]]:
    """Return what people gave back, as a floor: for each order uid, units by stock key."""
    query = select(BOOK.uid, BOOK.role, BOOK.released).where(BOOK.released.is_not(None))
    floors: dict[str, Mapping[str, int]] = {}
    for uid, role, text in connection.execute(query):
        kept = parse_released(text)
        if kept is not None and kept.counts_in(role):
            floors[uid] = kept.units
    return floors
