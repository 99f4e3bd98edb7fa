"""Entities as values: what is read from the shop and what is to be written to it.

Rules: a repeated element is a tuple, for none, one or many; a multilingual field is a mapping by
language id; everything else stays text exactly as PrestaShop gave it, and is made a number only
where one is asked for. Empty is PrestaShop's null and counts as 0.

    product = webservice.get("products", 12)
    product.number("price"), product.texts("name")[1]
    [row["id"] for row in product.rows("categories")]
    write = Write(id=12, fields={"price": "19.90"})
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shop_agent.prestashop.errors import UnreadableAnswerError

#: A text by PrestaShop's language id.
LangText = Mapping[int, str]
FieldValue = str | LangText
#: One row of an association: `{"id": "3"}`, or more columns.
Row = Mapping[str, str]

_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
_WHOLE = re.compile(r"-?\d{1,18}")


@dataclass(frozen=True)
class Entity:
    """One entity as the shop gave it.

    Args:
        resource: The webservice's name for its list, such as `products`.
        id: Its id; never 0.
        fields: Field by name, without `id`; only those that were asked for.
        associations: Rows by association, in the shop's order; only those that were asked for.
    """

    resource: str
    id: int
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    associations: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """How errors name this entity."""
        return f"{self.resource} {self.id}"

    def text(self, name: str) -> str:
        """Return a plain field; raise when it is absent or multilingual."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise UnreadableAnswerError(place=f"{self.place}, {name}", reason="no plain text")
        return value

    def texts(self, name: str) -> LangText:
        """Return a multilingual field by language id; raise when it is absent or plain."""
        value = self.fields.get(name)
        if value is None or isinstance(value, str):
            raise UnreadableAnswerError(place=f"{self.place}, {name}", reason="no language")
        return value

    def number(self, name: str) -> Decimal:
        """Return a field as a decimal number, 0 when empty; raise for anything else."""
        value = self.text(name) or "0"
        if not _NUMBER.fullmatch(value):
            raise UnreadableAnswerError(
                place=f"{self.place}, {name}", value=value, reason="not a number"
            )
        return Decimal(value)

    def whole(self, name: str) -> int:
        """Return a field as an integer (ids, quantities), 0 when empty; raise otherwise."""
        value = self.text(name) or "0"
        if not _WHOLE.fullmatch(value):
            raise UnreadableAnswerError(
                place=f"{self.place}, {name}", value=value, reason="not a whole number"
            )
        return int(value)

    def flag(self, name: str) -> bool:
        """Return a field of 0 or 1 as a boolean, False when empty."""
        return self.whole(name) != 0

    def rows(self, name: str) -> tuple[Row, ...]:
        """Return the rows of an association; raise when it was not in the answer."""
        if name not in self.associations:
            raise UnreadableAnswerError(place=f"{self.place}, {name}", reason="not in the answer")
        return self.associations[name]


@dataclass(frozen=True)
class Write:
    """One entity as it is to become in the shop.

    Args:
        id: Its id, or None to create it.
        fields: The fields to write. A multilingual one must carry every language of the shop:
            PrestaShop empties those that are left out.
        associations: Whole lists: an association that is named replaces what the shop has.
        planned_on: The entity's `date_upd` when this was decided; empty when nobody looked. Where
            whole entities are put back, one that shows another date is left for the next pass.
    """

    id: int | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    associations: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    planned_on: str = ""

    def place(self, resource: str) -> str:
        """How errors name this item: by id, or by reference when it has none yet."""
        if self.id is not None:
            return f"{resource} {self.id}"
        reference = self.fields.get("reference") or self.fields.get("name") or ""
        shown = reference if isinstance(reference, str) else next(iter(reference.values()), "")
        return f"{resource} « {shown[:60]} »" if shown else resource
