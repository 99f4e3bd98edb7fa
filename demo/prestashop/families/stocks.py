"""Stock rows and specific prices, with their unique keys.

Where a unique key is broken, PHP dies and the client learns nothing.

    StockFamily(core, RESOURCES["stock_availables"]).update(record, before)    # sums up row 0
"""

import sqlite3

from demo.prestashop import stock
from demo.prestashop.core import THIS_SHOP
from demo.prestashop.families.base import Family
from demo.prestashop.record import Record
from demo.prestashop.refusals import NOT_SAVED, PhpDiedError, RefusedError

_DEPENDS = (133, "You cannot update the available stock when it depends on stock.")


class StockFamily(Family):
    """Stock rows: lists hold those of other shops too; writing a combination's sums up row 0."""

    def update(self, record: Record, before: Record) -> None:
        """Write a row; one that would stand for the same thing as another makes PHP die."""
        if record.integer("depends_on_stock"):
            raise RefusedError(500, _DEPENDS, NOT_SAVED)
        try:
            self.database.update(record)
        except sqlite3.IntegrityError as error:
            raise PhpDiedError from error
        if record.integer("id_product_attribute"):
            stock.sum_up(self.core, record.integer("id_product"))

    def check_visible(self, record: Record) -> None:
        """Refuse a row that another shop, or none, owns."""
        if record.integer("id_shop") != THIS_SHOP:
            said = f"This StockAvailable ({record.id}) does not exists on this shop"
            raise RefusedError(404, (131, said))


class UniqueFamily(Family):
    """Resources with a unique key: a double makes PHP die with an empty answer."""

    def add(self, record: Record) -> None:
        """Insert an entity."""
        try:
            super().add(record)
        except sqlite3.IntegrityError as error:
            raise PhpDiedError from error

    def update(self, record: Record, before: Record) -> None:
        """Write an entity."""
        try:
            super().update(record, before)
        except sqlite3.IntegrityError as error:
            raise PhpDiedError from error
