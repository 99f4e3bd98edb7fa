"""The shop as far as the till's side knows it: how long its texts may be, where its clock stands.

Until the shop's profile has come, the strictest of PrestaShop 1.7 to 9 counts, so that nothing is
sent that one of them would refuse; what only 1.6 refuses is refused once the shop is known to be
one.

    shop = known_shop(profile)
    shop.reference, shop.eans       # 64, (8, 12, 13)
"""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocol.records import ShopProfile

_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})")


@dataclass(frozen=True)
class KnownShop:
    """What a shop takes.

    Args:
        reference: The longest reference, in characters.
        meta_title, meta_description: The longest texts for search engines.
        eans: Lengths of an article's bar code.
        zone: The shop's own time zone; None: not known yet, the till's.
    """

    reference: int = 64
    meta_title: int = 255
    meta_description: int = 512
    eans: tuple[int, ...] = (8, 12, 13)
    zone: ZoneInfo | None = None


#: What is taken for granted before the shop's profile has come.
ANY_SHOP = KnownShop()


def known_shop(profile: ShopProfile | None) -> KnownShop:
    """Return what the shop of a profile takes; None: what every shop from 1.7 on takes."""
    if profile is None:
        return ANY_SHOP
    found = _VERSION.match(profile.version)
    version = (int(found[1]), int(found[2])) if found else (1, 7)
    zone = find_zone(profile.timezone)
    if version < (1, 7):
        return KnownShop(reference=32, meta_title=128, meta_description=255, zone=zone)
    return KnownShop(eans=(8, 12, 13, 14) if version >= (9, 0) else (8, 12, 13), zone=zone)


def find_zone(name: str) -> ZoneInfo | None:
    """Return a zone by the shop's name for it, None where this PC knows none so called."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
