"""What was last said of each fact, what is set aside here, and what photo files were found to be.

Every method works inside the caller's transaction.

    book = SaidBook(connection)
    book.fingerprints()
    book.keep(changes)
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, and_, delete, exists, insert, or_, select

from pos_exporter.assembled import SetAside
from pos_exporter.changes import Changes, FactKey
from pos_exporter.photos import PhotoFacts, PhotoStamp
from pos_exporter.state import STATE
from protocol.link.notices import problem_json
from protocol.records import Article, Record, Stock, Variant, content_hash

_ROWS = 500
#: The fingerprint of no record.
_UNSAID = b""


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

    def keep(self, changes: Changes) -> None:
        """Note what was queued, and forget what was buried.

        What the site answered to other content is forgotten too: its answer to this one comes. An
        answer to the same content stays, for the site, which has it already, gives none again.
        """
        said = STATE.said
        for kind, key in [*changes.fingerprints, *changes.gone]:
            same = and_(said.c.kind == kind, said.c.key == key)
            self._connection.execute(delete(said).where(same))
        queued = [
            record
            for record in changes.records
            if (record.kind, record.key) in changes.fingerprints
        ]
        rows = [
            {
                "kind": record.kind,
                "key": record.key,
                "fingerprint": changes.fingerprints[record.kind, record.key],
                "label": _label(record),
                "quantity": record.quantity if isinstance(record, Stock) else None,
            }
            for record in queued
        ]
        for start in range(0, len(rows), _ROWS):
            self._connection.execute(insert(said), rows[start : start + _ROWS])
        self._forget_answers(queued)

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
            {**row._mapping, "fingerprint": _UNSAID} for row in rows if (row.kind, row.key) in left
        ]
        for start in range(0, len(kept), _ROWS):
            self._connection.execute(insert(said), kept[start : start + _ROWS])

    def _forget_answers(self, queued: Iterable[Record]) -> None:
        """Forget what the site answered to other content, and to what is no longer said."""
        said, fate = STATE.said, STATE.fate
        for record in queued:
            same = and_(fate.c.kind == record.kind, fate.c.key == record.key)
            other = or_(fate.c.of_hash.is_(None), fate.c.of_hash != content_hash(record))
            self._connection.execute(delete(fate).where(same, other))
        still_said = exists().where(said.c.kind == fate.c.kind, said.c.key == fate.c.key)
        self._connection.execute(delete(fate).where(~still_said))

    def keep_withheld(self, items: Iterable[SetAside], at: str) -> None:
        """Note what is set aside now; what was set aside before keeps its date."""
        table = STATE.withheld
        rows = self._connection.execute(select(table)).all()
        since = {(row.kind, row.key, row.problem): row.since for row in rows}
        self._connection.execute(delete(table))
        kept: dict[FactKey, dict[str, str]] = {}
        for number, item in enumerate(items):
            problem = problem_json(item.problem)
            key = item.key or f"?{number}"
            kept.setdefault(
                (item.kind, key),
                {
                    "kind": item.kind,
                    "key": key,
                    "label": item.label[:200],
                    "problem": problem,
                    "since": since.get((item.kind, key, problem), at),
                },
            )
        if kept:
            self._connection.execute(insert(table), list(kept.values()))

    # --- photo files -------------------------------------------------------------------------

    def photo_files(self) -> dict[PhotoStamp, PhotoFacts]:
        """Return what is known of photo files."""
        rows = self._connection.execute(select(STATE.photo_file)).all()
        return {
            PhotoStamp(row.path, row.mtime_ns, row.size, row.recipe): PhotoFacts(
                row.sha256, row.sent_size
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
            }
            for stamp, facts in newest.values()
        ]
        for start in range(0, len(rows), _ROWS):
            self._connection.execute(insert(table), rows[start : start + _ROWS])


def _label(record: Record) -> str:
    """Return what a person calls a fact."""
    if isinstance(record, Article):
        name = record.name.get("fr") or next(iter(record.name.values()))
        return f"{record.reference} {name}"[:200]
    if isinstance(record, Variant):
        return record.reference[:200]
    name = getattr(record, "name", "")
    return (name if isinstance(name, str) else name.get("fr", ""))[:200]
