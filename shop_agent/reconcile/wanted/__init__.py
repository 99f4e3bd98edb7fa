"""What each fact of the till means in PrestaShop's terms, before anyone looks at the shop.

Pure: a fact, the links (till key → PrestaShop id), the shop's profile and the merchant's policy
give a `Wanted`. Its fields have owners and normal forms; `on_create` is said once and never again
(a URL, what a creation would zero).

    wanted = want(article, Context(links, facts, profile, policy))
"""

from protocol.records import (
    Article,
    Axis,
    AxisValue,
    Brand,
    Category,
    Feature,
    FeatureValue,
    Record,
    Supplier,
    Variant,
)
from shop_agent.reconcile.wanted import lists
from shop_agent.reconcile.wanted.articles import article
from shop_agent.reconcile.wanted.owners import DEFAULT_OWNERS, RESOURCES, SHOP_FIELDS
from shop_agent.reconcile.wanted.prices import base_price, tax_rate
from shop_agent.reconcile.wanted.shape import (
    Context,
    Facts,
    Links,
    Wanted,
    WantedField,
    WantedList,
    normal,
    without_lacking,
)
from shop_agent.reconcile.wanted.texts import slug
from shop_agent.reconcile.wanted.variants import variant

__all__ = [
    "DEFAULT_OWNERS",
    "RESOURCES",
    "SHOP_FIELDS",
    "Context",
    "Facts",
    "Links",
    "Wanted",
    "WantedField",
    "WantedList",
    "base_price",
    "normal",
    "slug",
    "tax_rate",
    "want",
    "without_lacking",
]


def want(fact: Record, context: Context) -> Wanted:
    """Return what a fact means in the shop.

    Raises:
        ParentMissingError, NoTaxGroupError, PriceNotRepresentableError, EcotaxAbovePriceError: the
            fact must wait or be set aside.
    """
    if isinstance(fact, Article):
        return article(fact, context)
    if isinstance(fact, Variant):
        return variant(fact, context)
    return _of_a_list(fact, context)


def _of_a_list(fact: Record, context: Context) -> Wanted:
    if isinstance(fact, Category):
        return lists.category(fact, context)
    if isinstance(fact, Brand):
        return lists.brand(fact, context)
    if isinstance(fact, Supplier):
        return lists.supplier(fact, context)
    if isinstance(fact, Feature):
        return lists.feature(fact, context)
    if isinstance(fact, FeatureValue):
        return lists.feature_value(fact, context)
    if isinstance(fact, Axis):
        return lists.axis(fact, context)
    if isinstance(fact, AxisValue):
        return lists.axis_value(fact, context)
    raise TypeError(f"no entity of the shop for {fact.kind}")
