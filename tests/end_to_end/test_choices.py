"""The story of the merchant's choices, told to the simulated shop."""

from tests.stories.choices import ChoicesStory


class TestChoices(ChoicesStory):
    """Every choice, and back."""
