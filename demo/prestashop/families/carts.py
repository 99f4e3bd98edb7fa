"""Carts: rows of products, and their vouchers.

The rows are replaced as a whole; an order is made from them, not here.

    CartFamily(core, RESOURCES["carts"]).set_rows(record, "cart_rows", rows)
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from collections.abc import Sequence

from demo.prestashop.families.base import AssociationRow, Family
from demo.prestashop.record import Record, leading_int
from demo.prestashop.refusals import PhpDiedError

_COLUMNS = (
    "id_product",
    "id_product_attribute",
    "id_address_delivery",
    "id_customization",
    "quantity",
)


class CartFamily(Family):
    """Carts."""

    def loaded(self, record: Record) -> None:
        """Show the customer's key where the cart has none."""
        if record.text("secure_key") in {"", "-1"}:
            sql = "SELECT secure_key FROM customers WHERE id = ?"
            key = self.database.find_text(sql, record.integer("id_customer"))
            record.values["secure_key"] = key or record.values.get("secure_key")

    def add(self, record: Record) -> None:
        """Insert a cart of this shop."""
        shared = ("id_shop_group",) if self.core.version.shares_carts else ()
        for name in ("id_shop", *shared):
            if not record.integer(name):
                record.values[name] = "1"
        super().add(record)

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the rows of a cart."""
        columns = ", ".join(_COLUMNS)
        sql = f"SELECT {columns} FROM cart_rows WHERE id_cart = ? ORDER BY id"
        found = self.database.rows(sql, record.id)
        if not self.core.version.row_addresses:
            found = [row | {"id_address_delivery": "0"} for row in found]
        return [{name: value or "0" for name, value in row.items()} for row in found]

    def set_rows(self, record: Record, association: str, rows: Sequence[AssociationRow]) -> None:
        """Replace the rows of a cart; an empty list takes them away and, since 8, makes PHP die."""
        self.database.run("DELETE FROM cart_rows WHERE id_cart = ?", record.id)
        if not rows and not self.core.version.empty_lists:
            raise PhpDiedError
        for row in rows:
            numbers = [leading_int(row.get(name, "0")) for name in _COLUMNS]
            sql = (
                f"INSERT INTO cart_rows (id_cart, {', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?)"
            )
            self.database.run(sql, record.id, *numbers)

    def delete(self, record: Record) -> None:
        """Delete a cart with its rows."""
        self.database.run("DELETE FROM cart_rows WHERE id_cart = ?", record.id)
        self.database.delete(self.resource, record.id)
