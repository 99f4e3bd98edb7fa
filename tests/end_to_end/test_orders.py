"""The orders' story on the simulated shop."""

from tests.stories.orders import OrdersStory


class TestOrders(OrdersStory):
    """A small till."""
