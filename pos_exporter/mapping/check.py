"""A mapping held against the till it is for: every query is run, every column looked for.

What can be known without the till was checked when the mapping was loaded (statements that write,
texts to fill in, parameters, expressions). Only a few rows are read.

    for problem in check_mapping(mapping, source):
        print(problem.line("fr"))
"""

from collections.abc import Iterator
from itertools import islice

from pos_exporter.mapping.entities import PhotoQuery
from pos_exporter.mapping.errors import ColumnTwiceError, PhotoFolderError, UnknownColumnError
from pos_exporter.mapping.model import TillMapping
from pos_exporter.mapping.queries import EntityQuery, ReadQuery
from pos_exporter.source.port import QueryRefusedError, Source
from protocol.errors import ComptoirError, Problem

ROWS_TRIED = 20


def check_mapping(mapping: TillMapping, source: Source) -> tuple[Problem, ...]:
    """Return what does not fit between a mapping and its till, in the mapping's order.

    Raises:
        TillUnreachableError: When the till does not answer.
    """
    with source:
        return tuple(error.problem() for error in _mistakes(mapping, source))


def _mistakes(mapping: TillMapping, source: Source) -> Iterator[ComptoirError]:
    for place, query in mapping.queries():
        try:
            columns = source.columns(query.query(place))
            for _ in islice(source.rows(query.query(place), ROWS_TRIED), ROWS_TRIED):
                pass
        except QueryRefusedError as error:
            yield error
            continue
        yield from _wrong_columns(place, query, columns)
        if isinstance(query, PhotoQuery):
            yield from _wrong_folder(place, query)


def _wrong_columns(
    place: str, query: ReadQuery, columns: tuple[str, ...]
) -> Iterator[ComptoirError]:
    known = ", ".join(dict.fromkeys(columns))
    for name in query.columns_used():
        if name not in columns:
            where = (
                f"{place}.key" if isinstance(query, EntityQuery) and name in query.key else place
            )
            yield UnknownColumnError(place=where, column=name, known=known)
        elif columns.count(name) > 1:
            yield ColumnTwiceError(place=place, column=name)


def _wrong_folder(place: str, query: PhotoQuery) -> Iterator[ComptoirError]:
    root = query.image.root
    if root is not None and not root.is_dir():
        yield PhotoFolderError(place=f"{place}.image.root", value=root)
