"""Of articles that the site has, only stock and prices go on (SPEC §6.7, `only_new`).

Pure. What is kept back is not lost: its fingerprint stays that of what was last said, so it goes
as soon as the choice is switched off. A change of text and price at once goes as the old text with
the new price; a removal always goes, a photo's excepted.

    sent, kept = without_old_texts(changes, lines, said, old_articles, owners)
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from pos_exporter.belonging import FactKey
from pos_exporter.changes import UNSAID, Changes, Fingerprints, fingerprint
from protocol.records import Record, Tombstone, record_from
from protocol.strict_json import Json, parse_object

#: Fields that are about money, per kind.
PRICES = {
    "article": ("price", "purchase_price", "ecotax", "tax_rate"),
    "variant": ("price", "purchase_price"),
}


@dataclass(frozen=True)
class Before:
    """What the site was told before this run.

    Args:
        said: Fingerprint of each fact as last queued.
        line: Gives a fact's line as last queued, or None.
        articles: Keys of the articles that the site has.
    """

    said: Fingerprints
    line: Callable[[FactKey], bytes | None]
    articles: Collection[str]


def without_old_texts(
    changes: Changes, before: Before, owners: Mapping[FactKey, str]
) -> tuple[Changes, tuple[FactKey, ...]]:
    """Return what goes on of a run's changes, and what is kept back.

    Args:
        changes: Of the whole reading.
        before: What the site was told before.
        owners: Key of each fact's article.
    """
    sent: list[Record] = []
    kept: list[FactKey] = []
    for record in changes.records:
        thing = (record.kind, record.key)
        old = owners.get(thing, "") in before.articles
        going = _going(record, before) if old else record
        if going is None:
            kept.append(thing)
        else:
            sent.append(going)
    marks = {
        (record.kind, record.key): fingerprint(record)
        for record in sent
        if (record.kind, record.key) in changes.fingerprints
    }
    going_on = replace(
        changes,
        records=tuple(sent),
        fingerprints=marks,
        gone=frozenset(thing for thing in changes.gone if thing not in kept),
        new=sum(thing not in before.said for thing in marks),
    )
    return going_on, tuple(kept)


def _going(record: Record, before: Before) -> Record | None:
    """Return what goes on of a fact of an article that the site has."""
    thing = (record.kind, record.key)
    if before.said.get(thing) == UNSAID:
        return record  # a person asked for it again, or it was set aside until now
    if isinstance(record, Tombstone):
        return None if record.kind == "photo" else record
    if record.kind == "photo":
        return None
    if record.kind in PRICES:
        return _with_old_texts(record, before.line(thing))
    letter, _, sellable = record.key.partition(":")
    new_variant = (
        record.kind == "stock" and letter == "v" and ("variant", sellable) not in before.said
    )
    return None if new_variant else record


def _with_old_texts(record: Record, line: bytes | None) -> Record | None:
    """Return the old record with the new prices; None when they are the same, or it is new."""
    if line is None:
        return None
    old = parse_object(line, place="said")
    new: dict[str, Json] = record.model_dump(mode="json")
    prices = PRICES[record.kind]
    mixed = {name: value for name, value in old.items() if name not in prices}
    mixed |= {name: new[name] for name in prices if name in new}
    if mixed == old:
        return None
    return record_from(mixed, place=f"{record.kind} {record.key}")
