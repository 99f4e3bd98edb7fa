"""Where the agent stands in the shop's orders: the baseline of the pairing, and the cursors.

Rules: kept in `STATE.meta`, inside the caller's transaction; a cursor is moved once what was read
is durable, in the same transaction or a later one.

    set_baseline(connection, up_to=812, not_in_till={809}, newest_add="2026-11-24 10:00:00")
    get_baseline(connection).holds(light)
    move_cursor(connection, changes.cursor)
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from protocol.values import ShopTime
from shop_agent.orders.bundles import Cursor, LightOrder
from shop_agent.orders.rota import Rota, parse_rota, render_rota
from shop_agent.state import STATE

_BOOK = STATE.web_order.c
_IS_NAMED = STATE.meta.c.name == bindparam("of")
_OF_NAME = select(STATE.meta.c.value).where(_IS_NAMED)
_DROP_OF_NAME, _INSERT = delete(STATE.meta).where(_IS_NAMED), insert(STATE.meta)
_BASELINE = "orders_baseline"
_SECOND_LIFE = "second_life"
_ROTA, _GAPS = "orders_rota", "orders_gaps"
_CURSORS = {"orders": "orders_cursor", "customers": "customers_cursor"}
_MANY = 500


@dataclass(frozen=True)
class Baseline:
    """Which orders the till's figures contained when the two were paired.

    Args:
        up_to: The highest order id then; later orders are all told to the till.
        not_in_till: Order ids at or under it that the till does not have.
        newest_add: The newest date_add then: an order under `up_to` placed later bears an id that
            was given a second time, and is not of the baseline.
    """

    up_to: int = 0
    not_in_till: frozenset[int] = frozenset()
    newest_add: ShopTime = ""

    def holds(self, light: LightOrder) -> bool:
        """Return whether the till's figures contained this order."""
        return (
            light.id <= self.up_to
            and light.id not in self.not_in_till
            and light.date_add <= self.newest_add
        )

    def was_given_again(self, light: LightOrder) -> bool:
        """Return whether an order bears the id of one that existed at pairing."""
        return light.id <= self.up_to and light.date_add > self.newest_add


def set_baseline(
    connection: Connection, up_to: int, not_in_till: Collection[int], newest_add: ShopTime
) -> Baseline:
    """Fix which orders the till's figures contain, for those already noted too.

    Args:
        connection: The caller's.
        up_to: The shop's highest order id now.
        not_in_till: Orders at or under it, open now, that a person says the till does not have.
        newest_add: The newest date_add of the shop's orders now.
    """
    baseline = Baseline(up_to, frozenset(not_in_till), newest_add)
    kept = {"up_to": up_to, "not_in_till": sorted(not_in_till), "newest_add": newest_add}
    _set_meta(connection, _BASELINE, kept)
    in_it = and_(_BOOK.shop_id <= up_to, _BOOK.date_add <= newest_add)
    # Of a baseline that was set before too.
    connection.execute(update(STATE.web_order).values(in_baseline=False))
    connection.execute(update(STATE.web_order).where(in_it).values(in_baseline=True))
    for some in _parts(sorted(not_in_till)):
        open_ones = update(STATE.web_order).where(in_it, _BOOK.shop_id.in_(some))
        connection.execute(open_ones.values(in_baseline=False))
    return baseline


def has_baseline(connection: Connection) -> bool:
    """Return whether a person has said which orders the till's figures contain."""
    return _meta(connection, _BASELINE) is not None


def get_baseline(connection: Connection) -> Baseline:
    """Return the baseline; before there is one, no order is in it."""
    kept = _meta(connection, _BASELINE)
    if kept is None:
        return Baseline()
    return Baseline(kept["up_to"], frozenset(kept["not_in_till"]), kept["newest_add"])


def begin_second_life(connection: Connection) -> None:
    """Note that this state begins anew: the till may have been told of orders before."""
    _set_meta(connection, _SECOND_LIFE, {})


def is_second_life(connection: Connection) -> bool:
    """Return whether an earlier state of ours may have told the till of the shop's orders."""
    return _meta(connection, _SECOND_LIFE) is not None


def get_cursor(connection: Connection, of: str = "orders") -> Cursor:
    """Return how far `orders` or `customers` were read."""
    kept = _meta(connection, _CURSORS[of])
    if kept is None:
        return Cursor()
    recent = tuple((one_id, stamp) for one_id, stamp in kept["recent"])
    return Cursor(kept["after_id"], kept["since"], recent)


def move_cursor(connection: Connection, cursor: Cursor, of: str = "orders") -> None:
    """Keep how far `orders` or `customers` were read; backwards only when a person says so."""
    kept = {"after_id": cursor.after_id, "since": cursor.since, "recent": list(cursor.recent)}
    _set_meta(connection, _CURSORS[of], kept)


def get_rota(connection: Connection) -> Rota:
    """Return whose turn it is to be looked at."""
    kept = _meta(connection, _ROTA)
    return parse_rota(kept["rota"] if kept else "")


def keep_rota(connection: Connection, rota: Rota) -> None:
    """Keep whose turn it was."""
    _set_meta(connection, _ROTA, {"rota": render_rota(rota)})


def gaps_seen_to(connection: Connection) -> int:
    """Return up to which order id it is known which are missing; at first, the baseline's."""
    kept = _meta(connection, _GAPS)
    return int(kept["up_to"]) if kept else get_baseline(connection).up_to


def keep_gaps(connection: Connection, up_to: int) -> None:
    """Keep up to which order id it is known which are missing."""
    _set_meta(connection, _GAPS, {"up_to": up_to})


def _parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _MANY] for start in range(0, len(ids), _MANY))


def _meta(connection: Connection, name: str) -> Mapping[str, Any] | None:
    kept = connection.execute(_OF_NAME, {"of": name}).scalar_one_or_none()
    return None if kept is None else json.loads(kept)


def _set_meta(connection: Connection, name: str, value: Mapping[str, object]) -> None:
    connection.execute(_DROP_OF_NAME, {"of": name})
    connection.execute(_INSERT, {"name": name, "value": json.dumps(value)})
