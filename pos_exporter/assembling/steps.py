"""What every step does with a row: read its key, make its record, or set it aside.

A row without a readable key is set aside at once; a row whose key another row has, after.

    for view, query in views_of(rows.of("brand", BrandQuery), "brand", frame, ledger):
        put(view, query, a_brand, ledger)
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pos_exporter.assembling.ledger import Ledger
from pos_exporter.assembling.till_rows import Read, TillRows
from pos_exporter.mapping.queries import EntityQuery
from pos_exporter.mapping.row_errors import KeyTwiceError, RowError
from pos_exporter.mapping.rows import Frame, RowView
from protocol.records import Record

Q = TypeVar("Q", bound=EntityQuery)


def views_of(
    reads: Iterable[Read[Q]], kind: str, frame: Frame, ledger: Ledger
) -> Iterator[tuple[RowView, Q]]:
    """Yield each row whose key can be read, with its query; set the others aside."""
    for query, row in reads:
        view = RowView(row, query, kind, frame)
        try:
            view.read_key()
        except RowError as error:
            ledger.set_aside(kind, "", error, label=view.label())
            continue
        yield view, query


def put_rows(
    rows: TillRows,
    kind: str,
    query_type: type[Q],
    build: Callable[[RowView, Q], Record],
    frame: Frame,
    ledger: Ledger,
) -> None:
    """Put every row of an entity into the ledger, as the record that `build` makes of it."""
    for view, query in views_of(rows.of(kind, query_type), kind, frame, ledger):
        put(view, query, build, ledger)


def put(view: RowView, query: Q, build: Callable[[RowView, Q], Record], ledger: Ledger) -> None:
    """Put a row into the ledger: as its record, or set aside."""
    ledger.name(view.kind, view.key, view.label)
    try:
        record = build(view, query)
        refuse_twice(view, record, ledger)
    except RowError as error:
        ledger.set_aside(view.kind, view.key, error)
    else:
        ledger.add(record, view.notes)


def refuse_twice(view: RowView, record: Record, ledger: Ledger) -> None:
    """Refuse a record whose key another row has.

    Raises:
        KeyTwiceError: When another row has it.
    """
    if ledger.knows(record.kind, record.key):
        raise KeyTwiceError(place=view.place(view.query.key), value=view.key)
