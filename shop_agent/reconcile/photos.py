"""What is to become of a photo, of a product's cover and of its combinations' images. Pure.

Rules: only an image that we uploaded is ours to delete; one that we found (*adopted*) or that
people took off is not. A combination shows what its variant's photos are, and those of no variant
in particular; while no photo of an article names a variant, the lists are people's alone.

    next_step(sha256, None, None, images={20}, claimed=None)             # Step.ADD
    lists_of([(photo, 24)], ["red", "blue"])                             # {"red": {24}, "blue": {}}
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, get_args

from protocol.records import Photo

Standing = Literal["ours", "adopted", "removed"]
#: A photo and the id of its image.
Shown = tuple[Photo, int]


@dataclass(frozen=True)
class Known:
    """What we noted of an image.

    Args:
        sha256: Of the photo that it shows.
        standing: Whether we uploaded it, found it there, or people took it off.
    """

    sha256: str
    standing: Standing

    def text(self) -> str:
        """Return it as it is remembered."""
        return self.sha256 if self.standing == "ours" else f"{self.standing} {self.sha256}"


def parse_known(text: str) -> Known:
    """Return what `Known.text` wrote."""
    first, _, sha256 = text.rpartition(" ")
    standing: Standing = next((one for one in get_args(Standing) if one == first), "ours")
    return Known(sha256, standing)


class Step(Enum):
    """What to do about one photo."""

    KEEP = "keep"  # its image is there
    CLAIM = "claim"  # an upload without an answer did arrive
    ADD = "add"  # find it in the shop, else upload it
    TAKEN_OFF = "taken off"  # people took it off: it is not put back
    REMOVE = "remove"  # the till has it no more


def next_step(
    sha256: str,
    image_id: int | None,
    known: Known | None,
    *,
    images: Collection[int],
    claimed: int | None,
    gone: bool = False,
) -> Step:
    """Return what to do about one photo.

    Args:
        sha256: Of its bytes.
        image_id: Of the image that it is linked to.
        known: What was noted of that image.
        images: Those that the product has.
        claimed: The image that an upload without an answer brought.
        gone: Whether the till has it no more.
    """
    if gone:
        return Step.REMOVE
    if image_id is None:
        return Step.ADD if claimed is None else Step.CLAIM
    is_same = known is None or known.sha256 == sha256
    if image_id in images:
        return Step.KEEP if is_same else Step.ADD
    return Step.TAKEN_OFF if is_same else Step.ADD


def cover_of(shown: Iterable[Shown]) -> int | None:
    """Return the image that is to stand for a product: of the first photo that is there."""
    ranked = sorted((photo.position, photo.key, image_id) for photo, image_id in shown)
    return ranked[0][2] if ranked else None


def lists_of(shown: Sequence[Shown], variants: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return the images that each variant's combination is to show; none while no photo says so."""
    is_said = any(photo.variants for photo, _ in shown)
    return {
        key: frozenset(i for p, i in shown if is_said and (not p.variants or key in p.variants))
        for key in variants
    }
