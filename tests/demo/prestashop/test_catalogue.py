"""Products, combinations, categories, options, brands."""

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Asker, combination_xml, product_xml, texts
from tests.demo.prestashop.conftest import TestClock


def option(ask: Asker, *values: str) -> list[int]:
    """Make an option with values and return the ids of the values."""
    names = f"<name>{texts('Size')}</name><public_name>{texts('Size')}</public_name>"
    group = ask.new_id("product_options", f"<x><group_type>select</group_type>{names}</x>")
    body = "<x><id_attribute_group>{}</id_attribute_group><name>{}</name></x>"
    return [
        ask.new_id("product_option_values", body.format(group, texts(value))) for value in values
    ]


def with_values(*ids: int) -> str:
    """Return the association of option values."""
    rows = "".join(f"<product_option_value><id>{one}</id></product_option_value>" for one in ids)
    return f"<associations><product_option_values>{rows}</product_option_values></associations>"


def defaults(ask: Asker) -> list[str]:
    """Return `default_on` of all combinations."""
    return ask.get("combinations?display=[default_on]").values("*/*/default_on")


def test_a_product_with_a_price_only_makes_php_warn_and_writes_nothing(ask: Asker) -> None:
    for name in ("", "<name>text</name>"):
        answer = ask("POST", "products", f"<product><price>1</price>{name}</product>")
        assert (answer.status, answer.codes) == (500, [3])
    assert len(ask.get("products").tree[0]) == 0


def test_slugs_are_made_from_the_name_or_repaired(ask: Asker) -> None:
    links = f"<link_rewrite>{texts('Pas Bon é/', 'good-one')}</link_rewrite>"
    ask.new_id("products", product_xml("A"))
    ask.new_id("products", product_xml("B", more=links))
    assert ask.get("products/1").values("*/link_rewrite/language") == ["shoe", "chaussure"]
    assert ask.get("products/2").values("*/link_rewrite/language") == ["pas-bon-e-", "good-one"]


def test_a_new_product_has_zeroes_where_nothing_was_sent(ask: Asker) -> None:
    ask.new_id("products", f"<product><price>1</price><name>{texts('A')}</name></product>")
    read = ask.get("products/1").tree[0]
    for name in ("active", "state", "available_for_order", "show_price", "minimal_quantity"):
        assert read.findtext(name) == "0"
    assert read.findtext("condition") == "new"
    assert read.findtext("visibility") == "both"
    assert read.findtext("product_type") in {"", None}
    assert read.find("associations/categories/category") is None


def test_the_same_reference_twice_is_accepted(ask: Asker) -> None:
    assert ask.new_id("products", product_xml("SAME")) == 1
    assert ask.new_id("products", product_xml("SAME")) == 2


def test_unknown_categories_are_skipped(ask: Asker) -> None:
    rows = "<category><id>2</id></category><category><id>999</id></category>"
    body = (
        f"<product><id>1</id><associations><categories>{rows}</categories></associations></product>"
    )
    ask.new_id("products", product_xml())
    assert ask("PATCH", "products", body).status == 200
    assert ask.get("products/1").values("*/associations/categories/category/id") == ["2"]


def test_associations_are_replaced_as_a_whole_and_kept_when_absent(ask: Asker) -> None:
    category = f"<id_parent>2</id_parent><active>1</active><name>{texts('Sale')}</name>"
    link = f"<link_rewrite>{texts('sale')}</link_rewrite>"
    ask.new_id("categories", f"<category>{category}{link}</category>")
    ask.new_id("products", product_xml())
    rows = "<associations><categories><category><id>3</id></category></categories></associations>"
    ask("PATCH", "products", f"<product><id>1</id>{rows}</product>")
    assert ask.get("products/1").values("*/associations/categories/category/id") == ["3"]
    ask("PATCH", "products", "<product><id>1</id><price>2</price></product>")
    assert ask.get("products/1").values("*/associations/categories/category/id") == ["3"]
    ask("PATCH", "products", "<x><id>1</id><associations><categories/></associations></x>")
    assert ask.get("products/1").values("*/associations/categories/category/id") == []


def test_positions_count_up_within_a_category(ask: Asker) -> None:
    for reference in ("A", "B"):
        ask.new_id("products", product_xml(reference))
    found = ask.get("products?display=[position_in_category]").values("*/*/position_in_category")
    assert found == ["1", "2"]
    for position, code in (("0", 134), ("3", 135)):
        body = f"<x><id>1</id><position_in_category>{position}</position_in_category></x>"
        answer = ask("PATCH", "products", body)
        assert (answer.status, answer.codes) == (500, [code])


def test_the_modification_date_follows_the_product_only(
    shop: Shop, ask: Asker, clock: TestClock
) -> None:
    ask.new_id("products", product_xml())
    ask.new_id("combinations", combination_xml(1))
    made = ask.get("products/1").value("product/date_upd")
    clock.forward(10)
    ask("PATCH", "stock_availables", "<x><id>2</id><quantity>4</quantity></x>")
    ask("PATCH", "combinations", "<x><id>1</id><price>4</price></x>")
    shop.place_order("a@example.com", [(1, 1, 1)])
    assert ask.get("products/1").value("product/date_upd") == made
    ask("PATCH", "products", "<x><id>1</id></x>")
    assert ask.get("products/1").value("product/date_upd") == "2026-11-24 03:30:10"


def test_the_quantity_of_a_product_is_always_shown_as_0(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml())
    shop.set_stock(1, 0, 8)
    assert ask.get("products/1").value("product/quantity") == "0"


def test_features_of_a_product(ask: Asker) -> None:
    feature = ask.new_id("product_features", f"<x><name>{texts('Fabric')}</name></x>")
    value = f"<x><id_feature>{feature}</id_feature><value>{texts('Wool')}</value></x>"
    wool = ask.new_id("product_feature_values", value)
    ask.new_id("products", product_xml())
    link = f"<id>{feature}</id><id_feature_value>{wool}</id_feature_value>"
    row = f"<product_feature>{link}</product_feature>"
    rows = f"<associations><product_features>{row}</product_features></associations>"
    ask("PATCH", "products", f"<x><id>1</id>{rows}</x>")
    read = ask.get("products/1")
    assert read.value("*/associations/product_features/product_feature/id_feature_value") == "1"
    ask("DELETE", f"product_features/{feature}")
    assert ask.get("product_feature_values/1").status == 404
    assert ask.get("products/1").values("*/associations/product_features/*") == []


def test_deleting_a_product_takes_all_that_is_its_own(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    ask.new_id("combinations", combination_xml(1))
    assert ask("DELETE", "products/1").status == 200
    for resource in ("products", "combinations", "stock_availables"):
        assert len(ask.get(resource).tree[0]) == 0
    assert ask("DELETE", "products/1").codes == [87]


def test_ids_are_not_used_twice(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    ask("DELETE", "products/1")
    assert ask.new_id("products", product_xml()) == 2


def test_the_first_combination_becomes_the_default(ask: Asker) -> None:
    small, large = option(ask, "S", "L")
    ask.new_id("products", product_xml())
    for value in (small, large):
        ask.new_id("combinations", combination_xml(1, more=with_values(value)))
    product = ask.get("products/1")
    assert product.value("product/cache_default_attribute") == "1"
    assert product.value("product/id_default_combination") == "1"
    assert product.value("product/product_type") == "combinations"
    assert product.value("product/type") == "simple"
    assert product.values("*/associations/product_option_values/*/id") == ["1", "2"]
    assert defaults(ask) == ["", ""]


def test_a_second_default_kills_php_and_leaves_nothing(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    ask.new_id("combinations", combination_xml(1, more="<default_on>1</default_on>"))
    answer = ask("POST", "combinations", combination_xml(1, more="<default_on>1</default_on>"))
    assert (answer.status, answer.content_type, answer.body) == (
        500,
        "text/html; charset=utf-8",
        b"",
    )
    assert defaults(ask) == ["1"]
    assert len(ask.get("stock_availables").tree[0]) == 2


def test_moving_the_default(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    for _ in range(2):
        ask.new_id("combinations", combination_xml(1))
    body = "<x><id>1</id><id_default_combination>2</id_default_combination></x>"
    assert ask("PATCH", "products", body).status == 200
    assert defaults(ask) == ["", "1"]
    assert ask.get("products/1").value("product/cache_default_attribute") == "2"
    assert ask("PATCH", "combinations", "<x><id>1</id><default_on>1</default_on></x>").status == 500
    ask("PATCH", "combinations", "<x><id>2</id><default_on>0</default_on></x>")
    assert ask("PATCH", "combinations", "<x><id>1</id><default_on>1</default_on></x>").status == 200
    assert defaults(ask) == ["1", ""]
    assert ask.get("products/1").value("product/cache_default_attribute") == "1"


def test_doubles_and_unknown_products_are_accepted(ask: Asker) -> None:
    (size,) = option(ask, "S")
    ask.new_id("products", product_xml())
    for _ in range(2):
        ask.new_id("combinations", combination_xml(1, more=with_values(size)))
    assert ask("POST", "combinations", combination_xml(99999)).status == 201


def test_a_short_put_of_a_combination_keeps_its_values(ask: Asker) -> None:
    (size,) = option(ask, "S")
    ask.new_id("products", product_xml())
    more = f"<price>5</price>{with_values(size)}"
    ask.new_id("combinations", combination_xml(1, "REF", more))
    body = "<x><id>1</id><id_product>1</id_product><minimal_quantity>1</minimal_quantity></x>"
    assert ask("PUT", "combinations", body).status == 200
    read = ask.get("combinations/1")
    assert (read.value("*/reference"), read.value("*/price")) == ("", "0.000000")
    assert read.values("*/associations/product_option_values/*/id") == ["1"]


def test_negative_impacts_are_accepted(ask: Asker) -> None:
    ask.new_id("products", product_xml(price="20"))
    ask.new_id("combinations", combination_xml(1, more="<price>-3.5</price>"))
    answer = ask.get("combinations/1?price[p][use_tax]=0&price[p][decimals]=6")
    assert answer.value("*/p") == "16.500000"


def test_images_before_option_values_are_lost(ask_demo: Asker) -> None:
    value = "<product_option_value><id>1</id></product_option_value>"
    values = f"<product_option_values>{value}</product_option_values>"
    images = "<images><image><id>21</id></image></images>"
    for order, kept in ((images + values, []), (values + images, ["21"])):
        more = f"<associations>{order}</associations>"
        made = ask_demo.new_id("combinations", combination_xml(2, more=more))
        read = ask_demo.get(f"combinations/{made}")
        assert read.values("*/associations/images/image/id") == kept
    body = f"<x><id>{made}</id><associations>{images}</associations></x>"
    ask_demo("PATCH", "combinations", body)
    read = ask_demo.get(f"combinations/{made}")
    assert read.values("*/associations/product_option_values/*/id") == ["1"]


def test_deleting_combinations_updates_total_and_default(shop: Shop, ask: Asker) -> None:
    ask.new_id("products", product_xml())
    for quantity in (3, 4):
        made = ask.new_id("combinations", combination_xml(1))
        shop.set_stock(1, made, quantity)
    ask("DELETE", "combinations/1")
    assert shop.stock_of(1) == 4
    assert ask.get("products/1").value("product/cache_default_attribute") == "2"
    ask("DELETE", "combinations/2")
    product = ask.get("products/1")
    assert shop.stock_of(1) == 0
    assert product.value("product/cache_default_attribute") == "0"
    assert product.value("product/product_type") == "combinations"


def test_an_option_value_takes_its_combinations_along(ask: Asker) -> None:
    (size,) = option(ask, "S")
    ask.new_id("products", product_xml())
    ask.new_id("combinations", combination_xml(1, more=with_values(size)))
    ask("DELETE", f"product_option_values/{size}")
    assert ask.get("combinations/1").status == 404


def test_options_get_positions_and_say_whether_they_are_colours(ask: Asker) -> None:
    names = f"<name>{texts('A')}</name><public_name>{texts('A')}</public_name>"
    for kind in ("select", "color"):
        ask.new_id("product_options", f"<x><group_type>{kind}</group_type>{names}</x>")
    answer = ask.get("product_options?display=full")
    assert answer.values("*/*/position") == ["0", "1"]
    assert answer.values("*/*/is_color_group") == ["0", "1"]


def test_a_category_gets_its_level_and_position(ask: Asker) -> None:
    body = (
        "<category><id_parent>{}</id_parent><active>1</active>"
        f"<name>{texts('Sale')}</name><link_rewrite>{texts('sale')}</link_rewrite></category>"
    )
    answer = ask("POST", "categories", body.format(2))
    assert (answer.status, answer.value("*/nb_products_recursive")) == (201, "-1")
    ask.new_id("categories", body.format(3))
    ask.new_id("categories", body.format(2))
    listed = ask.get("categories?display=[level_depth,position]&filter[id]=[3|4|5]")
    assert listed.values("*/*/level_depth") == ["2", "3", "2"]
    assert listed.values("*/*/position") == ["0", "0", "1"]
    assert ask.get("categories/2").values("*/associations/categories/category/id") == ["3", "5"]


def test_a_category_without_slug_makes_php_warn_and_writes_nothing(ask: Asker) -> None:
    answer = ask("POST", "categories", f"<x><active>1</active><name>{texts('A')}</name></x>")
    assert (answer.status, answer.codes) == (500, [3, 3])
    assert len(ask.get("categories").tree[0]) == 2


def test_a_branch_counts_its_products_and_goes_as_a_whole(ask_demo: Asker) -> None:
    assert ask_demo.get("categories/3").value("*/nb_products_recursive") == "2"
    assert ask_demo.get("categories/1").value("*/nb_products_recursive") == "19"
    assert ask_demo("DELETE", "categories/3").status == 200
    assert ask_demo.get("categories/4").status == 404
    read = ask_demo.get("products/1")
    assert read.value("*/id_category_default") == "4"
    assert "4" not in read.values("*/associations/categories/category/id")


@pytest.mark.parametrize("resource", ["manufacturers", "suppliers"])
def test_brands_have_an_address_from_their_name(ask: Asker, resource: str) -> None:
    ask.new_id(resource, "<x><active>1</active><name>Léo et Fils</name></x>")
    assert ask.get(f"{resource}/1").value("*/link_rewrite") == "leo-et-fils"


def test_a_product_keeps_the_id_of_a_brand_that_is_gone(ask: Asker) -> None:
    ask.new_id("manufacturers", "<x><active>1</active><name>Léo</name></x>")
    ask.new_id("products", product_xml(more="<id_manufacturer>1</id_manufacturer>"))
    assert ask.get("products/1").value("*/manufacturer_name") == "Léo"
    ask("DELETE", "manufacturers/1")
    assert ask.get("products/1").value("*/id_manufacturer") == "1"
    assert ask.get("products/1").value("*/manufacturer_name") == ""


def test_what_a_supplier_supplied_outlives_it(ask: Asker) -> None:
    supplier = ask.new_id("suppliers", "<x><active>1</active><name>Léo</name></x>")
    ask.new_id("products", product_xml(more=f"<id_supplier>{supplier}</id_supplier>"))
    row = ask.new_id(
        "product_suppliers",
        "<x><id_product>1</id_product><id_product_attribute>0</id_product_attribute>"
        f"<id_supplier>{supplier}</id_supplier></x>",
    )
    assert ask("DELETE", f"suppliers/{supplier}").status == 200
    assert ask.get(f"product_suppliers/{row}").value("*/id_supplier") == str(supplier)
    assert ask.get("products/1").value("*/id_supplier") == str(supplier)


def test_a_supplier_row_twice_kills_php(ask: Asker) -> None:
    body = (
        "<x><id_product>1</id_product><id_product_attribute>0</id_product_attribute>"
        "<id_supplier>1</id_supplier></x>"
    )
    assert ask("POST", "product_suppliers", body).status == 201
    answer = ask("POST", "product_suppliers", body)
    assert (answer.status, answer.body) == (500, b"")


def test_the_type_follows_what_is_sent(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    for kind, expected, told in (
        ("virtual", "virtual", "virtual"),
        ("simple", "standard", "simple"),
        ("pack", "standard", "simple"),
    ):
        ask("PATCH", "products", f"<x><id>1</id><type>{kind}</type></x>")
        read = ask.get("products/1")
        assert read.value("*/product_type") == expected
        assert read.value("*/type") == told
        assert read.value("*/cache_is_pack") == ("1" if kind == "pack" else "0")


def test_an_unknown_parent_kills_php_and_no_parent_is_the_top(ask: Asker) -> None:
    body = (
        f"<x>{{}}<active>1</active><name>{texts('A')}</name>"
        f"<link_rewrite>{texts('a')}</link_rewrite></x>"
    )
    lost = ask("POST", "categories", body.format("<id_parent>999</id_parent>"))
    assert (lost.status, lost.body) == (500, b"")
    made = ask.new_id("categories", body.format(""))
    assert ask.get(f"categories/{made}").value("*/level_depth") == "0"


def test_deleting_an_option_takes_values_and_combinations(ask: Asker) -> None:
    (size,) = option(ask, "S")
    ask.new_id("products", product_xml())
    ask.new_id("combinations", combination_xml(1, more=with_values(size)))
    assert ask("DELETE", "product_options/1").status == 200
    assert ask.get(f"product_option_values/{size}").status == 404
    assert ask.get("combinations/1").status == 404


def test_the_name_of_an_inactive_brand_is_not_shown(ask: Asker) -> None:
    ask.new_id("manufacturers", "<x><name>Asleep</name></x>")
    ask.new_id("products", product_xml(more="<id_manufacturer>1</id_manufacturer>"))
    assert ask.get("products/1").value("*/manufacturer_name") == ""


def test_an_active_product_is_put_into_the_search_index(ask: Asker) -> None:
    ask.new_id("products", product_xml())
    assert ask.get("products/1").value("*/indexed") == "1"
    ask("PUT", "products", "<x><id>1</id><price>1</price></x>")
    assert ask.get("products/1").value("*/indexed") == "0"
