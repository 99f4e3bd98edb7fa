"""Prices without tax, such that a visitor pays the till's price to the cent.

Rules: PrestaShop adds the tax to a product's price and, where it uses the ecotax
(PS_USE_ECOTAX=1), the ecotax with its own tax; so there the ecotax that the till's price contains
is taken out of it first. Elsewhere the price just contains it, and the field is left alone.

    base_price(article, context)       # (Decimal("41.583333"), Decimal("20"))
    impact(variant, article, context)  # Decimal("4.166667")
    ecotax_field(article, context)     # WantedField("ecotax", …), or None
"""

from decimal import Decimal

from protocol.money import MICRO, excluding_tax, format_decimal
from protocol.records import Article, TaxRate, Variant
from shop_agent.errors import EcotaxAbovePriceError, ParentMissingError
from shop_agent.reconcile.wanted.shape import Context, WantedField, plain, says


def base_price(article: Article, context: Context) -> tuple[Decimal, Decimal]:
    """Return an article's (price without tax, rate in percent)."""
    rate = tax_rate(article, context)
    return _without_tax(article.price.amount, rate, article, context), rate


def impact(variant: Variant, article: Article, context: Context) -> Decimal:
    """Return what a variant adds to its article's price, without tax; 0 without its own."""
    base, rate = base_price(article, context)
    if variant.price is None:
        return Decimal(0)
    return (_without_tax(variant.price.amount, rate, article, context) - base).quantize(MICRO)


def tax_rate(article: Article, context: Context) -> Decimal:
    """Return an article's rate in percent, by its tax_rate record."""
    fact = context.facts("tax_rate", article.tax_rate)
    if not isinstance(fact, TaxRate):
        raise ParentMissingError(place=str(article.key), parent=f"tax_rate {article.tax_rate}")
    return fact.rate


def ecotax_field(article: Article, context: Context) -> WantedField | None:
    """Return the shop's ecotax, without its tax; None where the shop or the till has none to say.

    Raises:
        EcotaxAbovePriceError: the price cannot contain it.
    """
    rate = context.profile.ecotax_rate
    if rate is None or not says(article, "ecotax"):
        return None
    amount = excluding_tax(_contained(article, context), rate)
    return plain("ecotax", context.owner("article.ecotax"), format_decimal(amount))


def _without_tax(amount: Decimal, rate: Decimal, article: Article, context: Context) -> Decimal:
    contained = _contained(article, context)
    if contained > amount:
        raise EcotaxAbovePriceError(
            place=article.reference, value=contained, price=format_decimal(amount)
        )
    return excluding_tax(amount - contained, rate)


def _contained(article: Article, context: Context) -> Decimal:
    """Return the ecotax, with its tax, that the shop adds by itself to our price."""
    is_ours = context.owner("article.ecotax") != "site"
    if context.profile.ecotax_rate is None or article.ecotax is None or not is_ours:
        return Decimal(0)
    return article.ecotax
