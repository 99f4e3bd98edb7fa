"""The merchant's choices from the till's settings to the shop, and a person's yes to the rest."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from demo.till import (
    change_price,
    open_till,
    sell,
    sellable_keys,
    stock_of,
)
from pos_exporter.state import STATE as EXPORTER
from pos_exporter.wiring import wire as wire_exporter
from shop_agent.wiring import wire as wire_agent
from tests.end_to_end.scene import Scene, open_scene

ARTICLES, LEAVING, SOLD = 84, 22, 30


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Scene]:
    for scene in open_scene(tmp_path, ARTICLES):
        scene.both(accept=("first-load",))
        scene.both()
        yield scene


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Scene]:
    yield from open_scene(tmp_path, 4)


def test_a_quarter_of_the_shop_waits_while_thirty_sales_arrive(large: Scene) -> None:
    assert large.off() == 0
    large.switch_off(0, LEAVING)
    with open_till(large.stage.till_path) as till:
        keys = sellable_keys(till, online=True)[-SOLD:]
        after = {key: stock_of(till, key) - 1 for key in keys}
        for key in keys:
            sell(till, key)
    done = large.both()
    assert done.classes == {"deactivations": (LEAVING, ARTICLES)}
    assert done.counts == {"stock_availables": {"changed": SOLD}}
    assert large.off() == 0
    assert large.shown(keys) == after
    assert len(large.held()["deactivations"].examples) == 10

    large.approve("deactivations", LEAVING)
    large.both()
    assert large.off() == LEAVING
    assert large.held() == {}

    large.switch_off(LEAVING, LEAVING)
    assert large.both().classes == {"deactivations": (LEAVING, ARTICLES - LEAVING)}
    large.both(accept=("deactivations",))
    assert large.off() == 2 * LEAVING
    assert large.held() == {}


def test_one_price_by_a_hundred_is_set_aside_and_nothing_else(small: Scene) -> None:
    small.both(accept=("first-load",))
    small.both()
    with open_till(small.stage.till_path) as till:
        change_price(till, 1002, Decimal("0.49"))
        change_price(till, 1004, Decimal("61.00"))
    done = small.both()
    assert done.classes == {"price/article/1002": (1, 1)}
    written = {write.resource for write in small.proxy.writes()}
    assert written == {"products"}
    assert done.counts["products"] == {"changed": 1}
    small.approve("price/article/1002", 1)
    small.both()
    assert [write.fields["price"] for write in small.proxy.writes()] == ["0.408333"]


def test_observe_touches_nothing_and_reads_the_orders(small: Scene) -> None:
    small.choose(mode="observe")
    before = small.checksums()
    done = small.both(full=True)
    assert small.checksums() == before
    assert {one.method for one in small.proxy.requests()} <= {"GET", "HEAD"}
    assert any(one.resource == "orders" for one in small.proxy.requests())
    assert done.planned["products"] == {"created": 4}
    small.choose()
    small.both(accept=("first-load",))
    assert len(small.shop.query("SELECT id FROM products")) == 4


def test_the_sites_settings_lock_what_the_till_says(small: Scene) -> None:
    path = small.stage.agent_file
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(settings | {"policy": {"mode": "stock"}}), encoding="utf-8")
    done = small.both(accept=("first-load",))
    assert (done.mode, done.counts) == ("stock", {})
    assert small.shop.query("SELECT id FROM products") == []


def test_what_is_held_is_said_again_when_the_till_may_have_forgotten(small: Scene) -> None:
    small.both(accept=("first-load",))
    small.both()
    with open_till(small.stage.till_path) as till:
        change_price(till, 1002, Decimal("0.49"))
    small.both()
    small.stage.sync_till()
    assert small.known_at_till() == {"price/article/1002": 1}
    with (
        wire_exporter(small.stage.exporter(), small.stage.exporter_wiring) as exporter,
        exporter.engine.begin() as connection,
    ):
        connection.execute(EXPORTER.held_class.delete())
    with (
        wire_agent(small.stage.agent(), small.stage.agent_wiring) as agent,
        agent.engine.begin() as connection,
    ):
        agent.link.outbox.open_epoch(connection, "answers", nonce=None)
    small.stage.sync_shop()
    small.stage.sync_till()
    assert small.known_at_till() == {"price/article/1002": 1}
