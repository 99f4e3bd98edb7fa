"""Looks at what a pass has learnt, and keeps the cases true.

Documents are judged as they are made, figures and the order book at the end of a pass, by what this
very pass has computed; what it did not look at keeps its cases.

    judge_document(connection, clock(), order)
    judge(desk, profile)
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select

from protocol.records import Order, OrderLine, Stock
from shop_agent.actions import Subject
from shop_agent.apply import Desk
from shop_agent.case_rules import (
    UNPAID,
    UNPAID_DAYS,
    KnownOrder,
    Sum,
    Terms,
    Wanted,
    of_lines,
    of_order,
    of_restore,
    of_sum,
    of_totals,
)
from shop_agent.cases import Cases
from shop_agent.judging import label
from shop_agent.links import Links
from shop_agent.orders import order_rows, rereading, reserving
from shop_agent.orders.offers import CLOSING, parse_offers
from shop_agent.orders.released import parse_released
from shop_agent.orders.roles import GONE_OUT, OVER, RESERVES
from shop_agent.orders.shop_time import local_now
from shop_agent.planning import owner_of
from shop_agent.profile import Profile
from shop_agent.reconcile.stock import Floor, kept_of
from shop_agent.replica import Replica
from shop_agent.state import STATE
from shop_agent.why.find import find

#: A till that took an order in has this long to follow its end before a person is asked.
_PATIENCE = timedelta(days=1)
_BOOK = STATE.web_order.c


# --- as orders are read ----------------------------------------------------------------------


def judge_document(connection: Connection, moment: datetime, order: Order) -> None:
    """Open or end the cases of one order's document; it was just noted in the book."""
    cases = Cases(connection, moment)
    _keep(cases, f"totals/{order.key}", of_totals(order))
    row = order_rows.find(connection, order.key)
    is_taken = row is not None and parse_offers(row.held).taken
    _keep(cases, f"unlinked_line/{order.key}", None if is_taken else of_lines(order))
    _mark_likely(connection, (one for one in order.lines if one.stock_key is None))


def judge_restore(connection: Connection, moment: datetime, proofs: Mapping[str, str]) -> None:
    """Tell a person that the shop gave order ids a second time.

    Args:
        connection: The caller's transaction.
        moment: UTC now.
        proofs: Reference of each order that proves it, by uid; never empty.
    """
    cases = Cases(connection, moment)
    before = [uid for one in cases.known("shop_restored") for uid in one.orders]
    cases.open(of_restore({**_references(connection, before), **proofs}))


def _mark_likely(connection: Connection, lines: Iterable[OrderLine]) -> None:
    """Have the articles looked at again that such a line may be of, by its codes."""
    replica = Replica(connection)
    codes = {code for one in lines for code in (one.reference, one.ean) if code}
    articles = {match.key for code in codes for match in find(connection, code)}
    if not articles:
        return
    for key in articles:
        replica.mark_dirty(Subject("article", key))
    replica.mark_stock_dirty(articles)


def _keep(cases: Cases, key: str, wanted: Wanted | None) -> None:
    if wanted is None:
        cases.close(key)
    else:
        cases.open(wanted)


# --- at the end of a pass --------------------------------------------------------------------


def judge(desk: Desk, profile: Profile) -> None:
    """Keep the cases true of the figures that this pass made, and of the order book."""
    moment = desk.clock()
    with desk.engine.begin() as connection:
        cases = Cases(connection, moment)
        _judge_figures(connection, cases, desk)
        _judge_lines(connection, cases, desk.links)
        days = desk.choices.stock.unpaid_days or UNPAID_DAYS
        terms = Terms(
            unpaid_before=local_now(moment - timedelta(days=days), profile.timezone),
            silent_before=local_now(moment - _PATIENCE, profile.timezone),
            days=days,
        )
        strict = desk.choices.stock.strict is not False
        _judge_orders(connection, cases, _Keeping(connection, desk.links, strict), terms)


def _judge_figures(connection: Connection, cases: Cases, desk: Desk) -> None:
    replica = Replica(connection)
    figures = {one.key: one for one in desk.report.figures.values()}
    low = [one for one in figures.values() if not one.forced and one.free < 0]
    references = _references(connection, {uid for one in low for uid in one.kept})
    wanted = {}
    for one in low:
        name = _label(replica, one.key)
        made = Sum(one.key, name, one.quantity, one.kept, is_backorder=one.backorder)
        found = of_sum(made, references)
        if found is not None:
            wanted[found.key] = found
            cases.open(found)
    for known in (*cases.known("oversale"), *cases.known("negative_at_till")):
        is_judged = known.of in figures or not _is_there(replica, desk.links, known.of)
        if is_judged and known.key not in wanted:
            cases.close(known.key)


def _label(replica: Replica, stock_key: str) -> str:
    return label(replica, owner_of(Subject("stock", stock_key)))


def _is_there(replica: Replica, links: Links, stock_key: str) -> bool:
    """Return whether the till still says this figure, and the shop has what it is of."""
    fact, owner = replica.find("stock", stock_key), owner_of(Subject("stock", stock_key))
    return fact is not None and fact.gone is None and links(owner.kind, owner.key) is not None


def _judge_lines(connection: Connection, cases: Cases, links: Links) -> None:
    """End the cases of lines that the till has dealt with, or that are something now.

    What has become something is read whole again: the till is told what it is.
    """
    for known in cases.known("unlinked_line"):
        row = order_rows.find(connection, known.of)
        if row is None or _is_dealt_with(row):
            cases.close(known.key)
        elif all(links.stock_key(*sellable) for sellable in known.sellables):
            cases.close(known.key)
            rereading.read_again(connection, known.of)


def _is_dealt_with(row: Row[Any]) -> bool:
    is_closed = row.fate in CLOSING and row.fate_revision == row.revision
    is_taken = parse_offers(row.held).taken
    return bool(row.in_baseline or is_closed or is_taken or not RESERVES[row.role])


def _judge_orders(connection: Connection, cases: Cases, keeping: "_Keeping", terms: Terms) -> None:
    wanted: dict[str, Wanted] = {}
    for row in connection.execute(_to_look_at(terms)).all():
        for one in of_order(_known(row, keeping), terms):
            wanted[one.key] = one
            cases.open(one)
    for about in ("unpaid", "refunded_uncounted", "unknown_state", "left_out"):
        cases.keep_only(about, wanted)


def _to_look_at(terms: Terms) -> Select[Any]:
    """Return the query of the orders that may be a case; few of all that there ever were."""
    is_closed = and_(_BOOK.fate.in_(sorted(CLOSING)), _BOOK.fate_revision == _BOOK.revision)
    may_be = or_(
        _BOOK.role == "unknown",
        and_(_BOOK.role == "unset", _BOOK.date_add < terms.silent_before),
        and_(_BOOK.role.in_(sorted(GONE_OUT)), _BOOK.fate == "ignored"),
        and_(_BOOK.role.in_(sorted(UNPAID)), _BOOK.date_add < terms.unpaid_before),
        and_(
            _BOOK.role.in_(sorted(OVER)),
            _BOOK.revision.is_not(None),
            or_(_BOOK.fate.is_(None), ~is_closed),
        ),
    )
    is_there = or_(_BOOK.deleted.is_(None), _BOOK.deleted.is_(False))
    query = select(STATE.web_order).where(_BOOK.in_baseline.is_(False), is_there, may_be)
    return query.order_by(_BOOK.shop_id, _BOOK.uid)


def _known(row: Row[Any], keeping: "_Keeping") -> KnownOrder:
    is_answered = row.fate is not None and row.fate_revision == row.revision
    return KnownOrder(
        uid=row.uid,
        reference=row.reference,
        state=row.state,
        role=row.role,
        placed_at=row.date_add,
        changed_at="" if row.date_upd.startswith("0000-") else row.date_upd,
        answered=row.fate if is_answered else None,
        taken=parse_offers(row.held).taken,
        went_out=bool(row.went_out),
        kept=dict(keeping.kept(row)),
    )


class _Keeping:
    """What orders of the book keep.

    Args:
        connection: The caller's transaction.
        links: Which till key is which product and combination.
        strict: What the till may still be working on is kept too.
    """

    def __init__(self, connection: Connection, links: Links, strict: bool) -> None:
        self._connection = connection
        self._links = links
        self._strict = strict

    def kept(self, row: Row[Any]) -> Iterator[tuple[str, int]]:
        """Yield the units that an order keeps and the till has not counted, by stock key."""
        replica, released = Replica(self._connection), parse_released(row.released)
        given_back = released.units if released and released.counts_in(row.role) else {}
        settled = _settled(self._connection, row.uid)
        units = reserving.units_by_name(row, self._links.stock_key, strict=self._strict)
        for key, reserved in units.items():
            fact = replica.find("stock", key)
            if fact is not None and isinstance(fact.record, Stock):
                floor = Floor(settled.get(key, 0), given_back.get(key, 0))
                yield key, kept_of(fact.record, {row.uid: reserved}, {row.uid: floor})[row.uid]


def _settled(connection: Connection, uid: str) -> Mapping[str, int]:
    """Return what both ends have done with of an order, by stock key."""
    table = STATE.settlement
    kept = connection.execute(select(table.c.units).where(table.c.uid == uid)).scalar()
    return json.loads(kept) if kept else {}


def _references(connection: Connection, uids: Iterable[str]) -> dict[str, str]:
    """Return the reference of each of these orders, by uid, in the order of their ids."""
    query = select(_BOOK.uid, _BOOK.reference).where(_BOOK.uid.in_(sorted(set(uids))))
    rows = connection.execute(query.order_by(_BOOK.shop_id, _BOOK.uid)).all()
    return {row.uid: row.reference for row in rows}
