"""What more an article or a variant may say: texts, codes, measures, how it is sold."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from pos_exporter.mapping.shop import KnownShop
from protocol.records import Article, Variant, record_line
from tests.pos_exporter.assembling.shop import Shop, article, find, keys, variant, withheld


def shop_with(fields: str, cells: Mapping[str, object], *, variants: str = "") -> Shop:
    """Return a shop of one simple article, and one with variants, that map more fields."""
    shop = Shop(
        article=[article(1, **cells), article(2, **cells)],
        variant=[variant(21, 2, **cells), variant(22, 2, 39, **cells)],
    )
    shop.text = shop.text.replace(
        "      purchase_price: ACHAT\n", f"      purchase_price: ACHAT\n      {fields}\n"
    ).replace("ean: EAN, price: PX}", f"ean: EAN, price: PX{variants}}}")
    return shop


def said(shop: Shop, shop_known: KnownShop | None = None) -> Article:
    shop.known = shop_known or shop.known
    found = find(shop.assembled(), "article", "1")
    assert isinstance(found, Article)
    return found


@pytest.mark.parametrize(
    ("fields", "cells", "name", "value"),
    [
        ("weight: {col: KG, unit: kg}", {"KG": "0,850"}, "weight_grams", 850),
        ("weight: KG", {"KG": "1"}, "weight_grams", 1000),
        ("weight: KG", {"KG": None}, "weight_grams", None),
        ("width: L", {"L": "12,5"}, "width_mm", 125),
        ("height: {col: L, unit: mm}", {"L": "12"}, "height_mm", 12),
        ("depth: {col: L, unit: m}", {"L": "0,3"}, "depth_mm", 300),
        ("upc: U", {"U": "036000291452"}, "upc", "036000291452"),
        ("isbn: I", {"I": "978-2-07-036024-6"}, "isbn", "9782070360246"),
        ("mpn: M", {"M": " AB/1 "}, "mpn", "AB/1"),
        ("ecotax: E", {"E": "0,20"}, "ecotax", Decimal("0.20")),
        ("ecotax: E", {"E": "0,00"}, "ecotax", None),
        ("condition: {col: C, map: {N: new, O: used}}", {"C": "O"}, "condition", "used"),
        ("when_out_of_stock: C", {"C": "allow"}, "when_out_of_stock", "allow"),
        ("when_out_of_stock: C", {"C": " "}, "when_out_of_stock", None),
        ("nature: N", {"N": "virtual"}, "nature", "virtual"),
        ("nature: N", {"N": None}, "nature", "standard"),
        ("buffer: B", {"B": "2"}, "buffer", 2),
        ("online: B", {"B": "O"}, "online", True),
        ("online: {expr: bool(B)}", {"B": "N"}, "online", False),
        ("slug: {fr: S}", {"S": "Été à Nice"}, "slug", {"fr": "ete-a-nice"}),
        ("meta_title: S", {"S": "Bottine = belle"}, "meta_title", {"fr": "Bottine : belle"}),
        ("meta_description: {fr: S, en: T}", {"S": "été", "T": ""}, "meta_description",
         {"fr": "été"}),
        ("short_description: S", {"S": "<p>a</p>"}, "short_description", {"fr": "<p>a</p>"}),
        ("short_description: S", {"S": ""}, "short_description", None),
    ],
)  # fmt: skip
def test_what_an_article_says(
    fields: str, cells: Mapping[str, object], name: str, value: object
) -> None:
    record = said(shop_with(fields, cells))
    assert getattr(record, name) == value


def test_what_has_no_value_for_nothing_is_not_said_when_blank() -> None:
    fields = "when_out_of_stock: C\n      buffer: B"
    line = record_line(said(shop_with(fields, {"C": "", "B": None})))
    assert b"when_out_of_stock" not in line
    assert b"buffer" not in line
    assert b'"condition":null' in record_line(said(shop_with("condition: C", {"C": ""})))


@pytest.mark.parametrize(
    ("fields", "cells", "code", "column"),
    [
        ("upc: U", {"U": "036000291453"}, "E-ROW-036", "U"),
        ("isbn: I", {"I": "978-2-07-036024-5"}, "E-ROW-037", "I"),
        ("mpn: M", {"M": "x" * 41}, "E-ROW-024", "M"),
        ("mpn: M", {"M": "a;b"}, "E-ROW-025", "M"),
        ("weight: KG", {"KG": "-1"}, "E-ROW-039", "KG"),
        ("weight: KG", {"KG": "1 kg"}, "E-ROW-002", "KG"),
        ("width: L", {"L": "99999999"}, "E-ROW-034", "L"),
        ("ecotax: E", {"E": "50"}, "E-ROW-054", "E"),
        ("ecotax: E", {"E": "-1"}, "E-ROW-030", "E"),
        ("condition: C", {"C": "neuf"}, "E-ROW-005", "C"),
        ("nature: N", {"N": "kit"}, "E-ROW-005", "N"),
        ("when_out_of_stock: C", {"C": "oui"}, "E-ROW-005", "C"),
        ("buffer: B", {"B": "-1"}, "E-ROW-077", "B"),
        ("online: B", {"B": "?"}, "E-ROW-003", "B"),
    ],
)
def test_a_wrong_cell_sets_its_article_aside(
    fields: str, cells: Mapping[str, object], code: str, column: str
) -> None:
    assembled = shop_with(fields, cells).assembled()
    assert withheld(assembled.faults) == [("article", "1", code), ("article", "2", code)]
    assert assembled.faults[0].problem.place == f"ART.{column}, article 1"


def test_what_a_variant_says() -> None:
    more = ", upc: U, isbn: I, mpn: M, weight: KG, purchase_price: ACHAT"
    cells = {"U": "036000291452", "I": None, "M": "M", "KG": "0,5", "ACHAT": "9"}
    shop = shop_with("mpn: M", cells, variants=more)
    found = find(shop.assembled(), "variant", "21")
    assert isinstance(found, Variant)
    assert (found.upc, found.isbn, found.mpn, found.weight_grams) == (
        "036000291452", None, "M", 500,
    )  # fmt: skip
    assert b"purchase" not in record_line(found)
    shop.text = "send_purchase_price: true\n" + shop.text
    found = find(shop.assembled(), "variant", "21")
    assert isinstance(found, Variant)
    assert found.purchase_price == Decimal(9)


def test_a_variant_without_weight_has_its_articles() -> None:
    shop = shop_with("weight: KG", {"KG": None}, variants=", weight: KG")
    assert b"weight" not in record_line(find(shop.assembled(), "variant", "21"))


def test_lengths_follow_the_shop_once_it_is_known() -> None:
    old = KnownShop(reference=32, meta_title=128, meta_description=255)
    shop = shop_with("meta_title: S", {"S": "mot " * 60, "REF": "x" * 33})
    assert len(said(shop).meta_title["fr"]) == 239  # type: ignore[index]  # mapped: never None
    shop.known = old
    assembled = shop.assembled()
    assert ("article", "1", "E-ROW-024") in withheld(assembled.faults)
    shop = shop_with("meta_title: S", {"S": "mot " * 60})
    shop.known = old
    found = find(shop.assembled(), "article", "1")
    assert isinstance(found, Article)
    assert found.meta_title == {"fr": ("mot " * 32).strip() + "…"}


def test_a_long_bar_code_is_one_on_a_shop_that_takes_it() -> None:
    shop = shop_with("mpn: M", {"M": None, "EAN": "10614141000415"})
    assert ("article", "1", "E-ROW-038") in withheld(shop.assembled().faults)
    shop.known = KnownShop(eans=(8, 12, 13, 14))
    assembled = shop.assembled()
    assert keys(assembled, "article") == ["1"]  # a variant's never has 14 digits
    assert ("variant", "21", "E-ROW-038") in withheld(assembled.faults)


# --- notes ------------------------------------------------------------------------------------


def test_what_is_repaired_travels_and_is_told_with_its_place() -> None:
    shop = shop_with("short_description: S", {"S": "mot " * 300, "DESCR": "<p onclick=x()>a</p>"})
    shop.variant = [variant(21, 2, S="")]
    assembled = shop.assembled()
    assert assembled.withheld == ()
    record = find(assembled, "article", "1")
    assert isinstance(record, Article)
    assert record.description == {"fr": "<p>a</p>"}
    told = [(n.kind, n.key, n.level, n.problem.code, n.problem.place) for n in assembled.notes]
    assert told == [
        ("article", key, "note", code, f"ART.{column}, article {key}")
        for key in ("1", "2")
        for column, code in (("DESCR", "E-ROW-101"), ("S", "E-ROW-102"))
    ]
    assert assembled.notes[0].label == "R-1 Derby 1"
    assert assembled.counts["article"].withheld == 0


def test_names_are_repaired_only_where_the_merchant_asked_for_it() -> None:
    shop = Shop(article=[article(1, LIB="Derby <NEW>")], variant=[])
    shop.brand[0]["LIB"] = "Zoé # fils"
    assert withheld(shop.assembled().faults) == [
        ("brand", "5", "E-ROW-022"),
        ("article", "1", "E-ROW-022"),
    ]
    shop.text = "repair_names: true\n" + shop.text
    assembled = shop.assembled()
    assert assembled.withheld == ()
    record = find(assembled, "article", "1")
    assert isinstance(record, Article)
    assert record.name == {"fr": "Derby ‹NEW›"}
    assert [(n.kind, n.problem.code) for n in assembled.notes] == [
        ("brand", "E-ROW-103"),
        ("article", "E-ROW-103"),
    ]


def test_a_reference_is_never_repaired() -> None:
    shop = Shop(article=[article(1, REF="A=1")], variant=[])
    shop.text = "repair_names: true\n" + shop.text
    assert withheld(shop.assembled().faults) == [("article", "1", "E-ROW-025")]


def test_of_what_is_set_aside_no_repair_is_told() -> None:
    shop = Shop(article=[article(1, DESCR="<script></script>", PX="x")], variant=[])
    assembled = shop.assembled()
    assert withheld(assembled.faults) == [("article", "1", "E-ROW-002")]
    assert assembled.notes == ()


@pytest.mark.parametrize("nature", ["gift_card", "service", "deposit", "weighed"])
def test_what_no_web_shop_sells_stays_out_with_all_that_is_its_own(nature: str) -> None:
    shop = shop_with("nature: N", {"N": nature})
    assembled = shop.assembled()
    assert assembled.withheld == ()
    assert keys(assembled, "article") == keys(assembled, "variant") == []
    out = {(item.kind, item.key): item.cause for item in assembled.left_out}
    assert out["article", "1"] == out["variant", "21"] == out["stock", "a:1"] == "filtered"
    told = [(n.kind, n.key, n.problem.code, n.problem.facts["nature"]) for n in assembled.notes]
    assert told == [("article", key, "E-ROW-105", nature) for key in ("1", "2")]
