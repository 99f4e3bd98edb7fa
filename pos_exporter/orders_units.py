"""The units of web orders: what an order keeps from sale, what the till's figures contain of it.

Pure. Packs are counted by their components, as the till loses them.

    counted = counted_units(assembled.records)          # {"U1": {"a:1002": 1}}
    counted.get("U1", {}) == units_kept(order, pack_units(assembled.records))
"""

from collections.abc import Collection, Iterable, Mapping

from pos_exporter.intake.port import OVER
from protocol.records import Article, Order, Record, Stock

#: For each order uid, the units per stock key that the till's figures already contain.
CountedUnits = Mapping[str, Mapping[str, int]]
#: For the stock key of each pack, the units per stock key that the till loses with one of it.
PackUnits = Mapping[str, Mapping[str, int]]
NO_PACKS: PackUnits = {}


def units_kept(order: Order, packs: PackUnits = NO_PACKS) -> dict[str, int] | None:
    """Return the units of each stock key that an order keeps from sale.

    None: a line of it names nothing of the till, so that nobody can compare.
    """
    kept: dict[str, int] = {}
    for line in order.lines if order.state.role not in OVER else ():
        if line.stock_key is None:
            return None
        for key, units in packs.get(line.stock_key, {line.stock_key: 1}).items():
            kept[key] = kept.get(key, 0) + units * line.quantity
    return {key: units for key, units in kept.items() if units}


def pack_units(records: Collection[Record]) -> PackUnits:
    """Return what the till loses with each pack: its components, and itself where it is counted."""
    figures = {record.key for record in records if isinstance(record, Stock)}
    packs = {}
    for article in records:
        if isinstance(article, Article) and article.parts:
            own, units = f"a:{article.key}", dict[str, int]()
            for part in article.parts:
                key = f"v:{part.variant}" if part.variant else f"a:{part.article}"
                units[key] = units.get(key, 0) + part.quantity
            packs[own] = units | ({own: 1} if own in figures else {})
    return packs


def counted_units(records: Iterable[Record]) -> CountedUnits:
    """Return the units that a reading's stock figures contain, by order uid and stock key."""
    units: dict[str, dict[str, int]] = {}
    for stock in records:
        for entry in stock.counted if isinstance(stock, Stock) else ():
            units.setdefault(entry.order, {})[stock.key] = entry.quantity
    return units
