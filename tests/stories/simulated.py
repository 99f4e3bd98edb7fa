"""The simulated shop as a story's shopfront.

with simulated_shopfront() as front:
    front.products(["F01-1001"])
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from hashlib import sha256

from demo.prestashop import Shop, serve
from demo.prestashop.tables import RESOURCES
from tests.stories.shopfront import (
    SeenCategory,
    SeenDetails,
    SeenOrder,
    SeenProduct,
    SeenReduction,
    SeenVariant,
    Shopfront,
)

KEY = "STORYSHOPKEY00000000000000000001"
_SHIPPING, _SHIPPING_WITHOUT_TAX = Decimal("8.40"), Decimal("7.00")
Row = Mapping[str, str | None]
#: Tables whose amounts a story may compute.
_AMOUNTS = ("orders", "order_details")
#: What the simulator's database calls what `office` names.
_OFFICE = {
    "orders": "orders", "order_id": "id", "details": "order_details", "detail_id": "id",
    "payments": "order_payments", "histories": "order_histories", "history_id": "id",
    "cart_vouchers": "cart_vouchers", "configurations": "configurations",
    "stocks": "stock_availables", "customers": "customers", "customer_id": "id",
    "carriers": "order_carriers", "followed": "carriers",
}  # fmt: skip


@contextmanager
def simulated_shopfront() -> Iterator["SimulatedShopfront"]:
    """Give a new simulated shop, with PrestaShop's demo products and orders in it."""
    with Shop(None, key=KEY, fixtures=True) as shop, serve(shop) as server:
        yield SimulatedShopfront(shop, server.url)


class SimulatedShopfront(Shopfront):
    """Reads and changes the simulator's database.

    Args:
        shop: The simulated shop.
        url: Where it is served.
    """

    def __init__(self, shop: Shop, url: str) -> None:
        super().__init__(url, shop.key)
        self.shop = shop
        rows = shop.query("SELECT id, iso_code FROM languages")
        self._languages = {_text(row, "iso_code"): _whole(row, "id") for row in rows}

    def products(self, references: Collection[str]) -> list[SeenProduct]:
        marks = ",".join("?" * len(references))
        sql = f"SELECT * FROM products WHERE reference IN ({marks}) ORDER BY id"  # noqa: S608 - marks
        return [self._product(row) for row in self.shop.query(sql, *references)]

    def _product(self, row: Row) -> SeenProduct:
        number = _whole(row, "id")
        images = self.shop.query(
            "SELECT id, cover FROM product_images WHERE id_product = ? ORDER BY position", number
        )
        covers = [_whole(image, "id") for image in images if image["cover"] == "1"]
        shelves = "SELECT id_category FROM category_product WHERE id_product = ?"
        brand = self.shop.query(
            "SELECT name FROM manufacturers WHERE id = ?", row["id_manufacturer"]
        )
        return SeenProduct(
            id=number,
            reference=_text(row, "reference"),
            ean=_text(row, "ean13"),
            active=row["active"] == "1",
            names=self._texts("products", number, "name"),
            descriptions=self._texts("products", number, "description"),
            slugs=self._texts("products", number, "link_rewrite"),
            price=Decimal(_text(row, "price")),
            tax_rate=self._tax_rate(_whole(row, "id_tax_rules_group")),
            brand=brand[0]["name"] if brand else None,
            default_category=_whole(row, "id_category_default"),
            categories=frozenset(
                _whole(x, "id_category") for x in self.shop.query(shelves, number)
            ),
            images=tuple(_whole(image, "id") for image in images),
            cover=covers[0] if len(covers) == 1 else None,
            stock=self.shop.stock_of(number),
            stock_row=self._stock_row(number, 0),
            out_of_stock=self._out_of_stock(number),
            variants=tuple(self._variants(number)),
        )

    def _variants(self, product_id: int) -> Iterator[SeenVariant]:
        rows = self.shop.query(
            "SELECT * FROM combinations WHERE id_product = ? ORDER BY id", product_id
        )
        for row in rows:
            number = _whole(row, "id")
            values = self.shop.query(
                "SELECT name FROM product_option_values_lang JOIN combination_values "
                "ON id_value = id WHERE id_combination = ? AND id_lang = ?",
                number,
                self._languages["fr"],
            )
            yield SeenVariant(
                id=number,
                reference=_text(row, "reference"),
                ean=_text(row, "ean13"),
                impact=Decimal(_text(row, "price")),
                values=frozenset(_text(value, "name") for value in values),
                stock=self.shop.stock_of(product_id, number),
                stock_row=self._stock_row(product_id, number),
            )

    def _stock_row(self, product_id: int, combination_id: int) -> int:
        sql = "SELECT id FROM stock_availables WHERE id_product = ? AND id_product_attribute = ?"
        return _whole(self.shop.query(sql, product_id, combination_id)[0], "id")

    def _out_of_stock(self, product_id: int) -> int:
        sql = "SELECT out_of_stock FROM stock_availables WHERE id = ?"
        return _whole(self.shop.query(sql, self._stock_row(product_id, 0))[0], "out_of_stock")

    def details(self, product_id: int) -> SeenDetails:
        [row] = self.shop.query("SELECT * FROM products WHERE id = ?", product_id)
        supplier = self.shop.query("SELECT name FROM suppliers WHERE id = ?", row["id_supplier"])
        width, height, depth = (Decimal(_text(row, name)) for name in ("width", "height", "depth"))
        return SeenDetails(
            short=self._texts("products", product_id, "description_short"),
            meta_titles=self._texts("products", product_id, "meta_title"),
            meta_descriptions=self._texts("products", product_id, "meta_description"),
            codes={name: text for name in ("upc", "isbn", "mpn") if (text := _text(row, name))},
            weight=Decimal(_text(row, "weight")),
            sizes=(width, height, depth),
            condition=_text(row, "condition"),
            visibility=_text(row, "visibility"),
            virtual=row["is_virtual"] == "1",
            ecotax=Decimal(_text(row, "ecotax")),
            bought=Decimal(_text(row, "wholesale_price")),
            supplier=_text(supplier[0], "name") if supplier else "",
            suppliers=self._suppliers(product_id),
            features=self._features(product_id),
            reductions=tuple(self._reductions(product_id)),
            legends={},
            shown=self._shown(product_id),
            parts=self._parts(product_id),
        )

    def _suppliers(self, product_id: int) -> frozenset[tuple[int, str, str, Decimal]]:
        rows = self.shop.query(
            "SELECT o.id_product_attribute, s.name, o.product_supplier_reference AS reference, "
            "o.product_supplier_price_te AS price FROM product_suppliers o "
            "JOIN suppliers s ON s.id = o.id_supplier WHERE o.id_product = ?",
            product_id,
        )
        return frozenset(
            (
                _whole(row, "id_product_attribute"),
                _text(row, "name"),
                _text(row, "reference"),
                Decimal(row["price"] or 0),
            )
            for row in rows
        )

    def _features(self, product_id: int) -> frozenset[tuple[str, str]]:
        rows = self.shop.query(
            "SELECT f.name, v.value FROM product_feature_links p "
            "JOIN product_features_lang f ON f.id = p.id_feature AND f.id_lang = ? "
            "JOIN product_feature_values_lang v ON v.id = p.id_value AND v.id_lang = ? "
            "WHERE p.id_product = ?",
            self._languages["fr"],
            self._languages["fr"],
            product_id,
        )
        return frozenset((_text(row, "name"), _text(row, "value")) for row in rows)

    def _reductions(self, product_id: int) -> Iterator[SeenReduction]:
        rows = self.shop.query(
            "SELECT * FROM specific_prices WHERE id_product = ? "
            'ORDER BY id_product_attribute, id_group, "from"',
            product_id,
        )
        for row in rows:
            yield SeenReduction(
                combination=_whole(row, "id_product_attribute"),
                group=_whole(row, "id_group"),
                from_quantity=_whole(row, "from_quantity"),
                price=Decimal(_text(row, "price")),
                reduction=Decimal(_text(row, "reduction")),
                kind=_text(row, "reduction_type"),
                starts=_text(row, "from"),
                ends=_text(row, "to"),
            )

    def _shown(self, product_id: int) -> dict[int, frozenset[int]]:
        rows = self.shop.query(
            "SELECT c.id, i.id_image FROM combinations c JOIN combination_images i "
            "ON i.id_combination = c.id WHERE c.id_product = ?",
            product_id,
        )
        shown: dict[int, frozenset[int]] = {}
        for row in rows:
            number = _whole(row, "id")
            shown[number] = shown.get(number, frozenset()) | {_whole(row, "id_image")}
        return shown

    def _parts(self, product_id: int) -> frozenset[tuple[int, int, int]]:
        rows = self.shop.query("SELECT * FROM pack_items WHERE id_pack = ?", product_id)
        return frozenset(
            (_whole(row, "id_product"), _whole(row, "id_combination"), _whole(row, "quantity"))
            for row in rows
        )

    def categories(self) -> dict[int, SeenCategory]:
        rows = self.shop.query("SELECT id, id_parent FROM categories")
        found = [
            SeenCategory(
                number := _whole(row, "id"),
                _whole(row, "id_parent"),
                self._texts("categories", number, "name"),
            )
            for row in rows
        ]
        return {one.id: one for one in found}

    def languages(self) -> Mapping[str, int]:
        return self._languages

    def checksums(self) -> Mapping[str, str]:
        names = self.shop.query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        sums = {}
        for table in (_text(row, "name") for row in names):
            rows = sorted(
                str(sorted(row.items(), key=str))
                for row in self.shop.query(f"SELECT * FROM {table}")  # noqa: S608 - the schema's names
            )
            sums[table] = sha256("\n".join(rows).encode()).hexdigest()
        return sums

    def home(self) -> int:
        row = self.shop.query("SELECT value FROM configurations WHERE name = 'PS_HOME_CATEGORY'")
        return _whole(row[0], "value")

    def order(self, order_id: int) -> SeenOrder:
        [row] = self.shop.query(
            "SELECT orders.*, carriers.name FROM orders "
            "JOIN carriers ON carriers.id = orders.id_carrier WHERE orders.id = ?",
            order_id,
        )
        return SeenOrder(
            order_id,
            _text(row, "reference"),
            _whole(row, "current_state"),
            Decimal(_text(row, "total_paid_tax_incl")),
            Decimal(_text(row, "total_paid_tax_excl")),
            Decimal(_text(row, "total_shipping_tax_incl")),
            _text(row, "name"),
        )

    def change_price(self, product_id: int, price: Decimal) -> None:
        self.shop.execute("UPDATE products SET price = ? WHERE id = ?", str(price), product_id)

    def change_stock(self, product_id: int, combination_id: int, quantity: int) -> None:
        self.shop.execute(
            "UPDATE stock_availables SET quantity = ? WHERE id_product = ? "
            "AND id_product_attribute = ?",
            quantity,
            product_id,
            combination_id,
        )

    def change_description(self, product_id: int, iso: str, html: str) -> None:
        sql = "UPDATE products_lang SET description = ? WHERE id = ? AND id_lang = ?"
        self.shop.execute(sql, html, product_id, self._languages[iso])

    def rename_category(self, category_id: int, iso: str, name: str) -> None:
        sql = "UPDATE categories_lang SET name = ? WHERE id = ? AND id_lang = ?"
        self.shop.execute(sql, name, category_id, self._languages[iso])

    def change_name(self, product_id: int, iso: str, name: str) -> None:
        sql = "UPDATE products_lang SET name = ? WHERE id = ? AND id_lang = ?"
        self.shop.execute(sql, name, product_id, self._languages[iso])

    def put_in_category(self, product_id: int, category_id: int) -> None:
        sql = "INSERT INTO category_product (id_category, id_product, position) VALUES (?, ?, 99)"
        self.shop.execute(sql, category_id, product_id)

    def allow_orders_at_zero(self, product_id: int) -> None:
        sql = "UPDATE stock_availables SET out_of_stock = '1' WHERE id_product = ?"
        self.shop.execute(sql, product_id)

    def switch_product(self, product_id: int, *, on: bool) -> None:
        self.shop.execute("UPDATE products SET active = ? WHERE id = ?", str(int(on)), product_id)

    def switch_category(self, category_id: int, *, on: bool) -> None:
        sql = "UPDATE categories SET active = ? WHERE id = ?"
        self.shop.execute(sql, str(int(on)), category_id)

    def show_nowhere(self, product_id: int) -> None:
        self.shop.execute("UPDATE products SET visibility = 'none' WHERE id = ?", product_id)

    def names(self) -> Mapping[str, str]:
        return _OFFICE

    def look(self, sql: str) -> list[Mapping[str, object]]:
        return [dict(row) for row in self.shop.query(sql)]

    def act(self, sql: str) -> None:
        self.shop.execute(sql)
        for table in _AMOUNTS:  # SQLite keeps what is computed as it is; MySQL in its columns' form
            sums = ", ".join(
                f'"{field.name}" = printf(\'%.{field.scale}f\', "{field.name}")'
                for field in RESOURCES[table].scalar_columns
                if field.kind == "decimal"
            )
            if table in sql:
                self.shop.execute(f"UPDATE {table} SET {sums}")  # noqa: S608 - our own tables

    def carrier(self) -> int:
        return _whole(self.shop.query("SELECT id FROM carriers WHERE is_free = 0")[0], "id")

    def payment(self) -> tuple[str, int]:
        return "ps_wirepayment", 11

    def shipping(self) -> Decimal:
        return Decimal(0)

    def placed(self, order_id: int) -> None:
        # The simulator's carts know no shipping: it is put on the order as PrestaShop would.
        [row] = self.shop.query("SELECT * FROM orders WHERE id = ?", order_id)
        free = "SELECT id FROM order_cart_rules WHERE id_order = ? AND free_shipping = '1'"
        freeing = self.shop.query(free, order_id)
        names = ("total_discounts", "total_paid") if freeing else ("total_paid", "")
        more = {
            "total_shipping": _SHIPPING,
            "total_shipping_tax_incl": _SHIPPING,
            "total_shipping_tax_excl": _SHIPPING_WITHOUT_TAX,
            names[0]: _SHIPPING,
            f"{names[0]}_tax_incl": _SHIPPING,
            f"{names[0]}_tax_excl": _SHIPPING_WITHOUT_TAX,
        }
        for voucher in freeing[:1]:  # it takes off what the carriage costs
            self.shop.execute(
                "UPDATE order_cart_rules SET value = CAST(value AS REAL) + ?, "
                "value_tax_excl = CAST(value_tax_excl AS REAL) + ? WHERE id = ?",
                float(_SHIPPING), float(_SHIPPING_WITHOUT_TAX), voucher["id"],
            )  # fmt: skip
        if not freeing:
            more["total_paid_real"] = _SHIPPING
            sql = "UPDATE order_payments SET amount = CAST(amount AS REAL) + ? WHERE id = ("
            sql += "SELECT MIN(id) FROM order_payments WHERE order_reference = ?)"
            self.shop.execute(sql, float(_SHIPPING), row["reference"])
        sums = [f"{Decimal(_text(row, name)) + amount:.6f}" for name, amount in more.items()]
        columns = ", ".join(f"{name} = ?" for name in more)
        sql = f"UPDATE orders SET {columns}, carrier_tax_rate = '20.000' WHERE id = ?"  # noqa: S608 - ours
        self.shop.execute(sql, *sums, order_id)

    def clear_away(self, references: Collection[str]) -> None:
        """Do nothing: it is new."""

    def _texts(self, table: str, number: int, column: str) -> dict[str, str]:
        sql = f"SELECT id_lang, {column} AS text FROM {table}_lang WHERE id = ?"  # noqa: S608 - ours
        found = {_whole(row, "id_lang"): row["text"] or "" for row in self.shop.query(sql, number)}
        return {iso: found[lang] for iso, lang in self._languages.items()}

    def _tax_rate(self, group: int) -> Decimal:
        rows = self.shop.query(
            "SELECT rate FROM taxes JOIN tax_rules ON tax_rules.id_tax = taxes.id "
            "WHERE id_tax_rules_group = ? AND id_country = "
            "(SELECT value FROM configurations WHERE name = 'PS_COUNTRY_DEFAULT')",
            group,
        )
        return Decimal(_text(rows[0], "rate"))


def _text(row: Row, name: str) -> str:
    return row[name] or ""


def _whole(row: Row, name: str) -> int:
    return int(row[name] or 0)
