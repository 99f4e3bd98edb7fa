"""Features of articles, in columns and in rows, and the values that they bring."""

import pytest

from pos_exporter.assembled import Assembled
from pos_exporter.source.port import Undecodable
from protocol.records import Article, Feature, FeatureValue, record_line
from tests.pos_exporter.assembling.shop import Shop, article, find, keys, withheld

COLUMN = "features: {matiere: {col: MAT, name: {fr: Matière, en: Material}}}"
LABELLED = "features: {matiere: {col: MAT, label: {fr: MAT_FR, en: MAT_EN}, name: Matière}}"
LISTED = "features: {saison: {col: SAI, listed: true, name: Saison}}"
LIST = """
  feature_value: {table: SAISON, key: [C], fields: {feature: {const: saison}, name: L}}
"""
ROWS = """
  feature: {table: CAR, key: [C], fields: {name: L}}
  article_feature:
    {table: AC, key: [A], fields: {feature: C, value: V, label: L}}
"""


def shop_of(fields: str, *articles: dict[str, object], more: str = "") -> Shop:
    shop = Shop(article=list(articles), variant=[])
    mapped = f"      purchase_price: ACHAT\n      {fields}\n" if fields else ""
    shop.text = shop.text.replace("      purchase_price: ACHAT\n", mapped or "\n") + more
    return shop


def features(assembled: Assembled, key: str) -> tuple[str, ...] | str | None:
    """Return what an article says of its features; `unsaid` when it says nothing."""
    found = find(assembled, "article", key)
    assert isinstance(found, Article)
    return found.features if b'"features"' in record_line(found) else "unsaid"


def test_values_of_a_column_are_made_once_each() -> None:
    shop = shop_of(
        COLUMN,
        article(1, MAT="cuir"),
        article(2, MAT=" cuir "),
        article(3, MAT="daim|noir"),
        article(4, MAT=None),
    )
    assembled = shop.assembled()
    assert assembled.withheld == ()
    assert find(assembled, "feature", "matiere") == Feature(
        key="matiere", name={"fr": "Matière", "en": "Material"}
    )
    assert [r for r in assembled.records if isinstance(r, FeatureValue)] == [
        FeatureValue(key="matiere|cuir", feature="matiere", name={"fr": "cuir"}),
        FeatureValue(key="matiere|daim\\|noir", feature="matiere", name={"fr": "daim|noir"}),
    ]
    assert features(assembled, "1") == features(assembled, "2") == ("matiere|cuir",)
    assert features(assembled, "4") is None


def test_without_a_mapping_features_are_not_said() -> None:
    assert features(Shop().assembled(), "1") == "unsaid"


def test_a_feature_without_a_value_is_not_sent() -> None:
    assert keys(shop_of(COLUMN, article(1, MAT="")).assembled(), "feature") == []


def test_values_may_have_labels_in_several_languages() -> None:
    shop = shop_of(LABELLED, article(1, MAT=7, MAT_FR="cuir", MAT_EN="leather"))
    assembled = shop.assembled()
    assert find(assembled, "feature_value", "matiere|7") == FeatureValue(
        key="matiere|7", feature="matiere", name={"fr": "cuir", "en": "leather"}
    )


@pytest.mark.parametrize("label", ["<cuir>", "", None, "x" * 256, Undecodable(b"\xe9")])
def test_a_value_with_a_wrong_label_is_set_aside_and_its_articles_go_on(label: object) -> None:
    shop = shop_of(
        LABELLED,
        article(1, MAT=7, MAT_FR=label, MAT_EN="leather"),
        article(2, MAT=7, MAT_FR=label, MAT_EN=None),
        article(3, MAT=8, MAT_FR="daim", MAT_EN=None),
    )
    assembled = shop.assembled()
    assert [(w.kind, w.key) for w in assembled.withheld] == [("feature_value", "matiere|7")]
    assert keys(assembled, "article") == ["1", "2", "3"]
    assert features(assembled, "1") == features(assembled, "2") == "unsaid"
    assert features(assembled, "3") == ("matiere|8",)
    assert assembled.unsure_kinds == frozenset()


def test_a_value_that_cannot_be_read_makes_all_absences_of_values_doubtful() -> None:
    shop = shop_of(COLUMN, article(1, MAT=Undecodable(b"\xe9")), article(2, MAT="cuir"))
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("feature_value", "", "E-ROW-001")]
    assert assembled.withheld[0].label == "R-1 Derby 1"
    assert assembled.unsure_kinds == {"feature", "feature_value"}
    assert features(assembled, "1") == "unsaid"
    assert features(assembled, "2") == ("matiere|cuir",)


@pytest.mark.parametrize("wrong", [{"PX": "x"}, {"WEB": "?"}])
def test_values_of_an_article_that_is_set_aside_are_still_there(wrong: dict[str, object]) -> None:
    assembled = shop_of(COLUMN, article(1, MAT="cuir", **wrong)).assembled()
    assert keys(assembled, "article") == []
    assert keys(assembled, "feature_value") == ["matiere|cuir"]


def test_values_of_articles_that_are_not_for_the_site_are_not() -> None:
    assembled = shop_of(COLUMN, article(1, MAT="cuir", WEB="N")).assembled()
    assert keys(assembled, "feature_value") == []


def test_values_of_a_list() -> None:
    shop = shop_of(LISTED, article(1, SAI="E"), article(2, SAI="Z"), article(3, SAI="H"), more=LIST)
    shop.more["feature_value"] = [{"C": "E", "L": "été"}, {"C": "H", "L": "<hiver>"}]
    assembled = shop.assembled()
    assert find(assembled, "feature_value", "saison|E") == FeatureValue(
        key="saison|E", feature="saison", name={"fr": "été"}
    )
    assert withheld(assembled.withheld) == [
        ("feature_value", "saison|H", "E-ROW-022"),
        ("article_feature", "2|saison", "E-ROW-049"),
    ]
    assert assembled.withheld[1].label == "R-2 Derby 2"
    assert assembled.withheld[1].owner == "2"
    assert features(assembled, "1") == ("saison|E",)
    # What the site has of a value that is set aside stays as it is.
    assert features(assembled, "2") == features(assembled, "3") == "unsaid"


def test_a_list_of_values_of_no_feature() -> None:
    shop = shop_of("", article(1), more=LIST)
    shop.more["feature_value"] = [{"C": "E", "L": "été"}]
    assert withheld(shop.assembled().withheld) == [("feature_value", "E", "E-ROW-048")]


def test_features_in_rows() -> None:
    shop = shop_of("", article(1), article(2), article(3), more=ROWS)
    shop.more["feature"] = [{"C": "M", "L": "Matière"}, {"C": "S", "L": "Saison"}]
    shop.more["article_feature"] = [
        {"A": 1, "C": "M", "V": 7, "L": "cuir"},
        {"A": 1, "C": "S", "V": "E", "L": "été"},
        {"A": 1, "C": "M", "V": 8, "L": "daim"},
        {"A": 2, "C": "?", "V": 7, "L": "cuir"},
        {"A": 2, "C": "M", "V": 7, "L": "cuir"},
        {"A": 9, "C": "?", "V": 7, "L": "cuir"},
    ]
    assembled = shop.assembled()
    assert features(assembled, "1") == ("M|7", "S|e", "M|8")
    assert features(assembled, "2") == "unsaid"
    assert features(assembled, "3") is None
    assert withheld(assembled.withheld) == [("article_feature", "2|1", "E-ROW-048")]
    assert assembled.withheld[0].problem.place == "AC.C, article_feature 2"


def test_a_row_of_nobody_could_be_anybodys() -> None:
    shop = shop_of("", article(1), more=ROWS)
    shop.more["feature"] = [{"C": "M", "L": "Matière"}]
    shop.more["article_feature"] = [
        {"A": 1, "C": "M", "V": 7, "L": "cuir"},
        {"A": None, "C": "M", "V": 8, "L": "daim"},
    ]
    assembled = shop.assembled()
    assert withheld(assembled.withheld) == [("article_feature", "", "E-ROW-010")]
    assert features(assembled, "1") == "unsaid"
    assert {"feature", "feature_value"} <= assembled.unsure_kinds
