"""The till, read once: its rows in one short moment, then its photos, then facts.

The rows are all fetched before any is judged, so that the till is not held up: on SQLite a reader
keeps it from writing. Photos are looked at afterwards, file by file.

    assembled = read_till(source, mapping, photo_cache)
    for photo, content in read_photos(source, mapping, wanted): ...
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from math import isfinite
from typing import Any

from pos_exporter.assemble import assemble
from pos_exporter.assembled import Assembled
from pos_exporter.assembling.till_rows import Read, TillRows
from pos_exporter.mapping.entities import CountedQuery, PhotoQuery
from pos_exporter.mapping.formats import Value
from pos_exporter.mapping.model import Entities, TillMapping
from pos_exporter.mapping.photo_errors import PhotoChangedError, PhotoMissingError
from pos_exporter.mapping.queries import EntityQuery, LookupQuery
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.rows import Frame, RowView, read_lookup
from pos_exporter.mapping.shop import ANY_SHOP, KnownShop
from pos_exporter.photos import PhotoCache, PhotoTaker, fit_photo
from pos_exporter.source.port import Query, Row, Source, Undecodable
from protocol.records import Photo

# The counted orders come before the stock: see `counted` for why.
_LAST = ("counted_orders", "stock")


def read_till(
    source: Source,
    mapping: TillMapping,
    photo_cache: PhotoCache,
    *,
    only_flagged: bool = True,
    shop: KnownShop = ANY_SHOP,
) -> Assembled:
    """Return all that the till says now.

    Args:
        source: The till.
        mapping: What its tables mean.
        photo_cache: What is known of photo files; what is learnt is added.
        only_flagged: Leave out articles that are not flagged for the site.
        shop: What the shop takes, as far as it is known.

    Raises:
        TillUnreachableError: When the till does not answer.
        UsageError: When the mapping does not fit the till.
    """
    rows = read_rows(source, mapping)
    photos, taker = _photo_rows(source, mapping), PhotoTaker(photo_cache)
    return assemble(rows, mapping, photos, taker, only_flagged=only_flagged, shop=shop)


def read_rows(source: Source, mapping: TillMapping) -> TillRows:
    """Return every row but those of photos, fetched in one `with` of the source."""
    names = [name for name in Entities.model_fields if name not in {*_LAST, "photo"}]
    return read_entities(source, mapping, names, lookups=tuple(mapping.lookups))


def read_entities(
    source: Source, mapping: TillMapping, names: Sequence[str], *, lookups: Sequence[str] = ()
) -> TillRows:
    """Return the rows of some entities, and last those of counted orders and of stock.

    Args:
        source: The till.
        mapping: What its tables mean.
        names: Of entities; the two last ones always come.
        lookups: Names of the lookups that are read too.
    """
    with source:
        found = {n: _lookup(source, n, mapping) for n in lookups}
        rows = {name: _rows(source, name, mapping) for name in (*names, *_LAST)}
        again: list[Read[CountedQuery]] | None = None
        if not source.one_snapshot:
            queries = mapping.entities.counted_orders
            again = [(q, row) for q in queries for row in source.rows(_asked(q, "counted_orders"))]
    return TillRows(rows, found, again)


def photo_bytes(source: Source, mapping: TillMapping, photo: Photo) -> bytes:
    """Return the bytes of one announced photo.

    Raises:
        PhotoChangedError: When the till has another picture there now.
        RowError: When it has none there any more.
    """
    for _, content in read_photos(source, mapping, [photo]):
        return content
    raise PhotoMissingError(place=f"photo {photo.key}")


def read_photos(
    source: Source, mapping: TillMapping, wanted: Collection[Photo]
) -> Iterator[tuple[Photo, bytes]]:
    """Yield the bytes of announced photos, in the till's order; those that are gone are left out.

    Raises:
        PhotoChangedError: When the till has another picture there now.
        RowError: When a picture that was announced cannot be read any more.
    """
    by_key = {photo.key: photo for photo in wanted}
    taker, frame = PhotoTaker({}), Frame(mapping)
    for query, row in _photo_rows(source, mapping):
        view = RowView(row, query, "photo", frame)
        try:
            photo = by_key.pop(view.read_key(), None)
        except RowError:  # told by the reading itself; no photo without key was announced
            continue
        if photo is None:
            continue
        content = fit_photo(taker.load(query.image, view.raw(query.image.column)))
        if hashlib.sha256(content).hexdigest() != photo.sha256:
            raise PhotoChangedError(place=view.place((query.image.column,)))
        yield photo, content
        if not by_key:
            return


def _rows(source: Source, entity: str, mapping: TillMapping) -> Sequence[Read[EntityQuery]]:
    queries = mapping.entities.of(entity)
    return [(query, row) for query in queries for row in _fetched(source, query, entity)]


def _fetched(source: Source, query: EntityQuery, entity: str) -> list[Row]:
    """Return a query's rows, in an order that does not change from run to run."""
    rows = list(source.rows(_asked(query, entity)))
    return rows if query.is_ordered else in_order(rows, query.key)


def in_order(rows: Iterable[Row], key: Sequence[str]) -> list[Row]:
    """Return rows by their keys, and where these are equal by what they hold.

    Without ORDER BY a database gives them as it likes: what is counted in order of rows, and which
    of two rows comes first, would change from run to run.
    """

    def place(row: Row) -> tuple[tuple[int, Any], ...]:
        return tuple(_rank(row.get(column)) for column in key)

    ordered: list[Row] = []
    for _, group in groupby(sorted(rows, key=place), key=place):
        same = list(group)
        ordered += sorted(same, key=_content) if len(same) > 1 else same
    return ordered


def _rank(cell: object) -> tuple[int, Any]:
    """Return what sorts a cell: nothing, then numbers, then the rest as text."""
    if cell is None:
        return (0, 0)
    if isinstance(cell, int | Decimal | float) and isfinite(cell):
        return (1, cell)
    return (2, str(cell))


def _content(row: Row) -> str:
    return repr(sorted(row.items()))


def _asked(query: EntityQuery, entity: str) -> Query:
    return query.query(f"entities.{entity}")


def _lookup(source: Source, name: str, mapping: TillMapping) -> dict[str, Value | Undecodable]:
    lookup: LookupQuery = mapping.lookups[name]
    rows = in_order(source.rows(lookup.query(f"lookups.{name}")), (lookup.KEY,))
    return read_lookup(rows, lookup, mapping.encoding.default)


def _photo_rows(source: Source, mapping: TillMapping) -> Iterator[Read[PhotoQuery]]:
    """Yield the rows of photos; those that hold a path are fetched at once, BLOBs one by one."""
    for query in mapping.entities.photo:
        if query.image.blob is None:
            with source:
                rows = _fetched(source, query, "photo")
            yield from ((query, row) for row in rows)
        else:
            with source:
                yield from ((query, row) for row in source.rows(_asked(query, "photo")))
