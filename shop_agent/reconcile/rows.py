"""Lists of an entity as sets: what is ours in them, what people added, what they took out.

Rules: a row is told by its columns, all whole numbers; people's rows stay, and what they took out
is not put back. A feature for which people chose a value of their own keeps theirs alone: two
values of one feature are a riddle for customers, and some versions refuse them.

    items("product_features", product.rows("product_features"))   # {(5, 7)}
    text_of(frozenset({(5, 7)}))                                   # "5:7"
    joined("categories", wanted, ours, there, removed)             # Joined(to_be, ours, removed)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shop_agent.prestashop.entities import Row
from shop_agent.reconcile.ownership import union

CATEGORIES = "categories"
FEATURES = "product_features"
BUNDLE = "product_bundle"
IMAGES = "images"
#: The columns that tell a row, by list.
LISTS: Mapping[str, tuple[str, ...]] = {
    CATEGORIES: ("id",),
    FEATURES: ("id", "id_feature_value"),
    BUNDLE: ("id", "id_product_attribute", "quantity"),
    IMAGES: ("id",),
}
Item = tuple[int, ...]
Items = frozenset[Item]


@dataclass(frozen=True)
class Joined:
    """What becomes of one list.

    Args:
        to_be: The whole list.
        ours: What of it is ours.
        removed: What the till wants and people took out.
    """

    to_be: Items
    ours: Items
    removed: Items


def items(name: str, rows: Sequence[Row]) -> Items:
    """Return a list's rows; a column that the shop does not give counts as 0."""
    return frozenset(tuple(int(row.get(column) or 0) for column in LISTS[name]) for row in rows)


def rows_of(name: str, kept: Items) -> tuple[Row, ...]:
    """Return the rows of a list, ordered."""
    columns = LISTS[name]
    return tuple(
        {column: str(part) for column, part in zip(columns, item, strict=True)}
        for item in sorted(kept)
    )


def text_of(kept: Items) -> str:
    """Return a list as it is remembered."""
    return " ".join(":".join(str(part) for part in item) for item in sorted(kept))


def parse_items(text: str) -> Items:
    """Return what `text_of` wrote."""
    return frozenset(tuple(int(part) for part in one.split(":")) for one in text.split())


def joined(name: str, wanted: Items, ours: Items, there: Items, removed: Items) -> Joined:
    """Return a list in which the till's rows and people's stand beside each other.

    Args:
        name: Of the list.
        wanted: What the till wants in it.
        ours: What we put there before.
        there: What is there now.
        removed: What people are known to have taken out before.
    """
    if name == FEATURES:
        theirs = {item[0] for item in there - ours - wanted}
        wanted = frozenset(item for item in wanted if item in there or item[0] not in theirs)
    return Joined(*union(wanted, ours, there, removed))
