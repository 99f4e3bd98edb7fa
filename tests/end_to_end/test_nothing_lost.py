"""The story of what is not said, on the simulated shop."""

from tests.stories.nothing_lost import NothingLostStory


class TestNothingLost(NothingLostStory):
    """Bad rows, and a mapping that lost a kind."""
