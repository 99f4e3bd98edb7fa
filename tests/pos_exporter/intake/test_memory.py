"""The memory till writer keeps the contract."""

import pytest

from pos_exporter.intake.memory import MemoryTillWriter
from tests.contracts.till_writer import SIMPLE, VARIANT, TillWriterContract


class _MemoryTill:
    def __init__(self) -> None:
        self.writer = MemoryTillWriter({SIMPLE, VARIANT})

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        return {
            uid: [(line.stock_key or "", line.quantity) for line in order.lines]
            for uid, order in self.writer.orders.items()
        }

    def customers(self) -> list[int]:
        return [customer.shop_id for customer in self.writer.customers.values()]

    def go_away(self) -> None:
        self.writer.reachable = False


class TestMemoryTillWriter(TillWriterContract):
    """The contract, in memory."""

    @pytest.fixture
    def till(self) -> _MemoryTill:
        return _MemoryTill()
