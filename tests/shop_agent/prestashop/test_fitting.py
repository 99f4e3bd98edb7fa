"""What a version lacks is dropped in one place, and named to who asks."""

import pytest

from shop_agent.prestashop.entities import Write
from shop_agent.prestashop.fitting import fit_display, fit_write, left_out, varies
from shop_agent.prestashop.resources import RESOURCES
from shop_agent.prestashop.versions import Capabilities, ShopVersion, capabilities

V16 = capabilities(ShopVersion((1, 6, 1, 24)))
V17 = capabilities(ShopVersion((1, 7, 8, 11)))
V9 = capabilities(ShopVersion((9, 0, 0)))
BUNDLE = {"product_bundle": ({"id": "3", "id_product_attribute": "0", "quantity": "2"},)}


def test_a_display_loses_fields_and_columns() -> None:
    display = ("id", "mpn", "images[id]", "product_bundle[id,id_product_attribute,quantity]")
    assert fit_display("products", display, V16) == (
        "id", "images[id]", "product_bundle[id,quantity]",
    )  # fmt: skip
    assert fit_display("products", display, V17) == display


def test_of_a_resource_that_is_not_there_nothing_is_left() -> None:
    assert fit_display("messages", ("id", "message"), V16) == ()


def test_a_write_loses_fields_and_columns_and_they_are_named() -> None:
    write = Write(7, {"state": "1", "price": "2", "mpn": "M"}, BUNDLE, planned_on="2026-11-24")
    assert fit_write("products", write, V16) == Write(
        7, {"price": "2"}, {"product_bundle": ({"id": "3", "quantity": "2"},)}, "2026-11-24"
    )
    dropped = ("state", "mpn", "product_bundle[id_product_attribute]")
    assert left_out("products", write, V16) == dropped


def test_what_loses_nothing_is_the_same_object() -> None:
    write = Write(7, {"state": "1"}, BUNDLE)
    assert fit_write("products", write, V17) is write
    assert left_out("products", write, V17) == ()


@pytest.mark.parametrize(
    ("resource", "display", "expected"),
    [
        ("products", ("id", "price"), False),
        ("products", ("id", "mpn"), True),
        ("products", ("id", "product_bundle[id,quantity]"), False),
        ("products", ("id", "product_bundle[id,id_product_attribute]"), True),
        ("messages", ("id",), True),
        ("taxes", ("id", "rate"), False),
    ],
)
def test_when_the_version_matters(resource: str, display: tuple[str, ...], expected: bool) -> None:
    assert varies(resource, display) is expected


@pytest.mark.parametrize("able", [V16, V17, V9])
def test_every_display_keeps_its_id_or_nothing(able: Capabilities) -> None:
    for name, resource in RESOURCES.items():
        display = fit_display(name, resource.display, able)
        assert display == () or display[0] == "id"
