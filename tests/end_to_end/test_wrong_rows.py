"""The wrong rows' story on the simulated shop."""

from tests.stories.wrong_rows import WrongRowsStory


class TestWrongRows(WrongRowsStory):
    """Twelve wrong rows."""
