"""One shop, one till and the shopkeeper's page, by one clock: the scene of the cases' tests.

for scene in open_scene(folder):
    scene.buys(3, BANK_WIRE)
    scene.both()
    scene.open()                          # what is open at the agent, by kind
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Connection

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till
from pos_exporter.cases import SiteCase, site_cases
from pos_exporter.web.app import create_app
from pos_exporter.wiring import wire as wire_exporter
from shop_agent.actions import Subject
from shop_agent.cases import CaseNow, open_cases
from shop_agent.wiring import wire as wire_agent
from tests.commands import Play
from tests.pos_exporter.web.browser import ADDRESS, Till, read_page

KEY = "CASESSHOPKEY00000000000000000001"
BANK_WIRE, PAID, SHIPPED, CANCELLED, REFUNDED = 10, 2, 4, 6, 7
#: A simple article of the small till, and how many it has.
SIMPLE, STOCK, THERE = 1002, "a:1002", 10
ARTICLE = Subject("article", "1002")
MAIL = "camille@example.fr"


@dataclass
class Clock:
    """One time for the shop and both programs; it moves when told."""

    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def later(self, **spans: float) -> None:
        self.now += timedelta(**spans)


@dataclass
class Scene:
    """One shop, one till, both programs in step, and the shopkeeper's page."""

    stage: Stage
    shop: Shop
    clock: Clock
    product: int = 0

    # --- the programs ------------------------------------------------------------------------

    def both(self) -> None:
        """Bring the till's word to the site, and the site's word to the till."""
        self.stage.sync_till()
        self.stage.sync_shop()
        self.stage.sync_till()

    # --- the site ----------------------------------------------------------------------------

    def buys(self, units: int, state: int = PAID, product: int | None = None) -> int:
        """Have somebody buy; return the order's id."""
        return self.shop.place_order(MAIL, [(product or self.product, 0, units)], state=state)

    def reference(self) -> str:
        """Return the simple article's reference on the site."""
        [row] = self.shop.query("SELECT reference FROM products WHERE id = ?", self.product)
        return str(row["reference"])

    def rename(self, reference: str) -> str:
        """Give the simple article another reference on the site, and no bar code."""
        before = self.reference()
        sql = "UPDATE products SET reference = ?, ean13 = '' WHERE id = ?"
        self.shop.execute(sql, reference, self.product)
        return before

    def shown(self) -> int:
        """Return what the site shows of the simple article."""
        return self.shop.stock_of(self.product)

    # --- what is open ------------------------------------------------------------------------

    def open(self) -> dict[str, CaseNow]:
        """Return what is open at the agent, by kind; one of each at the most."""
        with (
            wire_agent(self.stage.agent(), self.stage.agent_wiring) as agent,
            agent.engine.connect() as connection,
        ):
            found = open_cases(connection)
        assert len({one.wanted.about for one in found}) == len(found)
        return {one.wanted.about: one for one in found}

    def at_till(self) -> dict[str, SiteCase]:
        """Return what the till's side knows to be open, by kind."""
        with (
            wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            return {one.about: one for one in site_cases(connection)}

    @contextmanager
    def state(self) -> Iterator[Connection]:
        """Open the agent's state for a change by hand."""
        with (
            wire_agent(self.stage.agent(), self.stage.agent_wiring) as agent,
            agent.engine.begin() as connection,
        ):
            yield connection

    def commands(self) -> Play:
        """Return both command lines."""
        stage = self.stage
        environment = {**stage.environment, "COMPTOIR_LANG": "en"}
        return Play(
            stage, self.shop, stage.exporter_wiring, stage.agent_wiring, environment=environment
        )

    @contextmanager
    def page(self) -> Iterator[FlaskClient]:
        """Give a browser on the shopkeeper's page."""
        till, secrets = Till(), iter(("session", "form-token"))
        with wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter:
            app = create_app(
                exporter.engine, clock=self.clock, start_sync=till.start_sync,
                is_running=lambda: False, progress=lambda: None, token="once", robot=till,
                new_secret=lambda: next(secrets),
            )  # fmt: skip
            with app.test_client() as client:
                client.get("/?token=once", base_url=ADDRESS)
                yield client

    def click(self, about: str, verb: str) -> int:
        """Click a case's button on the page; return the answer's status."""
        with self.page() as client:
            forms = read_page(client.get("/cases", base_url=ADDRESS).text).all("input")
            fields = [(one["name"], one["value"] or "") for one in forms]
            groups = [dict(fields[n : n + 4]) for n in range(0, len(fields), 4)]
            [form] = [
                one for one in groups if one["key"].startswith(f"{about}/") and one["verb"] == verb
            ]
            return client.post("/cases/answer", base_url=ADDRESS, data=form).status_code


def paired_stage(folder: Path, url: str, clock: Callable[[], datetime]) -> Stage:
    """Return a small till in step with the shop at an address, both programs by one clock."""
    stage = Stage.build(
        folder / "stage",
        make_till=lambda path: build_small_till(path, articles=2, photos=0),
        place=FolderPlace(folder / "place"),
        shop_url=url,
        shop_key=KEY,
    )
    stage = replace(
        stage,
        exporter_wiring=replace(stage.exporter_wiring, clock=clock),
        agent_wiring=replace(stage.agent_wiring, clock=clock),
    )
    stage.pair()
    stage.settle(3)
    return stage


def open_scene(folder: Path) -> Iterator[Scene]:
    """Give a small till and a shop in step, both by one clock."""
    clock = Clock()
    with Shop(None, key=KEY, clock=clock) as shop, serve(shop) as server:
        made = Scene(paired_stage(folder, server.url, clock), shop, clock)
        [row] = shop.query("SELECT id FROM products WHERE reference LIKE '%-1002'")
        made.product = int(str(row["id"]))
        assert made.shown() == THERE
        yield made
