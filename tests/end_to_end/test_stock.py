"""The stock's story on the simulated shop."""

from tests.stories.stock import StockStory


class TestStock(StockStory):
    """A small till with a pack."""
