"""What a pass notes of photos: links, what each image shows, fates, and which bytes are wanted.

notes.settle(place, 24, Known(sha256, "ours"))
notes.ask(again=full)
"""

from collections.abc import Sequence

from protocol.errors import ComptoirError, OutcomeUnknownError, RefusedItemError
from protocol.records import Photo, Wants
from shop_agent.actions import Last, Subject
from shop_agent.apply import Desk
from shop_agent.errors import ParentMissingError, PhotoLostError
from shop_agent.history import DELETED, Line
from shop_agent.photo_shelf import WANTS, drop_photo, find_photo
from shop_agent.photos.places import BEFORE, HASH, Place
from shop_agent.reconcile.photos import Known, parse_known
from shop_agent.replica import Fact, Replica

#: How much is asked of the till at a time.
WANTED_BYTES = 8 * 1024 * 1024
WANTED_PHOTOS = 200


class Notes:
    """Writes down what became of photos; nothing in a trial run.

    Args:
        desk: What the pass's writers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wanted: list[Photo] = []

    def settle(self, place: Place, image_id: int, known: Known, *, became: str = "") -> None:
        """Note that a photo is done with: this is its image.

        Args:
            place: The photo.
            image_id: Linked from now on.
            known: What is noted of the image.
            became: How it just came to be: created, adopted; its bytes are needed no more.
        """
        subject, text = place.subject, known.text()
        if self._desk.dry:
            return
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            replica.link(subject, image_id)
            replica.journal.remember("images", image_id, {HASH: Last(text, text)})
            replica.journal.close_intents_of(subject)
            replica.mark_clean(subject)
            if became:
                drop_photo(connection, place.photo.sha256)
                line = Line(subject, "images", image_id, after=became)
                self._desk.note(connection, [line])
            self._desk.tell(connection, subject, "applied")
        self._desk.links.add(subject, image_id)

    def is_ours(self, image_id: int) -> bool:
        """Return whether we uploaded an image; what is not known is people's."""
        with self._desk.engine.connect() as connection:
            memory = Replica(connection).journal.memories("images", [image_id])[image_id]
        last = memory.last.get(HASH)
        return last is not None and parse_known(last.sent).standing == "ours"

    def find_bytes(self, sha256: str) -> bytes | None:
        """Return a photo's bytes, or None when they are not here."""
        with self._desk.engine.connect() as connection:
            return find_photo(connection, sha256)

    def open_upload(self, subject: Subject, before: Sequence[int]) -> None:
        """Note which images are there before an upload is tried."""
        with self._desk.engine.begin() as connection:
            sent = {BEFORE: " ".join(map(str, before))}
            journal = Replica(connection).journal
            journal.open_intent(subject, "images", "POST", None, sent, self._desk.clock())

    def deleted(self, subject: Subject, image_id: int) -> None:
        """Note that an image of this photo was deleted."""
        self._desk.report.count("images", "deleted")
        with self._desk.engine.begin() as connection:
            line = Line(subject, "images", image_id, after=DELETED)
            self._desk.note(connection, [line])

    def unlink(self, subject: Subject) -> None:
        """Note that a photo has no image any more."""
        if self._desk.dry:
            return
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            replica.unlink(subject)
            replica.mark_clean(subject)
        self._desk.links.drop(subject)

    def fail(self, subject: Subject, error: RefusedItemError | OutcomeUnknownError) -> None:
        """Note that this photo could not be brought in; the others go on.

        A refused one is set aside until it changes; after no clear answer the next pass looks.
        """
        if isinstance(error, OutcomeUnknownError):
            self._desk.report.waiting.append((subject, error.problem()))
            return
        self._desk.report.refused.append((subject, error.problem()))
        with self._desk.engine.begin() as connection:
            replica = Replica(connection)
            replica.journal.close_intents_of(subject)
            replica.mark_clean(subject)
            self._desk.tell(connection, subject, "refused", error.problem())

    def want(self, photo: Photo, subject: Subject) -> None:
        """Note that a photo's bytes are needed and not here."""
        self._wanted.append(photo)
        self.wait(subject, PhotoLostError(place=str(subject)))

    def wait(self, subject: Subject, error: ComptoirError) -> None:
        """Note that a photo waits for something else."""
        problem = error.problem()
        self._desk.report.waiting.append((subject, problem))
        with self._desk.engine.begin() as connection:
            self._desk.tell(connection, subject, "waiting", problem)

    def wait_for_articles(self, facts: Sequence[Fact], places: Sequence[Place]) -> None:
        """Note what becomes of the photos whose article has no product."""
        placed = {place.subject for place in places}
        for fact in facts:
            if fact.subject in placed or self._desk.dry:
                continue
            if fact.gone is not None:
                with self._desk.engine.begin() as connection:
                    Replica(connection).mark_clean(fact.subject)
            elif isinstance(fact.record, Photo):
                parent = f"article {fact.record.article}"
                self.wait(fact.subject, ParentMissingError(place=str(fact.subject), parent=parent))

    def ask(self, *, again: bool) -> None:
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
