"""A trial on a part of the catalogue: which facts are of it, with all that they hang on.

An article is in a pilot that names it or a category above it. With it go its variants, photos,
stock and prices, and what must be in the shop for it: its categories up to the root, its brand,
suppliers, sizes, features, and the parts of a pack. Pure.

    inside = members(choices.pilots, facts)       # subjects; everything else is not written
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from protocol.records import (
    Article,
    AxisValue,
    Category,
    FeatureValue,
    ListPrice,
    Photo,
    Pilot,
    Promotion,
    Record,
    Variant,
)
from shop_agent.actions import Subject
from shop_agent.reconcile.policy import Tree, ancestry

#: Facts without which nothing can be planned, and that are nothing in the shop.
_ALWAYS = frozenset({"tax_rate", "policy", "price_list"})
Facts = Mapping[str, Sequence[Record]]
_Kind = TypeVar("_Kind", bound=Record)


def members(pilots: Sequence[Pilot], facts: Facts) -> frozenset[Subject]:
    """Return everything that is in all of these pilots.

    Args:
        pilots: At least one.
        facts: Records by kind, those that are gone too, as last known.
    """
    tree = {one.key: one.parent for one in _of(facts, "category", Category)}
    variants = _of(facts, "variant", Variant)
    articles = _of(facts, "article", Article)
    chosen = {one.key for one in articles if all(_is_in(pilot, one, tree) for pilot in pilots)}
    chosen |= _parts(articles, variants, chosen)
    mine = [one for one in articles if one.key in chosen]
    its = [one for one in variants if one.article in chosen]
    inside = {Subject("article", key) for key in chosen}
    inside |= {Subject("variant", one.key) for one in its}
    inside |= {Subject("stock", f"a:{key}") for key in chosen}
    inside |= {Subject("stock", f"v:{one.key}") for one in its}
    inside |= _subjects("photo", (p for p in _of(facts, "photo", Photo) if p.article in chosen))
    inside |= set(_hung_on(mine, its, facts, tree))
    inside |= set(_prices(mine, its, facts, tree))
    for kind in _ALWAYS:
        inside |= _subjects(kind, facts.get(kind, ()))
    return frozenset(inside)


def _of(facts: Facts, kind: str, model: type[_Kind]) -> list[_Kind]:
    return [record for record in facts.get(kind, ()) if isinstance(record, model)]


def _subjects(kind: str, records: Iterable[Record]) -> set[Subject]:
    return {Subject(kind, record.key) for record in records}


def _is_in(pilot: Pilot, article: Article, tree: Tree) -> bool:
    if article.key in (pilot.articles or ()):
        return True
    named = pilot.categories or ()
    return any(key in named for shelf in article.categories for key in ancestry(shelf, tree))


def _parts(
    articles: Sequence[Article], variants: Sequence[Variant], chosen: Collection[str]
) -> set[str]:
    """Return the articles that packs among the chosen are made of."""
    owner = {one.key: one.article for one in variants}
    return {
        part.article or owner.get(part.variant or "", "")
        for one in articles
        if one.key in chosen
        for part in one.parts or ()
    }


def _hung_on(
    articles: Sequence[Article], variants: Sequence[Variant], facts: Facts, tree: Tree
) -> Iterable[Subject]:
    axis = {one.key: one.axis for one in _of(facts, "axis_value", AxisValue)}
    feature = {one.key: one.feature for one in _of(facts, "feature_value", FeatureValue)}
    for one in articles:
        for shelf in one.categories:
            yield from (Subject("category", key) for key in ancestry(shelf, tree))
        if one.brand is not None:
            yield Subject("brand", one.brand)
        yield from (Subject("supplier", offer.supplier) for offer in one.suppliers or ())
        for value in one.features or ():
            yield Subject("feature_value", value)
            yield Subject("feature", feature.get(value, ""))
    for variant in variants:
        yield from (Subject("supplier", offer.supplier) for offer in variant.suppliers or ())
        for value in variant.values:
            yield Subject("axis_value", value)
            yield Subject("axis", axis.get(value, ""))


def _prices(
    articles: Sequence[Article], variants: Sequence[Variant], facts: Facts, tree: Tree
) -> Iterable[Subject]:
    """Yield promotions and list prices that concern the chosen, others among them or not."""
    keys, variant_keys = {one.key for one in articles}, {one.key for one in variants}
    shelves = {key for one in articles for s in one.categories for key in ancestry(s, tree)}
    for promotion in _of(facts, "promotion", Promotion):
        concerned = promotion.article in keys or promotion.variant in variant_keys
        if concerned or promotion.category in shelves:
            yield Subject("promotion", promotion.key)
    for price in _of(facts, "list_price", ListPrice):
        if price.article in keys or price.variant in variant_keys:
            yield Subject("list_price", price.key)
