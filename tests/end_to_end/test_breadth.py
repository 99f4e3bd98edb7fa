"""The story of all else that the till knows, on the simulated shop."""

from tests.stories.breadth import BreadthStory


class TestBreadth(BreadthStory):
    """Everything that the till knows."""
