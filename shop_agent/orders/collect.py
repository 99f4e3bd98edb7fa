"""Which orders and customers are new or changed? Read with as few requests as can be.

Rules: candidates are told by date of change, by id and by name (`ids`), and only those that the
book does not know as they are get read whole: one request per resource, for all of them together.
An idle shop costs one request. The cursor is handed back, and moved by the caller once what was
read is durable. A shop whose ids end below the cursor was restored from a backup: a person decides.

    changes = read_changed(shop, profile, cursor, now=now, is_known=book.is_known)
    for bundle in changes.bundles: ...
    move_cursor(connection, changes.cursor)
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from protocol.errors import NeedsPersonError, Text
from protocol.values import ShopTime
from shop_agent.orders.bundles import (
    Cursor,
    CustomerBundle,
    LightOrder,
    OrderBundle,
    light_order,
)
from shop_agent.orders.gather import ADDRESS, CUSTOMER, LIGHT, country_codes, gather
from shop_agent.orders.persons import read_persons
from shop_agent.orders.shop_time import SHORT_OVERLAP, local_now, overlap_start
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.prestashop.query import above, one_of
from shop_agent.profile import Profile

T = TypeVar("T")

#: Orders read whole together: keeps every answer far under the client's limit.
_TOGETHER = 100


class ShopRestoredError(NeedsPersonError):
    """The shop's ids are being given a second time: it was restored from a backup."""

    code = "E-ORD-001"
    what = Text(
        "La boutique semble restaurée d'une sauvegarde : commande {highest} au plus, "
        "déjà vu {known}",
        "The shop looks restored from a backup: orders up to {highest}, seen up to {known}",
    )
    remedy = Text(
        "Rien n'est écrit dans la boutique. Si elle a été restaurée, ou si les dernières commandes "
        "y ont été supprimées, le confirmer : « shop-agent sync --accept restored »",
        "Nothing is written to the shop. If it was restored, or its last orders were deleted, "
        "confirm: « shop-agent sync --accept restored »",
    )


@dataclass(frozen=True)
class Changes:
    """What a reading found.

    Args:
        bundles: The orders that are new or changed or were asked for, by id.
        cursor: Where the next reading begins, once these are durable.
        missing: Ids asked for that the shop no longer has.
        known: The others that were seen, in brief.
    """

    bundles: tuple[OrderBundle, ...]
    cursor: Cursor
    missing: tuple[int, ...] = ()
    known: tuple[LightOrder, ...] = ()


@dataclass(frozen=True)
class CustomerChanges:
    """The customers that are new or changed, by id, and where the next reading begins."""

    bundles: tuple[CustomerBundle, ...]
    cursor: Cursor


def _never(light: LightOrder) -> bool:
    return False


def read_changed(
    shop: Webservice,
    profile: Profile,
    cursor: Cursor,
    *,
    now: datetime,
    ids: Collection[int] = (),
    is_known: Callable[[LightOrder], bool] = _never,
    thorough: bool = False,
) -> Changes:
    """Return the orders that changed since the cursor, read whole.

    Args:
        shop: The webservice.
        profile: The shop.
        cursor: How far it was read before.
        now: UTC, aware: a date in the future must not carry the cursor away.
        ids: Orders to read whatever their date.
        is_known: Whether the book has an order exactly so; then it is not read whole.
        thorough: Look by id even when nothing changed by date. Without it, an order that is
            written with an old date waits for the next change, or for the nightly pass.

    Raises:
        ShopRestoredError: the shop's highest id is lower than the cursor's.
    """
    seen = _seen(shop, profile, cursor, thorough, is_known)
    wanted = {order_id for order_id, light in seen.items() if not is_known(light)} | set(ids)
    bundles = tuple(
        bundle
        for part in _parts(sorted(wanted), _TOGETHER)
        for bundle in gather(shop, profile, part)
    )
    found = {bundle.light.id for bundle in bundles}
    # not by what was read later: something else may have changed in between
    moved = moved_cursor(cursor, [(one.id, one.date_upd) for one in seen.values()], profile, now)
    known = tuple(light for order_id, light in seen.items() if order_id not in found)
    return Changes(bundles, moved, tuple(sorted(set(ids) - found)), known)


def read_customers(
    shop: Webservice, profile: Profile, cursor: Cursor, *, now: datetime
) -> CustomerChanges:
    """Return the living customers that are new or changed since the cursor, with their address.

    Args:
        shop: The webservice.
        profile: The shop.
        cursor: The customers' own: how far they were read before.
        now: UTC, aware.
    """
    start = cursor.since and overlap_start(cursor.since, profile.timezone)
    passing = _of_shop(profile)
    if start is not None:
        passing["date_upd"] = above(start)
    after = cursor.after_id if start is None else 0
    read = list(shop.iter_all("customers", passing, display=CUSTOMER, after=after))
    stamps = [(one.id, one.text("date_upd")) for one in read]
    fresh = [one for one in read if (one.id, one.text("date_upd")) not in cursor.recent]
    living = [one for one in fresh if one.flag("active") and not one.flag("deleted")]
    bundles = tuple(
        bundle for part in _parts(living, _TOGETHER) for bundle in _customers(shop, profile, part)
    )
    moved = moved_cursor(cursor, stamps, profile, now)
    edge = (moved.since and overlap_start(moved.since, profile.timezone)) or ""
    recent = {*stamps, *cursor.recent}
    return CustomerChanges(
        bundles, replace(moved, recent=tuple(sorted(one for one in recent if one[1] >= edge)))
    )


def read_new_light(
    shop: Webservice, profile: Profile, cursor: Cursor, *, seen_up_to: ShopTime | None = None
) -> tuple[LightOrder, ...]:
    """Return the orders changed since the cursor, in brief, by id: one request.

    What a customer places now is stamped now, so that the date tells new orders and changed ones
    alike; only a shop that never had an order is read by id. These orders do not move the cursor:
    they are still to be read whole.

    Args:
        shop: The webservice.
        profile: The shop.
        cursor: How far orders were read whole.
        seen_up_to: What this pass has read already; a rush of orders is not read again each time.
    """
    if seen_up_to is not None:
        start = overlap_start(seen_up_to, profile.timezone, SHORT_OVERLAP)
    else:
        start = cursor.since and overlap_start(cursor.since, profile.timezone)
    if start is None:
        return tuple(_lights(shop, profile, after=cursor.after_id))
    return tuple(_lights(shop, profile, from_date=start))


def read_in_states(
    shop: Webservice, profile: Profile, states: Collection[int], *, up_to: int
) -> tuple[LightOrder, ...]:
    """Return the orders up to an id that are in one of these states: the open ones at pairing."""
    passing = {"current_state": one_of(sorted(states)), **_of_shop(profile)}
    found = shop.iter_all("orders", passing, display=LIGHT) if states else ()
    return tuple(light_order(order, profile) for order in found if order.id <= up_to)


def read_newest(shop: Webservice, profile: Profile) -> tuple[Cursor, ShopTime | None]:
    """Return where a reading begins that leaves out all present orders, and the newest date_add."""
    highest = _last(shop, profile, "id")
    if highest is None:
        return Cursor(), None
    changed = _last(shop, profile, "date_upd") or highest
    placed = _last(shop, profile, "date_add") or highest
    return Cursor(highest.id, changed.text("date_upd")), placed.text("date_add")


def moved_cursor(
    cursor: Cursor, read: Sequence[tuple[int, ShopTime]], profile: Profile, now: datetime
) -> Cursor:
    """Return the cursor after a reading; it never goes back, and never past the shop's clock.

    Args:
        cursor: The one before.
        read: Id and `date_upd` of all that came.
        profile: The shop.
        now: UTC, aware.
    """
    after_id = max([cursor.after_id, *(one_id for one_id, _ in read)])
    clock = local_now(now, profile.timezone)
    newest = max((min(stamp, clock) for _, stamp in read), default=None)
    since = max((stamp for stamp in (cursor.since, newest) if stamp), default=None)
    return Cursor(after_id, since)


def _seen(
    shop: Webservice,
    profile: Profile,
    cursor: Cursor,
    thorough: bool,
    is_known: Callable[[LightOrder], bool],
) -> dict[int, LightOrder]:
    """Return what changed by date, and, where the date may not tell all, what is new by id."""
    start = cursor.since and overlap_start(cursor.since, profile.timezone)
    seen: dict[int, LightOrder] = {}
    if start is not None:
        seen = {light.id: light for light in _lights(shop, profile, from_date=start)}
    # the order that the cursor was taken from must still be there
    is_anchored = any(light.date_upd >= (cursor.since or "") for light in seen.values())
    is_idle = is_anchored and all(is_known(light) for light in seen.values())
    if is_idle and not thorough:
        return seen
    newest = list(_lights(shop, profile, after=max(0, cursor.after_id - 1)))
    if cursor.after_id and not newest:
        _check_not_restored(shop, profile, cursor)
    return {**seen, **{light.id: light for light in newest}}


def _check_not_restored(shop: Webservice, profile: Profile, cursor: Cursor) -> None:
    highest = _last(shop, profile, "id")
    if highest is None or highest.id < cursor.after_id:
        shown = highest.id if highest else 0
        raise ShopRestoredError(place="orders", highest=shown, known=cursor.after_id)


def _lights(
    shop: Webservice, profile: Profile, *, after: int = 0, from_date: ShopTime | None = None
) -> Iterator[LightOrder]:
    passing = _of_shop(profile)
    if from_date is not None:
        passing["date_upd"] = above(from_date)
    for order in shop.iter_all("orders", passing, display=LIGHT, after=after):
        yield light_order(order, profile)


def _last(shop: Webservice, profile: Profile, field: str) -> Entity | None:
    passing = _of_shop(profile)
    if field != "id":
        passing[field] = above("1970-01-01 00:00:00")  # PrestaShop sorts by a date it filters by
    found = shop.find(
        "orders",
        passing,
        display=("id", "date_add", "date_upd"),
        sort=(f"{field}_DESC",),
        limit=1,
    )
    return found[0] if found else None


def _customers(
    shop: Webservice, profile: Profile, customers: Sequence[Entity]
) -> Iterator[CustomerBundle]:
    """Yield customers with the newest address that they still use.

    A guest who has an account too is left out: the account is told.
    """
    found = shop.find_any(
        "addresses",
        "id_customer",
        [customer.id for customer in customers],
        filters={"deleted": one_of([0])},
        display=ADDRESS,
    )
    newest = {address.whole("id_customer"): address for address in found}
    countries = country_codes(shop, profile, newest.values())
    persons = read_persons(shop, profile, customers)
    for customer in customers:
        person = persons.get(customer.id)
        if person and person.has_account and customer.flag("is_guest"):
            continue  # their account says it better
        number = person.id if person else 0
        yield CustomerBundle(customer, newest.get(customer.id), countries, number)


def _of_shop(profile: Profile) -> dict[str, str]:
    return {"id_shop": one_of([profile.shop_id])}


def _parts(all_of: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (all_of[start : start + size] for start in range(0, len(all_of), size))
