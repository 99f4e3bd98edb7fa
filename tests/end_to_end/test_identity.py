"""The story of who is who on the simulated shop."""

from tests.stories.identity import IdentityStory


class TestIdentity(IdentityStory):
    """Renamed, switched off and on."""
