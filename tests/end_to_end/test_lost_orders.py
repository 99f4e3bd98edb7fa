"""The till's database restored from yesterday's copy: both programs' real code, and the page.

Figures are by hand: the formula is not asked for them.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till, open_till, stock_of, web_orders
from pos_exporter.lost import lost_orders
from pos_exporter.settlements import settled
from pos_exporter.web.app import create_app
from pos_exporter.wiring import utc_now
from pos_exporter.wiring import wire as wire_exporter
from tests.commands import Play
from tests.pos_exporter.web.browser import ADDRESS, Till, read_page

KEY = "LOSTSHOPKEY000000000000000000001"
PAID, SHIPPED = 2, 4
#: A simple article of the small till, and how many it has.
SIMPLE, THERE = 1002, 10
MAIL = "camille@example.fr"


@dataclass
class Scene:
    """One shop, one till, both programs in step."""

    stage: Stage
    shop: Shop
    product: int

    def both(self, rounds: int = 1) -> None:
        for _ in range(rounds):
            self.stage.sync_till()
            self.stage.sync_shop()

    def buys(self, units: int = 1) -> int:
        order = self.shop.place_order(MAIL, [(self.product, 0, units)], state=PAID)
        self.stage.sync_shop()
        self.both(2)
        return order

    def figures(self) -> tuple[int, int]:
        """Return what the till and the site say there is."""
        with open_till(self.stage.till_path) as till:
            return stock_of(till, SIMPLE), self.shop.stock_of(self.product)

    def in_till(self) -> list[str]:
        """Return the references of the web orders in the till."""
        with open_till(self.stage.till_path) as till:
            return sorted(one.reference for one in web_orders(till))

    def references(self) -> list[str]:
        return sorted(str(row["reference"]) for row in self.shop.query("SELECT * FROM orders"))

    def lost(self) -> list[str]:
        with (
            wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            return sorted(one.reference for one in lost_orders(connection))

    def settled(self) -> int:
        with (
            wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            return len(settled(connection))

    def commands(self) -> Play:
        stage = self.stage
        environment = {**stage.environment, "COMPTOIR_LANG": "fr"}
        return Play(
            stage, self.shop, stage.exporter_wiring, stage.agent_wiring, environment=environment
        )

    @contextmanager
    def page(self) -> Iterator[FlaskClient]:
        """Give a browser on the shopkeeper's page."""
        secrets = iter(("session", "form-token"))
        with wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter:
            app = create_app(
                exporter.engine, clock=utc_now, start_sync=lambda: True,
                is_running=lambda: False, progress=lambda: None, token="once", robot=Till(),
                keys=exporter.link.keys, new_secret=lambda: next(secrets),
            )  # fmt: skip
            with app.test_client() as client:
                client.get("/?token=once", base_url=ADDRESS)
                yield client


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Shop(None, key=KEY) as shop, serve(shop) as server:
        stage = Stage.build(
            tmp_path / "stage",
            make_till=lambda path: build_small_till(path, articles=2, photos=0),
            place=FolderPlace(tmp_path / "place"),
            shop_url=server.url,
            shop_key=KEY,
        )
        stage.pair()
        stage.settle(3)
        [row] = shop.query("SELECT id FROM products WHERE reference LIKE '%-1002'")
        yield Scene(stage, shop, int(str(row["id"])))


@pytest.fixture
def restored(scene: Scene, tmp_path: Path) -> Scene:
    """Restore a backup after three orders more, one of them shipped and settled."""
    scene.buys(2)
    backup = tmp_path / "yesterday.sqlite"
    shutil.copy(scene.stage.till_path, backup)
    orders = [scene.buys() for _ in range(3)]
    scene.shop.set_state(orders[2], SHIPPED)
    scene.stage.sync_shop()
    scene.both(3)
    assert scene.settled() == 1
    assert scene.figures() == (THERE - 5, THERE - 5)
    shutil.copy(backup, scene.stage.till_path)
    assert scene.figures() == (THERE - 2, THERE - 5)
    return scene


def test_three_orders_are_lost_one_click_and_all_are_there_once(restored: Scene) -> None:
    scene = restored
    run = scene.stage.sync_till()
    assert (run.orders.lost, run.orders.imported, run.set_aside()) == (3, 0, 3)
    for full in (False, True):
        scene.stage.sync_shop(full=full)
        assert scene.figures() == (THERE - 2, THERE - 5)  # never oversold, the settled one included
        scene.stage.sync_till(full=full)
    assert len(scene.in_till()) == 1

    # The site goes on selling, and the till goes on taking orders.
    scene.buys()
    assert (len(scene.in_till()), scene.figures()) == (2, (THERE - 3, THERE - 6))
    lost = scene.lost()
    assert len(lost) == 3

    with scene.page() as client:
        for path in ("/", "/orders"):
            text = read_page(client.get(f"{path}?lang=fr", base_url=ADDRESS).text).text
            assert "La caisse a perdu 3 commandes" in text.replace("\u00a0", " ")
            assert all(reference in text for reference in lost)
        answer = client.post(
            "/orders/reimport", base_url=ADDRESS, data={"form_token": "form-token"}
        )
        assert answer.status_code == 303

    done = scene.stage.sync_till()
    assert (done.orders.imported, done.orders.lost) == (3, 0)
    assert scene.figures() == (THERE - 6, THERE - 6)
    for full in (False, True, False):
        scene.stage.sync_shop(full=full)
        assert scene.figures() == (THERE - 6, THERE - 6)
        again = scene.stage.sync_till(full=full)
        assert (again.orders.imported, again.orders.already, again.orders.lost) == (0, 0, 0)
    assert (scene.in_till(), scene.lost()) == (scene.references(), [])
    assert len(scene.references()) == 5
    assert scene.settled() == 1  # counted again, and settled again


def test_status_doctor_and_the_command_tell_and_mend_the_same(restored: Scene) -> None:
    play = restored.commands()
    run = play.pos("sync", "--json")
    assert (run.code, run.last["orders"]["lost"]) == (3, 3)
    status = play.pos("status", "--json")
    assert (status.last["state"], status.last["why"]) == ("action_required", "orders_lost")
    assert sorted(status.last["lost"]) == restored.lost()
    check = play.pos("doctor", "--json").check("T08")
    assert (check["state"], check["code"]) == ("attention", "E-POS-056")

    again = play.pos("orders", "reimport", "--json")
    assert (again.code, sorted(again.last["orders"])) == (0, sorted(status.last["lost"]))
    assert play.pos("sync", "--json").last["orders"]["imported"] == 3
    assert restored.in_till() == restored.references()
    assert play.pos("doctor", "--json").check("T08")["state"] == "ok"
    assert play.pos("orders", "reimport", "--json").last["orders"] == []


def test_a_fast_stock_run_alone_sees_it_too(restored: Scene) -> None:
    run = restored.stage.sync_till(only=("stock",))
    assert run.orders.lost == 3
    restored.stage.sync_shop(only_stock=True)
    assert restored.figures() == (THERE - 2, THERE - 5)


def test_the_picking_list_is_a_file(scene: Scene, tmp_path: Path) -> None:
    scene.buys(2)
    file = tmp_path / "preparation.csv"
    play = scene.commands()
    said = play.pos("orders", "picking", "--csv", str(file), "--json")
    assert (said.code, said.last["orders"], said.last["units"]) == (0, 1, 2)
    head, row = file.read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("Emplacement;Référence;")
    assert row.split(";")[0]  # the rayon and the famille that the till says
    assert row.split(";")[4:] == ["2", f"{scene.references()[0]} × 2"]
    assert MAIL not in file.read_text(encoding="utf-8-sig")
    missing = play.pos("orders", "picking", "--csv", str(tmp_path / "no" / "x.csv"), "--json")
    assert (missing.code, missing.codes) == (2, {"E-POS-038"})
