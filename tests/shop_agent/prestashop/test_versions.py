"""Versions as values, and what each can do."""

import pytest

from shop_agent.prestashop.resources import RESOURCES
from shop_agent.prestashop.versions import ShopVersion, capabilities


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("8.2.1", "8.2.1"),
        ("1.7.8.11", "1.7.8.11"),
        ("9.0.0-beta.1", "9.0.0"),
        (" 8.0 ", "8.0"),
        ("0", "None"),
        ("", "None"),
        ("x8.2", "None"),
    ],
)
def test_parsing(text: str, shown: str) -> None:
    assert str(ShopVersion.parse(text)) == shown


def test_order() -> None:
    assert ShopVersion((1, 7, 8, 11)) < ShopVersion((8, 0)) < ShopVersion((8, 0, 5))


@pytest.mark.parametrize(
    ("parts", "has_patch", "reference", "webp"),
    [
        ((1, 5), False, 32, False),
        ((1, 6, 1, 24), False, 32, False),
        ((1, 7, 8, 11), False, 64, False),
        ((8, 0, 0), True, 64, True),
        ((8, 2, 1), True, 64, True),
        ((9, 0, 0), True, 64, True),
        ((10, 1), True, 64, True),
    ],
)
def test_capabilities(parts: tuple[int, ...], has_patch: bool, reference: int, webp: bool) -> None:
    able = capabilities(ShopVersion(parts))
    assert able.has_patch is has_patch
    assert able.limits["products", "reference"] == reference
    assert ("image/webp" in able.image_types) is webp


def version(text: str) -> ShopVersion:
    found = ShopVersion.parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "resource", "lacks", "has"),
    [
        ("1.6.1.24", "products", {"state", "mpn", "isbn", "product_type"}, {"upc", "is_virtual"}),
        ("1.6.1.24", "products", {"product_bundle[id_product_attribute]"}, {"meta_keywords"}),
        ("1.6.1.24", "messages", {"id"}, set()),
        ("1.6.1.24", "orders", {"note", "order_rows[id_customization]"}, {"gift_message"}),
        ("1.7.0.0", "products", {"mpn", "low_stock_threshold"}, {"state", "isbn"}),
        ("1.7.6.9", "products", {"mpn", "product_type"}, {"low_stock_threshold", "state"}),
        ("1.7.6.9", "order_cart_rules", {"id"}, set()),
        ("1.7.6.9", "messages", set(), {"id"}),
        ("1.7.8.11", "products", {"unit_price"}, {"mpn", "product_type"}),
        ("1.7.8.11", "orders", set(), {"note"}),
        ("1.7.8.11", "categories", {"additional_description"}, {"meta_keywords"}),
        ("8.0.5", "combinations", {"available_now"}, {"mpn"}),
        ("8.2.1", "combinations", set(), {"available_now"}),
        ("8.2.1", "categories", {"redirect_type"}, {"meta_keywords"}),
        ("9.0.0", "suppliers", {"meta_keywords"}, {"meta_title"}),
        ("9.0.0", "categories", {"meta_keywords"}, {"redirect_type"}),
    ],
)
def test_what_a_version_lacks(text: str, resource: str, lacks: set[str], has: set[str]) -> None:
    able = capabilities(version(text))
    assert lacks <= able.lacks(resource)
    assert not has & able.lacks(resource)


@pytest.mark.parametrize(
    ("text", "resource", "rewrites"),
    [
        ("1.6.1.24", "products", True),
        ("1.7.8.11", "stock_availables", True),
        ("8.0.0", "products", False),
        ("9.0.0", "stock_availables", False),
        ("9.0.0", "configurations", True),
    ],
)
def test_which_changes_put_back_the_whole(text: str, resource: str, rewrites: bool) -> None:
    assert capabilities(version(text)).rewrites(resource) is rewrites


def test_what_is_secret_is_never_asked_for() -> None:
    asked = {name for resource in RESOURCES.values() for name in resource.display}
    assert not asked & {"passwd", "secure_key", "reset_password_token", "card_number"}
    assert all(resource.display[0] == "id" for resource in RESOURCES.values())
