"""The order book: every web order that may keep stock, and what the till has said of it.

Rules: all happens inside the caller's transaction. An order is what its uid says; the same id under
another reference or date is another order, and proves that the shop was restored. A pack keeps its
components, as they are when the order is noted. Orders that the till's figures contained at pairing
keep nothing; those of which all is settled (`settling`) are not looked at until something of them
changes. What orders keep is told by `reserving`, what is to be read again by `rereading`.

    note(connection, bundle.light, role)           # read
    offer(connection, document, light.date_upd)    # put into the outbox, in one transaction
    fate(connection, uid, revision, "imported")    # told by the till
    note_deleted(connection, 1042)                 # the shop has it no more
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select

from protocol.records import FateState, Order, Role
from protocol.values import ShopTime
from shop_agent.orders.bundles import LightOrder
from shop_agent.orders.documents import revision
from shop_agent.orders.doubting import first_offers, offers_of
from shop_agent.orders.offers import Units, parse_offers, parse_units, render_offers, render_units
from shop_agent.orders.order_rows import BOOK, IS_THERE, TO_READ, change, find, get
from shop_agent.orders.positions import get_baseline
from shop_agent.orders.released import parse_released
from shop_agent.orders.roles import GONE_OUT, NO_PACKS, Bought, Packs, bought_units, units_of
from shop_agent.reconcile.stock import Sellable
from shop_agent.state import STATE


@dataclass(frozen=True)
class Noted:
    """What noting an order changed.

    Args:
        is_new: The book did not have it.
        is_told: The till is told of it: it is not of the baseline, or was told before.
        touched: Products and combinations whose figure it may change: all of its present and
            former ones when it is new or changed, none otherwise. PrestaShop moves them for an
            order of the baseline too.
        proves_restore: The shop gave its id before, to another order.
        kept_less: What it kept before, where it keeps more of something now; None: it does not.
    """

    is_new: bool
    is_told: bool
    touched: frozenset[Sellable]
    proves_restore: bool
    kept_less: Units | None = None


def note(connection: Connection, light: LightOrder, role: Role, packs: Packs = NO_PACKS) -> Noted:
    """Enter an order as it was just read, light or whole.

    Args:
        connection: The caller's.
        light: The order.
        role: What its state means.
        packs: The components of the packs among its lines.
    """
    row = find(connection, light.uid)
    if row is None:
        return _enter(connection, light, role, packs)
    before, is_told = parse_units(row.units), not row.in_baseline or row.revision is not None
    if _is_as(row, light, role):
        return Noted(is_new=False, is_told=is_told, touched=frozenset(), proves_restore=False)
    units = units_of(light.lines, role, packs)
    change(
        connection,
        light.uid,
        state=light.state,
        role=role,
        lines=render_units(bought_units(light.lines)),
        units=render_units(units),
        held=render_offers(offers_of(row, bought_units(light.lines, packs))),
        date_upd=TO_READ,
        is_done=False,
        deleted=None,
    )
    _void_released(connection, row, role)
    _note_gone_out(connection, light.uid, role)
    # Also what it bought and keeps no more: PrestaShop gives back, and takes again, by itself.
    bought = bought_units(light.lines, packs).keys() | parse_units(row.lines).keys()
    kept = bought | before.keys() | units.keys() | parse_offers(row.held).held().keys()
    grows = any(number > before.get(one, 0) for one, number in units.items())
    return Noted(
        is_new=False, is_told=is_told, touched=frozenset(kept), proves_restore=False,
        kept_less=before if grows else None,
    )  # fmt: skip


def is_noted(connection: Connection, light: LightOrder, role: Role) -> bool:
    """Return whether the book has an order just so: noting it again changes nothing."""
    row = find(connection, light.uid)
    return row is not None and _is_as(row, light, role)


def _is_as(row: Row[Any], light: LightOrder, role: Role) -> bool:
    if row.deleted or (row.state, row.role) != (light.state, role):
        return False
    return parse_units(row.lines) == bought_units(light.lines)


def _enter(connection: Connection, light: LightOrder, role: Role, packs: Packs) -> Noted:
    baseline = get_baseline(connection)
    same_id = select(BOOK.uid).where(BOOK.shop_id == light.id).limit(1)
    is_second = connection.execute(same_id).first() is not None
    in_baseline = baseline.holds(light)
    bought = bought_units(light.lines, packs)
    connection.execute(
        insert(STATE.web_order).values(
            uid=light.uid,
            shop_id=light.id,
            reference=light.reference,
            date_add=light.date_add,
            date_upd=TO_READ,
            state=light.state,
            role=role,
            lines=render_units(bought_units(light.lines)),
            units=render_units(units_of(light.lines, role, packs)),
            held=render_offers(first_offers(connection, bought)),
            in_baseline=in_baseline,
            is_done=False,
        )
    )
    _note_gone_out(connection, light.uid, role)
    return Noted(
        is_new=True,
        is_told=not in_baseline,
        # Whatever its role: PrestaShop may have given back already what we never saw it take.
        touched=frozenset(bought),
        proves_restore=is_second or baseline.was_given_again(light),
    )


def offer(
    connection: Connection, order: Order, date_upd: ShopTime, packs: Packs = NO_PACKS
) -> bool:
    """Record that this document goes to the till; return whether its content is a new one.

    Args:
        connection: Inside the transaction that puts the document into the outbox.
        order: The document.
        date_upd: The order's when it was read.
        packs: The components of the packs among its lines.
    """
    light = _light_of(order, date_upd)
    digest = revision(order)
    row = find(connection, light.uid)
    if row is None:
        note(connection, light, order.state.role, packs)
        row = get(connection, light.uid)
    seen = (row.state, row.role, parse_units(row.lines))
    is_as_read = seen == (light.state, order.state.role, bought_units(light.lines))
    # Of what is noted just so the components are known since then, whatever the packs hold now.
    role = order.state.role
    units = parse_units(row.units) if is_as_read else units_of(light.lines, role, packs)
    offers = parse_offers(row.held).offer(digest, units)
    change(
        connection,
        light.uid,
        held=render_offers(offers),
        revision=digest,
        date_upd=date_upd if is_as_read else TO_READ,
        is_done=bool(row.is_done) and row.revision == digest,
    )
    return bool(row.revision != digest)


def fate(connection: Connection, uid: str, of_revision: str | None, state: FateState) -> bool:
    """Enter the till's word on a document; return whether the book knows this document.

    A word on a document that a later word has overtaken, or on one that was never offered, changes
    nothing.
    """
    row = find(connection, uid)
    if row is None or of_revision is None:
        return False
    offers = parse_offers(row.held)
    if not offers.knows(of_revision):
        return False
    change(
        connection,
        uid,
        held=render_offers(offers.answer(of_revision, state)),
        fate=state,
        fate_revision=of_revision,
    )
    return True


def note_deleted(connection: Connection, order_id: int, *, but: str = "") -> tuple[Row[Any], ...]:
    """Enter that the shop no longer has an order; return the rows that are news.

    What the till was never told of keeps nothing any more.

    Args:
        connection: The caller's.
        order_id: The order's.
        but: Uid of the order that bears this id now.
    """
    is_news = and_(BOOK.shop_id == order_id, BOOK.uid != but, IS_THERE)
    rows = tuple(connection.execute(select(STATE.web_order).where(is_news)).all())
    for row in rows:
        is_told = row.revision is not None
        change(connection, row.uid, deleted=True, units=row.units if is_told else "[]")
    return rows


def _note_gone_out(connection: Connection, uid: str, role: Role) -> None:
    """Remember that an order was shipped: what came back of it later only the till knows."""
    if role in GONE_OUT:
        change(connection, uid, went_out=True)


def _void_released(connection: Connection, row: Row[Any], role: Role) -> None:
    """Forget what a person gave back of an order whose state is better now, or that is back."""
    kept = parse_released(row.released)
    if kept is not None and (row.deleted or not kept.counts_in(role)):
        change(connection, row.uid, released=None)


def _light_of(order: Order, date_upd: ShopTime) -> LightOrder:
    return LightOrder(
        uid=order.key,
        id=order.shop_id,
        reference=order.reference,
        date_add=order.placed_at,
        date_upd=date_upd,
        state=order.state.id,
        lines=tuple(
            Bought(line.product_id, line.combination_id, line.quantity) for line in order.lines
        ),
    )
