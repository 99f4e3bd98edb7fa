"""A till in memory: figures, web orders that it took in, and which of them its figures contain.

What is true here is the model's truth: `stock` and `counted` always fit each other, as in one
transaction of a real till. Read without one snapshot, other things happen between the readings.

    till = ModelTill(preset="at_import")
    till.count(uid)                       # its figure now contains the order
    till.sell("v:11", 1)
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from pos_exporter.intake.memory import MemoryTillWriter
from pos_exporter.intake.port import UNNOTED, Entered, Note, NotWritableError
from pos_exporter.source.port import Query, Row
from protocol.records import Order
from tests.model.goods import HOLDS, KEYS, PACK, added, parts_of, times
from tests.model.webservice import Ports

#: When the till deducts a web order by itself.
Preset = Literal["at_import", "by_hand"]
_OVER = frozenset({"cancelled", "payment_error", "refunded", "dead"})


@dataclass
class Kept:
    """What a backup of the till holds."""

    stock: dict[str, int]
    counted: dict[str, dict[str, int]]
    orders: dict[str, Order]
    edited: dict[str, dict[str, int]]


@dataclass
class ModelTill:
    """The till.

    Args:
        preset: When it deducts a web order.
        takes_changes: Whether a later revision can be written into it.
        stock: Its figures.
        counted: By order uid, the units by key that the figures have deducted.
        orders: The web orders that it has, by uid, as last written.
    """

    preset: Preset = "at_import"
    takes_changes: bool = True
    stock: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KEYS, 0))
    counted: dict[str, dict[str, int]] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    #: Per key, the figure that was read last and what it contained just then, by order uid.
    read: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)
    #: What a person made of an order at the till, by uid.
    edited: dict[str, dict[str, int]] = field(default_factory=dict)

    def sell(self, key: str, units: int) -> None:
        """Sell at the counter, or take back and receive (below 0)."""
        for part, count in parts_of(key).items():
            self.stock[part] -= units * count

    def count(self, uid: str, only: str | None = None) -> None:
        """Deduct an order from the figures, or some key of it alone."""
        wanted = self.kept(uid)
        before = self.counted.get(uid, {})
        self._set_counted(uid, wanted if only is None else {**before, only: wanted.get(only, 0)})

    def uncount(self, uid: str) -> None:
        """Put an order's units back into the figures."""
        self._set_counted(uid, {})

    def kept(self, uid: str) -> dict[str, int]:
        """Return what an order that the till has takes, as last written."""
        if uid in self.edited:
            return self.edited[uid]
        order = self.orders.get(uid)
        if order is None or order.state.role in _OVER:
            return {}
        return added(
            *(times(parts_of(o.stock_key), o.quantity) for o in order.lines if o.stock_key)
        )

    def take(self, order: Order, *, is_new: bool) -> None:
        """Take an order in, or its later revision."""
        self.orders[order.key] = order
        self.edited.pop(order.key, None)
        if (is_new and self.preset == "at_import") or (not is_new and self.counted.get(order.key)):
            self.count(order.key)

    def follow(self, uid: str, units: dict[str, int]) -> None:
        """Make an order what the shop says, by hand, and deduct it."""
        self.edited[uid] = units
        self.count(uid)

    def _set_counted(self, uid: str, units: Mapping[str, int]) -> None:
        before = self.counted.pop(uid, {})
        for key in KEYS:
            self.stock[key] += before.get(key, 0) - units.get(key, 0)
        kept = {key: one for key, one in units.items() if one > 0}
        if kept:
            self.counted[uid] = kept

    def saved(self) -> Kept:
        """Return a backup."""
        return Kept(
            dict(self.stock), deepcopy(self.counted), dict(self.orders), deepcopy(self.edited)
        )

    def restore(self, kept: Kept) -> None:
        """Put the till back as the backup has it."""
        self.stock, self.counted = dict(kept.stock), deepcopy(kept.counted)
        self.orders, self.edited = dict(kept.orders), deepcopy(kept.edited)


#: The till as its mapping sees it; the names of the queries are the tables'.
MAPPING = """
till: {name: model}
entities:
  tax_rate: {table: TVA, key: [C], fields: {rate: T}}
  article: {table: ART, key: [K], fields: {reference: R, name: N, price: P, tax_rate: T}}
  pack_part: {table: PACK, key: [K], fields: {article: A, variant: V, quantity: Q}}
  variant:
    {table: DECL, key: [K], axes: {size: {col: S}}, fields: {article: A, reference: R, price: P}}
  stock:
    - {of: article, table: STK_A, key: [K], fields: {quantity: Q}}
    - {of: variant, table: STK_V, key: [K], fields: {quantity: Q}}
  counted_orders:
    - {of: article, table: CMD_A, key: [K], fields: {order: O, quantity: Q}}
    - {of: variant, table: CMD_V, key: [K], fields: {order: O, quantity: Q}}
"""


def _articles() -> list[Row]:
    return [
        {"K": key, "R": f"REF-{key}", "N": f"Article {key}", "P": "10", "T": "N"}
        for key in ("10", "20", "30")
    ]


def _variants() -> list[Row]:
    return [
        {"K": key, "A": "10", "R": f"REF-{key}", "P": "10", "S": size}
        for key, size in (("11", "38"), ("12", "39"))
    ]


def _parts() -> list[Row]:
    return [
        {
            "K": PACK.removeprefix("a:"),
            "A": key[2:] if key.startswith("a:") else None,
            "V": key[2:] if key.startswith("v:") else None,
            "Q": units,
        }
        for key, units in HOLDS.items()
    ]


_FIXED: Mapping[str, list[Row]] = {
    "TVA": [{"C": "N", "T": "20"}], "ART": _articles(), "PACK": _parts(), "DECL": _variants(),
}  # fmt: skip


class ModelSource:
    """The till for reading.

    Args:
        till: The till.
        ports: Told of each reading.
        one_snapshot: Whether one `with` sees one moment.
    """

    def __init__(self, till: ModelTill, ports: Ports, *, one_snapshot: bool) -> None:
        self._till = till
        self._ports = ports
        self._one_snapshot = one_snapshot
        self._seen: Kept | None = None
        self._counted_read = 0

    @property
    def one_snapshot(self) -> bool:
        """Whether all that is read in one `with` is of one moment."""
        return self._one_snapshot

    def rows(self, query: Query, limit: int | None = None) -> Iterator[Row]:
        """Yield a table's rows."""
        table = query.sql.rpartition(" ")[2].strip('"')
        yield from self._rows(table)[:limit]

    def columns(self, query: Query) -> tuple[str, ...]:
        """Return no columns: no query of the model is without rows for long."""
        return ()

    def check_read_only(self) -> bool:
        """Return True."""
        return True

    def _rows(self, table: str) -> list[Row]:
        if table in _FIXED:
            return _FIXED[table]
        kind, letter = table.split("_")
        point = "till_stock" if kind == "STK" else "till_counted"
        self._ports.before(point)
        seen = self._seen if self._seen is not None else self._till.saved()
        if kind == "STK":
            stock = {key: n for key, n in seen.stock.items() if key[0] == letter.lower()}
            for key, n in stock.items():
                units = {uid: one[key] for uid, one in seen.counted.items() if key in one}
                self._till.read[key] = (n, units)
            return [{"K": key[2:], "Q": n} for key, n in stock.items()]
        return [
            {"K": key[2:], "O": uid, "Q": units}
            for uid, counted in seen.counted.items()
            for key, units in counted.items()
            if key[0] == letter.lower()
        ]

    def __enter__(self) -> Self:
        self._ports.before("till_open")
        self._seen = self._till.saved() if self._one_snapshot else None
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._seen = None


class ModelWriter(MemoryTillWriter):
    """The till for web orders: the fake of the intake's own tests, over the model's truth."""

    def __init__(self, till: ModelTill, ports: Ports) -> None:
        super().__init__()
        self._till = till
        self._ports = ports
        self.orders = till.orders

    def enter_order(self, order: Order, note: Note = UNNOTED) -> Entered:
        """Take an order in."""
        self._ports.before("till_write")
        entered = super().enter_order(order, note)
        self._ports.after("till_write")
        return entered

    def change_order(self, order: Order, key: str, note: Note = UNNOTED) -> Entered:
        """Take a later revision in, where this till can."""
        if not self._till.takes_changes:
            raise NotWritableError(kind="order_changed")
        self._ports.before("till_write")
        entered = super().change_order(order, key, note)
        self._ports.after("till_write")
        return entered

    def _keep(self, order: Order) -> None:
        is_new = order.key not in self.orders
        super()._keep(order)
        self._till.take(order, is_new=is_new)

    def _answer(self) -> None:
        super()._answer()
        self.orders = self._till.orders  # another one after a restore
