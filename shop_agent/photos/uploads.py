"""One photo at a time: uploaded, replaced, deleted, or left as people left it.

Rules: a new image comes before the old one goes; cover and combinations pass from one to the other;
only an image that we uploaded is deleted. An upload without an answer is looked up by what was
there before it.

    Uploads(desk, notes).carry_out(place, product, step, found=None)
"""

from protocol.errors import OutcomeUnknownError, RefusedItemError
from shop_agent.actions import AddPhoto, Adopt, RemovePhoto
from shop_agent.apply import Desk
from shop_agent.history import ADOPTED, CREATED
from shop_agent.photos.notes import Notes
from shop_agent.photos.places import OnProduct, Place
from shop_agent.photos.succession import pass_on
from shop_agent.prestashop.http import ImageFile
from shop_agent.prestashop.images import delete_image, upload_image
from shop_agent.reconcile.photos import Known, Step, next_step


class Uploads:
    """Brings single photos into the shop.

    Args:
        desk: What the pass's writers share.
        notes: Where what was done is written down.
    """

    def __init__(self, desk: Desk, notes: Notes) -> None:
        self._desk = desk
        self._notes = notes

    def step(self, place: Place, product: OnProduct) -> Step:
        """Return what is to be done about a photo."""
        return next_step(
            place.photo.sha256,
            place.image_id,
            place.known,
            images=product.images,
            claimed=self._claimed(place, product),
            gone=place.fact.gone is not None,
        )

    def carry_out(self, place: Place, product: OnProduct, step: Step, found: int | None) -> None:
        """Do it; one that fails is noted, the others go on.

        Args:
            place: The photo.
            product: Where it goes; kept true.
            step: What to do.
            found: The image of the shop that it was recognised in.
        """
        try:
            self._do(place, product, step, found)
        except (RefusedItemError, OutcomeUnknownError) as error:
            self._notes.fail(place.subject, error)

    def _do(self, place: Place, product: OnProduct, step: Step, found: int | None) -> None:
        sha256, image_id = place.photo.sha256, place.image_id
        if step is Step.REMOVE:
            self._remove(place, product)
        elif step is Step.KEEP and image_id is not None:
            self._notes.settle(place, image_id, _still(place))
            self._delete_replaced(place, image_id, product)
        elif step is Step.TAKEN_OFF and image_id is not None:
            self._notes.settle(place, image_id, Known(sha256, "removed"))
        elif step is Step.CLAIM and (claimed := self._claimed(place, product)) is not None:
            # An upload without an answer: the image that came since is ours.
            self._notes.settle(place, claimed, Known(sha256, "ours"), became=CREATED)
        elif found is not None:
            self._adopt(place, product, found)
        else:
            self._add(place, product)

    def _claimed(self, place: Place, product: OnProduct) -> int | None:
        """Return the image that an upload without an answer brought, or None."""
        new = product.images - place.before if place.before is not None else set()
        return min((i for i in new if self._desk.links.key_of("photo", i) is None), default=None)

    def _adopt(self, place: Place, product: OnProduct, image_id: int) -> None:
        report = self._desk.report
        report.count("images", "adopted")
        if self._desk.dry:
            report.actions.append(Adopt(place.subject, "images", image_id))
            return
        known = Known(place.photo.sha256, "adopted")
        self._notes.settle(place, image_id, known, became=ADOPTED)
        self._succeed(place, image_id, product)

    def _add(self, place: Place, product: OnProduct) -> None:
        subject, sha256 = place.subject, place.photo.sha256
        replaces = place.image_id if place.image_id in product.images else None
        content = self._notes.find_bytes(sha256)
        if self._desk.dry:
            self._desk.report.actions.append(AddPhoto(subject, product.id, sha256, replaces))
            self._desk.report.count("images", "created")
        elif content is None:
            self._notes.want(place.photo, subject)
        else:
            self._upload(place, product, content)

    def _upload(self, place: Place, product: OnProduct, content: bytes) -> None:
        before = sorted(product.images)
        self._notes.open_upload(place.subject, before)
        image_id = upload_image(self._desk.shop, product.id, ImageFile(content), before)
        product.cover = product.cover if before else image_id
        product.images.add(image_id)
        self._desk.report.count("images", "created")
        known = Known(place.photo.sha256, "ours")
        self._notes.settle(place, image_id, known, became=CREATED)
        self._succeed(place, image_id, product)

    def _succeed(self, place: Place, image_id: int, product: OnProduct) -> None:
        """Give the new image what the one before had; ours among them go, people's stay."""
        former = place.image_id
        if former is not None and former in product.images and former != image_id:
            with_cover = former == product.cover
            self._pass_on(place, product, former, image_id, combinations=True, cover=with_cover)
        self._delete_replaced(place, image_id, product)

    def _delete_replaced(self, place: Place, image_id: int, product: OnProduct) -> None:
        """Delete the images of ours that this photo had; a pass may have ended before it could."""
        if self._desk.dry:
            return
        links, key = self._desk.links, place.photo.key
        former = [one for one in product.images if links.key_of("photo", one) == key]
        for old in sorted(former):
            if old != image_id and self._notes.is_ours(old):
                self._delete(place, old, product, heir=image_id)

    def _remove(self, place: Place, product: OnProduct) -> None:
        """Take a photo off that the till has no more; an image that was people's stays theirs."""
        image_id = place.image_id
        is_there = image_id is not None and image_id in product.images
        if is_there and image_id is not None and self._notes.is_ours(image_id):
            if self._desk.dry:
                self._desk.report.actions.append(RemovePhoto(place.subject, product.id, image_id))
                self._desk.report.count("images", "deleted")
            else:
                heir = min(product.images - {image_id}, default=None)
                if not self._delete(place, image_id, product, heir=heir):
                    return
        self._notes.unlink(place.subject)

    def _delete(self, place: Place, image_id: int, product: OnProduct, *, heir: int | None) -> bool:
        """Delete an image, unless its place as the cover could not be given to the heir.

        PrestaShop gives it to none by itself: the product would show no picture in lists.
        """
        if heir is not None and not self._pass_on(place, product, image_id, heir):
            return False
        try:
            delete_image(self._desk.shop, product.id, image_id)
        except (RefusedItemError, OutcomeUnknownError) as error:
            self._desk.report.waiting.append((place.subject, error.problem()))
            return False
        product.images.discard(image_id)
        self._notes.deleted(place.subject, image_id)
        return True

    def _pass_on(
        self, place: Place, product: OnProduct, old: int, heir: int, *,
        combinations: bool = False, cover: bool = True,
    ) -> bool:  # fmt: skip
        """Give an image's place to another one; return whether the shop took it."""
        try:
            done = pass_on(self._desk, product, old, heir, combinations=combinations, cover=cover)
        except RefusedItemError as error:
            self._desk.report.refused.append((place.subject, error.problem()))
            return False
        except OutcomeUnknownError as error:
            self._desk.report.waiting.append((place.subject, error.problem()))
            return False
        for resource, count in done.items():
            self._desk.report.count(resource, "changed", count)
        return True


def _still(place: Place) -> Known:
    """Return what is noted of an image that stays: one that nothing is known of is people's."""
    known = place.known
    if known is None or known.standing == "removed":
        return Known(place.photo.sha256, "adopted")
    return Known(place.photo.sha256, known.standing)
