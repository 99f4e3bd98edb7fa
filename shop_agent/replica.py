"""The replica: what the till wants, linked to what the shop has, and what we wrote there.

Every method works inside the caller's transaction. A fact that changed is *dirty* until a pass has
settled it. What the till says comes in by `reception`, its photos lie on the `photo_shelf`, and
what it was told is in `told`.

    replica = Replica(connection)
    for fact in replica.facts("article", dirty_only=True): ...
    replica.link(fact.subject, 1042)
    replica.mark_clean(fact.subject)
"""

from collections.abc import Collection, Iterable, Sequence
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

from protocol.records import (
    Article,
    Cause,
    Photo,
    Policy,
    Record,
    Variant,
    parse_record,
)
from shop_agent.actions import Subject
from shop_agent.journal import Journal
from shop_agent.links import Links
from shop_agent.price_book import PriceBook
from shop_agent.reconcile.wanted import RESOURCES, SHOP_FIELDS
from shop_agent.state import STATE
from shop_agent.told import Told

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
        self.told = Told(connection)

    # --- facts -------------------------------------------------------------------------------

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

    # --- special prices ---------------------------------------------------------------------

    def queue_prices(self, changed: Sequence[Record]) -> None:
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

    def queue_prices_of(self, subject: Subject) -> None:
        """Have the special prices done again that hang on a fact, when it is here."""
        kept = self.find(subject.kind, subject.key)
        self.queue_prices([kept.record] if kept else [])

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
            self.queue_prices_of(subject)
        return row is not None

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

    # --- settings ----------------------------------------------------------------------------

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


def is_fact(kind: str, key: str) -> ColumnElement[bool]:
    """Return the condition: the row of this fact."""
    return and_(STATE.fact.c.kind == kind, STATE.fact.c.key == key)


def _fact(row: Row[Any]) -> Fact:
    packet = None if row.seq is None else (row.epoch, row.seq)
    record = parse_record(row.body, place="replica")
    return Fact(record, row.hash, row.gone, row.dirty, packet, row.packed_at)
