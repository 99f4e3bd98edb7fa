"""Products: slugs, cover, default combination, categories, features, and the stock row.

Stock, images and combinations do not touch a product's modification date.

    ProductFamily(core, RESOURCES["products"]).add(record)      # also makes its stock row
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import sqlite3
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
from demo.prestashop.families.kinds import KINDS, kind_of, mark_virtual, remember_pack, set_kind
from demo.prestashop.families.lists import (
    set_accessories,
    set_bundle,
    set_features,
    set_tags,
)
from demo.prestashop.families.places import close_gaps, move, place_of, set_categories
from demo.prestashop.record import Record, leading_int, to_decimal
from demo.prestashop.refusals import PhpDiedError, RefusedError, php_warning
from demo.prestashop.slug import is_slug, slug
from demo.prestashop.storing import money
from demo.prestashop.tables import RESOURCES

_FILE = "/var/www/shop/classes/Product.php"
_IDS: Mapping[str, str] = {
    "categories": "SELECT id_category FROM category_product WHERE id_product = ? ORDER BY 1",
    "images": "SELECT id FROM product_images WHERE id_product = ? ORDER BY position, id",
    "combinations": "SELECT id FROM combinations WHERE id_product = ? ORDER BY id",
    "tags": "SELECT id_tag FROM product_tags WHERE id_product = ? ORDER BY id_tag",
    "accessories": (
        "SELECT id_accessory FROM accessories JOIN products ON products.id = id_accessory"
        " WHERE id_product = ? ORDER BY id_accessory"
    ),
}
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
    " WHERE id_pack = ? ORDER BY id_product, id_combination"
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
            return place_of(self.database, record)
        if name == "manufacturer_name":
            sql = "SELECT name FROM manufacturers WHERE id = ? AND active = 1"
            return self.database.find_text(sql, record.integer("id_manufacturer"))
        if name == "type":
            return kind_of(self.core, record)
        return record.values.get(name)

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
            self._set_cover(record.id, leading_int(text))
        elif name == "id_default_combination":
            clear_defaults(self.core, record.id)
            if leading_int(text):
                set_default(self.core, record.id, leading_int(text))
            record.values["cache_default_attribute"] = text
        elif name == "position_in_category":
            if leading_int(text) or not self.core.version.zero_place:
                move(self.database, record, leading_int(text))
        elif text in KINDS:
            set_kind(self.core, record, text)

    def _set_cover(self, product: int, image: int) -> None:
        """Make an image the cover, be it another product's; that one may not have two."""
        sql = "UPDATE product_images SET cover = 0 WHERE id_product = ?"
        self.database.run(sql, product)
        sql = (
            "SELECT COUNT(*) FROM product_images AS one JOIN product_images AS other"
            " ON other.id_product = one.id_product AND other.id <> one.id"
            " WHERE one.id = ? AND other.cover = 1"
        )
        if self.database.number(sql, image):
            raise self.broken_key()
        self.database.run("UPDATE product_images SET cover = 1 WHERE id = ?", image)

    def prepare(self, record: Record, method: str) -> None:
        """Make the slugs of a new product; PHP warns when its name has no language nodes."""
        if method != "POST":
            return
        if not self.core.version.makes_slugs:
            self._clean_slugs(record)
            return
        name = record.texts.get("name")
        if not isinstance(name, dict):
            warned = "foreach() argument must be of type array|object, string given"
            raise RefusedError(500, php_warning(warned, _FILE, 8101))
        links = dict(record.by_lang("link_rewrite"))
        for lang, text in name.items():
            known = links.get(lang, "")
            old = self.core.version.old_slugs
            links[lang] = known if known and is_slug(known) else slug(known or text, old)
        record.texts["link_rewrite"] = dict(sorted(links.items()))

    def _clean_slugs(self, record: Record) -> None:
        links = record.by_lang("link_rewrite")
        for lang, text in links.items():
            links[lang] = text if is_slug(text) else slug(text, old=True)

    def add(self, record: Record) -> None:
        """Insert a product and its stock row; a virtual one may always be ordered."""
        self._stamp(record, new=True)
        virtual = mark_virtual(record)
        self.database.insert(record)
        self._set_ratio(record)
        row = stock.add_row(self.core, record.id, 0)
        remember_pack(self.core, record)
        if virtual:
            self.database.run("UPDATE stock_availables SET out_of_stock = 1 WHERE id = ?", row)
        self._index(record.id)

    def update(self, record: Record, before: Record) -> None:
        """Write a product."""
        self._stamp(record, new=False)
        self.database.update(record)
        self._set_ratio(record)
        self._index(record.id)
        if record.values.get("unit_price_ratio") is None and self.core.version.warns:
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
        if self.core.version.image_delete_dies and self.rows(record, "images"):
            self._delete_half(record)
        sql = "SELECT id_category FROM category_product WHERE id_product = ?"
        left = self.database.ids(sql, record.id) if self.core.version.closes_gaps else []
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
        for category in left:
            close_gaps(self.database, category)
        if broken:
            raise RefusedError(500, (88, f"Id(s) wasn't deleted: {record.id}"))

    def _delete_half(self, record: Record) -> None:
        """Delete what goes before the images and the first of them; then PHP dies."""
        for one in self.database.ids(_IDS["combinations"], record.id):
            self.database.delete(RESOURCES["combinations"], one)
        stock.remove_rows(self.core, record.id)
        first = self.database.ids(_IDS["images"], record.id)[0]
        self.database.run("DELETE FROM product_images WHERE id = ?", first)
        self.database.delete(self.resource, record.id)
        raise PhpDiedError

    def set_rows(self, record: Record, association: str, rows: Sequence[AssociationRow]) -> None:
        """Replace categories, features, tags, accessories or the content of a pack."""
        if association == "categories":
            set_categories(self.database, record.id, row_ids(rows))
        elif association == "combinations":
            self._keep_combinations(record.id, row_ids(rows))
        try:
            self._set_list(record, association, rows)
        except sqlite3.IntegrityError as error:
            raise self.broken_key() from error

    def _set_list(self, record: Record, association: str, rows: Sequence[AssociationRow]) -> None:
        if association == "product_features":
            set_features(self.core, record.id, rows)
        elif association == "tags":
            set_tags(self.database, record.id, rows)
        elif association == "accessories":
            set_accessories(self.database, record.id, rows, self.core.version.double_accessory)
        elif association == "product_bundle":
            set_bundle(self.core, record, rows)

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
