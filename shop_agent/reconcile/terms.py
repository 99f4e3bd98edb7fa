"""A promotion or a price of a list, read once: its group found, its dates checked. Pure.

term_of(promotion, {3: ("Pros",)}, "EUR")     # Term(…); raises NoSuchGroupError, …
term_covers(term, product)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from protocol.money import MICRO
from protocol.records import ListPrice, PriceList, Promotion
from protocol.values import ShopTime
from shop_agent.actions import Subject
from shop_agent.price_errors import (
    AmbiguousGroupError,
    NoSuchDateError,
    NoSuchGroupError,
    OtherCurrencyError,
)
from shop_agent.reconcile.discounts import Offer, Product

#: Group names in every language, by PrestaShop id.
Groups = Mapping[int, Sequence[str]]
#: After this year an end is as good as none, and a second more has no date.
_LAST_YEAR = 9999


@dataclass(frozen=True)
class Term:
    """One promotion or one price of a list.

    Args:
        fact: Of the till.
        article: Key of the article it is for; None: see variant, category.
        variant: Key of the variant it is for; None: all of its target.
        category: Key of the category it is for, with all below it.
        group: PrestaShop id of the customer group; 0 for everybody.
        from_quantity: Units in the basket.
        percent: Taken off, or None.
        amount_off: Taken off, tax included, or None.
        price: The price it sets, or None.
        tax_excluded: That price is without tax.
        first: The shop's local time; None: at once.
        last: Included; None: until withdrawn.
        is_list: A price of a list: it stands for the article's own price.
    """

    fact: Subject
    article: str | None
    variant: str | None
    category: str | None
    group: int
    from_quantity: int
    percent: Decimal | None = None
    amount_off: Decimal | None = None
    price: Decimal | None = None
    tax_excluded: bool = False
    first: datetime | None = None
    last: datetime | None = None
    is_list: bool = False

    @property
    def amount_key(self) -> tuple[Decimal, str]:
        """An order among prices of lists in one place: the lowest first."""
        return (self.price if self.price is not None else Decimal(0), self.fact.key)


def find_group(name: str, groups: Groups, place: str) -> int:
    """Return the customer group of that name in any language, capitals and spaces aside.

    Raises:
        NoSuchGroupError, AmbiguousGroupError: none has it, or several.
    """
    wanted = _fold(name)
    found = [one for one, names in groups.items() if wanted in {_fold(text) for text in names}]
    if not found:
        raise NoSuchGroupError(place=place, value=name, group=name)
    if len(found) > 1:
        shown = ", ".join(f"n° {one}" for one in sorted(found))
        raise AmbiguousGroupError(place=place, value=name, group=name, found=shown)
    return found[0]


def promotion_term(fact: Promotion, groups: Groups) -> Term:
    """Return a promotion as a term.

    Raises:
        NoSuchGroupError, AmbiguousGroupError, NoSuchDateError: it is set aside.
    """
    place = f"promotion {fact.key}"
    return Term(
        Subject(fact.kind, fact.key),
        fact.article,
        fact.variant,
        fact.category,
        0 if fact.group is None else find_group(fact.group, groups, place),
        int(fact.from_quantity),
        percent=fact.percent,
        amount_off=fact.amount_off,
        price=fact.price,
        first=_moment(fact.starts_at, place),
        last=_end(_moment(fact.ends_at, place)),
    )


def list_term(fact: ListPrice, of: PriceList, groups: Groups, currency: str) -> Term:
    """Return a price of a list as a term.

    Raises:
        NoSuchGroupError, AmbiguousGroupError, OtherCurrencyError: it is set aside.
    """
    place = f"list_price {fact.key}"
    if fact.currency != currency:
        raise OtherCurrencyError(
            place=place, value=fact.currency, currency=fact.currency, shop=currency
        )
    return Term(
        Subject(fact.kind, fact.key),
        fact.article,
        fact.variant,
        None,
        find_group(of.group, groups, place),
        int(fact.from_quantity),
        price=fact.amount,
        tax_excluded=fact.basis == "tax_excluded",
        is_list=True,
    )


def term_covers(term: Term, product: Product) -> bool:
    """Return whether a term bears on an article or one of its variants."""
    if term.category is not None:
        return term.category in product.shelves
    if term.variant is not None:
        return any(one.variant == term.variant for one in product.sellables)
    return term.article == product.article


def term_offer(term: Term, product: Product, base: Decimal | None) -> Offer:
    """Return what a term says of one product's prices.

    Args:
        term: The promotion or list price.
        product: Whose tax and ecotax count.
        base: The list price, without tax or ecotax, that a reduction is taken off; None: each
            one's own price.
    """
    if term.price is None:
        return Offer(base, term.percent, term.amount_off or Decimal(0))
    if term.tax_excluded:
        return Offer(max(Decimal(0), term.price - product.ecotax_net).quantize(MICRO))
    return Offer(product.net_of(term.price))


def _moment(text: ShopTime | None, place: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise NoSuchDateError(place=place, value=text, date=text) from error


def _end(moment: datetime | None) -> datetime | None:
    return None if moment is None or moment.year >= _LAST_YEAR else moment


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
