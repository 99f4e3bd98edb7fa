"""The catalogue, kind by kind: read what is ours in the shop, plan, carry out.

Parents come before their children, so that a creation always finds the ids it hangs on. A quick
pass looks at what changed; a full pass looks at everything that is ours.

    Catalogue(desk, replica_reader, profile).run(full=False)
"""

from collections.abc import Collection, Mapping, Sequence

from protocol.errors import RefusedItemError
from protocol.records import Article, Record
from shop_agent.actions import Action, Adopt, Create, Refuse, Settle, Subject, Wait
from shop_agent.apply import Applier, Desk, is_waiting
from shop_agent.beside import Beside
from shop_agent.candidates import Candidates
from shop_agent.connection import Connector
from shop_agent.errors import ParentMissingError
from shop_agent.judging import Judge, Planned
from shop_agent.leaving import Leaving
from shop_agent.policy_errors import NotFlaggedError
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.reconcile.connecting import Connection
from shop_agent.reconcile.levels import by_depth
from shop_agent.reconcile.matching import match, match_by_codes, named_by_values
from shop_agent.reconcile.plan import Memory, plan_creation, plan_entity
from shop_agent.reconcile.variants import is_left, unmet_base, with_defaults
from shop_agent.reconcile.wanted import RESOURCES, Context, Wanted, want, without_lacking
from shop_agent.replica import Fact, Replica

#: In this order; an article is switched on later, by `shop_agent.switch`.
KINDS = (
    "category", "brand", "supplier", "feature", "feature_value", "axis", "axis_value", "article",
    "variant",
)  # fmt: skip
_CHUNK = 200


class Catalogue:
    """Closes the difference between the replica's catalogue and the shop's.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
    """

    def __init__(self, desk: Desk, profile: Profile) -> None:
        self._desk = desk
        self._profile = profile
        self._applier = Applier(desk)
        self._shelves = Candidates(desk)
        self._leaving = Leaving(desk, profile)
        self._judge = Judge(desk, profile)
        # Of the level that is planned: entities that were adopted; products that have combinations,
        # and of them those with a default one.
        self._adopted: set[int] = set()
        self._begun: set[str] = set()
        self._with_default: set[str] = set()
        self._beside = Beside(desk, profile, self._applier)
        self._connector = Connector(desk)
        self._connection = Connection()

    def run(self, *, full: bool) -> None:
        """Plan and carry out every kind, parents first."""
        for kind in KINDS:
            self.run_kind(kind, full=full)

    def run_kind(self, kind: str, *, full: bool) -> None:
        """Plan and carry out one kind."""
        with self._desk.engine.connect() as connection:
            facts = Replica(connection).facts(kind, dirty_only=not full)
        facts = [fact for fact in facts if self._desk.concerns(fact.subject)]
        live = [fact for fact in facts if fact.gone is None]
        if kind == "article":
            self._connection = self._connector.connect(live)
        for level in by_depth(kind, live):
            self._run_level(kind, level)
        if kind == "article":
            self._connector.tell(self._connection, full=full)
        # What is gone from the till stays in the shop: an article is switched off, a variant's
        # stock goes to 0, and the rest may be in use by the web team.
        self._settle_gone([fact for fact in facts if fact.gone is not None and kind != "article"])

    def _run_level(self, kind: str, facts: Sequence[Fact]) -> None:
        """Plan all of a level, have it judged as a whole, then carry it out."""
        self._adopted, self._begun, self._with_default = set(), set(), set()
        plans = []
        for start in range(0, len(facts), _CHUNK):
            self._desk.report.progress(kind, start, len(facts))
            plans.append(self._plan_chunk(kind, facts[start : start + _CHUNK]))
        plans = self._judge.judged(kind, plans)
        for number, plan in enumerate(plans):
            self._applier.check_time()
            self._desk.report.progress(kind, number * _CHUNK, len(facts))
            self._carry_out_chunk(kind, plan)

    def _plan_chunk(self, kind: str, facts: Sequence[Fact]) -> Planned:
        resource = RESOURCES[kind]
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        refused = [fact for fact in facts if self._is_unflagged(fact)]
        facts = [fact for fact in facts if fact not in refused] if refused else facts
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            context = self._context(replica)
            wanted, actions = _wanted(facts, context, self._desk.shop.lacks(resource))
            ids = [i for one in wanted if (i := self._place(one.subject)) is not None and i > 0]
            memories = replica.journal.memories(resource, ids)
            unsettled = replica.journal.intents(kind)
            if kind == "variant":
                wanted, waiting = self._on_their_base(wanted, memories, replica, context)
                actions += waiting
        site = self._shelves.read(resource, ids)
        unlinked = [w for w in wanted if self._unlinked(w, site) and not self._looked(w)]
        candidates = self._shelves.find(resource, unlinked)
        free = [one for one in self._shelves.free(kind, candidates) if one.id not in self._adopted]
        loose = self._loose(unlinked, free)
        for one in wanted:
            planned = self._plan(one, site, memories, unsettled, free)
            if loose and isinstance(planned[0], Create):
                planned = self._plan_by_codes(one, loose) or planned
            adopted = {action.ps_id for action in planned if isinstance(action, Adopt)}
            free = [entity for entity in free if entity.id not in adopted] if adopted else free
            self._adopted |= adopted
            actions += planned
        if kind == "article":
            # An article is settled where it is switched on, by its last action.
            actions = [action for action in actions if not isinstance(action, Settle)]
        actions += [
            Refuse(f.subject, NotFlaggedError(place=str(f.subject)).problem()) for f in refused
        ]
        left = self._left_by(wanted, site) if kind == "variant" else ()
        records = {fact.subject: fact.record for fact in facts}
        return Planned(records, context, wanted, actions, memories, candidates, left)

    def _is_unflagged(self, fact: Fact) -> bool:
        """Return whether an article came that is not for the site, where only such may come."""
        is_off = isinstance(fact.record, Article) and fact.record.online is False
        return is_off and self._desk.choices.only_flagged

    def _carry_out_chunk(self, kind: str, plan: Planned) -> None:
        actions = plan.actions
        if kind == "variant":
            found = plan.candidates
            self._begun |= {entity.text("id_product") for entity in found}
            self._with_default |= {
                one.text("id_product") for one in found if one.flag("default_on")
            }
            actions = with_defaults(actions, self._with_default)
            self._empty_simple_products(actions)
            if plan.left:
                self._leaving.empty("id_product_attribute", plan.left, {})
        self._carry_out(plan, actions)
        if kind == "article":
            self._applier.close_looked_at([one.subject for one in plan.wanted])

    def _carry_out(self, plan: Planned, actions: Sequence[Action]) -> None:
        """Write a chunk, then what stands beside it; settled is what both were written of."""
        records = [record for record in plan.records.values() if _has_rows_beside(record)]
        if not records:
            self._applier.carry_out(actions)
            return
        self._applier.carry_out([action for action in actions if not isinstance(action, Settle)])
        self._beside.write(records, plan.context)
        done = [action for action in actions if isinstance(action, Settle)]
        self._applier.carry_out([a for a in done if a.subject not in self._desk.failed])

    def _looked(self, wanted: Wanted) -> bool:
        return wanted.subject.kind == "article" and wanted.subject.key in self._connection.looked

    def _place(self, subject: Subject) -> int | None:
        """Return the entity of a fact: linked, or found for it by the first connection."""
        found = self._desk.links(subject.kind, subject.key)
        if found is None and subject.kind == "article":
            return self._connection.products.get(subject.key)
        return found

    def _loose(
        self, unlinked: Sequence[Wanted], free: Sequence[Entity]
    ) -> tuple[Sequence[Wanted], list[Entity]] | None:
        """Return the variants and combinations that may find each other by their codes."""
        if not unlinked or unlinked[0].resource != "combinations":
            return None
        named = named_by_values(unlinked, free)
        links = self._desk.links
        unknown = [one for one in free if links.key_of("variant", one.id) is None]
        loose = [one for one in unknown if one.id not in named]
        return (unlinked, loose) if loose else None

    def _plan_by_codes(
        self, wanted: Wanted, loose: tuple[Sequence[Wanted], list[Entity]]
    ) -> list[Action]:
        siblings, candidates = loose
        found = match_by_codes(wanted, siblings, candidates)
        if found is None:
            return []
        candidates.remove(found)
        adopt = Adopt(wanted.subject, wanted.resource, found.id)
        return [adopt, *plan_entity(wanted, found, Memory(), self._profile)]

    def _on_their_base(
        self,
        wanted: Sequence[Wanted],
        known: Mapping[int, Memory],
        replica: Replica,
        context: Context,
    ) -> tuple[list[Wanted], list[Action]]:
        """Put off variants that have or had their own price while the shop lacks their article's.

        A variant's price is an impact on it: on the old one, a visitor would pay neither.
        """
        if self._desk.dry or context.owner("article.price") != "till":
            return list(wanted), []
        products = [int(str(one.on_create["id_product"])) for one in wanted]
        memories = replica.journal.memories("products", sorted(set(products)))
        ready: list[Wanted] = []
        waiting: list[Action] = []
        for one, product in zip(wanted, products, strict=True):
            combination = known.get(self._place(one.subject) or 0)
            article = unmet_base(one.subject.key, memories[product], combination, context)
            if article is None:
                ready.append(one)
            else:
                error = ParentMissingError(place=str(one.subject), parent=f"article {article}")
                waiting.append(Wait(one.subject, error.problem()))
        return ready, waiting

    def _empty_simple_products(self, actions: Sequence[Action]) -> None:
        """Bring row 0 of a product to 0 before its first combination: the shop would keep it."""
        creations = [action for action in actions if isinstance(action, Create)]
        products = {str(action.write.fields["id_product"]) for action in creations} - self._begun
        self._begun |= products
        products = {product for product in products if not product.startswith("-")}
        if products:
            self._leaving.empty("id_product", sorted(products), {"id_product_attribute": "0"})

    def _left_by(self, wanted: Sequence[Wanted], site: Mapping[int, Entity]) -> Sequence[int]:
        """Return what variants leave under an article that is theirs no more: to go to 0."""
        ids = [self._desk.links("variant", one.subject.key) or 0 for one in wanted]
        left = [
            i for one, i in zip(wanted, ids, strict=True) if i in site and is_left(one, site[i])
        ]
        return sorted(left)

    def _unlinked(self, wanted: Wanted, site: Mapping[int, Entity]) -> bool:
        ps_id = self._desk.links(wanted.subject.kind, wanted.subject.key)
        if ps_id is None or ps_id < 0:
            return ps_id is None
        return ps_id not in site or is_left(wanted, site[ps_id])

    def _plan(
        self,
        wanted: Wanted,
        site: Mapping[int, Entity],
        memories: Mapping[int, Memory],
        unsettled: Mapping[str, Mapping[tuple[str, int], str]],
        candidates: Sequence[Entity],
    ) -> list[Action]:
        subject = wanted.subject
        if subject.kind == "article" and subject.key in self._connection.problems:
            return [Refuse(subject, self._connection.problems[subject.key])]
        if not self._unlinked(wanted, site):
            ps_id = self._desk.links(subject.kind, subject.key) or 0
            return plan_entity(wanted, site[ps_id], memories[ps_id], self._profile)
        try:
            found = self._found(wanted, site, candidates)
        except RefusedItemError as error:
            return [Refuse(subject, error.problem())]
        if found is None:
            return [plan_creation(wanted), Settle(subject, changed=True)]
        # After a creation without an answer, what is found is ours; else it is the shop's own.
        memory = Memory({}, unsettled.get(subject.key, {}))
        return [
            Adopt(subject, wanted.resource, found.id),
            *plan_entity(wanted, found, memory, self._profile),
        ]

    def _found(
        self, wanted: Wanted, site: Mapping[int, Entity], candidates: Sequence[Entity]
    ) -> Entity | None:
        """Return what an unlinked fact is in the shop; None when it is to be created."""
        if self._looked(wanted):
            return site.get(self._connection.products.get(wanted.subject.key, 0))
        return match(wanted, candidates)

    def _context(self, replica: Replica) -> Context:
        cache: dict[tuple[str, str], Record | None] = {}

        def find(kind: str, key: str) -> Record | None:
            if (kind, key) not in cache:
                fact = replica.find(kind, key)
                cache[kind, key] = fact.record if fact and fact.gone is None else None
            return cache[kind, key]

        return Context(self._desk.links, find, self._profile, self._desk.choices)

    def _settle_gone(self, facts: Sequence[Fact]) -> None:
        facts = [fact for fact in facts if fact.subject not in self._desk.failed]
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        left = self._leaving.left_behind(facts)
        self._applier.carry_out(
            [Settle(fact.subject, unseen=left.get(fact.subject)) for fact in facts]
        )


def _wanted(
    facts: Sequence[Fact], context: Context, lacks: Collection[str]
) -> tuple[list[Wanted], list[Action]]:
    """Return what can be planned, and the facts that must wait or are refused."""
    wanted: list[Wanted] = []
    actions: list[Action] = []
    for fact in facts:
        try:
            wanted.append(without_lacking(want(fact.record, context), lacks))
        except RefusedItemError as error:
            wait = Wait if is_waiting(error) else Refuse
            actions.append(wait(fact.subject, error.problem()))
    return wanted, actions


def _has_rows_beside(record: Record) -> bool:
    return not {"suppliers", "when_out_of_stock"}.isdisjoint(record.model_fields_set)
