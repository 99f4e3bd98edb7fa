"""Faults that a second reading found, each as it would meet a shop; none may come back."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from PIL import Image
from sqlalchemy import select

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import (
    build_small_till,
    cancel_web_order,
    change_price,
    change_variant_price,
    move_family,
    open_till,
    receive_goods,
    sell,
    switch_internet,
    web_orders,
)
from pos_exporter.export import ExportReport
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
_CENT = Decimal("0.01")


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


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with Shop(None, key=KEY) as shop, serve(shop) as server:
        stage = Stage.build(
            tmp_path / "stage",
            make_till=lambda path: build_small_till(
                path, articles=6, photos=1, photo_folder=path.parent / "photos"
            ),
            place=FolderPlace(tmp_path / "place"),
            shop_url=server.url,
            shop_key=KEY,
        )
        stage.pair()
        made = Scene(stage, shop, SimulatedShopfront(shop, server.url))
        for _ in range(3):
            made.both()
        yield made


# --- stock -----------------------------------------------------------------------------------


def test_an_order_inside_the_window_of_an_early_batch_is_repaired_in_the_same_pass(
    scene: Scene,
) -> None:
    assert scene.figure(RED) == 4
    scene.act(receive_goods, RED, 10)  # a high figure: written first
    scene.act(sell, OTHER, 1)  # a low one: written after another reading of the orders
    scene.stage.sync_till()
    scene.shop.before_next(lambda: scene.buy(RED, 1), method="PATCH", path="/api/stock_availables")
    scene.stage.sync_shop()
    assert scene.figure(RED) == 13


def test_a_dry_run_forgets_nothing_that_orders_touched(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    for _ in range(4):
        scene.both()
    assert scene.figure(RED) == 2
    scene.shop.set_state(order, CANCELLED)  # the shop gives back, the till has not answered
    assert scene.figure(RED) == 4
    scene.act(sell, SIMPLE, 1)  # a pass with nothing to do reads no orders while it plans
    scene.stage.sync_till()
    scene.shop.clear_requests()
    scene.stage.sync_shop(dry_run=True)
    assert scene.writes() == []
    scene.stage.sync_shop()
    assert scene.figure(RED) == 2


def test_a_pass_that_fails_forgets_nothing_that_orders_touched(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    for _ in range(2):
        scene.both()
    scene.shop.set_state(order, CANCELLED)
    scene.shop.fail_next("500", method="GET", path="/api/stock_availables", times=20)
    scene.broken_pass()
    scene.stage.sync_shop()
    assert scene.figure(RED) == 2


def test_an_order_changed_while_the_pass_ended_is_computed_by_the_next(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    for _ in range(4):
        scene.both()
    scene.act(sell, SIMPLE, 1)
    scene.stage.sync_till()

    def cancel_after(readings: int) -> None:
        """Cancel before the reading of orders that follows so many others."""
        act = (
            (lambda: cancel_after(readings - 1))
            if readings
            else (lambda: scene.shop.set_state(order, CANCELLED))
        )
        scene.shop.before_next(act, method="GET", path="^/api/orders$")

    def buy_meanwhile() -> None:
        scene.buy(OTHER, 1)  # seen in brief by the look back, whole by the pass's last reading
        cancel_after(2)

    scene.shop.before_next(buy_meanwhile, method="PATCH", path="/api/stock_availables")
    scene.stage.sync_shop()
    assert scene.figure(RED) == 4
    scene.stage.sync_shop()
    assert scene.figure(RED) == 2


def test_an_order_placed_and_cancelled_around_a_write_leaves_the_figure_right(
    scene: Scene,
) -> None:
    scene.act(receive_goods, RED, 10)
    scene.stage.sync_till()

    def buy_and_regret() -> None:
        order = scene.buy(RED, 1)  # taken before our write, given back after it
        scene.shop.before_next(
            lambda: scene.shop.set_state(order, CANCELLED), method="GET", path="^/api/orders$"
        )

    scene.shop.before_next(buy_and_regret, method="PATCH", path="/api/stock_availables")
    scene.stage.sync_shop()
    assert scene.figure(RED) == 14


def test_a_cancelled_order_of_the_baseline_releases_nothing(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    scene.act(sell, RED, 2)  # entered at the till by hand
    scene.stage.set_baseline("all")
    for _ in range(2):
        scene.both()
    assert scene.figure(RED) == 2
    scene.shop.set_state(order, CANCELLED)
    assert scene.figure(RED) == 4
    scene.both()
    assert scene.figure(RED) == 2
    assert web_orders_of(scene) == 0


def test_the_till_gives_back_the_baseline_that_was_set_last(scene: Scene) -> None:
    scene.buy(RED, 2)
    scene.act(sell, RED, 2)
    scene.stage.set_baseline("all")
    for _ in range(2):
        scene.both()
    for file in (scene.stage.folder / "agent").glob("state.db*"):
        file.unlink()
    with pytest.raises(ComptoirError):
        scene.stage.sync_shop()
    scene.recover()
    assert (web_orders_of(scene), scene.figure(RED)) == (0, 2)


def test_a_product_deleted_by_hand_comes_back_whole_in_one_full_pass(scene: Scene) -> None:
    scene.buy(RED, 1, state=AWAITING_CHEQUE)
    scene.both()
    before = scene.product(1001)
    assert (scene.figure(RED), len(before.images), before.active) == (3, 1, True)
    _delete_product(scene, before.id)
    for _ in range(3):
        scene.both(full=True)
    after = scene.product(1001)
    assert after.id != before.id
    assert {variant.reference: variant.stock for variant in after.variants} == {
        variant.reference: variant.stock for variant in before.variants
    }
    assert (len(after.images), after.active) == (1, True)
    assert scene.quiet() == []


def test_stock_of_a_recreated_product_is_there_when_it_is_switched_on(scene: Scene) -> None:
    before = scene.product(1002)
    _delete_product(scene, before.id)
    scene.both(full=True)
    after = scene.product(1002)
    assert (after.active, after.stock) == (True, before.stock)


def test_an_article_that_got_variants_keeps_its_sum_in_every_full_pass(scene: Scene) -> None:
    scene.at_the_till(
        "INSERT INTO DECLINAISON (ID_DECL, ID_ART, COD_PT, COD_COUL, REF_DECL) "
        "SELECT 100201, 1002, COD_PT, COD_COUL, 'NEW-A' FROM DECLINAISON WHERE ID_DECL = 100101"
    )
    scene.act(receive_goods, 100201, 7)
    for _ in range(2):
        scene.both()
    assert (scene.figure(100201), scene.product(1002).stock) == (7, 7)
    scene.both(full=True)
    assert scene.product(1002).stock == 7
    assert scene.quiet() == []


# --- the catalogue ---------------------------------------------------------------------------


def test_a_change_is_not_settled_when_a_creation_before_it_fails(scene: Scene) -> None:
    _add_variant(scene, 100199, 1001)
    scene.act(change_variant_price, RED, Decimal("59.00"))
    scene.stage.sync_till()
    scene.shop.fail_next("reset", method="POST", path="/api/combinations", times=20)
    scene.shop.fail_next("reset", method="GET", path="/api/combinations", after=2, times=50)
    scene.broken_pass()
    scene.both()
    assert _price(scene, RED) == Decimal("59.00")


def test_an_article_that_waits_for_its_category_is_not_taken_for_applied(scene: Scene) -> None:
    scene.at_the_till(
        "INSERT INTO FAMILLE (COD_FAM, COD_RAY, LIB_FAM) "
        "SELECT 'X99', COD_RAY, 'Sandales' FROM FAMILLE LIMIT 1"
    )
    scene.act(move_family, 1001, "X99")
    scene.stage.sync_till()
    scene.shop.fail_next("html", method="POST", path="/api/categories", times=50)
    scene.stage.sync_shop()
    scene.shop.faults.clear()
    scene.stage.sync_till()
    assert scene.fates()["article", "1001"] == "waiting"
    scene.at_the_till("UPDATE FAMILLE SET LIB_FAM = 'Sandales et tongs' WHERE COD_FAM = 'X99'")
    scene.both()
    shelf = scene.front.categories()[scene.product(1001).default_category]
    assert shelf.names["fr"] == "Sandales et tongs"


def test_a_default_that_was_refused_leaves_its_place_to_another(scene: Scene) -> None:
    _add_variant(scene, 100201, 1002)
    scene.stage.sync_till()
    # Sent together with another of its article, then alone: the shop fails on it each time.
    _add_variant(scene, 100202, 1002, first=True)
    scene.stage.sync_till()
    scene.shop.fail_next("500", method="POST", path="/api/combinations", times=2)
    scene.stage.sync_shop()
    assert len(scene.product(1002).variants) == 1
    scene.both(full=True)
    product = scene.product(1002)
    assert len(product.variants) == 2
    sql = "SELECT COUNT(*) AS n FROM combinations WHERE id_product = ? AND default_on = '1'"
    assert scene.shop.query(sql, product.id)[0]["n"] in (1, "1")


def test_a_variant_is_not_priced_on_a_base_that_the_shop_refused(scene: Scene) -> None:
    scene.act(change_variant_price, RED, Decimal("60.00"))
    scene.both()
    assert _price(scene, RED) == Decimal("60.00")
    product = scene.product(1001)
    name = product.names["fr"]
    rename = "UPDATE products_lang SET name = ? WHERE id = ? AND id_lang = 2"
    scene.shop.execute(rename, "a stranger's <b>name</b>", product.id)
    scene.act(change_price, 1001, Decimal("30.00"))
    scene.act(change_variant_price, RED, Decimal("61.00"))
    for _ in range(2):
        scene.both()
        assert _price(scene, RED) == Decimal("60.00")
    scene.shop.execute(rename, name, product.id)
    scene.both(full=True)
    assert (_price(scene, RED), _price(scene, 100102)) == (Decimal("61.00"), Decimal("30.00"))


def test_a_text_that_comes_later_reaches_the_site(scene: Scene) -> None:
    scene.at_the_till("UPDATE ARTICLE SET DESC_FR = NULL, DESC_EN = NULL, LIB_EN = NULL")
    _add_article(scene, 1009, "LATER-1")
    for _ in range(2):
        scene.both()
    assert scene.product(1009).descriptions["fr"] == ""
    scene.at_the_till(
        "UPDATE ARTICLE SET DESC_FR = '<p>Enfin</p>', LIB_EN = 'At last' WHERE ID_ART = 1009"
    )
    scene.both()
    shown = scene.product(1009)
    assert shown.descriptions["fr"] == "<p>Enfin</p>"
    assert shown.names["en"] == "At last"


def test_a_text_cleared_at_the_till_is_cleared_on_the_site(scene: Scene) -> None:
    assert scene.product(1001).descriptions["fr"] != ""
    scene.at_the_till("UPDATE ARTICLE SET DESC_FR = NULL, DESC_EN = NULL WHERE ID_ART = 1001")
    scene.both()
    assert scene.product(1001).descriptions == {"fr": "", "en": ""}
    assert scene.quiet() == []


def test_two_brands_of_one_name_do_not_take_each_others_place(scene: Scene) -> None:
    scene.at_the_till(
        "INSERT INTO MARQUE (COD_MRQ, LIB_MRQ) SELECT 77, LIB_MRQ FROM MARQUE "
        "WHERE COD_MRQ = (SELECT COD_MRQ FROM ARTICLE WHERE ID_ART = 1001)"
    )
    scene.at_the_till("UPDATE ARTICLE SET COD_MRQ = 77 WHERE ID_ART = 1002")
    for _ in range(2):
        scene.both()
    assert "waiting" not in scene.fates().values()
    scene.act(change_price, 1001, Decimal("33.00"))
    scene.both()
    assert _price(scene, 100102) == Decimal("33.00")
    assert scene.quiet() == []


def test_an_article_under_a_new_key_takes_its_product_over_and_stays_on(scene: Scene) -> None:
    before = scene.product(1002)
    scene.at_the_till("UPDATE ARTICLE SET ID_ART = 1010 WHERE ID_ART = 1002")
    for _ in range(2):
        scene.both()
    after = scene.product(1010)
    assert (after.id, after.active, after.stock) == (before.id, True, before.stock)
    assert scene.quiet() == []


def test_a_size_corrected_at_the_till_is_corrected_on_the_site(scene: Scene) -> None:
    size = "(SELECT COD_PT FROM POINTURE WHERE COD_PT NOT IN (SELECT COD_PT FROM DECLINAISON))"
    scene.at_the_till(f"UPDATE DECLINAISON SET COD_PT = {size} WHERE ID_DECL = {RED}")  # noqa: S608 - ours
    with open_till(scene.stage.till_path) as till:
        sql = "SELECT LIB_PT FROM POINTURE JOIN DECLINAISON USING (COD_PT) WHERE ID_DECL = ?"
        [wanted] = till.execute(sql, (RED,)).fetchone()
    scene.both()
    _, combination = scene.place(RED)
    [shown] = [one for one in scene.product(1001).variants if one.id == combination]
    assert wanted in shown.values
    assert scene.quiet() == []


def test_a_variant_that_went_to_another_article_is_sold_there_alone(scene: Scene) -> None:
    order = (*scene.place(RED), 1)
    scene.shop.place_order("camille@example.fr", [order], state=AWAITING_CHEQUE)
    scene.both()
    product, combination = scene.place(RED)
    scene.at_the_till("UPDATE DECLINAISON SET ID_ART = 1003, COD_PT = 0 WHERE ID_DECL = 100101")
    scene.at_the_till("INSERT INTO POINTURE (COD_PT, LIB_PT) VALUES (0, '33')")
    scene.both()
    [moved] = [one for one in scene.product(1003).variants if one.id == scene.place(RED)[1]]
    assert moved.stock == 3  # the order of where it was before is still kept
    assert scene.shop.stock_of(product, combination) == 0
    assert scene.quiet() == []


def test_a_creation_that_failed_does_not_take_its_namesakes_product(scene: Scene) -> None:
    before = scene.product(1002)
    _add_article(scene, 1009, before.reference)
    scene.stage.sync_till()
    scene.shop.fail_next("500", method="POST", path="/api/products")
    for _ in range(2):
        scene.both(full=True)
    both = scene.front.products([before.reference])
    assert [one.id == before.id for one in both] == [True, False]
    assert scene.quiet() == []


def test_the_stock_of_another_shop_of_the_installation_is_left_alone(scene: Scene) -> None:
    product, combination = scene.place(RED)
    row = scene.shop.execute(
        "INSERT INTO stock_availables (id_product, id_product_attribute, id_shop, id_shop_group, "
        "quantity, depends_on_stock, out_of_stock) VALUES (?, ?, 2, 0, 55, 0, 2)",
        product, combination,
    )  # fmt: skip
    scene.act(sell, RED, 1)
    scene.both()
    sql = "SELECT quantity FROM stock_availables WHERE id = ?"
    assert scene.shop.query(sql, row)[0]["quantity"] == "55"
    assert scene.figure(RED) == 3


# --- photos ----------------------------------------------------------------------------------


def test_a_changed_cover_is_still_the_cover(scene: Scene) -> None:
    assert scene.product(1001).cover is not None
    [photo] = sorted((scene.stage.folder / "photos").rglob("*.jpg"))
    _paint(photo, "blue")
    for _ in range(3):
        scene.both()
    after = scene.product(1001)
    assert len(after.images) == 1
    assert after.cover == after.images[0]


def test_one_picture_of_several_articles_is_asked_for_again(scene: Scene) -> None:
    folder = scene.stage.folder / "photos"
    _paint(folder / "placeholder.jpg", "grey")
    photo = "INSERT INTO PHOTO (ID_PHOTO, ID_ART, RANG, FICHIER) VALUES (?, ?, 1, ?)"
    scene.at_the_till(photo, 9001, 1002, "placeholder.jpg")
    scene.both()  # asked for
    scene.at_the_till(photo, 9002, 1003, "placeholder.jpg")
    for _ in range(4):  # the bytes come together with the second article's wish
        scene.both()
    assert [len(scene.product(article).images) for article in (1002, 1003)] == [1, 1]


def test_a_photo_without_an_answer_does_not_take_its_neighbours_image(scene: Scene) -> None:
    folder = scene.stage.folder / "photos"
    for number, color in ((1, "red"), (2, "green")):
        _paint(folder / f"{color}.jpg", color)
        scene.at_the_till(
            "INSERT INTO PHOTO (ID_PHOTO, ID_ART, RANG, FICHIER) VALUES (?, 1002, ?, ?)",
            9000 + number, number, f"{color}.jpg",
        )  # fmt: skip
    scene.both()
    scene.stage.sync_till()
    scene.shop.fail_next("reset", method="POST", path="/api/images")
    scene.stage.sync_shop()
    for _ in range(2):
        scene.both()
    assert len(scene.product(1002).images) == 2
    for _ in range(3):
        assert scene.quiet() == []


# --- orders and customers --------------------------------------------------------------------


def test_a_cancellation_is_not_closed_while_the_till_still_has_the_order(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    for _ in range(2):
        scene.both()
    for file in (scene.stage.folder / "exporter").glob("state.db*"):
        file.unlink()
    scene.recover()
    scene.shop.set_state(order, CANCELLED)
    scene.stage.sync_shop()
    exported, _ = scene.both()
    assert exported.orders.waiting == 1
    assert scene.figure(RED) == 2
    with open_till(scene.stage.till_path) as till:
        [mine] = web_orders(till)
        cancel_web_order(till, mine.order_id)
    scene.both()
    assert scene.figure(RED) == 4


def test_a_customer_on_the_way_to_a_lost_exporter_arrives(scene: Scene) -> None:
    scene.shop.register_customer("noa@example.fr", firstname="Noa", lastname="Petit")
    scene.stage.sync_shop()
    for file in (scene.stage.folder / "exporter").glob("state.db*"):
        file.unlink()
    scene.recover()
    with open_till(scene.stage.till_path) as till:
        rows = till.execute("SELECT NOM FROM CLIENT WHERE MAIL = 'noa@example.fr'").fetchall()
    assert rows == [("Petit",)]


def test_an_exporter_without_its_state_learns_again_what_is_applied(scene: Scene) -> None:
    before = scene.fates()
    assert before["article", "1001"] == "applied"
    for file in (scene.stage.folder / "exporter").glob("state.db*"):
        file.unlink()
    scene.recover()
    assert scene.fates() == before


def test_an_article_that_came_back_is_told_as_applied(scene: Scene) -> None:
    scene.act(switch_internet, 1002, on=False)
    for _ in range(2):
        scene.both()
    assert ("article", "1002") not in scene.fates()
    scene.act(switch_internet, 1002, on=True)
    for _ in range(2):
        scene.both()
    assert scene.fates()["article", "1002"] == "applied"


def test_a_restored_shop_goes_on_when_a_person_says_so(scene: Scene) -> None:
    first = scene.buy(SIMPLE, 1)
    last = scene.buy(RED, 1)
    for _ in range(2):
        scene.both()
    old = "2026-01-01 00:00:00"
    scene.shop.execute("UPDATE orders SET date_upd = ? WHERE id = ?", old, first)
    scene.shop.execute("DELETE FROM orders WHERE id = ?", last)
    scene.shop.execute("DELETE FROM sqlite_sequence WHERE name = 'orders'")
    with pytest.raises(ComptoirError) as raised:
        scene.stage.sync_shop()
    assert raised.value.code == "E-ORD-001"
    scene.stage.sync_shop(accept=("restored",))
    again = scene.buy(OTHER, 1)
    for _ in range(2):
        scene.both()
    assert again <= last
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 3


# --- the till's side -------------------------------------------------------------------------


def test_stock_goes_on_while_the_till_refuses_to_be_written(scene: Scene) -> None:
    scene.buy(RED, 1)
    scene.stage.sync_shop()
    scene.act(sell, SIMPLE, 1)
    with open_till(scene.stage.till_path) as till, till:
        till.execute("BEGIN IMMEDIATE")  # another program holds the till
        with pytest.raises(ComptoirError) as raised:
            scene.stage.sync_till()
        assert raised.value.code == "E-INT-006"
        till.rollback()
    scene.stage.sync_shop()
    assert scene.figure(SIMPLE) == 9


def test_a_till_that_takes_orders_alone_is_not_stopped_by_a_customer(scene: Scene) -> None:
    path = scene.stage.folder / "mapping.yaml"
    mapping = yaml.safe_load(path.read_text(encoding="utf-8"))
    del mapping["write_back"]["customer"]
    path.write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    scene.shop.register_customer("noa@example.fr", firstname="Noa", lastname="Petit")
    scene.buy(RED, 1)
    scene.stage.sync_shop()
    exported, _ = scene.both()
    assert (exported.orders.imported, web_orders_of(scene)) == (1, 1)


def test_what_was_set_aside_during_a_snapshot_is_buried_when_it_goes(scene: Scene) -> None:
    scene.at_the_till("UPDATE ARTICLE SET PX_TTC = 'x' WHERE ID_ART = 1002")
    scene.stage.sync_till(full=True)
    scene.stage.sync_shop()
    assert scene.product(1002).active
    scene.at_the_till("UPDATE ARTICLE SET PX_TTC = '45,90', INTERNET = 'N' WHERE ID_ART = 1002")
    for _ in range(2):
        scene.both()
    assert not scene.product(1002).active


def web_orders_of(scene: Scene) -> int:
    """Return how many web orders the till has."""
    with open_till(scene.stage.till_path) as till:
        return len(web_orders(till))


def _price(scene: Scene, key: int) -> Decimal:
    product, combination = scene.place(key)
    return scene.front.prices(product, [combination])[combination].quantize(_CENT)


def _paint(path: Path, color: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (60, 60), color).save(path, "JPEG")


def _add_variant(scene: Scene, key: int, article: int, *, first: bool = False) -> None:
    """Add a variant in the last size, or the first: no other variant has them."""
    sizes = "SELECT MIN(COD_PT), MAX(COD_PT) FROM POINTURE"
    with open_till(scene.stage.till_path) as till, till:
        smallest, largest = till.execute(sizes).fetchone()
        till.execute(
            "INSERT INTO DECLINAISON (ID_DECL, ID_ART, COD_PT, COD_COUL, REF_DECL) "
            "SELECT ?, ?, ?, COD_COUL, ? FROM DECLINAISON LIMIT 1",
            (key, article, smallest if first else largest, f"NEW-{key}"),
        )


def _add_article(scene: Scene, key: int, reference: str) -> None:
    """Add a copy of the simple article."""
    with open_till(scene.stage.till_path) as till, till:
        till.row_factory = sqlite3.Row
        row = dict(till.execute("SELECT * FROM ARTICLE WHERE ID_ART = 1002").fetchone())
        row |= {"ID_ART": key, "REF": reference, "EAN": None}
        marks = ", ".join("?" * len(row))
        till.execute(f"INSERT INTO ARTICLE VALUES ({marks})", list(row.values()))  # noqa: S608 - marks


def _delete_product(scene: Scene, product: int) -> None:
    """Delete a product as the back office does, with all that hangs on it."""
    scene.front.ask("DELETE", f"products/{product}")
