"""Which specific price the shop takes, of all that a product has.

A row speaks of one value or, by 0, of any; a combination's rows come before its product's, a larger
quantity before a smaller one, what no rule made before what a rule made; then the shop's priorities
decide. The shop looks at its clock to the minute.

    find_discount(core, Wanted(product=2, combination=9))     # Discount(price=Decimal("-1"), ...)
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from demo.prestashop.core import THIS_SHOP, Core
from demo.prestashop.database import Row
from demo.prestashop.record import leading_int, to_decimal

_NEVER = "0000-00-00 00:00:00"
_USUAL = "id_group;id_currency;id_country;id_shop"
_SCORED = frozenset(_USUAL.split(";"))


@dataclass(frozen=True)
class Wanted:
    """Whose price is wanted.

    Args:
        combination: 0 for the product's default one.
        customer: 0 for nobody in particular.
        group: 0 for none, so that only rows for any group apply.
        currency: 0 for the shop's own.
        country: 0 for the shop's own.
        ecotax: None to follow the shop's setting.
    """

    product: int
    combination: int = 0
    quantity: int = 1
    customer: int = 0
    group: int = 0
    currency: int = 0
    country: int = 0
    ecotax: bool | None = None


@dataclass(frozen=True)
class Discount:
    """The specific price that applies.

    Args:
        price: In place of the product's, tax excluded; below 0 for none.
        combination: The one that it is for; 0 for all.
        reduction: A part of the price, or an amount.
        percentage: Whether the reduction is a part.
        tax_included: Whether an amount has its tax in it.
    """

    price: Decimal
    combination: int
    reduction: Decimal
    percentage: bool
    tax_included: bool

    @property
    def is_fixed(self) -> bool:
        """Whether it has a price of its own."""
        return self.price >= 0


def find_discount(core: Core, wanted: Wanted) -> Discount | None:
    """Return the specific price that applies at this minute, or None."""
    bound: Mapping[str, int] = {
        "id_product": wanted.product,
        "id_product_attribute": wanted.combination,
        "id_customer": wanted.customer,
        "id_shop": THIS_SHOP,
        "id_currency": wanted.currency or core.setting_number("PS_CURRENCY_DEFAULT"),
        "id_country": wanted.country or core.setting_number("PS_COUNTRY_DEFAULT"),
        "id_group": wanted.group,
    }
    for_it = " AND ".join(f"{name} IN (0, ?)" for name in bound)
    score, scored = _score(core, bound)
    sql = (
        f"SELECT * FROM specific_prices WHERE {for_it} AND id_cart = 0"
        " AND (from_quantity <= 1 OR from_quantity <= ?)"
        f' AND "from" <= ? AND ("to" = \'{_NEVER}\' OR "to" >= ?)'
        " ORDER BY id_product_attribute DESC, from_quantity DESC, id_specific_price_rule,"
        f' {score} DESC, "to" DESC, "from" DESC, id LIMIT 1'
    )
    minute = f"{core.now()[:-2]}00"
    found = core.database.rows(
        sql, *bound.values(), wanted.quantity, minute, minute, *scored
    )  # fmt: skip
    return _discount(found[0]) if found else None


def _score(core: Core, bound: Mapping[str, int]) -> tuple[str, list[int]]:
    """Return an expression that ranks rows by the shop's priorities, the first the weightiest."""
    setting = core.setting("PS_SPECIFIC_PRICE_PRIORITIES") or _USUAL
    names = [name for name in setting.split(";") if name in _SCORED]
    parts = [f"({name} = ?) * {2 ** (rank + 1)}" for rank, name in enumerate(reversed(names))]
    return " + ".join(parts) or "0", [bound[name] for name in reversed(names)]


def _discount(row: Row) -> Discount:
    return Discount(
        price=to_decimal(row["price"] or "0"),
        combination=leading_int(row["id_product_attribute"] or "0"),
        reduction=to_decimal(row["reduction"] or "0"),
        percentage=row["reduction_type"] == "percentage",
        tax_included=row["reduction_tax"] == "1",
    )
