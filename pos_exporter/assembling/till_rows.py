"""The rows of one reading, before they mean anything.

rows = TillRows({"brand": [(query, {"COD_MRQ": 1, "LIB_MRQ": "Zoé"})]})
for query, row in rows.of("brand", BrandQuery): ...
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pos_exporter.mapping.entities import CountedQuery
from pos_exporter.mapping.queries import EntityQuery
from pos_exporter.mapping.rows import Lookups
from pos_exporter.source.port import Row

Q = TypeVar("Q", bound=EntityQuery)
Read = tuple[Q, Row]


@dataclass(frozen=True)
class TillRows:
    """What was read, in one moment where the till can show one.

    Args:
        rows: Per entity of the mapping, each row with the query that gave it.
        lookups: Per lookup, values by code.
        counted_again: Where the till shows no single moment: the counted orders read once more
            after the stock.
    """

    rows: Mapping[str, Sequence[Read[EntityQuery]]]
    lookups: Lookups = field(default_factory=dict)
    counted_again: Sequence[Read[CountedQuery]] | None = None

    def of(self, entity: str, query_type: type[Q]) -> Iterator[Read[Q]]:
        """Yield the rows of an entity, whose queries are of this type."""
        for query, row in self.rows.get(entity, ()):
            if isinstance(query, query_type):
                yield query, row
