"""The images of combinations: which ones the till's photos of a variant are, beside people's.

Rules: nothing is read while no photo names a variant and none of ours is in any list; only our own
images come and go, an image that people took out of a list is not put back. Sizes and colours that
are written anew make the shop forget a combination's images: that was us, not people.

    plan_lists(ListReader(desk).read({"1042": 7}, shown), "union")
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from protocol.records import Owner
from shop_agent.actions import Action, Last, Remember, Subject, Update
from shop_agent.apply import Desk
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.reconcile.photos import Shown, lists_of
from shop_agent.reconcile.plan import VALUES, Memory
from shop_agent.reconcile.rows import IMAGES, Items, items, joined, parse_items, rows_of, text_of
from shop_agent.replica import Fact, Replica
from shop_agent.state import STATE

#: Kind of the subjects of lists.
LIST = "image_list"
_RESOURCE = "combinations"


@dataclass(frozen=True)
class ImageList:
    """One combination's list of images.

    Args:
        variant: Key of the variant.
        id: Of the combination.
        wanted: The images that the till's photos of it are.
        there: What the shop shows.
        memory: What was written to the combination.
        photos: Key of the photo of each image of the article.
        said: Whether a photo of the article names variants.
    """

    variant: str
    id: int
    wanted: Items
    there: Items
    memory: Memory
    photos: Mapping[int, str]
    said: bool

    @property
    def subject(self) -> Subject:
        """What actions on the list are about."""
        return Subject(LIST, self.variant)

    def owner_of(self) -> Subject | None:
        """Return the photo whose fate a refusal of the list is: the first that is to be in it."""
        keys = sorted(self.photos[i] for (i,) in self.wanted - self.there if i in self.photos)
        return Subject("photo", keys[0]) if keys else None

    def noted(self, lang: int) -> Items:
        """Return what is remembered: 0 ours, 1 taken out by people."""
        last = self.memory.last.get((IMAGES, lang))
        return parse_items(last.sent) if last else frozenset()

    def values(self) -> str:
        """Return the sizes and colours that the combination was last given."""
        last = self.memory.last.get((VALUES, 0))
        return last.sent if last else ""


class ListReader:
    """Reads the lists of the articles whose photos name variants, or of which some is ours.

    Args:
        desk: What the pass's writers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._variants: Mapping[str, Sequence[Fact]] | None = None

    def read(
        self, products: Mapping[str, int], shown: Mapping[str, Sequence[Shown]]
    ) -> list[ImageList]:
        """Return the lists, by combination.

        Args:
            products: Article key → its product.
            shown: Article key → its photos that are in the shop.
        """
        naming = {key for key, some in shown.items() if any(photo.variants for photo, _ in some)}
        with self._desk.engine.connect() as connection:
            ours = _with_ours(connection)
            if not naming and not ours:
                return []
            replica = Replica(connection)
            if self._variants is None:
                self._variants = replica.by_article("variant")
            linked = dict(self._linked(self._variants, products))
            chosen = naming | {article for found, (article, _) in linked.items() if found in ours}
            linked = {found: pair for found, pair in linked.items() if pair[0] in chosen}
            memories = replica.journal.memories(_RESOURCE, sorted(linked))
        if not linked:
            return []
        display = ("id", "id_product", f"{IMAGES}[id]")
        ids = sorted(products[key] for key in chosen)
        found = self._desk.shop.find_any(_RESOURCE, "id_product", ids, display=display)
        return [
            _list(one, linked[one.id], shown, memories[one.id]) for one in found if one.id in linked
        ]

    def _linked(
        self, variants: Mapping[str, Sequence[Fact]], products: Mapping[str, int]
    ) -> Iterator[tuple[int, tuple[str, str]]]:
        """Yield combinations, each with its article and variant."""
        for article in products:
            for fact in variants.get(article, ()):
                found = self._desk.links("variant", fact.record.key)
                if found is not None and found > 0:
                    yield found, (article, fact.record.key)


def _list(
    combination: Entity, of: tuple[str, str], shown: Mapping[str, Sequence[Shown]], memory: Memory
) -> ImageList:
    article, variant = of
    photos = shown[article]
    return ImageList(
        variant,
        combination.id,
        frozenset((image,) for image in lists_of(photos, [variant])[variant]),
        items(IMAGES, combination.rows(IMAGES)),
        memory,
        {image: photo.key for photo, image in photos},
        any(photo.variants for photo, _ in photos),
    )


def plan_lists(lists: Sequence[ImageList], owner: Owner) -> list[Action]:
    """Return what makes the lists as wanted, people's images excepted.

    Each list is a subject of its own (`image_list`): one photo may stand in many.
    """
    return [action for one in lists for action in _plan(one, owner)]


def _plan(one: ImageList, owner: Owner) -> Iterator[Action]:
    ours, removed = one.noted(0), one.noted(1)
    marker = one.memory.last.get((IMAGES, 2))
    if marker is not None and marker.sent != one.values():
        ours &= one.there  # forgotten with the former sizes and colours
    if owner == "till" and one.said:
        to_be, mine, taken_out = one.wanted, one.wanted, frozenset[tuple[int, ...]]()
    else:
        result = joined(IMAGES, one.wanted, ours, one.there, removed)
        to_be, mine, taken_out = result.to_be, result.ours, result.removed
    subject = one.subject
    notes = {(IMAGES, 1): taken_out} if taken_out != removed else {}
    said = {key: Last(text_of(kept), text_of(kept)) for key, kept in notes.items()}
    if mine and (marker is None or marker.sent != one.values()):
        said[IMAGES, 2] = Last(one.values(), one.values())
    if to_be == one.there and mine != one.noted(0):
        said[IMAGES, 0] = Last(text_of(mine), text_of(mine))
    if said:
        yield Remember(subject, _RESOURCE, one.id, said)
    if to_be != one.there:
        write = Write(one.id, {}, {IMAGES: rows_of(IMAGES, to_be)})
        was = {(IMAGES, 0): text_of(one.there)}
        yield Update(subject, _RESOURCE, write, {(IMAGES, 0): text_of(mine)}, was)


def _with_ours(connection: Connection) -> frozenset[int]:
    """Return the combinations that have one of our images in their list."""
    table = STATE.written
    query = select(table.c.ps_id).where(
        table.c.resource == _RESOURCE, table.c.field == IMAGES, table.c.lang == 0
    )
    return frozenset(connection.execute(query.where(table.c.sent != "")).scalars())
