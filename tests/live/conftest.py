"""A real shop for every story, from the environment; nothing runs unless it is said to be one.

| variable | meaning |
|---|---|
| COMPTOIR_SHOP_URL | the shop's address |
| COMPTOIR_SHOP_KEY | a webservice key with every permission |
| COMPTOIR_SHOP_DB | SQLAlchemy URL of its database, tables `ps_…`, for reading back |
| COMPTOIR_SHOP_DISPOSABLE | `yes`: whatever is in this shop may be lost |
| COMPTOIR_LIVE_FULL_TILL | `yes`: also the demo's whole till, 300 models |
"""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from tests.stories.play import Play
from tests.stories.real import real_shopfront
from tests.stories.shopfront import Shopfront
from tests.stories.story import play

__all__ = ["play"]

DISPOSABLE = "COMPTOIR_SHOP_DISPOSABLE"
_NEEDED = ("COMPTOIR_SHOP_URL", "COMPTOIR_SHOP_KEY", "COMPTOIR_SHOP_DB")


@dataclass
class Figures:
    """What the session did to the shop, for its last lines."""

    version: str = ""
    stories: dict[str, tuple[float, int, int]] = field(default_factory=dict)


FIGURES = pytest.StashKey[Figures]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = Figures()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run nothing of this folder unless it is asked for by its marker."""
    if "live" in config.option.markexpr:
        return
    asked = [item for item in items if item.get_closest_marker("live") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in asked])
    items[:] = asked


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse the whole session when the shop is not said to be disposable."""
    if any(item.get_closest_marker("live") for item in session.items):
        problem = refusal(os.environ)
        if problem:
            raise pytest.UsageError(problem)


def refusal(environment: Mapping[str, str]) -> str:
    """Return why no story may run against a real shop, or an empty text."""
    if environment.get(DISPOSABLE) != "yes":
        return f"a real shop is written to and deleted from: set {DISPOSABLE}=yes if it may be lost"
    missing = [name for name in _NEEDED if not environment.get(name)]
    return f"not set: {', '.join(missing)}" if missing else ""


@pytest.fixture(scope="session")
def shop(pytestconfig: pytest.Config) -> Iterator[Shopfront]:
    url, key, database = (os.environ[name] for name in _NEEDED)
    with real_shopfront(url, key, database) as front:
        pytestconfig.stash[FIGURES].version = front.version()
        yield front


@pytest.fixture(scope="class")
def front(shop: Shopfront) -> Shopfront:
    return shop


@pytest.fixture(scope="class", autouse=True)
def figures(request: pytest.FixtureRequest) -> Iterator[None]:
    """Note how long a story took and what it asked of the shop, its load included."""
    began = time.monotonic()
    if "play" not in request.fixturenames:
        yield
        return
    stage: Play = request.getfixturevalue("play")
    yield
    seconds = time.monotonic() - began
    figures = request.config.stash[FIGURES]
    figures.stories[request.node.name] = (seconds, *stage.proxy.totals())


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what ran against which shop."""
    figures = config.stash[FIGURES]
    if not figures.stories:
        return
    terminalreporter.section(f"PrestaShop {figures.version} at {os.environ[_NEEDED[0]]}")
    for name, (seconds, requests, writes) in figures.stories.items():
        line = f"{name:<24} {seconds:6.1f} s {requests:6} requests, {writes} of them writes"
        terminalreporter.write_line(line)
