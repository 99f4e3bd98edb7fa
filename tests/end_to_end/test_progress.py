"""The story of the way back on the simulated shop."""

from tests.stories.progress import ProgressStory


class TestProgress(ProgressStory):
    """A small till."""
