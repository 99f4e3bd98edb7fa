"""The idle story, on a real shop."""

import pytest

from tests.stories.idle import IdleStory

pytestmark = pytest.mark.live


class TestIdle(IdleStory):
    """A small till."""
