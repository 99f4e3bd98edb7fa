"""The SQL source: any till that SQLAlchemy can open, read only and with bind parameters only.

SQLite is opened by a `mode=ro` address, so that the file cannot be changed nor made. PostgreSQL and
MySQL are asked for a read-only transaction that sees one moment. Rows come in batches. The reading
should be short: SQLite's readers make the till wait before it can write.

    source = SqlSource("sqlite:///C:/caisse/caisse.db", encoding="cp1252")
    with source:
        rows = list(source.rows(query))
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, cast

from sqlalchemy import Connection, Engine, bindparam, create_engine, event, text
from sqlalchemy import Row as SqlRow
from sqlalchemy.engine import URL, CursorResult, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.elements import TextClause

from pos_exporter.source.engines import (
    MYSQL,
    ONE_MOMENT,
    SEES_ONE_MOMENT,
    is_away,
    refuses_writes,
)
from pos_exporter.source.port import (
    Query,
    QueryRefusedError,
    Row,
    SourceClosedError,
    TillEncodingError,
    TillUnreachableError,
    TwoColumns,
    Undecodable,
)


class SqlSource:
    """A till behind a SQLAlchemy URL.

    Args:
        url: `mysql+pymysql://reader:…@caisse/gestion`; from the environment, never from a file.
        isolation: The transaction's isolation; None: one moment where we know how to ask for it.
        read_only: Whether the session itself must refuse writes. False only for an engine that
            cannot be asked.
        batch: Rows fetched at a time.
        encoding: Of texts, where the driver leaves decoding to us (SQLite).
        wait: Seconds to wait for SQLite's lock.
    """

    def __init__(
        self,
        url: str | URL,
        *,
        isolation: str | None = None,
        read_only: bool = True,
        batch: int = 1000,
        encoding: str = "utf-8",
        wait: float = 5,
    ) -> None:
        self._url = make_url(url)
        self._dialect = self._url.get_backend_name()
        self._isolation = isolation or ONE_MOMENT.get(self._dialect)
        self._read_only = read_only
        self._batch = batch
        self._encoding = encoding
        self._wait = wait
        self._engine: Engine | None = None
        self._connection: Connection | None = None

    @property
    def one_snapshot(self) -> bool:
        """Whether the engine and its isolation show one moment (tables permitting)."""
        return self._dialect == "sqlite" or (self._isolation or "").upper() in SEES_ONE_MOMENT

    def rows(self, query: Query, limit: int | None = None) -> Iterator[Row]:
        """Yield a query's rows, fetched in batches."""
        with self._translated(query.place):
            result = self._run(query)
            try:
                as_row = _row_maker(tuple(result.keys()))
                left = sys.maxsize if limit is None else limit
                while left and (batch := result.fetchmany(min(self._batch, left))):
                    yield from map(as_row, batch)
                    left -= len(batch)
            finally:
                result.close()

    def columns(self, query: Query) -> tuple[str, ...]:
        """Return a query's columns."""
        with self._translated(query.place):
            result = self._run(query)
            try:
                return tuple(result.keys())
            finally:
                result.close()

    def check_read_only(self) -> bool:
        """Return whether the session refuses writes, as the engine says."""
        with self._translated("check_read_only"):
            return refuses_writes(self._connected())

    def _run(self, query: Query) -> CursorResult[Any]:
        statement = statement_of(query)
        return self._connected().execute(statement, dict(query.params))

    def _connected(self) -> Connection:
        if self._connection is None:
            raise SourceClosedError()
        return self._connection

    def __enter__(self) -> Self:
        self._engine = self._made_engine()
        try:
            with self._translated(self._url.render_as_string(hide_password=True)):
                connection = self._engine.connect()
                try:
                    self._connection = self._begun(connection)
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            self._engine.dispose()
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        connection, engine = self._connection, self._engine
        self._connection = self._engine = None
        try:
            if connection is not None:
                with self._translated("close"):
                    connection.rollback()
                    connection.close()
        finally:
            if engine is not None:
                engine.dispose()

    def _made_engine(self) -> Engine:
        if self._dialect != "sqlite":
            return create_engine(self._url, poolclass=NullPool)
        address, options = sqlite_file(self._url, "ro"), {"timeout": self._wait}
        engine = create_engine(address, poolclass=NullPool, connect_args=options)
        event.listen(engine, "connect", self._prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _begun(self, connection: Connection) -> Connection:
        options: dict[str, Any] = {"stream_results": True}
        if self._isolation and self._dialect != "sqlite":
            options["isolation_level"] = self._isolation
        if self._read_only and self._dialect == "postgresql":
            options["postgresql_readonly"] = True
        connection = connection.execution_options(**options)
        if self._read_only and self._dialect in MYSQL:
            # For the transactions that follow; it cannot be said inside one.
            connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
            connection.rollback()
        if not connection.in_transaction():
            connection.begin()
        return connection

    def _prepare_sqlite(self, connection: sqlite3.Connection, _: object) -> None:
        encoding = self._encoding

        def decoded(raw: bytes) -> str | Undecodable:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                return Undecodable(raw)

        connection.text_factory = decoded
        # The driver would begin no transaction for a SELECT, and each would see another moment.
        connection.isolation_level = None
        connection.execute("PRAGMA query_only = ON").close()

    def _begin_again(self) -> None:
        """Leave a transaction in which PostgreSQL would refuse whatever comes after an error."""
        if self._connection is not None and self._dialect == "postgresql":
            self._connection.rollback()
            self._connection.begin()

    @contextmanager
    def _translated(self, place: str) -> Iterator[None]:
        try:
            yield
        except UnicodeDecodeError as error:
            raise TillEncodingError(place=place, reason=error) from error
        except DBAPIError as error:
            if is_away(error, self._dialect):
                raise TillUnreachableError(place=place, reason=error.orig) from error
            self._begin_again()
            raise QueryRefusedError(place=place, reason=error.orig) from error
        except SQLAlchemyError as error:
            raise QueryRefusedError(place=place, reason=error) from error


def _row_maker(columns: tuple[str, ...]) -> Callable[[SqlRow[Any]], Row]:
    """Return what makes a row of SQLAlchemy's; one that shares its column names, to be small."""
    if len(set(columns)) == len(columns):
        return lambda row: cast(Row, row._mapping)
    twice = {name: TwoColumns() for name in columns if columns.count(name) > 1}
    return lambda row: {**dict(zip(columns, row, strict=True)), **twice}


def statement_of(query: Query) -> TextClause:
    """Return a query as SQLAlchemy runs it; a list among its values expands in `IN :name`."""
    lists = [name for name, value in query.params.items() if isinstance(value, list | tuple)]
    return text(query.sql).bindparams(*(bindparam(name, expanding=True) for name in lists))


def sqlite_file(url: URL, mode: Literal["ro", "rw"]) -> URL:
    """Return the URL that opens the same SQLite file in a mode, and never makes it."""
    path = url.database or ""
    query = {"mode": mode, "uri": "true"}
    if path.startswith("file:"):
        return url.update_query_dict(query)
    return url.set(database=Path(path).resolve().as_uri(), query=query)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
