"""Counting by somebody who knows none of our code: the formula, and the till's orders.

Rules: the till's figures and lines come from its own tables, orders and shown stock from the
shop's; an order is met in the till by its reference; which states keep stock is listed here by the
numbers that a fresh shop gives them.

    judge = Judge(play, shop, places, after=baseline)
    judge.wrong_figures()        # ["100101: till 4, kept 1, shown 4"]
    judge.wrong_orders()         # ["order 12: twice in the till"]
"""

from collections.abc import Mapping
from dataclasses import dataclass

from demo.till import stock_of
from tests.stories.play import Play
from tests.storm.people import open_patient
from tests.storm.shop import Place, StormShop, TrueOrder

#: Kept for the customer: unset, awaiting a cheque or a transfer, paid, preparing, shipped,
#: delivered, back order paid or not, remote payment, to be paid on delivery.
KEEPS = frozenset({0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13})
#: Enters the till: paid in one way or another, or further on.
ENTERS = frozenset({2, 3, 4, 5, 9, 11, 13})

#: Units per sellable key of the till.
Units = Mapping[int, int]


@dataclass(frozen=True)
class TillOrder:
    """A web order as the till's tables have it; `units` are those of its lines."""

    reference: str
    uid: str
    is_cancelled: bool
    units: Units

    @property
    def counted(self) -> Units:
        """The units that its lines have taken out of the till's figures."""
        return {} if self.is_cancelled else self.units


@dataclass(frozen=True)
class Judge:
    """See the module.

    Args:
        play: The stage.
        shop: The shop.
        places: Where each sellable key of the till is on the site.
        after: The highest order id of before the storm.
    """

    play: Play
    shop: StormShop
    places: Mapping[int, Place]
    after: int

    # --- the till ----------------------------------------------------------------------------

    def till_orders(self) -> list[TillOrder]:
        """Return the till's web orders, oldest first."""
        with open_patient(self.play) as till:
            orders = till.execute(
                "SELECT ID_CDE, REF_CDE, REF_WEB, ETAT FROM COMMANDE_WEB ORDER BY ID_CDE"
            ).fetchall()
            lines = till.execute(
                "SELECT ID_CDE, COALESCE(ID_DECL, ID_ART), SUM(QTE) FROM LIGNE_COMMANDE_WEB "
                "GROUP BY ID_CDE, COALESCE(ID_DECL, ID_ART)"
            ).fetchall()
        units: dict[int, dict[int, int]] = {}
        for number, key, quantity in lines:
            units.setdefault(number, {})[key] = quantity
        return [
            TillOrder(reference, uid, state == "ANNULEE", units.get(number, {}))
            for number, reference, uid, state in orders
        ]

    def till_figures(self) -> dict[int, int]:
        """Return the till's own figure of each key."""
        with open_patient(self.play) as till:
            return {key: stock_of(till, key) for key in self.places}

    # --- the shop ----------------------------------------------------------------------------

    def orders(self) -> dict[int, TrueOrder]:
        """Return the storm's orders by id."""
        return self.shop.orders(after=self.after)

    def kept(self, order: TrueOrder) -> dict[int, int]:
        """Return the units that an order keeps by its state, per key of the till."""
        return self.units(order) if order.state in KEEPS else {}

    def units(self, order: TrueOrder) -> dict[int, int]:
        """Return the units of an order's lines, per key of the till."""
        keys = {place: key for key, place in self.places.items()}
        return {keys[place]: units for place, units in order.units.items()}

    def shown(self) -> dict[int, int]:
        """Return what the site shows of each key."""
        stock = self.shop.stock()
        return {key: stock[place] for key, place in self.places.items()}

    # --- the formula -------------------------------------------------------------------------

    def uncounted(self, kept: Mapping[str, Units]) -> dict[int, int]:
        """Return Σ max(0, reserved − counted) of each key.

        Args:
            kept: What orders keep, by reference.
        """
        counted = {one.reference: one.counted for one in self.till_orders()}
        sums = dict.fromkeys(self.places, 0)
        for reference, units in kept.items():
            for key, number in units.items():
                sums[key] += max(0, number - counted.get(reference, {}).get(key, 0))
        return sums

    def wrong_figures(self) -> list[str]:
        """Return the sellables that the site does not show as the formula says."""
        kept = {one.reference: self.kept(one) for one in self.orders().values()}
        figures, uncounted, shown = self.till_figures(), self.uncounted(kept), self.shown()
        return [
            f"{key}: till {figures[key]}, kept {uncounted[key]}, shown {shown[key]}"
            for key in self.places
            if shown[key] != figures[key] - uncounted[key]
        ]

    def oversold(self) -> int:
        """Return how many units were sold, here or there, that were not there."""
        kept = {one.reference: self.kept(one) for one in self.orders().values()}
        uncounted, figures = self.uncounted(kept), self.till_figures()
        return sum(max(0, uncounted[key] - figures[key]) for key in self.places)

    # --- the orders --------------------------------------------------------------------------

    def wrong_orders(self) -> list[str]:
        """Return what is wrong with the till's orders, one line each."""
        held: dict[str, list[TillOrder]] = {}
        for one in self.till_orders():
            held.setdefault(one.reference, []).append(one)
        orders = self.orders().values()
        known = {order.reference for order in orders}
        strange = [f"{name}: not of the shop" for name in held if name not in known]
        judged = ((order, self._judge(order, held.get(order.reference, []))) for order in orders)
        return strange + [
            f"order {order.id} ({order.state}): {said}" for order, said in judged if said
        ]

    def _judge(self, order: TrueOrder, held: list[TillOrder]) -> str:
        """Return what is wrong with one order in the till; empty for nothing."""
        if len(held) > 1:
            return f"{len(held)} times in the till"
        if not held:
            return "not in the till" if order.state in ENTERS else ""
        [mine] = held
        if f"/{order.id}/" not in mine.uid:
            return f"another order's: {mine.uid}"
        if order.state not in KEEPS:
            return "" if mine.is_cancelled else "alive in the till"
        if mine.is_cancelled:
            return "cancelled in the till"
        wanted = self.units(order)
        return "" if mine.units == wanted else f"{dict(mine.units)} in the till, not {wanted}"
