"""The memory till writer keeps the contract."""

import pytest

from pos_exporter.intake.memory import MemoryTillWriter
from pos_exporter.intake.port import OVER
from pos_exporter.mapping.write_back import WriteFormats
from tests.contracts.till_writer import SIMPLE, VARIANT, AskedTillContract, WholeTillContract


class _MemoryTill:
    def __init__(self) -> None:
        formats = WriteFormats.model_validate({"tax_rates": {20: "1", 5.5: "2"}})
        self.writer = MemoryTillWriter({SIMPLE, VARIANT}, formats)

    def work(self) -> None:
        """Nothing lies about."""

    def cancelled(self) -> set[str]:
        return {uid for uid, one in self.writer.orders.items() if one.state.role in OVER}

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        return {
            uid: [(line.stock_key or "", line.quantity) for line in order.lines]
            for uid, order in self.writer.orders.items()
        }

    def customers(self) -> list[int]:
        return [customer.shop_id for customer in self.writer.customers.values()]

    def go_away(self) -> None:
        self.writer.reachable = False


class TestMemoryTillWriter(WholeTillContract, AskedTillContract):
    """The contract, in memory."""

    @pytest.fixture
    def till(self) -> _MemoryTill:
        return _MemoryTill()
