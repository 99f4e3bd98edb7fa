"""Which of the entities that we tried to create are in the shop? For `batch`, after an error.

Rules: what has an empty key cannot be looked up, and is never created together with others; equal
keys are handed out in the order of ids, the newest kept, so that an older entity of the same name
is not taken for ours when the new one is there too.

    Identity("reference")                                # products
    Identity("id_product", rows="product_option_values") # combinations
    Identity("id_parent", ("name",))                     # categories
    Identity("id_product", SPECIFIC_PRICE_KEY)           # specific_prices
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.entities import Entity, FieldValue, Row, Write

#: With `id_product`, what no two specific prices share (the shop's own unique key).
SPECIFIC_PRICE_KEY = (
    "id_product_attribute", "id_customer", "id_cart", "from", "to", "id_shop", "id_shop_group",
    "id_currency", "id_country", "id_group", "from_quantity",
)  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """What tells a new entity from all others of its resource.

    Args:
        first: The field that the shop is asked about, plain or multilingual.
        others: Fields that must be equal too.
        rows: An association that must name the same rows.
    """

    first: str
    others: tuple[str, ...] = ()
    rows: str | None = None

    def knows(self, write: Write) -> bool:
        """Say whether a write holds a whole key, so that it can be looked up."""
        return self._key(write.fields, write.associations) is not None

    def find(
        self, shop: Webservice, resource: str, writes: Sequence[Write]
    ) -> tuple[Entity | None, ...]:
        """Return, for each write in order, the entity it created (key fields only), or None."""
        keys = [self._key(write.fields, write.associations) for write in writes]
        asked = [_one_text(write.fields.get(self.first, "")) for write in writes]
        display = ("id", self.first, *self.others)
        if self.rows is not None:
            display += (f"{self.rows}[id]",)
        ours: dict[Hashable, list[Entity]] = {}
        for entity in shop.find_any(resource, self.first, asked, display=display):
            key = self._key(entity.fields, entity.associations)
            if key is not None and key in keys:
                ours.setdefault(key, []).append(entity)
        newest = {key: found[-keys.count(key) :] for key, found in ours.items()}
        return tuple(_next(newest.get(key, [])) for key in keys)

    def _key(
        self, fields: Mapping[str, FieldValue], associations: Mapping[str, Sequence[Row]]
    ) -> Hashable:
        """Return the values that identify, or None when one of them is empty."""
        parts: list[Hashable] = [
            value if isinstance(value, str) else tuple(sorted(value.items()))
            for value in (fields.get(name, "") for name in (self.first, *self.others))
        ]
        if self.rows is not None:
            rows = associations.get(self.rows, ())
            parts.append(frozenset(row.get("id", "") for row in rows))
        return tuple(parts) if all(parts) else None


def _next(entities: list[Entity]) -> Entity | None:
    return entities.pop(0) if entities else None


def _one_text(value: FieldValue) -> str:
    return value if isinstance(value, str) else next(filter(None, value.values()), "")
