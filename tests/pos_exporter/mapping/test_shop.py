"""What a shop takes, by its profile."""

from zoneinfo import ZoneInfo

import pytest

from pos_exporter.mapping.shop import ANY_SHOP, KnownShop, known_shop
from protocol.records import ShopProfile


def profile(version: str, timezone: str = "Europe/Paris") -> ShopProfile:
    return ShopProfile(
        version=version, instance="s", url="https://s.example", name="S", timezone=timezone,
        currency="EUR", languages=("fr",), tax_groups=(), states=(),
    )  # fmt: skip


def test_before_the_profile_the_strictest_of_the_newer_versions_counts() -> None:
    assert known_shop(None) == ANY_SHOP == KnownShop(64, 255, 512, (8, 12, 13), None)


@pytest.mark.parametrize(
    ("version", "reference", "meta", "longest_ean"),
    [
        ("1.6.1.24", 32, (128, 255), 13),
        ("1.7.6.9", 64, (255, 512), 13),
        ("8.2.1", 64, (255, 512), 13),
        ("9.0.0", 64, (255, 512), 14),
        ("10.1", 64, (255, 512), 14),
        ("?", 64, (255, 512), 13),
    ],
)
def test_lengths_by_version(
    version: str, reference: int, meta: tuple[int, int], longest_ean: int
) -> None:
    shop = known_shop(profile(version))
    assert (shop.reference, (shop.meta_title, shop.meta_description)) == (reference, meta)
    assert max(shop.eans) == longest_ean
    assert shop.zone == ZoneInfo("Europe/Paris")


def test_a_zone_that_this_machine_does_not_know_is_the_tills() -> None:
    assert known_shop(profile("8.2.1", "Mars/Olympus")).zone is None
    assert known_shop(profile("8.2.1", "../etc/passwd")).zone is None
