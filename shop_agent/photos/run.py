"""One pass over the photos: look, recognise, carry out, arrange, ask.

Photos(desk).run(full=False)
"""

from collections.abc import Sequence
from itertools import groupby

from shop_agent.apply import Desk
from shop_agent.photos.arranging import Arranger
from shop_agent.photos.notes import Notes
from shop_agent.photos.places import (
    Albums,
    OnProduct,
    Place,
    albums,
    chunks,
    places_of,
    products_of,
)
from shop_agent.photos.recognising import Recogniser
from shop_agent.photos.uploads import Uploads
from shop_agent.reconcile.photos import Step
from shop_agent.replica import Replica


class Photos:
    """Brings photos into the shop.

    Args:
        desk: What the pass's writers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._notes = Notes(desk)
        self._uploads = Uploads(desk, self._notes)
        self._recogniser = Recogniser(desk)
        self._arranger = Arranger(desk)

    def run(self, *, full: bool) -> None:
        """Look at the photos that changed (or at all); ask for the bytes that are missing."""
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = replica.facts("photo", dirty_only=not full)
            facts = [fact for fact in facts if self._desk.concerns(fact.subject)]
            places = places_of(replica, self._desk.links, facts)
            live = albums(replica, places)
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        done = 0
        try:
            for chunk in chunks(places):
                self._desk.check_time()
                self._desk.report.progress("photo", done, len(places))
                self._run_chunk(chunk, live)
                done += len(chunk)
            self._notes.wait_for_articles(facts, places)
        finally:
            # Also of a pass that ran out of time: the bytes come meanwhile.
            self._notes.ask(again=full)

    def _run_chunk(self, places: Sequence[Place], live: Albums) -> None:
        products = products_of(self._desk.shop, places)
        for product_id, group in groupby(places, key=lambda place: place.product_id):
            self._run_product(list(group), products[product_id], live)
        articles = {place.photo.article: products[place.product_id] for place in places}
        self._arranger.arrange({a: (live.get(a, ()), product) for a, product in articles.items()})

    def _run_product(self, places: Sequence[Place], product: OnProduct, live: Albums) -> None:
        steps = {place.subject: self._uploads.step(place, product) for place in places}
        adding = [place for place in places if steps[place.subject] is Step.ADD]
        photos = live.get(places[0].photo.article, ())
        found = self._recogniser.find(product, adding, photos) if adding else {}
        for place in places:
            self._desk.check_time()
            recognised = found.get(place.photo.key)
            # Looked at again: what was claimed or deleted a moment ago is no longer free.
            step = self._uploads.step(place, product)
            self._uploads.carry_out(place, product, step, recognised)
