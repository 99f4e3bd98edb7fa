"""What was last said of each fact, what is set aside here, and what photo files were found to be.

Every method works inside the caller's transaction.

    book = SaidBook(connection)
    book.fingerprints()
    book.keep(changes)
"""

import json
import zlib
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, and_, bindparam, delete, exists, insert, or_, select, update

from pos_exporter.assembled import LeftOut, SetAside
from pos_exporter.changes import UNSAID, Changes, FactKey
from pos_exporter.photos import PhotoFacts, PhotoStamp
from pos_exporter.state import STATE
from protocol.link.notices import problem_json
from protocol.records import Article, Record, Stock, Variant, content_hash, record_line

_ROWS = 500


class SaidBook:
    """The exporter's memory of its own words."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fingerprints(self) -> dict[FactKey, bytes]:
        """Return the fingerprint of every fact as last queued."""
        said = STATE.said
        rows = self._connection.execute(select(said.c.kind, said.c.key, said.c.fingerprint))
        return {(row.kind, row.key): row.fingerprint for row in rows}

    def in_stock(self) -> frozenset[str]:
        """Return the stock keys that were above 0 when last queued."""
        said = STATE.said
        query = select(said.c.key).where(said.c.kind == "stock", said.c.quantity > 0)
        return frozenset(row.key for row in self._connection.execute(query))

    def owners(self) -> dict[FactKey, str]:
        """Return the article of each fact that belongs to one."""
        said = STATE.said
        owned = select(said.c.kind, said.c.key, said.c.owner).where(said.c.owner.is_not(None))
        return {(row.kind, row.key): row.owner for row in self._connection.execute(owned)}

    def line(self, thing: FactKey) -> bytes | None:
        """Return a fact's line as last queued; None when it was never said."""
        said = STATE.said
        same = (said.c.kind == thing[0], said.c.key == thing[1])
        packed = self._connection.scalar(select(said.c.line).where(*same))
        return None if packed is None else zlib.decompress(packed)

    def lines(self, things: Collection[FactKey]) -> dict[FactKey, bytes]:
        """Return the lines of many facts as last queued, of those that were said."""
        if len(things) <= _ROWS:
            found = {thing: self.line(thing) for thing in things}
            return {thing: line for thing, line in found.items() if line is not None}
        said, wanted = STATE.said, set(things)
        rows = self._connection.execute(select(said.c.kind, said.c.key, said.c.line))
        return {
            (row.kind, row.key): zlib.decompress(row.line)
            for row in rows
            if row.line is not None and (row.kind, row.key) in wanted
        }

    def articles_on_site(self) -> frozenset[str]:
        """Return the articles that were said and that the site shows, or has not kept out."""
        said, fate, seen = STATE.said, STATE.fate, STATE.on_site
        same = (fate.c.kind == said.c.kind) & (fate.c.key == said.c.key)
        not_there = exists().where(same, fate.c.state.in_(("refused", "waiting", "held")))
        is_seen = exists().where(seen.c.key == said.c.key)
        query = select(said.c.key).where(said.c.kind == "article", or_(~not_there, is_seen))
        return frozenset(row.key for row in self._connection.execute(query))

    def keep(
        self, changes: Changes, owners: Mapping[FactKey, str] | None = None, at: str | None = None
    ) -> None:
        """Note what was queued, and forget what was buried.

        What the site answered to other content is forgotten too: its answer to this one comes. An
        answer to the same content stays, for the site, which has it already, gives none again.

        Args:
            changes: What was queued.
            owners: Key of the article of each fact that belongs to one.
            at: When, as it travels.
        """
        said = STATE.said
        same = and_(said.c.kind == bindparam("of_kind"), said.c.key == bindparam("of_key"))
        things = [*changes.fingerprints, *changes.gone]
        asked = [{"of_kind": kind, "of_key": key} for kind, key in things]
        if asked:
            self._connection.execute(delete(said).where(same), asked)
        queued = [
            record
            for record in changes.records
            if (record.kind, record.key) in changes.fingerprints
        ]
        rows = [
            _row(record, changes.fingerprints[record.kind, record.key], owners or {}, at)
            for record in queued
        ]
        for start in range(0, len(rows), _ROWS):
            self._connection.execute(insert(said), rows[start : start + _ROWS])
        self._forget_answers(queued)

    def say_again(self, thing: FactKey) -> None:
        """Forget what was said of a fact and what the site answered: the next run says it again."""
        said, fate = STATE.said, STATE.fate
        same = (said.c.kind == thing[0], said.c.key == thing[1])
        self._connection.execute(update(said).where(*same).values(fingerprint=UNSAID))
        answered = (fate.c.kind == thing[0], fate.c.key == thing[1])
        self._connection.execute(delete(fate).where(*answered))

    def forget_all(self, but: Collection[FactKey] = ()) -> None:
        """Forget every word: a snapshot says everything again, and `keep` notes it.

        Args:
            but: What the till has and this snapshot does not say, being set aside: the site may
                have it from before. It is said again once it can be, and buried when it goes.
        """
        said, left = STATE.said, set(but)
        rows = self._connection.execute(select(said)).all() if left else []
        self._connection.execute(delete(said))
        kept = [
            {**row._mapping, "fingerprint": UNSAID} for row in rows if (row.kind, row.key) in left
        ]
        for start in range(0, len(kept), _ROWS):
            self._connection.execute(insert(said), kept[start : start + _ROWS])

    def _forget_answers(self, queued: Iterable[Record]) -> None:
        """Forget what the site answered to other content, and to what is no longer said."""
        said, fate = STATE.said, STATE.fate
        same = and_(fate.c.kind == bindparam("of_kind"), fate.c.key == bindparam("of_key"))
        other = or_(fate.c.of_hash.is_(None), fate.c.of_hash != bindparam("now"))
        asked = [
            {"of_kind": record.kind, "of_key": record.key, "now": content_hash(record)}
            for record in queued
        ]
        if asked:
            self._connection.execute(delete(fate).where(same, other), asked)
        still_said = exists().where(said.c.kind == fate.c.kind, said.c.key == fate.c.key)
        self._connection.execute(delete(fate).where(~still_said))

    def keep_withheld(self, items: Iterable[SetAside], at: str) -> None:
        """Note what is set aside or repaired now; what was so before keeps its date.

        Of one thing the first fault is kept, and every note of another code.
        """
        table = STATE.withheld
        rows = self._connection.execute(select(table)).all()
        since = {(row.kind, row.key, row.problem): row.since for row in rows}
        self._connection.execute(delete(table))
        kept: dict[tuple[str, str, str], dict[str, str]] = {}
        for number, item in enumerate(items):
            problem = problem_json(item.problem)
            key = item.key or f"?{number}"
            kept.setdefault(
                (item.kind, key, item.problem.code if item.level == "note" else ""),
                {
                    "kind": item.kind,
                    "key": key,
                    "code": item.problem.code,
                    "level": item.level,
                    "label": item.label[:200],
                    "codes": json.dumps(item.codes),
                    "owner": item.owner,
                    "problem": problem,
                    "since": since.get((item.kind, key, problem), at),
                },
            )
        if kept:
            self._connection.execute(insert(table), list(kept.values()))

    def keep_left_out(self, items: Iterable[LeftOut]) -> None:
        """Replace what is known of what is at the till and not meant for the site."""
        table = STATE.left_out
        self._connection.execute(delete(table))
        kept = {(item.kind, item.key): item for item in items}
        rows = [
            {
                "kind": item.kind,
                "key": item.key,
                "cause": item.cause,
                "by": item.by,
                "label": item.label[:200],
                "codes": json.dumps(item.codes),
                "owner": item.owner,
            }
            for item in kept.values()
        ]
        for start in range(0, len(rows), _ROWS):
            self._connection.execute(insert(table), rows[start : start + _ROWS])

    # --- photo files -------------------------------------------------------------------------

    def photo_files(self) -> dict[PhotoStamp, PhotoFacts]:
        """Return what is known of photo files."""
        rows = self._connection.execute(select(STATE.photo_file)).all()
        return {
            PhotoStamp(row.path, row.mtime_ns, row.size, row.recipe): PhotoFacts(
                row.sha256, row.sent_size, row.look
            )
            for row in rows
        }

    def keep_photo_files(self, files: Mapping[PhotoStamp, PhotoFacts]) -> None:
        """Replace what is known of photo files; the newest of each path is kept."""
        table = STATE.photo_file
        newest = {stamp.path: (stamp, facts) for stamp, facts in files.items()}
        self._connection.execute(delete(table))
        rows = [
            {
                "path": stamp.path[:500],
                "mtime_ns": stamp.modified_ns,
                "size": stamp.size,
                "recipe": stamp.recipe,
                "sha256": facts.sha256,
                "sent_size": facts.size,
                "look": facts.look,
            }
            for stamp, facts in newest.values()
        ]
        for start in range(0, len(rows), _ROWS):
            self._connection.execute(insert(table), rows[start : start + _ROWS])


def _row(
    record: Record, mark: bytes, owners: Mapping[FactKey, str], at: str | None
) -> dict[str, object]:
    """Return what is kept of a fact that was queued."""
    named = record if isinstance(record, Article | Variant) else None
    return {
        "kind": record.kind,
        "key": record.key,
        "fingerprint": mark,
        "label": _label(record),
        "quantity": record.quantity if isinstance(record, Stock) else None,
        "line": zlib.compress(record_line(record)),
        "reference": named.reference[:255] or None if named else None,
        "ean": named.ean if named else None,
        "owner": owners.get((record.kind, record.key)),
        "at": at,
    }


def _label(record: Record) -> str:
    """Return what a person calls a fact."""
    if isinstance(record, Article):
        name = record.name.get("fr") or next(iter(record.name.values()))
        return f"{record.reference} {name}"[:200]
    if isinstance(record, Variant):
        return record.reference[:200]
    name = getattr(record, "name", "")
    return (name if isinstance(name, str) else name.get("fr", ""))[:200]
