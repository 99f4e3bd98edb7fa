"""Photos: uploaded once, recognised by hash, asked of the till only when they are needed.

Only images that we uploaded are ever replaced or deleted; one that people took off the site is not
put back. The bytes travel on request: what is wanted and not here is asked for, a few at a time.

    Photos(desk).run(full=False)
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from protocol.errors import OutcomeUnknownError, RefusedItemError
from protocol.records import Photo, Wants
from shop_agent.actions import AddPhoto, FieldKey, Last, RemovePhoto, Subject, Wait
from shop_agent.apply import Desk
from shop_agent.errors import ParentMissingError, PhotoLostError
from shop_agent.prestashop.http import ImageFile
from shop_agent.prestashop.images import delete_image, find_cover, set_cover, upload_image
from shop_agent.replica import WANTS, Fact, Replica

#: How much is asked of the till at a time.
WANTED_BYTES = 8 * 1024 * 1024
WANTED_PHOTOS = 200
_HASH: FieldKey = ("sha256", 0)
_BEFORE: FieldKey = ("before", 0)
_REMOVED = "removed"
_CHUNK = 200


@dataclass(frozen=True)
class _Place:
    """One photo fact and what is known of its image."""

    fact: Fact
    photo: Photo
    product_id: int
    image_id: int | None
    last: Last | None
    before: frozenset[int] | None  # images that were there when an upload was tried, if it was


class Photos:
    """Brings photos into the shop.

    Args:
        desk: What the pass's writers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wanted: list[Photo] = []

    def run(self, *, full: bool) -> None:
        """Look at the photos that changed (or at all); ask for the bytes that are missing."""
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = replica.facts("photo", dirty_only=not full)
            places = self._places(replica, facts)
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        for start in range(0, len(places), _CHUNK):
            self._desk.check_time()
            self._desk.report.progress("photo", start, len(places))
            self._run_chunk(places[start : start + _CHUNK])
        self._wait_for_articles(facts, places)
        self._ask(again=full)

    def _places(self, replica: Replica, facts: Sequence[Fact]) -> list[_Place]:
        unsettled = replica.journal.intents("photo")
        images = [i for f in facts if (i := self._desk.links("photo", f.record.key))]
        memories = replica.journal.memories("images", images)
        places = []
        for fact in facts:
            photo = fact.record
            if not isinstance(photo, Photo):
                continue
            article = replica.find("article", photo.article)
            product_id = self._desk.links("article", photo.article)
            if product_id is None or article is None or article.gone is not None:
                continue
            image_id = self._desk.links("photo", photo.key)
            last = memories[image_id].last.get(_HASH) if image_id else None
            tried = unsettled.get(photo.key)
            before = _ids(tried.get(_BEFORE, "")) if tried is not None else None
            places.append(_Place(fact, photo, product_id, image_id, last, before))
        return sorted(places, key=lambda p: (p.product_id, p.photo.position, p.photo.key))

    def _run_chunk(self, places: Sequence[_Place]) -> None:
        real = sorted({place.product_id for place in places if place.product_id > 0})
        display = ("id", "images[id]")
        found = self._desk.shop.find_any("products", "id", real, display=display) if real else ()
        site = {e.id: {int(row["id"]) for row in e.rows("images")} for e in found}
        for place in places:
            self._desk.check_time()
            self._run_one(place, site.setdefault(place.product_id, set()))

    def _run_one(self, place: _Place, there: set[int]) -> None:
        if place.fact.gone is not None:
            self._remove(place, there)
        elif place.image_id is not None:
            self._keep(place, there)
        elif place.before is not None and (new := self._new(there - place.before)):
            # An upload without an answer: the image that came since is ours.
            self._settle(place, min(new), adopted=True)
        else:
            self._add(place, there, None)

    def _new(self, images: Collection[int]) -> set[int]:
        """Return the images that are no other photo's."""
        return {one for one in images if self._desk.links.key_of("photo", one) is None}

    def _keep(self, place: _Place, there: set[int]) -> None:
        sha, image_id = place.photo.sha256, place.image_id or 0
        sent = place.last.sent if place.last else sha
        if image_id not in there:
            if sent in (sha, f"{_REMOVED} {sha}"):
                self._settle(place, image_id, note=f"{_REMOVED} {sha}")
            else:
                self._add(place, there, None)
        elif sent == sha:
            self._settle(place, image_id)
            self._delete_replaced(place, image_id, there)
        else:
            self._add(place, there, image_id)

    def _add(self, place: _Place, there: set[int], replaces: int | None) -> None:
        subject, sha = place.fact.subject, place.photo.sha256
        with self._desk.engine.connect() as connection:
            content = Replica(connection).find_photo(sha)
        action = AddPhoto(subject, place.product_id, sha, replaces)
        if self._desk.dry:
            self._desk.report.actions.append(action)
            self._desk.report.count("images", "created")
        elif content is None:
            self._wanted.append(place.photo)
            self._wait(subject, PhotoLostError(place=str(subject)))
        else:
            self._upload(place, action, content, there)

    def _upload(self, place: _Place, action: AddPhoto, content: bytes, there: set[int]) -> None:
        before, subject = sorted(there), action.subject
        with self._desk.engine.begin() as connection:
            sent = {_BEFORE: " ".join(map(str, before))}
            Replica(connection).journal.open_intent(
                subject, "images", "POST", None, sent, self._desk.clock()
            )
        image = ImageFile(content)
        try:
            image_id = upload_image(self._desk.shop, action.product_id, image, before)
        except RefusedItemError as error:
            self._refuse(subject, error)
            return
        except OutcomeUnknownError as error:
            self._desk.report.waiting.append((subject, error.problem()))
            return
        there.add(image_id)
        self._desk.report.count("images", "created")
        self._settle(place, image_id, drop=action.sha256)
        self._delete_replaced(place, image_id, there)

    def _delete_replaced(self, place: _Place, image_id: int, there: set[int]) -> None:
        """Delete the images that this photo had before; a pass may have ended before it could."""
        mine = [i for i in there if self._desk.links.key_of("photo", i) == place.photo.key]
        for old in mine if not self._desk.dry else ():
            if old != image_id:
                self._delete(place, old, there, heir=image_id)

    def _delete(self, place: _Place, image_id: int, there: set[int], *, heir: int | None) -> bool:
        """Delete an image, unless the shop refuses to give its place as the cover to the heir.

        PrestaShop gives it to none by itself: the product would show no picture in lists.
        """
        shop, product_id = self._desk.shop, place.product_id
        try:
            if heir is not None and find_cover(shop, product_id) == image_id:
                set_cover(shop, product_id, heir)
                self._desk.report.count("products", "changed")
        except RefusedItemError as error:
            self._desk.report.refused.append((place.fact.subject, error.problem()))
            return False
        delete_image(shop, product_id, image_id)
        there.discard(image_id)
        self._desk.report.count("images", "deleted")
        return True

    def _remove(self, place: _Place, there: set[int]) -> None:
        subject, image_id = place.fact.subject, place.image_id
        if image_id in there and image_id is not None:
            if self._desk.dry:
                action = RemovePhoto(subject, place.product_id, image_id)
                self._desk.report.actions.append(action)
                self._desk.report.count("images", "deleted")
            else:
                heir = min(there - {image_id}, default=None)
                if not self._delete(place, image_id, there, heir=heir):
                    return
        if not self._desk.dry:
            with self._desk.engine.begin() as connection:
                replica = Replica(connection)
                replica.unlink(subject)
                replica.mark_clean(subject)
            self._desk.links.drop(subject)

    # --- notes -------------------------------------------------------------------------------

    def _settle(
        self, place: _Place, image_id: int, *, note: str = "", drop: str = "", adopted: bool = False
    ) -> None:
        subject, sha = place.fact.subject, place.photo.sha256
        if self._desk.dry:
            return
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            replica.link(subject, image_id)
            replica.journal.remember("images", image_id, {_HASH: Last(note or sha, note or sha)})
            replica.journal.close_intents_of(subject)
            replica.mark_clean(subject)
            if drop or adopted:
                replica.drop_photo(sha)
            self._desk.tell(connection, subject, "applied")
        self._desk.links.add(subject, image_id)

    def _refuse(self, subject: Subject, error: RefusedItemError) -> None:
        self._desk.report.refused.append((subject, error.problem()))
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            replica.journal.close_intents_of(subject)
            replica.mark_clean(subject)
            self._desk.tell(connection, subject, "refused", error.problem())

    def _wait(self, subject: Subject, error: RefusedItemError) -> None:
        wait = Wait(subject, error.problem())
        self._desk.report.waiting.append((wait.subject, wait.problem))
        with self._desk.engine.begin() as connection:
            self._desk.tell(connection, subject, "waiting", wait.problem)

    def _wait_for_articles(self, facts: Sequence[Fact], places: Sequence[_Place]) -> None:
        placed = {place.fact.subject for place in places}
        for fact in facts:
            if fact.subject in placed or self._desk.dry:
                continue
            if fact.gone is not None:
                with self._desk.engine.begin() as connection:
                    Replica(connection).mark_clean(fact.subject)
            elif isinstance(fact.record, Photo):
                parent = f"article {fact.record.article}"
                self._wait(fact.subject, ParentMissingError(place=str(fact.subject), parent=parent))

    def _ask(self, *, again: bool) -> None:
        """Queue what is wanted; what was asked for before, once a night: it may have been lost."""
        if self._desk.dry:
            return
        chosen: list[str] = []
        size = 0
        for photo in self._wanted[:WANTED_PHOTOS]:
            size += photo.size
            if chosen and size > WANTED_BYTES:
                break
            chosen.append(photo.sha256)
        asked = " ".join(chosen)
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            if asked and (again or asked != replica.setting(WANTS)):
                self._desk.outbox.queue(connection, [Wants(photos=tuple(dict.fromkeys(chosen)))])
            replica.set_setting(WANTS, asked)


def _ids(text: str) -> frozenset[int]:
    return frozenset(int(one) for one in text.split())
