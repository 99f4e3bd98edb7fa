"""Deliveries of the catalogue made durable: what the till says, entered into the replica.

Rules: all happens inside the caller's transaction. A fact that changed is dirty, and with it what
hangs on it (an article's variants, whose price is an impact on its own). Absence from a snapshot
means gone only inside its scope, and not for what the till withholds.

    reception = Reception(connection)
    reception.receive(delivery)
    for fact in Replica(connection).facts("article", dirty_only=True): ...
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from protocol.link.staging import Delivery
from protocol.records import (
    FACT_KINDS,
    Article,
    Category,
    Cause,
    Photo,
    Record,
    SnapshotEnd,
    Tombstone,
    Variant,
    content_hash,
    parse_record,
    record_line,
)
from shop_agent.actions import Subject
from shop_agent.replica import Replica, is_fact
from shop_agent.state import STATE
from shop_agent.told import Told


class Reception:
    """Where deliveries of the catalogue come in, in one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._replica = Replica(connection)
        self._told = Told(connection)
        self._moved: set[str] = set()  # articles whose buffer may be another one

    def receive(self, delivery: Delivery) -> None:
        """Make a delivery of the catalogue durable."""
        end = next((x.record for x in delivery.lines if isinstance(x.record, SnapshotEnd)), None)
        arrived: set[tuple[str, str]] = set()
        changed: list[Record] = []
        for line in delivery.lines:
            arrived.add((line.kind, line.key))
            if isinstance(line.record, Tombstone):
                self._bury(line.record.kind, line.record.key, line.record.gone, delivery)
            elif line.record is not None and line.kind in (*FACT_KINDS, "policy"):
                stored = self._store(line.record, delivery)
                changed += [line.record] if stored else []
                if not stored and not delivery.snapshot:
                    self._look_again(line.record)
        self._spread(changed)
        if self._moved:
            self._replica.mark_stock_dirty(self._moved)
            self._moved.clear()
        if delivery.snapshot and end is not None:
            self._bury_absent(end, arrived, delivery)

    def _store(self, record: Record, delivery: Delivery) -> bool:
        fact, digest = STATE.fact, content_hash(record)
        same = is_fact(record.kind, record.key)
        row = self._connection.execute(select(fact).where(same)).first()
        if row and row.hash == digest and row.gone is None:
            return False
        if row:
            self._note_buffer(parse_record(row.body, place="replica"), record)
            self._connection.execute(delete(fact).where(same))
            # The till forgot our answer to the old content: this one gets its own, equal or not.
            self._told.forget(record.kind, record.key)
        self._connection.execute(
            insert(fact).values(
                kind=record.kind,
                key=record.key,
                body=record_line(record),
                hash=digest,
                gone=None,
                dirty=True,
                **_origin(delivery),
            )
        )
        return True

    def _look_again(self, record: Record) -> None:
        """Try a fact anew, and answer it anew: outside a snapshot a till repeats what it asks."""
        self._told.forget(record.kind, record.key)
        self._replica.mark_dirty(Subject(record.kind, record.key))

    def _note_buffer(self, before: Record, now: Record) -> None:
        """Have figures computed again whose buffer is another one now."""
        if isinstance(before, Article) and isinstance(now, Article):
            if (before.buffer, before.categories) != (now.buffer, now.categories):
                self._moved.add(now.key)
        elif isinstance(before, Category) and isinstance(now, Category):
            has_moved = before.parent != now.parent
            if has_moved and self._replica.policy().buffers:
                self._replica.mark_all_dirty(("stock",))

    def _spread(self, changed: Sequence[Record]) -> None:
        """Make dirty what hangs on the facts that changed."""
        kinds = {record.kind for record in changed}
        self._replica.queue_prices(changed)
        if kinds & {"tax_rate", "policy"}:
            self._replica.mark_all_dirty(("article", "variant", "stock"))
        articles = {record.key for record in changed if record.kind == "article"}
        if articles:
            # A variant's price is an impact on its article's; photos and switch follow it too.
            for kind in ("variant", "photo"):
                for article, facts in self._replica.by_article(kind).items():
                    for fact in facts if article in articles else ():
                        self._replica.mark_dirty(fact.subject)
        self._spread_to_photos({one.article for one in changed if isinstance(one, Variant)})
        # An article is switched on by its last part: it is looked at again when a part changes.
        for record in changed:
            if isinstance(record, Variant | Photo):
                self._replica.mark_dirty(Subject("article", record.article))

    def _spread_to_photos(self, articles: Collection[str]) -> None:
        """Have photos that show some variants only put beside those that are new."""
        if not articles:
            return
        for article, facts in self._replica.by_article("photo").items():
            for fact in facts if article in articles else ():
                if isinstance(fact.record, Photo) and fact.record.variants:
                    self._replica.mark_dirty(fact.subject)

    def _bury(self, kind: str, key: str, cause: Cause, delivery: Delivery) -> None:
        fact = STATE.fact
        row = self._connection.execute(select(fact.c.gone).where(is_fact(kind, key))).first()
        if row is not None and row.gone != cause:
            self._connection.execute(
                update(fact)
                .where(is_fact(kind, key))
                .values(gone=cause, dirty=True, **_origin(delivery))
            )
            self._told.forget(kind, key)  # what became of the tombstone is told anew
            if kind == "variant":
                self._replica.mark_dirty(Subject("stock", f"v:{key}"))
            self._replica.queue_prices_of(Subject(kind, key))

    def _bury_absent(
        self, end: SnapshotEnd, arrived: set[tuple[str, str]], delivery: Delivery
    ) -> None:
        """Absence means gone only inside the scope, and not for what the till withholds.

        A line that could not be read, not even its key, may be any of them: nothing is gone then.
        """
        if any(not kind or not key for kind, key in arrived):
            return
        fact = STATE.fact
        withheld = {(entry.kind, entry.key) for entry in end.withheld}
        for kind in set(end.scope) & set(FACT_KINDS):
            live = select(fact.c.key).where(fact.c.kind == kind, fact.c.gone.is_(None))
            for row in self._connection.execute(live).all():
                if (kind, row.key) not in arrived and (kind, row.key) not in withheld:
                    self._bury(kind, row.key, "vanished", delivery)


def _origin(delivery: Delivery) -> dict[str, int | str | None]:
    """Return which packet said a fact, as columns."""
    return {
        "epoch": delivery.epoch, "seq": delivery.seq, "packed_at": delivery.packed_at or None,
    }  # fmt: skip
