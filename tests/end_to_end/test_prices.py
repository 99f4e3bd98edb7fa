"""The story of two hundred prices, on the simulated shop."""

from tests.stories.prices import PricesStory


class TestPrices(PricesStory):
    """Random prices at every rate; the real shops see all two hundred."""

    articles = 24
