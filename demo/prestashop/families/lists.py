"""What a product's lists hold: features, tags, accessories, the content of a pack.

A list is replaced as a whole. Features and items of a pack are written one by one, so that those
before a double stay; tags go in together or not at all.

    set_features(core, product=2, rows=[{"id": "1", "id_feature_value": "5"}])
    set_bundle(core, record, rows=[{"id": "7", "quantity": "2"}])
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import sqlite3
from collections.abc import Sequence

from demo.prestashop.core import Core
from demo.prestashop.database import Database
from demo.prestashop.families.base import AssociationRow
from demo.prestashop.families.combinations import default_of
from demo.prestashop.record import Record, leading_int
from demo.prestashop.refusals import RefusedError, php_warning

_FILE = "/var/www/shop/classes/Product.php"
_NO_BUNDLE = (85, "Error occurred while setting the product_bundle value")


def set_features(core: Core, product: int, rows: Sequence[AssociationRow]) -> None:
    """Replace the features of a product.

    Raises:
        RefusedError: A row had no value; it is written all the same, with the value 0.
        sqlite3.IntegrityError: The same feature and value twice.
    """
    core.database.run("DELETE FROM product_feature_links WHERE id_product = ?", product)
    sql = "INSERT INTO product_feature_links VALUES (?, ?, ?)"
    for row in rows:
        core.database.run(sql, product, _number(row, "id"), _number(row, "id_feature_value"))
    _warn(rows, "id", "id_feature_value")


def set_tags(database: Database, product: int, rows: Sequence[AssociationRow]) -> None:
    """Replace the tags of a product; sqlite3.IntegrityError when one comes twice."""
    database.run("DELETE FROM product_tags WHERE id_product = ?", product)
    if rows:
        cells = [cell for row in rows for cell in (product, _number(row, "id"))]
        marks = ", ".join(["(?, ?)"] * len(rows))
        database.run(f"INSERT INTO product_tags VALUES {marks}", *cells)


def set_accessories(
    database: Database, product: int, rows: Sequence[AssociationRow], double: bool = True
) -> None:
    """Replace the accessories of a product, one by one.

    Raises:
        sqlite3.IntegrityError: One comes twice and `double` is not allowed.
    """
    database.run("DELETE FROM accessories WHERE id_product = ?", product)
    known: set[int] = set()
    for row in rows:
        one = _number(row, "id")
        if one in known and not double:
            raise sqlite3.IntegrityError
        known.add(one)
        database.run("INSERT INTO accessories VALUES (?, ?)", product, one)


def empty_bundle(database: Database, pack: int) -> None:
    """Take everything out of a pack."""
    database.run("UPDATE products SET cache_is_pack = 0 WHERE id = ?", pack)
    database.run("DELETE FROM pack_items WHERE id_pack = ?", pack)


def set_bundle(core: Core, record: Record, rows: Sequence[AssociationRow]) -> None:
    """Replace the content of a pack; what was a simple product becomes one.

    A combination is told by another name than it is read by: `product_attribute_id`. Without it
    the item is the product's default combination.

    Raises:
        RefusedError: The product is virtual; or an item had no quantity, and is written with 0.
        sqlite3.IntegrityError: The same item twice.
    """
    if record.text("is_virtual") == "1":
        raise RefusedError(500, _NO_BUNDLE)
    empty_bundle(core.database, record.id)
    for row in rows:
        item = _number(row, "id")
        if item > 0:
            _add_item(core, record.id, item, row)
    _warn([row for row in rows if _number(row, "id") > 0], "quantity")


def _add_item(core: Core, pack: int, item: int, row: AssociationRow) -> None:
    chosen = _number(row, "product_attribute_id") or default_of(core, item)
    sql = "UPDATE products SET cache_is_pack = 1, product_type = 'pack' WHERE id = ?"
    core.database.run(sql, pack)
    sql = "INSERT INTO pack_items VALUES (?, ?, ?, ?)"
    core.database.run(sql, pack, item, chosen, _number(row, "quantity"))


def _number(row: AssociationRow, name: str) -> int:
    return leading_int(row.get(name, ""))


def _warn(rows: Sequence[AssociationRow], *names: str) -> None:
    """Raise PHP's warnings, one per cell that was not sent."""
    absent = [name for row in rows for name in names if name not in row]
    if absent:
        warned = [php_warning(f'Undefined array key "{name}"', _FILE, 6944) for name in absent]
        raise RefusedError(500, *warned)
