"""Does the shop hold what was sent? Numbers, texts, languages and associations."""

import pytest

from shop_agent.prestashop.compare import fields_sent, holds
from shop_agent.prestashop.entities import Entity, FieldValue, Row, Write
from shop_agent.prestashop.errors import UnreadableAnswerError
from shop_agent.prestashop.query import ADDRESS_LIMIT, between, encode, one_of, value_filters


@pytest.mark.parametrize(
    ("name", "sent", "read", "same"),
    [
        ("price", "1.5", "1.500000", True),
        ("price", "1.5", "1.500001", False),
        ("price", "0", "", True),
        ("price", "1.5", "abc", False),
        ("active", "0", "", True),
        ("active", "1", "0", False),
        ("reference", "0123", "123", False),
        ("reference", "A", "a", False),
        ("reference", "", "", True),
        ("ean13", "0", "", False),
        ("unknown", "1", "1.0", False),
        ("description", {1: "a\r\nb\rc"}, {1: "a\nb\nc"}, True),
        ("name", {1: "A"}, {1: "A", 2: "B"}, True),
        ("name", {1: "A", 2: "B"}, {1: "A", 2: ""}, False),
        ("name", {1: "A", 3: "C"}, {1: "A"}, False),
        ("name", {1: "A"}, "A", False),
        ("name", "A", {1: "A"}, False),
    ],
)
def test_fields(name: str, sent: FieldValue, read: FieldValue, same: bool) -> None:
    assert holds(Write(1, {name: sent}), Entity("products", 1, {name: read})) is same


def test_a_field_that_was_not_read_is_not_held() -> None:
    assert not holds(Write(1, {"reference": "A"}), Entity("products", 1))


@pytest.mark.parametrize(
    ("sent", "read", "same"),
    [
        ([{"id": "2"}, {"id": "3"}], [{"id": "3"}, {"id": "2"}], True),
        ([{"id": "2"}], [{"id": "2"}, {"id": "3"}], False),
        ([{"id": "2"}, {"id": "3"}], [{"id": "2"}], False),
        ([], [], True),
        ([], [{"id": "2"}], False),
        ([{"id": "2"}], [{"id": "2", "quantity": "1"}], True),
        ([{"id": "2", "quantity": "2"}], [{"id": "2", "quantity": "1"}], False),
    ],
)
def test_associations(sent: list[Row], read: list[Row], same: bool) -> None:
    entity = Entity("products", 1, {}, {"categories": tuple(read)})
    assert holds(Write(1, {}, {"categories": sent}), entity) is same


def test_the_display_that_reads_back_what_is_sent() -> None:
    writes = [
        Write(1, {"price": "1"}),
        Write(2, {"price": "1", "name": {1: "A"}}, {"categories": [{"id": "2"}]}),
        Write(3, {}, {"product_bundle": [{"id": "2", "quantity": "1"}], "categories": []}),
    ]
    assert fields_sent("products", writes) == (
        "id",
        "price",
        "name",
        "categories[id]",
        "product_bundle[id,quantity]",
    )


def test_values_that_are_not_what_they_should_be_are_told_with_their_place() -> None:
    entity = Entity("products", 7, {"price": "x", "name": {1: "A"}, "reference": "R"})
    for ask in (
        lambda: entity.number("price"),
        lambda: entity.whole("price"),
        lambda: entity.text("name"),
        lambda: entity.texts("reference"),
        lambda: entity.text("absent"),
        lambda: entity.rows("categories"),
    ):
        with pytest.raises(UnreadableAnswerError) as caught:
            ask()
        assert caught.value.place.startswith("products 7, ")


def test_filters_and_addresses() -> None:
    assert one_of([1, 2]) == "[1|2]"
    assert between(1, 9) == "[1,9]"
    assert encode([("filter[id]", "[1|2]"), ("x", "é&=")]) == "filter[id]=[1%7C2]&x=%C3%A9%26%3D"
    assert list(value_filters(["A", "a,b", "", "A", "B"], 100)) == ["a,b", "[A|B]"]
    assert list(value_filters(["AAAA", "BBBB"], 10)) == ["[AAAA]", "[BBBB]"]
    assert ADDRESS_LIMIT < 8_000


def test_items_are_named_for_a_person() -> None:
    assert Write(3).place("products") == "products 3"
    assert Write(None, {"reference": "R1"}).place("products") == "products « R1 »"
    assert Write(None, {"name": {1: "Robe"}}).place("categories") == "categories « Robe »"
    assert Write(None).place("products") == "products"
