"""The stories of "why is it not online?", on the simulated shop."""

from tests.stories.whys import ShownStory, WhysStory


class TestWhys(WhysStory):
    """From the till to the site."""


class TestShown(ShownStory):
    """At the site."""
