"""The memory till writer: the fake that tests hand in where a till would take orders.

writer = MemoryTillWriter()
writer.enter_order(order)
writer.orders[order.key]
"""

from collections.abc import Collection

from pos_exporter.intake.port import (
    Entered,
    LineNotLinkedError,
    LineRefusedError,
    TillNotWritableError,
)
from protocol.records import Customer, Order


class MemoryTillWriter:
    """A till in memory that keeps the writer's promises.

    Args:
        sellable: Stock keys that it knows; None: all.
    """

    def __init__(self, sellable: Collection[str] | None = None) -> None:
        self.sellable = sellable
        self.reachable = True
        self.orders: dict[str, Order] = {}
        self.customers: dict[str, Customer] = {}

    def enter_order(self, order: Order) -> Entered:
        """Keep an order."""
        self._answer()
        if order.key in self.orders:
            return Entered(self._number(order.key, self.orders), already=True)
        for number, line in enumerate(order.lines, 1):
            if line.stock_key is None:
                raise LineNotLinkedError(place=order.reference, line=number, name=line.name)
            if self.sellable is not None and line.stock_key not in self.sellable:
                raise LineRefusedError(
                    place=order.reference,
                    value=line.stock_key,
                    line=number,
                    name=line.name,
                    statement="line",
                    found=0,
                    expected=1,
                )
        self.orders[order.key] = order
        return Entered(self._number(order.key, self.orders), already=False)

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
