"""What is refused before sending, field by field, and what is let through."""

from collections.abc import Mapping

import pytest

from shop_agent.prestashop.check import check_write
from shop_agent.prestashop.entities import FieldValue, Row, Write
from shop_agent.prestashop.errors import (
    BadValueError,
    ForbiddenTextError,
    IllegalCharacterError,
    MissingFieldError,
    NotWritableError,
    QueryBugError,
    TooLongError,
)
from shop_agent.prestashop.versions import ShopVersion

V8, V9, V16 = ShopVersion((8, 2, 1)), ShopVersion((9, 0, 0)), ShopVersion((1, 6, 1, 24))


def texts(text: str) -> dict[int, str]:
    return {1: text, 2: text}


PRODUCT: dict[str, FieldValue] = {
    "name": texts("Chaussure d'été & « co »"),
    "link_rewrite": texts("chaussure-d-ete"),
    "price": "19.90",
    "active": "0",
    "state": "1",
    "available_for_order": "1",
    "show_price": "1",
    "minimal_quantity": "1",
    "visibility": "both",
    "id_category_default": "2",
    "id_tax_rules_group": "1",
}
HOME: Mapping[str, list[Row]] = {"categories": [{"id": "2"}]}


def codes(
    resource: str, fields: dict[str, FieldValue], version: ShopVersion = V8
) -> list[tuple[type[Exception], str]]:
    found = check_write(resource, Write(1, fields), version)
    return [(type(error), error.facts["field"]) for error in found]


def test_a_full_product_may_be_created() -> None:
    assert check_write("products", Write(None, PRODUCT, HOME), V8) == ()


def test_a_creation_lists_all_that_it_lacks() -> None:
    found = check_write("products", Write(None, {"price": "1", "name": texts("")}), V8)
    assert {type(error) for error in found} == {MissingFieldError}
    assert {error.facts["field"] for error in found} == set(PRODUCT) - {"price"} | {"categories"}
    no_values = check_write(
        "combinations", Write(None, {"id_product": "1", "minimal_quantity": "1"}), V8
    )
    assert [error.facts["field"] for error in no_values] == ["product_option_values"]


@pytest.mark.parametrize(
    ("resource", "field", "value", "expected"),
    [
        *[("products", "name", texts(f"a{sign}b"), ForbiddenTextError) for sign in "<>;=#{}"],
        *[("products", "reference", f"a{sign}b", ForbiddenTextError) for sign in "<>;={}"],
        ("manufacturers", "name", "a;b", ForbiddenTextError),
        ("product_option_values", "name", texts("a=b"), ForbiddenTextError),
        ("products", "meta_description", texts("a{b"), ForbiddenTextError),
        ("products", "name", texts("é" * 129), TooLongError),
        ("products", "reference", "R" * 65, TooLongError),
        ("manufacturers", "name", "M" * 65, TooLongError),
        ("product_options", "public_name", texts("p" * 65), TooLongError),
        ("products", "ean13", "1" * 14, TooLongError),
        ("products", "ean13", "30 1", BadValueError),
        ("products", "ean13", "٣٤", BadValueError),
        ("products", "price", "1,5", BadValueError),
        ("products", "price", "-1", BadValueError),
        ("products", "price", "1e2", BadValueError),
        ("products", "price", "1.1234567", BadValueError),
        ("products", "price", "12345678901", BadValueError),
        ("products", "price", "", BadValueError),
        ("products", "weight", "-1", BadValueError),
        ("products", "active", "true", BadValueError),
        ("products", "visibility", "nowhere", BadValueError),
        ("products", "available_date", "24/11/2026", BadValueError),
        ("products", "link_rewrite", texts("Pas bon é/"), BadValueError),
        ("products", "name", "one language", BadValueError),
        ("products", "reference", texts("many"), BadValueError),
        ("products", "description", texts("<script>x"), ForbiddenTextError),
        ("products", "description", texts("<p onclick = 'x'>"), ForbiddenTextError),
        ("products", "description", texts('<a href="javascript:x">'), ForbiddenTextError),
        ("products", "description", texts("<iframe src='x'>"), ForbiddenTextError),
        ("stock_availables", "quantity", "4.7", BadValueError),
        ("stock_availables", "quantity", "abc", BadValueError),
        ("stock_availables", "quantity", "2147483648", BadValueError),
        ("stock_availables", "out_of_stock", "3", BadValueError),
        ("products", "reference", "a\x01", IllegalCharacterError),
        ("products", "quantity", "1", NotWritableError),
        ("products", "manufacturer_name", "x", NotWritableError),
        ("products", "bogus", "x", NotWritableError),
        ("categories", "level_depth", "1", NotWritableError),
        ("manufacturers", "link_rewrite", texts("x"), NotWritableError),
        ("orders", "note", "x", NotWritableError),
    ],
)
def test_refused_before_sending(
    resource: str, field: str, value: FieldValue, expected: type[Exception]
) -> None:
    assert set(codes(resource, {field: value})) == {(expected, field)}


@pytest.mark.parametrize(
    ("resource", "field", "value"),
    [
        ("products", "name", texts("é" * 128)),
        ("products", "name", texts('100 % "A" & B / C \\ D € $ * | ~ ^ ? ! @ 👟\t\n')),
        ("products", "reference", "R/É 1(+&#.,-_:*%\"'\\[]|~^?!@$€"),
        ("products", "price", "0"),
        ("products", "price", "1234567890.123456"),
        ("products", "ean13", ""),
        ("products", "ean13", "12345678"),
        ("products", "description", texts('<p style="x">montant=3, once = 1 <b>non fermé')),
        ("combinations", "price", "-3.500000"),
        ("combinations", "weight", "-0.1"),
        ("stock_availables", "quantity", "-3"),
        ("order_carriers", "tracking_number", "6A 123-4_5"),
    ],
)
def test_let_through(resource: str, field: str, value: FieldValue) -> None:
    assert codes(resource, {field: value}) == []


def test_all_faults_come_at_once() -> None:
    assert codes("products", {"reference": "<" + "R" * 64, "price": "x"}) == [
        (ForbiddenTextError, "reference"),
        (TooLongError, "reference"),
        (BadValueError, "price"),
    ]


def test_versions_decide_lengths_and_fields() -> None:
    assert codes("products", {"reference": "R" * 33}) == []
    assert codes("products", {"reference": "R" * 33}, V16) == [(TooLongError, "reference")]
    assert codes("products", {"ean13": "1" * 14}, V9) == []
    assert codes("combinations", {"ean13": "1" * 14}, V9) == [(TooLongError, "ean13")]
    assert codes("products", {"meta_keywords": texts("x")}, V8) == []
    assert codes("product_suppliers", {"product_supplier_reference": "R" * 33}) == []
    assert codes("product_suppliers", {"product_supplier_reference": "R" * 33}, V16) == [
        (TooLongError, "product_supplier_reference")
    ]
    assert codes("categories", {"meta_title": texts("M" * 129)}) == []
    assert (
        codes("categories", {"meta_title": texts("M" * 129)}, V16)
        == [(TooLongError, "meta_title")] * 2
    )


def test_what_a_version_lacks_is_not_refused_but_left_out_later() -> None:
    assert codes("products", {"meta_keywords": texts("<")}, V9) == []
    assert codes("products", {"state": "yes", "mpn": "<", "price": "x"}, V16) == [
        (BadValueError, "price")
    ]


def test_a_creation_needs_no_field_that_the_version_lacks() -> None:
    fields = {name: value for name, value in PRODUCT.items() if name != "state"}
    assert check_write("products", Write(None, fields, HOME), V16) == ()
    assert [error.facts["field"] for error in check_write("products", Write(None, fields, HOME), V8)
            ] == ["state"]  # fmt: skip


def test_an_association_that_is_not_ours_is_not_written() -> None:
    (error,) = check_write("products", Write(1, {}, {"combinations": []}), V8)
    assert isinstance(error, NotWritableError)
    with pytest.raises(QueryBugError):
        check_write("employees", Write(1), V8)


@pytest.mark.parametrize(
    ("reduction", "kind", "faults"),
    [
        ("0.2", "percentage", 0),
        ("1", "percentage", 0),
        ("20", "percentage", 1),
        ("0", "percentage", 1),
        ("20", "amount", 0),
        ("x", "percentage", 1),
    ],
)
def test_a_percentage_is_a_fraction(reduction: str, kind: str, faults: int) -> None:
    fields: dict[str, FieldValue] = {"reduction": reduction, "reduction_type": kind}
    assert codes("specific_prices", fields) == [(BadValueError, "reduction")] * faults
