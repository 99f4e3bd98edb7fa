"""Web orders that the till's own figure already contains, and the rule of three readings.

A stock record says which orders its figure has deducted. Read at another moment than the figure,
that could claim an order that came in between: the site would then sell a pair twice. So where the
till shows no single moment, the orders are read before and after the stock, and per order the
smaller number is taken: too little only hides a pair for a while.

    smaller_counted({"v:1": {"A": 2}}, {"v:1": {"A": 1, "B": 1}})      # {'v:1': {'A': 1}}
"""

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from protocol.records import Counted

#: Per stock key, units per order uid; all above zero.
CountedOrders = Mapping[str, Mapping[str, int]]


def smaller_counted(before: CountedOrders, after: CountedOrders) -> CountedOrders:
    """Return, per stock key and order, the smaller of two readings; absent is zero."""
    smaller = {}
    for key in before.keys() & after.keys():
        orders = before[key].keys() & after[key].keys()
        found = {order: min(before[key][order], after[key][order]) for order in orders}
        if found:
            smaller[key] = found
    return smaller


def added_up(rows: Iterable[tuple[str, str, int]]) -> CountedOrders:
    """Return the sum of rows (stock key, order uid, units); sums of zero or less say nothing."""
    sums: dict[str, dict[str, int]] = {}
    for key, order, units in rows:
        orders = sums.setdefault(key, {})
        orders[order] = orders.get(order, 0) + units
    kept = {key: {o: n for o, n in orders.items() if n > 0} for key, orders in sums.items()}
    return {key: orders for key, orders in kept.items() if orders}


def parse_counted(text: str) -> tuple[tuple[str, int], ...]:
    """Return the orders that one cell names: `uid=units; uid=units`, one unit where none is said.

    Raises:
        ValueError: When a part has no uid, or no whole number of units.
    """
    found = []
    for part in filter(str.strip, text.replace("\n", ";").split(";")):
        order, _, units = part.rpartition("=") if "=" in part else (part, "", "1")
        found.append(checked(order.strip(), int(units)))
    return tuple(found)


def checked(order: str, units: int) -> tuple[str, int]:
    """Return an order and its units as they are, if they can travel.

    Raises:
        ValueError: What stands there is no uid (a remark, by its length), or no number of units.
    """
    try:
        Counted(order=order, quantity=units)
    except ValidationError as error:
        raise ValueError(order) from error
    return order, units


def counted_of(counted: CountedOrders, key: str) -> tuple[Counted, ...]:
    """Return what a stock record says, ordered by order uid so that equal facts are equal."""
    return tuple(Counted(order=o, quantity=n) for o, n in sorted(counted.get(key, {}).items()))
