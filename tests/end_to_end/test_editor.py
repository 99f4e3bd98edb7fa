"""The editor's story, on the simulated shop."""

from tests.stories.editor import EditorStory


class TestEditor(EditorStory):
    """The web team's work stays."""
