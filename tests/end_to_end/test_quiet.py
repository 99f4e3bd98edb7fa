"""The quiet story on the simulated shop."""

from tests.stories.quiet import QuietStory


class TestQuiet(QuietStory):
    """Difficult texts in two languages."""
