"""An article is created invisible and switched on by its last action, or off when it is gone.

Ready means: its variants are in the shop (or set aside one by one), their stock is written, and a
photo is there when one was promised. Only then may a visitor see it.

    Switch(desk, profile).run(full=False)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from protocol.errors import Problem
from protocol.records import Policy
from shop_agent.actions import Action, Settle, Subject, Wait
from shop_agent.apply import Applier, Desk
from shop_agent.errors import ParentMissingError
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.reconcile.plan import Memory, plan_entity
from shop_agent.reconcile.wanted import DEFAULT_OWNERS, Wanted, WantedField
from shop_agent.replica import Fact, Replica

_CHUNK = 200


@dataclass(frozen=True)
class Parts:
    """What an article waits for: its variants, photos and stock figures."""

    variants: Mapping[str, Sequence[Fact]]
    photos: Mapping[str, Sequence[Fact]]
    unwritten_stock: frozenset[str]
    set_aside: frozenset[Subject]


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

    def run(self, *, full: bool) -> None:
        """Look at the articles that changed (or at all) and switch them as they should be."""
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = replica.facts("article", dirty_only=not full)
            linked = [fact for fact in facts if self._usable(fact)]
            parts, policy = _parts(replica), replica.policy()
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        for start in range(0, len(linked), _CHUNK):
            self._desk.check_time()
            self._run_chunk(linked[start : start + _CHUNK], parts, policy)
        never_here = [f for f in facts if f.gone is not None and not self._linked(f)]
        self._applier.carry_out([Settle(fact.subject) for fact in never_here])

    def _run_chunk(self, facts: Sequence[Fact], parts: Parts, policy: Policy) -> None:
        ids = [self._desk.links("article", fact.record.key) or 0 for fact in facts]
        real = [ps_id for ps_id in ids if ps_id > 0]
        with self._desk.engine.connect() as connection:
            memories = Replica(connection).journal.memories("products", real)
        found = self._desk.shop.find_any("products", "id", real, display=("id", "active"))
        site = {entity.id: entity for entity in found} if real else {}
        actions: list[Action] = []
        for fact, ps_id in zip(facts, ids, strict=True):
            missing = self._missing(fact, parts) if fact.gone is None else None
            if missing is not None:
                actions.append(Wait(fact.subject, missing))
            elif ps_id in site:
                actions += self._plan(fact, site[ps_id], memories[ps_id], policy)
            elif fact.gone is not None and ps_id > 0:
                actions.append(Settle(fact.subject))  # gone from both
        self._applier.carry_out(actions)

    def _plan(self, fact: Fact, site: Entity, memory: Memory, policy: Policy) -> list[Action]:
        if fact.gone is not None and policy.gone.get(fact.gone) == "leave":
            return [Settle(fact.subject)]
        value = "1" if fact.gone is None else "0"
        owner = policy.owners.get("article.online", DEFAULT_OWNERS["article.online"])
        active = WantedField("active", owner, {0: value})
        return plan_entity(Wanted(fact.subject, "products", (active,)), site, memory, self._profile)

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
    refused = (subject for subject, state, _ in replica.set_aside() if state == "refused")
    return Parts(
        variants=replica.by_article("variant"),
        photos=replica.by_article("photo"),
        unwritten_stock=frozenset(fact.record.key for fact in dirty if fact.gone is None),
        set_aside=frozenset(refused),
    )


def _waits(fact: Fact, parent: str) -> Problem:
    return ParentMissingError(place=str(fact.subject), parent=parent).problem()
