"""The story of a person's yes, on the simulated shop."""

from tests.stories.approving import ApprovingStory


class TestApproving(ApprovingStory):
    """A quarter of the shop leaves at once."""
