"""Photos of products: upload, replace, download, list, delete, cover.

Rules: PrestaShop's answer to an upload is no XML worth the name and as large as the photo: the id
is picked from its first bytes. An outcome that is not clear is looked up in the list. A row that
a broken file left behind is deleted, but only one that shows no picture: another may be a photo
that a person has just added. A truncated JPEG makes PrestaShop fail and leave such a row.

    before = list_images(shop, 12)
    image_id = upload_image(shop, 12, ImageFile(jpeg), before)
    set_cover(shop, 12, image_id)
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.prestashop.errors import (
    EntityGoneError,
    ImageRefusedError,
    ShopFailedError,
    UnreadableAnswerError,
    WriteOutcomeUnknownError,
)
from shop_agent.prestashop.http import ImageFile
from shop_agent.prestashop.xml import parse_document

#: The most bytes of a photo that are fetched: shops take 2 MB by default, some a few more.
PICTURE_LIMIT = 16 * 1024 * 1024
_HEAD = 500
_NEW_ID = re.compile(rb"<image>\s*<id>\s*(?:<!\[CDATA\[)?(\d+)")


@dataclass(frozen=True)
class Gallery:
    """The photos of one product.

    Args:
        images: Their ids, in the order the shop gives them.
        cover: The one that stands for the product, or None.
    """

    images: tuple[int, ...]
    cover: int | None


def list_images(shop: Webservice, product_id: int) -> tuple[int, ...]:
    """Return the ids of a product's photos, rising; none too when the product is unknown.

    PrestaShop 1.6 breaks down (500) on a product without any: then the product itself is asked.
    """
    path = f"images/products/{product_id}"
    try:
        answer = shop.ask("GET", "images", path, place=_place(product_id))
    except UnreadableAnswerError:
        gallery = find_galleries(shop, [product_id]).get(product_id)
        return tuple(sorted(gallery.images)) if gallery else ()
    if answer.says_absent:
        return ()
    root = parse_document(answer.body, _place(product_id))
    found = [node.get("id") or "" for node in root.iter("declination")]
    if not all(number.isascii() and number.isdigit() for number in found):
        raise UnreadableAnswerError(place=_place(product_id), reason="photo without id")
    return tuple(sorted({int(number) for number in found}))


def find_galleries(shop: Webservice, product_ids: Sequence[int]) -> dict[int, Gallery]:
    """Return the photos and the cover of each of these products that is there, by its id."""
    display = ("id", "id_default_image", "images[id]")
    found = shop.find_any("products", "id", product_ids, display=display)
    return {
        product.id: Gallery(
            tuple(int(row["id"]) for row in product.rows("images")),
            product.whole("id_default_image") or None,
        )
        for product in found
    }


def upload_image(
    shop: Webservice, product_id: int, image: ImageFile, before: Collection[int]
) -> int:
    """Add a photo to a product; return its id.

    Args:
        shop: The webservice.
        product_id: The product.
        image: A JPEG within the shop's limit (2 MB by default).
        before: The ids listed just before, to recognise a new one by.

    Raises:
        ImageRefusedError: PrestaShop does not take it; nothing is left behind.
        ShopFailedError: PrestaShop breaks down on it (a truncated file); nothing is left behind.
        WriteOutcomeUnknownError: No clear answer, and the list does not show one new photo.
    """
    path = f"images/products/{product_id}"
    try:
        answer = shop.ask("POST", "images", path, image=image, place=_place(product_id))
    except ImageRefusedError:
        _clear_broken_row(shop, product_id, before)
        raise
    except WriteOutcomeUnknownError as unknown:
        return _by_looking(shop, product_id, before, unknown)
    start = max(answer.body.find(b"<?xml"), 0)
    found = _NEW_ID.search(answer.body[start : start + _HEAD])
    if found:
        return int(found[1])
    reason = "no image id in the answer"
    doubt = WriteOutcomeUnknownError(answered=True, place=_place(product_id), reason=reason)
    return _by_looking(shop, product_id, before, doubt)


def replace_image(shop: Webservice, product_id: int, image_id: int, image: ImageFile) -> None:
    """Put another picture under a photo's id: its place, cover and links to variants stay.

    Raises:
        EntityGoneError: The photo is no longer there.
        ImageRefusedError: PrestaShop does not take the picture; the former one may be gone.
        WriteOutcomeUnknownError: No clear answer; doing it again does no harm.
    """
    path = f"images/products/{product_id}/{image_id}"
    place = f"{_place(product_id)}, photo {image_id}"
    shop.ask("PUT", "images", path, image=image, place=place)


def download_image(
    shop: Webservice, product_id: int, image_id: int, limit: int = PICTURE_LIMIT
) -> ImageFile | None:
    """Return a photo as the shop holds it, or None when it is no longer there.

    Raises:
        UnreadableAnswerError: Its file is missing, it has more than `limit` bytes, or what came
            is no picture.
    """
    path = f"images/products/{product_id}/{image_id}"
    place = f"{_place(product_id)}, photo {image_id}"
    try:
        answer = shop.ask("GET", "images", path, place=place, limit=limit)
    except EntityGoneError:
        return None
    if answer.says_absent:
        return None
    if not answer.media.startswith("image/") or not answer.body:
        raise UnreadableAnswerError(place=place, reason=f"no picture ({answer.media})")
    name = f"{product_id}-{image_id}.{answer.media.removeprefix('image/')}"
    return ImageFile(answer.body, name, answer.media)


def delete_image(shop: Webservice, product_id: int, image_id: int) -> bool:
    """Delete a photo; return whether it was still there.

    PrestaShop 9 answers an empty 500 after deleting it: the list decides.
    """
    path = f"images/products/{product_id}/{image_id}"
    try:
        shop.ask("DELETE", "images", path, place=f"{_place(product_id)}, photo {image_id}")
    except EntityGoneError:
        return False
    except WriteOutcomeUnknownError:
        if image_id in list_images(shop, product_id):
            raise
    return True


def find_cover(shop: Webservice, product_id: int) -> int | None:
    """Return the id of a product's cover, or None when it has none."""
    found = shop.find(
        "products", {"id": str(product_id)}, display=("id", "id_default_image"), limit=1
    )
    return (found[0].whole("id_default_image") or None) if found else None


def set_cover(shop: Webservice, product_id: int, image_id: int) -> Entity:
    """Make a photo the product's cover; return the product."""
    write = Write(id=product_id, fields={"id_default_image": str(image_id)})
    return shop.change("products", write)


def _place(product_id: int) -> str:
    return f"products {product_id}"


def _by_looking(
    shop: Webservice, product_id: int, before: Collection[int], doubt: WriteOutcomeUnknownError
) -> int:
    """Return the one new photo that shows a picture.

    Without one, and once the server has answered, what it left is deleted and the photo refused;
    while it may still be at work nothing is touched.
    """
    new = set(list_images(shop, product_id)) - set(before)
    shown = [image_id for image_id in new if _shows_picture(shop, product_id, image_id)]
    if len(shown) == 1:
        return shown[0]
    if shown or not doubt.answered:
        raise doubt
    for image_id in sorted(new):
        delete_image(shop, product_id, image_id)
    raise ShopFailedError(place=_place(product_id), **doubt.facts) from doubt


def _clear_broken_row(shop: Webservice, product_id: int, before: Collection[int]) -> None:
    """Delete what a refused file left behind: new rows that show no picture."""
    for image_id in sorted(set(list_images(shop, product_id)) - set(before)):
        if not _shows_picture(shop, product_id, image_id):
            delete_image(shop, product_id, image_id)


def _shows_picture(shop: Webservice, product_id: int, image_id: int) -> bool:
    """Say whether a photo's file is there: PrestaShop fails (500) on a row without one."""
    path = f"images/products/{product_id}/{image_id}"
    try:
        shop.ask("GET", "images", path, place=_place(product_id))
    except (UnreadableAnswerError, EntityGoneError):
        return False
    return True
