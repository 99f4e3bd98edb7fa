"""Combinations: the default one, option values and images, and a stock row for each.

At most one combination per product is marked as default; setting option values forgets the images.

    set_default(core, product=2, combination=11)      # the old default is cleared first by callers
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import sqlite3
from collections.abc import Sequence

from demo.prestashop import stock
from demo.prestashop.core import Core
from demo.prestashop.families.base import AssociationRow, Family, link_rows
from demo.prestashop.record import Record, leading_int
from demo.prestashop.tables import RESOURCES


def default_of(core: Core, product: int) -> int:
    """Return the default combination of a product: the marked one, else the first; 0 for none."""
    sql = "SELECT id FROM combinations WHERE id_product = ? ORDER BY default_on IS NULL, id LIMIT 1"
    return core.database.number(sql, product)


def clear_defaults(core: Core, product: int) -> None:
    """Unmark the default combination of a product."""
    core.database.run("UPDATE combinations SET default_on = NULL WHERE id_product = ?", product)


def set_default(core: Core, product: int, combination: int) -> None:
    """Mark a combination as default and remember it on the product."""
    sql = "UPDATE combinations SET default_on = 1 WHERE id = ? AND id_product = ?"
    core.database.run(sql, combination, product)
    refresh_cache(core, product)


def refresh_cache(core: Core, product: int) -> None:
    """Set the product's remembered default; its modification date stays."""
    sql = "UPDATE products SET cache_default_attribute = ? WHERE id = ?"
    core.database.run(sql, default_of(core, product), product)


class CombinationFamily(Family):
    """Combinations of products."""

    def loaded(self, record: Record) -> None:
        """Set the quantity, where the version takes it from the stock row."""
        if self.core.version.live_quantity:
            row = stock.row_of(self.core, record.integer("id_product"), record.id)
            sql = "SELECT quantity FROM stock_availables WHERE id = ?"
            record.values["quantity"] = str(self.database.number(sql, row))

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the option values or the images of a combination."""
        if association == "images":
            sql = "SELECT id_image FROM combination_images WHERE id_combination = ? ORDER BY 1"
        else:
            sql = (
                "SELECT id_value FROM combination_values"
                " JOIN product_option_values AS known ON known.id = id_value"
                " WHERE id_combination = ? ORDER BY 1"
            )
        return link_rows(self.database.ids(sql, record.id))

    def add(self, record: Record) -> None:
        """Insert a combination, its stock row, and the default when it is the first."""
        self._only_true_default(record)
        try:
            self.database.insert(record)
        except sqlite3.IntegrityError as error:
            raise self.broken_key() from error
        product = record.integer("id_product")
        stock.add_row(self.core, product, record.id)
        sql = "UPDATE products SET product_type = 'combinations' WHERE id = ?"
        self.database.run(sql, product)
        refresh_cache(self.core, product)

    def update(self, record: Record, before: Record) -> None:
        """Write a combination; two defaults for one product make PHP die."""
        self._only_true_default(record)
        try:
            self.database.update(record)
        except sqlite3.IntegrityError as error:
            raise self.broken_key() from error
        refresh_cache(self.core, record.integer("id_product"))

    def _only_true_default(self, record: Record) -> None:
        record.values["default_on"] = "1" if record.integer("default_on") else None

    def delete(self, record: Record) -> None:
        """Delete a combination; the product's total and default follow."""
        product = record.integer("id_product")
        self._unlink(record.id)
        mine = "id_product = ? AND id_product_attribute = ?"
        for rows in (
            f"product_suppliers WHERE {mine}",
            f"specific_prices WHERE {mine} AND id_cart = 0",
            "pack_items WHERE id_product = ? AND id_combination = ?",
        ):
            self.database.run(f"DELETE FROM {rows}", product, record.id)
        self.database.run("DELETE FROM cart_rows WHERE id_product_attribute = ?", record.id)
        self.database.delete(self.resource, record.id)
        stock.remove_rows(self.core, product, record.id)
        refresh_cache(self.core, product)

    def _unlink(self, combination: int) -> None:
        for table in ("combination_values", "combination_images"):
            self.database.run(f"DELETE FROM {table} WHERE id_combination = ?", combination)

    def set_rows(self, record: Record, association: str, rows: Sequence[AssociationRow]) -> None:
        """Replace option values, which forgets the images too, or the images alone.

        A double takes all of them away: those before are gone, and none comes in.
        """
        if association == "product_option_values":
            self._unlink(record.id)
            table = "combination_values"
        else:
            table = "combination_images"
            self.database.run(f"DELETE FROM {table} WHERE id_combination = ?", record.id)
        ids = [leading_int(row.get("id", "")) for row in rows]
        if not ids:
            return
        marks = ", ".join(["(?, ?)"] * len(ids))
        cells = [cell for one in ids for cell in (record.id, one)]
        try:
            self.database.run(f"INSERT INTO {table} VALUES {marks}", *cells)
        except sqlite3.IntegrityError as error:
            raise self.broken_key() from error


class OptionValueFamily(Family):
    """Values of options, such as the size 38."""

    def delete(self, record: Record) -> None:
        """Delete a value with the combinations that use it."""
        sql = "SELECT id_combination FROM combination_values WHERE id_value = ?"
        family = CombinationFamily(self.core, RESOURCES["combinations"])
        for combination in self.database.ids(sql, record.id):
            found = family.find(combination)
            if found is not None:
                family.delete(found)
        self.database.delete(self.resource, record.id)
