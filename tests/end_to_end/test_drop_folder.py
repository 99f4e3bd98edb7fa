"""Both programs and a till that reads a folder: a day unread, a trace, no trace, deleted by hand.

The site keeps the units of every order all the while, and the till has each order once.
"""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from demo.till import open_till, stock_of, web_orders
from pos_exporter.orders_answers import OrderTold, Word, answer_order, orders_told
from pos_exporter.state import STATE
from pos_exporter.wiring import Wiring as ExporterWiring
from pos_exporter.wiring import wire as wire_exporter
from shop_agent.state import STATE as AGENT
from shop_agent.wiring import Wiring as AgentWiring
from shop_agent.wiring import wire as wire_agent
from tests.end_to_end.scene import Scene, open_scene
from tests.stories.shopper import Buyer, Shopper
from tests.stories.simulated import SimulatedShopfront

KEY = 100101
FILES = {
    "mode": "drop_folder",
    "formats": {"decimal": ",", "date": "%d/%m/%Y %H:%M"},
    "files": {
        "done_folder": "TRAITE",
        "csv": {
            "encoding": "cp1252",
            "rows": [
                {"columns": {"T": {"const": "E"}, "UID": "order_uid", "REF": "order_reference"}},
                {"foreach": "lines",
                 "columns": {"T": {"const": "L"}, "CLE": "sellable_key", "QTE": "quantity"}},
            ],
        },
    },
}  # fmt: skip


@dataclass
class World:
    """A scene whose till reads a folder, and whose clocks a test moves."""

    scene: Scene
    folder: Path
    now: datetime

    def both(self, **later: float) -> None:
        """Run agent, exporter, agent, some time later."""
        self.now += timedelta(**later)
        self.scene.stage.sync_shop()
        self.scene.stage.sync_till()
        self.scene.stage.sync_shop()

    def buy(self, buyer: Buyer, units: int) -> None:
        """Buy pairs of one size."""
        with open_till(self.scene.stage.till_path) as till:
            sql = "SELECT A.REF, V.REF FROM VENDABLE V JOIN ARTICLE A ON A.ID_ART = V.ID_ART"
            reference, own = till.execute(f"{sql} WHERE V.CLE = ?", (KEY,)).fetchone()
        [product] = buyer.front.products([reference])
        [size] = [one for one in product.variants if one.reference == own]
        buyer.buy([(product.id, size.id, units)])

    def read(self, *, leave_trace: bool) -> None:
        """Have the till read what lies in the folder."""
        for path in self.files():
            text = path.read_bytes().decode("cp1252")
            with open_till(self.scene.stage.till_path) as till, till:
                for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
                    if row[0] == "E":
                        order = till.execute(
                            "INSERT INTO COMMANDE_WEB (REF_WEB, REF_CDE) VALUES (?, ?)", row[1:]
                        ).lastrowid
                        continue
                    till.execute(
                        "INSERT INTO LIGNE_COMMANDE_WEB (ID_CDE, ID_ART, ID_DECL, QTE) "
                        "SELECT ?, ID_ART, ID_DECL, ? FROM VENDABLE WHERE CLE = ?",
                        (order, row[2], row[1]),
                    )
            if leave_trace:
                (self.folder / "TRAITE").mkdir(exist_ok=True)
                path.rename(self.folder / "TRAITE" / path.name)
            else:
                path.unlink()

    def files(self) -> list[Path]:
        """Return what lies in the folder."""
        return sorted(path for path in self.folder.iterdir() if path.is_file())

    def figures(self) -> tuple[int, int]:
        """Return how many pairs till and site say there are."""
        with open_till(self.scene.stage.till_path) as till:
            return stock_of(till, KEY), self.scene.shown([KEY])[KEY]

    def entered(self) -> list[str]:
        """Return the references of the till's web orders; one that entered twice is there twice."""
        with open_till(self.scene.stage.till_path) as till:
            return [one.reference for one in web_orders(till)]

    def open_orders(self) -> list[OrderTold]:
        """Return what waits at the till's end."""
        stage = self.scene.stage
        with (
            wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            return list(orders_told(connection))

    def answer(self, reference: str, word: Word) -> None:
        """Say a person's word."""
        stage = self.scene.stage
        with (
            wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
            exporter.engine.begin() as connection,
        ):
            answer_order(connection, reference, word, self.now)

    def evidence(self) -> list[str]:
        """Return by what the till's end knows of each order."""
        stage = self.scene.stage
        with (
            wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            table = STATE.web_order
            query = select(table.c.evidence).order_by(table.c.shop_id)
            return [row.evidence for row in connection.execute(query)]

    def notices(self) -> set[str]:
        """Return the codes of what the till's page tells of the folder."""
        stage = self.scene.stage
        with (
            wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            told = exporter.link.notices.all(connection)
            return {one.problem.code for one in told if one.problem.code.startswith("E-INT")}

    def known_at_site(self) -> set[str]:
        """Return the fates that the site's end has of its orders."""
        stage = self.scene.stage
        with (
            wire_agent(stage.agent(), stage.agent_wiring) as agent,
            agent.engine.connect() as connection,
        ):
            return {row.fate for row in connection.execute(select(AGENT.web_order.c.fate))}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    for scene in open_scene(tmp_path, articles=1):
        yield _made(scene, tmp_path / "import")


def _made(scene: Scene, folder: Path) -> World:
    folder.mkdir()
    mapping = scene.stage.folder / "mapping.yaml"
    told = yaml.safe_load(mapping.read_text(encoding="utf-8"))
    whole = yaml.safe_dump({**told, "write_back": FILES}, sort_keys=False)  # columns in order
    mapping.write_text(whole, encoding="utf-8")
    settings = yaml.safe_load(scene.stage.exporter_file.read_text(encoding="utf-8"))
    del settings["till"]["write_url"]
    settings["till"]["write_folder"] = str(folder)
    scene.stage.exporter_file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    made = World(scene, folder, datetime.now(UTC).replace(microsecond=0))
    environment = {**os.environ, **scene.stage.environment}
    stage = replace(
        scene.stage,
        exporter_wiring=ExporterWiring(clock=lambda: made.now, environment=environment),
        agent_wiring=AgentWiring(clock=lambda: made.now),
    )
    made.scene = replace(scene, stage=stage)
    stage.settle(2)
    return made


def test_a_day_unread_then_a_trace_no_trace_and_a_hand(world: World) -> None:
    start, shown = world.figures()
    assert start == shown >= 4
    front = SimulatedShopfront(world.scene.shop, world.scene.proxy.url)
    buyer = Shopper(front).register("zoe@example.com", "Zoé", "Durand")

    # A day without anybody reading: told, kept, not repeated.
    world.buy(buyer, 1)
    for _ in range(5):
        world.both(hours=5)
        assert (world.figures(), len(world.files())) == ((start, start - 1), 1)
    [unread] = world.open_orders()
    assert unread.problem is not None
    assert (unread.state, unread.problem.code) == ("waiting", "E-INT-010")
    assert world.known_at_site() == {"waiting"}
    assert world.notices() == {"E-INT-010"}

    # Read, and moved aside.
    world.read(leave_trace=True)
    world.both(minutes=5)
    assert world.figures() == (start - 1, start - 1)
    assert world.open_orders() == []
    assert world.known_at_site() == {"imported"}
    assert world.notices() == set()

    # Read without a trace: the till's own count of web orders tells.
    world.buy(buyer, 1)
    world.both(minutes=5)
    world.read(leave_trace=False)
    world.both(minutes=5)
    assert world.figures() == (start - 2, start - 2)
    assert world.evidence() == ["done", "counted"]

    # Deleted by hand: a doubt, the units stay kept, and a person has it sent again.
    world.buy(buyer, 1)
    world.both(minutes=5)
    [file] = world.files()
    file.unlink()
    for _ in range(3):
        world.both(hours=8)
        [doubt] = world.open_orders()
        assert doubt.problem is not None
        assert (doubt.state, doubt.problem.code) == ("doubt", "E-INT-012")
        assert (world.figures(), world.files()) == ((start - 2, start - 3), [])
    world.answer(doubt.reference, "resend")
    world.both(minutes=5)
    world.read(leave_trace=True)
    world.both(minutes=5)
    assert world.figures() == (start - 3, start - 3)
    assert world.open_orders() == []
    assert len(world.entered()) == len(set(world.entered())) == 3


def test_an_order_that_comes_some_runs_after_the_recovery_is_not_handed_over_again(
    world: World,
) -> None:
    front = SimulatedShopfront(world.scene.shop, world.scene.proxy.url)
    world.buy(Shopper(front).register("zoe@example.com", "Zoé", "Durand"), 1)
    world.both(minutes=5)
    world.read(leave_trace=False)
    world.both(minutes=5)
    assert (len(world.entered()), world.files()) == (1, [])
    for file in (world.scene.stage.folder / "exporter").glob("state.db*"):
        file.unlink()
    world.scene.stage.sync_till()  # asks for all anew
    world.scene.stage.sync_shop()
    world.scene.stage.sync_till()  # the position is proven, and the orders are still to come
    for _ in range(3):
        world.both(minutes=5)
        assert world.files() == []
    assert (len(world.entered()), world.open_orders()) == (1, [])
