"""A MariaDB server for the writers that need one."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import URL

from tests.equipment.mariadb import mariadb, require_mariadb


@pytest.fixture(scope="session")
def mariadb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    require_mariadb()
    with mariadb(tmp_path_factory.mktemp("mariadb")) as url:
        yield url
