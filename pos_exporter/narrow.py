"""A fast stock run: the figures of what the site knows, and the orders they contain, alone.

Rules: only the queries of stock and of counted orders are asked, in the order and as often as a
whole reading asks them. What was never said waits for a whole run, and nothing is buried or set
aside here: a figure that cannot be read stays as it was said. An empty or fallen reading stops the
run as a whole one does.

    rows = read_narrow(source, mapping)
    figures = assemble_figures(rows, mapping, known)
    queue_figures(connection, outbox, figures, moment)
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from pos_exporter.assembled import Assembled
from pos_exporter.assembling.ledger import Fate, Ledger
from pos_exporter.assembling.stock import put_stock
from pos_exporter.assembling.till_rows import TillRows
from pos_exporter.belonging import FactKey
from pos_exporter.changes import Changes, Guard, ShrunkenReadError, check_fallen, compare
from pos_exporter.differences import line_differences
from pos_exporter.history import note_changes
from pos_exporter.mapping.model import TillMapping
from pos_exporter.mapping.rows import Frame
from pos_exporter.reading import read_entities
from pos_exporter.said import SaidBook
from pos_exporter.source.port import Source
from protocol.link.outbox import Outbox
from protocol.records import Record
from protocol.values import format_time

#: What a fast run is asked for.
FIGURES = frozenset({"stock"})
_KINDS = {"a": "article", "v": "variant"}


class _OfTheSite(Ledger):
    """A ledger in which everything that has a figure on the site is there, and nothing else."""

    def __init__(self, owners: Mapping[str, str]) -> None:
        super().__init__()
        self._sellables = {_sellable(key): owner for key, owner in owners.items()}

    def fate(self, kind: str, key: str) -> Fate | None:
        return "record" if (kind, key) in self._sellables else super().fate(kind, key)

    def keys(self, kind: str) -> list[str]:
        known = [key for found, key in self._sellables if found == kind]
        return [*known, *super().keys(kind)]

    def owner(self, kind: str, key: str) -> str:
        return self._sellables.get((kind, key), "") or super().owner(kind, key)


def _sellable(stock_key: str) -> FactKey:
    letter, _, key = stock_key.partition(":")
    return _KINDS[letter], key


def read_narrow(source: Source, mapping: TillMapping) -> TillRows:
    """Return the rows of stock and of counted orders, fetched in one `with` of the source."""
    entities = mapping.entities
    fields = [query.fields.quantity for query in entities.stock]
    for query in entities.counted_orders:
        fields += [query.fields.order, query.fields.quantity]
    lookups = {field.lookup for field in fields if field.lookup is not None}
    return read_entities(source, mapping, (), lookups=sorted(lookups))


def assemble_figures(rows: TillRows, mapping: TillMapping, owners: Mapping[str, str]) -> Assembled:
    """Return the figures of these stock keys; those that cannot be read are left out.

    Args:
        rows: Of stock and of counted orders.
        mapping: What they mean.
        owners: The stock keys that were said, each with its article.
    """
    ledger = _OfTheSite(owners)
    put_stock(rows, Frame(mapping, rows.lookups), ledger)
    figures = tuple(r for r in ledger.records("stock") if r.key in owners)
    return Assembled(figures, (), (), {})


def check_figures(
    rows: TillRows, figures: Collection[Record], in_stock: Collection[str], guard: Guard
) -> None:
    """Refuse a reading without any row of stock, or in which too many figures fell to 0.

    Raises:
        ShrunkenReadError: So it is.
    """
    if in_stock and not rows.rows["stock"]:
        raise ShrunkenReadError(0, len(in_stock), "en stock")
    check_fallen(figures, in_stock, guard)


def queue_figures(
    connection: Connection, outbox: Outbox, figures: Collection[Record], moment: datetime
) -> Changes:
    """Queue the figures that differ from what was said, note them as said, and return them."""
    book = SaidBook(connection)
    said = {thing: mark for thing, mark in book.fingerprints().items() if thing[0] == "stock"}
    changes = compare(figures, said, said, {}, scope=())
    outbox.queue(connection, changes.records)
    told = {(record.kind, record.key): record for record in changes.records}
    old = book.lines(list(told))
    differing = {thing: line_differences(old.get(thing), one) for thing, one in told.items()}
    note_changes(connection, changes.records, said, differing, moment)
    owners = {thing: owner for thing, owner in book.owners().items() if thing in differing}
    book.keep(changes, owners, format_time(moment))
    return changes


def said_figures(connection: Connection) -> dict[str, str]:
    """Return the stock keys that were said, each with its article."""
    book = SaidBook(connection)
    owners = book.owners()
    return {
        key: owners.get((kind, key), "") for kind, key in book.fingerprints() if kind == "stock"
    }


def is_narrow(only: Collection[str], articles: Collection[str], *, only_new: bool) -> bool:
    """Return whether a run is asked for figures alone."""
    return frozenset(only) == FIGURES and not articles and not only_new
