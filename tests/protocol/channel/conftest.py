"""Fixtures shared by the channels' tests."""

import pytest

from tests.protocol.channel.servers import Papers, make_papers


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return make_papers(tmp_path_factory.mktemp("papers"))
