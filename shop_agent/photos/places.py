"""Where each photo goes: its product, its image there, and what is noted of that image.

places = places_of(replica, desk.links, facts)
album = albums(replica, places)                  # every live photo of their articles
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from protocol.records import Photo
from shop_agent.actions import FieldKey, Subject
from shop_agent.links import Links
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.images import find_galleries
from shop_agent.reconcile.photos import Known, Shown, parse_known
from shop_agent.replica import Fact, Replica

#: Under these names `written` remembers an image's photo, and an intent the images before it.
HASH: FieldKey = ("sha256", 0)
BEFORE: FieldKey = ("before", 0)
_CHUNK = 200

#: Live photos by article key.
Albums = Mapping[str, Sequence[Photo]]


@dataclass(frozen=True)
class Place:
    """One photo fact and what is known of its image.

    Args:
        fact: As received.
        photo: Its record.
        product_id: Its article's; below 0 in a trial run that creates it.
        image_id: Of the image that it is linked to.
        known: What was noted of that image.
        before: The images that were there when an upload was tried, if it was.
    """

    fact: Fact
    photo: Photo
    product_id: int
    image_id: int | None
    known: Known | None
    before: frozenset[int] | None

    @property
    def subject(self) -> Subject:
        """The fact's."""
        return self.fact.subject


@dataclass
class OnProduct:
    """The images of one product, kept true while the pass writes.

    Args:
        id: The product's.
        images: Their ids.
        cover: The one that stands for the product.
    """

    id: int
    images: set[int]
    cover: int | None

    def shown(self, photos: Sequence[Photo], links: Links) -> list[Shown]:
        """Return the photos that are there, each with its image."""
        pairs = ((photo, links("photo", photo.key)) for photo in photos)
        return [(photo, one) for photo, one in pairs if one is not None and one in self.images]


def places_of(replica: Replica, links: Links, facts: Sequence[Fact]) -> list[Place]:
    """Return the photos whose article has a product, by product, then in their order there."""
    unsettled = replica.journal.intents("photo")
    images = [i for f in facts if (i := links("photo", f.record.key))]
    memories = replica.journal.memories("images", images)
    places = []
    for fact in facts:
        photo = fact.record
        if not isinstance(photo, Photo):
            continue
        article = replica.find("article", photo.article)
        product_id = links("article", photo.article)
        if product_id is None or article is None or article.gone is not None:
            continue
        image_id = links("photo", photo.key)
        last = memories[image_id].last.get(HASH) if image_id else None
        known = parse_known(last.sent) if last else None
        tried = unsettled.get(photo.key)
        before = _ids(tried.get(BEFORE, "")) if tried is not None else None
        places.append(Place(fact, photo, product_id, image_id, known, before))
    return sorted(places, key=lambda p: (p.product_id, p.photo.position, p.photo.key))


def albums(replica: Replica, places: Sequence[Place]) -> Albums:
    """Return every live photo of the articles of these places."""
    articles = {place.photo.article for place in places}
    found = replica.by_article("photo") if articles else {}
    return {
        article: [fact.record for fact in found.get(article, ()) if isinstance(fact.record, Photo)]
        for article in articles
    }


def chunks(places: Sequence[Place]) -> Iterator[list[Place]]:
    """Yield a few hundred places at a time, those of one product together."""
    chunk: list[Place] = []
    for _, group in groupby(places, key=lambda place: place.product_id):
        chunk += group
        if len(chunk) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def products_of(shop: Webservice, places: Sequence[Place]) -> dict[int, OnProduct]:
    """Return what the shop shows on the products of these places, in few requests."""
    ids = sorted({place.product_id for place in places})
    real = [one for one in ids if one > 0]
    found = find_galleries(shop, real) if real else {}
    return {
        one: OnProduct(one, set(found[one].images), found[one].cover)
        if one in found
        else OnProduct(one, set(), None)
        for one in ids
    }


def _ids(text: str) -> frozenset[int]:
    return frozenset(int(one) for one in text.split())
