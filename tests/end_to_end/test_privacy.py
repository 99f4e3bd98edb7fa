"""The private story on the simulated shop."""

from tests.stories.privacy import PrivacyStory


class TestPrivacy(PrivacyStory):
    """Words that are nowhere else."""
