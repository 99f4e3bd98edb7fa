"""The stories of looking only, on the simulated shop."""

from tests.stories.observe import DryRunStory, ObserveStory


class TestDryRun(DryRunStory):
    """Both sides plan and do nothing."""


class TestObserve(ObserveStory):
    """The mode `observe`."""
