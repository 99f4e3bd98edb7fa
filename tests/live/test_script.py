"""The long script, spoken to the real shop and to the simulator by the same code, and compared.

The shop must be freshly installed: a second run finds the first one's customers.
`COMPTOIR_RECORD=yes` keeps the digests of its answers for the tests that run without it.
"""

import os
import time
from collections.abc import Iterator

import pytest
import requests
from sqlalchemy import Connection, Engine, create_engine, text

from demo.prestashop.versions import DEFAULT, NUMBERS
from tests.contracts.shop.asking import words
from tests.contracts.shop.differences import differences, weigh
from tests.contracts.shop.expected import missed, record
from tests.contracts.shop.known import KNOWN_BY_VERSION
from tests.contracts.shop.runner import Heard, Target, run_script
from tests.contracts.shop.simulated import KEYS, speak_to_simulator
from tests.contracts.shop_script import KNOWN_DIFFERENCES, RESTRICTED, STEPS
from tests.stories.real import real_shopfront
from tests.stories.shopfront import Shopfront

pytestmark = [pytest.mark.live, pytest.mark.timeout(1200)]

_KEYS = {name: key for name, key in KEYS.items() if name != "full"}
_TICK = 1.1  # the shop writes dates to the second


@pytest.fixture(scope="module")
def database() -> Iterator[Engine]:
    """The real shop's database."""
    engine = create_engine(os.environ["COMPTOIR_SHOP_DB"])
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def version() -> str:
    """The real shop's version; one that is not simulated is held against the usual one."""
    url, auth = os.environ["COMPTOIR_SHOP_URL"], (os.environ["COMPTOIR_SHOP_KEY"], "")
    answer = requests.get(f"{url.rstrip('/')}/api/languages", auth=auth, timeout=60)
    return answer.headers["PSWS-Version"]


@pytest.fixture(scope="module")
def front() -> Iterator[Shopfront]:
    """The real shop, for what is done in its back office."""
    names = ("COMPTOIR_SHOP_URL", "COMPTOIR_SHOP_KEY", "COMPTOIR_SHOP_DB")
    with real_shopfront(*(os.environ[name] for name in names)) as shop:
        yield shop


@pytest.fixture(scope="module")
def target(database: Engine, front: Shopfront, version: str) -> Iterator[Target]:
    """The real shop, with the two keys that may not do everything."""
    with database.begin() as connection:
        _remove_keys(connection)
        for name, key in _KEYS.items():
            _add_key(connection, key, active=name != "disabled")
    keys = {**_KEYS, "full": os.environ["COMPTOIR_SHOP_KEY"]}
    url = os.environ["COMPTOIR_SHOP_URL"].rstrip("/")
    yield Target(url, keys, lambda: time.sleep(_TICK), front, words(version))
    with database.begin() as connection:
        _remove_keys(connection)


def _add_key(connection: Connection, key: str, active: bool) -> None:
    sql = (
        "INSERT INTO ps_webservice_account (`key`, description, class_name, is_module, active)"
        " VALUES (:key, 'script', 'WebserviceRequest', 0, :active)"
    )
    account = connection.execute(text(sql), {"key": key, "active": int(active)}).lastrowid
    sql = "INSERT INTO ps_webservice_account_shop VALUES (:account, 1)"
    connection.execute(text(sql), {"account": account})
    sql = (
        "INSERT INTO ps_webservice_permission (resource, method, id_webservice_account)"
        " VALUES (:resource, :method, :account)"
    )
    for resource, methods in RESTRICTED.items():
        for method in methods:
            row = {"resource": resource, "method": method, "account": account}
            connection.execute(text(sql), row)


def _remove_keys(connection: Connection) -> None:
    for key in _KEYS.values():
        sql = "SELECT id_webservice_account FROM ps_webservice_account WHERE `key` = :key"
        for (account,) in connection.execute(text(sql), {"key": key}).all():
            for table in ("permission", "account_shop", "account"):
                sql = f"DELETE FROM ps_webservice_{table} WHERE id_webservice_account = :account"  # noqa: S608 - our own table names
                connection.execute(text(sql), {"account": account})


@pytest.fixture(scope="module")
def real(target: Target, version: str) -> list[Heard]:
    """All that the real shop answers to the script."""
    heard = run_script(target, STEPS)
    if os.environ.get("COMPTOIR_RECORD") == "yes":
        record(heard, version)
    return heard


def test_every_step_ends_as_it_says(real: list[Heard], version: str) -> None:
    if version != DEFAULT:
        pytest.skip(f"the steps say what {DEFAULT} answers")
    assert missed(real) == []


def test_the_simulator_answers_as_the_real_shop(real: list[Heard], version: str) -> None:
    simulated = version if version in NUMBERS else DEFAULT
    found = differences(real, speak_to_simulator(STEPS, RESTRICTED, version=simulated))
    unlisted, unseen = weigh(found, KNOWN_BY_VERSION.get(version, KNOWN_DIFFERENCES))
    assert [str(one) for one in unlisted] == []
    assert unseen == []
