"""What users of other connectors complain about, where no other story shows it (docs/complaints.md)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from demo.prestashop import Shop, serve
from demo.prestashop.versions import DEFAULT, NUMBERS
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till, change_price, open_till, sell, switch_internet
from pos_exporter.why import Answer, why
from pos_exporter.wiring import wire as wire_exporter
from tests.end_to_end.test_faults_found import AWAITING_CHEQUE, KEY, OTHER, RED, SIMPLE, Scene
from tests.stories.simulated import SimulatedShopfront

MAIL = "camille@example.fr"
#: A product's own row, and all that hangs on it but its stock.
_AROUND = {
    "products_lang": "id", "category_product": "id_product", "product_images": "id_product",
    "combinations": "id_product", "product_suppliers": "id_product",
    "product_feature_links": "id_product",
}  # fmt: skip


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


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as made:
        yield made


@pytest.fixture(params=NUMBERS)
def any_version(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path, request.param) as made:
        yield made


# --- photos ----------------------------------------------------------------------------------


def test_a_photo_that_the_shop_fails_on_keeps_no_other(scene: Scene) -> None:
    """PrestaShop answers 500 where two images would be the cover; the next ones are taken."""
    for number, (article, color) in enumerate(((1002, "red"), (1002, "green"), (1003, "blue"))):
        _picture(scene, 9001 + number, article, color)
    scene.both()  # asked for
    scene.shop.clear_requests()
    scene.stage.sync_till()
    scene.shop.fail_next("500", method="POST", path="/api/images")
    report = scene.stage.sync_shop()
    tried = [path for method, path in scene.writes() if path.startswith("/api/images")]
    assert len(tried) == 3
    assert [len(report.refused), len(report.waiting)] in ([1, 0], [0, 1])
    assert [len(scene.product(article).images) for article in (1002, 1003)] == [1, 1]
    for _ in range(2):
        scene.both(full=True)
    product = scene.product(1002)
    covers = "SELECT COUNT(*) AS n FROM product_images WHERE id_product = ? AND cover = '1'"
    assert scene.shop.query(covers, product.id)[0]["n"] in (1, "1")
    assert product.cover in product.images


# --- who is who ------------------------------------------------------------------------------


def test_a_customer_is_one_client_of_the_till_and_a_guest_is_never_merged(scene: Scene) -> None:
    customer = scene.shop.register_customer(MAIL, firstname="Camille", lastname="Martin")
    scene.both()
    scene.both()
    for _ in range(2):
        scene.buy(SIMPLE, 1)
        scene.stage.sync_shop()
        scene.both()
    assert _clients(scene) == [str(customer)]
    guest = scene.shop.place_order(MAIL, [(*scene.place(SIMPLE), 1)], guest=True)
    [row] = scene.shop.query("SELECT id_customer FROM orders WHERE id = ?", guest)
    scene.stage.sync_shop()
    for full in (False, True):
        scene.both(full=full)
    assert _clients(scene) == [str(customer), row["id_customer"]]


# --- prices ----------------------------------------------------------------------------------


def test_a_rate_that_the_shop_lacks_blocks_its_article_alone(scene: Scene) -> None:
    before = scene.product(1002)
    with open_till(scene.stage.till_path) as till, till:
        till.execute("INSERT INTO TVA VALUES (9, '8,50', 'Outre-mer')")
        till.execute("UPDATE ARTICLE SET COD_TVA = 9, LIB = 'Ailleurs' WHERE ID_ART = 1002")
    scene.act(change_price, 1003, Decimal("61.90"))
    _, applied = scene.both()
    refused = {str(subject): problem.code for subject, problem in applied.refused}
    assert refused == {"article 1002": "E-AGT-002"}
    assert scene.product(1002) == before
    assert _paid(scene, OTHER) == Decimal("61.90")
    scene.both()
    assert scene.fates()["article", "1002"] == "refused"


# --- combinations and stock ------------------------------------------------------------------


def test_a_sale_changes_one_figure_of_one_row(any_version: Scene) -> None:
    """No combination is written: some versions empty the carts that hold it."""
    scene = any_version
    product, combination = scene.place(RED)
    around, rows = _around(scene, product), _stock(scene, product)
    scene.act(sell, RED, 1)
    assert {path.split("?")[0] for _, path in scene.quiet(full=False)} == {
        "/api/stock_availables"
    }
    assert _around(scene, product) == around
    changed = {key for key, row in _stock(scene, product).items() if row != rows[key]}
    assert changed == {(0, "quantity"), (combination, "quantity")}


def test_a_price_changes_that_field_alone(any_version: Scene) -> None:
    """Neither texts nor photos, positions, categories or the default combination move."""
    scene = any_version
    for article in (1001, 1002):
        product = scene.product(article).id
        scene.shop.execute(
            "UPDATE products SET location = 'B12', minimal_quantity = 2, on_sale = 1 WHERE id = ?",
            product,
        )
        # It stands in the place that the web team gave it.
        scene.shop.execute("UPDATE category_product SET position = 7 WHERE id_product = ?", product)
        before, around = _row(scene, product), _around(scene, product)
        scene.act(change_price, article, Decimal("61.90"))
        scene.both()
        after = _row(scene, product)
        changed = {name for name in after if after[name] != before[name]}
        assert "price" in changed
        assert changed <= {"price", "date_upd"}
        assert _around(scene, product) == around
        assert scene.quiet() == []


def test_the_web_teams_default_combination_stays(scene: Scene) -> None:
    product = scene.product(1001).id
    chosen = scene.product(1001).variants[-1].id
    for table in ("UPDATE combinations SET default_on = NULL WHERE id_product = ?",):
        scene.shop.execute(table, product)
    scene.shop.execute("UPDATE combinations SET default_on = '1' WHERE id = ?", chosen)
    with open_till(scene.stage.till_path) as till, till:
        till.execute(
            "INSERT INTO DECLINAISON (ID_DECL, ID_ART, COD_PT, COD_COUL, REF_DECL) "
            "SELECT 100199, 1001, MAX(COD_PT), (SELECT COD_COUL FROM DECLINAISON LIMIT 1), 'NEW' "
            "FROM POINTURE"
        )
    scene.act(change_price, 1001, Decimal("61.90"))
    for full in (False, True):
        scene.both(full=full)
    assert len(scene.product(1001).variants) == 4
    sql = "SELECT id FROM combinations WHERE id_product = ? AND default_on = '1'"
    assert [row["id"] for row in scene.shop.query(sql, product)] == [str(chosen)]


# --- why -------------------------------------------------------------------------------------


def test_why_an_article_is_not_online_is_said_whatever_the_cause(scene: Scene) -> None:
    """Through both programs: not flagged, wrong at the till, refused, off at the site; and online."""
    references = {article: scene.reference(article) for article in range(1001, 1006)}
    scene.act(switch_internet, 1002, on=False)
    with open_till(scene.stage.till_path) as till, till:
        till.execute("INSERT INTO TVA VALUES (9, '8,50', 'Outre-mer')")
        till.execute("UPDATE ARTICLE SET COD_TVA = 9 WHERE ID_ART = 1003")
        till.execute("UPDATE ARTICLE SET PX_TTC = 'x' WHERE ID_ART = 1005")
    shelf = scene.product(1004).default_category
    scene.shop.execute("UPDATE categories SET active = '0' WHERE id = ?", shelf)
    scene.shop.execute("UPDATE products SET id_category_default = 2 WHERE id_category_default = ? "
                       "AND id <> ?", shelf, scene.product(1004).id)  # fmt: skip
    for _ in range(2):
        scene.both(full=True)
    told = {article: _ask(scene, reference) for article, reference in references.items()}
    assert _broken(told[1002]) == ("choice", "")
    assert _broken(told[1003]) == ("site", "E-AGT-002")
    assert _broken(told[1005]) == ("till", "E-ROW-002")
    assert [told[article].online for article in (1002, 1003, 1005)] == [False, False, True]


def _broken(answer: Answer) -> tuple[str, str]:
    step = next(step for step in answer.steps if step.mark == "no")
    return step.name, step.code


def _ask(scene: Scene, asked: str) -> Answer:
    with wire_exporter(scene.stage.exporter(), scene.stage.exporter_wiring) as exporter:
        return why(exporter.engine, asked, datetime.now(UTC))


# --- looking ---------------------------------------------------------------------------------


def _picture(scene: Scene, key: int, article: int, color: str) -> None:
    folder = scene.stage.folder / "photos"
    Image.new("RGB", (60, 60), color).save(folder / f"{color}.jpg", "JPEG")
    sql = "INSERT INTO PHOTO (ID_PHOTO, ID_ART, RANG, FICHIER) VALUES (?, ?, ?, ?)"
    scene.at_the_till(sql, key, article, key, f"{color}.jpg")


def _clients(scene: Scene) -> list[str]:
    with open_till(scene.stage.till_path) as till:
        rows = till.execute("SELECT REF_WEB FROM CLIENT ORDER BY ID_CLI").fetchall()
    return [reference for (reference,) in rows]


def _paid(scene: Scene, key: int) -> Decimal:
    product, combination = scene.place(key)
    return scene.front.prices(product, [combination])[combination].quantize(Decimal("0.01"))


def _row(scene: Scene, product: int) -> dict[str, str | None]:
    return dict(scene.shop.query("SELECT * FROM products WHERE id = ?", product)[0])


def _around(scene: Scene, product: int) -> dict[str, list[dict[str, str | None]]]:
    found = {}
    for table, column in _AROUND.items():
        rows = scene.shop.query(f"SELECT * FROM {table} WHERE {column} = ?", product)  # noqa: S608 - ours
        found[table] = sorted((dict(row) for row in rows), key=str)
    return found


def _stock(scene: Scene, product: int) -> dict[tuple[int, str], str | None]:
    """Return every column of a product's stock rows, by (combination, column)."""
    rows = scene.shop.query("SELECT * FROM stock_availables WHERE id_product = ?", product)
    return {
        (int(row["id_product_attribute"] or 0), name): value
        for row in rows
        for name, value in dict(row).items()
    }
