"""PrestaShop's versions, and what each can do, as data.

Rules: a version decides nothing elsewhere; the rest of the room asks `capabilities` and reads a
value. A limit is listed under the version that changed it, and holds until the next that does.

    version = ShopVersion.parse("8.2.1")
    capabilities(version).has_patch                          # True
    capabilities(version).limits[("products", "reference")]  # 64
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

_NUMBERS = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")


@dataclass(frozen=True, order=True)
class ShopVersion:
    """A PrestaShop version, ordered as versions are."""

    parts: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the version in a `PSWS-Version` header (`8.2.1`), or None when it tells none.

        PrestaShop says `0` before it knows the key; a suffix such as `-beta.1` is left out.
        """
        found = _NUMBERS.match(text.strip())
        return cls(tuple(int(part) for part in found[0].split("."))) if found else None

    def __str__(self) -> str:
        return ".".join(str(part) for part in self.parts)


#: Longest text by resource and field, in characters.
Limits = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Capabilities:
    """What one version of the webservice can do.

    Args:
        has_patch: Whether it knows the verb PATCH.
        image_types: Media types it takes for a photo.
        limits: Lengths that differ between versions; the others are in `resources`.
        gone: Fields that it no longer has, by resource.
        new: Fields that it does not have yet, by resource.
    """

    has_patch: bool
    image_types: frozenset[str]
    limits: Limits
    gone: Mapping[str, frozenset[str]] = field(default_factory=dict)
    new: Mapping[str, frozenset[str]] = field(default_factory=dict)


_OLD_IMAGES = frozenset({"image/jpeg", "image/png", "image/gif"})
_IMAGES = _OLD_IMAGES | {"image/webp"}
_LIMITS: Limits = {
    ("products", "reference"): 64,
    ("combinations", "reference"): 64,
    ("products", "ean13"): 13,
    ("products", "meta_title"): 255,
    ("products", "meta_description"): 512,
}
_META_KEYWORDS = frozenset({"meta_keywords"})

#: By the first version that has it, oldest first.
_HISTORY: tuple[tuple[ShopVersion, Capabilities], ...] = (
    (
        ShopVersion((1, 6)),
        Capabilities(
            has_patch=False,
            image_types=_OLD_IMAGES,
            limits={
                **_LIMITS,
                ("products", "reference"): 32,
                ("combinations", "reference"): 32,
                ("products", "meta_title"): 128,
                ("products", "meta_description"): 255,
            },
            new={
                "products": frozenset({"state", "product_type", "mpn", "isbn"}),
                "combinations": frozenset({"mpn", "isbn"}),
                "categories": frozenset({"additional_description"}),
            },
        ),
    ),
    (
        ShopVersion((1, 7)),
        Capabilities(
            has_patch=False,
            image_types=_OLD_IMAGES,
            limits=_LIMITS,
            new={"categories": frozenset({"additional_description"})},
        ),
    ),
    (ShopVersion((8,)), Capabilities(has_patch=True, image_types=_IMAGES, limits=_LIMITS)),
    (
        ShopVersion((9,)),
        Capabilities(
            has_patch=True,
            image_types=_IMAGES,
            limits={**_LIMITS, ("products", "ean13"): 14},
            gone={
                "products": _META_KEYWORDS,
                "categories": _META_KEYWORDS,
                "manufacturers": _META_KEYWORDS,
            },
        ),
    ),
)


def capabilities(version: ShopVersion) -> Capabilities:
    """Return what a version can do; one older than the oldest known counts as the oldest."""
    found = _HISTORY[0][1]
    for since, able in _HISTORY:
        if version >= since:
            found = able
    return found
