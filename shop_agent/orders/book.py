"""The order book: every web order that may keep stock, and what the till has said of it.

Rules: all happens inside the caller's transaction. An order is what its uid says; the same id under
another reference or date is another order, and proves that the shop was restored. What an order
keeps is the most of its present units and of the documents that the till may still be working on
(`offers`). Orders that the till's figures contained at pairing, or that both ends have settled,
keep nothing.

    note(connection, bundle.light, role)           # read
    offer(connection, document, light.date_upd)    # put into the outbox, in one transaction
    fate(connection, uid, revision, "imported")    # told by the till
    reserved(connection)                           # {(12, 40): (("shop.example/1/…", 2),)}
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    insert,
    not_,
    or_,
    select,
    update,
)

from protocol.records import Customer, FateState, Order, Role, content_hash
from protocol.values import ShopTime
from shop_agent.orders.bundles import LightOrder
from shop_agent.orders.documents import revision
from shop_agent.orders.offers import (
    CLOSING,
    Offers,
    Units,
    most_of,
    parse_offers,
    parse_units,
    render_offers,
    render_units,
)
from shop_agent.orders.positions import get_baseline
from shop_agent.orders.roles import Bought, units_of
from shop_agent.reconcile.stock import Sellable
from shop_agent.state import STATE

_BOOK = STATE.web_order.c
#: `date_upd` of an order that was seen otherwise than it was last offered: to be read whole.
_TO_READ = "0000-00-00 00:00:00"


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
    """

    is_new: bool
    is_told: bool
    touched: frozenset[Sellable]
    proves_restore: bool


# --- orders ----------------------------------------------------------------------------------


def note(connection: Connection, light: LightOrder, role: Role) -> Noted:
    """Enter an order as it was just read, light or whole."""
    units = units_of(light.lines, role)
    row = _find(connection, light.uid)
    if row is None:
        return _enter(connection, light, role, units)
    before, is_told = parse_units(row.units), not row.in_baseline or row.revision is not None
    if (row.state, row.role, before) == (light.state, role, units):
        return Noted(is_new=False, is_told=is_told, touched=frozenset(), proves_restore=False)
    _change(
        connection,
        light.uid,
        state=light.state,
        role=role,
        units=render_units(units),
        date_upd=_TO_READ,
    )
    kept = before.keys() | units.keys() | parse_offers(row.held).held().keys()
    return Noted(is_new=False, is_told=is_told, touched=frozenset(kept), proves_restore=False)


def offer(connection: Connection, order: Order, date_upd: ShopTime) -> bool:
    """Record that this document goes to the till; return whether its content is a new one.

    Args:
        connection: Inside the transaction that puts the document into the outbox.
        order: The document.
        date_upd: The order's when it was read.
    """
    light = _light_of(order, date_upd)
    units = units_of(light.lines, order.state.role)
    digest = revision(order)
    row = _find(connection, light.uid)
    if row is None:
        note(connection, light, order.state.role)
        row = _get(connection, light.uid)
    offers = parse_offers(row.held).offer(digest, units)
    is_as_read = (row.state, row.role, parse_units(row.units)) == (
        light.state,
        order.state.role,
        units,
    )
    _change(
        connection,
        light.uid,
        held=render_offers(offers),
        revision=digest,
        date_upd=date_upd if is_as_read else _TO_READ,
    )
    return bool(row.revision != digest)


def fate(connection: Connection, uid: str, of_revision: str | None, state: FateState) -> bool:
    """Enter the till's word on a document; return whether the book knows this document.

    A word on a document that a later word has overtaken, or on one that was never offered, changes
    nothing.
    """
    row = _find(connection, uid)
    if row is None or of_revision is None:
        return False
    offers = parse_offers(row.held)
    if not offers.knows(of_revision):
        return False
    _change(
        connection,
        uid,
        held=render_offers(offers.answer(of_revision, state)),
        fate=state,
        fate_revision=of_revision,
    )
    return True


def known_by(connection: Connection) -> Callable[[LightOrder], bool]:
    """Return the question: was this order offered just so, or is it none of the till's business?"""
    baseline = get_baseline(connection)

    def is_known(light: LightOrder) -> bool:
        row = _find(connection, light.uid)
        if row is None or row.revision is None:
            return baseline.holds(light) if row is None else bool(row.in_baseline)
        seen = (row.date_upd, row.state, [*parse_units(row.units).items()])
        present = sorted(units_of(light.lines, row.role).items())
        return seen == (light.date_upd, light.state, present)

    return is_known


def to_read_again(connection: Connection) -> tuple[int, ...]:
    """Return the ids of orders that the next pass must read whole, whatever their date.

    They were never offered, changed since, or have no state yet that we know.
    """
    unread = or_(
        _BOOK.revision.is_(None), _BOOK.date_upd == _TO_READ, _BOOK.role.in_(("unset", "unknown"))
    )
    return _ids(connection, and_(_is_told(), unread))


def to_offer_again(connection: Connection) -> tuple[int, ...]:
    """Return the ids of orders that the till has not done with, for a new epoch or the night."""
    is_closed = and_(
        _BOOK.fate.in_(sorted(CLOSING)),
        _BOOK.fate.is_not(None),
        _BOOK.fate_revision == _BOOK.revision,
        _BOOK.fate_revision.is_not(None),
        _BOOK.revision.is_not(None),
    )
    return _ids(connection, and_(_is_told(), not_(is_closed)))


def reserved(connection: Connection) -> dict[Sellable, tuple[tuple[str, int], ...]]:
    """Return what orders keep: for each product and combination, (order uid, units above 0)."""
    kept: dict[Sellable, list[tuple[str, int]]] = {}
    rows = connection.execute(
        select(_BOOK.uid, _BOOK.units, _BOOK.held)
        .where(_BOOK.in_baseline.is_(False))
        .order_by(_BOOK.shop_id, _BOOK.uid)
    )
    for uid, units, held in rows:
        most = most_of(parse_units(units), parse_offers(held).held())
        for sellable, quantity in most.items():
            if quantity > 0:
                kept.setdefault(sellable, []).append((uid, quantity))
    return {sellable: tuple(orders) for sellable, orders in kept.items()}


def settle(connection: Connection, uids: Collection[str]) -> frozenset[Sellable]:
    """Let these orders keep nothing more; return the products and combinations that this touches.

    For orders of which the till's evidence says that its figures contain them for good; a later
    change of theirs is still told to the till.
    """
    touched: set[Sellable] = set()
    for uid in uids:
        row = _find(connection, uid)
        if row is not None and not row.in_baseline:
            touched |= parse_units(row.units).keys() | parse_offers(row.held).held().keys()
            _change(connection, uid, in_baseline=True)
    return frozenset(touched)


# --- customers -------------------------------------------------------------------------------


def offer_customer(connection: Connection, customer: Customer) -> bool:
    """Record that a customer goes to the till; return False when the till was told just this."""
    table, digest = STATE.web_customer, content_hash(customer)
    told = connection.execute(
        select(table.c.hash).where(table.c.shop_id == customer.shop_id)
    ).scalar_one_or_none()
    if told == digest:
        return False
    connection.execute(delete(table).where(table.c.shop_id == customer.shop_id))
    connection.execute(insert(table).values(shop_id=customer.shop_id, hash=digest))
    return True


def forget_customers(connection: Connection) -> None:
    """Forget what the till was told of customers: all are to be told again."""
    connection.execute(delete(STATE.web_customer))


# --- rows ------------------------------------------------------------------------------------


def _enter(connection: Connection, light: LightOrder, role: Role, units: Units) -> Noted:
    baseline = get_baseline(connection)
    same_id = select(_BOOK.uid).where(_BOOK.shop_id == light.id).limit(1)
    is_second = connection.execute(same_id).first() is not None
    in_baseline = baseline.holds(light)
    connection.execute(
        insert(STATE.web_order).values(
            uid=light.uid,
            shop_id=light.id,
            reference=light.reference,
            date_add=light.date_add,
            date_upd=_TO_READ,
            state=light.state,
            role=role,
            units=render_units(units),
            held=render_offers(Offers()),
            in_baseline=in_baseline,
        )
    )
    return Noted(
        is_new=True,
        is_told=not in_baseline,
        # Whatever its role: PrestaShop may have given back already what we never saw it take.
        touched=frozenset((line.product_id, line.combination_id) for line in light.lines),
        proves_restore=is_second or baseline.was_given_again(light),
    )


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


def _is_told() -> ColumnElement[bool]:
    """Return the condition: an order that the till is told of, or was before it was settled."""
    return or_(_BOOK.in_baseline.is_(False), _BOOK.revision.is_not(None))


def _find(connection: Connection, uid: str) -> Row[Any] | None:
    return connection.execute(select(STATE.web_order).where(_BOOK.uid == uid)).one_or_none()


def _get(connection: Connection, uid: str) -> Row[Any]:
    return connection.execute(select(STATE.web_order).where(_BOOK.uid == uid)).one()


def _change(connection: Connection, uid: str, **values: object) -> None:
    connection.execute(update(STATE.web_order).where(_BOOK.uid == uid).values(**values))


def _ids(connection: Connection, condition: ColumnElement[bool]) -> tuple[int, ...]:
    found = connection.execute(select(_BOOK.shop_id).where(condition).distinct())
    return tuple(sorted(found.scalars()))
