"""Promotions and price lists as the rows that a shop understands (SPEC §6.6). Pure.

For one product: the time line is cut where a promotion begins or ends; in each segment the lowest
price of each variant, group and quantity is found, and said by rows that never overlap. PrestaShop
prefers a row of a combination to one of the product, a larger quantity to a smaller, a group's row
to everybody's, in this order: so a segment has its rows on the product when the same promotion
wins for every variant, else on the combinations alone; and a group has its own row wherever the
one it would get otherwise is not its own.

    rows_of(product, [term_of(promotion, groups, "EUR")], "2026-11-24 08:45:00")
    # (Row(variant="", combination=0, group=0, from_quantity=1, first=…, last=…, cut=Cut(…)),)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from protocol.values import ShopTime
from shop_agent.reconcile.discounts import Cut, Offer, Product, Sellable, cut_of, exact_cut, worth
from shop_agent.reconcile.terms import Term, term_covers, term_offer

#: How PrestaShop writes an open end.
OPEN = "0000-00-00 00:00:00"
_SECOND = timedelta(seconds=1)
_Cell = tuple[int, int]  # group, from_quantity


@dataclass(frozen=True)
class Segment:
    """A stretch of the shop's local time, both seconds included; None is open."""

    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True)
class Row:
    """One specific price of ours.

    Args:
        variant: Till key of the variant; empty for the whole product.
        combination: PrestaShop id; 0 for the whole product.
        group: PrestaShop id of the customer group; 0 for everybody.
        from_quantity: Units in the basket.
        when: The shop's local time.
        cut: What it does to the price.
    """

    variant: str
    combination: int
    group: int
    from_quantity: int
    when: Segment
    cut: Cut

    @property
    def first(self) -> ShopTime:
        """The first second, as PrestaShop stores it."""
        return _shop_time(self.when.first)

    @property
    def last(self) -> ShopTime:
        """The last second, as PrestaShop stores it."""
        return _shop_time(self.when.last)


@dataclass(frozen=True)
class Priced:
    """What one product's promotions and list prices come to.

    Args:
        rows: In order of time, none of them over.
        lacking: Variants that need a row and are not in the shop yet.
        idle: Promotions that lower no price of this product.
    """

    rows: tuple[Row, ...] = ()
    lacking: tuple[str, ...] = ()
    idle: frozenset[Term] = frozenset()


def price_product(product: Product, terms: Sequence[Term], now: ShopTime) -> Priced:
    """Return the rows of one product.

    Args:
        product: With its variants and prices.
        terms: Promotions and list prices; those of other articles are left out.
        now: The shop's local time: what is over gives no row.
    """
    mine = [term for term in terms if term_covers(term, product)]
    rows: list[Row] = []
    lacking: dict[str, None] = {}
    for segment in _segments(mine):
        if segment.last is not None and _shop_time(segment.last) < now:
            continue
        running = [term for term in mine if _runs(term, segment)]
        for row in _segment_rows(product, running, segment):
            if isinstance(row, Row):
                rows.append(row)
            else:
                lacking[row] = None
    return Priced(tuple(_joined(rows)), tuple(lacking), _idle(product, mine))


def wanted_price(
    product: Product, sellable: Sellable, terms: Sequence[Term], group: int, quantity: int
) -> Offer | None:
    """Return what counts among the terms in force for one customer; None: the usual price."""
    bearing = [
        term
        for term in terms
        if term.variant in (None, sellable.variant) and term.from_quantity <= quantity
    ]
    listed = _listed(bearing, group)
    base = None if listed is None else term_offer(listed, product, None)
    groups = (0, group) if base is None else (group,)
    offers = [
        term_offer(term, product, base.net if base else None)
        for term in bearing
        if not term.is_list and term.group in groups
    ]
    best = min(offers, key=lambda offer: _rank(offer, sellable, product), default=None)
    usual = sellable.price if base is None else worth(base, sellable, product)
    return best if best is not None and worth(best, sellable, product) < usual else base


def _listed(terms: Sequence[Term], group: int) -> Term | None:
    """Return the list price that stands for the article's own, or None.

    One of the variant itself comes first, then the largest quantity, then the lowest.
    """
    found = [term for term in terms if term.is_list and term.group == group]
    return min(
        found,
        key=lambda term: (term.variant is None, -term.from_quantity, term.amount_key),
        default=None,
    )


def _rank(offer: Offer, sellable: Sellable, product: Product) -> tuple[object, ...]:
    """Order offers by what is paid; equal ones as a customer likes to read them: -20 % first."""
    kind = 0 if offer.percent is not None else 1 if offer.amount else 2
    return (worth(offer, sellable, product), kind, offer.percent or offer.amount)


def _segments(terms: Sequence[Term]) -> Iterator[Segment]:
    cuts = {term.first for term in terms if term.first is not None}
    cuts |= {term.last + _SECOND for term in terms if term.last is not None}
    edges = sorted(cuts)
    for first, following in zip([None, *edges], [*edges, None], strict=True):
        yield Segment(first, None if following is None else following - _SECOND)


def _runs(term: Term, segment: Segment) -> bool:
    """Return whether a term is in force during a whole segment; its ends are among the cuts."""
    begun = term.first is None or (segment.first is not None and term.first <= segment.first)
    goes_on = term.last is None or (segment.last is not None and segment.last <= term.last)
    return begun and goes_on


def _segment_rows(product: Product, terms: Sequence[Term], segment: Segment) -> Iterator[Row | str]:
    """Yield the rows of one segment; in their place, the keys of variants that the shop lacks."""
    if not terms:
        return
    grid = [
        (group, quantity)
        for quantity in sorted({1, *(term.from_quantity for term in terms)})
        for group in sorted({0, *(term.group for term in terms)})
    ]
    whole = _whole(product, terms, grid)
    if whole is not None:
        for (group, quantity), cut in _needed(whole).items():
            yield Row("", 0, group, quantity, segment, cut)
        return
    for one in product.sellables:
        needed = _needed({cell: _own_cut(product, one, terms, cell) for cell in grid})
        if needed and one.combination is None:
            yield one.variant
            continue
        for (group, quantity), cut in needed.items():
            yield Row(one.variant, one.combination or 0, group, quantity, segment, cut)


def _own_cut(
    product: Product, sellable: Sellable, terms: Sequence[Term], cell: _Cell
) -> Cut | None:
    offer = wanted_price(product, sellable, terms, *cell)
    return None if offer is None else exact_cut(offer, sellable, product)


def _whole(
    product: Product, terms: Sequence[Term], grid: Sequence[_Cell]
) -> dict[_Cell, Cut | None] | None:
    """Return the rows on the whole product, or None when one of them cannot serve all variants."""
    if len(product.sellables) == 1 and product.sellables[0].combination == 0:
        return {cell: _own_cut(product, product.sellables[0], terms, cell) for cell in grid}
    found: dict[_Cell, Cut | None] = {}
    for cell in grid:
        offers = {wanted_price(product, one, terms, *cell) for one in product.sellables}
        offer = offers.pop() if offers else None
        if offers:
            return None
        cut = None if offer is None else cut_of(offer, product.sellables, product, own=False)
        if offer is not None and cut is None:
            return None
        found[cell] = cut
    return found


def _needed(cells: Mapping[_Cell, Cut | None]) -> dict[_Cell, Cut]:
    """Return the cells that need a row: where the shop would take another one without it.

    The cells come by rising quantity, everybody before the groups.
    """
    needed: dict[_Cell, Cut] = {}
    taken: dict[int, Cut | None] = {}
    fresh: Cut | None = (
        None  # everybody's row of this very quantity: it beats a group's smaller one
    )
    for (group, quantity), cut in cells.items():
        if group == 0:
            fresh = None
        shown = fresh if fresh is not None else taken.get(group)
        if cut is not None and cut != shown:
            needed[group, quantity] = cut
            fresh = cut if group == 0 else fresh
        taken[group] = cut
    return needed


def _joined(rows: Sequence[Row]) -> list[Row]:
    """Return the rows in order of time, those that follow each other without a change as one."""
    done: list[Row] = []
    newest: dict[tuple[str, int, int], int] = {}
    for row in rows:
        place = (row.variant, row.group, row.from_quantity)
        index = newest.get(place)
        before = done[index] if index is not None else None
        if index is not None and before is not None and _follows(before, row):
            done[index] = replace(before, when=Segment(before.when.first, row.when.last))
            continue
        newest[place] = len(done)
        done.append(row)
    return done


def _follows(before: Row, row: Row) -> bool:
    return (
        before.when.last is not None
        and row.when.first == before.when.last + _SECOND
        and before.cut == row.cut
    )


def _idle(product: Product, terms: Sequence[Term]) -> frozenset[Term]:
    """Return the promotions that would lower nothing, were they alone."""
    lists = [term for term in terms if term.is_list]
    return frozenset(
        term for term in terms if not term.is_list and not _lowers(product, term, lists)
    )


def _lowers(product: Product, term: Term, lists: Sequence[Term]) -> bool:
    cell = (term.group, term.from_quantity)
    return any(
        wanted_price(product, one, [*lists, term], *cell)
        != wanted_price(product, one, lists, *cell)
        for one in product.sellables
    )


def _shop_time(moment: datetime | None) -> ShopTime:
    return OPEN if moment is None else moment.isoformat(sep=" ", timespec="seconds")
