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


def test_what_is_secret_is_never_asked_for() -> None:
    asked = {name for resource in RESOURCES.values() for name in resource.display}
    assert not asked & {"passwd", "secure_key", "reset_password_token", "card_number"}
    assert all(resource.display[0] == "id" for resource in RESOURCES.values())
