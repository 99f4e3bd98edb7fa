"""The memory till writer: the fake that tests hand in where a till would take orders.

writer = MemoryTillWriter()
writer.enter_order(order)
writer.orders[order.key]
"""

from collections.abc import Collection
from datetime import timedelta

from pos_exporter.intake.binds import check_order
from pos_exporter.intake.port import (
    UNNOTED,
    Entered,
    LineRefusedError,
    Mark,
    Note,
    TillNotWritableError,
)
from pos_exporter.mapping.write_back import WriteFormats
from protocol.records import Customer, Order


class MemoryTillWriter:
    """A till in memory that keeps the writer's promises.

    Args:
        sellable: Stock keys that it knows; None: all.
        formats: How VAT rates are written.
    """

    def __init__(
        self, sellable: Collection[str] | None = None, formats: WriteFormats | None = None
    ) -> None:
        self.sellable = sellable
        self.formats = formats or WriteFormats()
        self.reachable = True
        self.orders: dict[str, Order] = {}
        self.customers: dict[str, Customer] = {}

    def enter_order(self, order: Order, note: Note = UNNOTED) -> Entered:
        """Keep an order."""
        self._answer()
        if order.key in self.orders:
            return Entered(self._number(order.key, self.orders), already=True)
        self._keep(order)
        return Entered(self._number(order.key, self.orders), already=False)

    def change_order(self, order: Order, key: str, note: Note = UNNOTED) -> Entered:
        """Keep an order's later revision."""
        self._answer()
        self._keep(order)
        return Entered(key, already=False)

    def look(self, order_uid: str, mark: Mark, age: timedelta) -> Entered | None:
        """Return what is kept under a uid."""
        if not self.holds_order(order_uid):
            return None
        return Entered(self._number(order_uid, self.orders), already=True)

    def finish(self) -> None:
        """Nothing was collected."""

    def _keep(self, order: Order) -> None:
        check_order(order, self.formats)
        for number, line in enumerate(order.lines, 1):
            if self.sellable is not None and line.stock_key not in self.sellable:
                raise LineRefusedError(
                    place=order.reference, value=line.stock_key, line=number, name=line.name,
                    statement="line", found=0, expected=1,
                )  # fmt: skip
        self.orders[order.key] = order

    def enter_customer(self, customer: Customer) -> Entered:
        """Keep a customer."""
        self._answer()
        already = customer.key in self.customers
        self.customers[customer.key] = customer
        return Entered(self._number(customer.key, self.customers), already=already)

    def holds_order(self, order_uid: str) -> bool:
        """Return whether the order was kept."""
        self._answer()
        return order_uid in self.orders

    def _answer(self) -> None:
        if not self.reachable:
            raise TillNotWritableError(reason="as the test ordered")

    @staticmethod
    def _number(key: str, kept: Collection[str]) -> str:
        return str(list(kept).index(key) + 1)
