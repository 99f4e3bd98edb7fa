"""The brakes at work: a plan that is known whole is judged before any of it is carried out.

Prices are judged together, articles and the variants that have a price of their own: a variant's
price is an impact on its article's, so both are held or neither. Texts are judged kind by kind.

    plans = Judge(desk, profile).judged("article", plans)
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import func, select

from protocol.money import format_decimal, including_tax
from protocol.records import Article, Record, Variant
from shop_agent.actions import (
    Action,
    Create,
    FieldKey,
    Hold,
    KeepEdit,
    Subject,
    Update,
    Wait,
)
from shop_agent.apply import Desk
from shop_agent.held import Holds
from shop_agent.prestashop.entities import Entity
from shop_agent.profile import Profile
from shop_agent.reconcile.brakes import (
    EDITS,
    PRICES,
    Asked,
    Move,
    hold_edits,
    hold_prices,
    is_mass,
    is_rewriting,
    price_class,
)
from shop_agent.reconcile.plan import Memory
from shop_agent.reconcile.wanted import Context, Wanted
from shop_agent.replica import Replica
from shop_agent.state import STATE

_PRICE: FieldKey = ("price", 0)
_GROUP: FieldKey = ("id_tax_rules_group", 0)


@dataclass(frozen=True)
class Planned:
    """The plan of some facts of one kind.

    Args:
        records: The facts.
        context: What they were read against.
        wanted: What could be planned.
        actions: What is to be done.
        memories: What we know of their entities, by id.
        candidates: Entities that unlinked facts could have been.
        left: Entities that a variant leaves under a former product.
    """

    records: Mapping[Subject, Record]
    context: Context
    wanted: Sequence[Wanted]
    actions: Sequence[Action]
    memories: Mapping[int, Memory] = field(default_factory=dict)
    candidates: Sequence[Entity] = ()
    left: Sequence[int] = ()


class Judge:
    """Judges the plans of one pass.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
    """

    def __init__(self, desk: Desk, profile: Profile) -> None:
        self._desk = desk
        self._rates = {str(group): rate for rate, group in profile.tax_groups.items()}
        self._bases: dict[int, Decimal] = {}  # of products, as the shop showed them before us
        self._held: dict[Subject, Hold] = {}  # prices, articles' and variants'
        self._instead: dict[Subject, str] = {}  # the impact that keeps a variant's price as shown

    def judged(self, kind: str, plans: Sequence[Planned]) -> list[Planned]:
        """Return the plans without what a person must say yes to; that is held, with its reason."""
        holds = self._desk.holds
        if holds is None:
            return list(plans)
        if kind in ("article", "variant"):
            plans = self._judge_prices(kind, plans, holds)
        return self._judge_edits(plans, holds)

    # --- prices ------------------------------------------------------------------------------

    def _judge_prices(self, kind: str, plans: Sequence[Planned], holds: Holds) -> list[Planned]:
        if kind == "article":
            moves = list(self._article_moves(plans))
            others = self._expected_moves()
        else:
            moves, others = list(self._variant_moves(plans)), []
        changes = {one.subject: one for one in (*moves, *others) if one.is_change}
        held = self._ask_mass(changes, holds)
        self._held |= held
        percent = self._desk.choices.brakes.price_percent
        for one in moves:
            is_settled = one.subject in held or holds.has_granted(PRICES, one.subject)
            if one.is_wild(percent) and not is_settled:
                key, line = price_class(one.subject), self._line(one)
                held |= holds.ask(Asked(key, {one.subject: line}, 1), lambda count, of: True)
        return [self._without_prices(plan, held) for plan in plans]

    def _ask_mass(self, changes: Mapping[Subject, Move], holds: Holds) -> dict[Subject, Hold]:
        brakes = self._desk.choices.brakes
        if not changes:
            return {}
        # Few changes are no mass, whatever they are a part of: then nobody counts the others.
        of = self._priced() if len(changes) > brakes.mass_count else len(changes)
        lines = {subject: self._line(move) for subject, move in changes.items()}
        return holds.ask(
            Asked(PRICES, lines, of), lambda count, of: is_mass(count, of=of, brakes=brakes)
        )

    def _priced(self) -> int:
        """Return how many live facts have a price: articles, and variants with one of their own."""
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = replica.facts("variant", dirty_only=False)
            return replica.count("article") + sum(
                fact.gone is None and isinstance(fact.record, Variant) and bool(fact.record.price)
                for fact in facts
            )

    def _article_moves(self, plans: Sequence[Planned]) -> Iterable[Move]:
        priced = [plan for plan in plans if any(_writes_price(one) for one in plan.actions)]
        unseen = self._without_own_price() if priced else frozenset()
        for plan in priced:
            wanted = {one.subject: one for one in plan.wanted}
            for action in plan.actions:
                article = plan.records.get(action.subject)
                if not _writes_price(action) or not isinstance(article, Article):
                    continue
                if isinstance(action, Update):
                    self._bases[action.write.id or 0] = Decimal(action.was[_PRICE] or "0")
                if action.subject.key not in unseen:
                    move = self._article_move(action, article, wanted[action.subject])
                    yield replace(move, is_healing=_is_healing(action, plan))

    def _article_move(self, action: Action, article: Article, wanted: Wanted) -> Move:
        after = article.price.amount
        if not isinstance(action, Update):
            return Move(action.subject, None, after)
        group = next(one.texts[0] for one in wanted.fields if one.name == _GROUP[0])
        rate = self._rates.get(group, Decimal(0))
        rate_before = self._rates.get(action.was.get(_GROUP, group), rate)
        # What the tax does not explain is an ecotax: it stands beside both prices.
        beside = after - including_tax(Decimal(action.sent[_PRICE]), rate)
        before = including_tax(Decimal(action.was[_PRICE] or "0"), rate_before)
        return Move(action.subject, before + beside if before else before, after)

    def _without_own_price(self) -> frozenset[str]:
        """Return the articles whose variants all have a price of their own: theirs is not shown."""
        with self._desk.engine.connect() as connection:
            variants = Replica(connection).by_article("variant")
        return frozenset(
            article
            for article, facts in variants.items()
            if all(isinstance(one.record, Variant) and one.record.price for one in facts)
        )

    def _expected_moves(self) -> list[Move]:
        """Return the moves of variants' own prices, as far as our memory tells them."""
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = replica.facts("variant", dirty_only=True)
            own = [
                (fact.record, self._desk.links("variant", fact.record.key) or 0)
                for fact in facts
                if fact.gone is None and isinstance(fact.record, Variant) and fact.record.price
            ]
            own = [(record, ps_id) for record, ps_id in own if ps_id > 0]
            products = {
                one.article: self._desk.links("article", one.article) or 0 for one, _ in own
            }
            impacts = replica.journal.memories("combinations", [ps_id for _, ps_id in own])
            bases = replica.journal.memories("products", sorted(set(products.values())))
        moves = []
        for record, ps_id in own:
            base = bases[products[record.article]].last
            impact = impacts[ps_id].last.get(_PRICE)
            if record.price is None or _PRICE not in base or _GROUP not in base or impact is None:
                continue
            rate = self._rates.get(base[_GROUP].stored, Decimal(0))
            total = Decimal(base[_PRICE].stored or "0") + Decimal(impact.stored or "0")
            shown = including_tax(total, rate)
            moves.append(Move(Subject(record.kind, record.key), shown, record.price.amount))
        return moves

    def _variant_moves(self, plans: Sequence[Planned]) -> Iterable[Move]:
        priced = [
            (plan, action) for plan in plans for action in plan.actions if _writes_price(action)
        ]
        products = self._products([plan for plan, _ in priced])
        articles = self._articles(plans)
        for plan, action in priced:
            variant = plan.records.get(action.subject)
            article = articles.get(variant.article) if isinstance(variant, Variant) else None
            if not isinstance(variant, Variant) or article is None:
                continue
            after = (variant.price or article.price).amount
            product = products.get(_product_of(plan, action.subject))
            if not isinstance(action, Update) or product is None:
                yield Move(action.subject, None, after)
                continue
            rate = self._rates.get(product.text("id_tax_rules_group"), Decimal(0))
            base, impact = product.number("price"), Decimal(action.was[_PRICE] or "0")
            beside = after - including_tax(base + Decimal(action.sent[_PRICE]), rate)
            shown = self._bases.get(product.id, base) + impact
            if shown != base + impact:
                self._instead[action.subject] = format_decimal(shown - base)
            before = including_tax(shown, rate)
            shown_before = before + beside if before else before
            yield Move(action.subject, shown_before, after, _is_healing(action, plan))

    def _products(self, plans: Sequence[Planned]) -> dict[int, Entity]:
        ids = {_product_of(plan, one.subject) for plan in plans for one in plan.wanted}
        ids = {one for one in ids if one > 0}
        if not ids:
            return {}
        display = ("id", "price", "id_tax_rules_group")
        found = self._desk.shop.find_any("products", "id", sorted(ids), display=display)
        return {one.id: one for one in found}

    def _articles(self, plans: Sequence[Planned]) -> dict[str, Article]:
        records = (record for plan in plans for record in plan.records.values())
        keys = {record.article for record in records if isinstance(record, Variant)}
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            facts = (replica.find("article", key) for key in sorted(keys))
            return {
                fact.record.key: fact.record
                for fact in facts
                if fact is not None and isinstance(fact.record, Article)
            }

    def _without_prices(self, plan: Planned, held: Mapping[Subject, Hold]) -> Planned:
        mine = {one: held[one] for one in plan.records if one in held}
        # They wait for their article's price, which waits for a person: so do they.
        for action in plan.actions:
            if isinstance(action, Wait) and action.subject in self._held:
                mine[action.subject] = self._held[action.subject]
        if not mine:
            return plan
        kept = [one for one in plan.actions if not (isinstance(one, Wait) and one.subject in mine)]
        return replace(plan, actions=hold_prices(kept, mine, self._instead))

    def _line(self, move: Move) -> str:
        with self._desk.engine.connect() as connection:
            return f"{label(Replica(connection), move.subject)} : {move.shown()}"

    # --- texts -------------------------------------------------------------------------------

    def _judge_edits(self, plans: Sequence[Planned], holds: Holds) -> list[Planned]:
        rewritten = {one: names for plan in plans for one, names in _rewritten(plan).items()}
        weights = {subject: len(names) for subject, names in rewritten.items()}
        for plan in plans:
            for action in plan.actions:
                if isinstance(action, KeepEdit):
                    weights[action.subject] = weights.get(action.subject, 0) + 1
        if not weights:
            return list(plans)
        brakes = self._desk.choices.brakes
        many = sum(weights.values()) > brakes.mass_count
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            lines = {one: label(replica, one) for one in weights} if many else {}
        asked = Asked(EDITS, lines or dict.fromkeys(weights, ""), self._texts(), weights)
        held = holds.ask(asked, lambda count, of: is_rewriting(count, of=of, brakes=brakes))
        if not held:
            return list(plans)
        return [_without_edits(plan, held, rewritten) for plan in plans]

    def _texts(self) -> int:
        """Return how many texts of ours the shop holds."""
        written = STATE.written
        query = select(func.count()).where(
            written.c.lang > 0, written.c.field.in_(("name", "description", "description_short"))
        )
        with self._desk.engine.connect() as connection:
            return connection.execute(query).scalar_one()


def label(replica: Replica, subject: Subject) -> str:
    """Return a fact's name for people: reference and name in their language, else kind and key."""
    fact = replica.find(subject.kind, subject.key)
    record = fact.record if fact is not None else None
    if isinstance(record, Article):
        spoken = replica.policy().default_language if len(record.name) > 1 else ""
        name = record.name.get(spoken) or next(iter(record.name.values()), "")
        return f"{record.reference} {name}".strip()
    if isinstance(record, Variant) and record.reference:
        return record.reference
    return str(subject)


def _writes_price(action: Action) -> bool:
    if isinstance(action, Update):
        return _PRICE in action.sent
    return isinstance(action, Create)


def _is_healing(action: Action, plan: Planned) -> bool:
    """Return whether a price goes back to what we wrote: somebody else changed it in the shop."""
    if not isinstance(action, Update) or action.write.id is None:
        return False
    last = plan.memories.get(action.write.id, Memory()).last.get(_PRICE)
    return last is not None and last.sent == action.sent[_PRICE]


def _product_of(plan: Planned, subject: Subject) -> int:
    found = (one.on_create.get("id_product") for one in plan.wanted if one.subject == subject)
    return int(str(next(found, 0) or 0))


def _rewritten(plan: Planned) -> dict[Subject, frozenset[str]]:
    """Return our own texts to be written back: the shop shows another than it stored."""
    found: dict[Subject, frozenset[str]] = {}
    for action in plan.actions:
        if not isinstance(action, Update) or action.write.id is None:
            continue
        memory = plan.memories.get(action.write.id, Memory())
        names = {
            name
            for (name, lang), was in action.was.items()
            if lang and (last := memory.last.get((name, lang))) and was != last.stored
        }
        if names:
            found[action.subject] = frozenset(names)
    return found


def _without_edits(
    plan: Planned, held: Mapping[Subject, Hold], rewritten: Mapping[Subject, Collection[str]]
) -> Planned:
    mine = {one: held[one] for one in plan.records if one in held}
    return replace(plan, actions=hold_edits(plan.actions, mine, rewritten)) if mine else plan
