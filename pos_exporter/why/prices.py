"""Stock as it was sent, and the promotions that touch an article; read from what was last said.

sellables_of(connection, own, states)
promotions_of(connection, own, article, moment)
"""

import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from pos_exporter.belonging import up
from pos_exporter.meta import meta
from pos_exporter.policy_memory import last_policy
from pos_exporter.settlements import settled
from pos_exporter.state import STATE
from pos_exporter.why.values import OrderUnits, Sellable
from protocol.errors import ComptoirError
from protocol.records import (
    Article,
    Category,
    Policy,
    Promotion,
    Record,
    ShopProfile,
    Stock,
    parse_record,
)

#: What was said of an article, by kind and key.
Own = Mapping[tuple[str, str], Row[Any]]


def _record(row: Row[Any] | None) -> Record | None:
    """Return a record as last queued; None when its line was not kept or cannot be read."""
    if row is None or row.line is None:
        return None
    try:
        return parse_record(zlib.decompress(row.line), place=f"{row.kind} {row.key}")
    except ComptoirError:
        return None


# --- stock -----------------------------------------------------------------------------------


def sellables_of(
    connection: Connection, own: Own, states: Mapping[str, str], article: Row[Any] | None
) -> tuple[Sellable, ...]:
    """Return an article's stock as sent.

    Args:
        connection: Of the state database.
        own: What was said of the article.
        states: The site's answer per stock key.
        article: The article's own row.
    """
    buffer = _buffer(connection, _record(article), last_policy(connection))
    found = []
    for (kind, key), row in sorted(own.items()):
        stock = _record(row) if kind == "stock" else None
        if isinstance(stock, Stock):
            counted = sum(one.quantity for one in stock.counted)
            label = _label(key, own)
            orders = tuple(_orders_in(connection, stock))
            found.append(
                Sellable(key, label, stock.quantity, counted, buffer, states.get(key), orders)
            )
    return tuple(found)


def _orders_in(connection: Connection, stock: Stock) -> Iterator[OrderUnits]:
    """Yield the web orders that a figure contains, counted or settled, by their references."""
    counted = {one.order: one.quantity for one in stock.counted}
    done = {
        uid: units[stock.key] for uid, units in settled(connection).items() if stock.key in units
    }
    order, uids = STATE.web_order, sorted({*counted, *done})
    query = select(order.c.uid, order.c.reference).where(order.c.uid.in_(uids))
    names = {row.uid: row.reference for row in connection.execute(query)} if uids else {}
    for uid in uids:
        yield OrderUnits(names.get(uid, uid), counted.get(uid, 0), done.get(uid, 0))


def _label(stock_key: str, own: Own) -> str:
    letter, _, key = stock_key.partition(":")
    row = own.get(("variant" if letter == "v" else "article", key))
    return (row.reference or row.label) if row else stock_key


def _buffer(connection: Connection, article: Record | None, policy: Policy | None) -> int:
    """Return the units kept of each sellable: the article's, the nearest category's, or all's."""
    if policy is None or not isinstance(article, Article):
        return 0
    if article.buffer is not None:
        return article.buffer
    if policy.buffers and article.categories:
        for category in up(_parents(connection), article.categories[0]):
            if category in policy.buffers:
                return policy.buffers[category]
    return policy.buffer


def _parents(connection: Connection) -> dict[str, str | None]:
    said = STATE.said
    rows = connection.execute(select(said).where(said.c.kind == "category"))
    records = (_record(row) for row in rows)
    return {one.key: one.parent for one in records if isinstance(one, Category)}


# --- promotions ------------------------------------------------------------------------------


def promotions_of(
    connection: Connection, own: Own, article: Row[Any] | None, moment: datetime
) -> tuple[tuple[str, str, bool], ...]:
    """Return the promotions that touch the article and are not over."""
    said, mine = STATE.said, _record(article)
    rows = connection.execute(select(said).where(said.c.kind == "promotion")).all()
    if not rows or not isinstance(mine, Article):
        return ()
    parents = _parents(connection)
    categories = {above for one in mine.categories for above in up(parents, one)}
    now = _shop_time(connection, moment)
    found = []
    for row in rows:
        promotion = _record(row)
        if not isinstance(promotion, Promotion) or (promotion.ends_at or now) < now:
            continue
        if ("promotion", promotion.key) in own or promotion.category in categories:
            begun = (promotion.starts_at or now) <= now
            found.append((promotion.name or promotion.key, _gives(promotion), begun))
    return tuple(found)


def _gives(promotion: Promotion) -> str:
    if promotion.percent is not None:
        return f"-{promotion.percent:f} %"
    if promotion.amount_off is not None:
        return f"-{promotion.amount_off:.2f}"
    return f"= {promotion.price or 0:.2f}"


def _shop_time(connection: Connection, moment: datetime) -> str:
    """Return a moment as the shop's clock shows it; UTC while the shop has not told its zone."""
    kept = meta(connection, "shop_profile")
    zone = ""
    if kept is not None:
        try:
            profile = parse_record(kept.encode(), place="shop_profile")
            zone = profile.timezone if isinstance(profile, ShopProfile) else ""
            moment = moment.astimezone(ZoneInfo(zone))
        except (ComptoirError, KeyError, ValueError, OSError):
            pass  # a zone that this PC does not know: an hour more or less of a promotion
    return f"{moment:%Y-%m-%d %H:%M:%S}"
