"""What the front would charge: base, combination impact, tax, ecotax, specific price.

All amounts are Decimals; nothing is rounded before the end.

    unit_price(core, Wanted(product=2, combination=9), use_tax=True)      # Decimal("34.464")
    tax_rate(core, group=1)                                               # Decimal("20.000")
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from demo.prestashop.core import Core
from demo.prestashop.database import Row
from demo.prestashop.discounts import Discount, Wanted, find_discount
from demo.prestashop.record import leading_int, to_decimal

HUNDRED = Decimal(100)
_ZERO = Decimal(0)


@dataclass(frozen=True)
class PriceParts:
    """A unit price with what made it; a product or combination that is not known has none.

    Args:
        net: Base and impact, tax and ecotax excluded.
        rate: Tax in percent.
        ecotax: Tax excluded.
        ecotax_rate: Its own tax in percent.
        specific: What applies to it.
    """

    net: Decimal = _ZERO
    rate: Decimal = _ZERO
    ecotax: Decimal = _ZERO
    ecotax_rate: Decimal = _ZERO
    specific: Discount | None = None

    @property
    def original(self) -> Decimal:
        """Price before the reduction, tax excluded."""
        return self.before(use_tax=False)

    @property
    def tax_excluded(self) -> Decimal:
        """Price after the reduction, never under 0."""
        return self.after(use_tax=False)

    @property
    def tax_included(self) -> Decimal:
        """The same with tax."""
        return self.after(use_tax=True)

    def before(self, use_tax: bool) -> Decimal:
        """Return the price before the reduction."""
        if not use_tax:
            return self.net + self.ecotax
        return _with_tax(self.net, self.rate) + _with_tax(self.ecotax, self.ecotax_rate)

    def after(self, use_tax: bool) -> Decimal:
        """Return the price after the reduction, never under 0."""
        return max(_ZERO, self.before(use_tax) - self.reduction(use_tax))

    def reduction(self, use_tax: bool) -> Decimal:
        """Return what is taken off; it may be more than there is."""
        if self.specific is None:
            return _ZERO
        amount = self.specific.reduction
        if self.specific.percentage:
            return self.before(use_tax) * amount
        if use_tax == self.specific.tax_included:
            return amount
        if use_tax:
            return _with_tax(amount, self.rate)
        return amount * HUNDRED / (HUNDRED + self.rate)


def _with_tax(amount: Decimal, rate: Decimal) -> Decimal:
    return amount * (HUNDRED + rate) / HUNDRED


def cents(amount: Decimal, decimals: int = 2) -> Decimal:
    """Round an amount, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def tax_rate(core: Core, group: int, country: int = 0) -> Decimal:
    """Return the tax of a tax group in a country, in percent; 0 where the shop has none at all.

    Args:
        core: The shop.
        group: Tax group; one that is not known has no tax.
        country: 0 for the shop's own.
    """
    if core.setting("PS_TAX") == "0":
        return _ZERO
    sql = (
        "SELECT taxes.rate FROM tax_rules JOIN taxes ON taxes.id = tax_rules.id_tax"
        " WHERE tax_rules.id_tax_rules_group = ? AND tax_rules.id_country = ?"
        " AND taxes.active = 1 ORDER BY tax_rules.id LIMIT 1"
    )
    where = country or core.setting_number("PS_COUNTRY_DEFAULT")
    return to_decimal(core.database.find_text(sql, group, where) or "0")


def price_parts(core: Core, wanted: Wanted) -> PriceParts:
    """Return the unit price of a product or combination, with what made it."""
    sql = "SELECT price, ecotax, id_tax_rules_group FROM products WHERE id = ?"
    found = core.database.rows(sql, wanted.product)
    variant = _variant(core, wanted)
    if not found or variant is None:
        return PriceParts()
    specific = find_discount(core, wanted)
    parts = PriceParts(
        net=_net(found[0], variant, specific),
        rate=tax_rate(core, _number(found[0], "id_tax_rules_group"), wanted.country),
        specific=specific,
    )
    follows = core.setting("PS_USE_ECOTAX") not in {"", "0"}
    counted = follows if wanted.ecotax is None else wanted.ecotax
    return _with_ecotax(core, wanted, parts, found[0], variant) if counted else parts


def _net(product: Row, variant: Row, specific: Discount | None) -> Decimal:
    fixed = specific is not None and specific.is_fixed
    base = specific.price if specific is not None and fixed else _amount(product, "price")
    own = specific is not None and fixed and bool(specific.combination)
    return base if own else base + _amount(variant, "price")


def _with_ecotax(
    core: Core, wanted: Wanted, parts: PriceParts, product: Row, variant: Row
) -> PriceParts:
    group = core.setting_number("PS_ECOTAX_TAX_RULES_GROUP_ID")
    return replace(
        parts,
        ecotax=max(_ZERO, _amount(variant, "ecotax")) or _amount(product, "ecotax"),
        ecotax_rate=tax_rate(core, group, wanted.country),
    )


def _amount(row: Row, name: str) -> Decimal:
    return to_decimal(row.get(name) or "0")


def _number(row: Row, name: str) -> int:
    return leading_int(row.get(name) or "0")


def unit_price(core: Core, wanted: Wanted, use_tax: bool) -> Decimal:
    """Return the price of one unit after reductions, not rounded."""
    return price_parts(core, wanted).after(use_tax)


def _variant(core: Core, wanted: Wanted) -> Row | None:
    """Return what the combination adds; None, for a price of 0, when there is no such one.

    A product that has combinations, none of them marked as default, has no price of its own.
    """
    database = core.database
    sql = "SELECT price, ecotax FROM combinations WHERE id_product = ? AND "
    if wanted.combination:
        found = database.rows(f"{sql}id = ?", wanted.product, wanted.combination)
    else:
        found = database.rows(f"{sql}default_on = 1", wanted.product)
    if found:
        return found[0]
    sql = "SELECT COUNT(*) FROM combinations WHERE id_product = ?"
    return None if wanted.combination or database.number(sql, wanted.product) else {}


def asked_price(core: Core, product: int, combination: int, options: Mapping[str, str]) -> Decimal:
    """Return a computed price as the query string describes it.

    Args:
        core: The shop.
        product: Product id.
        combination: Combination that is being read; 0 for a product.
        options: `use_tax`, `use_reduction`, `only_reduction`, `use_ecotax`, `decimals`,
            `product_attribute`, `quantity`, `group`, `currency`, `country`.
    """
    use_tax = _is_true(options.get("use_tax", core.setting("PS_TAX")))
    parts = price_parts(core, _wanted(core, product, combination, options))
    if _is_true(options.get("only_reduction", "0")):
        amount = parts.reduction(use_tax)
    elif _is_true(options.get("use_reduction", "1")):
        amount = parts.after(use_tax)
    else:
        amount = parts.before(use_tax)
    decimals = options.get("decimals", core.setting("PS_PRICE_ROUND_MODE"))
    return cents(amount, leading_int(decimals))


def _wanted(core: Core, product: int, combination: int, options: Mapping[str, str]) -> Wanted:
    ecotax = options.get("use_ecotax")
    usual = core.setting("PS_CUSTOMER_GROUP")
    return Wanted(
        product,
        combination or leading_int(options.get("product_attribute", "0")),
        quantity=leading_int(options.get("quantity", "1")),
        group=leading_int(options.get("group", usual)),
        currency=leading_int(options.get("currency", "0")),
        country=leading_int(options.get("country", "0")),
        ecotax=None if ecotax is None else _is_true(ecotax),
    )


def _is_true(text: str) -> bool:
    return text not in {"", "0"}
