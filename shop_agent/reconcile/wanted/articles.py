"""An article as a product of the shop.

Rules: what the record does not say is neither written nor cleared; what is not null may be
cleared. A creation says all that PrestaShop would otherwise store as 0 or empty.

    wanted = article(fact, context)
    wanted.lists["categories"].rows       # ({"id": "12"},)
"""

from collections.abc import Iterator, Mapping

from protocol.money import format_decimal
from protocol.records import Article, FeatureValue, PackPart, Variant
from shop_agent.errors import NoTaxGroupError, ParentMissingError
from shop_agent.prestashop.entities import FieldValue, Row
from shop_agent.reconcile.wanted.measures import length, weight
from shop_agent.reconcile.wanted.prices import base_price, ecotax_field
from shop_agent.reconcile.wanted.shape import (
    Context,
    Wanted,
    WantedField,
    WantedList,
    plain,
    says,
    subject_of,
)
from shop_agent.reconcile.wanted.texts import filled, prose, slugs, texts

_SIZES: Mapping[str, str] = {"width_mm": "width", "height_mm": "height", "depth_mm": "depth"}
_CODES: Mapping[str, str] = {"ean": "ean13", "upc": "upc", "isbn": "isbn", "mpn": "mpn"}
#: What PrestaShop calls a product may be replaced by a nature, but never « combinations ».
_NATURES = frozenset({"", "standard", "virtual", "pack"})


def article(fact: Article, context: Context) -> Wanted:
    """Return an article's product.

    Raises:
        ParentMissingError, NoTaxGroupError, PriceNotRepresentableError, EcotaxAbovePriceError.
    """
    return Wanted(
        subject_of(fact),
        "products",
        (
            *_texts(fact, context),
            *_prices(fact, context),
            *codes(fact, context),
            *_places(fact, context),
            *_body(fact, context),
        ),
        on_create=_on_create(fact, context),
        lists=dict(_lists(fact, context)),
    )


def codes(fact: Article | Variant, context: Context) -> Iterator[WantedField]:
    """Yield the codes that a fact says; null clears one."""
    for name, shown in _CODES.items():
        if says(fact, name):
            owner = context.owner(f"{fact.kind}.{name}")
            yield plain(shown, owner, getattr(fact, name) or "")


def purchase_price(fact: Article | Variant, context: Context) -> Iterator[WantedField]:
    """Yield what the merchant pays, without tax, where the till says it."""
    if says(fact, "purchase_price"):
        bought = "0" if fact.purchase_price is None else format_decimal(fact.purchase_price)
        yield plain("wholesale_price", context.owner(f"{fact.kind}.purchase_price"), bought)


def _texts(fact: Article, context: Context) -> Iterator[WantedField]:
    yield WantedField("name", context.owner("article.name"), texts(fact.name, context))
    if says(fact, "description"):
        owner = context.owner("article.description")
        yield prose("description", owner, fact.description, context)
    if says(fact, "short_description"):
        owner = context.owner("article.short_description")
        yield prose("description_short", owner, fact.short_description, context)
    for name in ("meta_title", "meta_description"):
        if said := getattr(fact, name):
            yield WantedField(name, context.owner(f"article.{name}"), texts(said, context))


def _prices(fact: Article, context: Context) -> Iterator[WantedField]:
    price, rate = base_price(fact, context)
    group = context.profile.tax_groups.get(rate)
    if group is None:
        raise NoTaxGroupError(place=str(subject_of(fact)), value=rate, rate=format_decimal(rate))
    yield plain("price", context.owner("article.price"), format_decimal(price))
    yield plain("id_tax_rules_group", context.owner("article.tax_rate"), group)
    ecotax = ecotax_field(fact, context)
    if ecotax is not None:
        yield ecotax
    yield from purchase_price(fact, context)


def _places(fact: Article, context: Context) -> Iterator[WantedField]:
    """Yield what the article is called by and hangs on."""
    yield plain("reference", context.owner("article.reference"), fact.reference)
    if says(fact, "brand"):
        brand = 0 if fact.brand is None else context.parent("brand", fact.brand, fact.reference)
        yield plain("id_manufacturer", context.owner("article.brand"), brand)
    if says(fact, "suppliers"):
        offers = [
            context.parent("supplier", offer.supplier, fact.reference)
            for offer in fact.suppliers or ()
        ]
        yield plain("id_supplier", context.owner("article.suppliers"), (offers or [0])[0])
    owner = context.owner("article.default_category")
    yield plain("id_category_default", owner, _shelves(fact, context)[0])


def _body(fact: Article, context: Context) -> Iterator[WantedField]:
    if says(fact, "weight_grams"):
        said = weight(fact.weight_grams or 0, context.profile)
        yield plain("weight", context.owner("article.weight_grams"), said)
    for name, shown in _SIZES.items():
        if says(fact, name):
            said = length(getattr(fact, name) or 0, context.profile)
            yield plain(shown, context.owner(f"article.{name}"), said)
    if fact.condition is not None:
        yield plain("condition", context.owner("article.condition"), fact.condition)
    if says(fact, "nature"):
        nature, owner = fact.nature or "standard", context.owner("article.nature")
        # A standard product has had no word for it in most shops: only another nature is undone.
        over = frozenset({"virtual", "pack"}) if nature == "standard" else _NATURES
        yield plain("is_virtual", owner, int(nature == "virtual"))
        yield WantedField("product_type", owner, {0: nature}, over)


def _lists(fact: Article, context: Context) -> Iterator[tuple[str, WantedList]]:
    shelves: tuple[Row, ...] = tuple(
        {"id": str(shelf)} for shelf in dict.fromkeys(_shelves(fact, context))
    )
    yield "categories", WantedList(context.owner("article.categories"), shelves)
    if says(fact, "features"):
        described = tuple(
            _feature(key, fact, context) for key in dict.fromkeys(fact.features or ())
        )
        owner = context.owner("article.features")
        yield "product_features", WantedList(owner, described)
    if says(fact, "nature"):
        parts = fact.parts if fact.nature == "pack" else None
        rows = tuple(_part(part, fact, context) for part in parts or ())
        yield "product_bundle", WantedList(context.owner("article.parts"), rows)


def _shelves(fact: Article, context: Context) -> tuple[int, ...]:
    shelves = tuple(context.parent("category", key, fact.reference) for key in fact.categories)
    return shelves or (context.profile.home_category,)


def _feature(key: str, fact: Article, context: Context) -> Row:
    value = context.facts("feature_value", key)
    if not isinstance(value, FeatureValue):
        raise ParentMissingError(place=fact.reference, value=key, parent=f"feature_value {key}")
    return {
        "id": str(context.parent("feature", value.feature, fact.reference)),
        "id_feature_value": str(context.parent("feature_value", key, fact.reference)),
    }


def _part(part: PackPart, fact: Article, context: Context) -> Row:
    """Return one item of a pack; it waits until its part is in the shop."""
    article_key, combination = part.article, 0
    if part.variant is not None:
        variant = context.facts("variant", part.variant)
        if not isinstance(variant, Variant):
            parent = f"variant {part.variant}"
            raise ParentMissingError(place=fact.reference, value=part.variant, parent=parent)
        combination = context.parent("variant", part.variant, fact.reference)
        article_key = variant.article
    return {
        "id": str(context.parent("article", article_key or "", fact.reference)),
        "id_product_attribute": str(combination),
        "quantity": str(part.quantity),
    }


def _on_create(fact: Article, context: Context) -> dict[str, FieldValue]:
    said: dict[str, FieldValue] = {
        "name": filled(fact.name, context),
        "link_rewrite": slugs(fact.name, fact.slug or {}, context),
        "description": filled(fact.description or {}, context),
        "active": "0",
        "state": "1",
        "available_for_order": "1",
        "show_price": "1",
        "minimal_quantity": "1",
        "visibility": "both",
    }
    optional = {
        "description_short": fact.short_description,
        "meta_title": fact.meta_title,
        "meta_description": fact.meta_description,
    }
    return said | {name: filled(text, context) for name, text in optional.items() if text}
