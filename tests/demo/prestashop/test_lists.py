"""Features, packs, tags, accessories, photos of sizes: replaced as wholes; what goes with whom."""

from io import BytesIO

import pytest
from PIL import Image

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Asker, combination_xml, product_xml, texts
from tests.demo.prestashop.test_discounts import discount
from tests.demo.prestashop.test_images import send


def _set(ask: Asker, product: int, association: str, rows: str) -> int:
    lists = f"<associations><{association}>{rows}</{association}></associations>"
    return ask("PATCH", "products", f"<x><id>{product}</id>{lists}</x>").status


def _rows(ask: Asker, product: int, path: str) -> list[str]:
    return ask.get(f"products/{product}").values(f"*/associations/{path}")


def _feature(feature: int, value: str) -> str:
    cell = f"<id_feature_value>{value}</id_feature_value>" if value else ""
    return f"<product_feature><id>{feature}</id>{cell}</product_feature>"


@pytest.fixture
def shoe(ask: Asker) -> int:
    """A product."""
    return ask.new_id("products", product_xml())


def test_features_before_a_double_stay(ask: Asker, shoe: int) -> None:
    rows = _feature(2, "5") + _feature(1, "3") + _feature(1, "3") + _feature(1, "4")
    assert _set(ask, shoe, "product_features", rows) == 500
    assert _rows(ask, shoe, "product_features/*/id_feature_value") == ["3", "5"]


def test_a_feature_without_value_is_written_and_told(ask: Asker, shoe: int) -> None:
    lists = f"<associations><product_features>{_feature(1, '')}</product_features></associations>"
    answer = ask("PATCH", "products", f"<x><id>{shoe}</id>{lists}</x>")
    assert (answer.status, answer.codes) == (500, [3])
    assert _rows(ask, shoe, "product_features/*/id_feature_value") == ["0"]


def test_deleting_a_feature_takes_its_values_and_links(ask: Asker, shoe: int) -> None:
    feature = ask.new_id("product_features", f"<x><name>{texts('Sole')}</name></x>")
    body = "<x><id_feature>{}</id_feature><custom>{}</custom><value>{}</value></x>"
    values = [
        ask.new_id("product_feature_values", body.format(feature, custom, texts(text)))
        for custom, text in ((0, "Rubber"), (1, "Felt, 3 mm"))
    ]
    rows = "".join(_feature(feature, str(value)) for value in values)
    assert _set(ask, shoe, "product_features", rows) == 200
    assert ask.get(f"product_feature_values/{values[1]}").value("*/custom") == "1"
    ask("DELETE", f"product_features/{feature}")
    assert [ask.get(f"product_feature_values/{one}").status for one in values] == [404, 404]
    assert _rows(ask, shoe, "product_features/*/id") == []


def _item(product: int, more: str = "<quantity>2</quantity>") -> str:
    return f"<product><id>{product}</id>{more}</product>"


def test_an_item_of_a_pack_is_told_by_another_name_than_it_is_read(ask: Asker, shoe: int) -> None:
    sock = ask.new_id("products", product_xml("SOCK"))
    first, second = (ask.new_id("combinations", combination_xml(sock)) for _ in range(2))
    for name, expected in (("id_product_attribute", first), ("product_attribute_id", second)):
        item = _item(sock, f"<{name}>{second}</{name}><quantity>1</quantity>")
        assert _set(ask, shoe, "product_bundle", item) == 200
        chosen = _rows(ask, shoe, "product_bundle/*/id_product_attribute")
        assert chosen == [str(expected)]
    read = ask.get(f"products/{shoe}")
    assert (read.value("*/type"), read.value("*/product_type")) == ("pack", "pack")


def test_items_of_a_pack_before_a_double_stay(ask: Asker, shoe: int) -> None:
    lace = ask.new_id("products", product_xml("LACE"))
    double = _item(lace) + _item(lace, "<quantity>9</quantity>")
    assert _set(ask, shoe, "product_bundle", double) == 500
    assert _rows(ask, shoe, "product_bundle/*/quantity") == ["2"]


def test_a_virtual_product_is_no_pack(ask: Asker) -> None:
    cloud = ask.new_id("products", product_xml(more="<is_virtual>1</is_virtual>"))
    lists = f"<associations><product_bundle>{_item(1)}</product_bundle></associations>"
    answer = ask("PATCH", "products", f"<x><id>{cloud}</id>{lists}</x>")
    assert (answer.status, answer.codes) == (500, [85])
    read = ask.get(f"products/{cloud}")
    assert (read.value("*/type"), read.value("*/product_type")) == ("virtual", "virtual")
    rows = ask.get(f"stock_availables?filter[id_product]=[{cloud}]&display=full")
    assert rows.value("*/*/out_of_stock") == "1"


def test_a_double_tag_leaves_no_tag(ask: Asker, shoe: int) -> None:
    tag = ask.new_id("tags", "<x><id_lang>1</id_lang><name>warm</name></x>")
    row = f"<tag><id>{tag}</id></tag>"
    assert _set(ask, shoe, "tags", row) == 200
    assert _set(ask, shoe, "tags", row * 2) == 500
    assert _rows(ask, shoe, "tags/tag/id") == []


def test_accessories_may_come_twice_and_only_known_ones_are_read(ask: Asker, shoe: int) -> None:
    lace = ask.new_id("products", product_xml("LACE"))
    rows = "".join(f"<product><id>{one}</id></product>" for one in (lace, 999, shoe, lace))
    assert _set(ask, shoe, "accessories", rows) == 200
    wanted = [str(shoe), str(lace), str(lace)]
    assert _rows(ask, shoe, "accessories/product/id") == wanted


def test_a_double_photo_takes_all_photos_of_a_size_away(ask: Asker, shoe: int) -> None:
    send(ask, f"images/products/{shoe}")
    size = ask.new_id("combinations", combination_xml(shoe))
    body = f"<x><id>{size}</id><associations><images>{{}}</images></associations></x>"
    row = "<image><id>1</id></image>"
    assert ask("PATCH", "combinations", body.format(row)).status == 200
    assert ask("PATCH", "combinations", body.format(row * 2)).status == 500
    assert ask.get(f"combinations/{size}").values("*/associations/images/image/id") == []


def test_the_cover_may_be_another_products_only_where_it_is_its_cover(
    ask: Asker, shoe: int
) -> None:
    other = ask.new_id("products", product_xml("OTHER"))
    for product in (shoe, other, other):
        send(ask, f"images/products/{product}")
    body = f"<x><id>{shoe}</id><id_default_image>{{}}</id_default_image></x>"
    assert ask("PATCH", "products", body.format(2)).status == 200
    assert ask.get(f"products/{other}").value("*/id_default_image") == "2"
    assert ask("PATCH", "products", body.format(3)).status == 500
    assert ask.get(f"products/{shoe}").value("*/id_default_image") == ""


def test_a_size_takes_its_own_rows_along_but_not_those_of_a_cart(
    ask: Asker, shop: Shop, shoe: int
) -> None:
    size = ask.new_id("combinations", combination_xml(shoe))
    own = {"id_product": str(shoe), "id_product_attribute": str(size)}
    gone = ask.new_id("specific_prices", discount(**own))
    cart = ask.new_id("specific_prices", discount(**own, id_cart="7"))
    wild = ask.new_id("specific_prices", discount(id_product="99", id_product_attribute=str(size)))
    supplied = ask.new_id(
        "product_suppliers",
        f"<x><id_product>{shoe}</id_product><id_product_attribute>{size}</id_product_attribute>"
        "<id_supplier>1</id_supplier></x>",
    )
    assert ask("DELETE", f"combinations/{size}").status == 200
    asked = [ask.get(f"specific_prices/{one}").status for one in (gone, cart, wild)]
    assert asked == [404, 200, 200]
    assert ask.get(f"product_suppliers/{supplied}").status == 404
    sql = "SELECT COUNT(*) AS n FROM stock_availables WHERE id_product_attribute = ?"
    assert shop.query(sql, size) == [{"n": "0"}]


def test_the_usual_group_stays_and_customers_of_a_deleted_one_fall_back(
    ask: Asker, shop: Shop
) -> None:
    answer = ask("DELETE", "groups/3")
    assert (answer.status, answer.codes) == (500, [88])
    club = ask.new_id(
        "groups",
        f"<x><price_display_method>0</price_display_method><name>{texts('Club')}</name></x>",
    )
    customer = shop.register_customer("zoe@example.com")
    rows = f"<associations><groups><group><id>{club}</id></group></groups></associations>"
    body = f"<x><id>{customer}</id><id_default_group>{club}</id_default_group>{rows}</x>"
    assert ask("PATCH", "customers", body).status == 200
    assert ask("DELETE", f"groups/{club}").status == 200
    read = ask.get(f"customers/{customer}")
    assert read.value("*/id_default_group") == "3"
    assert read.values("*/associations/groups/group/id") == ["3"]


def test_a_thumbnail_is_always_a_whole_square(ask: Asker, shoe: int) -> None:
    send(ask, f"images/products/{shoe}")
    for size, side in (("small_default", 98), ("large_default", 800)):
        body = ask.get(f"images/products/{shoe}/1/{size}").body
        assert _side(body) == (side, side)


def _side(body: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(body)) as image:
        return image.size
