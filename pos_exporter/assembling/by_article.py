"""Rows that say something of an article or a variant, found by its key: suppliers, features, parts.

Such a row is no record. When one cannot be used, that part of the article is not said, so that the
site keeps what it has; the row is set aside alone and the article goes on. A row whose own key
cannot be read could be anybody's: then nobody's part is said.

    found = RowsByOwner(rows, "article_feature", ArticleFeatureQuery, frame, ledger)
    found.of("1042"), found.is_unsure
"""

from functools import partial
from typing import Generic, TypeVar

from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.steps import views_of
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.mapping.keys import join_key
from pos_exporter.mapping.queries import EntityQuery, Sellable
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.rows import Frame, RowView

Q = TypeVar("Q", bound=EntityQuery)


class RowsByOwner(Generic[Q]):
    """The rows of one entity by the key of what they speak of."""

    def __init__(
        self, rows: TillRows, entity: str, query_type: type[Q], frame: Frame, ledger: Ledger
    ) -> None:
        self._found: dict[tuple[str, str], list[tuple[RowView, Q]]] = {}
        self.is_mapped = bool(frame.mapping.entities.of(entity))
        for view, query in views_of(rows.of(entity, query_type), entity, frame, ledger):
            owner = (getattr(query, "of", "article"), view.key)
            self._found.setdefault(owner, []).append((view, query))
        #: Whether there is a row of which nobody can tell whose it is.
        self.is_unsure = ledger.knows(entity, "")

    def of(self, key: str, kind: Sellable = "article") -> list[tuple[RowView, Q]]:
        """Return the rows of one article or variant, as read."""
        return self._found.get((kind, key), [])


def set_part_aside(entity: str, owner: RowView, part: str, error: RowError, ledger: Ledger) -> None:
    """Set aside what a row says of an article or a variant, and nothing else of it."""
    key = join_key([owner.key, part]) if part else owner.key
    article = ledger.owner(owner.kind, owner.key)
    ledger.name(entity, key, partial(ledger.label, owner.kind, owner.key), owner=article)
    ledger.set_aside(entity, key, error)
