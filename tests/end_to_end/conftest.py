"""Every story gets a simulated shop of its own."""

from collections.abc import Iterator

import pytest

from tests.stories.shopfront import Shopfront
from tests.stories.simulated import simulated_shopfront
from tests.stories.story import play

__all__ = ["play"]


@pytest.fixture(scope="class")
def front() -> Iterator[Shopfront]:
    with simulated_shopfront() as front:
        yield front
