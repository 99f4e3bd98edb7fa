"""Known wrong versions of the stock rule: the model is only worth what it catches.

Each replaces one decision of the real code by name, for as long as it is played.

    with MUTANTS["no look-back"]():
        play(rig, history)
    caught("no look-back", rig, range(1, 2001))       # (seed, outcome), or None
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pos_exporter.assembling.stock as till_stock
from pos_exporter.assembling.counted import CountedOrders, counted_of
from protocol.link.link import Link
from protocol.records import Counted, Stock
from shop_agent import figures
from shop_agent import stock as stock_writer
from shop_agent.links import Links
from shop_agent.orders import reserving, roles
from shop_agent.orders.positions import Baseline
from shop_agent.packs import PackBook
from shop_agent.reconcile import stock as formula
from shop_agent.reconcile.stock import Figure, Floors, Share
from tests.model.generate import generate
from tests.model.play import Outcome, play, shortened
from tests.model.rig import Rig
from tests.model.steps import History

Mutant = Callable[[], Any]


def _naive(stock: Stock, reserved: Mapping[str, int], **more: Any) -> Figure:
    return replace(formula.figure(stock, reserved, **more), target=stock.quantity)


def _by_order_only(
    stock: Stock, reserved: Mapping[str, int], floors: Floors | None = None
) -> dict[str, Share]:
    """An order that the figure names is taken for counted whole."""
    named = {entry.order for entry in stock.counted}
    shares = _SHARES(stock, reserved, floors)
    return {
        uid: replace(one, counted=one.reserved if uid in named else one.counted)
        for uid, one in shares.items()
    }


def _one_set(counted: CountedOrders, key: str) -> tuple[Counted, ...]:
    """What one sellable's figure contains of an order is said of all of them."""
    units: dict[str, int] = {}
    for orders in counted.values():
        for uid, quantity in orders.items():
            units[uid] = max(units.get(uid, 0), quantity)
    return counted_of({key: units}, key)


def _not_strict(connection: Any, name_of: Any, *, strict: bool = True) -> Any:
    return _RESERVED(connection, name_of, strict=False)


def _only_after(before: CountedOrders, after: CountedOrders) -> CountedOrders:
    return after


def _proven(link: Link, engine: Any) -> bool:
    return link.keys.role == "shop" or _IS_PROVEN(link, engine)


def _no_packs(book: PackBook, products: Collection[int]) -> Mapping[int, Any]:
    return {}


_SHARES, _RESERVED, _IS_PROVEN = formula.shares_of, reserving.reserved, Link.is_proven
_WITHOUT_STATE_0 = {**roles.RESERVES, "unset": False}

MUTANTS: Mapping[str, Mutant] = {
    "the naive figure": lambda: patch.object(figures, "figure", _naive),
    "counted by order id only": lambda: patch.object(formula, "shares_of", _by_order_only),
    "one counted set for all variants": lambda: patch.object(till_stock, "counted_of", _one_set),
    "cancellation released before the till answered": lambda: patch.object(
        reserving, "reserved", _not_strict
    ),
    "counted read after stock only": lambda: patch.object(
        till_stock, "smaller_counted", _only_after
    ),
    "state 0 skipped": lambda: patch.object(roles, "RESERVES", _WITHOUT_STATE_0),
    "no look-back": lambda: patch.object(
        stock_writer.StockWriter, "_look_back", lambda writer: None
    ),
    "look-back once only": lambda: patch.object(stock_writer, "LOOKS", 1),
    "packs not expanded": lambda: patch.object(PackBook, "of", _no_packs),
    "no baseline": lambda: patch.object(Baseline, "holds", lambda baseline, light: False),
    "former combination ids ignored": lambda: patch.object(
        Links, "key_of", lambda links, kind, ps_id: links._keys.get((kind, ps_id))
    ),
    "a restored replica that writes": lambda: patch.object(Link, "is_proven", _proven),
}


def caught(name: str, rig: Rig, seeds: Iterable[int]) -> tuple[History, Outcome] | None:
    """Return the first history of these seeds that a mutant fails, made short; None: it lives."""
    with MUTANTS[name]():
        for seed in seeds:
            history = generate(seed)
            if play(rig, history).broken:
                return shortened(rig, history)
    return None
