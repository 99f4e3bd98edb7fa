"""The categories of a product, and its place in each.

Places count from 1, in the order in which products came in; a product that stays keeps its own.

    set_categories(database, product=2, categories=[2, 5])
    move(database, record, position=1)
"""

from collections.abc import Sequence

from demo.prestashop.database import Database
from demo.prestashop.record import Record, leading_int
from demo.prestashop.refusals import RefusedError

_TOO_FAR = (
    "You cannot set a position greater than the total number of products in the category, starting"
    " at 1."
)


def place_of(database: Database, record: Record) -> str:
    """Return a product's place in its default category; empty when it is not in it."""
    sql = "SELECT position FROM category_product WHERE id_category = ? AND id_product = ?"
    category = record.integer("id_category_default")
    return database.find_text(sql, category, record.id) or ""


def move(database: Database, record: Record, position: int) -> None:
    """Number the default category's products anew, with one at another place.

    Which one is moved is read off a list without gaps by a position that may have some, as the
    shop does: it can be a neighbour.

    Raises:
        RefusedError: There is no such place.
    """
    category = record.integer("id_category_default")
    sql = "SELECT id_product FROM category_product WHERE id_category = ? ORDER BY position"
    products = [0, *database.ids(sql, category)]
    if position <= 0:
        said = "You cannot set 0 or a negative position, the minimum is 1."
        raise RefusedError(500, (134, said))
    if position >= len(products):
        raise RefusedError(500, (135, _TOO_FAR))
    present = leading_int(place_of(database, record) or "0")
    if 0 < present < len(products):
        products.insert(position, products.pop(present))
    sql = "UPDATE category_product SET position = ? WHERE id_category = ? AND id_product = ?"
    for rank, product in enumerate(products):
        database.run(sql, rank, category, product)


def close_gaps(database: Database, category: int) -> None:
    """Number a category's products anew from 1, in their order."""
    sql = "SELECT id_product FROM category_product WHERE id_category = ? ORDER BY position"
    for rank, product in enumerate(database.ids(sql, category), start=1):
        sql = "UPDATE category_product SET position = ? WHERE id_category = ? AND id_product = ?"
        database.run(sql, rank, category, product)


def set_categories(database: Database, product: int, categories: Sequence[int]) -> None:
    """Replace the categories of a product; those that do not exist are passed over."""
    sql = "SELECT id_category, position FROM category_product WHERE id_product = ?"
    kept = {row["id_category"]: row["position"] for row in database.rows(sql, product)}
    database.run("DELETE FROM category_product WHERE id_product = ?", product)
    for category in categories:
        if not database.ids("SELECT id FROM categories WHERE id = ?", category):
            continue
        sql = "SELECT COALESCE(MAX(position), 0) + 1 FROM category_product WHERE id_category = ?"
        position = kept.get(str(category)) or database.number(sql, category)
        database.run("INSERT INTO category_product VALUES (?, ?, ?)", category, product, position)
