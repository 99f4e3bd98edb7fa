"""Settlements and the baseline survive a lost state on either side."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till, open_till, sell, stock_of, web_orders
from pos_exporter.state import STATE as EXPORTER
from pos_exporter.wiring import wire as wire_exporter
from protocol.errors import ComptoirError
from shop_agent.errors import RecoveringError
from shop_agent.orders.positions import get_baseline
from shop_agent.state import STATE as AGENT
from shop_agent.wiring import wire as wire_agent

KEY = "SETTLINGKEY000000000000000000001"
SHOE, SHIPPED = 100101, 4


class Scene:
    """One shop and one till in step, with one old order at pairing and one settled since."""

    def __init__(self, stage: Stage, shop: Shop) -> None:
        self.stage = stage
        self.shop = shop

    def rounds(self, times: int) -> None:
        for _ in range(times):
            self.stage.sync_till()
            try:
                self.stage.sync_shop(accept=("first-load",))
            except RecoveringError:
                continue

    def place(self) -> tuple[int, int]:
        with open_till(self.stage.till_path) as till:
            sql = "SELECT REF FROM VENDABLE WHERE CLE = ?"
            [reference] = till.execute(sql, (SHOE,)).fetchone()
        [row] = self.shop.query(
            "SELECT id, id_product FROM combinations WHERE reference = ?", reference
        )
        return int(str(row["id_product"])), int(str(row["id"]))

    def figures(self) -> tuple[int, int]:
        with open_till(self.stage.till_path) as till:
            return stock_of(till, SHOE), self.shop.stock_of(*self.place())

    def settled(self) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
        """Return what is settled at (the till's side, the shop's side)."""
        stage = self.stage
        with (
            wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
            wire_agent(stage.agent(), stage.agent_wiring) as agent,
            exporter.engine.connect() as till_side,
            agent.engine.connect() as shop_side,
        ):
            found = (
                till_side.execute(select(EXPORTER.settlement.c.units)).scalars().all(),
                shop_side.execute(select(AGENT.settlement.c.units)).scalars().all(),
            )
        till_has, shop_has = ([json.loads(text) for text in texts] for texts in found)
        return till_has, shop_has

    def baseline(self) -> int:
        stage = self.stage
        with (
            wire_agent(stage.agent(), stage.agent_wiring) as agent,
            agent.engine.connect() as connection,
        ):
            return get_baseline(connection).up_to

    def lose(self, program: str) -> None:
        for file in (self.stage.folder / program).glob("state.db*"):
            file.unlink()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Shop(tmp_path / "shop.db", key=KEY, fixtures=True) as shop, serve(shop) as server:
        stage = Stage.build(
            tmp_path / "stage",
            make_till=lambda path: build_small_till(path, articles=3, photos=0),
            place=FolderPlace(tmp_path / "place"),
            shop_url=server.url,
            shop_key=KEY,
        )
        stage.pair(baseline="all")
        made = Scene(stage, shop)
        made.rounds(3)
        product, combination = made.place()
        order = shop.place_order("camille@example.fr", [(product, combination, 2)])
        made.rounds(2)
        shop.set_state(order, SHIPPED)
        made.rounds(3)
        yield made


def test_the_undisturbed_scene_is_settled(scene: Scene) -> None:
    till_has, shop_has = scene.settled()
    assert till_has == shop_has == [{f"v:{SHOE}": 2}]
    assert scene.figures() == (2, 2)


@pytest.mark.parametrize("program", ["agent", "exporter"])
def test_a_lost_state_is_given_back_by_the_other_side(scene: Scene, program: str) -> None:
    before, baseline = scene.settled(), scene.baseline()
    assert baseline > 0
    scene.lose(program)
    if program == "agent":
        with pytest.raises(ComptoirError):  # it knows no baseline, and asks the till first
            scene.stage.sync_shop()
    scene.rounds(5)
    assert scene.settled() == before
    assert scene.baseline() == baseline
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 1
        sell(till, SHOE, 1)
    scene.rounds(2)
    assert scene.figures() == (1, 1)
