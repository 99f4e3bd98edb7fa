"""From the rows that one product should have and those that the shop shows to actions. Pure.

Ours are the rows that are linked; what people made is neither changed nor deleted. A row of ours
that a person changed is put right, one that is gone is made again. A row that nobody made for us
but that says to the letter what ours would say is taken as ours (a lost state, a creation without
an answer); one that stands in the very place of ours and says something else is a person's, and
ours is refused, since PrestaShop allows one row in a place.

    plan_rows(place, rows, site, links, unsettled)
    # ([Create(…), Update(…), Delete(…)], {Subject("specific_price", …): a person's row})
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from protocol.errors import Problem
from protocol.money import format_decimal
from shop_agent.actions import Action, Adopt, Create, Delete, FieldKey, Subject, Update
from shop_agent.links import Links
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.prestashop.identify import SPECIFIC_PRICE_KEY
from shop_agent.price_errors import PriceTakenError
from shop_agent.reconcile.promotions import Row
from shop_agent.reconcile.wanted import normal

KIND = "specific_price"
RESOURCE = "specific_prices"
#: A till key of two parts is cut to what the state keeps; its hash keeps it apart.
_KEY_LENGTH = 190
_FOR_PEOPLE = ("price", "reduction", "reduction_type", "from", "to")


@dataclass(frozen=True)
class Place:
    """Where rows go.

    Args:
        article: Till key.
        product_id: PrestaShop's.
        shop_id: `id_shop` of every row of ours.
    """

    article: str
    product_id: int
    shop_id: int


def row_subject(article: str, row: Row) -> Subject:
    """Return the name of a row of ours: it stays while its place and its first second do."""
    parts = (article, row.variant, str(row.group), str(row.from_quantity), row.first)
    key = "|".join(parts)
    if len(key) > _KEY_LENGTH:
        key = f"{hashlib.sha256(key.encode()).hexdigest()}|{row.first}"
    return Subject(KIND, key)


def row_fields(place: Place, row: Row) -> dict[str, str]:
    """Return every field of a row as it is sent."""
    price = row.cut.price
    return {
        "id_shop": str(place.shop_id),
        "id_shop_group": "0",
        "id_cart": "0",
        "id_product": str(place.product_id),
        "id_product_attribute": str(row.combination),
        "id_currency": "0",
        "id_country": "0",
        "id_group": str(row.group),
        "id_customer": "0",
        "price": "-1" if price is None else format_decimal(price),
        "from_quantity": str(row.from_quantity),
        "reduction": format_decimal(row.cut.reduction),
        "reduction_tax": "1",
        "reduction_type": "percentage" if row.cut.percentage else "amount",
        "from": row.first,
        "to": row.last,
    }


def plan_rows(
    place: Place,
    rows: Sequence[Row],
    site: Sequence[Entity],
    links: Links,
    unsettled: Collection[str],
) -> tuple[list[Action], dict[Subject, Problem]]:
    """Return what makes our rows of one product as wanted, and which of them cannot be.

    Args:
        place: The product.
        rows: As wanted.
        site: Every specific price that the shop has of the product, former ids included.
        links: Which rows are ours.
        unsettled: Keys of our rows whose creation had no answer.
    """
    planner = _Planner(place, site, links, unsettled)
    for row in rows:
        planner.take(row)
    return [*planner.actions, *planner.leftovers()], planner.problems


class _Planner:
    """One product's rows under way: which of the shop's are claimed, and what is to be done."""

    def __init__(
        self, place: Place, site: Sequence[Entity], links: Links, unsettled: Collection[str]
    ) -> None:
        self.actions: list[Action] = []
        self.problems: dict[Subject, Problem] = {}
        self._place = place
        self._site = {entity.id: entity for entity in site}
        self._links = links
        self._unsettled = unsettled
        self._claimed: set[int] = set()

    def take(self, row: Row) -> None:
        subject, fields = row_subject(self._place.article, row), row_fields(self._place, row)
        mine = self._site.get(self._links(KIND, subject.key) or 0)
        there = self._in_place(fields)
        if there is not None and (mine is None or there.id != mine.id):
            if not self._is_ours(there, subject, fields):
                error = PriceTakenError(place=str(subject), value=there.id, found=there.id)
                self.problems[subject] = error.problem()
                return
            self.actions.append(Adopt(subject, RESOURCE, there.id))
            mine = there
        if mine is None:
            shown: dict[FieldKey, str] = {(name, 0): fields[name] for name in _FOR_PEOPLE}
            self.actions.append(Create(subject, RESOURCE, Write(None, fields), shown))
            return
        self._claimed.add(mine.id)
        self._correct(subject, mine, fields)

    def leftovers(self) -> list[Action]:
        """Return the deletion of every row of ours that nothing wants any more."""
        gone: list[Action] = []
        for ps_id in sorted(self._site):
            key = self._links.key_of(KIND, ps_id)
            if key is not None and ps_id not in self._claimed:
                gone.append(Delete(Subject(KIND, key), RESOURCE, ps_id))
        return gone

    def _correct(self, subject: Subject, mine: Entity, fields: Mapping[str, str]) -> None:
        differing = {name: text for name, text in fields.items() if not _same(mine, name, text)}
        if differing:
            sent: dict[FieldKey, str] = {(name, 0): text for name, text in differing.items()}
            was: dict[FieldKey, str] = {(name, 0): _shown(mine, name) for name in differing}
            self.actions.append(Update(subject, RESOURCE, Write(mine.id, differing), sent, was))

    def _in_place(self, fields: Mapping[str, str]) -> Entity | None:
        """Return the shop's row in a place, if any: no two share the shop's unique key."""
        keys = ("id_product", *SPECIFIC_PRICE_KEY)
        for entity in self._site.values():
            by_hand = _shown(entity, "id_specific_price_rule") in ("", "0")
            if by_hand and all(_same(entity, name, fields[name]) for name in keys):
                return entity
        return None

    def _is_ours(self, there: Entity, subject: Subject, fields: Mapping[str, str]) -> bool:
        if there.id in self._claimed:
            return False
        if self._links.key_of(KIND, there.id) is not None or subject.key in self._unsettled:
            return True
        return all(_same(there, name, text) for name, text in fields.items())


def _same(entity: Entity, name: str, text: str) -> bool:
    shown = _shown(entity, name)
    return normal(RESOURCE, name, shown) == normal(RESOURCE, name, text)


def _shown(entity: Entity, name: str) -> str:
    value = entity.fields.get(name, "")
    return value if isinstance(value, str) else ""
