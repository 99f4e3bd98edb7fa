"""A real, disposable PrestaShop as a story's shopfront: its webservice and its own database.

with real_shopfront(url, key, "mysql+pymysql://…") as front:
    front.products(["F01-1001"])
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, create_engine, text

from tests.stories.shopfront import (
    SeenCategory,
    SeenDetails,
    SeenOrder,
    SeenProduct,
    SeenReduction,
    SeenVariant,
    Shopfront,
)

Row = Mapping[str, Any]
_PER_REQUEST = 20
#: PrestaShop writes these whenever it answers.
FILLED_BY_READING = frozenset(
    {
        "ps_log", "ps_connections", "ps_connections_page", "ps_connections_source", "ps_guest",
        "ps_page_viewed", "ps_statssearch", "ps_customer_session", "ps_employee_session",
        "ps_smarty_cache", "ps_smarty_last_flush", "ps_smarty_lazy_cache",
    }
)  # fmt: skip
#: What PrestaShop's own database calls what `office` names.
_OFFICE = {
    "orders": "ps_orders", "order_id": "id_order",
    "details": "ps_order_detail", "detail_id": "id_order_detail",
    "payments": "ps_order_payment", "histories": "ps_order_history",
    "history_id": "id_order_history", "cart_vouchers": "ps_cart_cart_rule",
    "configurations": "ps_configuration", "stocks": "ps_stock_available",
    "customers": "ps_customer", "customer_id": "id_customer", "carriers": "ps_order_carrier",
    "followed": "ps_carrier",
}  # fmt: skip
#: Where a carrier that is made by the webservice goes, for whom, with what tax and at what price.
_CARRIER_ROWS = (
    "INSERT IGNORE INTO ps_carrier_zone (id_carrier, id_zone) VALUES (:carrier, :zone)",
    "INSERT IGNORE INTO ps_carrier_group (id_carrier, id_group) "
    "SELECT :carrier, id_group FROM ps_group",
    "INSERT IGNORE INTO ps_carrier_tax_rules_group_shop (id_carrier, id_tax_rules_group, id_shop) "
    "VALUES (:carrier, 1, 1)",
    "DELETE FROM ps_delivery WHERE id_carrier = :carrier",
    "INSERT INTO ps_delivery (id_carrier, id_range_price, id_range_weight, id_zone, price) "
    "VALUES (:carrier, :prices, NULL, :zone, 5)",
)


@contextmanager
def real_shopfront(url: str, key: str, database: str) -> Iterator["RealShopfront"]:
    """Give a shop that listens at `url`, with its database opened beside it."""
    # Each reading sees what is committed now, as each look of a person would.
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield RealShopfront(url, key, connection)
    finally:
        engine.dispose()


class RealShopfront(Shopfront):
    """Reads and changes a PrestaShop's database; its tables begin with `ps_`.

    Args:
        url: The shop's address.
        key: Of the webservice.
        connection: To the shop's database, committing by itself.
    """

    def __init__(self, url: str, key: str, connection: Connection) -> None:
        super().__init__(url, key)
        self._connection = connection
        rows = self._rows("SELECT id_lang, iso_code FROM ps_lang WHERE active = 1")
        self._languages: dict[str, int] = {row["iso_code"]: row["id_lang"] for row in rows}
        [row] = self._rows("SELECT COALESCE(MAX(id_product), 0) AS last FROM ps_product")
        self._last_before = int(row["last"])

    def products(self, references: Collection[str]) -> list[SeenProduct]:
        sql = text(
            "SELECT p.id_product, p.reference, p.ean13, s.active, s.price, s.id_category_default, "
            "s.id_tax_rules_group, m.name AS brand, q.quantity, q.id_stock_available, "
            "q.out_of_stock "
            "FROM ps_product p JOIN ps_product_shop s ON s.id_product = p.id_product "
            "LEFT JOIN ps_manufacturer m ON m.id_manufacturer = p.id_manufacturer "
            "LEFT JOIN ps_stock_available q ON q.id_product = p.id_product "
            "AND q.id_product_attribute = 0 "
            "WHERE p.reference IN :references ORDER BY p.id_product"
        ).bindparams(bindparam("references", expanding=True))
        rows = self._connection.execute(sql, {"references": list(references)}).mappings()
        return [self._product(dict(row)) for row in rows.all()]

    def _product(self, row: Row) -> SeenProduct:
        number = row["id_product"]
        images = self._rows(
            "SELECT i.id_image, s.cover FROM ps_image i JOIN ps_image_shop s "
            "ON s.id_image = i.id_image WHERE i.id_product = :id ORDER BY i.position",
            id=number,
        )
        covers = [image["id_image"] for image in images if image["cover"] == 1]
        shelves = self._rows(
            "SELECT id_category FROM ps_category_product WHERE id_product = :id", id=number
        )
        return SeenProduct(
            id=number,
            reference=row["reference"],
            ean=row["ean13"] or "",
            active=row["active"] == 1,
            names=self._texts("product", number, "name"),
            descriptions=self._texts("product", number, "description"),
            slugs=self._texts("product", number, "link_rewrite"),
            price=Decimal(row["price"]),
            tax_rate=self._tax_rate(row["id_tax_rules_group"]),
            brand=row["brand"],
            default_category=row["id_category_default"],
            categories=frozenset(one["id_category"] for one in shelves),
            images=tuple(image["id_image"] for image in images),
            cover=covers[0] if len(covers) == 1 else None,
            stock=row["quantity"],
            stock_row=row["id_stock_available"],
            out_of_stock=row["out_of_stock"],
            variants=tuple(self._variants(number)),
        )

    def _variants(self, product_id: int) -> Iterator[SeenVariant]:
        rows = self._rows(
            "SELECT a.id_product_attribute AS id, a.reference, a.ean13, s.price, q.quantity, "
            "q.id_stock_available, GROUP_CONCAT(l.name SEPARATOR '\\n') AS names "
            "FROM ps_product_attribute a "
            "JOIN ps_product_attribute_shop s ON s.id_product_attribute = a.id_product_attribute "
            "LEFT JOIN ps_stock_available q ON q.id_product_attribute = a.id_product_attribute "
            "LEFT JOIN ps_product_attribute_combination c "
            "ON c.id_product_attribute = a.id_product_attribute "
            "LEFT JOIN ps_attribute_lang l ON l.id_attribute = c.id_attribute "
            "AND l.id_lang = :lang WHERE a.id_product = :id "
            "GROUP BY a.id_product_attribute, a.reference, a.ean13, s.price, q.quantity, "
            "q.id_stock_available ORDER BY a.id_product_attribute",
            id=product_id,
            lang=self._languages["fr"],
        )
        for row in rows:
            yield SeenVariant(
                id=row["id"],
                reference=row["reference"],
                ean=row["ean13"] or "",
                impact=Decimal(row["price"]),
                values=frozenset((row["names"] or "").split("\n")),
                stock=row["quantity"],
                stock_row=row["id_stock_available"],
            )

    def details(self, product_id: int) -> SeenDetails:
        [row] = self._rows(
            "SELECT p.*, s.condition AS shop_condition, s.visibility AS shop_visibility, "
            "s.ecotax AS shop_ecotax, s.wholesale_price AS bought, u.name AS supplier "
            "FROM ps_product p JOIN ps_product_shop s ON s.id_product = p.id_product "
            "LEFT JOIN ps_supplier u ON u.id_supplier = p.id_supplier WHERE p.id_product = :id",
            id=product_id,
        )
        return SeenDetails(
            short=self._texts("product", product_id, "description_short"),
            meta_titles=self._texts("product", product_id, "meta_title"),
            meta_descriptions=self._texts("product", product_id, "meta_description"),
            codes={name: row[name] for name in ("upc", "isbn", "mpn") if row.get(name)},
            weight=Decimal(row["weight"]),
            sizes=(Decimal(row["width"]), Decimal(row["height"]), Decimal(row["depth"])),
            condition=row["shop_condition"],
            visibility=row["shop_visibility"],
            virtual=row["is_virtual"] == 1,
            ecotax=Decimal(row["shop_ecotax"]),
            bought=Decimal(row["bought"]),
            supplier=row["supplier"] or "",
            suppliers=self._suppliers(product_id),
            features=self._features(product_id),
            reductions=tuple(self._reductions(product_id)),
            legends=self._legends(product_id),
            shown=self._shown(product_id),
            parts=self._parts(product_id),
        )

    def _suppliers(self, product_id: int) -> frozenset[tuple[int, str, str, Decimal]]:
        rows = self._rows(
            "SELECT o.id_product_attribute, s.name, o.product_supplier_reference AS reference, "
            "o.product_supplier_price_te AS price FROM ps_product_supplier o "
            "JOIN ps_supplier s ON s.id_supplier = o.id_supplier WHERE o.id_product = :id",
            id=product_id,
        )
        return frozenset(
            (
                row["id_product_attribute"],
                row["name"],
                row["reference"] or "",
                Decimal(row["price"] or 0),
            )
            for row in rows
        )

    def _features(self, product_id: int) -> frozenset[tuple[str, str]]:
        rows = self._rows(
            "SELECT f.name, v.value FROM ps_feature_product p "
            "JOIN ps_feature_lang f ON f.id_feature = p.id_feature AND f.id_lang = :lang "
            "JOIN ps_feature_value_lang v ON v.id_feature_value = p.id_feature_value "
            "AND v.id_lang = :lang WHERE p.id_product = :id",
            id=product_id,
            lang=self._languages["fr"],
        )
        return frozenset((row["name"], row["value"]) for row in rows)

    def _reductions(self, product_id: int) -> Iterator[SeenReduction]:
        rows = self._rows(
            "SELECT id_product_attribute, id_group, from_quantity, price, reduction, "
            "reduction_type, CAST(`from` AS CHAR) AS starts, CAST(`to` AS CHAR) AS ends "
            "FROM ps_specific_price WHERE id_product = :id "
            "ORDER BY id_product_attribute, id_group, `from`",
            id=product_id,
        )
        for row in rows:
            yield SeenReduction(
                combination=row["id_product_attribute"],
                group=row["id_group"],
                from_quantity=row["from_quantity"],
                price=Decimal(row["price"]),
                reduction=Decimal(row["reduction"]),
                kind=row["reduction_type"],
                starts=row["starts"],
                ends=row["ends"],
            )

    def _legends(self, product_id: int) -> dict[int, dict[str, str]]:
        rows = self._rows("SELECT id_image FROM ps_image WHERE id_product = :id", id=product_id)
        return {row["id_image"]: self._texts("image", row["id_image"], "legend") for row in rows}

    def _shown(self, product_id: int) -> dict[int, frozenset[int]]:
        rows = self._rows(
            "SELECT a.id_product_attribute AS id, i.id_image FROM ps_product_attribute a "
            "JOIN ps_product_attribute_image i ON i.id_product_attribute = a.id_product_attribute "
            "WHERE a.id_product = :id AND i.id_image > 0",
            id=product_id,
        )
        shown: dict[int, frozenset[int]] = {}
        for row in rows:
            shown[row["id"]] = shown.get(row["id"], frozenset()) | {row["id_image"]}
        return shown

    def _parts(self, product_id: int) -> frozenset[tuple[int, int, int]]:
        rows = self._rows(
            "SELECT id_product_item AS item, id_product_attribute_item AS combination, quantity "
            "FROM ps_pack WHERE id_product_pack = :id",
            id=product_id,
        )
        return frozenset((row["item"], row["combination"], row["quantity"]) for row in rows)

    def categories(self) -> dict[int, SeenCategory]:
        rows = self._rows("SELECT id_category, id_parent FROM ps_category")
        names = self._rows("SELECT id_category, id_lang, name FROM ps_category_lang")
        found = {(row["id_category"], row["id_lang"]): row["name"] for row in names}
        return {
            row["id_category"]: SeenCategory(
                row["id_category"],
                row["id_parent"],
                {
                    iso: found.get((row["id_category"], lang), "")
                    for iso, lang in self._languages.items()
                },
            )
            for row in rows
        }

    def languages(self) -> Mapping[str, int]:
        return self._languages

    def checksums(self) -> Mapping[str, str]:
        tables = [str(next(iter(row.values()))) for row in self._rows("SHOW TABLES LIKE 'ps\\_%'")]
        kept = [table for table in tables if table not in FILLED_BY_READING]
        rows = self._rows(f"CHECKSUM TABLE {', '.join(kept)}")
        return {str(row["Table"]): str(row["Checksum"]) for row in rows}

    def home(self) -> int:
        return int(self._setting("PS_HOME_CATEGORY"))

    def order(self, order_id: int) -> SeenOrder:
        [row] = self._rows(
            "SELECT o.*, c.name FROM ps_orders o JOIN ps_carrier c ON c.id_carrier = o.id_carrier "
            "WHERE o.id_order = :id",
            id=order_id,
        )
        return SeenOrder(
            order_id,
            row["reference"],
            row["current_state"],
            row["total_paid_tax_incl"],
            row["total_paid_tax_excl"],
            row["total_shipping_tax_incl"],
            row["name"],
        )

    def change_price(self, product_id: int, price: Decimal) -> None:
        for table in ("ps_product", "ps_product_shop"):
            sql = f"UPDATE {table} SET price = :price WHERE id_product = :id"  # noqa: S608 - ours
            self._run(sql, price=price, id=product_id)

    def change_stock(self, product_id: int, combination_id: int, quantity: int) -> None:
        self._run(
            "UPDATE ps_stock_available SET quantity = :quantity "
            "WHERE id_product = :id AND id_product_attribute = :combination",
            quantity=quantity,
            id=product_id,
            combination=combination_id,
        )

    def change_description(self, product_id: int, iso: str, html: str) -> None:
        self._run(
            "UPDATE ps_product_lang SET description = :html "
            "WHERE id_product = :id AND id_lang = :lang",
            html=html,
            id=product_id,
            lang=self._languages[iso],
        )

    def rename_category(self, category_id: int, iso: str, name: str) -> None:
        self._run(
            "UPDATE ps_category_lang SET name = :name WHERE id_category = :id AND id_lang = :lang",
            name=name,
            id=category_id,
            lang=self._languages[iso],
        )

    def change_name(self, product_id: int, iso: str, name: str) -> None:
        self._run(
            "UPDATE ps_product_lang SET name = :name WHERE id_product = :id AND id_lang = :lang",
            name=name,
            id=product_id,
            lang=self._languages[iso],
        )

    def put_in_category(self, product_id: int, category_id: int) -> None:
        self._run(
            "INSERT INTO ps_category_product (id_category, id_product, position) "
            "VALUES (:category, :id, 99)",
            category=category_id,
            id=product_id,
        )

    def allow_orders_at_zero(self, product_id: int) -> None:
        self._connection.execute(
            text("UPDATE ps_stock_available SET out_of_stock = 1 WHERE id_product = :id"),
            {"id": product_id},
        )

    def switch_product(self, product_id: int, *, on: bool) -> None:
        for table in ("ps_product", "ps_product_shop"):
            sql = f"UPDATE {table} SET active = :on WHERE id_product = :id"  # noqa: S608 - ours
            self._run(sql, on=int(on), id=product_id)

    def switch_category(self, category_id: int, *, on: bool) -> None:
        self._run(
            "UPDATE ps_category SET active = :on WHERE id_category = :id",
            on=int(on),
            id=category_id,
        )

    def show_nowhere(self, product_id: int) -> None:
        for table in ("ps_product", "ps_product_shop"):
            sql = f"UPDATE {table} SET visibility = 'none' WHERE id_product = :id"  # noqa: S608 - ours
            self._run(sql, id=product_id)

    def names(self) -> Mapping[str, str]:
        return _OFFICE

    def look(self, sql: str) -> list[Mapping[str, object]]:
        return list(self._rows(sql))

    def act(self, sql: str) -> None:
        self._connection.execute(text(sql))

    def carrier(self) -> int:
        found = self._rows(
            "SELECT id_carrier FROM ps_carrier WHERE active = 1 AND deleted = 0 AND is_free = 0 "
            "ORDER BY id_carrier LIMIT 1"
        )
        return int(found[0]["id_carrier"]) if found else self._make_carrier()

    def _make_carrier(self) -> int:
        """Create what PrestaShop's sample data would bring: a carrier of 5 and its handling."""
        [row] = self._rows(
            "SELECT id_zone FROM ps_country WHERE id_country = :country",
            country=self._setting("PS_COUNTRY_DEFAULT"),
        )
        delays = "".join(f'<language id="{one}">2 jours</language>' for one in self._lang_ids())
        carrier = self._created(
            "carriers",
            "<carrier><id_tax_rules_group>1</id_tax_rules_group><name>Livraison</name>"
            "<active>1</active><deleted>0</deleted><is_free>0</is_free><is_module>0</is_module>"
            "<shipping_handling>1</shipping_handling><shipping_method>2</shipping_method>"
            f"<range_behavior>0</range_behavior><delay>{delays}</delay></carrier>",
        )
        prices = self._created(
            "price_ranges",
            f"<price_range><id_carrier>{carrier}</id_carrier><delimiter1>0</delimiter1>"
            "<delimiter2>100000</delimiter2></price_range>",
        )
        known = {"carrier": carrier, "zone": row["id_zone"]}
        for sql in _CARRIER_ROWS:
            self._connection.execute(text(sql), {**known, "prices": prices})
        return carrier

    def payment(self) -> tuple[str, int]:
        [row] = self._rows(
            "SELECT name FROM ps_module WHERE name IN ('bankwire', 'ps_wirepayment') AND active = 1"
        )
        return row["name"], int(self._setting("PS_OS_WS_PAYMENT"))

    def shipping(self) -> Decimal:
        [row] = self._rows(
            "SELECT DISTINCT d.price, c.shipping_handling, t.id_tax_rules_group FROM ps_carrier c "
            "JOIN ps_delivery d ON d.id_carrier = c.id_carrier "
            "JOIN ps_country l ON l.id_zone = d.id_zone "
            "JOIN ps_carrier_tax_rules_group_shop t ON t.id_carrier = c.id_carrier "
            "WHERE c.id_carrier = :id AND l.id_country = :country",
            id=self.carrier(),
            country=self._setting("PS_COUNTRY_DEFAULT"),
        )
        handling = Decimal(self._setting("PS_SHIPPING_HANDLING")) * row["shipping_handling"]
        rate = self._tax_rate(row["id_tax_rules_group"])
        without_tax = Decimal(row["price"]) + handling
        with_tax: Decimal = without_tax * (100 + rate) / 100
        return with_tax.quantize(Decimal("0.01"))

    def placed(self, order_id: int) -> None:
        """Do nothing: PrestaShop did all of it."""

    def clear_away(self, references: Collection[str]) -> None:
        # An earlier story's products go too: one whose barcode is met again would be adopted.
        rows = self._rows(
            "SELECT id_product FROM ps_product WHERE id_product > :last", last=self._last_before
        )
        there = {product.id for product in self.products(references)}
        ids = sorted(there | {row["id_product"] for row in rows})
        for number in ids:
            sql = "SELECT id_image FROM ps_image WHERE id_product = :id"
            for image in self._rows(sql, id=number):  # else 9.0 leaves half of the product behind
                self.delete_photo(number, image["id_image"])
        for start in range(0, len(ids), _PER_REQUEST):
            some = ",".join(map(str, ids[start : start + _PER_REQUEST]))
            self.ask("DELETE", f"products?id=[{some}]")

    def _texts(self, table: str, number: int, column: str) -> dict[str, str]:
        sql = f"SELECT id_lang, {column} AS text FROM ps_{table}_lang WHERE id_{table} = :id"  # noqa: S608 - ours
        found = {row["id_lang"]: row["text"] or "" for row in self._rows(sql, id=number)}
        return {iso: found.get(lang, "") for iso, lang in self._languages.items()}

    def _tax_rate(self, group: int) -> Decimal:
        [row] = self._rows(
            "SELECT t.rate FROM ps_tax t JOIN ps_tax_rule r ON r.id_tax = t.id_tax "
            "WHERE r.id_tax_rules_group = :group AND r.id_country = :country AND t.active = 1",
            group=group,
            country=self._setting("PS_COUNTRY_DEFAULT"),
        )
        return Decimal(row["rate"])

    def find_setting(self, name: str) -> str | None:
        """Return the common value of a setting, None where there is none."""
        sql = "SELECT value FROM ps_configuration WHERE name = :name AND id_shop IS NULL"
        rows = self._rows(sql, name=name)
        return rows[0]["value"] if rows else None

    def change_setting(self, name: str, value: str | None) -> None:
        """Give a setting its common value; None: it has none."""
        sql = "DELETE FROM ps_configuration WHERE name = :name AND id_shop IS NULL"
        self._connection.execute(text(sql), {"name": name})
        if value is not None:
            self._run(
                "INSERT INTO ps_configuration (name, value, date_add, date_upd) "
                "VALUES (:name, :value, NOW(), NOW())",
                name=name,
                value=value,
            )

    def _setting(self, name: str) -> str:
        sql = "SELECT value FROM ps_configuration WHERE name = :name ORDER BY id_shop LIMIT 1"
        return str(self._rows(sql, name=name)[0]["value"])

    def _rows(self, sql: str, **values: object) -> list[Row]:
        return [dict(row) for row in self._connection.execute(text(sql), values).mappings()]

    def _run(self, sql: str, **values: object) -> None:
        changed = self._connection.execute(text(sql), values).rowcount
        assert changed == 1, f"{changed} rows changed by: {sql}"
