"""All that a till may say of an article, as the simulated shop holds it in the end."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from protocol.records import (
    Axis,
    AxisValue,
    Brand,
    Category,
    Feature,
    FeatureValue,
    Price,
    Record,
    Stock,
    Supplier,
    Variant,
)
from shop_agent.actions import Subject
from tests.shop_agent.shop_floor import EN, FR, Floor, an_article, open_floor

SIZES = (
    Axis(key="p", name={"fr": "Pointure"}),
    AxisValue(key="38", axis="p", name={"fr": "38"}),
    AxisValue(key="39", axis="p", name={"fr": "39"}),
)
MATTER = (
    Feature(key="m", name={"fr": "Matière"}),
    FeatureValue(key="cuir", feature="m", name={"fr": "Cuir"}),
    FeatureValue(key="daim", feature="m", name={"fr": "Daim"}),
)
SUPPLIERS = (Supplier(key="s", name="Tannerie"), Supplier(key="t", name="Sellerie"))


@pytest.fixture
def floor() -> Iterator[Floor]:
    with open_floor() as floor:
        yield floor


def sized(key: str, size: str, **changes: object) -> Variant:
    fields = {"key": key, "article": "1", "values": (size,), "reference": f"R-{size}"}
    return Variant.model_validate({**fields, **changes})


def settled(floor: Floor, *records: Record) -> None:
    """Say, carry out, and see that a second look finds nothing to do."""
    floor.say(*records)
    floor.run()
    assert floor.run(full=True).counts == {}
    assert floor.intents() == 0


def test_every_field_of_an_article_arrives_and_stays_quiet(floor: Floor) -> None:
    whole = an_article(
        "1", ean="3760000000017", upc="123456789012", isbn="2070368228", mpn="M-1",
        weight_grams=1250, width_mm=335, height_mm=120, depth_mm=7, condition="refurbished",
        short_description={"fr": "<p>Court</p>"}, meta_title={"fr": "Titre"},
        meta_description={"fr": "Pour Google"}, slug={"fr": "La belle Botte"},
        purchase_price="10", when_out_of_stock="allow",
    )  # fmt: skip
    settled(floor, whole)
    product = floor.product("REF-1")
    said = {
        "ean13": "3760000000017", "upc": "123456789012", "isbn": "2070368228", "mpn": "M-1",
        "weight": "1.250000", "width": "33.500000", "height": "12.000000", "depth": "0.700000",
        "condition": "refurbished", "wholesale_price": "10.000000", "active": "1",
    }  # fmt: skip
    assert said.items() <= product.fields.items()
    assert product.texts("description_short")[FR] == "<p>Court</p>"
    assert product.texts("link_rewrite") == {EN: "la-belle-botte", FR: "la-belle-botte"}
    assert product.texts("meta_title")[FR] == "Titre"
    assert product.texts("meta_description")[FR] == "Pour Google"
    [row] = floor.all("stock_availables")
    assert row.text("out_of_stock") == "1"


def test_null_clears_and_absent_says_nothing(floor: Floor) -> None:
    settled(floor, an_article("1", mpn="M-1", weight_grams=900, purchase_price="9"))
    settled(floor, an_article("1", mpn=None))
    product = floor.product("REF-1")
    assert product.text("mpn") == ""
    assert (product.number("weight"), product.number("wholesale_price")) == (
        Decimal("0.9"),
        Decimal(9),
    )


def test_what_search_engines_read_is_said_once_and_the_address_never_again(floor: Floor) -> None:
    settled(floor, an_article("1", slug={"fr": "botte"}, meta_title={"fr": "Un"}))
    settled(floor, an_article("1", slug={"fr": "bottine"}, meta_title={"fr": "Deux"}))
    product = floor.product("REF-1")
    assert (product.texts("link_rewrite")[FR], product.texts("meta_title")[FR]) == ("botte", "Un")
    floor.choose(owners={"article.meta_title": "till", "article.slug": "till"})
    floor.run(full=True)
    product = floor.product("REF-1")
    assert (product.texts("link_rewrite")[FR], product.texts("meta_title")[FR]) == ("botte", "Deux")


def test_without_filling_a_text_stands_in_its_own_language_and_the_shops_default(
    floor: Floor,
) -> None:
    floor.choose(fill_languages=False)
    settled(floor, an_article("1", short_description={"fr": "<p>x</p>"}))
    product = floor.product("REF-1")
    # English is the shop's default language.
    assert product.texts("description_short") == {EN: "<p>x</p>", FR: "<p>x</p>"}
    floor.shop.execute("UPDATE configurations SET value = ? WHERE name = 'PS_LANG_DEFAULT'", FR)
    settled(floor, an_article("2", short_description={"fr": "<p>x</p>"}))
    product = floor.product("REF-2")
    assert product.texts("description_short") == {EN: "", FR: "<p>x</p>"}
    assert product.texts("link_rewrite") == {EN: "article-2", FR: "article-2"}


def test_a_language_that_the_till_does_not_say_is_never_emptied(floor: Floor) -> None:
    settled(floor, an_article("1", name={"fr": "Botte"}))
    sql = "UPDATE products_lang SET name = ? WHERE id_lang = ?"
    floor.shop.execute(sql, "Boot", EN)
    settled(floor, an_article("1", name={"fr": "Bottine", "en": ""}))
    assert floor.product("REF-1").texts("name") == {EN: "Boot", FR: "Bottine"}


@pytest.mark.parametrize("field", ["name", "description", "short_description"])
def test_a_persons_text_is_kept_said_once_and_can_be_taken_back(floor: Floor, field: str) -> None:
    shown = {"short_description": "description_short"}.get(field, field)
    settled(floor, an_article("1", **{field: {"fr": "Un"}}))
    sql = f"UPDATE products_lang SET {shown} = ? WHERE id_lang = ?"  # noqa: S608 - a column's name
    floor.shop.execute(sql, "Clara", FR)
    floor.say(an_article("1", **{field: {"fr": "Deux"}}))
    first, again = floor.run(), floor.run(full=True)
    assert [problem.code for _, problem in first.edited] == ["E-AGT-010"]
    assert (again.edited, again.counts) == ([], {})
    assert floor.product("REF-1").texts(shown)[FR] == "Clara"
    assert floor.fates()[Subject("article", "1")] == ("edited_on_site", "E-AGT-010")
    assert floor.take_back(Subject("article", "1"), field, FR)
    floor.run()
    assert floor.product("REF-1").texts(shown)[FR] == "Deux"
    assert floor.fates()[Subject("article", "1")] == ("applied", None)
    assert floor.run(full=True).counts == {}


def test_a_text_from_before_us_can_be_taken_back_too(floor: Floor) -> None:
    settled(floor, an_article("1"))
    floor.shop.execute("UPDATE products_lang SET name = 'Clara'")
    with open_floor() as other:
        floor = Floor(floor.shop, floor.webservice, other.engine)
        floor.say(an_article("1"))
        floor.run()
        assert floor.product("REF-1").texts("name")[FR] == "Clara"
        assert floor.take_back(Subject("article", "1"), "name", FR)
        assert not floor.take_back(Subject("article", "99"), "name", FR)
        floor.run()
        assert floor.product("REF-1").texts("name") == {EN: "Clara", FR: "Article 1"}


def test_features_are_a_union(floor: Floor) -> None:
    settled(floor, *MATTER, an_article("1", features=("cuir",)))
    product = floor.product("REF-1")
    ours = {"id": "1", "id_feature_value": "1"}
    assert product.rows("product_features") == (ours,)
    floor.shop.execute("INSERT INTO product_feature_links VALUES (?, 9, 90)", product.id)
    settled(floor, an_article("1", features=("daim",)))
    theirs = {"id": "9", "id_feature_value": "90"}
    assert floor.product("REF-1").rows("product_features") == (
        {"id": "1", "id_feature_value": "2"}, theirs,
    )  # fmt: skip
    settled(floor, an_article("1", features=None))
    assert floor.product("REF-1").rows("product_features") == (theirs,)


def test_a_feature_that_people_took_out_or_chose_otherwise_is_theirs(floor: Floor) -> None:
    settled(floor, *MATTER, an_article("1", features=("cuir",)))
    floor.shop.execute("DELETE FROM product_feature_links")
    settled(floor, an_article("1", features=("cuir",), mpn="x"))
    assert floor.product("REF-1").rows("product_features") == ()
    floor.take_back(Subject("article", "1"), "features")
    floor.run()
    assert len(floor.product("REF-1").rows("product_features")) == 1
    floor.shop.execute("UPDATE product_feature_links SET id_value = 77")
    settled(floor, an_article("1", features=("daim",)))
    assert [row["id_feature_value"] for row in floor.product("REF-1").rows("product_features")] == [
        "77"
    ]


def test_a_branch_moves_and_is_renamed_with_its_articles_in_it(floor: Floor) -> None:
    top = (Category(key="A", name={"fr": "Femme"}, parent=None),
           Category(key="B", name={"fr": "Homme"}, parent=None))  # fmt: skip
    leaf = Category(key="C", name={"fr": "Bottes"}, parent="A")
    settled(floor, *top, leaf, an_article("1", categories=("C", "B")))
    before = floor.product("REF-1")
    settled(floor, Category(key="C", name={"fr": "Bottines"}, parent="B"))
    shelves = {one.texts("name")[FR]: one for one in floor.all("categories")}
    assert shelves["Bottines"].whole("id_parent") == shelves["Homme"].id
    assert "Bottes" not in shelves
    product = floor.product("REF-1")
    assert product.rows("categories") == before.rows("categories")
    assert product.whole("id_category_default") == shelves["Bottines"].id
    floor.choose(owners={"category.name": "site", "category.parent": "site"})
    floor.say(Category(key="C", name={"fr": "Souliers"}, parent="A"))
    assert "categories" not in floor.run().counts


def test_suppliers_rows_are_made_changed_adopted_and_removed_only_if_ours(floor: Floor) -> None:
    offers = ({"supplier": "s", "reference": "T-1", "purchase_price": "12.5"}, {"supplier": "t"})
    settled(floor, *SUPPLIERS, *SIZES, an_article("1", suppliers=offers),
            sized("v", "38", suppliers=({"supplier": "s", "reference": "T-38"},)))  # fmt: skip
    product = floor.product("REF-1")
    assert product.text("id_supplier") == "1"
    assert rows(floor) == {
        (0, 1): ("T-1", Decimal("12.5")),
        (0, 2): ("", Decimal(0)),
        (1, 1): ("T-38", Decimal(0)),
    }
    theirs = "product_supplier_reference, product_supplier_price_te) VALUES (?, ?, ?, 'theirs', 0)"
    sql = f"INSERT INTO product_suppliers (id_product, id_product_attribute, id_supplier, {theirs}"
    floor.shop.execute("DELETE FROM product_suppliers WHERE id_supplier = 2")
    floor.shop.execute(sql, product.id, 0, 2)
    floor.shop.execute(sql, product.id, 0, 9)
    offers = ({"supplier": "t", "reference": "S-1"}, {"supplier": "s", "reference": "T-2"})
    settled(floor, an_article("1", suppliers=offers))
    assert rows(floor)[0, 1] == ("T-2", Decimal("12.5"))
    assert (rows(floor)[0, 2][0], rows(floor)[0, 9][0]) == ("S-1", "theirs")
    assert floor.product("REF-1").text("id_supplier") == "2"
    settled(floor, an_article("1", suppliers=None), sized("v", "38", suppliers=None))
    assert rows(floor) == {(0, 9): ("theirs", Decimal(0))}
    assert floor.product("REF-1").text("id_supplier") == "0"


def rows(floor: Floor) -> dict[tuple[int, int], tuple[str, Decimal]]:
    return {
        (row.whole("id_product_attribute"), row.whole("id_supplier")): (
            row.text("product_supplier_reference"),
            row.number("product_supplier_price_te"),
        )
        for row in floor.all("product_suppliers")
    }


def test_a_row_that_the_shop_refuses_is_told_of_its_article(floor: Floor) -> None:
    floor.say(*SUPPLIERS, an_article("1", suppliers=({"supplier": "s", "reference": "a<b"},)))
    floor.run()
    state, code = floor.fates()[Subject("article", "1")]
    assert (state, bool(code)) == ("refused", True)
    assert rows(floor) == {}
    settled(floor, an_article("1", suppliers=({"supplier": "s", "reference": "ab"},)))
    assert floor.fates()[Subject("article", "1")] == ("applied", None)


def test_a_row_whose_creation_had_no_answer_is_there_once(floor: Floor) -> None:
    settled(floor, *SUPPLIERS, an_article("1"))
    floor.shop.fail_next("apply_then_500", method="POST", path="product_suppliers")
    floor.say(an_article("1", suppliers=({"supplier": "s", "reference": "T-1"},)))
    floor.run()
    floor.run()
    assert rows(floor) == {(0, 1): ("T-1", Decimal(0))}
    assert floor.run(full=True).counts == {}
    settled(floor, an_article("1", suppliers=None))
    assert rows(floor) == {}


def test_a_variant_waits_for_its_supplier_too(floor: Floor) -> None:
    floor.say(*SIZES, an_article("1"), sized("v", "38", suppliers=({"supplier": "s"},)))
    floor.run()
    assert floor.fates()[Subject("variant", "v")] == ("waiting", "E-AGT-001")
    settled(floor, *SUPPLIERS)
    assert floor.fates()[Subject("variant", "v")] == ("applied", None)
    assert rows(floor) == {(1, 1): ("", Decimal(0))}


def test_a_dry_run_plans_all_of_it_and_writes_nothing(floor: Floor) -> None:
    settled(floor, *SUPPLIERS, an_article("1"))
    floor.say(*SIZES, an_article("1", suppliers=({"supplier": "s"},), when_out_of_stock="deny"),
              sized("v", "38", suppliers=({"supplier": "t"},)), an_article("2"))  # fmt: skip
    floor.shop.clear_requests()
    report = floor.run(dry=True)
    assert {one.method for one in floor.shop.requests()} == {"GET"}
    assert report.counts["product_suppliers"] == {"created": 1}
    assert report.counts["stock_availables"] == {"changed": 1}
    assert report.counts["combinations"] == {"created": 1}
    assert floor.run().counts["products"]["created"] == 1


def test_an_article_waits_for_its_supplier(floor: Floor) -> None:
    floor.say(an_article("1", suppliers=({"supplier": "s"},)))
    floor.run()
    assert floor.fates()[Subject("article", "1")] == ("waiting", "E-AGT-001")
    settled(floor, *SUPPLIERS)
    assert floor.fates()[Subject("article", "1")] == ("applied", None)


def test_a_pack_waits_for_its_parts_and_follows_them(floor: Floor) -> None:
    parts = ({"variant": "v", "quantity": 2}, {"article": "2", "quantity": 1})
    floor.say(an_article("0", nature="pack", parts=parts), an_article("2"))
    floor.run()
    assert floor.fates()[Subject("article", "0")] == ("waiting", "E-AGT-001")
    floor.say(*SIZES, an_article("1"), sized("v", "38"), sized("w", "39"))
    floor.run()
    floor.run()
    pack, sock, lace = (floor.product(f"REF-{key}") for key in "012")
    chosen = floor.combinations(sock.id)[0].id
    assert pack.text("product_type") == "pack"
    assert bundle(pack) == {(sock.id, chosen, 2), (lace.id, 0, 1)}
    other = floor.combinations(sock.id)[1].id
    settled(floor, an_article("0", nature="pack", parts=({"variant": "w", "quantity": 3},)))
    assert bundle(floor.product("REF-0")) == {(sock.id, other, 3)}


def bundle(pack: object) -> set[tuple[int, int, int]]:
    listed = getattr(pack, "rows")("product_bundle")  # noqa: B009 - an entity's rows
    return {
        (int(row["id"]), int(row["id_product_attribute"]), int(row["quantity"])) for row in listed
    }


def test_a_virtual_article_is_one_and_can_become_standard(floor: Floor) -> None:
    settled(floor, an_article("1", nature="virtual"))
    product = floor.product("REF-1")
    assert (product.text("is_virtual"), product.text("product_type")) == ("1", "virtual")
    settled(floor, an_article("1", nature="standard"))
    product = floor.product("REF-1")
    assert (product.text("is_virtual"), product.text("product_type")) == ("0", "standard")


def test_a_variants_codes_weight_and_purchase_price(floor: Floor) -> None:
    settled(floor, *SIZES, an_article("1", weight_grams=1000, nature="standard"),
            sized("v", "38", weight_grams=850, purchase_price="7.5", upc="123456789012",
                  price=Price(amount=Decimal("54.90"))),
            sized("w", "39", weight_grams=1200))  # fmt: skip
    product = floor.product("REF-1")
    light, heavy = floor.combinations(product.id)
    assert (light.number("weight"), heavy.number("weight")) == (Decimal("-0.15"), Decimal("0.2"))
    assert (light.text("upc"), light.number("wholesale_price")) == ("123456789012", Decimal("7.5"))
    assert (floor.price(product.id, light.id), floor.price(product.id, heavy.id)) == (
        Decimal("54.90"), Decimal("49.90"),
    )  # fmt: skip
    # Combinations make it what it is: « standard » of the till does not undo them.
    assert product.text("product_type") == "combinations"


def test_where_the_shop_adds_the_ecotax_a_visitor_pays_the_tills_price(floor: Floor) -> None:
    floor.shop.execute("UPDATE configurations SET value = '1' WHERE name = 'PS_USE_ECOTAX'")
    floor.shop.execute(
        "INSERT INTO configurations (name, value) VALUES ('PS_ECOTAX_TAX_RULES_GROUP_ID', '1')"
    )
    settled(floor, *SIZES, an_article("1", ecotax="0.30"),
            sized("v", "38", price=Price(amount=Decimal("54.99"))))  # fmt: skip
    product = floor.product("REF-1")
    [size] = floor.combinations(product.id)
    assert product.number("ecotax") == Decimal("0.25")
    assert floor.price(product.id, size.id) == Decimal("54.99")
    assert product.number("price") == Decimal("41.333333")
    floor.shop.execute(
        "UPDATE combinations SET ecotax = '3'"
    )  # it would count in the other's place
    floor.run(full=True)
    assert floor.price(product.id, size.id) == Decimal("54.99")
    settled(floor, an_article("2", ecotax="0.02"))
    assert floor.price(floor.product("REF-2").id) == Decimal("49.90")
    settled(floor, an_article("2", ecotax=None))
    again = floor.product("REF-2")
    assert (again.number("ecotax"), floor.price(again.id)) == (Decimal(0), Decimal("49.90"))


def test_elsewhere_the_price_just_contains_it(floor: Floor) -> None:
    settled(floor, an_article("1", ecotax="0.30"))
    product = floor.product("REF-1")
    assert (product.number("ecotax"), floor.price(product.id)) == (Decimal(0), Decimal("49.90"))


def test_the_rule_for_out_of_stock_is_left_to_the_site_unless_it_is_said(floor: Floor) -> None:
    settled(floor, an_article("1"))
    floor.shop.execute("UPDATE stock_availables SET out_of_stock = '1'")
    settled(floor, an_article("1", mpn="x"))
    assert floor.all("stock_availables")[0].text("out_of_stock") == "1"
    settled(floor, an_article("1", when_out_of_stock="deny"))
    assert floor.all("stock_availables")[0].text("out_of_stock") == "0"


def test_variants_that_leave_keep_their_combinations_at_0_and_are_told(floor: Floor) -> None:
    figures = [Stock(key=f"v:{key}", quantity=5) for key in "vw"]
    settled(floor, *SIZES, an_article("1"), sized("v", "38"), sized("w", "39"), *figures)
    floor.run_stock()
    for key in "vw":
        floor.bury("variant", key)
    floor.run_stock()
    floor.run()
    product = floor.product("REF-1")
    shown = {row.whole("id_product_attribute"): row.whole("quantity")
             for row in floor.all("stock_availables")}  # fmt: skip
    assert len(floor.combinations(product.id)) == 2
    assert {shown[one.id] for one in floor.combinations(product.id)} == {0}
    for key in "vw":
        assert floor.fates()[Subject("variant", key)] == ("applied", "E-AGT-009")
    # Deleted by a person in the shop, it is sold as it is at the till.
    for one in floor.combinations(product.id):
        floor.webservice.delete("combinations", one.id)
    floor.say(Stock(key="a:1", quantity=4))
    floor.run(full=True)
    floor.run_stock(full=True)
    assert [row.whole("quantity") for row in floor.all("stock_availables")] == [4]
    assert floor.fates()[Subject("variant", "v")] == ("applied", None)


def test_brands_and_suppliers_are_known_by_their_folded_names(floor: Floor) -> None:
    for resource in ("manufacturers", "suppliers"):
        floor.shop.execute(f"INSERT INTO {resource} (name, active) VALUES ('ÉRAM  Paris', '1')")  # noqa: S608 - ours
    settled(floor, Brand(key="b", name="Eram paris"), Supplier(key="s", name="eram Paris"))
    assert len(floor.all("manufacturers")) == len(floor.all("suppliers")) == 1
