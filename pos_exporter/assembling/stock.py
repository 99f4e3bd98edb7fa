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
    counted_of,
    smaller_counted,
)
from pos_exporter.assembling.figures import units
from pos_exporter.assembling.ledger import Ledger, Thing
from pos_exporter.assembling.steps import views_of
from pos_exporter.assembling.till_rows import Read, TillRows
from pos_exporter.mapping.entities import CountedQuery, StockQuery
from pos_exporter.mapping.errors import CountedUnreadableError, RowError, StockTwiceError
from pos_exporter.mapping.formats import plain_text
from pos_exporter.mapping.queries import Sellable
from pos_exporter.mapping.rows import Frame
from protocol.records import Stock

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
            if key in figures.seen and not query.sum:
                raise StockTwiceError(place=view.place(query.key), value=quantity)
            figures.seen[key] = figures.seen.get(key, 0) + quantity
        except RowError as error:
            figures.wrong.setdefault(key, error)
            figures.seen.setdefault(key, 0)
    asked = {query.of for query in frame.mapping.entities.stock}
    for owner in _sellables(asked, ledger):
        _settle(owner, figures, counted, ledger)
    _leave_orphans(figures, ledger)


@dataclass
class _Figures:
    """Stock figures by stock key, and what is wrong with some."""

    seen: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, RowError] = field(default_factory=dict)


class _Counted:
    """The counted orders, and the stock keys of which a row cannot be read."""

    def __init__(self, rows: TillRows, frame: Frame, ledger: Ledger) -> None:
        self.wrong: dict[str, RowError] = {}
        self._frame, self._ledger = frame, ledger
        self.orders = self._read(rows.of("counted_orders", CountedQuery))
        if rows.counted_again is not None:
            self.orders = smaller_counted(self.orders, self._read(rows.counted_again))

    def _read(self, reads: Iterable[Read[CountedQuery]]) -> CountedOrders:
        return added_up(self._lines(reads))

    def _lines(self, reads: Iterable[Read[CountedQuery]]) -> Iterator[tuple[str, str, int]]:
        for view, query in views_of(reads, "stock", self._frame, self._ledger):
            key = f"{_LETTER[query.of]}:{view.key}"
            fields = query.fields
            try:
                order = view.read(fields.order, plain_text)
                number = view.read(fields.quantity, units(self._frame.mapping.formats))
            except RowError as error:
                self.wrong[key] = CountedUnreadableError(place=error.place, value=error.value)
                continue
            if order is None:
                place = view.place(fields.order.columns())
                self.wrong[key] = CountedUnreadableError(place=place)
            else:
                yield key, order.strip(), number


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
    elif wrong is not None:
        ledger.set_aside("stock", key, wrong)
    else:
        orders = counted_of(counted.orders, key)
        ledger.add(Stock(key=key, quantity=figures.seen.get(key, 0), counted=orders))


def _leave_orphans(figures: _Figures, ledger: Ledger) -> None:
    for key in figures.seen:
        if not ledger.knows("stock", key):
            ledger.leave_out("stock", key, "vanished")
