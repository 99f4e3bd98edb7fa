"""A fresh shop, and one with the demo fixtures, for every test that asks."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from demo.prestashop import Shop
from demo.prestashop.versions import DEFAULT
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
def fixture_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a closed database of a shop with the demo fixtures, one per version."""
    folder = tmp_path_factory.mktemp("shop")

    @cache
    def make(version: str) -> Path:
        path = folder / f"{version}.db"
        with Shop(path, key=KEY, clock=TestClock(), fixtures=True, version=version):
            return path

    return make


@pytest.fixture(scope="session")
def fixture_file(fixture_files: Callable[[str], Path]) -> Path:
    """A closed database of a shop with the demo fixtures."""
    return fixture_files(DEFAULT)


@pytest.fixture
def open_demo(
    fixture_files: Callable[[str], Path], tmp_path: Path, clock: TestClock
) -> Iterator[Callable[[str], Shop]]:
    """Opens a shop of a version, of the test's own, with the demo fixtures."""
    with ExitStack() as stack:

        def opened(version: str) -> Shop:
            path = tmp_path / f"{version}.db"
            shutil.copy(fixture_files(version), path)
            return stack.enter_context(Shop(path, key=KEY, clock=clock, version=version))

        yield opened


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
