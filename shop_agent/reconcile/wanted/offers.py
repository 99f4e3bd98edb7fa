"""What suppliers call an article or a variant and ask for it: a row of the shop for each.

Rules: a row is told by its product, combination (0: the product itself) and supplier; the price is
written in the shop's own currency only, without tax.

    offers(article, context)      # (Wanted(supply 7:0:3, "product_suppliers", …),), or None
    rule_of_stock(article, context)
"""

from collections.abc import Iterator, Mapping

from protocol.money import format_decimal
from protocol.records import Article, Record, SupplierOffer, Variant
from shop_agent.actions import Subject
from shop_agent.reconcile.wanted.shape import (
    Context,
    Wanted,
    WantedField,
    plain,
    says,
    subject_of,
)

#: The kind of the links to rows of product_suppliers; it is no record's.
SUPPLY = "supply"
_RULES: Mapping[str, str] = {"deny": "0", "allow": "1", "default": "2"}


def supply_key(product: int, combination: int, supplier: int) -> str:
    """Return the key of one row."""
    return f"{product}:{combination}:{supplier}"


def place_of(fact: Record, context: Context) -> tuple[int, int] | None:
    """Return the (product, combination) of an article or a variant that is in the shop."""
    if isinstance(fact, Variant):
        product = context.links("article", fact.article)
        combination = context.links("variant", fact.key)
    else:
        product, combination = context.links("article", fact.key), 0
    return (product, combination) if product is not None and combination is not None else None


def offers(fact: Article | Variant, context: Context) -> tuple[Wanted, ...] | None:
    """Return the rows that a fact asks for; None when it says nothing of suppliers.

    Raises:
        ParentMissingError: a supplier is not in the shop yet.
    """
    place, owner = place_of(fact, context), context.owner(f"{fact.kind}.suppliers")
    if place is None or not says(fact, "suppliers") or owner == "site":
        return None
    first: dict[str, SupplierOffer] = {}
    for offer in fact.suppliers or ():
        first.setdefault(offer.supplier, offer)
    return tuple(_row(fact, offer, place, context) for offer in first.values())


def rule_of_stock(fact: Record, context: Context) -> Wanted | None:
    """Return whether an article may be ordered at 0, on its stock row; None when not said."""
    if not isinstance(fact, Article) or fact.when_out_of_stock is None:
        return None
    owner = context.owner("article.when_out_of_stock")
    rule = plain("out_of_stock", owner, _RULES[fact.when_out_of_stock])
    return Wanted(subject_of(fact), "stock_availables", (rule,))


def _row(
    fact: Article | Variant, offer: SupplierOffer, place: tuple[int, int], context: Context
) -> Wanted:
    product, combination = place
    supplier = context.parent("supplier", offer.supplier, fact.reference)
    return Wanted(
        Subject(SUPPLY, supply_key(product, combination, supplier)),
        "product_suppliers",
        tuple(_fields(fact, offer, context)),
        on_create={
            "id_product": str(product),
            "id_product_attribute": str(combination),
            "id_supplier": str(supplier),
            "id_currency": context.profile.settings.get("PS_CURRENCY_DEFAULT", "0"),
        },
    )


def _fields(
    fact: Article | Variant, offer: SupplierOffer, context: Context
) -> Iterator[WantedField]:
    owner = context.owner(f"{fact.kind}.suppliers")
    yield plain("product_supplier_reference", owner, offer.reference)
    if offer.purchase_price is not None and offer.currency == context.profile.currency:
        yield plain("product_supplier_price_te", owner, format_decimal(offer.purchase_price))
