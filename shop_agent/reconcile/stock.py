"""Stock is arithmetic, not a copy (SPEC §11).

    site = quantity − Σ over orders of max(0, reserved − counted) − buffer

`reserved` is what each web order keeps; `counted` is what this very figure of the till already
contains. Stale together, a late record does no harm.

    site_quantity(Stock(key="v:1", quantity=5), {"uid-a": 1, "uid-b": 2}, buffer=0)   # 2
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protocol.records import Stock

#: (product id, combination id); the combination is 0 for a product without variants.
Sellable = tuple[int, int]


@dataclass(frozen=True)
class Figure:
    """One figure with all that made it, for people.

    Args:
        key: Stock key.
        quantity: The till's.
        kept: Units that each web order keeps and the till has not counted, by order uid.
        buffer: Units kept from the site.
        target: What the shop should show.
        shown: What it shows.
        row: The stock_availables id.
        forced: Why it is 0 whatever the till says: `gone` or `out_of_stock`; empty: it is not.
    """

    key: str
    quantity: int
    kept: Mapping[str, int]
    buffer: int
    target: int
    shown: int
    row: int = 0
    forced: str = ""


def figure(
    stock: Stock, reserved: Mapping[str, int], *, buffer: int, shown: int, row: int
) -> Figure:
    """Return a figure as the formula makes it."""
    target, kept = site_quantity(stock, reserved, buffer=buffer), kept_of(stock, reserved)
    kept = {uid: units for uid, units in kept.items() if units}
    return Figure(stock.key, stock.quantity, kept, buffer, target, shown, row)


def site_quantity(stock: Stock, reserved: Mapping[str, int], *, buffer: int) -> int:
    """Return the figure that the shop should show.

    Args:
        stock: The till's last word on this sellable.
        reserved: Units that each web order keeps of it, by order uid.
        buffer: Units kept from the site. It never makes a figure that is positive negative.

    Returns:
        Signed: below zero when more was sold than there is.
    """
    free = free_quantity(stock, reserved)
    return max(0, free - buffer) if free > 0 else free


def free_quantity(stock: Stock, reserved: Mapping[str, int]) -> int:
    """Return the till's quantity less what web orders keep and the till has not counted."""
    return stock.quantity - sum(kept_of(stock, reserved).values())


def kept_of(stock: Stock, reserved: Mapping[str, int]) -> dict[str, int]:
    """Return the units that each web order keeps and the till's figure has not counted."""
    counted = {entry.order: entry.quantity for entry in stock.counted}
    return {uid: max(0, units - counted.get(uid, 0)) for uid, units in reserved.items()}


def reserved_of(
    sellables: Iterable[Sellable], orders: Mapping[Sellable, Iterable[tuple[str, int]]]
) -> dict[str, int]:
    """Return the units that each order keeps of one stock key.

    Args:
        sellables: The present and former PrestaShop ids of the key.
        orders: For each sellable, (order uid, units).
    """
    units: dict[str, int] = {}
    for sellable in sellables:
        for uid, quantity in orders.get(sellable, ()):
            units[uid] = units.get(uid, 0) + quantity
    return units
