"""The picking list: what to fetch from the shelves for all open orders, and for each. Pure.

for pick in picking(orders): pick.units, pick.reference, pick.name, pick.orders
as_csv(picking(orders), "fr")
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pos_exporter.margins import plain_cell
from protocol.errors import Lang
from protocol.records import Address, Order, OrderLine

#: A shelf's place, by stock key.
Places = dict[str, str]


@dataclass(frozen=True)
class Pick:
    """One thing to fetch.

    Args:
        place: Where it is; empty: the till does not say.
        reference: As the shop printed it.
        ean: As the shop printed it; empty for none.
        name: As the shop printed it.
        units: In all.
        orders: Reference of each order and its units.
    """

    place: str
    reference: str
    ean: str
    name: str
    units: int
    orders: tuple[tuple[str, int], ...]


def picking(orders: Iterable[Order], places: Places | None = None) -> tuple[Pick, ...]:
    """Return what to fetch, in the order of the shelves; what was refunded is not fetched."""
    by_thing: dict[tuple[str, int, int], list[tuple[Order, OrderLine]]] = {}
    for order in orders:
        for line in order.lines:
            if line.quantity > line.refunded:
                thing = (line.stock_key or "", line.product_id, line.combination_id)
                by_thing.setdefault(thing, []).append((order, line))
    picks = (_pick(key, found, places or {}) for (key, _, _), found in by_thing.items())
    return tuple(sorted(picks, key=lambda pick: (pick.place, pick.reference, pick.name)))


def _pick(key: str, found: Sequence[tuple[Order, OrderLine]], places: Places) -> Pick:
    line = found[0][1]
    units: dict[str, int] = {}
    for order, one in found:
        units[order.reference] = units.get(order.reference, 0) + one.quantity - one.refunded
    return Pick(
        places.get(key, ""), line.reference, line.ean, line.name, sum(units.values()),
        tuple(units.items()),
    )  # fmt: skip


def as_csv(picks: Iterable[Pick], lang: Lang) -> str:
    """Return the list as a table: semicolons where French spreadsheets expect them."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if lang == "fr" else ",", lineterminator="\r\n")
    writer.writerow(_HEADS[lang])
    for pick in picks:
        orders = ", ".join(f"{reference} × {units}" for reference, units in pick.orders)
        texts = (pick.place, pick.reference, pick.ean, pick.name)
        writer.writerow([*map(plain_cell, texts), pick.units, plain_cell(orders)])
    return target.getvalue()


def address_lines(address: Address) -> Iterator[str]:
    """Yield an address as it stands on a parcel, then its telephones."""
    name = f"{address.first_name} {address.last_name}".strip()
    town = f"{address.postcode} {address.city}".strip()
    lines = (
        address.company, name, address.address1, address.address2, town, address.country or "",
        address.phone, address.mobile if address.mobile != address.phone else "", address.note,
    )  # fmt: skip
    yield from (line for line in lines if line)


_HEADS = {
    "fr": ("Emplacement", "Référence", "Code-barres", "Désignation", "Quantité", "Commandes"),
    "en": ("Place", "Reference", "Bar code", "Name", "Units", "Orders"),
}
