"""Where photos stand once they are there: the cover, and what each combination shows.

Rules: the webservice cannot write the order of images nor their legends; the cover it can. It is
ours only where the policy says so (`photo.position`). In a combination's list our images stand
beside people's (`photo.variants`, a union); its sizes and colours are never sent along.

    Arranger(desk).arrange({"1042": (photos, product)})
"""

from collections.abc import Mapping, Sequence

from protocol.records import Owner, Photo
from shop_agent.actions import Action, Last, Remember, Subject, Update
from shop_agent.apply import Applier, Desk
from shop_agent.photos.combinations import ImageList, ListReader, plan_lists
from shop_agent.photos.places import OnProduct
from shop_agent.prestashop.entities import Write
from shop_agent.reconcile.ownership import Choice, decide
from shop_agent.reconcile.photos import Shown, cover_of
from shop_agent.reconcile.plan import Memory
from shop_agent.reconcile.wanted import DEFAULT_OWNERS
from shop_agent.replica import Replica

COVER = "id_default_image"
#: Article key → its live photos and its product.
Articles = Mapping[str, tuple[Sequence[Photo], OnProduct]]


class Arranger:
    """Puts cover and combinations right, after the photos of some articles were seen to.

    Args:
        desk: What the pass's writers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._applier = Applier(desk)
        self._lists = ListReader(desk)

    def arrange(self, articles: Articles) -> None:
        """Plan and write both."""
        real = {key: pair for key, pair in articles.items() if pair[1].id > 0}
        links = self._desk.links
        shown = {key: product.shown(photos, links) for key, (photos, product) in real.items()}
        self._applier.carry_out(self._covers(real, shown))
        owner = self._owner("photo.variants")
        if owner != "site":
            lists = self._lists.read({key: product.id for key, (_, product) in real.items()}, shown)
            self._write(lists, owner)

    def _write(self, lists: Sequence[ImageList], owner: Owner) -> None:
        """Write lists; a refusal of one is a refusal of the photo that was to come in."""
        before = len(self._desk.report.refused)
        self._applier.carry_out(plan_lists(lists, owner))
        blamed = {one.subject: one.owner_of() for one in lists}
        for subject, problem in self._desk.report.refused[before:]:
            photo = blamed.get(subject)
            if photo is not None and not self._desk.dry:
                with self._desk.engine.begin() as connection:
                    self._desk.tell(connection, photo, "refused", problem)

    def _owner(self, name: str) -> Owner:
        return self._desk.choices.owners.get(name, DEFAULT_OWNERS[name])

    def _covers(self, articles: Articles, shown: Mapping[str, Sequence[Shown]]) -> list[Action]:
        owner = self._owner("photo.position")
        if owner == "site":
            return []
        ids = [product.id for _, product in articles.values()]
        with self._desk.engine.connect() as connection:
            memories = Replica(connection).journal.memories("products", ids)
        planned = (
            _plan_cover(product, shown[key], owner, memories[product.id])
            for key, (_, product) in articles.items()
        )
        return [action for actions in planned for action in actions]


def _plan_cover(
    product: OnProduct, shown: Sequence[Shown], owner: Owner, memory: Memory
) -> list[Action]:
    image_id = cover_of(shown)
    if image_id is None:
        return []
    wanted, site = str(image_id), str(product.cover or "")
    subject = next(Subject("photo", photo.key) for photo, one in shown if one == image_id)
    choice = decide(owner, wanted=wanted, last=memory.last.get((COVER, 0)), site=site)
    if choice is Choice.WRITE:
        write = Write(product.id, {COVER: wanted})
        return [Update(subject, "products", write, {(COVER, 0): wanted}, {(COVER, 0): site})]
    if choice is Choice.NOTE:
        return [Remember(subject, "products", product.id, {(COVER, 0): Last(wanted, site)})]
    return []
