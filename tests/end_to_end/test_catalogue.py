"""The catalogue's story on the simulated shop."""

from tests.stories.catalogue import CatalogueStory


class TestCatalogue(CatalogueStory):
    """Thirty models."""

    models = 30
