"""What the shop holds that facts could be: the entities that are theirs, and those of nobody.

Rules: a list that is short is read whole, so that names can be compared as people read them; a long
one is asked by its parent or its reference. What another living fact has is nobody else's.

    shelves = Candidates(desk)
    shelves.read("products", [7, 8])              # {7: Entity, 8: Entity}
    shelves.find("combinations", unlinked)        # all of their products
    shelves.free("variant", found)
"""

from collections.abc import Mapping, Sequence

from shop_agent.apply import Desk
from shop_agent.prestashop.entities import Entity
from shop_agent.reconcile.wanted import Wanted
from shop_agent.replica import Replica

#: Where the candidates of a match are looked up: the field the shop is asked by.
_ASKED_BY: Mapping[str, str] = {
    "categories": "id_parent",
    "product_option_values": "id_attribute_group",
    "product_feature_values": "id_feature",
    "products": "reference",
    "combinations": "id_product",
}


class Candidates:
    """Reads what facts could be."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def read(self, resource: str, ids: Sequence[int]) -> dict[int, Entity]:
        """Return the entities of these ids that are still there."""
        if not ids:
            return {}
        found = self._desk.shop.find_any(resource, "id", ids)
        return {entity.id: entity for entity in found}

    def find(self, resource: str, wanted: Sequence[Wanted]) -> tuple[Entity, ...]:
        """Return the entities that unlinked facts could be."""
        if not wanted:
            return ()
        asked = _ASKED_BY.get(resource)
        if asked is None:
            return tuple(self._desk.shop.iter_all(resource))
        values = sorted({value for one in wanted if (value := _asked(one, asked))})
        values = [value for value in values if not value.startswith("-")]
        return self._desk.shop.find_any(resource, asked, values) if values else ()

    def free(self, kind: str, candidates: Sequence[Entity]) -> list[Entity]:
        """Return the entities that no other fact of the till has: nobody takes another's place."""
        links = self._desk.links
        holders = {
            entity.id: key
            for entity in candidates
            if (key := links.key_of(kind, entity.id)) and links(kind, key) == entity.id
        }
        if not holders:
            return list(candidates)
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = {ps_id: replica.find(kind, key) for ps_id, key in holders.items()}
        taken = {ps_id for ps_id, fact in facts.items() if fact and fact.gone is None}
        return [entity for entity in candidates if entity.id not in taken]


def _asked(wanted: Wanted, name: str) -> str:
    for one in wanted.fields:
        if one.name == name:
            return one.texts[0]
    value = wanted.on_create.get(name, "")
    return value if isinstance(value, str) else ""
