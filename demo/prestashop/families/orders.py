"""Orders and what hangs on them: rows, history, parcels, payments, slips.

Adding an order places it; adding a history line moves it. Everything else is plain.

    OrderFamily(core, RESOURCES["orders"]).add(record)      # made from the cart it names
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from demo.prestashop import order_mails, order_states, ordering
from demo.prestashop.families.base import AssociationRow, Family, link_rows
from demo.prestashop.record import Record, leading_int
from demo.prestashop.refusals import PhpDiedError

_ROWS = (
    "SELECT id, product_id, product_attribute_id, product_quantity, product_name,"
    " product_reference, product_ean13, product_isbn, product_upc, product_price,"
    " id_customization, unit_price_tax_incl, unit_price_tax_excl"
    " FROM order_details WHERE id_order = ? ORDER BY id"
)


class OrderFamily(Family):
    """Orders: added from a cart, moved by `current_state`, never short of a required field."""

    setters = frozenset({"shipping_number"})

    def computed(self, record: Record, name: str) -> str | None:
        """Return the tracking number of the order's parcel."""
        sql = (
            "SELECT tracking_number FROM order_carriers WHERE id_order = ? ORDER BY id DESC LIMIT 1"
        )
        return self.database.find_text(sql, record.id) or ""

    def set_special(self, record: Record, name: str, text: str) -> None:
        """Write the tracking number on the order's parcel."""
        sql = "UPDATE order_carriers SET tracking_number = ? WHERE id_order = ?"
        self.database.run(sql, text, record.id)

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the product rows."""
        found = self.database.rows(_ROWS, record.id)
        return [{name: value or "" for name, value in row.items()} for row in found]

    def add(self, record: Record) -> None:
        """Place the order; the answer shows what was sent, not what was made."""
        record.id = ordering.place(
            self.core,
            ordering.Placement(
                cart=record.integer("id_cart"),
                customer=record.integer("id_customer"),
                delivery_address=record.integer("id_address_delivery"),
                invoice_address=record.integer("id_address_invoice"),
                module=record.text("module"),
                payment=record.text("payment"),
                paid=record.decimal("total_paid"),
                lang=record.integer("id_lang"),
            ),
        )
        record.values["current_state"] = None

    def update(self, record: Record, before: Record) -> None:
        """Write an order; a changed state goes through the history, with its mail."""
        wanted = record.integer("current_state")
        same = wanted == before.integer("current_state")
        if wanted and (not same or self.core.version.repeats_state):
            order_states.move(self.core, record.id, wanted, mail=True)
            self._keep_what_moved(record)
        self._stamp(record, new=False)
        self.database.update(record)

    def _keep_what_moved(self, record: Record) -> None:
        moved = self.database.find(self.resource, record.id)
        if moved is None:
            return
        for name in (
            "current_state", "valid", "invoice_number", "invoice_date", "delivery_number",
            "delivery_date", "total_paid_real",
        ):  # fmt: skip
            record.values[name] = moved.values[name]


class HistoryFamily(Family):
    """History lines: adding one moves the order."""

    def add(self, record: Record) -> None:
        """Move the order; the same state again makes a second line."""
        order, state = record.integer("id_order"), record.integer("id_order_state")
        record.id = order_states.move(self.core, order, state)
        if leading_int(record.text("id_employee")):
            sql = "UPDATE order_histories SET id_employee = ? WHERE id = ?"
            self.database.run(sql, record.integer("id_employee"), record.id)
        record.values["date_add"] = self.core.now()

    def after(self, record: Record, method: str, options: Mapping[str, str]) -> None:
        """Send the state's mail when it was asked for."""
        if method == "POST" and options.get("sendemail") == "1":
            order_mails.mail_state(
                self.core, record.integer("id_order"), record.integer("id_order_state")
            )


class ParcelFamily(Family):
    """Order carriers: the tracking number, and its mail when asked for."""

    def after(self, record: Record, method: str, options: Mapping[str, str]) -> None:
        """Send the parcel mail when it was asked for."""
        if method in {"PUT", "PATCH"} and options.get("sendemail") == "1":
            order_mails.mail_tracking(self.core, record)


class DetailFamily(Family):
    """Order details, with the taxes that were applied."""

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the taxes of a line."""
        sql = "SELECT id_tax FROM order_detail_taxes WHERE id_order_detail = ? ORDER BY id_tax"
        return link_rows(self.database.ids(sql, record.id))


class SlipFamily(Family):
    """Credit slips; they do not touch stock."""

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the lines of a slip."""
        sql = (
            "SELECT id_order_slip AS id, id_order_detail, product_quantity, amount_tax_excl,"
            " amount_tax_incl FROM order_slip_rows WHERE id_order_slip = ? ORDER BY rowid"
        )
        found = self.database.rows(sql, record.id)
        return [{name: value or "" for name, value in row.items()} for row in found]

    def set_rows(self, record: Record, association: str, rows: Sequence[AssociationRow]) -> None:
        """Replace the lines of a slip; an empty list is no list, and makes PHP die since 8."""
        self.database.run("DELETE FROM order_slip_rows WHERE id_order_slip = ?", record.id)
        if not rows and not self.core.version.empty_lists:
            raise PhpDiedError
        for row in rows:
            self.database.run(
                "INSERT INTO order_slip_rows VALUES (?, ?, ?, ?, ?)",
                record.id,
                leading_int(row.get("id_order_detail", "0")),
                leading_int(row.get("product_quantity", "0")),
                f"{Decimal(row.get('amount_tax_excl') or '0'):.6f}",
                f"{Decimal(row.get('amount_tax_incl') or '0'):.6f}",
            )
