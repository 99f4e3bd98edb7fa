"""Whose each fact is: the article that a variant, a stock figure, a photo or a price belongs to.

Pure. A fact that belongs to no article (a brand, a category's promotion) has no owner.

    owners = owners_of(assembled.records)
    owners["stock", "v:104201"]        # '1042'
    names_of(article)                  # ('tax_rate', 'N'), ('brand', 'zoe'), …: what it names
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from protocol.records import (
    Article,
    AxisValue,
    Category,
    FeatureValue,
    ListPrice,
    Photo,
    Promotion,
    Record,
    Stock,
    Variant,
)

#: (kind, key) of a fact.
FactKey = tuple[str, str]
#: Kinds whose facts belong to articles.
OWNED = frozenset({"article", "variant", "stock", "photo", "list_price", "promotion"})


def owners_of(records: Iterable[Record]) -> dict[FactKey, str]:
    """Return the key of each owned fact's article."""
    known = list(records)
    articles = {record.key: record.article for record in known if isinstance(record, Variant)}
    owners = ((record.kind, record.key, owner_of(record, articles)) for record in known)
    return {(kind, key): owner for kind, key, owner in owners if owner}


def owner_of(record: Record, articles: Mapping[str, str]) -> str:
    """Return the key of the article that a fact belongs to; empty when to none.

    Args:
        record: The fact.
        articles: Per variant key, its article's.
    """
    match record:
        case Article():
            return record.key
        case Variant() | Photo():
            return record.article
        case Stock():
            return owner_of_stock(record.key, articles)
        case ListPrice() | Promotion():
            return record.article or articles.get(record.variant or "", "")
    return ""


def owner_of_stock(key: str, articles: Mapping[str, str]) -> str:
    """Return the article of a stock key, `a:1042` or `v:104201`."""
    letter, _, owner = key.partition(":")
    return owner if letter == "a" else articles.get(owner, "")


def below(parents: Mapping[str, str | None], keys: Collection[str]) -> frozenset[str]:
    """Return category keys and all that is below them; loops end where they begin."""
    return frozenset(key for key in {*parents, *keys} if not set(keys).isdisjoint(up(parents, key)))


def up(parents: Mapping[str, str | None], key: str) -> tuple[str, ...]:
    """Return a category and those above it, itself first."""
    path: list[str] = []
    at: str | None = key
    while at is not None and at not in path:
        path.append(at)
        at = parents.get(at)
    return tuple(path)


def parents_of(records: Iterable[Record]) -> dict[str, str | None]:
    """Return each category's parent."""
    return {record.key: record.parent for record in records if isinstance(record, Category)}


def names_of(record: Record) -> Iterator[FactKey]:
    """Yield the lists' facts that a fact names."""
    match record:
        case Article():
            yield "tax_rate", record.tax_rate
            yield from (("category", key) for key in record.categories)
            yield from (("feature_value", key) for key in record.features or ())
            yield from (("supplier", offer.supplier) for offer in record.suppliers or ())
            if record.brand is not None:
                yield "brand", record.brand
        case Variant():
            yield from (("axis_value", key) for key in record.values)
            yield from (("supplier", offer.supplier) for offer in record.suppliers or ())
        case AxisValue():
            yield "axis", record.axis
        case FeatureValue():
            yield "feature", record.feature
        case Category():
            if record.parent is not None:
                yield "category", record.parent
        case ListPrice():
            yield "price_list", record.price_list
