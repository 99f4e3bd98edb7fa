"""A variant as a combination of its article's product.

Rules: its price and weight are impacts on its article's, so that the sum is exactly its own.

    wanted = variant(fact, context)
    wanted.on_create["id_product"]        # "7"
"""

from collections.abc import Iterator

from protocol.money import format_decimal
from protocol.records import Article, Variant
from shop_agent.errors import ParentMissingError
from shop_agent.reconcile.wanted.articles import codes, purchase_price
from shop_agent.reconcile.wanted.measures import weight
from shop_agent.reconcile.wanted.prices import ecotax_field, impact
from shop_agent.reconcile.wanted.shape import Context, Wanted, WantedField, plain, subject_of


def variant(fact: Variant, context: Context) -> Wanted:
    """Return a variant's combination.

    Raises:
        ParentMissingError: its article, a size or a colour of it is not in the shop.
    """
    article = context.facts("article", fact.article)
    if not isinstance(article, Article):
        raise ParentMissingError(place=fact.reference, parent=f"article {fact.article}")
    product = context.parent("article", fact.article, article.reference)
    values = [context.parent("axis_value", key, fact.reference) for key in fact.values]
    return Wanted(
        subject_of(fact),
        "combinations",
        (
            plain("reference", context.owner("variant.reference"), fact.reference),
            *codes(fact, context),
            plain("price", context.owner("variant.price"), _impact(fact, article, context)),
            *_ecotax(article, context),
            *_weight(fact, article, context),
            *purchase_price(fact, context),
        ),
        on_create={"id_product": str(product), "minimal_quantity": "1"},
        rows={"product_option_values": tuple({"id": str(value)} for value in values)},
    )


def _impact(fact: Variant, article: Article, context: Context) -> str:
    return format_decimal(impact(fact, article, context))


def _ecotax(article: Article, context: Context) -> Iterator[WantedField]:
    """Yield no ecotax of its own: one above 0 would count in its article's place."""
    if ecotax_field(article, context) is not None:
        yield plain("ecotax", context.owner("article.ecotax"), "0")


def _weight(fact: Variant, article: Article, context: Context) -> Iterator[WantedField]:
    """Yield what a variant adds to its article's weight, unless that weight is the site's."""
    if "weight_grams" not in fact.model_fields_set:
        return
    if context.owner("article.weight_grams") == "site":
        return
    usual = article.weight_grams or 0
    own = usual if fact.weight_grams is None else fact.weight_grams
    said = weight(own - usual, context.profile)
    yield plain("weight", context.owner("variant.weight_grams"), said)
