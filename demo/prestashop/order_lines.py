"""The lines of a cart with their prices, as an order will keep them.

A price is worked out once per line; totals are rounded per line, as the shop's settings say.

    for line in lines_of_cart(core, cart=7):
        line.name, line.quantity, line.total_with_tax
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from demo.prestashop.core import THIS_SHOP, Core
from demo.prestashop.discounts import Wanted
from demo.prestashop.prices import HUNDRED, PriceParts, cents, price_parts
from demo.prestashop.record import Record, leading_int
from demo.prestashop.storing import money
from demo.prestashop.tables import RESOURCES


@dataclass(frozen=True)
class Line:
    """One product of a cart: what it is called, and what it costs with and without tax."""

    product: int
    combination: int
    customization: int
    quantity: int
    name: str
    tax: int
    supplier_reference: str
    prices: PriceParts
    sold: Record
    chosen: Record | None

    @property
    def total(self) -> Decimal:
        """Line total without tax, rounded to the cent."""
        return cents(self.prices.tax_excluded * self.quantity)

    @property
    def total_with_tax(self) -> Decimal:
        """Line total with tax, rounded to the cent."""
        return cents(self.prices.tax_included * self.quantity)

    def _of_variant(self, name: str) -> str:
        own = self.chosen.text(name) if self.chosen else ""
        return own or self.sold.text(name)

    def as_values(self, order: int) -> Mapping[str, str | None]:
        """Return the values of the order_details row."""
        specific = self.prices.specific
        percent = specific.reduction * HUNDRED if specific and specific.percentage else Decimal(0)
        amount = Decimal(0) if not specific or specific.percentage else specific.reduction
        weight = self.sold.decimal("weight")
        if self.chosen:
            weight += self.chosen.decimal("weight")
        wholesale = self.chosen.decimal("wholesale_price") if self.chosen else Decimal(0)
        bought = money(wholesale or self.sold.decimal("wholesale_price"))
        return {
            "id_order": str(order),
            "product_id": str(self.product),
            "product_attribute_id": str(self.combination),
            "id_shop": str(THIS_SHOP),
            "id_customization": str(self.customization),
            "product_name": self.name,
            "product_quantity": str(self.quantity),
            "product_price": money(self.prices.tax_excluded),
            "reduction_percent": str(percent),
            "reduction_amount": str(amount),
            "product_ean13": self._of_variant("ean13"),
            "product_isbn": self._of_variant("isbn"),
            "product_upc": self._of_variant("upc"),
            "product_mpn": self._of_variant("mpn"),
            "product_reference": self._of_variant("reference"),
            "product_supplier_reference": self.supplier_reference,
            "product_weight": str(weight),
            "id_tax_rules_group": self.sold.text("id_tax_rules_group"),
            "unit_price_tax_excl": money(self.prices.tax_excluded),
            "unit_price_tax_incl": money(self.prices.tax_included),
            "total_price_tax_excl": money(self.total),
            "total_price_tax_incl": money(self.total_with_tax),
            "purchase_supplier_price": bought,
            "original_product_price": money(self.prices.original),
            "original_wholesale_price": bought,
        }


def lines_of_cart(core: Core, cart: int) -> list[Line]:
    """Return the lines of a cart; rows of products that do not exist are left out."""
    sql = "SELECT * FROM cart_rows WHERE id_cart = ? AND quantity > 0 ORDER BY id"
    lang_sql = "SELECT id_lang, id_customer FROM carts WHERE id = ?"
    owner = core.database.rows(lang_sql, cart)
    lang = leading_int(owner[0]["id_lang"] or "1") if owner else 1
    customer = leading_int(owner[0]["id_customer"] or "0") if owner else 0
    found = (
        _line(
            core, {name: leading_int(value or "0") for name, value in row.items()}, lang, customer
        )
        for row in core.database.rows(sql, cart)
    )
    return [line for line in found if line is not None]


def _line(core: Core, row: Mapping[str, int], lang: int, customer: int) -> Line | None:
    product, combination = row["id_product"], row["id_product_attribute"]
    sold = core.database.find(RESOURCES["products"], product)
    if sold is None:
        return None
    chosen = core.database.find(RESOURCES["combinations"], combination) if combination else None
    wanted = Wanted(product, combination, row["quantity"], customer, group=3)
    group = sold.integer("id_tax_rules_group")
    sql = "SELECT id_tax FROM tax_rules WHERE id_tax_rules_group = ? AND id_country = ? LIMIT 1"
    return Line(
        product=product,
        combination=combination,
        customization=row["id_customization"],
        quantity=row["quantity"],
        name=sold.by_lang("name").get(lang, "") + _variant_name(core, combination, lang),
        tax=core.database.number(sql, group, core.setting_number("PS_COUNTRY_DEFAULT")),
        supplier_reference=_supplier_reference(core, sold, combination),
        prices=price_parts(core, wanted),
        sold=sold,
        chosen=chosen,
    )


def _supplier_reference(core: Core, sold: Record, combination: int) -> str:
    sql = (
        "SELECT product_supplier_reference FROM product_suppliers WHERE id_product = ?"
        " AND id_product_attribute = ? AND id_supplier = ?"
    )
    supplier = sold.integer("id_supplier")
    return core.database.find_text(sql, sold.id, combination, supplier) or ""


def _variant_name(core: Core, combination: int, lang: int) -> str:
    sql = (
        "SELECT options.public_name AS option, texts.name AS value FROM combination_values"
        " JOIN product_option_values AS vals ON vals.id = combination_values.id_value"
        " JOIN product_option_values_lang AS texts ON texts.id = vals.id AND texts.id_lang = ?"
        " JOIN product_options_lang AS options"
        " ON options.id = vals.id_attribute_group AND options.id_lang = ?"
        " WHERE id_combination = ? ORDER BY vals.id_attribute_group"
    )
    rows = core.database.rows(sql, lang, lang, combination)
    sign = core.version.variant_sign
    said = " - ".join(f"{row['option']}{sign}{row['value']}" for row in rows)
    return f" ({said})" if said else ""
