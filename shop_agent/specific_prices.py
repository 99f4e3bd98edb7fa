"""Promotions and price lists in the shop: our specific prices, and nobody else's.

Rules: a quick pass reads the rows of those articles whose prices something has changed for, a full
pass those of every article that a promotion or list bears on; rows already right are not written.
New rows come before old ones go, so that no visitor finds the full price in between. A row without
an answer is looked for before it is made again. What became of a promotion is told when all its
articles are done.

    SpecificPrices(desk, profile).run(full=False)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import Connection

from protocol.errors import RefusedItemError
from shop_agent.actions import Action, Delete, Subject
from shop_agent.apply import Desk
from shop_agent.orders.shop_time import local_now
from shop_agent.prestashop.entities import Entity
from shop_agent.price_applier import RowApplier
from shop_agent.price_book import PriceBook, Standing
from shop_agent.price_items import Item, own_standing, standings_of
from shop_agent.pricing import Pricing
from shop_agent.profile import Profile
from shop_agent.reconcile.price_rows import KIND, RESOURCE, Place, plan_rows
from shop_agent.reconcile.promotions import price_product
from shop_agent.reconcile.terms import Term, term_covers
from shop_agent.replica import Fact, Replica

TERMS = ("promotion", "list_price")
_CHUNK = 100


class SpecificPrices:
    """Closes the difference between the till's special prices and our rows in the shop.

    Args:
        desk: What the pass's writers share.
        profile: The shop's.
    """

    def __init__(self, desk: Desk, profile: Profile) -> None:
        self._desk = desk
        self._profile = profile
        self._applier = RowApplier(desk)
        self._fresh: dict[str, set[Subject]] = {}  # terms by article, as noted in this pass
        self._left_out = False  # articles that are not to be looked at, a pilot's others
        self._seen: set[int] = set()  # rows of ours that this pass has looked at

    def run(self, *, full: bool) -> None:
        """Look at the articles whose special prices may have changed, or at all."""
        known = self._desk.links.ids(KIND)
        prepared = self._prepare(full=full)
        if prepared is not None:
            pricing, articles = prepared
            for start in range(0, len(articles), _CHUNK):
                self._desk.check_time()
                self._desk.report.progress(KIND, start, len(articles))
                self._run_chunk(pricing, articles[start : start + _CHUNK])
        if full and not self._left_out:
            self._sweep(known - self._seen)

    # --- which articles ----------------------------------------------------------------------

    def _prepare(self, *, full: bool) -> tuple[Pricing, list[str]] | None:
        """Note, durably, which articles are to be done; in a dry run nothing is kept."""
        with self._desk.engine.connect() as connection:
            replica, book = Replica(connection), PriceBook(connection)
            kinds = ("price_list", *TERMS)
            facts = [f for kind in kinds for f in replica.facts(kind, dirty_only=not full)]
            facts = [fact for fact in facts if self._desk.concerns(fact.subject)]
            if not facts and not self._is_due(replica, book, full=full):
                self._keep(connection)
                return None
            pricing = Pricing(replica, self._desk.links, self._profile, self._desk.choices)
            if full:
                book.queue_covered()
            self._take(connection, pricing, facts)
            queued = book.queued()
            articles = [a for a in queued if self._desk.concerns(Subject("article", a))]
            self._left_out = len(articles) < len(queued)
            self._keep(connection)
        return pricing, articles

    def _is_due(self, replica: Replica, book: PriceBook, *, full: bool) -> bool:
        if any(replica.count(kind) for kind in TERMS) or not book.is_empty():
            return full or bool(book.queued())
        book.forget_queue()
        return False

    def _keep(self, connection: Connection) -> None:
        if not self._desk.dry:
            connection.commit()

    def _take(self, connection: Connection, pricing: Pricing, facts: Sequence[Fact]) -> None:
        """Queue the articles of facts that changed; tell the fates of those that have none."""
        replica = Replica(connection)
        terms = {fact.subject: self._articles(pricing, replica, fact) for fact in facts}
        for subject, articles in terms.items():
            for article in articles:
                self._fresh.setdefault(article, set()).add(subject)
        alone = PriceBook(connection).cover(terms)
        for kind in ("price_list", *TERMS):
            keys = [fact.subject.key for fact in facts if fact.subject.kind == kind]
            replica.mark_all_clean(kind, keys)
        self._tell(connection, pricing, [fact for fact in facts if fact.subject in alone])

    def _articles(self, pricing: Pricing, replica: Replica, fact: Fact) -> set[str]:
        """Return the articles that a fact bears on now."""
        if fact.gone is None and fact.subject.kind in TERMS:
            with suppress(RefusedItemError):  # its fate says why
                return pricing.articles_of(pricing.term(fact.record), replica)
        return set()

    # --- a chunk of articles -----------------------------------------------------------------

    def _run_chunk(self, pricing: Pricing, articles: Sequence[str]) -> None:
        with self._desk.engine.connect() as connection:
            replica = Replica(connection)
            before = PriceBook(connection).terms_of(articles)
            items = [self._item(pricing, replica, Item(a, before[a])) for a in articles]
            unsettled = set(replica.journal.intents(KIND))
        site = self._read([item for item in items if item.terms or item.before])
        actions: list[Action] = []
        for item in items:
            actions += self._plan(item, site, unsettled)
        self._applier.carry_out(actions)
        if not self._desk.dry:
            with self._desk.engine.begin() as connection:
                self._finish(connection, pricing, items)

    def _item(self, pricing: Pricing, replica: Replica, item: Item) -> Item:
        """Return an article with its prices and the terms that bear on it now."""
        article = item.article
        try:
            item.product = pricing.product(replica, article)
        except RefusedItemError as error:
            item.problem = error
        listed = item.before | self._fresh.get(article, set())
        listed_terms = list(self._list_terms(pricing, replica, listed))
        product = item.product
        item.terms = [
            *pricing.promotions_of(replica, article),
            *(
                term
                for term in listed_terms
                if (term_covers(term, product) if product else pricing.names(term, article))
            ),
        ]
        return item

    def _list_terms(
        self, pricing: Pricing, replica: Replica, subjects: Collection[Subject]
    ) -> Iterator[Term]:
        """Yield the prices of lists among these facts, those that are set aside left out."""
        for subject in sorted(subjects):
            fact = replica.find(*_parts(subject)) if subject.kind == "list_price" else None
            if fact is not None and fact.gone is None:
                with suppress(RefusedItemError):
                    yield pricing.term(fact.record)

    def _read(self, items: Sequence[Item]) -> dict[int, list[Entity]]:
        """Return the specific prices of products, people's too, by product."""
        ids = [ps_id for item in items for ps_id in self._products(item) if ps_id > 0]
        found: dict[int, list[Entity]] = {}
        if ids:
            for entity in self._desk.shop.find_any(RESOURCE, "id_product", sorted(set(ids))):
                found.setdefault(entity.whole("id_product"), []).append(entity)
                self._seen.add(entity.id)
        return found

    def _products(self, item: Item) -> list[int]:
        """Return the product of an article, and those it had before: rows of ours may be left."""
        links = self._desk.links
        now = links("article", item.article)
        return [*([now] if now else []), *links.former("article", item.article)]

    def _plan(
        self, item: Item, site: Mapping[int, Sequence[Entity]], unsettled: set[str]
    ) -> list[Action]:
        now = local_now(self._desk.clock(), self._profile.timezone)
        product_id = self._desk.links("article", item.article)
        if item.problem is not None and item.terms:
            return []  # what is there stays, until the article can be priced again
        if item.product is not None and product_id is not None:
            item.priced = price_product(item.product, item.terms, now)
        there = [entity for ps_id in self._products(item) for entity in site.get(ps_id, ())]
        place = Place(item.article, product_id or 0, self._profile.shop_id)
        actions, item.problems = plan_rows(
            place, item.priced.rows, there, self._desk.links, unsettled
        )
        item.subjects = {action.subject for action in actions}
        return actions

    # --- what became of it -------------------------------------------------------------------

    def _finish(self, connection: Connection, pricing: Pricing, items: Sequence[Item]) -> None:
        replica, book = Replica(connection), PriceBook(connection)
        touched: set[Subject] = set()
        for item in items:
            touched |= item.before | {term.fact for term in item.terms}
            refused = {
                subject: self._applier.refused[subject]
                for subject in item.subjects
                if subject in self._applier.refused
            }
            unknown = (item.subjects & self._desk.failed) - set(refused)
            for subject in item.subjects - unknown:
                replica.journal.close_intents_of(subject)
            if not unknown:
                problems = {**item.problems, **refused}
                book.finish(item.article, standings_of(item, problems))
        facts = (replica.find(*_parts(subject)) for subject in sorted(touched))
        self._tell(connection, pricing, [fact for fact in facts if fact is not None])

    def _tell(self, connection: Connection, pricing: Pricing, facts: Sequence[Fact]) -> None:
        """Tell the till what became of facts, once all their articles are done."""
        if self._desk.dry:
            return
        standings = PriceBook(connection).standings(fact.subject for fact in facts)
        for fact in facts:
            standing = own_standing(pricing, fact) or standings.get(fact.subject)
            if standing is not None:
                self._tell_one(connection, fact, standing)

    def _tell_one(self, connection: Connection, fact: Fact, standing: Standing) -> None:
        report, problem = self._desk.report, standing.problem
        self._desk.hashes[fact.subject] = fact.hash
        if problem is not None and standing.state == "refused":
            report.refused.append((fact.subject, problem))
        elif problem is not None and standing.state == "waiting":
            report.waiting.append((fact.subject, problem))
        self._desk.tell(connection, fact.subject, standing.state, problem)

    # --- rows that nothing leads to any more --------------------------------------------------

    def _sweep(self, unseen: Collection[int]) -> None:
        """Delete the rows of ours that no article led to, and forget those that are gone."""
        links = self._desk.links
        left = sorted(ps_id for ps_id in unseen if ps_id > 0)
        if not left:
            return
        found = self._desk.shop.find_any(RESOURCE, "id", left, display=("id",))
        there = {entity.id for entity in found}
        subjects = {ps_id: Subject(KIND, links.key_of(KIND, ps_id) or "") for ps_id in left}
        self._applier.carry_out([Delete(subjects[i], RESOURCE, i) for i in left if i in there])
        self._applier.forget([(subjects[i], i) for i in left if i not in there])


def _parts(subject: Subject) -> tuple[str, str]:
    return subject.kind, subject.key
