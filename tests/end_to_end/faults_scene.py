"""One small till and one shop in step: the scene of the faults that a second reading found.

with open_scene(folder) as scene:
    scene.act(sell, RED, 1)
    scene.both()
    scene.figure(RED)                     # what the site shows
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from demo.prestashop import Shop, serve
from demo.prestashop.versions import DEFAULT
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till, open_till, web_orders
from pos_exporter.exporter import ExportReport
from pos_exporter.state import STATE as EXPORTER
from pos_exporter.wiring import wire as wire_exporter
from protocol.errors import ComptoirError
from shop_agent.errors import RecoveringError
from shop_agent.report import Report
from tests.stories.shopfront import SeenProduct
from tests.stories.simulated import SimulatedShopfront

KEY = "FAULTSFOUNDKEY000000000000000001"
#: Sellables of the small till: of article 1001, of 1002, which is simple, and of 1003.
RED, SIMPLE, OTHER = 100101, 1002, 100301
AWAITING_CHEQUE, PAID, CANCELLED = 1, 2, 6


@dataclass(frozen=True)
class Scene:
    """One till and one shop in step, the two programs between them."""

    stage: Stage
    shop: Shop
    front: SimulatedShopfront

    def both(self, *, full: bool = False) -> tuple[ExportReport, Report]:
        return self.stage.sync_till(), self.stage.sync_shop(full=full, accept=("first-load",))

    def broken_pass(self) -> None:
        """Run the agent while the shop fails in its midst."""
        with pytest.raises(ComptoirError):
            self.stage.sync_shop()
        self.shop.faults.clear()

    def recover(self, rounds: int = 5) -> None:
        for _ in range(rounds):
            self.stage.sync_till()
            try:
                self.stage.sync_shop(accept=("first-load",))
            except RecoveringError:
                continue

    def at_the_till(self, sql: str, *values: object) -> None:
        with open_till(self.stage.till_path) as till, till:
            till.execute(sql, values)

    def act(self, act: Callable[..., object], *values: object, **named: object) -> None:
        with open_till(self.stage.till_path) as till:
            act(till, *values, **named)

    def reference(self, article: int) -> str:
        with open_till(self.stage.till_path) as till:
            [reference] = till.execute(
                "SELECT REF FROM ARTICLE WHERE ID_ART = ?", (article,)
            ).fetchone()
        return str(reference)

    def product(self, article: int) -> SeenProduct:
        [product] = self.front.products([self.reference(article)])
        return product

    def place(self, key: int) -> tuple[int, int]:
        """Return the (product, combination) of a sellable key."""
        with open_till(self.stage.till_path) as till:
            sql = "SELECT ID_ART, ID_DECL, REF FROM VENDABLE WHERE CLE = ?"
            article, variant, reference = till.execute(sql, (key,)).fetchone()
        product = self.product(article)
        if variant is None:
            return product.id, 0
        [shown] = [one for one in product.variants if one.reference == reference]
        return product.id, shown.id

    def figure(self, key: int) -> int:
        """Return what the site shows of a sellable key."""
        return self.shop.stock_of(*self.place(key))

    def buy(self, key: int, units: int, *, state: int = PAID) -> int:
        line = (*self.place(key), units)
        return self.shop.place_order("camille@example.fr", [line], state=state)

    def writes(self) -> list[tuple[str, str]]:
        """Return (method, path) of every write since the log was cleared."""
        return [(r.method, r.path) for r in self.shop.requests() if r.method != "GET"]

    def quiet(self, *, full: bool = True) -> list[tuple[str, str]]:
        """Run both programs; return what was written."""
        self.shop.clear_requests()
        self.both(full=full)
        return self.writes()

    def fates(self) -> dict[tuple[str, str], str]:
        """Return what the till knows of the fate of its facts."""
        with (
            wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            rows = connection.execute(select(EXPORTER.fate)).all()
        return {(row.kind, row.key): row.state for row in rows}


@contextmanager
def open_scene(folder: Path, version: str = DEFAULT) -> Iterator[Scene]:
    """Give a small till and a shop of some version, in step."""
    with Shop(None, key=KEY, version=version) as shop, serve(shop) as server:
        stage = Stage.build(
            folder / "stage",
            make_till=lambda path: build_small_till(
                path, articles=6, photos=1, photo_folder=path.parent / "photos"
            ),
            place=FolderPlace(folder / "place"),
            shop_url=server.url,
            shop_key=KEY,
        )
        stage.pair()
        made = Scene(stage, shop, SimulatedShopfront(shop, server.url))
        for _ in range(3):
            made.both()
        yield made


def web_orders_of(scene: Scene) -> int:
    """Return how many web orders the till has."""
    with open_till(scene.stage.till_path) as till:
        return len(web_orders(till))
