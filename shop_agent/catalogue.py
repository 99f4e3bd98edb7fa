"""The catalogue, kind by kind: read what is ours in the shop, plan, carry out.

Parents come before their children, so that a creation always finds the ids it hangs on. A quick
pass looks at what changed; a full pass looks at everything that is ours.

    Catalogue(desk, replica_reader, profile).run(full=False)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from protocol.errors import RefusedItemError
from protocol.money import format_decimal
from protocol.records import Article, Record, Variant
from shop_agent.actions import Action, Adopt, Create, Refuse, Settle, Wait
from shop_agent.apply import Applier, Desk, is_waiting
from shop_agent.errors import ParentMissingError
from shop_agent.prestashop.batch import write_batch
from shop_agent.prestashop.entities import Entity, Write
from shop_agent.profile import Profile
from shop_agent.reconcile.matching import match
from shop_agent.reconcile.plan import Memory, plan_creation, plan_entity
from shop_agent.reconcile.wanted import RESOURCES, Context, Wanted, base_price, normal, want
from shop_agent.replica import Fact, Replica
from shop_agent.stock import is_our_row

#: In this order; an article is switched on later, by `shop_agent.switch`.
KINDS = ("category", "brand", "axis", "axis_value", "article", "variant")
_CHUNK = 200
#: Where the candidates of a match are looked up: the field the shop is asked by.
_ASKED_BY: Mapping[str, str] = {
    "categories": "id_parent",
    "product_option_values": "id_attribute_group",
    "products": "reference",
    "combinations": "id_product",
    "manufacturers": "name",
}


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

    def run(self, *, full: bool) -> None:
        """Plan and carry out every kind, parents first."""
        for kind in KINDS:
            self.run_kind(kind, full=full)

    def run_kind(self, kind: str, *, full: bool) -> None:
        """Plan and carry out one kind."""
        with self._desk.engine.connect() as connection:
            facts = Replica(connection).facts(kind, dirty_only=not full)
        live = [fact for fact in facts if fact.gone is None]
        for level in _by_depth(kind, live):
            for start in range(0, len(level), _CHUNK):
                self._desk.check_time()
                self._desk.report.progress(kind, start, len(level))
                self._run_chunk(kind, level[start : start + _CHUNK])
        # What is gone from the till stays in the shop: an article is switched off, a variant's
        # stock goes to 0, and the rest may be in use by the web team.
        self._settle_gone([fact for fact in facts if fact.gone is not None and kind != "article"])

    def _run_chunk(self, kind: str, facts: Sequence[Fact]) -> None:
        resource = RESOURCES[kind]
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            context = self._context(replica)
            wanted, actions = _wanted(facts, context)
            ids = [i for one in wanted if (i := self._desk.links(kind, one.subject.key)) and i > 0]
            memories = replica.journal.memories(resource, ids)
            unsettled = replica.journal.intents(kind)
            if kind == "variant":
                wanted, waiting = self._on_their_base(wanted, replica, context)
                actions += waiting
        site = self._read(resource, ids)
        candidates = self._candidates(resource, [w for w in wanted if self._unlinked(w, site)])
        free = self._free(kind, candidates)
        for one in wanted:
            planned = self._plan(one, site, memories, unsettled, free)
            adopted = {action.ps_id for action in planned if isinstance(action, Adopt)}
            free = [entity for entity in free if entity.id not in adopted] if adopted else free
            actions += planned
        if kind == "article":
            # An article is settled where it is switched on, by its last action.
            actions = [action for action in actions if not isinstance(action, Settle)]
        if kind == "variant":
            actions = _with_defaults(actions, candidates)
            self._empty_simple_products(actions, candidates)
            self._empty_left(wanted, site)
        self._applier.carry_out(actions)
        if kind == "article":
            self._applier.close_looked_at([one.subject for one in wanted])

    def _on_their_base(
        self, wanted: Sequence[Wanted], replica: Replica, context: Context
    ) -> tuple[list[Wanted], list[Action]]:
        """Put off variants with a price of their own while the shop lacks their article's.

        A variant's price is an impact on it: on the old one, a visitor would pay neither.
        """
        if self._desk.dry or context.owner("article.price") != "till":
            return list(wanted), []
        products = [int(str(one.on_create["id_product"])) for one in wanted]
        memories = replica.journal.memories("products", sorted(set(products)))
        ready: list[Wanted] = []
        waiting: list[Action] = []
        for one, product in zip(wanted, products, strict=True):
            article = unmet_base(one.subject.key, memories[product], context)
            if article is None:
                ready.append(one)
            else:
                error = ParentMissingError(place=str(one.subject), parent=f"article {article}")
                waiting.append(Wait(one.subject, error.problem()))
        return ready, waiting

    def _free(self, kind: str, candidates: Sequence[Entity]) -> list[Entity]:
        """Return the entities that no other fact of the till has: nobody takes another's place."""
        links = self._desk.links
        holders = {
            entity.id: key
            for entity in candidates
            if (key := links.key_of(kind, entity.id)) and links(kind, key) == entity.id
        }
        if not holders:
            return list(candidates)
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = {ps_id: replica.find(kind, key) for ps_id, key in holders.items()}
        taken = {ps_id for ps_id, fact in facts.items() if fact and fact.gone is None}
        return [entity for entity in candidates if entity.id not in taken]

    def _empty_simple_products(
        self, actions: Sequence[Action], candidates: Sequence[Entity]
    ) -> None:
        """Bring row 0 of a product to 0 before its first combination: the shop would keep it."""
        have = {entity.text("id_product") for entity in candidates}
        creations = [action for action in actions if isinstance(action, Create)]
        products = {str(action.write.fields["id_product"]) for action in creations} - have
        products = {product for product in products if not product.startswith("-")}
        if products:
            self._empty("id_product", sorted(products), {"id_product_attribute": "0"})

    def _empty_left(self, wanted: Sequence[Wanted], site: Mapping[int, Entity]) -> None:
        """Bring to 0 what variants leave under an article that is theirs no more."""
        ids = [self._desk.links("variant", one.subject.key) or 0 for one in wanted]
        left = [i for one, i in zip(wanted, ids, strict=True) if i in site and _left(one, site[i])]
        if left:
            self._empty("id_product_attribute", sorted(left), {})

    def _empty(self, field: str, values: Sequence[int | str], filters: Mapping[str, str]) -> None:
        if self._desk.dry:
            return
        found = self._desk.shop.find_any("stock_availables", field, values, filters=filters)
        rows = [row for row in found if is_our_row(row, self._profile)]
        full = [row for row in rows if row.whole("quantity") != 0]
        if full:
            writes = [Write(row.id, {"quantity": "0"}) for row in full]
            write_batch(self._desk.shop, "PATCH", "stock_availables", writes)
            self._desk.report.count("stock_availables", "changed", len(full))

    def _unlinked(self, wanted: Wanted, site: Mapping[int, Entity]) -> bool:
        ps_id = self._desk.links(wanted.subject.kind, wanted.subject.key)
        if ps_id is None or ps_id < 0:
            return ps_id is None
        return ps_id not in site or _left(wanted, site[ps_id])

    def _plan(
        self,
        wanted: Wanted,
        site: Mapping[int, Entity],
        memories: Mapping[int, Memory],
        unsettled: Mapping[str, Mapping[tuple[str, int], str]],
        candidates: Sequence[Entity],
    ) -> list[Action]:
        subject = wanted.subject
        if not self._unlinked(wanted, site):
            ps_id = self._desk.links(subject.kind, subject.key) or 0
            return plan_entity(wanted, site[ps_id], memories[ps_id], self._profile)
        try:
            found = match(wanted, candidates)
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

    def _read(self, resource: str, ids: Sequence[int]) -> dict[int, Entity]:
        if not ids:
            return {}
        found = self._desk.shop.find_any(resource, "id", ids)
        return {entity.id: entity for entity in found}

    def _candidates(self, resource: str, wanted: Sequence[Wanted]) -> tuple[Entity, ...]:
        """Return the entities that unlinked facts could be."""
        if not wanted:
            return ()
        asked = _ASKED_BY.get(resource)
        if asked is None:
            return tuple(self._desk.shop.iter_all(resource))
        values = sorted({value for one in wanted if (value := _asked(one, asked))})
        values = [value for value in values if not value.startswith("-")]
        return self._desk.shop.find_any(resource, asked, values) if values else ()

    def _context(self, replica: Replica) -> Context:
        cache: dict[tuple[str, str], Record | None] = {}

        def find(kind: str, key: str) -> Record | None:
            if (kind, key) not in cache:
                fact = replica.find(kind, key)
                cache[kind, key] = fact.record if fact and fact.gone is None else None
            return cache[kind, key]

        return Context(self._desk.links, find, self._profile, replica.policy())

    def _settle_gone(self, facts: Sequence[Fact]) -> None:
        self._desk.hashes.update({fact.subject: fact.hash for fact in facts})
        self._applier.carry_out([Settle(fact.subject) for fact in facts])


def _wanted(facts: Sequence[Fact], context: Context) -> tuple[list[Wanted], list[Action]]:
    """Return what can be planned, and the facts that must wait or are refused."""
    wanted: list[Wanted] = []
    actions: list[Action] = []
    for fact in facts:
        try:
            wanted.append(want(fact.record, context))
        except RefusedItemError as error:
            wait = Wait if is_waiting(error) else Refuse
            actions.append(wait(fact.subject, error.problem()))
    return wanted, actions


def _left(wanted: Wanted, site: Entity) -> bool:
    """Return whether a variant's combination is under another product than its article's."""
    if wanted.resource != "combinations":
        return False
    return wanted.on_create["id_product"] != site.text("id_product")


def unmet_base(variant: str, product: Memory, context: Context) -> str | None:
    """Return the article whose price a variant hangs on and the shop does not have; else None."""
    fact = context.facts("variant", variant)
    if not isinstance(fact, Variant) or fact.price is None:
        return None
    article = context.facts("article", fact.article)
    if not isinstance(article, Article):
        return None
    base = normal("products", "price", format_decimal(base_price(article, context)[0]))
    last = product.last.get(("price", 0))
    is_there = last is not None and last.sent == base and ("price", 0) not in product.pending
    return None if is_there else fact.article


def _with_defaults(actions: Sequence[Action], candidates: Sequence[Entity]) -> list[Action]:
    """Make the first combination of a product its default: without one its price shows as 0."""
    have = {entity.text("id_product") for entity in candidates if entity.flag("default_on")}
    chosen: list[Action] = []
    for action in actions:
        if (
            isinstance(action, Create)
            and (product := action.write.fields["id_product"]) not in have
        ):
            have.add(str(product))
            fields = {**action.write.fields, "default_on": "1"}
            action = replace(action, write=replace(action.write, fields=fields))
        chosen.append(action)
    return chosen


def _asked(wanted: Wanted, name: str) -> str:
    for one in wanted.fields:
        if one.name == name:
            return one.texts[0]
    value = wanted.on_create.get(name, "")
    return value if isinstance(value, str) else ""


def _by_depth(kind: str, facts: Sequence[Fact]) -> Iterator[Sequence[Fact]]:
    """Yield the categories level by level, the others at once."""
    if kind != "category":
        yield facts
        return
    waiting = {fact.record.key: fact for fact in facts}
    while waiting:
        level = [f for f in waiting.values() if getattr(f.record, "parent", None) not in waiting]
        if not level:  # a circle: each waits for its parent, and is told so
            yield list(waiting.values())
            return
        yield level
        for fact in level:
            del waiting[fact.record.key]
