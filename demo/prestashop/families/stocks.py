"""Stock rows, specific prices and their rules, with their unique keys.

Where a unique key is broken, PHP dies and the client learns nothing; before 8.0 it is told.

    StockFamily(core, RESOURCES["stock_availables"]).update(record, before)    # sums up row 0
"""

import sqlite3

from demo.prestashop import stock
from demo.prestashop.core import THIS_SHOP
from demo.prestashop.families.base import Family
from demo.prestashop.record import Record
from demo.prestashop.refusals import NOT_SAVED, RefusedError

_DEPENDS = (133, "You cannot update the available stock when it depends on stock.")


class StockFamily(Family):
    """Stock rows: lists hold those of other shops too; writing a combination's sums up row 0."""

    def visible(self) -> str:
        """Return the condition that keeps to this shop, where the version does."""
        return "" if self.core.version.foreign_stock else f"main.id_shop = {THIS_SHOP}"

    def order(self) -> str:
        """Return the order in which the database finds the rows."""
        if self.core.version.stock_by_key:
            return "main.id_product, main.id_product_attribute, main.id"
        return super().order()

    def update(self, record: Record, before: Record) -> None:
        """Write a row; one that would stand for the same thing as another makes PHP die."""
        if record.integer("depends_on_stock") and not self.core.version.keeps_depending:
            raise RefusedError(500, _DEPENDS, NOT_SAVED)
        try:
            self.database.update(record)
        except sqlite3.IntegrityError as error:
            raise self.broken_key() from error
        if record.integer("id_product_attribute"):
            stock.sum_up(self.core, record.integer("id_product"))

    def check_visible(self, record: Record) -> None:
        """Refuse a row that another shop, or none, owns."""
        if record.integer("id_shop") != THIS_SHOP:
            said = f"This StockAvailable ({record.id}) does not exists on this shop"
            raise RefusedError(404, (131, said))


class UniqueFamily(Family):
    """Resources with a unique key: a double is not saved."""

    def add(self, record: Record) -> None:
        """Insert an entity."""
        try:
            super().add(record)
        except sqlite3.IntegrityError as error:
            raise self.broken_key() from error

    def update(self, record: Record, before: Record) -> None:
        """Write an entity."""
        try:
            super().update(record, before)
        except sqlite3.IntegrityError as error:
            raise self.broken_key() from error


class PriceRuleFamily(Family):
    """Price rules: without effect, as long as nobody applies them in the back office."""

    def delete(self, record: Record) -> None:
        """Delete a rule with the specific prices that bear its id."""
        sql = "DELETE FROM specific_prices WHERE id_specific_price_rule = ?"
        self.database.run(sql, record.id)
        self.database.delete(self.resource, record.id)
