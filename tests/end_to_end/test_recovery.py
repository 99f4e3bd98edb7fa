"""A program that lost its memory finds its place again, and nothing happens twice."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till, open_till, sell, sellable_keys, stock_of, web_orders
from protocol.errors import ComptoirError
from shop_agent.errors import RecoveringError
from shop_agent.wiring import open_shop

KEY = "RECOVERYKEY000000000000000000001"


@dataclass(frozen=True)
class Scene:
    """One shop, one till, and both programs in step."""

    stage: Stage
    shop: Shop
    place: Path

    def products(self) -> dict[str, int]:
        """How many products bear each reference."""
        rows = self.shop.query("SELECT reference, COUNT(*) AS n FROM products GROUP BY reference")
        return {str(row["reference"]): int(str(row["n"])) for row in rows}

    def figures_agree(self) -> bool:
        """Whether the shop shows what the till has; every order is in the till by now."""
        with open_shop(self.stage.agent(), self.stage.agent_wiring) as webservice:
            rows = list(webservice.iter_all("stock_availables"))
        total = sum(
            row.whole("quantity")
            for row in rows
            if self._is_sellable(row.whole("id_product"), row.whole("id_product_attribute"))
        )
        with open_till(self.stage.till_path) as till:
            return total == sum(stock_of(till, key) for key in sellable_keys(till))

    def _is_sellable(self, product: int, combination: int) -> bool:
        have = self.shop.query("SELECT id FROM combinations WHERE id_product = ?", product)
        return combination != 0 or not have

    def rounds(self, times: int) -> None:
        for _ in range(times):
            self.stage.sync_till()
            try:
                self.stage.sync_shop(accept=("first-load",))
            except RecoveringError:
                continue


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    place = tmp_path / "place"
    with Shop(tmp_path / "shop.db", key=KEY) as shop, serve(shop) as server:
        stage = Stage.build(
            tmp_path / "stage",
            make_till=lambda path: build_small_till(path, photo_folder=path.parent / "photos"),
            place=FolderPlace(place),
            shop_url=server.url,
            shop_key=KEY,
        )
        stage.pair()
        made = Scene(stage, shop, place)
        made.rounds(4)
        product, combination = next(
            (int(str(row["id_product"])), int(str(row["id"])))
            for row in shop.query("SELECT id, id_product FROM combinations")
        )
        shop.place_order("camille@example.fr", [(product, combination, 1)])
        made.rounds(3)
        yield made


def test_the_undisturbed_scene_is_whole(scene: Scene) -> None:
    assert set(scene.products().values()) == {1}
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 1
    assert scene.figures_agree()


def test_an_agent_without_its_state_doubles_nothing(scene: Scene) -> None:
    before = scene.products()
    for file in (scene.stage.folder / "agent").glob("state.db*"):
        file.unlink()
    with pytest.raises(ComptoirError):
        scene.stage.sync_shop()
    assert scene.products() == before
    scene.rounds(4)
    assert scene.products() == before
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 1
        sell(till, sellable_keys(till)[0], 1)
    scene.rounds(2)
    assert scene.figures_agree()


def test_an_exporter_without_its_state_doubles_nothing(scene: Scene) -> None:
    before = scene.products()
    for file in (scene.stage.folder / "exporter").glob("state.db*"):
        file.unlink()
    scene.rounds(5)
    assert scene.products() == before
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 1
        sell(till, sellable_keys(till)[0], 1)
    scene.rounds(2)
    assert scene.figures_agree()


def test_a_restored_agent_recognises_that_its_state_is_old(scene: Scene) -> None:
    folder, backup = scene.stage.folder / "agent", scene.stage.folder / "backup"
    shutil.copytree(folder, backup)
    with open_till(scene.stage.till_path) as till:
        sell(till, sellable_keys(till)[0], 1)
    scene.rounds(3)
    before = scene.products()
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    with pytest.raises(RecoveringError):
        scene.stage.sync_shop()
    scene.rounds(4)
    assert scene.products() == before
    assert scene.figures_agree()
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 1
