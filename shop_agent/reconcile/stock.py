"""Stock is arithmetic, not a copy (SPEC §11).

    site = quantity − Σ over orders of max(0, reserved − counted) − buffer

`reserved` is what each web order keeps; `counted` is what this very figure of the till already
contains. Stale together, a late record does no harm.

    site_quantity(Stock(key="v:1", quantity=5), {"uid-a": 1, "uid-b": 2}, buffer=0)   # 2
"""

from collections.abc import Iterable, Mapping

from protocol.records import Stock

#: (product id, combination id); the combination is 0 for a product without variants.
Sellable = tuple[int, int]


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
    counted = {entry.order: entry.quantity for entry in stock.counted}
    kept = sum(max(0, units - counted.get(uid, 0)) for uid, units in reserved.items())
    return stock.quantity - kept


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
