"""What a visitor may see of the catalogue, as values.

A category is seen when it is active, all above it too, and visitors' group may enter; a product
when it is active, no draft, and its visibility is not `none`.

    find_product(core, 20, lang=2).name         # "Chaussure", or None for what nobody sees
    [one.name for one in tree(core, lang=2)]    # the categories below Home
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from demo.prestashop.core import THIS_SHOP, Core
from demo.prestashop.database import Row
from demo.prestashop.discounts import Wanted
from demo.prestashop.prices import cents, price_parts
from demo.prestashop.record import leading_int

_VISITORS = "PS_UNIDENTIFIED_GROUP"
_LISTED = "('both', 'catalog')"
_ALLOWED, _DEFAULT = 1, 2


@dataclass(frozen=True)
class Category:
    """A category with those below it."""

    id: int
    name: str
    slug: str
    description: str = ""
    below: Sequence["Category"] = field(default=())


@dataclass(frozen=True)
class Price:
    """What a visitor pays, tax included; `before` is struck out when it is more."""

    now: Decimal
    before: Decimal


@dataclass(frozen=True)
class Variant:
    """One combination: what distinguishes it, what it costs, whether it can be bought."""

    id: int
    label: str
    reference: str
    price: Price
    available: bool


@dataclass(frozen=True)
class Product:
    """One product as its page shows it.

    Args:
        price: Of the default combination where there are some; None when it is not shown.
        available: Whether it, or one of its combinations, can be put into the basket.
        sold: Whether the shop takes orders for it at all.
        variants: The combinations that are offered.
    """

    id: int
    name: str
    slug: str
    reference: str
    brand: str
    summary: str
    description: str
    price: Price | None
    available: bool
    sold: bool
    images: Sequence[int]
    variants: Sequence[Variant] = field(default=())


def tree(core: Core, lang: int) -> Sequence[Category]:
    """Return the categories below Home that a visitor sees, in the shop's order."""
    return _below(core, core.setting_number("PS_HOME_CATEGORY") or 2, lang)


def _below(core: Core, parent: int, lang: int) -> Sequence[Category]:
    sql = (
        "SELECT main.id, name, link_rewrite FROM categories AS main"
        " JOIN categories_lang AS texts ON texts.id = main.id AND id_lang = ?"
        " JOIN category_group ON id_category = main.id AND id_group = ?"
        " WHERE id_parent = ? AND active = 1 ORDER BY position, main.id"
    )
    group = core.setting_number(_VISITORS)
    return [
        Category(
            leading_int(row["id"] or ""),
            row["name"] or "",
            row["link_rewrite"] or "",
            below=_below(core, leading_int(row["id"] or ""), lang),
        )
        for row in core.database.rows(sql, lang, group, parent)
    ]


def find_category(core: Core, identifier: int, lang: int) -> Category | None:
    """Return a category that a visitor may enter, or None."""
    known = {one.id: one for one in flat(tree(core, lang))}
    if identifier not in known:
        return None
    sql = "SELECT description FROM categories_lang WHERE id = ? AND id_lang = ?"
    one = known[identifier]
    description = core.database.find_text(sql, identifier, lang) or ""
    return Category(one.id, one.name, one.slug, description, one.below)


def flat(categories: Sequence[Category]) -> Sequence[Category]:
    """Return categories and all below them."""
    return [one for top in categories for one in (top, *flat(top.below))]


def products_of(core: Core, category: int, lang: int) -> Sequence[Product]:
    """Return the products that a category's page lists, in the shop's order."""
    sql = (
        "SELECT main.id FROM products AS main JOIN category_product ON id_product = main.id"
        f" WHERE id_category = ? AND {_seen(core)} AND visibility IN {_LISTED}"
        " ORDER BY category_product.position, main.id"
    )
    found = (find_product(core, one, lang) for one in core.database.ids(sql, category))
    return [one for one in found if one is not None]


def _seen(core: Core) -> str:
    drafts = " AND state <> 0" if core.version.has_drafts else ""
    return f"main.active = 1 AND visibility <> 'none'{drafts}"


def find_product(core: Core, identifier: int, lang: int) -> Product | None:
    """Return a product that has a page, or None."""
    sql = (
        "SELECT main.*, name, link_rewrite, description_short, description FROM products AS main"
        " JOIN products_lang AS texts ON texts.id = main.id AND id_lang = ?"
        f" WHERE main.id = ? AND {_seen(core)}"
    )
    found = core.database.rows(sql, lang, identifier)
    return _product(core, identifier, found[0], lang) if found else None


def _product(core: Core, identifier: int, row: Row, lang: int) -> Product:
    sold = row["available_for_order"] == "1" and core.setting("PS_CATALOG_MODE") != "1"
    ids = _ids_of(core, "combinations", identifier, "id")
    rules = _Rules(core, identifier)
    variants = [_variant(core, identifier, one, lang, rules) for one in ids]
    brand = "SELECT name FROM manufacturers WHERE id = ? AND active = 1"
    least = leading_int(row["minimal_quantity"] or "1")
    available = any(one.available for one in variants) if ids else rules.can_buy(0, least)
    return Product(
        id=identifier,
        name=row["name"] or "",
        slug=row["link_rewrite"] or "",
        reference=row["reference"] or "",
        brand=core.database.find_text(brand, row["id_manufacturer"]) or "",
        summary=row["description_short"] or "",
        description=row["description"] or "",
        price=_price(core, identifier, 0) if sold or row["show_price"] == "1" else None,
        available=sold and available,
        sold=sold,
        images=_ids_of(core, "product_images", identifier, "cover DESC, position, id"),
        variants=[one for one in variants if rules.shows_unavailable or one.available],
    )


def _ids_of(core: Core, table: str, product: int, order: str) -> Sequence[int]:
    sql = f"SELECT id FROM {table} WHERE id_product = ? ORDER BY {order}"
    return core.database.ids(sql, product)


def _variant(core: Core, product: int, identifier: int, lang: int, rules: "_Rules") -> Variant:
    sql = (
        "SELECT options.public_name || ' : ' || texts.name AS label FROM combination_values"
        " JOIN product_option_values AS main ON main.id = id_value"
        " JOIN product_option_values_lang AS texts ON texts.id = main.id AND texts.id_lang = ?"
        " JOIN product_options_lang AS options"
        " ON options.id = main.id_attribute_group AND options.id_lang = ?"
        " WHERE id_combination = ? ORDER BY main.id_attribute_group, main.id"
    )
    labels = [row["label"] or "" for row in core.database.rows(sql, lang, lang, identifier)]
    sql = "SELECT reference, minimal_quantity FROM combinations WHERE id = ?"
    row = core.database.rows(sql, identifier)[0]
    return Variant(
        identifier,
        ", ".join(labels),
        row["reference"] or "",
        _price(core, product, identifier),
        rules.can_buy(identifier, leading_int(row["minimal_quantity"] or "1")),
    )


def _price(core: Core, product: int, combination: int) -> Price:
    parts = price_parts(core, Wanted(product, combination, group=core.setting_number(_VISITORS)))
    return Price(cents(parts.after(use_tax=True)), cents(parts.before(use_tax=True)))


class _Rules:
    """What the shop's settings say of buying what is not in stock."""

    def __init__(self, core: Core, product: int) -> None:
        sql = (
            "SELECT id_product_attribute, quantity, out_of_stock FROM stock_availables"
            " WHERE id_product = ? AND id_shop = ?"
        )
        rows = core.database.rows(sql, product, THIS_SHOP)
        self._quantities = {
            leading_int(row["id_product_attribute"] or ""): leading_int(row["quantity"] or "")
            for row in rows
        }
        # The product's own row decides for all its combinations.
        said = next((row["out_of_stock"] for row in rows if row["id_product_attribute"] == "0"), "")
        choice = leading_int(said or str(_DEFAULT))
        if choice == _DEFAULT:
            choice = core.setting_number("PS_ORDER_OUT_OF_STOCK")
        self._always = choice == _ALLOWED or core.setting("PS_STOCK_MANAGEMENT") == "0"
        self.shows_unavailable = core.setting("PS_DISP_UNAVAILABLE_ATTR") != "0"

    def can_buy(self, combination: int, least: int) -> bool:
        """Whether the smallest quantity can be ordered."""
        return self._always or self._quantities.get(combination, 0) >= max(1, least)
