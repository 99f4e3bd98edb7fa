"""A part of the catalogue, for `sync --article` and `sync --only new`: what goes, what stays.

Pure. Of the articles asked for goes all that is their own, and of the lists they name (brand,
category, size…) what the site was never told. Nothing of other articles goes, or is buried.

    part = part_of(assembled, {"1042"}, said, owners)
    part.records, part.said          # what to compare with what
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pos_exporter.assembled import Assembled, LeftOut, SetAside
from pos_exporter.belonging import FactKey, names_of, owners_of
from pos_exporter.changes import Fingerprints
from protocol.errors import Text, UsageError
from protocol.records import Article, Record, Variant


class UnknownArticleError(UsageError):
    """Nothing at the till has this reference, bar code or key."""

    code = "E-POS-034"
    what = Text("Aucun article « {value} » dans la caisse", "No article « {value} » at the till")
    remedy = Text(
        "Donner une référence, un code-barres ou la clé de la caisse",
        "Give a reference, a bar code or the till's key",
    )


class NotBegunError(UsageError):
    """A part cannot be sent before the whole was."""

    code = "E-POS-035"
    what = Text(
        "Rien n'a encore été envoyé en entier à ce site",
        "Nothing was sent to this site as a whole yet",
    )
    remedy = Text(
        "Lancer d'abord « pos-exporter sync » sans --article ni --only new",
        "Run « pos-exporter sync » first, without --article or --only new",
    )


@dataclass(frozen=True)
class Part:
    """What a partial run looks at.

    Args:
        records: Facts of the reading.
        said: Of what was said, what may be buried or is to be compared.
    """

    records: tuple[Record, ...]
    said: Fingerprints


def part_of(
    assembled: Assembled,
    articles: Collection[str],
    said: Fingerprints,
    said_owners: Mapping[FactKey, str],
) -> Part:
    """Return the part that belongs to some articles.

    Args:
        assembled: The whole reading, as the merchant wants it on the site.
        articles: Their keys.
        said: What was last queued.
        said_owners: Key of the article of each fact that was said.
    """
    # A price of a variant that is gone is still its article's.
    owners = {**said_owners, **owners_of(assembled.records)}
    own = {thing for thing, owner in owners.items() if owner in articles}
    things = own | _named_first(assembled.records, own, said)
    records = tuple(r for r in assembled.records if (r.kind, r.key) in things)
    looked_at = {
        thing: mark
        for thing, mark in said.items()
        if thing in things or said_owners.get(thing, "") in articles
    }
    return Part(records, looked_at)


def _named_first(
    records: Collection[Record], own: Collection[FactKey], said: Fingerprints
) -> set[FactKey]:
    """Return what the facts name, and what that names, as far as it was never said."""
    known = {(record.kind, record.key): record for record in records}
    found: set[FactKey] = set()
    ahead = [name for thing in own if thing in known for name in names_of(known[thing])]
    while ahead:
        name = ahead.pop()
        if name in found or name in said or name not in known:
            continue
        found.add(name)
        ahead += names_of(known[name])
    return found


def new_articles(assembled: Assembled, said: Fingerprints) -> frozenset[str]:
    """Return the articles that were never said."""
    keys = (record.key for record in assembled.records if record.kind == "article")
    return frozenset(key for key in keys if ("article", key) not in said)


def find_articles(assembled: Assembled, text: str) -> frozenset[str]:
    """Return the keys of the articles that a person means: by key, then by reference or bar code.

    Of a variant, its article's.
    """
    by_key: set[str] = set()
    by_code: set[str] = set()
    for record in assembled.records:
        if isinstance(record, Article | Variant):
            owner = record.article if isinstance(record, Variant) else record.key
            by_key |= {owner} if record.key == text else set()
            by_code |= {owner} if text in {record.reference, record.ean} else set()
    kept_here: list[LeftOut | SetAside] = [*assembled.left_out, *assembled.withheld]
    for item in kept_here:
        if item.owner and item.kind in {"article", "variant"}:
            by_key |= {item.owner} if item.key == text else set()
            by_code |= {item.owner} if text in item.codes else set()
    return frozenset(by_key or by_code)
