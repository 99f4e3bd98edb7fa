"""What a run says: decided from the reading and from what was said before, then queued and noted.

`decide` writes nothing, so that a dry run shows exactly what a run would queue. `queue` puts it
into the outbox, notes it as said, and writes the history, all in the caller's transaction.

    saying = decide(connection, outbox, policy, assembled, asked)
    queue(connection, outbox, saying, moment)
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from pos_exporter.assembled import Assembled, LeftOut
from pos_exporter.belonging import FactKey, owners_of
from pos_exporter.changes import UNSAID, Changes, Fingerprints, compare
from pos_exporter.differences import FieldChange, line_differences
from pos_exporter.history import note_changes
from pos_exporter.only_new import Before, without_old_texts
from pos_exporter.partial import (
    NotBegunError,
    UnknownArticleError,
    find_articles,
    new_articles,
    part_of,
)
from pos_exporter.said import SaidBook
from protocol.link.outbox import Outbox
from protocol.records import (
    FACT_KINDS,
    Cause,
    Policy,
    Record,
    SnapshotEnd,
    Tombstone,
    Withheld,
)
from protocol.values import format_time


@dataclass(frozen=True)
class Asked:
    """Which part of the reading a run says.

    Args:
        full: Everything again.
        only: Kinds of facts; empty: all.
        articles: References, bar codes or keys; empty: all.
        only_new: Articles that were never said.
    """

    full: bool = False
    only: frozenset[str] = frozenset()
    articles: tuple[str, ...] = ()
    only_new: bool = False

    @property
    def is_part(self) -> bool:
        """Whether a part is asked for: it never opens an epoch."""
        return bool(self.only or self.articles or self.only_new)


@dataclass(frozen=True)
class Saying:
    """What a run has to say.

    Args:
        changes: What is queued.
        snapshot: It is a whole snapshot, which opens an epoch.
        end: The snapshot's last record, and the tombstones before it; empty otherwise.
        differing: Per changed fact, the fields that differ from what was said before.
        known: Facts that were said before.
        lost: Words to be forgotten although the snapshot does not repeat them; see `forget_all`.
        owners: Key of each fact's article.
        left_out: What is at the till and not for the site, and what `only_new` keeps back.
    """

    changes: Changes
    snapshot: bool
    end: tuple[Record, ...]
    differing: Mapping[FactKey, Sequence[FieldChange]]
    known: Collection[FactKey]
    lost: Collection[FactKey]
    owners: Mapping[FactKey, str]
    left_out: tuple[LeftOut, ...]


def decide(
    connection: Connection, outbox: Outbox, policy: Policy, assembled: Assembled, asked: Asked,
    moment: datetime,
) -> Saying:  # fmt: skip
    """Return what is to be said; nothing is written.

    Args:
        connection: Of the state database.
        outbox: Tells whether an epoch begins.
        policy: The choices, under their version.
        assembled: The reading, as the merchant wants it on the site.
        asked: The part asked for.
        moment: UTC.

    Raises:
        UnknownArticleError: When an article asked for is nowhere.
        NotBegunError: When a part is asked for before the whole was said.
    """
    book = SaidBook(connection)
    said, owners = book.fingerprints(), owners_of(assembled.records)
    begins = outbox.needs_snapshot(connection, "catalogue")
    snapshot = not asked.is_part and (begins or asked.full)
    unproven = assembled.unsure_kinds | assembled.unread
    complete = [kind for kind in _scope(asked) if kind not in unproven]
    if asked.is_part and begins:
        if not asked.only:
            raise NotBegunError
        changes = Changes((), {}, frozenset(), 0)
    else:
        changes = _changes(book, policy, assembled, asked, said, complete, again=snapshot)
    kept_back: tuple[FactKey, ...] = ()
    if policy.only_new and not snapshot:
        before = Before(said, book.line, book.articles_on_site())
        changes, kept_back = without_old_texts(changes, before, owners)
    left_out = [*assembled.left_out, *(_kept_back(thing, owners) for thing in kept_back)]
    return Saying(
        changes=changes,
        snapshot=snapshot,
        end=_end(assembled, complete, moment) if snapshot else (),
        differing=_differing(book, changes, said),
        known=said,
        lost=[t for t in said if t in withheld_of(assembled) or t[0] not in complete],
        owners=owners,
        left_out=tuple(left_out),
    )


def _scope(asked: Asked) -> list[str]:
    return [kind for kind in (*FACT_KINDS, "policy") if not asked.only or kind in asked.only]


def _changes(
    book: SaidBook, policy: Policy, assembled: Assembled, asked: Asked, said: Fingerprints,
    complete: Sequence[str], *, again: bool,
) -> Changes:  # fmt: skip
    """Return what differs from what was said, in the part that is asked for."""
    scope = _scope(asked)
    records: Sequence[Record] = (policy, *assembled.records)
    if asked.articles or asked.only_new:
        articles = _articles(assembled, asked, said)
        part = part_of(assembled, articles, said, book.owners())
        records, said = part.records, part.said
        if asked.full:
            said = dict.fromkeys(said, UNSAID)
    chosen = [record for record in records if record.kind in scope]
    withheld, left_out = withheld_of(assembled), causes_of(assembled)
    return compare(chosen, {} if again else said, withheld, left_out, scope=complete)


def _articles(assembled: Assembled, asked: Asked, said: Fingerprints) -> frozenset[str]:
    found: set[str] = set()
    for text in asked.articles:
        keys = find_articles(assembled, text)
        if not keys and ("article", text) not in said:
            raise UnknownArticleError(value=text)
        found |= keys or {text}
    return frozenset(found) | (new_articles(assembled, said) if asked.only_new else frozenset())


def _differing(
    book: SaidBook, changes: Changes, said: Fingerprints
) -> dict[FactKey, tuple[FieldChange, ...]]:
    told = [record for record in changes.records if not isinstance(record, Tombstone)]
    old = book.lines([thing for r in told if (thing := (r.kind, r.key)) in said])
    return {
        (record.kind, record.key): line_differences(old.get((record.kind, record.key)), record)
        for record in told
        if (record.kind, record.key) in said or record.kind == "stock"
    }


def _kept_back(thing: FactKey, owners: Mapping[FactKey, str]) -> LeftOut:
    return LeftOut(*thing, cause="filtered", by="only_new", owner=owners.get(thing, ""))


def _end(assembled: Assembled, complete: Sequence[str], moment: datetime) -> tuple[Record, ...]:
    withheld = {(item.kind, item.key): item.problem.code for item in assembled.withheld if item.key}
    left_out = [
        Tombstone(kind=item.kind, key=item.key, gone=item.cause)
        for item in assembled.left_out
        # What seems to be no longer there proves nothing where a row could not be read.
        if item.kind in FACT_KINDS and (item.cause != "vanished" or item.kind in complete)
    ]
    end = SnapshotEnd(
        key=format_time(moment),
        scope=tuple(kind for kind in complete if kind in FACT_KINDS),
        withheld=tuple(
            Withheld(kind=kind, key=key, code=code) for (kind, key), code in withheld.items()
        ),
    )
    return (*left_out, end)


def queue(connection: Connection, outbox: Outbox, saying: Saying, moment: datetime) -> None:
    """Queue what is to be said and note that it was."""
    book, changes = SaidBook(connection), saying.changes
    outbox.queue(connection, [*changes.records, *saying.end], snapshot=saying.snapshot)
    if saying.snapshot:
        outbox.snapshot_queued(connection, "catalogue")
        book.forget_all(but=saying.lost)
    news = [record for record in changes.records if _is_news(record, saying)]
    note_changes(connection, news, saying.known, saying.differing, moment)
    book.keep(changes, saying.owners, format_time(moment))
    book.keep_left_out(saying.left_out)


def _is_news(record: Record, saying: Saying) -> bool:
    """Return whether a record says something else than was said: a snapshot repeats much."""
    thing = (record.kind, record.key)
    return (
        thing not in saying.known or thing in saying.changes.gone or bool(saying.differing[thing])
    )


def withheld_of(assembled: Assembled) -> frozenset[FactKey]:
    """Return what is at the till and cannot be sent."""
    return frozenset((item.kind, item.key) for item in assembled.withheld if item.key)


def causes_of(assembled: Assembled) -> dict[FactKey, Cause]:
    """Return what is at the till and not meant for the site, and why."""
    return {(item.kind, item.key): item.cause for item in assembled.left_out}
