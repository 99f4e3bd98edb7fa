"""Categories, brands, suppliers, options and their values, features: the frame of the catalogue.

Positions and levels are worked out on adding; deleting takes along what would hang in the air.

    CategoryFamily(core, RESOURCES["categories"]).add(record)     # level, position and groups
"""

from collections.abc import Sequence

from demo.prestashop.families.base import AssociationRow, Family, link_rows
from demo.prestashop.families.combinations import OptionValueFamily
from demo.prestashop.record import Record
from demo.prestashop.refusals import PhpDiedError, RefusedError, php_warning
from demo.prestashop.slug import is_slug, slug
from demo.prestashop.tables import RESOURCES

_CATEGORY_FILE = "/var/www/shop/classes/Category.php"
GROUPS = (1, 2, 3)


class CategoryFamily(Family):
    """Categories: a tree with levels, positions and the groups that see it."""

    def computed(self, record: Record, name: str) -> str | None:
        """Return how many products the branch holds; -1 for none."""
        return str(self._count(record.id) or -1)

    def _count(self, category: int) -> int:
        sql = (
            "WITH RECURSIVE branch(id) AS (SELECT ? UNION SELECT categories.id FROM categories"
            " JOIN branch ON categories.id_parent = branch.id) SELECT COUNT(DISTINCT id_product)"
            " FROM category_product JOIN branch ON branch.id = category_product.id_category"
        )
        return self.database.number(sql, category)

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the children, or the products in order of their position."""
        if association == "categories":
            sql = (
                "SELECT id FROM categories WHERE id_parent = ? AND active = 1 ORDER BY position, id"
            )
        else:
            sql = (
                "SELECT id_product FROM category_product WHERE id_category = ?"
                " ORDER BY position, id_product"
            )
        return link_rows(self.database.ids(sql, record.id))

    def prepare(self, record: Record, method: str) -> None:
        """Make slugs for a new category; PHP warns where a text is not an array."""
        if method != "POST" or not self.core.version.makes_slugs:
            return
        name, link = record.texts.get("name"), record.texts.get("link_rewrite")
        if not isinstance(name, dict):
            warned = "foreach() argument must be of type array|object, string given"
            raise RefusedError(500, php_warning(warned, _CATEGORY_FILE, 2068))
        if not isinstance(link, dict) and not self.core.version.warns:
            return
        if not isinstance(link, dict):
            warned = "Only the first byte will be assigned to the string offset"
            raise RefusedError(500, *[php_warning(warned, _CATEGORY_FILE, 2070) for _ in name])
        for lang, text in name.items():
            if not link.get(lang):
                link[lang] = slug(text)
            elif not is_slug(link[lang]):
                link[lang] = slug(link[lang])

    def add(self, record: Record) -> None:
        """Insert a category at the end of its parent's children, seen by every group."""
        parent = record.integer("id_parent")
        record.values["level_depth"] = str(self._level(record))
        self._stamp(record, new=True)
        sql = "SELECT COALESCE(MAX(position), -1) + 1 FROM categories WHERE id_parent = ?"
        position = self.database.number(sql, parent)
        self.database.insert(record)
        self.database.run("UPDATE categories SET position = ? WHERE id = ?", position, record.id)
        for group in GROUPS:
            self.database.run("INSERT INTO category_group VALUES (?, ?)", record.id, group)

    def update(self, record: Record, before: Record) -> None:
        """Write a category; its level follows its parent."""
        level = self._level(record)
        if level != record.integer("level_depth"):
            record.values["level_depth"] = str(level)
        super().update(record, before)

    def _level(self, record: Record) -> int:
        """Return the level below the parent; a parent that does not exist makes PHP die."""
        parent = record.integer("id_parent")
        found = self.database.ids("SELECT level_depth + 1 FROM categories WHERE id = ?", parent)
        if parent and not found:
            raise PhpDiedError
        return found[0] if found else 0

    def delete(self, record: Record) -> None:
        """Delete a category with its branch; products keep the id of a default that is gone."""
        sql = "SELECT id FROM categories WHERE id_parent = ?"
        for child in self.database.ids(sql, record.id):
            found = self.find(child)
            if found is not None:
                self.delete(found)
        self.database.run("DELETE FROM category_product WHERE id_category = ?", record.id)
        self.database.run("DELETE FROM category_group WHERE id_category = ?", record.id)
        self.database.delete(self.resource, record.id)


class BrandFamily(Family):
    """Manufacturers and suppliers: an address made from the name; products outlive them."""

    def loaded(self, record: Record) -> None:
        """Set a supplier's address, an ordinary value; a manufacturer's is computed."""
        if self.resource.name == "suppliers":
            record.values["link_rewrite"] = slug(record.text("name"))

    def computed(self, record: Record, name: str) -> str | None:
        """Return the address of the brand's page."""
        return slug(record.text("name"))

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the addresses of a manufacturer."""
        sql = "SELECT id FROM addresses WHERE id_manufacturer = ? AND deleted = 0 ORDER BY id"
        return link_rows(self.database.ids(sql, record.id))


class OptionFamily(Family):
    """Product options: size, colour."""

    def add(self, record: Record) -> None:
        """Insert an option; whether it is a colour follows from its type."""
        super().add(record)
        self._colour(record)

    def update(self, record: Record, before: Record) -> None:
        """Write an option; whether it is a colour follows from its type."""
        super().update(record, before)
        self._colour(record)

    def delete(self, record: Record) -> None:
        """Delete an option with its values and the combinations that use them."""
        values = OptionValueFamily(self.core, RESOURCES["product_option_values"])
        sql = "SELECT id FROM product_option_values WHERE id_attribute_group = ?"
        for found in values.load(self.database.ids(sql, record.id)):
            values.delete(found)
        self.database.delete(self.resource, record.id)

    def _colour(self, record: Record) -> None:
        is_colour = record.text("group_type") == "color"
        record.values["is_color_group"] = "1" if is_colour else self.core.version.no_colour
        sql = "UPDATE product_options SET is_color_group = ? WHERE id = ?"
        self.database.run(sql, int(is_colour), record.id)

    def rows(self, record: Record, association: str) -> Sequence[AssociationRow]:
        """Return the values of an option."""
        sql = "SELECT id FROM product_option_values WHERE id_attribute_group = ? ORDER BY id"
        return link_rows(self.database.ids(sql, record.id))


class FeatureFamily(Family):
    """Product features and their values."""

    def delete(self, record: Record) -> None:
        """Delete a feature or a value with the links of products to it."""
        if self.resource.name == "product_features":
            self.database.run("DELETE FROM product_feature_links WHERE id_feature = ?", record.id)
            sql = "SELECT id FROM product_feature_values WHERE id_feature = ?"
            for value in self.database.ids(sql, record.id):
                self.database.run("DELETE FROM product_feature_values WHERE id = ?", value)
                self.database.run("DELETE FROM product_feature_values_lang WHERE id = ?", value)
        else:
            self.database.run("DELETE FROM product_feature_links WHERE id_value = ?", record.id)
        self.database.delete(self.resource, record.id)


class CurrencyFamily(Family):
    """Currencies: the name shown is that of the default language."""

    def computed(self, record: Record, name: str) -> str | None:
        """Return the name in the default language."""
        return record.by_lang("names").get(1, record.values.get(name) or "")


class CarrierFamily(Family):
    """Carriers, with their tax group."""

    def computed(self, record: Record, name: str) -> str | None:
        """Return the tax group."""
        return self.database.find_text(
            "SELECT id_tax_rules_group FROM carriers WHERE id = ?", record.id
        )
