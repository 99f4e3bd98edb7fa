"""Which boxes of the key page a version needs."""

import pytest

from shop_agent.prestashop.rights import NEEDED, missing, needed
from shop_agent.prestashop.versions import ShopVersion

V16, V17, V8 = ShopVersion((1, 6, 1, 24)), ShopVersion((1, 7, 8, 11)), ShopVersion((8, 2, 1))


def test_before_patch_exists_its_box_is_put() -> None:
    assert needed(V17)["products"] == ("GET", "POST", "PUT")
    assert needed(V8)["products"] == ("GET", "POST", "PATCH")
    assert needed(V17)["stock_availables"] == ("GET", "PUT")
    assert not [verbs for verbs in needed(V17).values() if "PATCH" in verbs]


@pytest.mark.parametrize("version", [V16, V17, V8])
def test_settings_are_put_and_orders_and_customers_only_read(version: ShopVersion) -> None:
    wanted = needed(version)
    assert wanted["configurations"] == ("GET", "PUT")
    assert wanted["orders"] == wanted["customers"] == ("GET",)
    assert wanted["images"] == ("GET", "POST", "PUT", "DELETE")


def test_no_box_of_a_resource_that_is_not_there() -> None:
    assert set(NEEDED) - set(needed(V16)) == {"messages", "order_cart_rules"}
    assert set(needed(V17)) == set(NEEDED)


def test_what_is_missing_depends_on_the_version() -> None:
    rights = {name: frozenset(verbs) for name, verbs in needed(V17).items()}
    assert missing(rights, V17) == ()
    lacking = missing(rights, V8)
    assert ("products", "PATCH") in lacking
    assert {verb for _, verb in lacking} == {"PATCH"}
