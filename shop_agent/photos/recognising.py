"""Photos that the shop has already: their images downloaded once, and told by their looks.

Rules: nothing is downloaded while every image of a product is some photo's, nor for a photo that
has an image; what was seen is remembered by the image's id. An image that cannot be read is no
photo's in this pass.

    Recogniser(desk).find(product, places, photos)       # {"p1": 24}
"""

from collections.abc import Sequence

from sqlalchemy import insert, select

from protocol.program.look import look_of
from protocol.records import Photo
from shop_agent.apply import Desk
from shop_agent.photos.places import OnProduct, Place
from shop_agent.prestashop.errors import UnreadableAnswerError
from shop_agent.prestashop.images import download_image
from shop_agent.reconcile.looks import recognise
from shop_agent.state import STATE


class Recogniser:
    """Finds photos among the images that are no photo's yet.

    Args:
        desk: What the pass's writers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(
        self, product: OnProduct, places: Sequence[Place], photos: Sequence[Photo]
    ) -> dict[str, int]:
        """Return the images of these photos that are there, by the photo's key.

        Args:
            product: Where to look.
            places: Photos without an image, or with an older one, in their order.
            photos: Every photo of the article.
        """
        sought = {one.photo.key: one.photo.look for one in places if one.photo.look is not None}
        is_linked = self._desk.links.is_linked
        free = sorted(one for one in product.images if not is_linked("photo", one))
        if not sought or not free:
            return {}
        rivals = [photo.look for photo in photos if photo.look is not None]
        return recognise(sought, rivals=rivals, images=self._looks(product.id, free))

    def _looks(self, product_id: int, images: Sequence[int]) -> dict[int, str]:
        table = STATE.image_look
        with self._desk.engine.connect() as connection:
            rows = connection.execute(select(table).where(table.c.ps_id.in_(images))).all()
        looks = {row.ps_id: row.look for row in rows}
        for image_id in images:
            if image_id not in looks:
                self._desk.check_time()
                look = self._download(product_id, image_id)
                if look is not None:
                    looks[image_id] = look
        return looks

    def _download(self, product_id: int, image_id: int) -> str | None:
        try:
            image = download_image(self._desk.shop, product_id, image_id)
        except UnreadableAnswerError:  # no file behind it, or one that is too large
            return None
        look = look_of(image.content) if image is not None else None
        if look is not None and not self._desk.dry:
            with self._desk.engine.begin() as connection:
                connection.execute(insert(STATE.image_look).values(ps_id=image_id, look=look))
        return look
