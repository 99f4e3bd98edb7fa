"""Products: slugs, cover, default combination, categories, features, and the stock row.

Stock, images and combinations do not touch a product's modification date.

    ProductFamily(core, RESOURCES["products"]).add(record)      # also makes its stock row
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from collections.abc import Mapping, Sequence

from demo.prestashop import stock
from demo.prestashop.core import THIS_SHOP
from demo.prestashop.families.base import AssociationRow, Family, link_rows, row_ids
from demo.prestashop.families.combinations import (
    CombinationFamily,
    clear_defaults,
    default_of,
    set_default,
)
from demo.prestashop.record import Record, leading_int, to_decimal
from demo.prestashop.refusals import RefusedError, php_warning
from demo.prestashop.slug import is_slug, slug
from demo.prestashop.storing import money
from demo.prestashop.tables import RESOURCES

_FILE = "/var/www/shop/classes/Product.php"
_IDS: Mapping[str, str] = {
    "categories": "SELECT id_category FROM category_product WHERE id_product = ? ORDER BY 1",
    "images": "SELECT id FROM product_images WHERE id_product = ? ORDER BY position, id",
    "combinations": "SELECT id FROM combinations WHERE id_product = ? ORDER BY id",
    "tags": "SELECT id_tag FROM product_tags WHERE id_product = ? ORDER BY id_tag",
    "accessories": "SELECT id_accessory FROM accessories WHERE id_product = ? ORDER BY rowid",
}
_TOO_FAR = (
    "You cannot set a position greater than the total number of products in the category, starting"
    " at 1."
)
# A combination without values leaves a row without an id.
_VALUES = (
    "SELECT id_value AS id FROM combinations LEFT JOIN combination_values"
    " ON combinations.id = id_combination WHERE id_product = ? GROUP BY id_value"
    " ORDER BY MIN(combinations.id), id_value"
)
_STOCK = (
    "SELECT id, id_product_attribute FROM stock_availables"
    f" WHERE id_product = ? AND id_shop = {THIS_SHOP} ORDER BY id"
)
_FEATURES = (
    "SELECT id_feature AS id, id_value AS id_feature_value FROM product_feature_links"
    " WHERE id_product = ? ORDER BY id_feature, id_value"
)
_BUNDLE = (
    "SELECT id_product AS id, id_combination AS id_product_attribute, quantity FROM pack_items"
    " WHERE id_pack = ? ORDER BY rowid"
)


def _ratio(record: Record) -> str:
    """Return the price divided by the price of one unit; empty when a unit has none."""
    unit = record.decimal("unit_price")
    return f"{(record.decimal('price') / unit).normalize():f}" if unit > 0 else ""


class ProductFamily(Family):
    """Products."""

    setters = frozenset(
        {"id_default_image", "id_default_combination", "position_in_category", "type"}
    )

    def loaded(self, record: Record) -> None:
        """Set the quantity, which the webservice always shows as 0, and the units of the price."""
        record.values["quantity"] = "0"
        record.values["unit_price_ratio"] = _ratio(record) or record.values["unit_price_ratio"]

    def limits(self) -> Mapping[str, int]:
        """Return the length that the shop allows for the summary."""
        return {"description_short": self.core.setting_number("PS_PRODUCT_SHORT_DESC_LIMIT") or 800}

    def computed(self, record: Record, name: str) -> str | None:
        """Return the cover, the default combination, the position, the brand's name or the type."""
        if name == "id_default_image":
            sql = "SELECT id FROM product_images WHERE id_product = ? AND cover = 1"
            return self.database.find_text(sql, record.id) or ""
        if name == "id_default_combination":
            return str(default_of(self.core, record.id))
        if name == "position_in_category":
            sql = "SELECT position FROM category_product WHERE id_category = ? AND id_product = ?"
            category = record.integer("id_category_default")
            return self.database.find_text(sql, category, record.id) or ""
        if name == "manufacturer_name":
            sql = "SELECT name FROM manufacturers WHERE id = ? AND active = 1"
            return self.database.find_text(sql, record.integer("id_manufacturer"))
        if name == "type":
            return self._type(record)
        return record.values.get(name)

    def _type(self, record: Record) -> str:
        if record.text("cache_is_pack") == "1":
            return "pack"
        return "virtual" if record.text("is_virtual") == "1" else "simple"

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the rows of one of the ten associations of a product."""
        if association in _IDS:
            return link_rows(self.database.ids(_IDS[association], record.id))
        sql = {
            "product_option_values": _VALUES,
            "stock_availables": _STOCK,
            "product_features": _FEATURES,
            "product_bundle": _BUNDLE,
        }.get(association)
        found = self.database.rows(sql, record.id) if sql else []
        return [{name: value or "" for name, value in row.items()} for row in found]

    def set_special(self, record: Record, name: str, text: str) -> None:
        """Move the cover, the default combination or the position at once."""
        if name == "id_default_image":
            sql = "UPDATE product_images SET cover = (id = ?) WHERE id_product = ?"
            self.database.run(sql, leading_int(text), record.id)
        elif name == "id_default_combination":
            clear_defaults(self.core, record.id)
            if leading_int(text):
                set_default(self.core, record.id, leading_int(text))
            record.values["cache_default_attribute"] = text
        elif name == "position_in_category":
            self._move_in_category(record, leading_int(text))
        elif text in {"simple", "pack", "virtual"}:
            self._set_type(record, text)

    def _set_type(self, record: Record, kind: str) -> None:
        if kind != "pack":
            self.database.run("DELETE FROM pack_items WHERE id_pack = ?", record.id)
        record.values["cache_is_pack"] = "1" if kind == "pack" else ""
        record.values["is_virtual"] = "1" if kind == "virtual" else ""
        sql = "SELECT COUNT(*) FROM combinations WHERE id_product = ?"
        if kind == "simple":
            kind = "combinations" if self.database.number(sql, record.id) else "standard"
        record.values["product_type"] = kind

    def _move_in_category(self, record: Record, position: int) -> None:
        """Number a category's products anew, with one at another place.

        Which one is moved is read off a list without gaps by a position that may have some, as the
        shop does: it can be a neighbour.
        """
        category = record.integer("id_category_default")
        sql = "SELECT id_product FROM category_product WHERE id_category = ? ORDER BY position"
        products = [0, *self.database.ids(sql, category)]
        if position <= 0:
            said = "You cannot set 0 or a negative position, the minimum is 1."
            raise RefusedError(500, (134, said))
        if position >= len(products):
            raise RefusedError(500, (135, _TOO_FAR))
        present = leading_int(self.computed(record, "position_in_category") or "0")
        if 0 < present < len(products):
            products.insert(position, products.pop(present))
        sql = "UPDATE category_product SET position = ? WHERE id_category = ? AND id_product = ?"
        for rank, product in enumerate(products):
            self.database.run(sql, rank, category, product)

    def prepare(self, record: Record, method: str) -> None:
        """Make the slugs of a new product; PHP warns when its name has no language nodes."""
        if method != "POST":
            return
        name = record.texts.get("name")
        if not isinstance(name, dict):
            warned = "foreach() argument must be of type array|object, string given"
            raise RefusedError(500, php_warning(warned, _FILE, 8101))
        links = dict(record.by_lang("link_rewrite"))
        for lang, text in name.items():
            known = links.get(lang, "")
            links[lang] = known if known and is_slug(known) else slug(known or text)
        record.texts["link_rewrite"] = dict(sorted(links.items()))

    def add(self, record: Record) -> None:
        """Insert a product and its stock row."""
        self._stamp(record, new=True)
        self.database.insert(record)
        self._set_ratio(record)
        stock.add_row(self.core, record.id, 0)
        self._index(record.id)

    def update(self, record: Record, before: Record) -> None:
        """Write a product."""
        self._stamp(record, new=False)
        self.database.update(record)
        self._set_ratio(record)
        self._index(record.id)
        if record.values.get("unit_price_ratio") is None:
            record.values["unit_price_ratio"] = "0"

    def _set_ratio(self, record: Record) -> None:
        """Work out how many units the price is for; what was sent for it is not kept."""
        ratio = _ratio(record)
        if ratio:
            record.values["unit_price_ratio"] = ratio
        sql = "UPDATE products SET unit_price_ratio = ? WHERE id = ?"
        self.database.run(sql, money(to_decimal(ratio)), record.id)

    def _index(self, product: int) -> None:
        """Note that an active product was put into the search index."""
        if self.core.setting("PS_SEARCH_INDEXATION") == "1":
            sql = (
                "UPDATE products SET indexed = 1 WHERE id = ? AND active = 1"
                " AND visibility IN ('both', 'search')"
            )
            self.database.run(sql, product)

    def delete(self, record: Record) -> None:
        """Delete a product with its combinations, stock rows, images and links.

        Raises:
            RefusedError: All is deleted, but one of its images had no file.
        """
        sql = "SELECT COUNT(*) FROM product_images WHERE id_product = ? AND content IS NULL"
        broken = self.database.number(sql, record.id)
        values = (
            "DELETE FROM {table} WHERE id_combination IN"
            " (SELECT id FROM combinations WHERE id_product = ?)"
        )
        for table in ("combination_values", "combination_images"):
            self.database.run(values.format(table=table), record.id)
        lang = "SELECT id FROM combinations WHERE id_product = ?"
        self.database.run(f"DELETE FROM combinations_lang WHERE id IN ({lang})", record.id)
        stock.remove_rows(self.core, record.id)
        for table in (
            "combinations", "category_product", "product_images", "product_feature_links",
            "product_tags", "specific_prices", "product_suppliers", "cart_rows",
        ):  # fmt: skip
            self.database.run(f"DELETE FROM {table} WHERE id_product = ?", record.id)
        # Whatever tag no product has goes too, never mind whose it was.
        self.database.run("DELETE FROM tags WHERE id NOT IN (SELECT id_tag FROM product_tags)")
        self.database.run(
            "DELETE FROM accessories WHERE ? IN (id_product, id_accessory)", record.id
        )
        self.database.run("DELETE FROM pack_items WHERE ? IN (id_pack, id_product)", record.id)
        self.database.delete(self.resource, record.id)
        if broken:
            raise RefusedError(500, (88, f"Id(s) wasn't deleted: {record.id}"))

    def set_rows(self, record: Record, association: str, rows: Sequence[AssociationRow]) -> None:
        """Replace categories, features, tags, accessories or the content of a pack."""
        if association == "categories":
            self._set_categories(record.id, row_ids(rows))
        elif association == "product_features":
            self._set_features(record.id, rows)
        elif association == "tags":
            self._set_links("product_tags", record.id, row_ids(rows))
        elif association == "accessories":
            self._set_links("accessories", record.id, row_ids(rows))
        elif association == "product_bundle":
            self._set_bundle(record.id, rows)
        elif association == "combinations":
            self._keep_combinations(record.id, row_ids(rows))

    def _keep_combinations(self, product: int, wanted: Sequence[int]) -> None:
        """Delete the combinations that are not wanted, and take over those of other products."""
        family = CombinationFamily(self.core, RESOURCES["combinations"])
        sql = "SELECT id FROM combinations WHERE id_product = ? ORDER BY id"
        for one in self.database.ids(sql, product):
            found = family.find(one)
            if one not in wanted and found is not None:
                family.delete(found)
        for one in wanted:
            self.database.run("UPDATE combinations SET id_product = ? WHERE id = ?", product, one)

    def _set_categories(self, product: int, categories: Sequence[int]) -> None:
        sql = "SELECT id_category, position FROM category_product WHERE id_product = ?"
        kept = {row["id_category"]: row["position"] for row in self.database.rows(sql, product)}
        self.database.run("DELETE FROM category_product WHERE id_product = ?", product)
        for category in categories:
            if not self.database.ids("SELECT id FROM categories WHERE id = ?", category):
                continue
            sql = (
                "SELECT COALESCE(MAX(position), 0) + 1 FROM category_product WHERE id_category = ?"
            )
            position = kept.get(str(category)) or self.database.number(sql, category)
            sql = "INSERT INTO category_product VALUES (?, ?, ?)"
            self.database.run(sql, category, product, position)

    def _set_features(self, product: int, rows: Sequence[AssociationRow]) -> None:
        self.database.run("DELETE FROM product_feature_links WHERE id_product = ?", product)
        for row in rows:
            feature, value = leading_int(row.get("id", "")), row.get("id_feature_value", "")
            sql = "INSERT OR IGNORE INTO product_feature_links VALUES (?, ?, ?)"
            self.database.run(sql, product, feature, leading_int(value))

    def _set_links(self, table: str, product: int, ids: Sequence[int]) -> None:
        self.database.run(f"DELETE FROM {table} WHERE id_product = ?", product)
        for one in ids:
            self.database.run(f"INSERT INTO {table} VALUES (?, ?)", product, one)

    def _set_bundle(self, product: int, rows: Sequence[AssociationRow]) -> None:
        self.database.run("DELETE FROM pack_items WHERE id_pack = ?", product)
        for row in rows:
            numbers = [
                leading_int(row.get(name, "0"))
                for name in ("id", "id_product_attribute", "quantity")
            ]
            self.database.run("INSERT INTO pack_items VALUES (?, ?, ?, ?)", product, *numbers)
