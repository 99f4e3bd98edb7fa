"""Faults of the catalogue that a second reading found; none may come back."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from demo.till import change_price, change_variant_price, move_family, open_till, sell
from tests.end_to_end.faults_scene import AWAITING_CHEQUE, RED, Scene, open_scene

_CENT = Decimal("0.01")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as made:
        yield made


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


def _price(scene: Scene, key: int) -> Decimal:
    product, combination = scene.place(key)
    return scene.front.prices(product, [combination])[combination].quantize(_CENT)


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
