"""Reading: fields, filters, order, limits, languages, JSON, computed prices."""

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Asker, combination_xml, product_xml, texts


def ids(answer_path: str, ask: Asker) -> list[int]:
    """Return the ids a list shows, asked with `display=[id]`."""
    answer = ask.get(answer_path)
    assert answer.status == 200, answer.body
    return [int(text) for text in answer.values("*/*/id")]


@pytest.fixture
def three(ask: Asker) -> Asker:
    """Products A-1, A-2 and B-1 at 10, 20 and 30."""
    for number, reference in enumerate(("A-1", "A-2", "B-1"), start=1):
        ask.new_id("products", product_xml(reference, price=str(number * 10)))
    return ask


def test_without_display_a_list_shows_ids_and_links(three: Asker) -> None:
    tree = three.get("products").tree
    assert [node.get("id") for node in tree[0]] == ["1", "2", "3"]
    href = tree[0][0].get("{http://www.w3.org/1999/xlink}href")
    assert href == "http://shop.test/api/products/1"


def test_fields_come_in_the_order_of_the_schema(three: Asker) -> None:
    tree = three.get("products?display=[price,reference,id]").tree
    assert [node.tag for node in tree[0][0]] == ["id", "reference", "price"]


def test_display_of_one_association(three: Asker) -> None:
    answer = three.get("products?display=[id,stock_availables[id]]&limit=1")
    assert [node.tag for node in answer.tree[0][0]] == ["id", "associations"]
    row = answer.tree.find("products/product/associations/stock_availables/stock_available")
    assert row is not None and [node.tag for node in row] == ["id"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("filter[id]=2", [2]),
        ("filter[id]=[2]", [2]),
        ("filter[id]=[1|3|99]", [1, 3]),
        ("filter[id]=[2,3]", [2, 3]),
        ("filter[id]=[3,2]", [2, 3]),
        ("filter[id]=[1,2,3]", [1]),
        ("filter[id]=[]", []),
        ("filter[id]=>[1]", [2, 3]),
        ("filter[id]=%3E[1]", [2, 3]),
        ("filter[id]=<[3]", [1, 2]),
        ("filter[id]=![2]", [1, 3]),
        ("filter[id]=![1|2]", [3]),
        ("filter[reference]=A-1", [1]),
        ("filter[reference]=a-1", [1]),
        ("filter[reference]=[A-1|b-1|nope]", [1, 3]),
        ("filter[reference]=[A-]%25", [1, 2]),
        ("filter[reference]=%25[-1]", [1, 3]),
        ("filter[reference]=%25[-]%25", [1, 2, 3]),
        ("filter[reference]=[A_1]%25", [1]),
        ("filter[reference]=A_1", []),
        ("filter[reference]=[A_1]", []),
        ("filter[price]=[15,25]", [2]),
        ("filter[price]=20", [2]),
        ("filter[price]=>[9.5]", [1, 2, 3]),
        ("filter[active]=[1]&filter[id]=[1,2]", [1, 2]),
        ("filter[name]=[Chauss]%25", [1, 2, 3]),
        ("filter[name]=[Chauss]%25&language=1", []),
        ("filter[name][2]=chaussure", [1, 2, 3]),
        ("sort=[id_DESC]", [3, 2, 1]),
        ("sort=id_DESC&limit=1", [3]),
        ("sort=[active_ASC,price_DESC]", [3, 2, 1]),
        ("sort=[date_upd_ASC,id_DESC]&date=1", [3, 2, 1]),
        ("limit=1,1", [2]),
        ("limit=2", [1, 2]),
        ("limit=0", []),
        ("limit=x", []),
        ("id=[1,2]", [1, 2, 3]),
    ],
)
def test_filters_order_and_limits(three: Asker, condition: str, expected: list[int]) -> None:
    assert ids(f"products?display=[id]&{condition}", three) == expected


def test_a_bar_in_a_reference_is_found_only_without_brackets(ask: Asker) -> None:
    ask.new_id("products", product_xml("A|B"))
    assert ids("products?display=[id]&filter[reference]=[A%7CB]", ask) == []
    assert ids("products?display=[id]&filter[reference]=A%7CB", ask) == [1]


def test_accents_do_not_matter_in_filters(ask: Asker) -> None:
    ask.new_id("manufacturers", "<manufacturer><name>Été</name></manufacturer>")
    assert ids("manufacturers?display=[id]&filter[name]=[ETE]", ask) == [1]


def test_date_filters_need_date_1(three: Asker) -> None:
    interval = "filter[date_upd]=[2026-11-24 03:00:00,2026-12-01]"
    assert ids(f"products?display=[id]&date=1&{interval}", three) == [1, 2, 3]
    assert ids("products?display=[id]&date=1&filter[date_upd]=>[2026-11-24 03:30:00]", three) == []
    refused = three.get(f"products?display=[id]&{interval}")
    assert (refused.status, refused.codes[0]) == (500, 32)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("display=[id,bogus]", 35),
        ("display=[id,associations]", 35),
        ("display=[id,categories]", 35),
        ("display=[id,categories[bogus]]", 35),
        ("display=bogus", 36),
        ("filter[bogus]=1", 32),
        ("filter[id]=", 33),
        ("filter[ean13]=", 33),
        ("filter[quantity]=1", 34),
        ("filter[manufacturer_name]=x", 34),
        ("filter[id_default_image]=1", 34),
        ("sort=[bogus_ASC]", 38),
        ("sort=[date_upd_ASC]", 38),
        ("sort=[id_UP]", 37),
        ("schema=bogus", 28),
    ],
)
def test_broken_queries_are_500_with_php_warnings(ask: Asker, condition: str, code: int) -> None:
    answer = ask.get(f"products?{condition}")
    assert answer.status == 500
    assert answer.codes == [code, 3, 3, 3, 3]


def test_an_unknown_field_of_one_entity_is_a_plain_400(three: Asker) -> None:
    answer = three.get("products/1?display=[bogus]")
    assert (answer.status, answer.codes) == (400, [35])


def test_unknown_language(ask: Asker) -> None:
    answer = ask.get("products?language=9")
    assert (answer.status, answer.codes) == (400, [81])


def test_one_language_only(three: Asker) -> None:
    tree = three.get("products?display=[name]&limit=1&language=2").tree
    languages = [(node.get("id"), node.text) for node in tree[0][0][0]]
    assert languages == [("2", "Chaussure")]


def test_unknown_id_is_404_without_body_or_type(ask: Asker) -> None:
    for path in ("products/99", "products/99?output_format=JSON", "products/x"):
        answer = ask.get(path)
        assert (answer.status, answer.content_type, answer.body) == (404, None, b"")
        assert "Set-Cookie" in answer.headers


def test_what_follows_the_id_is_ignored(three: Asker) -> None:
    assert three.get("products/1/2").value("product/id") == "1"
    assert three.get("products/1x").value("product/id") == "1"


def test_nothing_found(ask: Asker) -> None:
    assert ask.get("products?display=[id]").tree[0].tag == "products"
    assert len(ask.get("products?display=[id]").tree[0]) == 0
    assert ask.get("products?display=[id]&output_format=JSON").body == b"[]"


def test_json_of_one_entity_drops_what_php_holds_for_false(three: Asker) -> None:
    product = three.get("products/1?output_format=JSON").json["product"]
    assert product["id"] == 1
    assert product["price"] == "10.000000"
    assert "on_sale" not in product and "ean13" not in product
    stock = three.get("stock_availables/1?output_format=JSON").json["stock_available"]
    assert "quantity" not in stock and "id_product_attribute" not in stock


def test_json_of_a_list_keeps_everything(three: Asker) -> None:
    listed = three.get("products?display=full&limit=1&output_format=JSON").json["products"][0]
    assert (listed["on_sale"], listed["ean13"], listed["new"]) == ("0", "", None)
    assert listed["name"] == [{"id": "1", "value": "Shoe"}, {"id": "2", "value": "Chaussure"}]
    assert listed["associations"]["categories"] == [{"id": "2"}]
    assert listed["id_default_combination"] == 0
    assert "tags" not in listed["associations"]


def test_json_by_header_and_in_one_language(three: Asker) -> None:
    for header in ("output-format", "io-format"):
        answer = three("GET", "products/1?language=2", headers={header: "JSON"})
        assert answer.content_type == "application/json"
        assert answer.json["product"]["name"] == "Chaussure"
    accept = three("GET", "products/1", headers={"accept": "application/json"})
    assert accept.content_type == "text/xml;charset=utf-8"


def test_one_entity_with_display_comes_as_a_list_in_json(three: Asker) -> None:
    answer = three.get("products/1?display=[id,reference]&output_format=JSON")
    assert answer.json == {"products": [{"id": 1, "reference": "A-1"}]}


def test_errors_in_json(ask: Asker) -> None:
    answer = ask.get("bogus?output_format=JSON")
    assert answer.content_type == "application/json"
    assert answer.json["errors"][0]["code"] == 27


def test_head_is_answered_like_get(three: Asker) -> None:
    assert three("HEAD", "products/1").status == 200
    assert three("HEAD", "products/99").status == 404


def test_computed_prices(three: Asker) -> None:
    wish = "price[ttc][use_tax]=1&price[ttc][decimals]=6&price[ht][use_tax]=0"
    answer = three.get(f"products?display=[id,ttc,ht]&{wish}&limit=1")
    assert (answer.value("*/product/ttc"), answer.value("*/product/ht")) == (
        "12.000000",
        "10.000000",
    )
    assert [node.tag for node in three.get(f"products?display=[id]&{wish}").tree[0][0]] == ["id"]
    assert three.get(f"products/2?{wish}").value("product/ttc") == "24.000000"


def test_computed_prices_are_rounded_to_two_decimals_unless_told(ask_demo: Asker) -> None:
    path = "products/2?price[a][use_tax]=1&price[b][use_tax]=1&price[b][decimals]=6"
    options = "price[c][use_reduction]=0&price[d][only_reduction]=1"
    answer = ask_demo.get(f"{path}&{options}")
    assert [answer.value(f"product/{name}") for name in "abcd"] == [
        "34.460000",
        "34.464000",
        "43.080000",
        "8.620000",
    ]


def test_computed_price_of_a_combination_adds_its_impact(ask_demo: Asker) -> None:
    ask_demo("PATCH", "combinations", "<combination><id>10</id><price>5</price></combination>")
    of_product = ask_demo.get("products/2?price[p][product_attribute]=10&price[p][decimals]=6")
    of_combination = ask_demo.get("combinations/10?price[p][use_tax]=1&price[p][decimals]=6")
    assert of_product.value("product/p") == "39.264000"
    assert of_combination.value("combination/p") == "39.264000"


def test_a_product_whose_combinations_have_no_default_has_no_price_of_its_own(ask: Asker) -> None:
    ask.new_id("products", product_xml(price="10"))
    first = ask.new_id("combinations", combination_xml(1, more="<price>2</price>"))
    asked = "price[p][use_tax]=1"
    assert ask.get(f"products/1?{asked}").value("*/p") == "0.000000"
    assert ask.get(f"products/1?{asked}&price[p][product_attribute]=99").value("*/p") == "0.000000"
    of_first = f"price[p][product_attribute]={first}"
    assert ask.get(f"products/1?{asked}&{of_first}").value("*/p") == "14.400000"
    assert ask.get(f"combinations/{first}?{asked}").value("*/p") == "14.400000"
    ask("PATCH", "combinations", f"<x><id>{first}</id><default_on>1</default_on></x>")
    assert ask.get(f"products/1?{asked}").value("*/p") == "14.400000"


def test_all_french_tax_groups(ask: Asker) -> None:
    for group, expected in ((1, "12.000000"), (2, "11.000000"), (3, "10.550000"), (4, "10.210000")):
        tax = f"<id_tax_rules_group>{group}</id_tax_rules_group>"
        xml = product_xml(f"T{group}").replace("<id_tax_rules_group>1</id_tax_rules_group>", tax)
        product = ask.new_id("products", xml)
        answer = ask.get(f"products/{product}?price[t][use_tax]=1&price[t][decimals]=6")
        assert answer.value("product/t") == expected


def test_the_search_resource_wants_its_parameters(ask: Asker) -> None:
    answer = ask.get("search")
    assert (answer.status, answer.codes) == (400, [100])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PS_LANG_DEFAULT", "1"),
        ("PS_OS_CANCELED", "6"),
        ("PS_OS_ERROR", "8"),
        ("PS_COUNTRY_DEFAULT", "8"),
        ("PS_STOCK_MANAGEMENT", "1"),
        ("PS_ORDER_OUT_OF_STOCK", "0"),
        ("PS_DISP_UNAVAILABLE_ATTR", "1"),
        ("PS_TIMEZONE", "Europe/Paris"),
        ("PS_LIMIT_UPLOAD_IMAGE_VALUE", "2"),
    ],
)
def test_settings_are_found_by_name(ask: Asker, name: str, value: str) -> None:
    answer = ask.get(f"configurations?filter[name]=[{name}]&display=full")
    assert answer.values("configurations/configuration/value") == [value]


def test_a_fresh_shop_has_states_and_no_products(shop: Shop, ask: Asker) -> None:
    assert ids("products?display=[id]", ask) == []
    assert ids("order_states?display=[id]", ask) == list(range(1, 14))
    state = ask.get("order_states/2").tree[0]
    assert [node.text for node in state.iterfind("name/language")] == [
        "Payment accepted",
        "Paiement accepté",
    ]
    assert state.findtext("paid") == "1"
    assert ids("countries?display=[id]&filter[iso_code]=FR", ask) == [8]
    assert texts("a") == '<language id="1">a</language><language id="2">a</language>'
