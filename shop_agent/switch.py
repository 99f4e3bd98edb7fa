"""An article is created invisible, switched on by its last action, taken away when it is gone.

Ready means: its variants are in the shop (or set aside one by one), their stock is written, and a
photo is there when one was promised. Only then may a visitor see it. What the till no longer sends
becomes what the merchant chose, never more than a person would believe at once: a mass of
disappearances waits for a yes.

    Switch(desk, profile).run(full=False)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, select

from protocol.errors import Problem
from shop_agent.actions import (
    Action,
    FieldKey,
    Hold,
    KeepEdit,
    Settle,
    Subject,
    Update,
    Wait,
)
from shop_agent.apply import Applier, Desk
from shop_agent.errors import ParentMissingError
from shop_agent.judging import label
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.reconcile.brakes import DEACTIVATIONS, Asked, is_mass
from shop_agent.reconcile.plan import Memory, plan_entity
from shop_agent.reconcile.showing import Fell, Showing, Shown, plan_showing, why_unseen
from shop_agent.reconcile.wanted import DEFAULT_OWNERS, Wanted
from shop_agent.replica import Fact, Replica
from shop_agent.state import STATE

_CHUNK = 200
_ACTIVE: FieldKey = ("active", 0)
_DISPLAY = ("id", "active", "visibility", "price", "id_category_default", "categories[id]")


@dataclass(frozen=True)
class Parts:
    """What an article waits for: its variants, photos and stock figures."""

    variants: Mapping[str, Sequence[Fact]]
    photos: Mapping[str, Sequence[Fact]]
    unwritten_stock: frozenset[str]
    set_aside: frozenset[Subject]


@dataclass(frozen=True)
class _Case:
    """One article and what is to be done with it."""

    fact: Fact
    showing: Showing
    actions: Sequence[Action]


class Switch:
    """Turns articles on and off.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
    """

    def __init__(self, desk: Desk, profile: Profile) -> None:
        self._desk = desk
        self._profile = profile
        self._applier = Applier(desk)
        self._fallen: dict[str, Fell] = {}
        self._off: frozenset[int] = frozenset()
        #: Whether figures are to be computed again: articles are out of stock, or no longer.
        self.moved_stock = False

    def run(self, *, full: bool) -> None:
        """Look at the articles that changed (or at all) and switch them as they should be."""
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = replica.facts("article", dirty_only=not full)
            facts = [fact for fact in facts if self._desk.concerns(fact.subject)]
            linked = [fact for fact in facts if self._usable(fact)]
            parts = _parts(replica)
            rows = connection.execute(select(STATE.fallen)).all()
            self._fallen = {row.key: Fell(row.fate, row.before) for row in rows}
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        starts = range(0, len(linked), _CHUNK)
        plans = [self._plan_chunk(linked[start : start + _CHUNK], parts) for start in starts]
        held = self._ask([case for plan in plans for case in plan])
        for plan in plans:
            self._applier.check_time()
            self._carry_out(plan, held)
        never_here = [f for f in facts if f.gone is not None and not self._linked(f)]
        self._applier.carry_out([Settle(fact.subject) for fact in never_here])

    # --- deciding ----------------------------------------------------------------------------

    def _plan_chunk(self, facts: Sequence[Fact], parts: Parts) -> list[_Case]:
        ids = [self._desk.links("article", fact.record.key) or 0 for fact in facts]
        real = [ps_id for ps_id in ids if ps_id > 0]
        with self._desk.engine.connect() as connection:
            memories = Replica(connection).journal.memories("products", real)
        found = self._desk.shop.find_any("products", "id", real, display=_DISPLAY) if real else ()
        site = {entity.id: entity for entity in found}
        self._off = self._categories_off(found)
        return [
            self._case(fact, site.get(ps_id), memories.get(ps_id, Memory()), parts)
            for fact, ps_id in zip(facts, ids, strict=True)
        ]

    def _categories_off(self, products: Sequence[Entity]) -> frozenset[int]:
        """Return which of these products' categories are off on the site."""
        shelves = {shelf for one in products for shelf in shown_of(one).categories}
        shelves |= {shown_of(one).default_category for one in products}
        shelves.discard(0)
        if not shelves:
            return frozenset()
        display = ("id", "active")
        found = self._desk.shop.find_any("categories", "id", sorted(shelves), display=display)
        return frozenset(one.id for one in found if not one.flag("active"))

    def _case(self, fact: Fact, site: Entity | None, memory: Memory, parts: Parts) -> _Case:
        missing = self._missing(fact, parts) if fact.gone is None else None
        if missing is not None:
            return _Case(fact, Showing(()), [Wait(fact.subject, missing)])
        if site is None:  # gone from both, or created in a trial only
            is_over = fact.gone is not None
            return _Case(fact, Showing(()), [Settle(fact.subject)] if is_over else [])
        shown, last = shown_of(site), memory.last.get(_ACTIVE)
        choices = self._desk.choices
        never_on = last is not None and last.sent == "0" and _ACTIVE not in memory.pending
        showing = plan_showing(
            fate=None if fact.gone is None else choices.fate(fact.gone),
            shown=shown,
            fell=self._fallen.get(fact.record.key),
            owner=choices.owners.get("article.online", DEFAULT_OWNERS["article.online"]),
            may_be_draft=choices.new_articles == "draft" and never_on,
        )
        wanted = Wanted(fact.subject, "products", showing.fields)
        actions = plan_entity(wanted, site, memory, self._profile)
        if fact.gone is None:
            actions = list(self._with_reason(actions, shown, showing, str(fact.subject)))
        return _Case(fact, showing, actions)

    def _with_reason(
        self, actions: Sequence[Action], shown: Shown, showing: Showing, place: str
    ) -> Iterator[Action]:
        """Say with the article's fate why visitors do not see it, once this plan is carried out."""
        for action in actions:
            if isinstance(action, Update):
                shown = replace(
                    shown,
                    active=action.sent.get(_ACTIVE, "1" if shown.active else "0") == "1",
                    visibility=action.sent.get(("visibility", 0), shown.visibility),
                )
        why = why_unseen(shown, is_draft=showing.is_draft, off_categories=self._off, place=place)
        for action in actions:
            if isinstance(action, KeepEdit) and action.field == "active":
                continue  # it is no text: the fate's reason says it
            yield replace(action, unseen=why) if isinstance(action, Settle) else action

    def _ask(self, cases: Sequence[_Case]) -> Mapping[Subject, Hold]:
        """Return the disappearances that wait for a person."""
        leaving = [case.fact for case in cases if case.showing.takes_away]
        if self._desk.holds is None or not leaving:
            return {}
        brakes = self._desk.choices.brakes
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            live = [f for f in replica.facts("article", dirty_only=False) if f.gone is None]
            lines = {fact.subject: label(replica, fact.subject) for fact in leaving}
        of = sum(self._linked(fact) for fact in live) + len(leaving)
        return self._desk.holds.ask(
            Asked(DEACTIVATIONS, lines, of),
            lambda count, of: is_mass(count, of=of, brakes=brakes),
        )

    # --- doing -------------------------------------------------------------------------------

    def _carry_out(self, cases: Sequence[_Case], held: Mapping[Subject, Hold]) -> None:
        actions: list[Action] = []
        for case in cases:
            hold = held.get(case.fact.subject)
            actions += case.actions if hold is None else [hold]
        self._applier.carry_out(actions)
        if not self._desk.dry:
            for case in cases:
                if case.fact.subject not in self._desk.failed:
                    self._remember(case.fact.record.key, case.showing.fell)

    def _remember(self, key: str, fell: Fell | None) -> None:
        """Keep what became of an article, and have its stock computed again when that moves it."""
        known, table = self._fallen.get(key), STATE.fallen
        if known == fell:
            return
        with self._desk.engine.begin() as connection:
            connection.execute(delete(table).where(table.c.key == key))
            if fell is not None:
                values = {"key": key, "fate": fell.fate, "before": fell.before}
                connection.execute(insert(table).values(**values))
            if "out_of_stock" in {one.fate for one in (known, fell) if one is not None}:
                Replica(connection).mark_stock_dirty([key])
                self.moved_stock = True

    # --- what an article waits for -----------------------------------------------------------

    def _missing(self, fact: Fact, parts: Parts) -> Problem | None:
        """Return why an article may not be seen yet, or None when it is complete."""
        key = fact.record.key
        variants = parts.variants.get(key, ())
        absent = [v for v in variants if self._absent(v, parts)]
        none_usable = variants and not any(self._linked(variant) for variant in variants)
        if absent or none_usable:
            return _waits(fact, f"variant {(absent or variants)[0].record.key}")
        sellables = [f"v:{variant.record.key}" for variant in variants] or [f"a:{key}"]
        unwritten = [one for one in sellables if one in parts.unwritten_stock]
        if unwritten:
            return _waits(fact, f"stock {unwritten[0]}")
        photos = parts.photos.get(key, ())
        if photos and not any(self._linked(p) or p.subject in parts.set_aside for p in photos):
            return _waits(fact, f"photo {photos[0].record.key}")
        return None

    def _absent(self, variant: Fact, parts: Parts) -> bool:
        return not self._linked(variant) and variant.subject not in parts.set_aside

    def _linked(self, fact: Fact) -> bool:
        return self._desk.links(fact.record.kind, fact.record.key) is not None

    def _usable(self, fact: Fact) -> bool:
        return self._linked(fact) and fact.subject not in self._desk.failed


def _parts(replica: Replica) -> Parts:
    dirty = replica.facts("stock", dirty_only=True)
    # A variant whose price waits for a person is set aside alone: the others are shown.
    states = {"refused", "held"}
    refused = (subject for subject, state, _ in replica.told.set_aside() if state in states)
    return Parts(
        variants=replica.by_article("variant"),
        photos=replica.by_article("photo"),
        unwritten_stock=frozenset(fact.record.key for fact in dirty if fact.gone is None),
        set_aside=frozenset(refused),
    )


def _waits(fact: Fact, parent: str) -> Problem:
    return ParentMissingError(place=str(fact.subject), parent=parent).problem()


def shown_of(site: Entity) -> Shown:
    """Return a product as the shop shows it."""
    return Shown(
        active=site.flag("active"),
        visibility=site.text("visibility"),
        price=site.number("price"),
        default_category=site.whole("id_category_default"),
        categories=frozenset(int(row["id"]) for row in site.rows("categories")),
    )
