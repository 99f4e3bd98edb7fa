"""Articles and the lists they point into: what travels, what is set aside, what stays out."""

from decimal import Decimal

import pytest

from pos_exporter.source.port import Undecodable
from protocol.records import Article, Brand, Category, TaxRate, record_line
from tests.pos_exporter.assembling.shop import Shop, article, find, keys, withheld


def test_a_right_till_is_all_facts() -> None:
    assembled = Shop().assembled()
    assert assembled.withheld == ()
    # An article with variants has no stock of its own.
    assert [(item.kind, item.key) for item in assembled.left_out] == [("stock", "a:2")]
    assert find(assembled, "tax_rate", "1") == TaxRate(key="1", rate=Decimal("20.00"), country="FR")
    assert find(assembled, "category", "F") == Category(key="F", name={"fr": "Femme"}, parent=None)
    assert find(assembled, "category", "F1") == Category(
        key="F1", name={"fr": "Bottes"}, parent="F"
    )
    assert find(assembled, "brand", "5") == Brand(key="5", name="Zoé & fils")
    found = find(assembled, "article", "1")
    assert isinstance(found, Article)
    assert (found.reference, found.name) == ("R-1", {"fr": "Derby 1"})
    assert (found.price.amount, found.price.currency) == (Decimal("49.90"), "EUR")
    assert (found.tax_rate, found.brand, found.categories) == ("1", "5", ("F1",))
    assert found.description == {"fr": "<p>Cuir</p>"}


def test_the_purchase_price_stays_in_the_shop_unless_asked_for() -> None:
    sent = find(Shop().assembled(), "article", "1")
    assert b"purchase" not in record_line(sent)
    shop = Shop()
    shop.text = "send_purchase_price: true\n" + shop.text
    found = find(shop.assembled(), "article", "1")
    assert isinstance(found, Article)
    assert found.purchase_price == Decimal("20.5")


def test_a_blank_field_is_said_to_be_nothing_and_an_unmapped_one_is_not_said() -> None:
    shop = Shop(article=[article(1, DESCR="", MRQ=None, FAM=None)], variant=[])
    line = record_line(find(shop.assembled(), "article", "1"))
    assert b'"description":null' in line
    assert b'"brand":null' in line
    assert b'"ean":null' in line
    shop.text = shop.text.replace("      description: DESCR\n", "").replace("      ean: EAN\n", "")
    line = record_line(find(shop.assembled(), "article", "1"))
    assert b"description" not in line
    assert b"ean" not in line


def test_texts_of_a_second_language_come_along_when_they_exist() -> None:
    shop = Shop(article=[article(1, LIB_EN="Derby one")], variant=[])
    found = find(shop.assembled(), "article", "1")
    assert isinstance(found, Article)
    assert found.name == {"fr": "Derby 1", "en": "Derby one"}


def test_several_categories_in_their_order_each_once() -> None:
    shop = Shop(article=[article(1, FAM="F1", FAM2="F"), article(3, FAM="F", FAM2="F")], variant=[])
    assembled = shop.assembled()
    found = [find(assembled, "article", key) for key in ("1", "3")]
    assert [a.categories for a in found if isinstance(a, Article)] == [("F1", "F"), ("F",)]


def test_categories_by_a_query_of_their_own() -> None:
    shop = Shop(variant=[])
    shop.text += "  article_categories: {table: AC, key: [A], fields: {category: C}}\n"
    shop.more["article_categories"] = [{"A": 1, "C": "F"}, {"A": 1, "C": "F1"}, {"A": 2, "C": "Z"}]
    assembled = shop.assembled()
    found = find(assembled, "article", "1")
    assert isinstance(found, Article)
    assert found.categories == ("F1", "F")
    assert withheld(assembled.faults) == [("article", "2", "E-ROW-041")]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"PX": "4O,90"}, "E-ROW-002", "PX"),
        ({"PX": "-1"}, "E-ROW-030", "PX"),
        ({"PX": "0,00"}, "E-ROW-031", "PX"),
        ({"PX": "9,999"}, "E-ROW-032", "PX"),
        ({"PX": None}, "E-ROW-033", "PX"),
        ({"PX": "9999999999"}, "E-ROW-034", "PX"),
        ({"TVA": 7}, "E-ROW-040", "TVA"),
        ({"TVA": None}, "E-ROW-040", "TVA"),
        ({"FAM": "Z"}, "E-ROW-041", "FAM, FAM2"),
        ({"MRQ": 99}, "E-ROW-042", "MRQ"),
        ({"LIB": " "}, "E-ROW-020", "LIB"),
        ({"LIB": "x" * 129}, "E-ROW-021", "LIB"),
        ({"LIB_EN": "x" * 129}, "E-ROW-021", "LIB_EN"),
        ({"LIB": "Derby = #1"}, "E-ROW-022", "LIB"),
        ({"REF": None}, "E-ROW-023", "REF"),
        ({"REF": "x" * 65}, "E-ROW-024", "REF"),
        ({"REF": "A=1"}, "E-ROW-025", "REF"),
        ({"EAN": "3760009040019"}, "E-ROW-026", "EAN"),
        ({"EAN": "12345"}, "E-ROW-026", "EAN"),
        ({"DESCR": "<p>a</p> javascript: x()"}, "E-ROW-027", "DESCR"),
        ({"EAN": "10614141000415"}, "E-ROW-038", "EAN"),
        ({"LIB": Undecodable(b"Z\xe9lie")}, "E-ROW-001", "LIB"),
        ({"WEB": "?"}, "E-ROW-003", "WEB"),
        ({"FINI": "?"}, "E-ROW-003", "FINI"),
    ],
)
def test_one_wrong_cell_sets_its_article_aside_and_nothing_else(
    cells: dict[str, object], code: str, column: str
) -> None:
    assembled = Shop(article=[article(1, **cells), article(2)]).assembled()
    assert withheld(assembled.faults) == [("article", "1", code)]
    assert assembled.faults[0].problem.place == f"ART.{column}, article 1"
    assert withheld(assembled.withheld)[1:] == [("stock", "a:1", "E-ROW-090")]
    assert keys(assembled, "article") == ["2"]
    assert keys(assembled, "stock") == []  # article 2 has variants, whose stock is not mapped here


def test_signs_that_the_site_takes_are_taken() -> None:
    odd = 'Derby "Zoé" & fils — 50 % / 20 €, l’œil (n°1) *~^?!@'
    assembled = Shop(article=[article(1, LIB=odd, REF="A/1 (é)+b_%")], variant=[]).assembled()
    found = find(assembled, "article", "1")
    assert isinstance(found, Article)
    assert found.name["fr"] == odd


def test_what_is_not_for_the_site_is_no_fault_and_takes_everything_along() -> None:
    shop = Shop(article=[article(1, WEB="N", PX="wrong"), article(2, FINI="O")])
    shop.photo = [{"ID": 1, "ART": 2, "F": "a.jpg", "LEG": ""}]
    assembled = shop.assembled()
    assert assembled.withheld == ()
    assert {(item.kind, item.key, item.cause) for item in assembled.left_out} == {
        ("article", "1", "unflagged"),
        ("stock", "a:1", "unflagged"),
        ("article", "2", "discontinued"),
        ("variant", "21", "discontinued"),
        ("variant", "22", "discontinued"),
        ("stock", "a:2", "filtered"),
        ("photo", "1", "discontinued"),
    }


def test_the_second_row_of_a_key_is_set_aside_and_the_first_one_stays() -> None:
    shop = Shop(variant=[], article=[article(1), article(1, LIB="Autre")])
    shop.more["stock"] = [article(1)]
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("article", "1", "E-ROW-012")]
    found = find(assembled, "article", "1")
    assert isinstance(found, Article)
    assert found.name == {"fr": "Derby 1"}
    assert keys(assembled, "stock") == ["a:1"]


def test_two_articles_may_share_a_reference() -> None:
    assembled = Shop(article=[article(1, REF="X"), article(2, REF="X")]).assembled()
    assert assembled.withheld == ()


@pytest.mark.parametrize("key", [None, "", "  ", Undecodable(b"\xe9")])
def test_without_a_key_absences_prove_nothing(key: object) -> None:
    shop = Shop(article=[article(1), article(2, ID=key)], variant=[])
    shop.more["stock"] = [article(1)]
    assembled = shop.assembled()
    assert [(w.kind, w.key, w.label) for w in assembled.withheld] == [
        ("article", "", "R-2 Derby 2")
    ]
    # Nor do those of what belongs to it: whose it is, nobody can tell.
    assert assembled.unsure_kinds == {
        "article", "variant", "axis_value", "stock", "photo", "feature_value", "feature",
    }  # fmt: skip
    assert keys(assembled, "article") == ["1"]


def test_a_category_under_one_that_does_not_exist_or_under_itself() -> None:
    rows: list[dict[str, object]] = [
        {"CODE": "F", "LIB": "Femme", "PERE": None},
        {"CODE": "F1", "LIB": "Bottes", "PERE": "F"},
        {"CODE": "A", "LIB": "a", "PERE": "B"},
        {"CODE": "B", "LIB": "b", "PERE": "A"},
        {"CODE": "C", "LIB": "c", "PERE": "A"},
        {"CODE": "D", "LIB": "d", "PERE": "?"},
        {"CODE": "E", "LIB": "e", "PERE": "E"},
    ]
    assembled = Shop(category=rows).assembled()
    assert withheld(assembled.withheld) == [
        ("category", "A", "E-ROW-045"),
        ("category", "B", "E-ROW-045"),
        ("category", "D", "E-ROW-041"),
        ("category", "E", "E-ROW-045"),
    ]
    assert keys(assembled, "category") == ["F", "F1", "C"]


def test_an_article_may_name_a_brand_or_family_that_is_only_set_aside() -> None:
    shop = Shop(brand=[{"CODE": 5, "LIB": "x" * 65}])
    shop.category[1]["LIB"] = "{}"
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [
        ("category", "F1", "E-ROW-022"),
        ("brand", "5", "E-ROW-021"),
    ]
    assert keys(assembled, "article") == ["1", "2"]


@pytest.mark.parametrize("rate", ["vingt", "120", "-1", None])
def test_a_rate_that_is_none(rate: str | None) -> None:
    assembled = Shop(tax_rate=[{"CODE": 1, "TAUX": rate}]).assembled()
    assert withheld(assembled.faults) == [("tax_rate", "1", "E-ROW-035")]


def test_a_code_of_zero_is_a_code() -> None:
    shop = Shop(tax_rate=[{"CODE": 0, "TAUX": "0"}], article=[article(1, TVA=0)], variant=[])
    assert shop.assembled().withheld == ()


def test_counts_add_up() -> None:
    shop = Shop(article=[article(1, PX="x"), article(2), article(3, WEB="N")])
    counts = shop.assembled().counts["article"]
    assert (counts.records, counts.withheld, counts.left_out) == (1, 1, 1)
