"""What leaves no mark on an order, looked at in turn: a few requests in each pass, each in time.

A payment, a credit slip, a message, a line of history, an address: PrestaShop stamps none of them
on the order they belong to. New ones are told by their ids, whatever any clock says; an address by
its date. What an order lost or had changed by hand only the nightly reading finds.

    rota = parse_rota(text)
    rota.due(now)                       # ("order_slip", "addresses"): never more than two
    look = look_at(shop, profile, "order_slip", rota.seen("order_slip"))
    look.orders                         # ids of the orders that it speaks of
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from protocol.values import ShopTime
from shop_agent.orders.shop_time import overlap_start
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.prestashop.query import above, one_of
from shop_agent.profile import Profile

#: Each is looked at as often; a little less than 15 minutes, so that a pass that is early counts.
INTERVAL = timedelta(minutes=14)
#: So many in one pass: with the orders themselves three requests.
AT_ONCE = 2
CUSTOMERS = "customers"
#: What names the order that a new entity of it belongs to.
_HISTORIES = "order_histories"
_NAMED_BY: Mapping[str, str] = {
    _HISTORIES: "id_order",
    "order_payments": "order_reference",
    "order_slip": "id_order",
    "messages": "id_order",
}
_ADDRESSES = "addresses"
#: All that takes its turn.
MEMBERS = (*_NAMED_BY, _ADDRESSES, CUSTOMERS)
_LONG_AGO = "1970-01-01 00:00:00"


@dataclass(frozen=True)
class Seen:
    """How far one resource was looked at.

    Args:
        at: UTC, when; None for never.
        after_id: The highest id seen.
        since: The newest `date_upd` seen, the shop's local time; addresses only.
        recent: (id, `date_upd`) of what stands inside the overlap; addresses only.
    """

    at: datetime | None = None
    after_id: int = 0
    since: ShopTime | None = None
    recent: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Look:
    """What one look found.

    Args:
        seen: How far it went.
        ids: Orders that something is new of.
        states: Of orders that moved, the state that they came into, by order id.
        references: Orders that something is new of, by what the customer knows them as.
        addresses: Addresses that are new or changed.
    """

    seen: Seen
    ids: frozenset[int] = frozenset()
    states: Mapping[int, int] = field(default_factory=dict)
    references: frozenset[str] = frozenset()
    addresses: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rota:
    """Whose turn it is.

    Args:
        all_seen: How far each member was looked at, by resource.
    """

    all_seen: Mapping[str, Seen] = field(default_factory=dict)

    def seen(self, resource: str) -> Seen:
        """Return how far one was looked at."""
        return self.all_seen.get(resource, Seen())

    def due(self, now: datetime, *, everything: bool = False) -> tuple[str, ...]:
        """Return whose turn it is: the longest unseen first, customers where there is room.

        What was never looked at does not wait: its first look must come before the orders are read.
        """
        at = {one: kept.at for one, kept in self.all_seen.items() if kept.at is not None}
        if everything or len(at) < len(MEMBERS):
            return MEMBERS if everything else tuple(one for one in MEMBERS if one not in at)
        late = sorted(
            (one for one in MEMBERS if at[one] <= now - INTERVAL), key=lambda one: at[one]
        )
        room = (*late, *(one for one in (CUSTOMERS,) if one not in late))
        return room[:AT_ONCE]

    def after(self, resource: str, seen: Seen) -> "Rota":
        """Return the rota once a member was looked at."""
        return Rota({**self.all_seen, resource: seen})


def render_rota(rota: Rota) -> str:
    """Return a rota as text, to be kept between passes."""
    return json.dumps(
        {
            name: [one.at and one.at.isoformat(), one.after_id, one.since, list(one.recent)]
            for name, one in rota.all_seen.items()
        }
    )


def parse_rota(text: str) -> Rota:
    """Return what `render_rota` wrote; an empty one for an empty text."""
    kept = json.loads(text) if text else {}
    return Rota(
        {
            name: Seen(
                datetime.fromisoformat(at) if at else None,
                after_id,
                since,
                tuple((number, stamp) for number, stamp in recent),
            )
            for name, (at, after_id, since, recent) in kept.items()
        }
    )


def look_at(
    shop: Webservice, profile: Profile, resource: str, seen: Seen, *, now: datetime
) -> Look:
    """Return what is new of one resource since the last look: one request, as a rule.

    The first look only notes how far there is: what stands there now was read with its order.
    """
    if seen.at is None:
        return Look(_newest(shop, resource, now))
    if resource == _ADDRESSES:
        return _look_at_addresses(shop, profile, seen, now)
    name = _NAMED_BY[resource]
    columns = ("id", name, "id_order_state") if resource == _HISTORIES else ("id", name)
    found = list(shop.iter_all(resource, display=columns, after=seen.after_id))
    moved = replace(seen, at=now, after_id=max((one.id for one in found), default=seen.after_id))
    if name == "order_reference":
        return Look(moved, references=frozenset(one.text(name) for one in found))
    if resource == _HISTORIES:
        states = {one.whole(name): one.whole("id_order_state") for one in found}
        return Look(moved, states=states)
    return Look(moved, ids=frozenset(one.whole(name) for one in found) - {0})


def _newest(shop: Webservice, resource: str, now: datetime) -> Seen:
    if resource != _ADDRESSES:
        found = shop.find(resource, display=("id",), sort=("id_DESC",), limit=1)
        return Seen(now, after_id=found[0].id if found else 0)
    newest = shop.find(
        resource, {"date_upd": above(_LONG_AGO)}, display=("id", "date_upd"),
        sort=("date_upd_DESC",), limit=1,
    )  # fmt: skip
    return Seen(now, since=newest[0].text("date_upd") if newest else _LONG_AGO,
                recent=tuple(_stamp(one) for one in newest))  # fmt: skip


def _look_at_addresses(shop: Webservice, profile: Profile, seen: Seen, now: datetime) -> Look:
    start = overlap_start(seen.since or _LONG_AGO, profile.timezone) or _LONG_AGO
    found = list(shop.iter_all(_ADDRESSES, {"date_upd": above(start)}, display=("id", "date_upd")))
    fresh = frozenset(one.id for one in found if _stamp(one) not in seen.recent)
    since = max((one.text("date_upd") for one in found), default=seen.since or _LONG_AGO)
    moved = Seen(now, since=since, recent=tuple(_stamp(one) for one in found))
    return Look(moved, addresses=fresh)


def orders_of_addresses(
    shop: Webservice, profile: Profile, addresses: frozenset[int], since: ShopTime
) -> frozenset[int]:
    """Return the orders placed since then that go to one of these addresses, or are billed to it.

    Args:
        shop: The webservice.
        profile: The shop.
        addresses: Their ids; no request without any.
        since: The shop's local time: older orders are left as they were told.
    """
    passing = {"date_add": above(since), "id_shop": one_of([profile.shop_id])}
    return frozenset(
        one.id
        for field_name in ("id_address_delivery", "id_address_invoice")
        if addresses
        for one in shop.find_any(
            "orders", field_name, sorted(addresses), filters=passing, display=("id",)
        )
    )


def _stamp(one: Entity) -> tuple[int, str]:
    return one.id, one.text("date_upd")
