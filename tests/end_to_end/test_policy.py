"""The merchant's choices from the till's settings to the shop, and a person's yes to the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import (
    build_small_till,
    change_price,
    open_till,
    sell,
    sellable_keys,
    stock_of,
    switch_internet,
)
from pos_exporter.approvals import SHRUNKEN
from pos_exporter.state import STATE as EXPORTER
from pos_exporter.wiring import wire as wire_exporter
from protocol.records import Approval
from shop_agent.held import HeldNow, held_classes
from shop_agent.report import Report
from shop_agent.wiring import wire as wire_agent
from tests.equipment.counting_proxy import CountingProxy
from tests.stories.simulated import SimulatedShopfront

KEY = "POLICYSHOPKEY0000000000000000001"
ARTICLES, LEAVING, SOLD = 84, 22, 30


@dataclass(frozen=True)
class Scene:
    """One till and one shop in step, a counting proxy before the shop."""

    stage: Stage
    shop: Shop
    proxy: CountingProxy

    def both(self, *, accept: tuple[str, ...] = (), full: bool = False) -> Report:
        """Run the exporter, whatever it lost, then the agent."""
        self.stage.sync_till(accept=(SHRUNKEN,))
        self.proxy.clear()
        return self.stage.sync_shop(accept=accept, full=full)

    def choose(self, **choices: Any) -> None:
        """Change the merchant's choices in the exporter's settings file."""
        path = self.stage.exporter_file
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        settings["policy"] = choices
        path.write_text(yaml.safe_dump(settings), encoding="utf-8")

    def approve(self, key: str, up_to: int) -> None:
        """Say yes at the till: the approval travels in the till's next packet."""
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
        approval = Approval(key=key, up_to=up_to, until=until)
        with (
            wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter,
            exporter.engine.begin() as connection,
        ):
            exporter.link.outbox.queue(connection, [approval])

    def held(self) -> dict[str, HeldNow]:
        """Return the classes that the agent holds, by key."""
        with (
            wire_agent(self.stage.agent(), self.stage.agent_wiring) as agent,
            agent.engine.connect() as connection,
        ):
            return {one.key: one for one in held_classes(connection)}

    def known_at_till(self) -> dict[str, int]:
        """Return how many changes of each class the till knows to be held."""
        with (
            wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            rows = connection.execute(select(EXPORTER.held_class)).mappings()
            return {row["key"]: row["changes"] for row in rows}

    def off(self) -> int:
        """Return how many products are off."""
        return len(self.shop.query("SELECT id FROM products WHERE active = '0'"))

    def checksums(self) -> dict[str, int]:
        """Return a checksum of every table of the shop."""
        names = self.shop.query("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            str(row["name"]): hash(
                tuple(str(dict(one)) for one in self.shop.query(f"SELECT * FROM {row['name']}"))  # noqa: S608 - its names
            )
            for row in names
        }

    def shown(self, keys: list[int]) -> dict[int, int]:
        """Return what the site shows of some sellables, by key of the till."""
        front = SimulatedShopfront(self.shop, self.proxy.url)
        shown = {}
        with open_till(self.stage.till_path) as till:
            sql = (
                "SELECT a.REF, v.ID_DECL, v.REF FROM VENDABLE v "
                "JOIN ARTICLE a ON a.ID_ART = v.ID_ART WHERE v.CLE = ?"
            )
            for key in keys:
                reference, variant, own = till.execute(sql, (key,)).fetchone()
                [product] = front.products([reference])
                sizes = {one.reference: one.stock for one in product.variants}
                shown[key] = product.stock if variant is None else sizes[own]
        return shown

    def switch_off(self, start: int, count: int) -> None:
        with open_till(self.stage.till_path) as till:
            for key in range(1001 + start, 1001 + start + count):
                switch_internet(till, key, on=False)


def _open(folder: Path, articles: int) -> Iterator[Scene]:
    with (
        Shop(None, key=KEY) as shop,
        serve(shop) as server,
        CountingProxy(server.url) as proxy,
    ):
        stage = Stage.build(
            folder / "stage",
            make_till=lambda path: build_small_till(path, articles=articles, photos=0),
            place=FolderPlace(folder / "place"),
            shop_url=proxy.url,
            shop_key=KEY,
        )
        stage.pair()
        yield Scene(stage, shop, proxy)


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Scene]:
    for scene in _open(tmp_path, ARTICLES):
        scene.both(accept=("first-load",))
        scene.both()
        yield scene


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Scene]:
    yield from _open(tmp_path, 4)


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
