"""The memory source: the fake that tests hand in where a till would be.

It keeps the source contract. A query is known by its exact SQL; its rows are a list, or a function
of the parameters.

    source = MemorySource({"SELECT REF FROM ARTICLE": [{"REF": "A-1"}]})
    with source:
        list(source.rows(Query("SELECT REF FROM ARTICLE")))
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from types import TracebackType
from typing import Self

from pos_exporter.source.port import (
    Parameter,
    Query,
    QueryRefusedError,
    Row,
    SourceClosedError,
    TillUnreachableError,
)

Rows = Sequence[Row]
Answer = Rows | Callable[[Mapping[str, Parameter]], Rows]


class MemorySource:
    """A till in memory.

    Args:
        answers: Per SQL, its rows; change it between two readings at will.
        columns: Per SQL, its columns, for queries that have no row.
        one_snapshot: What this till claims.
    """

    def __init__(
        self,
        answers: Mapping[str, Answer],
        *,
        columns: Mapping[str, tuple[str, ...]] | None = None,
        one_snapshot: bool = True,
    ) -> None:
        self.answers = dict(answers)
        self.reachable = True
        self._columns = columns or {}
        self._one_snapshot = one_snapshot
        self._seen: dict[str, Answer] | None = None

    @property
    def one_snapshot(self) -> bool:
        """Whether it claims to be read in one moment."""
        return self._one_snapshot

    def rows(self, query: Query, limit: int | None = None) -> Iterator[Row]:
        """Yield the rows laid down for a query."""
        yield from islice(self._answer(query), limit)

    def columns(self, query: Query) -> tuple[str, ...]:
        """Return the columns laid down, or those of the first row."""
        rows = self._answer(query)
        return self._columns.get(query.sql) or (tuple(rows[0]) if rows else ())

    def check_read_only(self) -> bool:
        """Return True: nothing can be written here."""
        return True

    def _answer(self, query: Query) -> Rows:
        if self._seen is None:
            raise SourceClosedError(place=query.place)
        if query.sql not in self._seen:
            raise QueryRefusedError(place=query.place, reason="no such query in memory")
        answer = self._seen[query.sql]
        return answer(query.params) if callable(answer) else answer

    def __enter__(self) -> Self:
        if not self.reachable:
            raise TillUnreachableError(reason="as the test ordered")
        self._seen = dict(self.answers) if self._one_snapshot else self.answers
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._seen = None
