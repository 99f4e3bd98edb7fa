"""What the front would charge: base, combination impact, specific price, tax.

All amounts are Decimals; nothing is rounded before the end.

    unit_price(core, Wanted(product=2, combination=9), use_tax=True)      # Decimal("34.464")
    tax_rate(core, group=1)                                               # Decimal("20.000")
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from demo.prestashop.core import THIS_SHOP, Core
from demo.prestashop.record import leading_int, to_decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Wanted:
    """Whose price is wanted: product, combination (0: its default), quantity, customer."""

    product: int
    combination: int = 0
    quantity: int = 1
    customer: int = 0
    group: int = 1


@dataclass(frozen=True)
class SpecificPrice:
    """The specific price that applies: a new price (negative: none), and a reduction."""

    price: Decimal
    reduction: Decimal
    percentage: bool
    tax_included: bool


@dataclass(frozen=True)
class PriceParts:
    """A unit price with what made it.

    Args:
        original: Before the reduction, tax excluded.
        reduction: What is taken off, tax excluded.
        rate: Tax in percent.
    """

    original: Decimal
    reduction: Decimal
    rate: Decimal
    specific: SpecificPrice | None

    @property
    def tax_excluded(self) -> Decimal:
        """Price after the reduction, never under 0."""
        return max(Decimal(0), self.original - self.reduction)

    @property
    def tax_included(self) -> Decimal:
        """The same with tax."""
        return self.with_tax(self.tax_excluded)

    def with_tax(self, amount: Decimal) -> Decimal:
        """Return an amount with the product's tax."""
        return amount * (HUNDRED + self.rate) / HUNDRED


def cents(amount: Decimal, decimals: int = 2) -> Decimal:
    """Round an amount, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def tax_rate(core: Core, group: int) -> Decimal:
    """Return the tax of a tax group in the shop's country, in percent."""
    sql = (
        "SELECT taxes.rate FROM tax_rules JOIN taxes ON taxes.id = tax_rules.id_tax"
        " WHERE tax_rules.id_tax_rules_group = ? AND tax_rules.id_country = ?"
        " AND taxes.active = 1 ORDER BY tax_rules.id LIMIT 1"
    )
    country = core.setting_number("PS_COUNTRY_DEFAULT")
    return to_decimal(core.database.find_text(sql, group, country) or "0")


def price_parts(core: Core, wanted: Wanted) -> PriceParts:
    """Return the unit price of a product or combination, with what made it."""
    sql = "SELECT price, id_tax_rules_group FROM products WHERE id = ?"
    found = core.database.rows(sql, wanted.product)
    row = found[0] if found else {}
    rate = tax_rate(core, leading_int(row.get("id_tax_rules_group") or "0"))
    specific = _specific_price(core, wanted)
    base = to_decimal(row.get("price") or "0")
    if specific is not None and specific.price >= 0:
        base = specific.price
    impact = _find_impact(core, wanted)
    original = Decimal(0) if impact is None else base + impact
    return PriceParts(original, _reduction(specific, original, rate), rate, specific)


def unit_price(core: Core, wanted: Wanted, use_tax: bool) -> Decimal:
    """Return the price of one unit after reductions, not rounded."""
    parts = price_parts(core, wanted)
    return parts.tax_included if use_tax else parts.tax_excluded


def _find_impact(core: Core, wanted: Wanted) -> Decimal | None:
    """Return what the combination adds; None, for a price of 0, when there is no such one.

    A product that has combinations, none of them marked as default, has no price of its own.
    """
    database = core.database
    if wanted.combination:
        sql = "SELECT price FROM combinations WHERE id_product = ? AND id = ?"
        found = database.find_text(sql, wanted.product, wanted.combination)
        return None if found is None else to_decimal(found)
    sql = "SELECT price FROM combinations WHERE id_product = ? AND default_on = 1"
    found = database.find_text(sql, wanted.product)
    if found is not None:
        return to_decimal(found)
    sql = "SELECT COUNT(*) FROM combinations WHERE id_product = ?"
    return None if database.number(sql, wanted.product) else Decimal(0)


def _reduction(specific: SpecificPrice | None, price: Decimal, rate: Decimal) -> Decimal:
    if specific is None:
        return Decimal(0)
    if specific.percentage:
        return price * specific.reduction
    if specific.tax_included:
        return specific.reduction * HUNDRED / (HUNDRED + rate)
    return specific.reduction


def _specific_price(core: Core, wanted: Wanted) -> SpecificPrice | None:
    currency = core.setting_number("PS_CURRENCY_DEFAULT")
    country = core.setting_number("PS_COUNTRY_DEFAULT")
    zero = "'0000-00-00 00:00:00'"
    sql = (
        "SELECT * FROM specific_prices"
        " WHERE id_product IN (0, ?) AND id_product_attribute IN (0, ?)"
        " AND id_shop IN (0, ?) AND id_currency IN (0, ?) AND id_country IN (0, ?)"
        " AND id_group IN (0, ?) AND id_customer IN (0, ?) AND id_cart = 0 AND from_quantity <= ?"
        f' AND ("from" = {zero} OR "from" <= ?) AND ("to" = {zero} OR "to" >= ?)'
        " ORDER BY id_product_attribute DESC, from_quantity DESC, id_specific_price_rule,"
        " (id_customer > 0) * 32 + (id_product > 0) * 16 + (id_shop > 0) * 8 + (id_group > 0) * 4"
        ' + (id_country > 0) * 2 + (id_currency > 0) DESC, "to" DESC, "from" DESC LIMIT 1'
    )
    now = core.now()
    found = core.database.rows(
        sql, wanted.product, wanted.combination, THIS_SHOP, currency, country, wanted.group,
        wanted.customer, wanted.quantity, now, now,
    )  # fmt: skip
    if not found:
        return None
    row = found[0]
    return SpecificPrice(
        price=to_decimal(row["price"] or "0"),
        reduction=to_decimal(row["reduction"] or "0"),
        percentage=row["reduction_type"] == "percentage",
        tax_included=row["reduction_tax"] == "1",
    )


def asked_price(core: Core, product: int, combination: int, options: Mapping[str, str]) -> Decimal:
    """Return a computed price as the query string describes it.

    Args:
        core: The shop.
        product: Product id.
        combination: Combination that is being read; 0 for a product.
        options: `use_tax`, `use_reduction`, `only_reduction`, `decimals`, `product_attribute`,
            `quantity`, `group`.
    """
    chosen = leading_int(options.get("product_attribute", "0")) or combination
    wanted = Wanted(
        product,
        chosen,
        quantity=leading_int(options.get("quantity", "1")) or 1,
        group=leading_int(options.get("group", "1")) or 1,
    )
    parts = price_parts(core, wanted)
    amount = parts.tax_excluded
    if options.get("use_reduction", "1") == "0":
        amount = parts.original
    if options.get("only_reduction", "0") == "1":
        amount = min(parts.original, parts.reduction)
    if options.get("use_tax", "1") == "1":
        amount = parts.with_tax(amount)
    decimals = options.get("decimals", core.setting("PS_PRICE_ROUND_MODE"))
    return cents(amount, leading_int(decimals))
