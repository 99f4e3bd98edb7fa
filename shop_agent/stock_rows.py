"""Which row of the shop is which figure of the till.

rows = RowReader(desk, profile, places).read(facts)      # one request for all of them
rows.found, rows.rules[7]                                # out_of_stock of product 7
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.reconcile.stock import Sellable
from shop_agent.replica import Fact


@dataclass(frozen=True)
class StockRow:
    """One stock fact and its row in the shop.

    Args:
        fact: What the till says.
        sellable: The product and combination.
        row: The stock_availables id.
        shown: The quantity there.
    """

    fact: Fact
    sellable: Sellable
    row: int
    shown: int


class RowReader:
    """Reads rows, and remembers what they say of their products.

    Args:
        shop: The webservice.
        profile: The shop's.
        place_of: Where in the shop a stock fact is; None: nowhere.
    """

    def __init__(
        self, shop: Webservice, profile: Profile, place_of: Callable[[Fact], Sellable | None]
    ) -> None:
        self._shop = shop
        self._profile = profile
        self._place_of = place_of
        #: `out_of_stock` of the products that were read: 0 deny, 1 allow, 2 as the shop.
        self.rules: dict[int, int] = {}

    def read(self, facts: Sequence[Fact]) -> list[StockRow]:
        """Return the rows of these facts as they are now."""
        places = {at: fact for fact in facts if (at := self._place_of(fact)) is not None}
        products = sorted({product for product, _ in places if product > 0})
        if not products:
            return []
        found = self._shop.find_any("stock_availables", "id_product", products)
        ours = [row for row in found if is_our_row(row, self._profile)]
        for row in ours:
            if not row.whole("id_product_attribute"):
                self.rules[row.whole("id_product")] = row.whole("out_of_stock")
        return [
            StockRow(places[at], at, row.id, row.whole("quantity"))
            for row in ours
            if (at := _at(row)) in places
        ]


def is_our_row(row: Entity, profile: Profile) -> bool:
    """Return whether a stock row is of our shop, or of the group with which it shares stock."""
    shop, group = row.whole("id_shop"), row.whole("id_shop_group")
    return shop == profile.shop_id or (shop == 0 and group == profile.group_id)


def _at(entity: Entity) -> Sellable:
    return entity.whole("id_product"), entity.whole("id_product_attribute")
