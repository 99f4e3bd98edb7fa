"""Photos reach the shop once, whatever is lost afterwards.

Eighty by default; `COMPTOIR_WHOLE=yes` takes five hundred.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till
from protocol.errors import ComptoirError
from shop_agent.errors import RecoveringError
from tests.equipment.counting_proxy import CountingProxy

KEY = "PHOTOSSHOPKEY0000000000000000001"
ARTICLES, EACH = 250 if os.environ.get("COMPTOIR_WHOLE") == "yes" else 40, 2


def draw(path: Path, number: int) -> None:
    """Write a small picture of four colours, another one for each number."""
    picture = Image.new("RGB", (160, 160), (number % 8 * 32, number // 8 % 8 * 32, 40))
    picture.paste((number // 64 % 8 * 32, 90, 200), (0, 0, 80, 80))
    picture.paste((30, number * 7 % 8 * 32, 120), (80, 80, 160, 160))
    picture.save(path, "JPEG", quality=90)


def build_till(path: Path) -> None:
    """Write a till of simple articles, each with two photos."""
    folder = path.parent / "photos"
    build_small_till(path, articles=ARTICLES, photos=0, photo_folder=folder)
    with closing(sqlite3.connect(path)) as till, till:
        till.execute("DELETE FROM DECLINAISON")
        till.execute("DELETE FROM STOCK")
        articles = [row[0] for row in till.execute("SELECT ID_ART FROM ARTICLE ORDER BY ID_ART")]
        for number, article in enumerate(articles):
            for rank in range(1, EACH + 1):
                name = f"{article}-{rank}.jpg"
                draw(folder / name, number * EACH + rank)
                cells = (article, rank, name)
                till.execute("INSERT INTO PHOTO (ID_ART, RANG, FICHIER) VALUES (?, ?, ?)", cells)


@dataclass(frozen=True)
class Scene:
    """One till and one shop, and a proxy between them that counts."""

    stage: Stage
    shop: Shop
    proxy: CountingProxy

    def rounds(self, times: int, *, full: bool = False) -> None:
        for _ in range(times):
            self.stage.sync_till()
            try:
                self.stage.sync_shop(full=full, accept=("first-load",))
            except RecoveringError:
                continue

    def uploads(self) -> int:
        """How many photos were sent since the last look."""
        seen = [one for one in self.proxy.requests() if one.resource.startswith("images/products/")]
        self.proxy.clear()
        return sum(one.method == "POST" and "ps_method" not in one.target for one in seen)

    def images(self) -> Counter[str]:
        """How many images each product has."""
        rows = self.shop.query("SELECT id_product FROM product_images")
        return Counter(str(row["id_product"]) for row in rows)

    def lose(self, program: str) -> None:
        for file in (self.stage.folder / program).glob("state.db*"):
            file.unlink()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with (
        Shop(tmp_path / "shop.db", key=KEY) as shop,
        serve(shop) as server,
        CountingProxy(server.url) as proxy,
    ):
        stage = Stage.build(
            tmp_path / "stage", make_till=build_till, place=FolderPlace(tmp_path / "place"),
            shop_url=proxy.url, shop_key=KEY,
        )  # fmt: skip
        stage.pair()
        yield Scene(stage, shop, proxy)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_photo_is_sent_once(scene: Scene) -> None:
    scene.rounds(5)
    assert scene.uploads() == ARTICLES * EACH
    assert set(scene.images().values()) == {EACH}

    scene.rounds(2, full=True)
    scene.lose("exporter")  # it begins a new epoch, and says everything again
    scene.rounds(5)
    assert scene.uploads() == 0

    draw(scene.stage.folder / "photos" / "1001-1.jpg", 4000)
    scene.rounds(3)
    assert scene.uploads() == 1

    scene.lose("agent")
    with pytest.raises(ComptoirError):
        scene.stage.sync_shop()
    scene.rounds(5)
    assert scene.uploads() == 0
    assert set(scene.images().values()) == {EACH}
