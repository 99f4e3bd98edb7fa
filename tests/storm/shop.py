"""A shop in a storm: fronts for several people at once, the back office's edits, and the truth.

The truth is read from the shop's own tables, and knows nothing of our code. An edit does what
PrestaShop's back office does, in its order and in as many transactions: the line, the stock of the
combination and of its product, then the order's totals and its date of change.

    shop = RealStormShop(url, key, database)
    with shop.open_front() as front: ...
    shop.edit_line(order, by=-1)
    shop.orders(after=120), shop.stock()
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, create_engine, text

from demo.prestashop import Shop
from tests.stories.real import RealShopfront
from tests.stories.shopfront import Shopfront
from tests.stories.simulated import SimulatedShopfront

#: Product and combination, 0 for none.
Place = tuple[int, int]
_CENT = Decimal("0.01")
_WITHOUT_TAX = ("total_products", "total_paid_tax_excl")
_WITH_TAX = ("total_products_wt", "total_paid", "total_paid_tax_incl")
_NAMED = re.compile(r":(\w+)")


@dataclass(frozen=True)
class TrueOrder:
    """An order as the shop's tables have it; units by place."""

    id: int
    reference: str
    state: int
    units: Mapping[Place, int]


class _Remembering(Shopfront):
    """Asks each price once: in a storm none changes."""

    def prices(self, product_id: int, combinations: Sequence[int]) -> dict[int, Decimal]:
        known = self.__dict__.setdefault("_known", {})
        for one in combinations:
            if (product_id, one) not in known:
                known[product_id, one] = super().prices(product_id, [one])[one]
        return {one: known[product_id, one] for one in combinations}


class _RealFront(_Remembering, RealShopfront):
    """A real shop for one person."""


class StormShop(ABC):
    """One shop that many people use at once.

    Attributes:
        names: What its tables and their keys are called.
    """

    names: Mapping[str, str]

    @abstractmethod
    def open_front(self) -> AbstractContextManager[Shopfront]:
        """Open the shop for one person; used by one thread."""

    @abstractmethod
    def now(self) -> str:
        """Return the shop's local time, as its tables have it."""

    @abstractmethod
    def _rows(self, sql: str, **values: object) -> list[dict[str, Any]]: ...

    @abstractmethod
    def _run(self, sql: str, **values: object) -> None: ...

    def _named(self, sql: str) -> str:
        return sql.format(**self.names)

    # --- the back office ---------------------------------------------------------------------

    def edit_line(self, order_id: int, *, by: int) -> bool:
        """Change the quantity of an order's first line; return False where none would be left."""
        sql = "SELECT * FROM {detail} WHERE id_order = :order ORDER BY {detail_id} LIMIT 1"
        [line] = self._rows(self._named(sql), order=order_id)
        quantity = int(line["product_quantity"]) + by
        if quantity < 1:
            return False
        units = [Decimal(line[f"unit_price_tax_{kind}"]) for kind in ("excl", "incl")]
        before = [self._line_total(unit, quantity - by) for unit in units]
        after = [self._line_total(unit, quantity) for unit in units]
        sql = (
            "UPDATE {detail} SET product_quantity = :quantity, total_price_tax_excl = :excl, "
            "total_price_tax_incl = :incl WHERE {detail_id} = :id"
        )
        self._run(
            self._named(sql), quantity=quantity, excl=_text(after[0]), incl=_text(after[1]),
            id=line[self.names["detail_id"]],
        )  # fmt: skip
        place = int(line["product_id"]), int(line["product_attribute_id"])
        self._move_stock(place, -by)
        self._add_to_order(order_id, after[0] - before[0], after[1] - before[1])
        return True

    def _line_total(self, unit: Decimal, quantity: int) -> Decimal:
        return (unit * quantity).quantize(_CENT, ROUND_HALF_UP)

    def _move_stock(self, place: Place, by: int) -> None:
        sql = self._named(
            "UPDATE {stock} SET quantity = quantity + :by "
            "WHERE id_product = :product AND id_product_attribute = :combination"
        )
        for combination in {place[1], 0}:
            self._run(sql, by=by, product=place[0], combination=combination)

    def _add_to_order(self, order_id: int, excl: Decimal, incl: Decimal) -> None:
        find = self._named("SELECT * FROM {orders} WHERE {order_id} = :order")
        [order] = self._rows(find, order=order_id)
        sums = {name: Decimal(order[name]) + excl for name in _WITHOUT_TAX}
        sums |= {name: Decimal(order[name]) + incl for name in _WITH_TAX}
        columns = ", ".join(f"{name} = :{name}" for name in sums)
        self._run(
            self._named("UPDATE {orders} SET date_upd = :now, ")
            + columns
            + self._named(" WHERE {order_id} = :order"),
            now=self.now(), order=order_id, **{name: _text(one) for name, one in sums.items()},
        )  # fmt: skip

    # --- the truth ---------------------------------------------------------------------------

    def last_order(self) -> int:
        """Return the highest order id, 0 for none."""
        sql = self._named("SELECT MAX({order_id}) AS last FROM {orders}")
        return int(self._rows(sql)[0]["last"] or 0)

    def orders(self, *, after: int) -> dict[int, TrueOrder]:
        """Return the orders of higher ids, by id."""
        lines = self._rows(
            self._named("SELECT * FROM {detail} WHERE id_order > :after"), after=after
        )
        units: dict[int, dict[Place, int]] = {}
        for line in lines:
            place = int(line["product_id"]), int(line["product_attribute_id"])
            kept = units.setdefault(int(line["id_order"]), {})
            kept[place] = kept.get(place, 0) + int(line["product_quantity"])
        sql = self._named("SELECT * FROM {orders} WHERE {order_id} > :after ORDER BY {order_id}")
        found = [
            TrueOrder(
                number := int(row[self.names["order_id"]]),
                str(row["reference"]),
                int(row["current_state"]),
                units.get(number, {}),
            )
            for row in self._rows(sql, after=after)
        ]
        return {one.id: one for one in found}

    def stock(self) -> dict[Place, int]:
        """Return what every row of stock shows."""
        rows = self._rows(self._named("SELECT * FROM {stock}"))
        return {
            (int(row["id_product"]), int(row["id_product_attribute"])): int(row["quantity"])
            for row in rows
        }

    def short(self) -> int:
        """Return by how many units sellables are below zero, together."""
        stock = self.stock()
        sums = {product for product, combination in stock if combination}
        return sum(max(0, -stock[at]) for at in stock if at[1] or at[0] not in sums)


class RealStormShop(StormShop):
    """A real PrestaShop; its tables begin with `ps_`.

    Args:
        url: The shop's address.
        key: Of the webservice.
        engine: To its database, committing each statement by itself.
    """

    names: Mapping[str, str] = {
        "detail": "ps_order_detail", "detail_id": "id_order_detail", "orders": "ps_orders",
        "order_id": "id_order", "stock": "ps_stock_available",
    }  # fmt: skip

    def __init__(self, url: str, key: str, engine: Engine) -> None:
        self._address = (url, key)
        self._engine = engine
        [row] = self._rows("SELECT value FROM ps_configuration WHERE name = 'PS_TIMEZONE'")
        self._zone = ZoneInfo(row["value"])

    @contextmanager
    def open_front(self) -> Iterator[Shopfront]:
        with self._engine.connect() as connection:
            yield _RealFront(*self._address, connection)

    def now(self) -> str:
        return datetime.now(self._zone).strftime("%Y-%m-%d %H:%M:%S")

    def _rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def _run(self, sql: str, **values: object) -> None:
        with self._engine.connect() as connection:
            assert connection.execute(text(sql), values).rowcount <= 1, sql


@contextmanager
def open_real_shop(url: str, key: str, database: str) -> Iterator[RealStormShop]:
    """Give a real shop; its connections are closed afterwards."""
    engine = create_engine(database, isolation_level="AUTOCOMMIT", pool_size=10)
    try:
        yield RealStormShop(url, key, engine)
    finally:
        engine.dispose()


class SimulatedStormShop(StormShop):
    """The simulated shop.

    Args:
        shop: It.
        url: Where it is served.
    """

    names: Mapping[str, str] = {
        "detail": "order_details", "detail_id": "id", "orders": "orders", "order_id": "id",
        "stock": "stock_availables",
    }  # fmt: skip

    def __init__(self, shop: Shop, url: str) -> None:
        self.shop = shop
        self._url = url

    @contextmanager
    def open_front(self) -> Iterator[Shopfront]:
        yield _PlainFront(self.shop, self._url)

    def now(self) -> str:
        return self.shop.core.now()

    def _rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        return [dict(row) for row in self._asked(self.shop.query, sql, values)]

    def _run(self, sql: str, **values: object) -> None:
        self._asked(self.shop.execute, sql, values)

    def _asked(self, ask: Callable[..., Any], sql: str, values: Mapping[str, object]) -> Any:
        names = _NAMED.findall(sql)
        return ask(_NAMED.sub("?", sql), [values[name] for name in names])


class _PlainFront(_Remembering, SimulatedShopfront):
    """One whose orders are left as the simulator made them: without money for the carrier."""

    def placed(self, order_id: int) -> None:
        """Do nothing: totals that change later, without a date, are another story's."""


def _text(amount: Decimal) -> str:
    return f"{amount:.6f}"
