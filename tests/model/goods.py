"""What the invented shop sells: few things, so that orders meet on them.

Two sizes of one article, a simple article, and a pack of one size and two of the simple one. The
shop's ids are fixed, but for the combinations, which may be deleted and made anew.

    parts_of("a:30")        # {"a:30": 1, "v:11": 1, "a:20": 2}
"""

from collections.abc import Mapping

#: Stock keys of the till.
SMALL, LARGE, PLAIN, PACK = "v:11", "v:12", "a:20", "a:30"
KEYS = (SMALL, LARGE, PLAIN, PACK)
#: What may be bought; the pack last, since it is bought least.
BOUGHT = (SMALL, LARGE, PLAIN, PACK)
#: PrestaShop's product of each key.
PRODUCTS: Mapping[str, int] = {SMALL: 1, LARGE: 1, PLAIN: 2, PACK: 3}
#: Article of each key at the till.
ARTICLES: Mapping[str, str] = {SMALL: "10", LARGE: "10", PLAIN: "20", PACK: "30"}
#: What one pack holds.
HOLDS: Mapping[str, int] = {SMALL: 1, PLAIN: 2}


def parts_of(key: str) -> dict[str, int]:
    """Return what the till loses for one unit: itself, and of a pack its components too."""
    return {key: 1, **(HOLDS if key == PACK else {})}


def added(*many: Mapping[str, int]) -> dict[str, int]:
    """Return the sum of units by key, none of 0."""
    total: dict[str, int] = {}
    for one in many:
        for key, units in one.items():
            total[key] = total.get(key, 0) + units
    return {key: units for key, units in total.items() if units}


def times(units: Mapping[str, int], by: int) -> dict[str, int]:
    """Return units by key, so many times."""
    return {key: one * by for key, one in units.items()}
