"""The order book: every web order that may keep stock, and what the till has said of it.

Rules: all happens inside the caller's transaction. An order is what its uid says; the same id under
another reference or date is another order, and proves that the shop was restored. What an order
keeps is the most of its present units and of the documents that the till may still be working on
(`offers`); a pack keeps its components, as they are when the order is noted. Orders that the till's
figures contained at pairing keep nothing; those of which all is settled (`settling`) are not looked
at until something of them changes.

    note(connection, bundle.light, role)           # read
    offer(connection, document, light.date_upd)    # put into the outbox, in one transaction
    fate(connection, uid, revision, "imported")    # told by the till
    reserved(connection, links.stock_key)          # {"v:1042": {"shop.example/1/…": 2}}
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
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
    Name,
    Offer,
    Offers,
    Units,
    most_of,
    parse_offers,
    parse_units,
    render_offers,
    render_units,
)
from shop_agent.orders.positions import get_baseline, is_second_life
from shop_agent.orders.released import Released, parse_released, render_released
from shop_agent.orders.roles import GONE_OUT, NO_PACKS, Bought, Packs, bought_units, units_of
from shop_agent.reconcile.stock import Sellable
from shop_agent.state import STATE

_BOOK = STATE.web_order.c
#: `date_upd` of an order that was seen otherwise than it was last offered: to be read whole.
_TO_READ = "0000-00-00 00:00:00"
#: A document that the till may have and that we do not know; what it bought is not noted yet.
_UNKNOWN = Offer("", {})
#: Values in one query.
_MANY = 500
#: Roles of states that may mean something else by now.
_SAYING_NOTHING = ("unset", "unknown")
_UNREAD = or_(_BOOK.revision.is_(None), _BOOK.date_upd == _TO_READ)
_IS_THERE = _BOOK.deleted.is_not(True)
#: Written once: every pass asks it of every order.
_OF_UID = select(STATE.web_order).where(_BOOK.uid == bindparam("uid"))


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


# --- orders ----------------------------------------------------------------------------------


def note(connection: Connection, light: LightOrder, role: Role, packs: Packs = NO_PACKS) -> Noted:
    """Enter an order as it was just read, light or whole.

    Args:
        connection: The caller's.
        light: The order.
        role: What its state means.
        packs: The components of the packs among its lines.
    """
    row = _find(connection, light.uid)
    if row is None:
        return _enter(connection, light, role, packs)
    before, is_told = parse_units(row.units), not row.in_baseline or row.revision is not None
    if _is_as(row, light, role):
        return Noted(is_new=False, is_told=is_told, touched=frozenset(), proves_restore=False)
    units = units_of(light.lines, role, packs)
    _change(
        connection,
        light.uid,
        state=light.state,
        role=role,
        lines=render_units(bought_units(light.lines)),
        units=render_units(units),
        held=render_offers(_offers_of(row, bought_units(light.lines, packs))),
        date_upd=_TO_READ,
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
    row = _find(connection, light.uid)
    return row is not None and _is_as(row, light, role)


def _is_as(row: Row[Any], light: LightOrder, role: Role) -> bool:
    if row.deleted or (row.state, row.role) != (light.state, role):
        return False
    return parse_units(row.lines) == bought_units(light.lines)


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
    row = _find(connection, light.uid)
    if row is None:
        note(connection, light, order.state.role, packs)
        row = _get(connection, light.uid)
    seen = (row.state, row.role, parse_units(row.lines))
    is_as_read = seen == (light.state, order.state.role, bought_units(light.lines))
    # Of what is noted just so the components are known since then, whatever the packs hold now.
    role = order.state.role
    units = parse_units(row.units) if is_as_read else units_of(light.lines, role, packs)
    offers = parse_offers(row.held).offer(digest, units)
    _change(
        connection,
        light.uid,
        held=render_offers(offers),
        revision=digest,
        date_upd=date_upd if is_as_read else _TO_READ,
        is_done=bool(row.is_done) and row.revision == digest,
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
        seen = (row.date_upd, row.state, parse_units(row.lines))
        return seen == (light.date_upd, light.state, bought_units(light.lines))

    return is_known


def to_read_again(connection: Connection) -> tuple[int, ...]:
    """Return the ids of orders that the next pass must read whole, whatever their date.

    They were never offered, changed since, or have no state yet that we know.
    """
    unread = or_(_UNREAD, _BOOK.role.in_(_SAYING_NOTHING))
    return _ids(connection, and_(_is_told(), _IS_THERE, unread))


def has_unread(connection: Connection) -> bool:
    """Return whether an order was seen otherwise than the till was told, and its state is known."""
    known = and_(_is_told(), _IS_THERE, _UNREAD, _BOOK.role.not_in(_SAYING_NOTHING))
    return connection.execute(select(_BOOK.uid).where(known).limit(1)).first() is not None


def ids_above(connection: Connection, highest: int) -> tuple[int, ...]:
    """Return the ids above this one that orders of the book bear."""
    return _ids(connection, _BOOK.shop_id > highest)


def to_offer_again(connection: Connection) -> tuple[int, ...]:
    """Return the ids of orders that the till has not done with, for a new epoch or the night."""
    is_closed = and_(
        _BOOK.fate.in_(sorted(CLOSING)),
        _BOOK.fate.is_not(None),
        _BOOK.fate_revision == _BOOK.revision,
        _BOOK.fate_revision.is_not(None),
        _BOOK.revision.is_not(None),
    )
    return _ids(connection, and_(_is_told(), _IS_THERE, not_(is_closed)))


def placed_since(connection: Connection, since: ShopTime) -> tuple[int, ...]:
    """Return the ids of the till's orders that were placed since then, as far as the book knows."""
    return _ids(connection, and_(_is_told(), _IS_THERE, _BOOK.date_add >= since))


def ids_of(connection: Connection, references: Collection[str]) -> tuple[int, ...]:
    """Return the ids of the till's orders that bear one of these references."""
    named, found = sorted(references), set[int]()
    for start in range(0, len(named), _MANY):
        some = named[start : start + _MANY]
        found |= {*_ids(connection, and_(_is_told(), _BOOK.reference.in_(some)))}
    return tuple(sorted(found))


def is_in(connection: Connection, order_id: int, state: int) -> bool:
    """Return whether the till was told of an order with this id in this state."""
    told = and_(_BOOK.shop_id == order_id, _BOOK.state == state, _BOOK.revision.is_not(None))
    return bool(_ids(connection, or_(told, and_(_BOOK.shop_id == order_id, _BOOK.in_baseline))))


def known_ids(connection: Connection, first: int, last: int) -> frozenset[int]:
    """Return the order ids of an interval that the book has, both ends included."""
    return frozenset(_ids(connection, _BOOK.shop_id.between(first, last)))


def note_deleted(connection: Connection, order_id: int, *, but: str = "") -> tuple[Row[Any], ...]:
    """Enter that the shop no longer has an order; return the rows that are news.

    What the till was never told of keeps nothing any more.

    Args:
        connection: The caller's.
        order_id: The order's.
        but: Uid of the order that bears this id now.
    """
    is_news = and_(_BOOK.shop_id == order_id, _BOOK.uid != but, _IS_THERE)
    rows = tuple(connection.execute(select(STATE.web_order).where(is_news)).all())
    for row in rows:
        is_told = row.revision is not None
        _change(connection, row.uid, deleted=True, units=row.units if is_told else "[]")
    return rows


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
        select(_BOOK.uid, _BOOK.units, _BOOK.held)
        .where(_BOOK.in_baseline.is_(False), _BOOK.is_done.is_(False))
        .order_by(_BOOK.shop_id, _BOOK.uid)
    )
    for uid, units, held in rows:
        for name, quantity in _most(units, held, name_of, strict=strict).items():
            kept.setdefault(name, {})[uid] = quantity
    return kept


def without_state(connection: Connection) -> frozenset[Sellable]:
    """Return what the orders take that have no state yet: it may move with every further line."""
    query = select(_BOOK.lines, _BOOK.units).where(_BOOK.role == "unset")
    found: set[Sellable] = set()
    for lines, units in connection.execute(query):
        found |= parse_units(lines).keys() | parse_units(units).keys()
    return frozenset(found)


def release(
    connection: Connection, uid: str, stock_key_of: Callable[[int, int], str | None]
) -> frozenset[str]:
    """Give back to the site what an order keeps now; return the stock keys that this touches."""
    row = find(connection, uid)
    if row is None or row.in_baseline:
        return frozenset()
    released = Released(row.role, units_by_name(row, stock_key_of))
    _change(connection, uid, released=render_released(released))
    return frozenset(released.units)


def released(connection: Connection) -> dict[str, Mapping[str, int]]:
    """Return what people gave back, as a floor: for each order uid, units by stock key."""
    query = select(_BOOK.uid, _BOOK.role, _BOOK.released).where(_BOOK.released.is_not(None))
    floors: dict[str, Mapping[str, int]] = {}
    for uid, role, text in connection.execute(query):
        kept = parse_released(text)
        if kept is not None and kept.counts_in(role):
            floors[uid] = kept.units
    return floors


def find(connection: Connection, uid: str) -> Row[Any] | None:
    """Return an order's row, or None."""
    return _find(connection, uid)


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


def read_again(connection: Connection, uid: str) -> None:
    """Have an order read whole, whatever its date."""
    _change(connection, uid, date_upd=_TO_READ)


def read_again_by_id(connection: Connection, order_id: int) -> None:
    """Have the orders with this id read whole that the till was told of, whatever their date."""
    was_told = and_(_BOOK.shop_id == order_id, _BOOK.revision.is_not(None))
    connection.execute(update(STATE.web_order).where(was_told).values(date_upd=_TO_READ))


def _note_gone_out(connection: Connection, uid: str, role: Role) -> None:
    """Remember that an order was shipped: what came back of it later only the till knows."""
    if role in GONE_OUT:
        _change(connection, uid, went_out=True)


def _void_released(connection: Connection, row: Row[Any], role: Role) -> None:
    """Forget what a person gave back of an order whose state is better now, or that is back."""
    kept = parse_released(row.released)
    if kept is not None and (row.deleted or not kept.counts_in(role)):
        _change(connection, row.uid, released=None)


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


def _enter(connection: Connection, light: LightOrder, role: Role, packs: Packs) -> Noted:
    baseline = get_baseline(connection)
    same_id = select(_BOOK.uid).where(_BOOK.shop_id == light.id).limit(1)
    is_second = connection.execute(same_id).first() is not None
    in_baseline = baseline.holds(light)
    bought = bought_units(light.lines, packs)
    connection.execute(
        insert(STATE.web_order).values(
            uid=light.uid,
            shop_id=light.id,
            reference=light.reference,
            date_add=light.date_add,
            date_upd=_TO_READ,
            state=light.state,
            role=role,
            lines=render_units(bought_units(light.lines)),
            units=render_units(units_of(light.lines, role, packs)),
            held=render_offers(_first_offers(connection, bought)),
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


def doubt(connection: Connection) -> None:
    """Keep what orders bought until the till answers anew, for a state that was put back.

    The till may have been told of more than such a state knows: all are read whole and offered
    again, but for those that both ends have done with.
    """
    query = select(STATE.web_order).where(_BOOK.in_baseline.is_(False), _BOOK.is_done.is_(False))
    for row in connection.execute(query).all():
        offers = Offers((_UNKNOWN, *parse_offers(row.held).since), taken=True)
        _change(
            connection,
            row.uid,
            lines=render_units({}),  # what it bought is noted anew, packs and all
            held=render_offers(offers),
            fate=None,
            date_upd=_TO_READ,
        )


def _offers_of(row: Row[Any], bought: Units) -> Offers:
    """Return what the till may be working on; of an order in doubt, what it bought as well."""
    offers = parse_offers(row.held)
    if offers.since[:1] != (_UNKNOWN,):
        return offers
    return replace(offers, since=(replace(_UNKNOWN, units=bought), *offers.since[1:]))


def _first_offers(connection: Connection, bought: Units) -> Offers:
    """Return what the till may be working on of an order that is new here.

    After our state was lost, the till may have any revision of it, and may have taken it in.
    """
    if not is_second_life(connection):
        return Offers()
    return Offers((replace(_UNKNOWN, units=dict(bought)),), taken=True)


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
    return connection.execute(_OF_UID, {"uid": uid}).one_or_none()


def _get(connection: Connection, uid: str) -> Row[Any]:
    return connection.execute(_OF_UID, {"uid": uid}).one()


def _change(connection: Connection, uid: str, **values: object) -> None:
    connection.execute(update(STATE.web_order).where(_BOOK.uid == uid).values(**values))


def _ids(connection: Connection, condition: ColumnElement[bool]) -> tuple[int, ...]:
    found = connection.execute(select(_BOOK.shop_id).where(condition).distinct())
    return tuple(sorted(found.scalars()))
