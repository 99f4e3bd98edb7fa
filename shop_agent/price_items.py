"""One article's special prices under way, and what became of the terms behind them.

item = Item("1042", before)
standings_of(item, problems)      # {Subject("promotion", "P"): Standing("refused", …)}
own_standing(pricing, fact)       # why a fact is set aside whatever it bears on, or None
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.errors import Problem, RefusedItemError
from protocol.records import PriceList
from shop_agent.actions import Subject
from shop_agent.apply import is_waiting
from shop_agent.errors import ParentMissingError
from shop_agent.price_book import Standing
from shop_agent.price_errors import NothingLoweredError
from shop_agent.pricing import Pricing
from shop_agent.reconcile.discounts import Product
from shop_agent.reconcile.promotions import Priced
from shop_agent.reconcile.terms import Term
from shop_agent.replica import Fact


@dataclass
class Item:
    """One article under way.

    Args:
        article: Its key.
        before: Terms that bore on it when it was last done.
        product: Its prices; None when the till sells it no more, or it cannot be priced.
        terms: That bear on it now.
        problem: Why it cannot be priced.
        priced: What its terms come to: rows, and what is lacking.
        problems: Of its rows.
        subjects: The rows that were to be written.
    """

    article: str
    before: set[Subject]
    product: Product | None = None
    terms: list[Term] = field(default_factory=list)
    problem: RefusedItemError | None = None
    priced: Priced = field(default_factory=Priced)
    problems: dict[Subject, Problem] = field(default_factory=dict)
    subjects: set[Subject] = field(default_factory=set)


def standings_of(item: Item, problems: Mapping[Subject, Problem]) -> dict[Subject, Standing]:
    """Return what each term of an article came to, given the problems of its rows."""
    return {term.fact: _standing(item, term, problems) for term in item.terms}


def _standing(item: Item, term: Term, problems: Mapping[Subject, Problem]) -> Standing:
    first = next(iter(sorted(problems)), None)
    if first is not None:
        return Standing("refused", problems[first])
    if item.problem is not None:
        if term.category is not None:  # its other articles have it
            return Standing()
        return _set_aside(item.problem)
    if term in item.priced.idle:
        return Standing("applied", NothingLoweredError(place=str(term.fact)).problem())
    if term.category is None and (missing := _missing(item)) is not None:
        error = ParentMissingError(place=str(term.fact), parent=missing)
        return Standing("waiting", error.problem())
    return Standing()


def _missing(item: Item) -> str | None:
    """Return what must be in the shop first; of a category, whatever is there is enough."""
    if item.product is None or item.product.product_id is None:
        return f"article {item.article}"
    return f"variant {item.priced.lacking[0]}" if item.priced.lacking else None


def own_standing(pricing: Pricing, fact: Fact) -> Standing | None:
    """Return why a fact is set aside whatever articles it bears on, or None."""
    if fact.gone is not None:
        return None
    try:
        if isinstance(fact.record, PriceList):
            pricing.check_list(fact.record)
        else:
            pricing.check_target(pricing.term(fact.record))
    except RefusedItemError as error:
        return _set_aside(error)
    return None


def _set_aside(error: RefusedItemError) -> Standing:
    return Standing("waiting" if is_waiting(error) else "refused", error.problem())
