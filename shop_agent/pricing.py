"""What special prices are worked out from: the till's promotions, lists, articles and categories.

Read once per pass; articles and prices of lists are read as they are needed.

    pricing = Pricing(replica, links, profile, choices)
    pricing.term(promotion)                     # Term(…); raises why it is set aside
    pricing.product(replica, "1042")            # Product(…), or None when it is not sold
"""

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from typing import TypeVar

from protocol.errors import RefusedItemError
from protocol.money import round_cents
from protocol.records import (
    Article,
    Category,
    ListPrice,
    Policy,
    PriceList,
    Promotion,
    Record,
    Variant,
)
from shop_agent.actions import Subject
from shop_agent.errors import ParentMissingError
from shop_agent.links import Links
from shop_agent.profile import Profile
from shop_agent.reconcile.discounts import Product, Sellable
from shop_agent.reconcile.policy import ancestry
from shop_agent.reconcile.terms import Term, find_group, list_term, promotion_term
from shop_agent.reconcile.wanted import Context, base_price
from shop_agent.replica import Replica

_Target = tuple[str, str]
_Kind = TypeVar("_Kind", bound=Record)


class Pricing:
    """The facts behind special prices.

    Args:
        replica: Read from now, and later only as it is handed in.
        links: Till keys to PrestaShop ids.
        profile: The shop's.
        choices: The merchant's.
    """

    def __init__(self, replica: Replica, links: Links, profile: Profile, choices: Policy) -> None:
        self._links = links
        self._profile = profile
        self._policy = choices
        self._variants = {
            article: [fact.record for fact in facts if isinstance(fact.record, Variant)]
            for article, facts in replica.by_article("variant").items()
        }
        self._article_of = {
            one.key: article for article, some in self._variants.items() for one in some
        }
        self._tree = {one.key: one.parent for one in _live(replica, "category", Category)}
        self._lists = {one.key: one for one in _live(replica, "price_list", PriceList)}
        self._rates: dict[tuple[str, str], Record | None] = {}
        self._shelves: dict[str, frozenset[str]] | None = None
        self._promotions: dict[_Target, list[Term]] = {}
        for promotion in _live(replica, "promotion", Promotion):
            with suppress(RefusedItemError):  # its fate says so
                term = self.term(promotion)
                self._promotions.setdefault(_target(term), []).append(term)

    def term(self, record: Record) -> Term:
        """Return a promotion or a price of a list as a term.

        Raises:
            RefusedItemError: why it is set aside, or what it waits for.
        """
        if isinstance(record, Promotion):
            return promotion_term(record, self._profile.groups)
        if isinstance(record, ListPrice):
            of = self._lists.get(record.price_list)
            if of is None:
                raise ParentMissingError(
                    place=f"list_price {record.key}", parent=f"price_list {record.price_list}"
                )
            return list_term(record, of, self._profile.groups, self._profile.currency)
        raise TypeError(f"no special price: {record.kind}")

    def check_list(self, record: PriceList) -> None:
        """Raise why a price list is set aside, if it is."""
        find_group(record.group, self._profile.groups, f"price_list {record.key}")

    def check_target(self, term: Term) -> None:
        """Raise what a term waits for: its variant or its category has not come from the till."""
        if term.variant is not None and term.variant not in self._article_of:
            raise ParentMissingError(place=str(term.fact), parent=f"variant {term.variant}")
        if term.category is not None and term.category not in self._tree:
            raise ParentMissingError(place=str(term.fact), parent=f"category {term.category}")

    def articles_of(self, term: Term, replica: Replica) -> set[str]:
        """Return the keys of the articles that a term bears on."""
        if term.article is not None:
            return {term.article}
        if term.variant is not None:
            article = self._article_of.get(term.variant)
            return set() if article is None else {article}
        if self._shelves is None:
            articles = _live(replica, "article", Article)
            self._shelves = {one.key: self._shelves_of(one) for one in articles}
        return {key for key, shelves in self._shelves.items() if term.category in shelves}

    def promotions_of(self, replica: Replica, article: str) -> list[Term]:
        """Return the promotions that bear on an article, in order of key.

        They name it or one of its variants, sold or not; or a category of it while it is sold.
        """
        variants = (one.key for one in self._variants.get(article, ()))
        fact = replica.find("article", article)
        record = fact.record if fact is not None and fact.gone is None else None
        shelves = self._shelves_of(record) if isinstance(record, Article) else frozenset()
        targets: list[_Target] = [("article", article)]
        targets += [("variant", key) for key in variants]
        targets += [("category", key) for key in shelves]
        found = [term for target in targets for term in self._promotions.get(target, ())]
        return sorted(found, key=lambda term: term.fact)

    def names(self, term: Term, article: str) -> bool:
        """Return whether a term names an article or one of its variants, sold or not."""
        if term.variant is not None:
            return self._article_of.get(term.variant) == article
        return term.article == article

    def product(self, replica: Replica, article: str) -> Product | None:
        """Return an article as far as its prices go; None when the till sells it no more.

        Raises:
            RefusedItemError: its tax rate has not come, or its price is impossible.
        """
        fact = replica.find("article", article)
        if fact is None or fact.gone is not None or not isinstance(fact.record, Article):
            return None
        record, context = fact.record, self._context(replica)
        net, rate = base_price(record, context)
        bare = Product(article, None, net, rate, Decimal(0), (), frozenset())
        ecotax = record.price.amount - round_cents(bare.gross_of(net))
        return Product(
            article,
            self._links("article", article),
            net,
            rate,
            ecotax,
            tuple(self._sellables(record, net, context)),
            self._shelves_of(record),
        )

    def _sellables(self, record: Article, base: Decimal, context: Context) -> Iterable[Sellable]:
        variants = self._variants.get(record.key, [])
        if not variants:
            yield Sellable("", 0, record.price.amount, base)
        for one in variants:
            price = one.price or record.price
            net, _ = base_price(record.model_copy(update={"price": price}), context)
            yield Sellable(one.key, self._links("variant", one.key), price.amount, net)

    def _shelves_of(self, record: Article) -> frozenset[str]:
        return frozenset(
            above for shelf in record.categories for above in ancestry(shelf, self._tree)
        )

    def _context(self, replica: Replica) -> Context:
        def find(kind: str, key: str) -> Record | None:
            if (kind, key) not in self._rates:
                fact = replica.find(kind, key)
                self._rates[kind, key] = fact.record if fact and fact.gone is None else None
            return self._rates[kind, key]

        return Context(self._links, find, self._profile, self._policy)


def _target(term: Term) -> _Target:
    """Return the kind and key of what a promotion bears on."""
    for kind, key in (("category", term.category), ("variant", term.variant)):
        if key is not None:
            return kind, key
    return "article", term.article or ""


def missing_article(term: Subject, article: str) -> ParentMissingError:
    """Return why a term waits whose article is not in the shop."""
    return ParentMissingError(place=str(term), parent=f"article {article}")


def _live(replica: Replica, kind: str, model: type[_Kind]) -> list[_Kind]:
    facts = replica.facts(kind, dirty_only=False)
    return [fact.record for fact in facts if fact.gone is None and isinstance(fact.record, model)]
