"""What is to be sent: fingerprints of what was last queued against what the till says now.

Pure. A full read is compared record by record; only what differs travels, a fact that is no longer
there travels as a tombstone with its cause, and what is withheld (at the till but not sendable) is
neither sent nor buried.

    changes = compare(assembled.records, said, withheld, left_out, scope=FACT_KINDS)
    changes.records       # new and changed facts, then tombstones
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from protocol.errors import NeedsPersonError, Text
from protocol.records import FACT_KINDS, Cause, Record, Stock, Tombstone, record_line

#: The fingerprint of no record: such a fact is to be said again, whatever it says.
UNSAID = b""

#: (kind, key) of a fact.
FactKey = tuple[str, str]
Fingerprints = Mapping[FactKey, bytes]


class ShrunkenReadError(NeedsPersonError):
    """The till suddenly shows far fewer articles, or far more of them out of stock."""

    code = "E-POS-020"
    what = Text(
        "Lecture suspecte de la caisse : {now} {what} au lieu de {before}",
        "Suspicious reading of the till: {now} {what} instead of {before}",
    )
    remedy = Text(
        "Rien n'a été envoyé. Vérifier la base de la caisse ; si c'est voulu, lancer "
        "« sync --accept shrunken-read » ou dire oui sur la page",
        "Nothing was sent. Check the till's database; if it is meant, run "
        "« sync --accept shrunken-read » or say yes on the page",
    )

    def __init__(self, now: int, before: int, kind: str) -> None:
        self.now, self.before, self.kind = now, before, kind
        super().__init__(now=now, before=before, what=kind)


@dataclass(frozen=True)
class Changes:
    """What a run has to say.

    Args:
        records: New and changed facts in the order of reading, then tombstones.
        fingerprints: Of the facts among them, to be kept once they are queued.
        gone: The tombstones' keys, to be forgotten once they are queued.
        new: How many facts were never said before.
    """

    records: tuple[Record, ...]
    fingerprints: Mapping[FactKey, bytes]
    gone: frozenset[FactKey]
    new: int

    def counts(self) -> dict[str, int]:
        """Return how many records of each kind there are, tombstones included."""
        counts: dict[str, int] = {}
        for record in self.records:
            counts[record.kind] = counts.get(record.kind, 0) + 1
        return counts


def fingerprint(record: Record) -> bytes:
    """Return 16 bytes that differ when the fact does."""
    return hashlib.blake2b(record_line(record), digest_size=16).digest()


def compare(
    records: Iterable[Record],
    said: Fingerprints,
    withheld: Collection[FactKey],
    left_out: Mapping[FactKey, Cause],
    *,
    scope: Collection[str] = FACT_KINDS,
) -> Changes:
    """Return what differs from what was last queued.

    Args:
        records: Every sendable fact of the kinds in scope.
        said: Fingerprint of each fact as last queued, all kinds.
        withheld: Facts that are at the till but cannot be sent: they stay as they were.
        left_out: Facts that the merchant's choices keep from the site, and why.
        scope: The kinds that were read completely.
    """
    changed: list[Record] = []
    fingerprints: dict[FactKey, bytes] = {}
    present: set[FactKey] = set(withheld)
    new = 0
    for record in records:
        key = (record.kind, record.key)
        present.add(key)
        mark = fingerprint(record)
        if said.get(key) != mark:
            changed.append(record)
            fingerprints[key] = mark
            new += key not in said
    gone = [key for key in said if key[0] in scope and key not in present]
    tombstones = [
        Tombstone(kind=kind, key=key, gone=left_out.get((kind, key), "vanished"))
        for kind, key in sorted(gone)
    ]
    return Changes((*changed, *tombstones), fingerprints, frozenset(gone), new)


#: Kinds of which a shrunken read is suspect: without its variants an article looks simple, and
#: photos that are gone are deleted on the site.
_GUARDED = {"article": "articles", "variant": "variantes", "photo": "photos"}


@dataclass(frozen=True)
class Guard:
    """How much may change at once before a person is asked.

    Args:
        shrink_percent: Loss of live articles.
        zero_percent: Share of the sellables in stock that fall to 0 at once.
        zero_count: And at least as many.
    """

    shrink_percent: int = 20
    zero_percent: int = 30
    zero_count: int = 20


def check_read(
    records: Collection[Record],
    said: Fingerprints,
    withheld: Collection[FactKey],
    in_stock_before: Collection[str],
    guard: Guard,
) -> None:
    """Refuse an empty or shrunken read, before anything of it is sent.

    Args:
        records: Every sendable fact of this read.
        said: What was last queued.
        withheld: What is set aside: it is there, though not sendable.
        in_stock_before: Stock keys that were above 0 when last queued.
        guard: The limits.

    Raises:
        ShrunkenReadError: the till shows too few articles, variants or photos, or too many
            figures fell to 0.
    """
    for kind, what in _GUARDED.items():
        before = sum(known == kind for known, _ in said)
        now = _still_there(kind, records, said, withheld)
        # A few variants or photos less are a day's work; all of an article's are too.
        few = kind != "article" and before - now <= guard.zero_count
        if before and not few and now * 100 < before * (100 - guard.shrink_percent):
            raise ShrunkenReadError(now, before, what)
    check_fallen(records, in_stock_before, guard)


def check_fallen(
    records: Collection[Record], in_stock_before: Collection[str], guard: Guard
) -> None:
    """Refuse a read in which too many figures fell to 0; see `check_read`."""
    stock = {record.key: record.quantity for record in records if isinstance(record, Stock)}
    fallen = sum(stock.get(key, 1) <= 0 for key in in_stock_before)
    limit = max(len(in_stock_before) * guard.zero_percent // 100, guard.zero_count)
    if fallen > limit:
        left = len(in_stock_before) - fallen
        raise ShrunkenReadError(left, len(in_stock_before), "en stock")


def _still_there(
    kind: str, records: Collection[Record], said: Fingerprints, withheld: Collection[FactKey]
) -> int:
    """Return how many of a kind are left; as many under other keys are others, but for photos."""
    read = {(record.kind, record.key) for record in records if record.kind == kind}
    there = {thing for thing in withheld if thing[0] == kind and thing in said}
    return len(read | there) if kind == "photo" else len((read | there) & said.keys())
