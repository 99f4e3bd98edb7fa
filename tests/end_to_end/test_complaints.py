"""What users of other connectors complain about, where no story shows it (docs/complaints.md)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from demo.prestashop.versions import NUMBERS
from demo.till import change_price, open_till, sell, switch_internet, web_orders
from pos_exporter.why import Answer, why
from pos_exporter.wiring import wire as wire_exporter
from shop_agent.policy_errors import NotListedError
from tests.end_to_end.faults_scene import OTHER, PAID, RED, SIMPLE, Scene, open_scene
from tests.shop_agent.shop_floor import EN, FR, an_article, open_floor

MAIL = "camille@example.fr"
#: A product's own row, and all that hangs on it but its stock.
_AROUND = {
    "products_lang": "id", "category_product": "id_product", "product_images": "id_product",
    "combinations": "id_product", "product_suppliers": "id_product",
    "product_feature_links": "id_product",
}  # fmt: skip


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


def test_a_customer_is_one_client_of_the_till_whatever_they_buy(scene: Scene) -> None:
    guests = [_buy_as_guest(scene), _buy_as_guest(scene)]
    customer = scene.shop.register_customer(MAIL, firstname="Camille", lastname="Martin")
    for name in ("Martin", "Durand"):
        # A customer who changed is told anew.
        sql = "UPDATE customers SET lastname = ?, date_upd = datetime(date_upd, '+1 second') "
        scene.shop.execute(f"{sql} WHERE id = ?", name, customer)
        scene.stage.sync_shop()
        scene.both()
    for _ in range(2):
        scene.buy(SIMPLE, 1)
        scene.stage.sync_shop()
        scene.both()
    scene.both(full=True)
    # PrestaShop makes a new customer of each guest: one e-mail is one person, the first of them.
    assert len({*guests, str(customer)}) == 3
    assert _clients(scene) == [guests[0]]


def test_guests_and_account_of_one_address_are_one_client_where_the_mapping_says_so(
    scene: Scene,
) -> None:
    path = scene.stage.folder / "mapping.yaml"
    mapping = path.read_text(encoding="utf-8")
    by_mail = "WHERE LOWER(MAIL) = LOWER(:customer_email)"
    path.write_text(mapping.replace("WHERE REF_WEB = :customer_shop_id", by_mail), encoding="utf-8")
    first = _buy_as_guest(scene)
    _buy_as_guest(scene)
    scene.shop.register_customer(MAIL.upper(), firstname="Camille", lastname="Martin")
    scene.both()
    for full in (False, True):
        scene.both(full=full)
    assert _clients(scene) == [first]
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 2


def _buy_as_guest(scene: Scene) -> str:
    """Buy one without an account; return the customer that PrestaShop made, once it has arrived."""
    order = scene.shop.place_order(MAIL, [(*scene.place(SIMPLE), 1)], guest=True, state=PAID)
    [row] = scene.shop.query("SELECT id_customer FROM orders WHERE id = ?", order)
    scene.stage.sync_shop()
    scene.both()
    return str(row["id_customer"])


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
    for key in (RED, SIMPLE):
        product, combination = scene.place(key)
        # The web team lets it be ordered without stock.
        sql = "UPDATE stock_availables SET out_of_stock = '1' WHERE id_product = ?"
        scene.shop.execute(sql, product)
        around, rows = _around(scene, product), _stock(scene, product)
        scene.act(sell, key, 1)
        written = {path.split("?")[0] for _, path in scene.quiet(full=False)}
        assert written == {"/api/stock_availables"}
        assert _around(scene, product) == around
        changed = {place for place, row in _stock(scene, product).items() if row != rows[place]}
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
    product, before = scene.product(1001).id, scene.product(1001).variants
    chosen = before[-1].id
    scene.shop.execute("UPDATE combinations SET default_on = NULL WHERE id_product = ?", product)
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
    assert len(scene.product(1001).variants) == len(before) + 1
    sql = "SELECT id FROM combinations WHERE id_product = ? AND default_on = '1'"
    assert [row["id"] for row in scene.shop.query(sql, product)] == [str(chosen)]


# --- languages -------------------------------------------------------------------------------


def test_a_name_left_blank_in_one_language_keeps_what_it_was() -> None:
    with open_floor() as floor:
        for name in ({"fr": "Botte", "en": "Boot"}, {"fr": "Bottine", "en": ""}):
            floor.say(an_article("1", name=name))
            floor.run()
        assert floor.run(full=True).counts == {}
        assert floor.product("REF-1").texts("name") == {EN: "Boot", FR: "Bottine"}


# --- why -------------------------------------------------------------------------------------


def test_why_an_article_is_not_online_is_said_whatever_the_cause(scene: Scene) -> None:
    """Not flagged, refused by the site, hidden there, wrong at the till: each is told as it is."""
    references = {article: scene.reference(article) for article in range(1001, 1006)}
    scene.act(switch_internet, 1002, on=False)
    with open_till(scene.stage.till_path) as till, till:
        till.execute("INSERT INTO TVA VALUES (9, '8,50', 'Outre-mer')")
        till.execute("UPDATE ARTICLE SET COD_TVA = 9 WHERE ID_ART = 1003")
        till.execute("UPDATE ARTICLE SET PX_TTC = 'x' WHERE ID_ART = 1005")
    # The web team hides it; its owner in this shop is the site, so nobody shows it again.
    hidden = scene.product(1004)
    scene.shop.execute("UPDATE products SET visibility = 'none' WHERE id = ?", hidden.id)
    for _ in range(3):
        scene.both(full=True)
    told = {article: _ask(scene, reference) for article, reference in references.items()}
    assert _broken(told[1002]) == ("choice", "unflagged")
    assert _broken(told[1003]) == ("site", "E-AGT-002")
    assert _broken(told[1004]) == ("site", NotListedError.code)
    assert _broken(told[1005]) == ("till", "E-ROW-002")
    # What cannot pass leaves the site as it was.
    assert [told[article].online for article in references] == [True, False, True, False, True]


def _broken(answer: Answer) -> tuple[str, str]:
    """Return the first broken link and its code."""
    broken = ((step.name, step.code) for step in answer.steps if step.mark == "no")
    return next(broken, ("", ""))


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
