"""The shop's tables in SQLite, one connection behind one lock.

Tables are named after their resources (`products`, `products_lang`), with an `id` column; ids are
never used twice. A request is one transaction; each entity inside it is a savepoint, so that a
failing one leaves nothing of itself and all of its elder siblings.

    database = Database(Path("shop.db"))
    with database.transaction():
        database.run("UPDATE products SET active = 0 WHERE id = ?", 3)
    database.close()
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import sqlite3
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.prestashop.record import DEFAULT_LANG, Record, Texts
from demo.prestashop.storing import stored
from demo.prestashop.tables import Field, Resource
from demo.prestashop.versions import tables

Row = dict[str, str | None]
_SQL_KINDS = {"int": "INTEGER", "bool": "INTEGER"}

# Rows that the webservice does not show as resources of their own.
_LINK_TABLES = """
CREATE TABLE category_product (id_category INTEGER, id_product INTEGER, position INTEGER,
    PRIMARY KEY (id_category, id_product));
CREATE TABLE category_group (id_category INTEGER, id_group INTEGER,
    PRIMARY KEY (id_category, id_group));
CREATE TABLE combination_values (id_combination INTEGER, id_value INTEGER,
    PRIMARY KEY (id_combination, id_value));
CREATE TABLE combination_images (id_combination INTEGER, id_image INTEGER,
    PRIMARY KEY (id_combination, id_image));
CREATE TABLE product_feature_links (id_product INTEGER, id_feature INTEGER, id_value INTEGER,
    PRIMARY KEY (id_product, id_feature, id_value));
CREATE TABLE product_tags (id_product INTEGER, id_tag INTEGER, PRIMARY KEY (id_product, id_tag));
CREATE TABLE accessories (id_product INTEGER, id_accessory INTEGER);
CREATE TABLE pack_items (id_pack INTEGER, id_product INTEGER, id_combination INTEGER,
    quantity INTEGER, PRIMARY KEY (id_pack, id_product, id_combination));
CREATE TABLE product_images (id INTEGER PRIMARY KEY AUTOINCREMENT, id_product INTEGER,
    position INTEGER, cover INTEGER, mime TEXT, content BLOB);
CREATE TABLE other_images (kind TEXT, id_entity INTEGER, mime TEXT, content BLOB,
    PRIMARY KEY (kind, id_entity));
CREATE TABLE customer_groups (id_customer INTEGER, id_group INTEGER,
    PRIMARY KEY (id_customer, id_group));
CREATE TABLE cart_rows (id INTEGER PRIMARY KEY, id_cart INTEGER, id_product INTEGER,
    id_product_attribute INTEGER, id_address_delivery INTEGER, id_customization INTEGER,
    quantity INTEGER);
CREATE TABLE cart_vouchers (id_cart INTEGER, id_cart_rule INTEGER);
CREATE TABLE order_detail_taxes (id_order_detail INTEGER, id_tax INTEGER);
CREATE TABLE order_slip_rows (id_order_slip INTEGER, id_order_detail INTEGER,
    product_quantity INTEGER, amount_tax_excl TEXT, amount_tax_incl TEXT);
CREATE TABLE webservice_keys (key TEXT PRIMARY KEY, active INTEGER);
CREATE TABLE webservice_permissions (key TEXT, resource TEXT, method TEXT);
CREATE TABLE mails (id INTEGER PRIMARY KEY AUTOINCREMENT, template TEXT, recipient TEXT,
    id_order INTEGER, sent_at TEXT, tracking TEXT);
ALTER TABLE stock_availables ADD COLUMN physical_quantity INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stock_availables ADD COLUMN reserved_quantity INTEGER NOT NULL DEFAULT 0;
ALTER TABLE carriers ADD COLUMN id_tax_rules_group INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX one_stock_row ON stock_availables
    (id_product, id_product_attribute, id_shop, id_shop_group);
CREATE UNIQUE INDEX one_default ON combinations (id_product, default_on);
CREATE UNIQUE INDEX one_supplier_row ON product_suppliers
    (id_product, id_product_attribute, id_supplier);
CREATE UNIQUE INDEX one_specific_price ON specific_prices
    (id_product, id_product_attribute, id_customer, id_cart, "from", "to", id_shop, id_shop_group,
     id_currency, id_country, id_group, from_quantity, id_specific_price_rule);
CREATE INDEX combinations_of ON combinations (id_product);
CREATE INDEX images_of ON product_images (id_product);
CREATE INDEX prices_of ON specific_prices (id_product);
CREATE INDEX details_of ON order_details (id_order);
CREATE INDEX histories_of ON order_histories (id_order);
CREATE INDEX values_of ON combination_values (id_value);
CREATE INDEX products_in ON category_product (id_product);
CREATE INDEX features_of ON product_feature_links (id_product);
CREATE INDEX rows_of_cart ON cart_rows (id_cart);
"""


def fold(text: str | float | None) -> str | float | None:
    """Return a text as MySQL compares it: without accents, case and closing spaces."""
    if not isinstance(text, str):
        return text
    if text.isascii():
        return text.lower().rstrip(" ")
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).rstrip(" ")


class Database:
    """SQLite behind a lock; every method may be called from any thread.

    Args:
        path: The database file, made when missing; None keeps all in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self.lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            str(path) if path else ":memory:", check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.create_function("fold", 1, fold, deterministic=True)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self.fresh = not self._connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'products'"
        ).fetchone()
        if self.fresh:
            self._create()

    def _create(self) -> None:
        for table, plain, texts in tables():
            # Every version finds its columns, so that a file may be opened as another one.
            names = ", ".join(["id INTEGER PRIMARY KEY AUTOINCREMENT", *map(_column, plain)])
            self._connection.execute(f"CREATE TABLE {table} ({names})")
            if texts:
                names = ", ".join(map(_column, texts))
                self._connection.execute(
                    f"CREATE TABLE {table}_lang (id INTEGER, id_lang INTEGER, {names},"
                    " PRIMARY KEY (id, id_lang))"
                )
        self._connection.executescript(_LINK_TABLES)

    def close(self) -> None:
        """Close the connection; the file keeps everything."""
        with self.lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lock and commit at the end; inside another one, a savepoint."""
        with self.lock:
            name = f"level_{self._depth}"
            self._connection.execute(f"SAVEPOINT {name}" if self._depth else "BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._undo(name)
                raise
            self._depth -= 1
            self._connection.execute(f"RELEASE {name}" if self._depth else "COMMIT")

    def _undo(self, name: str) -> None:
        self._depth -= 1
        if self._depth:
            self._connection.execute(f"ROLLBACK TO {name}")
            self._connection.execute(f"RELEASE {name}")
        else:
            self._connection.execute("ROLLBACK")

    def run(self, sql: str, *arguments: object) -> int:
        """Run one statement and return the id it inserted (0 when it inserted none)."""
        with self.lock:
            return self._connection.execute(sql, arguments).lastrowid or 0

    def rows(self, sql: str, *arguments: object) -> list[Row]:
        """Return all rows of a query, every value as text or None."""
        with self.lock:
            found = self._connection.execute(sql, arguments).fetchall()
        return [
            {name: _as_text(value) for name, value in zip(row.keys(), row, strict=True)}
            for row in found
        ]

    def ids(self, sql: str, *arguments: object) -> list[int]:
        """Return the first column of a query as whole numbers."""
        with self.lock:
            return [int(row[0]) for row in self._connection.execute(sql, arguments).fetchall()]

    def number(self, sql: str, *arguments: object) -> int:
        """Return one number; 0 when there is no row or no value."""
        with self.lock:
            row = self._connection.execute(sql, arguments).fetchone()
        return int(row[0] or 0) if row else 0

    def find_text(self, sql: str, *arguments: object) -> str | None:
        """Return the first value of the first row as text, or None."""
        with self.lock:
            row = self._connection.execute(sql, arguments).fetchone()
        return _as_text(row[0]) if row else None

    def find_blob(self, sql: str, *arguments: object) -> bytes | None:
        """Return the first value of the first row as bytes, or None when there is no row."""
        with self.lock:
            row = self._connection.execute(sql, arguments).fetchone()
        return bytes(row[0] or b"") if row else None

    def find(self, resource: Resource, identifier: int) -> Record | None:
        """Return the entity of that id, or None."""
        found = self.load(resource, [identifier])
        return found[0] if found else None

    def load(self, resource: Resource, ids: list[int]) -> list[Record]:
        """Return the entities of these ids in this order; missing ones are left out."""
        marks = ", ".join("?" * len(ids))
        scalars = {
            row["id"]: row
            for row in self.rows(f"SELECT * FROM {resource.name} WHERE id IN ({marks})", *ids)
        }
        texts: dict[str | None, dict[int, Row]] = {}
        if resource.lang_columns:
            sql = f"SELECT * FROM {resource.name}_lang WHERE id IN ({marks})"
            for row in self.rows(sql, *ids):
                texts.setdefault(row["id"], {})[int(row["id_lang"] or 0)] = row
        wanted = [str(one) for one in ids if str(one) in scalars]
        return [_record(resource, scalars[one], texts.get(one, {})) for one in wanted]

    def languages(self) -> list[int]:
        """Return the ids of the installed languages."""
        return self.ids("SELECT id FROM languages ORDER BY id")

    def insert(self, record: Record) -> int:
        """Insert the entity, give it its id and return that id."""
        fields = record.resource.scalar_columns
        names = ["id", *(field.name for field in fields)]
        marks = ", ".join("?" * len(names))
        values = [stored(field, record.values.get(field.name)) for field in fields]
        columns = ", ".join(f'"{name}"' for name in names)
        record.id = self.run(
            f"INSERT INTO {record.resource.name} ({columns}) VALUES ({marks})",
            record.id or None,
            *values,
        )
        self._write_texts(record)
        return record.id

    def update(self, record: Record) -> None:
        """Write every column of the entity."""
        fields = record.resource.scalar_columns
        if fields:
            names = ", ".join(f'"{field.name}" = ?' for field in fields)
            values = [stored(field, record.values.get(field.name)) for field in fields]
            sql = f"UPDATE {record.resource.name} SET {names} WHERE id = ?"
            self.run(sql, *values, record.id)
        self._write_texts(record)

    def _write_texts(self, record: Record) -> None:
        fields = record.resource.lang_columns
        if not fields:
            return
        columns = ", ".join(f'"{field.name}"' for field in fields)
        marks = ", ".join("?" * len(fields))
        sql = (
            f"INSERT OR REPLACE INTO {record.resource.name}_lang (id, id_lang, {columns})"
            f" VALUES (?, ?, {marks})"
        )
        for lang in self.languages():
            values = [stored(field, _in_lang(record, field, lang)) for field in fields]
            self.run(sql, record.id, lang, *values)

    def delete(self, resource: Resource, identifier: int) -> None:
        """Delete one entity and its texts, nothing that points to it."""
        self.run(f"DELETE FROM {resource.name} WHERE id = ?", identifier)
        if resource.lang_columns:
            self.run(f"DELETE FROM {resource.name}_lang WHERE id = ?", identifier)


def _column(field: Field) -> str:
    return f'"{field.name}" {_SQL_KINDS.get(field.kind, "TEXT")}'


def _as_text(value: object) -> str | None:
    return None if value is None or isinstance(value, bytes) else str(value)


def _record(resource: Resource, row: Row, langs: dict[int, Row]) -> Record:
    values = {field.name: row[field.name] for field in resource.scalar_columns}
    texts: dict[str, Texts] = {
        field.name: {lang: texts[field.name] or "" for lang, texts in sorted(langs.items())}
        for field in resource.lang_columns
    }
    return Record(resource, int(row["id"] or 0), values, texts)


def _in_lang(record: Record, field: Field, lang: int) -> str:
    texts = record.texts.get(field.name)
    if isinstance(texts, str):
        return texts
    found = (texts or {}).get(lang, "")
    return (texts or {}).get(DEFAULT_LANG, "") if field.required and not found else found
