"""What the till says of its web orders, gathered by order from what has to be looked at.

An order is looked at as a whole: a second parcel is joined to the first, though only it is new.
What the till no longer says stays told: a parcel that is gone from the till still counts.

    for group in gather(connection, full=False):
        group.wishes, group.facts
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from protocol.records import OrderProgress, Shipment, parse_record
from shop_agent.orders import order_rows
from shop_agent.progress.plan import Parcel, Wishes
from shop_agent.progress.steps import Steps
from shop_agent.replica import Fact, Replica
from shop_agent.state import STATE

KINDS = ("order_progress", "shipment")
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Group:
    """One order.

    Args:
        wishes: What the till says of it.
        facts: Those that are to be settled.
        row: What our book has of it; None: it does not know the order.
    """

    wishes: Wishes
    facts: tuple[Fact, ...]
    row: Row[Any] | None


@dataclass
class _Heap:
    """The facts of one order, as they are gathered."""

    facts: list[Fact] = field(default_factory=list)
    parcels: dict[str, Shipment] = field(default_factory=dict)


def gather(connection: Connection, *, full: bool) -> list[Group]:
    """Return the orders with a fact to be settled, or with a write whose outcome is unknown.

    Args:
        connection: Of the state.
        full: Those that were refused too: people may have changed their order since.
    """
    replica = Replica(connection)
    heaps: dict[str, _Heap] = {uid: _Heap() for uid in sorted(Steps(connection).unsettled())}
    for fact in _to_settle(replica, full=full):
        heaps.setdefault(_order_of(fact), _Heap()).facts.append(fact)
    if not heaps:
        return []
    _add_parcels(connection, heaps)
    return [_group(connection, replica, uid, heap) for uid, heap in heaps.items()]


def _to_settle(replica: Replica, *, full: bool) -> Iterable[Fact]:
    for kind in KINDS:
        yield from replica.facts(kind, dirty_only=True)
    if full:
        refused = [one for one, state, _ in replica.told.set_aside() if state == "refused"]
        for subject in refused:
            fact = replica.find(subject.kind, subject.key) if subject.kind in KINDS else None
            if fact is not None and not fact.dirty:
                yield fact


def _order_of(fact: Fact) -> str:
    return fact.record.order if isinstance(fact.record, Shipment) else fact.record.key


def _add_parcels(connection: Connection, heaps: dict[str, _Heap]) -> None:
    """Put every parcel of these orders to them; only those are parsed, there may be thousands."""
    fact, sought = STATE.fact, [uid.encode() for uid in heaps]
    bodies = connection.execute(select(fact.c.body).where(fact.c.kind == "shipment")).scalars()
    for body in bodies:
        if not any(uid in body for uid in sought):
            continue
        record = parse_record(body, place="replica")
        if isinstance(record, Shipment) and record.order in heaps:
            heaps[record.order].parcels[record.key] = record


def _group(connection: Connection, replica: Replica, uid: str, heap: _Heap) -> Group:
    row = order_rows.find(connection, uid)
    progress = replica.find("order_progress", uid)
    said = progress.record if progress is not None and progress.gone is None else None
    stage = said.stage if isinstance(said, OrderProgress) else None
    wishes = Wishes(
        uid=uid,
        reference=row.reference if row is not None else uid,
        stage=stage,
        at=said.at if isinstance(said, OrderProgress) else None,
        parcels=_in_order(heap.parcels.values()),
    )
    return Group(wishes, tuple(heap.facts), row)


def _in_order(parcels: Iterable[Shipment]) -> tuple[Parcel, ...]:
    """Return the parcels as they left; those of which nobody knows when, last."""
    ordered = sorted(parcels, key=lambda one: (one.shipped_at or _LAST, one.key))
    return tuple(Parcel(one.key, one.tracking, one.shipped_at) for one in ordered)
