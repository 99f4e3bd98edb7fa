"""What is of a pilot: the named articles, those of named categories, and what they hang on."""

from typing import Any

from protocol.records import Pilot, Record, record_from
from shop_agent.actions import Subject
from shop_agent.reconcile.pilot import members


def _record(kind: str, key: str, **fields: Any) -> Record:
    return record_from({"kind": kind, "key": key, **fields}, place="test")


def _article(key: str, category: str, **fields: Any) -> Record:
    return _record(
        "article", key, reference=key, name={"fr": key}, price={"amount": "1.00"}, tax_rate="N",
        categories=[category], **fields,
    )  # fmt: skip


FACTS: dict[str, list[Record]] = {
    "tax_rate": [_record("tax_rate", "N", rate="20")],
    "category": [
        _record("category", "shoes", name={"fr": "S"}, parent=None),
        _record("category", "boots", name={"fr": "B"}, parent="shoes"),
        _record("category", "bags", name={"fr": "G"}, parent=None),
    ],
    "brand": [_record("brand", "b1", name="B1"), _record("brand", "b2", name="B2")],
    "axis_value": [
        _record("axis_value", "40", axis="size", name={"fr": "40"}),
        _record("axis_value", "red", axis="colour", name={"fr": "rouge"}),
    ],
    "feature_value": [_record("feature_value", "leather", feature="matter", name={"fr": "cuir"})],
    "article": [
        _article("1", "boots", brand="b1", features=["leather"], suppliers=[{"supplier": "s1"}]),
        _article("2", "bags", brand="b2"),
        _article("3", "bags", nature="pack", parts=[{"variant": "11", "quantity": "2"}]),
    ],
    "variant": [
        _record("variant", "11", article="1", values=["40"]),
        _record("variant", "21", article="2", values=["red"]),
    ],
    "photo": [
        _record("photo", "p1", article="1", sha256="0" * 64, size=1, position=1),
        _record("photo", "p2", article="2", sha256="1" * 64, size=1, position=1),
    ],
    "promotion": [
        _record("promotion", "on-boots", category="shoes", percent="10"),
        _record("promotion", "on-bags", category="bags", percent="10"),
        _record("promotion", "on-11", variant="11", percent="10"),
    ],
}


def _inside(*pilots: Pilot) -> set[str]:
    return {str(one) for one in members(pilots, FACTS)} - {"tax_rate N"}


OF_1 = {
    "article 1", "variant 11", "stock a:1", "stock v:11", "photo p1", "category boots",
    "category shoes", "brand b1", "supplier s1", "axis_value 40", "axis size",
    "feature_value leather", "feature matter", "promotion on-boots", "promotion on-11",
}  # fmt: skip


def test_a_named_article_and_all_that_it_hangs_on() -> None:
    assert _inside(Pilot(articles=("1",))) == OF_1


def test_a_category_counts_with_what_is_below_it() -> None:
    assert _inside(Pilot(categories=("shoes",))) == OF_1


def test_a_pack_brings_what_is_in_it() -> None:
    inside = _inside(Pilot(articles=("3",)))
    assert {"article 3", "article 1", "variant 11", "category bags"} <= inside
    assert "article 2" not in inside


def test_of_two_pilots_both_must_name_it() -> None:
    inside = _inside(Pilot(categories=("boots", "bags")), Pilot(articles=("2",)))
    assert Subject("article", "2") in members(
        (Pilot(categories=("boots", "bags")), Pilot(articles=("2",))), FACTS
    )
    assert "article 1" not in inside


def test_an_empty_pilot_names_nothing() -> None:
    assert _inside(Pilot()) == set()
