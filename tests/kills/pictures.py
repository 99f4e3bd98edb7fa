"""What till, shop and both programs hold, told without the numbers that a database gives.

Two pictures are equal when every row is there as often in the one as in the other: nothing doubled,
nothing missing, nothing hanging in the air. A shop's ids are replaced by names (a category's path,
an article's reference, a combination's values), and an id of nothing by "missing".

    differences(before, after)     # ["shop.products: + reference=F01-1001 …", …]
"""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from demo.prestashop import Shop

Picture = Mapping[str, Counter[str]]
Row = Mapping[str, Any]

_CATALOGUE = (
    "categories", "manufacturers", "product_options", "product_option_values", "products",
    "combinations", "stock_availables", "specific_prices", "product_suppliers",
)  # fmt: skip
_LINKS = (
    "category_product", "combination_values", "combination_images", "product_images",
    "other_images", "category_group",
)  # fmt: skip
_ORDERS = (
    "orders", "order_details", "order_histories", "order_payments", "order_carriers", "customers",
    "addresses", "mails",
)  # fmt: skip
#: Columns that name another row; what is not here is compared as it is.
_NAMES = {
    "id_parent": "categories", "id_category": "categories", "id_category_default": "categories",
    "id_manufacturer": "manufacturers", "id_attribute_group": "product_options",
    "id_product": "products", "id_product_attribute": "combinations",
    "cache_default_attribute": "combinations", "id_combination": "combinations",
    "id_value": "product_option_values", "id_image": "product_images",
}  # fmt: skip
#: When a row was written depends on the run; the order of a category's products on the ids.
_PASSING = frozenset({"id", "date_add", "date_upd"})
_LISTS = frozenset({"product_features", "product_bundle"})
#: When and in which packet something was said: a kill may make it another one.
_WAY = frozenset({"at", "epoch", "seq", "packed_at"})
_COMING = frozenset({"body", "received_at", "entered_at"})
_PASSING_OF = {"category_product": frozenset({"position"})}
#: What the agent's links and its memory of writes name.
_KINDS = {
    "category": "categories", "brand": "manufacturers", "axis": "product_options",
    "axis_value": "product_option_values", "article": "products", "variant": "combinations",
    "photo": "product_images", "images": "product_images",
}  # fmt: skip


def differences(expected: Picture, found: Picture) -> list[str]:
    """Return one line per row that one picture has more often than the other."""
    lines = []
    for table in sorted({*expected, *found}):
        wanted, there = expected.get(table, Counter()), found.get(table, Counter())
        lines += [f"{table}: - {row}" for row in (wanted - there).elements()]
        lines += [f"{table}: + {row}" for row in (there - wanted).elements()]
    return lines


def picture_of_world(till: Path, shop: Shop) -> Picture:
    """Return what a till's SQLite file and a shop hold."""
    return {**_till(till), **_shop(shop, _Names(shop))}


def picture_of_minds(exporter: Path, agent: Path, shop: Shop) -> Picture:
    """Return what both state databases remember, in the names of the shop's things."""
    return {**_exporter(exporter), **_agent(agent, _Names(shop))}


def _till(path: Path) -> Picture:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    with closing(_open(path)) as till:
        found = [row["name"] for row in till.execute(tables)]
        return {f"till.{name}": _count(_rows(till, name)) for name in found}


def _shop(shop: Shop, names: "_Names") -> Picture:
    picture = {}
    for table in (*_CATALOGUE, *_LINKS):
        rows = (names.told(table, row) for row in _shop_rows(shop, table))
        picture[f"shop.{table}"] = _count(rows)
        texts = f"{table}_lang"
        if shop.query("SELECT 1 FROM sqlite_master WHERE name = ?", texts):
            told = ({**row, "id": names(table, row["id"])} for row in _shop_rows(shop, texts))
            picture[f"shop.{texts}"] = _count(told)
    for table in _ORDERS:
        picture[f"shop.{table}"] = _count(_shop_rows(shop, table))
    return picture


def _exporter(path: Path) -> Picture:
    with closing(_open(path)) as state:
        return {
            "exporter.fate": _count(_rows(state, "fate", leave={"at"})),
            "exporter.said": _count(_rows(state, "said", leave=_WAY)),
            "exporter.withheld": _count(_rows(state, "withheld", leave={"since"})),
            "exporter.web_order": _count(_rows(state, "web_order", leave=_COMING)),
            "exporter.web_customer": _count(_rows(state, "web_customer", leave=_COMING)),
            "exporter.queue": _count(_rows(state, "link_queue")),
            "exporter.wants": _count(_rows(state, "meta", where="name = 'wants'")),
        }


def _agent(path: Path, names: "_Names") -> Picture:
    with closing(_open(path)) as state:
        links = _rows(state, "shop_link")
        # That none of a list is ours is said by an empty note as by none at all.
        written = [
            row
            for row in _rows(state, "written")
            if row["sent"] or row["stored"] or row["field"] not in _LISTS
        ]
        return {
            "agent.fact": _count(_rows(state, "fact", leave={"body", *_WAY})),
            "agent.told": _count(_rows(state, "told", leave={"at"})),
            "agent.shop_link": _count(
                {**row, "ps_id": names(_KINDS[row["kind"]], row["ps_id"])} for row in links
            ),
            "agent.shop_former": _count(_rows(state, "shop_former")),
            "agent.written": _count(names.remembered(row) for row in written),
            "agent.intent": _count(_rows(state, "intent", leave={"id", "opened_at"})),
            "agent.photo": _count(_rows(state, "photo")),
            "agent.web_order": _count(_rows(state, "web_order")),
            "agent.web_customer": _count(_rows(state, "web_customer")),
            "agent.queue": _count(_rows(state, "link_queue")),
        }


class _Names:
    """Names for the shop's ids."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._find: Callable[[str, int], str | None] = cache(self._look_up)

    def __call__(self, table: str, ps_id: object) -> str:
        """Return the name of a row, or that there is none."""
        number = int(str(ps_id or 0))
        return (self._find(table, number) or f"missing {table} {number}") if number else "none"

    def told(self, table: str, row: Row) -> Row:
        """Return a row with names for ids and without what passes."""
        leave = _PASSING | _PASSING_OF.get(table, frozenset())
        return {
            name: self(_NAMES[name], value) if name in _NAMES else value
            for name, value in row.items()
            if name not in leave
        }

    def remembered(self, row: Row) -> Row:
        """Return a row of the agent's memory of writes with names for ids."""
        resource, column = str(row["resource"]), str(row["field"])
        table = _KINDS.get(resource, resource)
        told = {**row, "ps_id": self(table, row["ps_id"])}
        target = "categories" if column == "categories" else _NAMES.get(column)
        if target is not None:
            for name in ("sent", "stored"):
                told[name] = " ".join(self(target, one) for one in row[name].split())
        return told

    def _look_up(self, table: str, ps_id: int) -> str | None:
        if table == "product_images":
            rows = self._rows("SELECT id_product, content FROM product_images WHERE id = ?", ps_id)
            found = self._shop.core.database.find_blob(
                "SELECT content FROM product_images WHERE id = ?", ps_id
            )
            return f"{self('products', rows[0]['id_product'])} {_digest(found)}" if rows else None
        naming: Mapping[str, Callable[[int], str | None]] = {
            "categories": self._category,
            "combinations": self._combination,
            "product_option_values": self._value,
            "products": lambda one: self._first("SELECT reference FROM products WHERE id = ?", one),
        }
        if table in naming:
            return naming[table](ps_id)
        return self._first(_NAME_OF[table], ps_id)

    def _category(self, ps_id: int) -> str | None:
        rows = self._rows(
            "SELECT c.id_parent, t.name FROM categories c "
            "LEFT JOIN categories_lang t ON t.id = c.id WHERE c.id = ? ORDER BY t.id_lang LIMIT 1",
            ps_id,
        )
        if not rows:
            return None
        parent = rows[0]["id_parent"]
        return f"{self('categories', parent)}/{rows[0]['name']}"

    def _value(self, ps_id: int) -> str | None:
        rows = self._rows(
            "SELECT v.id_attribute_group, t.name FROM product_option_values v "
            "LEFT JOIN product_option_values_lang t ON t.id = v.id "
            "WHERE v.id = ? ORDER BY t.id_lang LIMIT 1",
            ps_id,
        )
        if not rows:
            return None
        return f"{self('product_options', rows[0]['id_attribute_group'])}:{rows[0]['name']}"

    def _combination(self, ps_id: int) -> str | None:
        rows = self._rows("SELECT id_product FROM combinations WHERE id = ?", ps_id)
        if not rows:
            return None
        sql = "SELECT id_value FROM combination_values WHERE id_combination = ?"
        values = sorted(
            self("product_option_values", row["id_value"]) for row in self._rows(sql, ps_id)
        )
        return f"{self('products', rows[0]['id_product'])}({', '.join(values)})"

    def _first(self, sql: str, ps_id: int) -> str | None:
        rows = self._rows(sql, ps_id)
        return str(next(iter(rows[0].values()))) if rows else None

    def _rows(self, sql: str, *values: object) -> Sequence[Row]:
        return self._shop.query(sql, *values)


_NAME_OF = {
    "manufacturers": "SELECT name FROM manufacturers WHERE id = ?",
    "product_options": (
        "SELECT name FROM product_options_lang WHERE id = ? ORDER BY id_lang LIMIT 1"
    ),
    "customers": "SELECT email FROM customers WHERE id = ?",
}


def _shop_rows(shop: Shop, table: str) -> list[Row]:
    """Return all rows; an image's content as its hash, or that it has none."""
    rows: list[Row] = [dict(row) for row in shop.query(f"SELECT * FROM {table}")]  # noqa: S608 - ours
    if table != "product_images":
        return rows
    sql = "SELECT content FROM product_images WHERE id = ?"
    return [
        {**row, "content": _digest(shop.core.database.find_blob(sql, row["id"]))} for row in rows
    ]


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    return connection


def _rows(
    state: sqlite3.Connection, table: str, *, leave: Collection[str] = (), where: str = "1"
) -> list[Row]:
    rows = state.execute(f"SELECT * FROM {table} WHERE {where}").fetchall()  # noqa: S608 - ours
    return [{n: v for n, v in dict(row).items() if n not in leave} for row in rows]


def _count(rows: Any) -> Counter[str]:
    return Counter(
        " ".join(f"{name}={_text(value)}" for name, value in sorted(row.items())) for row in rows
    )


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return _digest(value)
    return json.dumps(value, ensure_ascii=False)


def _digest(content: bytes | None) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()[:16]}" if content else "no content"
