"""Which articles the merchant wants on the site (SPEC §6.7): decided on the facts, before sending.

Pure. An article that a choice keeps out takes along all that is its own: variants, stock, photos,
prices and promotions. It is left out, not gone: the till still has it, and the site is told why it
disappears. What is set aside counts for the article where it may be what the choice asks for: a
figure that cannot be read may well be above 0.

    chosen = filtered(assembled, policy)
    chosen.left_out[-1].by                # 'filter.in_stock'
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from pos_exporter.assembled import Assembled, LeftOut
from pos_exporter.belonging import below, owner_of_stock, owners_of, parents_of
from protocol.records import Article, Cause, Filter, Photo, Policy, Record, Stock, Variant

#: Says which choice keeps an article out; empty: none.
Judge = Callable[[Article], str]


def filtered(assembled: Assembled, policy: Policy) -> Assembled:
    """Return the reading as the merchant wants it on the site.

    Args:
        assembled: A whole reading.
        policy: The choices.
    """
    judge = _judge(assembled, policy)
    kept_out = {
        record.key: by
        for record in assembled.records
        if isinstance(record, Article) and (by := judge(record))
    }
    if not kept_out:
        return assembled
    owners = owners_of(assembled.records)
    kept: list[Record] = []
    out: list[LeftOut] = []
    for record in assembled.records:
        owner = owners.get((record.kind, record.key), "")
        if owner in kept_out:
            out.append(_left_out(record, owner, kept_out[owner]))
        else:
            kept.append(record)
    withheld = tuple(item for item in assembled.withheld if item.owner not in kept_out)
    out += [
        LeftOut(item.kind, item.key, cause_of(kept_out[item.owner]), by=kept_out[item.owner],
                label=item.label, codes=item.codes, owner=item.owner)
        for item in assembled.withheld if item.key and item.owner in kept_out
    ]  # fmt: skip
    left_out = (*assembled.left_out, *out)
    return replace(assembled, records=tuple(kept), withheld=withheld, left_out=left_out)


def cause_of(by: str) -> Cause:
    """Return the cause that the site is told for a choice."""
    return "unflagged" if by == "only_flagged" else "filtered"


def _left_out(record: Record, owner: str, by: str) -> LeftOut:
    label, codes = "", _codes()
    if isinstance(record, Article):
        label, codes = f"{record.reference} {_name(record)}", _codes(record.reference, record.ean)
    elif isinstance(record, Variant):
        label, codes = record.reference, _codes(record.reference, record.ean)
    return LeftOut(
        record.kind, record.key, cause_of(by), by=by, label=label, codes=codes, owner=owner
    )


def _name(article: Article) -> str:
    return article.name.get("fr") or next(iter(article.name.values()))


def _codes(*codes: str | None) -> tuple[str, ...]:
    return tuple(code for code in codes if code)


def _judge(assembled: Assembled, policy: Policy) -> Judge:
    """Return what judges an article: the first choice that it does not meet."""
    chosen = policy.filter or Filter()
    parents = parents_of(assembled.records)
    rules: list[tuple[str, Callable[[Article], bool]]] = []
    if policy.only_flagged is not False:
        rules.append(("only_flagged", lambda article: article.online is not False))
    if chosen.categories:
        wanted = below(parents, chosen.categories)
        rules.append(("filter.categories", lambda a: not wanted.isdisjoint(a.categories)))
    if chosen.brands:
        brands = frozenset(chosen.brands)
        rules.append(("filter.brands", lambda article: article.brand in brands))
    if chosen.suppliers:
        suppliers = frozenset(chosen.suppliers)
        rules.append(("filter.suppliers", lambda article: _supplied_by(article, suppliers)))
    if chosen.in_stock:
        in_stock = _in_stock(assembled)
        rules.append(("filter.in_stock", lambda article: article.key in in_stock))
    if chosen.with_photo:
        shown = _with_photo(assembled)
        rules.append(("filter.with_photo", lambda article: article.key in shown))
    return lambda article: next((by for by, meets in rules if not meets(article)), "")


def _supplied_by(article: Article, suppliers: Collection[str]) -> bool:
    """Return whether an article is bought from one of these, or may be: a row of it is aside."""
    if "suppliers" not in article.model_fields_set:
        return True
    return any(offer.supplier in suppliers for offer in article.suppliers or ())


def _in_stock(assembled: Assembled) -> frozenset[str]:
    """Return the articles of which something is above 0, or may be."""
    articles = _articles_of_variants(assembled.records)
    above = (
        owner_of_stock(record.key, articles)
        for record in assembled.records
        if isinstance(record, Stock) and record.quantity > 0
    )
    return frozenset((*above, *_maybe(assembled, "stock")))


def _with_photo(assembled: Assembled) -> frozenset[str]:
    """Return the articles that have a photo, or may have one."""
    shown = (record.article for record in assembled.records if isinstance(record, Photo))
    return frozenset((*shown, *_maybe(assembled, "photo")))


def _maybe(assembled: Assembled, kind: str) -> Iterable[str]:
    return (item.owner for item in assembled.withheld if item.kind == kind and item.owner)


def _articles_of_variants(records: Iterable[Record]) -> Mapping[str, str]:
    return {record.key: record.article for record in records if isinstance(record, Variant)}
