"""Stock: one figure per sellable thing, with the web orders that this very figure contains.

A sellable without a row has none: its record says 0. A figure that cannot be read, or that two rows
dispute, is set aside, and so is one whose counted orders cannot be read: figure and orders only
mean something together.

    put_stock(rows, frame, ledger)
    ledger.records("stock")[0].counted
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from pos_exporter.assembling.counted import (
    CountedOrders,
    added_up,
    checked,
    counted_of,
    parse_counted,
    smaller_counted,
)
from pos_exporter.assembling.figures import units
from pos_exporter.assembling.ledger import Ledger, Thing
from pos_exporter.assembling.steps import views_of
from pos_exporter.assembling.till_rows import Read, TillRows
from pos_exporter.mapping.entities import CountedQuery, StockQuery
from pos_exporter.mapping.figure_errors import CountedUnreadableError, StockTwiceError
from pos_exporter.mapping.formats import plain_text
from pos_exporter.mapping.model import COUNTED_FLAGS
from pos_exporter.mapping.queries import Sellable
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import Article, Stock

_LETTER: dict[Sellable, str] = {"article": "a", "variant": "v"}


def put_stock(rows: TillRows, frame: Frame, ledger: Ledger) -> None:
    """Put the stock of every sellable into the ledger; articles and variants must be there."""
    figures, counted = _Figures(), _Counted(rows, frame, ledger)
    for view, query in views_of(rows.of("stock", StockQuery), "stock", frame, ledger):
        key = f"{_LETTER[query.of]}:{view.key}"
        if query.of == "article" and view.key in ledger.with_variants:
            ledger.leave_out("stock", key, "filtered")
            continue
        try:
            quantity = view.read(query.fields.quantity, units(frame.mapping.formats))
            counted.add_cell(view, query, key)
            if key in figures.seen and not query.sum:
                raise StockTwiceError(place=view.place(query.key), value=quantity)
            figures.seen[key] = figures.seen.get(key, 0) + quantity
        except RowError as error:
            figures.wrong.setdefault(key, error)
            figures.seen.setdefault(key, 0)
    asked = {query.of for query in frame.mapping.entities.stock}
    figures.packs = _packs(ledger)
    for owner in _sellables(asked, ledger):
        _settle(owner, figures, counted, ledger)
    _leave_orphans(figures, ledger)


@dataclass
class _Figures:
    """Stock figures by stock key, and what is wrong with some."""

    seen: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, RowError] = field(default_factory=dict)
    packs: frozenset[str] = frozenset()


def _packs(ledger: Ledger) -> frozenset[str]:
    articles = (one for one in ledger.records("article") if isinstance(one, Article))
    return frozenset(f"a:{article.key}" for article in articles if article.parts)


class _Counted:
    """The counted orders, and the stock keys of which a row cannot be read."""

    def __init__(self, rows: TillRows, frame: Frame, ledger: Ledger) -> None:
        self.wrong: dict[str, RowError] = {}
        self._frame, self._ledger = frame, ledger
        found = self._read(rows.of("counted_orders", CountedQuery))
        if rows.counted_again is not None:
            found = smaller_counted(found, self._read(rows.counted_again))
        self.orders = {key: dict(orders) for key, orders in found.items()}

    def add_cell(self, view: RowView, query: StockQuery, key: str) -> None:
        """Take the orders that a figure's own row names.

        Raises:
            RowError: When they cannot be read: figure and orders mean something together only.
        """
        rule = query.fields.counted
        text = view.read(rule, plain_text) if rule is not None else None
        try:
            found = parse_counted(text or "")
        except ValueError as error:
            place = view.place(rule.columns() if rule is not None else ())
            raise CountedUnreadableError(place=place, value=str(error)) from error
        for order, number in found:
            orders = self.orders.setdefault(key, {})
            orders[order] = orders.get(order, 0) + number

    def _read(self, reads: Iterable[Read[CountedQuery]]) -> CountedOrders:
        return added_up(self._lines(reads))

    def _lines(self, reads: Iterable[Read[CountedQuery]]) -> Iterator[tuple[str, str, int]]:
        flag = COUNTED_FLAGS.get(self._frame.mapping.counted or "")
        for view, query in views_of(reads, "stock", self._frame, self._ledger):
            key = f"{_LETTER[query.of]}:{view.key}"
            fields = query.fields
            try:
                if flag is not None and view.flag(flag) is not True:
                    continue  # the till has not come so far with it
                order = view.read(fields.order, plain_text)
                number = view.read(fields.quantity, units(self._frame.mapping.formats))
            except RowError as error:
                self.wrong[key] = CountedUnreadableError(place=error.place, value=error.value)
                continue
            try:
                yield key, *checked((order or "").strip(), number)
            except ValueError:
                place = view.place(fields.order.columns())
                self.wrong[key] = CountedUnreadableError(place=place, value=order)


def _sellables(asked: set[Sellable], ledger: Ledger) -> Iterator[Thing]:
    """Yield what has a stock of its own: variants, and articles without any."""
    if "variant" in asked:
        yield from (("variant", key) for key in ledger.keys("variant"))
    if "article" in asked:
        keys = ledger.keys("article")
        yield from (("article", key) for key in keys if key not in ledger.with_variants)


def _settle(owner: Thing, figures: _Figures, counted: _Counted, ledger: Ledger) -> None:
    kind, owner_key = owner
    key = f"{kind[0]}:{owner_key}"
    ledger.name("stock", key, partial(ledger.label, *owner), owner=ledger.owner(*owner))
    fate = ledger.fate(*owner)
    wrong = figures.wrong.get(key) or counted.wrong.get(key)
    if fate == "withheld":
        ledger.follow("stock", key, owner)
    elif fate == "left_out":
        ledger.leave_out("stock", key, ledger.cause(*owner))
    elif key not in figures.seen and key in figures.packs:
        # Sold by its components: a till that keeps no figure of a pack says none, not 0.
        ledger.leave_out("stock", key, "filtered")
    elif wrong is not None:
        ledger.set_aside("stock", key, wrong)
    else:
        orders = counted_of(counted.orders, key)
        ledger.add(Stock(key=key, quantity=figures.seen.get(key, 0), counted=orders))


def _leave_orphans(figures: _Figures, ledger: Ledger) -> None:
    for key in figures.seen:
        if not ledger.knows("stock", key):
            ledger.leave_out("stock", key, "vanished")
