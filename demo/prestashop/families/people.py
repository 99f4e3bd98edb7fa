"""Customers with their groups, secret key and hashed password; the groups.

Who may use the e-mail of a registered customer, the version says; guests may always share one.

    CustomerFamily(core, RESOURCES["customers"]).add(record)     # id_lang, id_shop, groups
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from datetime import timedelta

from demo.prestashop.core import SHOP_ZONE, THIS_SHOP, Core
from demo.prestashop.families.base import AssociationRow, Family, link_rows, row_ids
from demo.prestashop.record import Record
from demo.prestashop.refusals import NOT_SAVED, RefusedError

_EMAIL_TAKEN = "The email is already used, please choose another one"


def hash_password(core: Core, password: str) -> str:
    """Return what the shop keeps of a password: 32 hexadecimal digits, or bcrypt's form."""
    digest = hashlib.sha256(f"{core.secret()}{password}".encode())
    if core.version.hashes_short:
        return digest.hexdigest()[:32]
    return "$2y$10$" + b64encode(digest.digest() * 2).decode().replace("+", ".")[:53]


class CustomerFamily(Family):
    """Customers, registered or guests."""

    setters = frozenset({"passwd"})

    def visible(self) -> str:
        """Return the condition that keeps to this shop; a short PUT makes a customer of none."""
        return f"main.id_shop = {THIS_SHOP}"

    def set_special(self, record: Record, name: str, text: str) -> None:
        """Hash a new password; the stored hash sent back stays as it is."""
        if not record.id or text != record.text("passwd"):
            record.values["passwd"] = hash_password(self.core, text) if text else ""

    def add(self, record: Record) -> None:
        """Insert a customer; a registered one needs an e-mail of its own."""
        if record.integer("is_guest") and not self.core.version.guests:
            raise RefusedError(500, NOT_SAVED)
        self._refuse_double(record, 140)
        self._stamp(record, new=True)
        past = self.core.clock().astimezone(SHOP_ZONE) - timedelta(minutes=360)
        record.values["last_passwd_gen"] = past.strftime("%Y-%m-%d %H:%M:%S")
        record.values["secure_key"] = self.core.secret()
        for name in ("id_lang", "id_shop", "id_shop_group"):
            if not record.integer(name):
                record.values[name] = "1"
        self._date_newsletter(record)
        usual = self.core.setting("PS_CUSTOMER_GROUP")
        if record.integer("is_guest") and record.text("id_default_group") == usual:
            record.values["id_default_group"] = self.core.setting("PS_GUEST_GROUP")
        self.database.insert(record)
        self._set_groups(record.id, [record.integer("id_default_group")])

    def update(self, record: Record, before: Record) -> None:
        """Write a customer; an e-mail of another registered one is refused."""
        self._refuse_double(record, 141)
        self._date_newsletter(record)
        super().update(record, before)
        if not record.text("last_passwd_gen"):
            sql = "UPDATE customers SET last_passwd_gen = ? WHERE id = ?"
            self.database.run(sql, self.core.now(), record.id)

    def _date_newsletter(self, record: Record) -> None:
        known = record.text("newsletter_date_add").strip("0-: ")
        if record.integer("newsletter") and not known:
            record.values["newsletter_date_add"] = self.core.now()

    def _refuse_double(self, record: Record, code: int) -> None:
        allowed = self.core.version.double_mail
        if allowed == "all" or (allowed == "guests" and record.integer("is_guest")):
            return
        sql = (
            "SELECT id FROM customers WHERE fold(email) = fold(?)"
            " AND is_guest = 0 AND id_shop = ? AND id <> ?"
        )
        if self.database.ids(sql, record.text("email"), THIS_SHOP, record.id):
            raise RefusedError(500, (code, _EMAIL_TAKEN), NOT_SAVED)

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the groups of a customer."""
        sql = "SELECT id_group FROM customer_groups WHERE id_customer = ? ORDER BY id_group"
        return link_rows(self.database.ids(sql, record.id))

    def set_rows(self, record: Record, association: str, rows: Sequence[AssociationRow]) -> None:
        """Replace the groups of a customer."""
        self._set_groups(record.id, row_ids(rows))

    def _set_groups(self, customer: int, groups: Sequence[int]) -> None:
        self.database.run("DELETE FROM customer_groups WHERE id_customer = ?", customer)
        for group in groups:
            if group:
                self.database.run("INSERT INTO customer_groups VALUES (?, ?)", customer, group)

    def delete(self, record: Record) -> None:
        """Delete a customer with addresses and groups."""
        self.database.run("DELETE FROM customer_groups WHERE id_customer = ?", record.id)
        self.database.run("UPDATE addresses SET deleted = 1 WHERE id_customer = ?", record.id)
        self.database.delete(self.resource, record.id)


class ThreadFamily(Family):
    """Conversations with customers."""

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the messages of a conversation."""
        sql = "SELECT id FROM customer_messages WHERE id_customer_thread = ? ORDER BY id"
        return link_rows(self.database.ids(sql, record.id))


class GroupFamily(Family):
    """Groups of customers."""

    def delete(self, record: Record) -> None:
        """Delete a group; its customers fall back on the usual one, its discounts stay.

        Raises:
            RefusedError: It is the one that customers usually belong to.
        """
        usual = self.core.setting_number("PS_CUSTOMER_GROUP")
        if record.id == usual:
            raise RefusedError(500, (88, f"Id(s) wasn't deleted: {record.id}"))
        for table in ("customer_groups", "category_group"):
            self.database.run(f"DELETE FROM {table} WHERE id_group = ?", record.id)
        self.database.run(
            "INSERT INTO customer_groups SELECT id, ? FROM customers WHERE id NOT IN"
            " (SELECT id_customer FROM customer_groups)",
            usual,
        )
        self.database.run(
            "UPDATE customers SET id_default_group = COALESCE((SELECT MIN(id_group)"
            " FROM customer_groups WHERE id_customer = customers.id), ?)"
            " WHERE id_default_group = ?",
            usual,
            record.id,
        )
        self.database.delete(self.resource, record.id)
