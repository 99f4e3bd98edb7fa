"""Which image of the shop is which photo, told by their looks (SPEC §8.8). Pure.

Rules: an image is a photo when their looks differ by at most 2 and no other photo of the article is
as near; each image is one photo at most. Where the till has the same picture twice, the first photo
takes the first image.

    recognise({"p1": look}, rivals=[look, other], images={24: seen})     # {"p1": 24}
"""

from collections.abc import Mapping, Sequence

from protocol.program.look import distance

#: SPEC §8.8: the greatest mean absolute difference of the 192 bytes. Measured on four versions of
#: PrestaShop: a photo and its re-encoded copy differ by 0.04, two shots of one shoe by over 2.7.
LIMIT = 2.0


def recognise(
    sought: Mapping[str, str], *, rivals: Sequence[str], images: Mapping[int, str]
) -> dict[str, int]:
    """Return the image of each photo that is found, by the photo's key.

    Args:
        sought: Looks of the photos without an image, by key, in their order on the page.
        rivals: Looks of every photo of the article.
        images: Looks of the images that are no photo's yet, by id.
    """
    pairs = sorted(
        (apart, order, image_id, key)
        for order, (key, look) in enumerate(sought.items())
        for image_id, seen in images.items()
        if (apart := distance(look, seen)) <= LIMIT
    )
    found: dict[str, int] = {}
    taken: set[int] = set()
    for apart, _, image_id, key in pairs:
        others = [one for one in rivals if one != sought[key]]
        is_nearest = all(distance(one, images[image_id]) > apart for one in others)
        if is_nearest and key not in found and image_id not in taken:
            found[key] = image_id
            taken.add(image_id)
    return found
