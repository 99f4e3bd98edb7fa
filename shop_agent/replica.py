"""The replica: what the till wants, linked to what the shop has, and what we wrote there.

Every method works inside the caller's transaction. A fact that changed is *dirty* until a pass has
settled it; what hangs on it (an article's variants, whose price is an impact on its own) becomes
dirty with it.

    replica = Replica(connection)
    replica.receive(delivery)
    for fact in replica.dirty("article"): ...
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from protocol.errors import Problem
from protocol.link.notices import problem_from, problem_json
from protocol.link.staging import Delivery
from protocol.records import (
    FACT_KINDS,
    Article,
    Category,
    Cause,
    Fate,
    FateState,
    Photo,
    Policy,
    Record,
    SnapshotEnd,
    Tombstone,
    Variant,
    content_hash,
    parse_record,
    reason_of,
    record_line,
)
from protocol.values import format_time
from shop_agent.actions import Subject
from shop_agent.journal import Journal
from shop_agent.links import Links
from shop_agent.price_book import PriceBook
from shop_agent.reconcile.wanted import RESOURCES, SHOP_FIELDS
from shop_agent.state import STATE

#: The setting that holds the photos asked of the till and not here yet.
WANTS = "wants"
_KEYS_PER_QUERY = 500
_IS_SETTING = STATE.meta.c.name == bindparam("of")
_SETTING = select(STATE.meta.c.value).where(_IS_SETTING)
_DROP_SETTING, _INSERT_SETTING = delete(STATE.meta).where(_IS_SETTING), insert(STATE.meta)
_IS_FACT = and_(STATE.fact.c.kind == bindparam("of_kind"), STATE.fact.c.key == bindparam("of_key"))
_FACT = select(STATE.fact).where(_IS_FACT)
_SET_DIRTY = update(STATE.fact).where(_IS_FACT)


@dataclass(frozen=True)
class Fact:
    """One fact of the till.

    Args:
        record: Its last known content.
        hash: Of that content.
        gone: Why it is no longer true, or None.
        dirty: To be looked at by the next pass.
        packet: Epoch and sequence of the packet that said so; None: not known.
        packed_at: When that packet was made, as it travels.
    """

    record: Record
    hash: str
    gone: Cause | None
    dirty: bool = False
    packet: tuple[int, int] | None = None
    packed_at: str | None = None

    @property
    def subject(self) -> Subject:
        """Kind and key."""
        return Subject(self.record.kind, self.record.key)


class Replica:
    """The agent's picture of both sides, in one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.journal = Journal(connection)
        self._moved: set[str] = set()  # articles whose buffer may be another one

    # --- facts -------------------------------------------------------------------------------

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
            self.mark_stock_dirty(self._moved)
            self._moved.clear()
        if delivery.snapshot and end is not None:
            self._bury_absent(end, arrived, delivery)

    def _store(self, record: Record, delivery: Delivery) -> bool:
        fact, digest = STATE.fact, content_hash(record)
        same = self._same(record.kind, record.key)
        row = self._connection.execute(select(fact).where(same)).first()
        if row and row.hash == digest and row.gone is None:
            return False
        if row:
            self._note_buffer(parse_record(row.body, place="replica"), record)
            self._connection.execute(delete(fact).where(same))
            # The till forgot our answer to the old content: this one gets its own, equal or not.
            self._forget_told(record.kind, record.key)
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
        self._forget_told(record.kind, record.key)
        self.mark_dirty(Subject(record.kind, record.key))

    def _note_buffer(self, before: Record, now: Record) -> None:
        """Have figures computed again whose buffer is another one now."""
        if isinstance(before, Article) and isinstance(now, Article):
            if (before.buffer, before.categories) != (now.buffer, now.categories):
                self._moved.add(now.key)
        elif isinstance(before, Category) and isinstance(now, Category):
            has_moved = before.parent != now.parent
            if has_moved and self.policy().buffers:
                self.mark_all_dirty(("stock",))

    def _spread(self, changed: Sequence[Record]) -> None:
        """Make dirty what hangs on the facts that changed."""
        kinds = {record.kind for record in changed}
        self._queue_prices(changed)
        if kinds & {"tax_rate", "policy"}:
            self.mark_all_dirty(("article", "variant", "stock"))
        articles = {record.key for record in changed if record.kind == "article"}
        if articles:
            # A variant's price is an impact on its article's; photos and switch follow it too.
            for kind in ("variant", "photo"):
                for article, facts in self.by_article(kind).items():
                    for fact in facts if article in articles else ():
                        self.mark_dirty(fact.subject)
        self._spread_to_photos({one.article for one in changed if isinstance(one, Variant)})
        # An article is switched on by its last part: it is looked at again when a part changes.
        for record in changed:
            if isinstance(record, Variant | Photo):
                self.mark_dirty(Subject("article", record.article))

    def _spread_to_photos(self, articles: Collection[str]) -> None:
        """Have photos that show some variants only put beside those that are new."""
        if not articles:
            return
        for article, facts in self.by_article("photo").items():
            for fact in facts if article in articles else ():
                if isinstance(fact.record, Photo) and fact.record.variants:
                    self.mark_dirty(fact.subject)

    def _queue_prices(self, changed: Sequence[Record]) -> None:
        """Have the special prices done again that hang on the facts that changed."""
        kinds = {record.kind for record in changed}
        book = PriceBook(self._connection)
        book.queue(
            record.article if isinstance(record, Variant) else record.key
            for record in changed
            if isinstance(record, Variant | Article)
        )
        if kinds & {"tax_rate", "policy"}:
            book.queue_covered()
        if "category" in kinds:
            self.mark_all_dirty(("promotion",))
        if "price_list" in kinds:
            self.mark_all_dirty(("list_price",))

    def _bury(self, kind: str, key: str, cause: Cause, delivery: Delivery) -> None:
        fact = STATE.fact
        row = self._connection.execute(select(fact.c.gone).where(self._same(kind, key))).first()
        if row is not None and row.gone != cause:
            self._connection.execute(
                update(fact)
                .where(self._same(kind, key))
                .values(gone=cause, dirty=True, **_origin(delivery))
            )
            self._forget_told(kind, key)  # what became of the tombstone is told anew
            if kind == "variant":
                self.mark_dirty(Subject("stock", f"v:{key}"))
            self._queue_prices_of(Subject(kind, key))

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

    def find(self, kind: str, key: str) -> Fact | None:
        """Return one fact, also one that is gone."""
        row = self._connection.execute(_FACT, {"of_kind": kind, "of_key": key}).first()
        return _fact(row) if row else None

    def facts(self, kind: str, *, dirty_only: bool) -> list[Fact]:
        """Return the facts of a kind in order of key, those that are gone too."""
        fact = STATE.fact
        query = select(fact).where(fact.c.kind == kind)
        if dirty_only:
            query = query.where(fact.c.dirty.is_(True))
        rows = self._connection.execute(query.order_by(fact.c.key)).all()
        return [_fact(row) for row in rows]

    def by_article(self, kind: str) -> dict[str, list[Fact]]:
        """Return the live variants or photos of every article, in order of key."""
        grouped: dict[str, list[Fact]] = {}
        for fact in self.facts(kind, dirty_only=False):
            if fact.gone is None and isinstance(fact.record, Variant | Photo):
                grouped.setdefault(fact.record.article, []).append(fact)
        return grouped

    def fallen(self, fate: str) -> frozenset[str]:
        """Return the articles, gone from the till, of which the shop shows this fate."""
        table = STATE.fallen
        keys = self._connection.execute(select(table.c.key).where(table.c.fate == fate)).scalars()
        return frozenset(keys)

    def policy(self) -> Policy:
        """Return the merchant's choices as last received, or the defaults."""
        kept = self.find("policy", "policy")
        if kept is not None and isinstance(kept.record, Policy):
            return kept.record
        return Policy(version=1, owners={})

    def count(self, kind: str) -> int:
        """Return how many live facts of a kind there are."""
        fact = STATE.fact
        query = select(func.count()).where(fact.c.kind == kind, fact.c.gone.is_(None))
        return self._connection.execute(query).scalar_one()

    def has_dirty(self, kinds: Iterable[str]) -> bool:
        """Return whether any fact of these kinds is to be looked at by the next pass."""
        fact = STATE.fact
        dirty = fact.c.kind.in_(list(kinds)) & fact.c.dirty.is_(True)
        found = select(fact.c.key).where(dirty).limit(1)
        return self._connection.execute(found).first() is not None

    def mark_dirty(self, subject: Subject) -> None:
        """Have a fact looked at again in the next pass."""
        self._set_dirty(subject, is_dirty=True)

    def mark_stock_dirty(self, articles: Collection[str]) -> None:
        """Have the figures of some articles, and of their variants, computed again."""
        chosen = set(articles)
        for key in chosen:
            self.mark_dirty(Subject("stock", f"a:{key}"))
        for fact in self.facts("variant", dirty_only=False):
            if isinstance(fact.record, Variant) and fact.record.article in chosen:
                self.mark_dirty(Subject("stock", f"v:{fact.record.key}"))

    def mark_all_dirty(self, kinds: Iterable[str]) -> None:
        """Have every fact of these kinds looked at again."""
        fact = STATE.fact
        self._connection.execute(
            update(fact).where(fact.c.kind.in_(list(kinds))).values(dirty=True)
        )

    def mark_clean(self, subject: Subject) -> None:
        """Note that a fact is settled, or set aside until it changes."""
        self._set_dirty(subject, is_dirty=False)

    def mark_all_clean(self, kind: str, keys: Sequence[str]) -> None:
        """Note that facts of a kind are settled."""
        fact = STATE.fact
        for start in range(0, len(keys), _KEYS_PER_QUERY):
            some = keys[start : start + _KEYS_PER_QUERY]
            chosen = and_(fact.c.kind == kind, fact.c.key.in_(some))
            self._connection.execute(update(fact).where(chosen).values(dirty=False))

    # --- links -------------------------------------------------------------------------------

    def links(self) -> Links:
        """Return every link, held in memory for one pass."""
        rows = self._connection.execute(select(STATE.shop_link)).all()
        former = self._connection.execute(select(STATE.shop_former)).all()
        return Links(
            {(row.kind, row.key): row.ps_id for row in rows},
            {(row.kind, row.ps_id): row.key for row in former},
        )

    def link(self, subject: Subject, ps_id: int) -> bool:
        """Link a fact to an entity; a former id is remembered, orders may still name it.

        Returns:
            Whether it was linked to another one before.
        """
        table, former = STATE.shop_link, STATE.shop_former
        same = and_(table.c.kind == subject.kind, table.c.key == subject.key)
        row = self._connection.execute(select(table.c.ps_id).where(same)).first()
        if row and row.ps_id == ps_id:
            return False
        if row:
            old = and_(former.c.kind == subject.kind, former.c.ps_id == row.ps_id)
            self._connection.execute(delete(former).where(old))
            self._connection.execute(
                insert(former).values(kind=subject.kind, ps_id=row.ps_id, key=subject.key)
            )
            self._connection.execute(delete(table).where(same))
        taken = and_(table.c.kind == subject.kind, table.c.ps_id == ps_id)
        self._connection.execute(delete(table).where(taken))
        self._connection.execute(
            insert(table).values(kind=subject.kind, key=subject.key, ps_id=ps_id)
        )
        if subject.kind in ("article", "variant"):
            # Its stock row is another one: what it shows has nothing to do with our figure.
            self.mark_dirty(Subject("stock", f"{subject.kind[0]}:{subject.key}"))
            self._queue_prices_of(subject)
        return row is not None

    def _queue_prices_of(self, subject: Subject) -> None:
        kept = self.find(subject.kind, subject.key)
        self._queue_prices([kept.record] if kept else [])

    def leave_products(self, articles: Iterable[str]) -> list[Subject]:
        """Note that these articles have new products: nothing that hung on the old ones is there.

        Returns:
            Their photos, unlinked, to be uploaded again.
        """
        chosen, unlinked = set(articles), []
        for kind in ("variant", "photo"):
            for article, facts in self.by_article(kind).items():
                for fact in facts if article in chosen else ():
                    self.mark_dirty(fact.subject)
                    if kind == "photo":
                        self.unlink(fact.subject)
                        unlinked.append(fact.subject)
        return unlinked

    def unlink(self, subject: Subject) -> None:
        """Forget a link whose entity is gone from the shop."""
        table = STATE.shop_link
        same = and_(table.c.kind == subject.kind, table.c.key == subject.key)
        self._connection.execute(delete(table).where(same))

    def take_back(self, subject: Subject, field: str, lang: int, moment: datetime) -> bool:
        """Give a field that people changed back to the till: the next pass writes its value.

        Args:
            subject: The fact.
            field: The record's name for the field, or the shop's.
            lang: PrestaShop's language id; 0 for a field without languages.
            moment: UTC now.

        Returns:
            Whether the fact is in the shop; nothing is noted when it is not.
        """
        table = STATE.shop_link
        same = and_(table.c.kind == subject.kind, table.c.key == subject.key)
        ps_id = self._connection.execute(select(table.c.ps_id).where(same)).scalar()
        resource = RESOURCES.get(subject.kind)
        if ps_id is None or resource is None:
            return False
        name = SHOP_FIELDS.get(f"{subject.kind}.{field}", field)
        self.journal.take_back(subject, resource, ps_id, name, lang, moment)
        self.mark_dirty(subject)
        return True

    # --- fates -------------------------------------------------------------------------------

    def tell(
        self,
        subject: Subject,
        of_hash: str | None,
        state: FateState,
        problem: Problem | None,
        moment: datetime,
    ) -> Fate | None:
        """Return the fate to be sent, or None when the till was already told so."""
        told = STATE.told
        same = and_(told.c.kind == subject.kind, told.c.key == subject.key)
        reason = problem_json(problem) if problem else None
        row = self._connection.execute(select(told).where(same)).first()
        if row and (row.of_hash, row.state, row.reason) == (of_hash, state, reason):
            return None
        at = format_time(moment)
        self._connection.execute(delete(told).where(same))
        self._connection.execute(
            insert(told).values(
                kind=subject.kind,
                key=subject.key,
                of_hash=of_hash,
                state=state,
                reason=reason,
                at=at,
            )
        )
        return fate(subject, of_hash, state, problem, moment)

    def _forget_told(self, kind: str, key: str) -> None:
        told = STATE.told
        self._connection.execute(delete(told).where(told.c.kind == kind, told.c.key == key))

    def set_aside(self) -> Iterator[tuple[Subject, str, str]]:
        """Yield (subject, state, reason as JSON) of everything that is not applied."""
        told = STATE.told
        states = ("refused", "waiting", "held", "edited_on_site")
        rows = self._connection.execute(
            select(told).where(told.c.state.in_(states)).order_by(told.c.kind, told.c.key)
        ).all()
        for row in rows:
            yield Subject(row.kind, row.key), row.state, row.reason or ""

    def all_told(self) -> list[Fate]:
        """Return the fates of everything, to be told again to a till that may know none."""
        told = STATE.told
        rows = self._connection.execute(select(told).order_by(told.c.kind, told.c.key)).all()
        return [
            fate(
                Subject(row.kind, row.key),
                row.of_hash,
                row.state,
                problem_from(row.reason) if row.reason else None,
                datetime.fromisoformat(row.at),
            )
            for row in rows
        ]

    # --- photos and settings -----------------------------------------------------------------

    def keep_photo(self, sha256: str, content: bytes) -> None:
        """Keep a photo's bytes until they are in the shop."""
        table = STATE.photo
        self._connection.execute(delete(table).where(table.c.sha256 == sha256))
        self._connection.execute(insert(table).values(sha256=sha256, content=content))

    def receive_photo(self, content: bytes) -> None:
        """Keep a photo that the till sent; the facts that want it are looked at again."""
        digest = hashlib.sha256(content).hexdigest()
        self.keep_photo(digest, content)
        for photo in self._photos_of(digest):
            self.mark_dirty(Subject("photo", photo.key))
            self.mark_dirty(Subject("article", photo.article))
        # It is here: whoever wants it again, after it was used, must ask again.
        asked = (self.setting(WANTS) or "").split()
        self.set_setting(WANTS, " ".join(one for one in asked if one != digest))

    def _photos_of(self, digest: str) -> list[Photo]:
        """Return the photos with these bytes; only those are parsed, there may be thousands."""
        fact, sought = STATE.fact, digest.encode()
        bodies = self._connection.execute(select(fact.c.body).where(fact.c.kind == "photo"))
        found = [parse_record(b, place="replica") for b in bodies.scalars() if sought in b]
        return [one for one in found if isinstance(one, Photo) and one.sha256 == digest]

    def find_photo(self, sha256: str) -> bytes | None:
        """Return a photo's bytes, or None when they are not here."""
        table = STATE.photo
        return self._connection.execute(
            select(table.c.content).where(table.c.sha256 == sha256)
        ).scalar()

    def drop_photo(self, sha256: str) -> None:
        """Free the room that a photo's bytes took."""
        self._connection.execute(delete(STATE.photo).where(STATE.photo.c.sha256 == sha256))

    def setting(self, name: str) -> str | None:
        """Return a remembered setting."""
        return self._connection.execute(_SETTING, {"of": name}).scalar()

    def set_setting(self, name: str, value: str) -> None:
        """Remember a setting."""
        self._connection.execute(_DROP_SETTING, {"of": name})
        self._connection.execute(_INSERT_SETTING, {"name": name, "value": value})

    def _set_dirty(self, subject: Subject, *, is_dirty: bool) -> None:
        values = {"of_kind": subject.kind, "of_key": subject.key, "dirty": is_dirty}
        self._connection.execute(_SET_DIRTY, values)

    def _same(self, kind: str, key: str) -> ColumnElement[bool]:
        return and_(STATE.fact.c.kind == kind, STATE.fact.c.key == key)


def fate(
    subject: Subject,
    of_hash: str | None,
    state: FateState,
    problem: Problem | None,
    moment: datetime,
) -> Fate:
    """Return what the till is told of one record."""
    return Fate(
        key=f"{subject.kind}/{subject.key}",
        of_kind=subject.kind,
        of_key=subject.key,
        of_hash=of_hash,
        state=state,
        reason=reason_of(problem) if problem else None,
        at=moment,
    )


def _fact(row: Row[Any]) -> Fact:
    packet = None if row.seq is None else (row.epoch, row.seq)
    record = parse_record(row.body, place="replica")
    return Fact(record, row.hash, row.gone, row.dirty, packet, row.packed_at)


def _origin(delivery: Delivery) -> dict[str, int | str | None]:
    """Return which packet said a fact, as columns."""
    return {
        "epoch": delivery.epoch, "seq": delivery.seq, "packed_at": delivery.packed_at or None,
    }  # fmt: skip
