"""A fresh shop, and one with the demo fixtures, for every test that asks."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import KEY, Asker

START = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


class TestClock:
    """A clock that only moves when told."""

    __test__ = False

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        """Move on."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> TestClock:
    """The clock of the test's shop; 03:30 in Paris."""
    return TestClock()


@pytest.fixture
def shop(clock: TestClock) -> Iterator[Shop]:
    """A fresh shop without products."""
    with Shop(None, key=KEY, clock=clock) as made:
        yield made


@pytest.fixture
def ask(shop: Shop) -> Asker:
    """Asks the fresh shop."""
    return Asker(shop)


@pytest.fixture(scope="session")
def fixture_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database of a shop with the demo fixtures."""
    path = tmp_path_factory.mktemp("shop") / "fixtures.db"
    with Shop(path, key=KEY, clock=TestClock(), fixtures=True):
        return path


@pytest.fixture
def demo_shop(fixture_file: Path, tmp_path: Path, clock: TestClock) -> Iterator[Shop]:
    """A shop of its own with the demo fixtures."""
    path = tmp_path / "shop.db"
    shutil.copy(fixture_file, path)
    with Shop(path, key=KEY, clock=clock) as made:
        yield made


@pytest.fixture
def ask_demo(demo_shop: Shop) -> Asker:
    """Asks the shop with the demo fixtures."""
    return Asker(demo_shop)
