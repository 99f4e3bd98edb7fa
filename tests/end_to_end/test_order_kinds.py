"""The story of all kinds of orders on the simulated shop."""

from tests.stories.order_kinds import OrderKindsStory


class TestOrderKinds(OrderKindsStory):
    """Two VAT rates and a pack."""
