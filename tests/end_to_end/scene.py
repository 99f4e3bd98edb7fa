"""One till and one shop in step, with a counting proxy between: the scene of the policy's tests.

for scene in open_scene(folder, articles=4):
    scene.choose(mode="observe")
    scene.both()
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till, open_till, switch_internet
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
        """Take articles off the site, at the till."""
        with open_till(self.stage.till_path) as till:
            for key in range(1001 + start, 1001 + start + count):
                switch_internet(till, key, on=False)


def open_scene(folder: Path, articles: int) -> Iterator[Scene]:
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
