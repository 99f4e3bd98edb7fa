"""The same statements on the same SQLite, without the ceremony: a third of the time.

The model runs millions of statements. SQLAlchemy compiles them here as everywhere; what is left out
is what it wraps around each one. Whatever is unusual goes through SQLAlchemy itself. A transaction
inside an open one is refused: on a file it would wait for its own lock.

    engine = FastEngine(create_engine("sqlite://", poolclass=StaticPool))
    with cast(Engine, engine).begin() as connection: connection.execute(select(table))
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

import sqlalchemy
from sqlalchemy import Engine
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

#: The version whose inner parts these are; any other does all by itself.
_IS_KNOWN = sqlalchemy.__version__.startswith("2.1.")

Values = tuple[Any, ...]


class NestedError(RuntimeError):
    """A transaction was begun inside another one of the same database."""


class FastResult:
    """What a statement gives, all of it here."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        """Return every row."""
        return self._rows

    def first(self) -> Any:
        """Return the first row, or None."""
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        """Return the only row, or None."""
        if len(self._rows) > 1:
            raise MultipleResultsFound
        return self.first()

    def one(self) -> Any:
        """Return the only row."""
        if not self._rows:
            raise NoResultFound
        return self.one_or_none()

    def scalar(self) -> Any:
        """Return the first value, or None."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """Return the only row's first value."""
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        """Return the only row's first value, or None."""
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalars(self) -> Self:
        """Return the first values alone."""
        return type(self)([row[0] for row in self._rows], self.rowcount)


class FastConnection:
    """Executes."""

    def __init__(self, engine: "FastEngine") -> None:
        self._engine = engine

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Return a statement's result."""
        return self._engine.execute(statement, parameters)

    def scalar(self, statement: Any, parameters: Any = None) -> Any:
        """Return the first value of the first row."""
        return self.execute(statement, parameters).scalar()

    def scalars(self, statement: Any, parameters: Any = None) -> Any:
        """Return the first values."""
        return self.execute(statement, parameters).scalars()


class FastEngine:
    """In the place of an engine.

    Args:
        real: SQLAlchemy's, on one connection.
    """

    def __init__(self, real: Engine) -> None:
        self._unusual = real.connect()
        driver = self._unusual.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError(type(driver))
        self.driver = driver
        self._cursor = driver.cursor()
        self._dialect = real.dialect
        self._compiled: dict[Any, Any] = {}
        self._makers: dict[Any, Callable[[Values], Any]] = {}
        self._connection = FastConnection(self)
        self._is_open = False
        self._reading = FastReading(self)

    def execution_options(self, **options: object) -> "FastReading":
        """Return the same, for reading only."""
        return self._reading

    @contextmanager
    def begin(self) -> Iterator[FastConnection]:
        """Give a transaction."""
        if self._is_open:
            raise NestedError
        self._is_open = True
        try:
            yield self._connection
        except BaseException:
            self.driver.rollback()
            raise
        else:
            self.driver.commit()
        finally:
            self._is_open = False

    @contextmanager
    def connect(self) -> Iterator[FastConnection]:
        """Give a transaction of which nothing stays."""
        if self._is_open:
            raise NestedError
        self._is_open = True
        try:
            yield self._connection
        finally:
            self._is_open = False
            self.driver.rollback()

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        """Return a statement's result."""
        if not _IS_KNOWN:
            return self._unusual.execute(statement, parameters)
        many = isinstance(parameters, list)
        if many and not parameters:
            parameters, many = None, False
        first = parameters[0] if many else parameters
        compiled, extracted, collected, _ = statement._compile_w_cache(
            self._dialect, compiled_cache=self._compiled,
            column_keys=sorted(first) if first else [], for_executemany=many,
        )  # fmt: skip
        if not _is_usual(compiled):
            return self._unusual.execute(statement, parameters)
        if many:
            values = [self._values(compiled, extracted, collected, one) for one in parameters]
            self._cursor.executemany(values[0][0], [one for _, one in values])
        else:
            self._cursor.execute(*self._values(compiled, extracted, collected, parameters))
        return self._result(compiled)

    def _values(
        self, compiled: Any, extracted: Any, collected: Any, parameters: Mapping[str, Any] | None
    ) -> tuple[str, Values]:
        named = compiled.construct_params(
            parameters, extracted_parameters=extracted, escape_names=False,
            _collected_params=collected,
        )  # fmt: skip
        text, places, processors = compiled.string, compiled.positiontup, compiled._bind_processors
        if compiled.post_compile_params or compiled.literal_execute_params:
            expanded = compiled._process_parameters_for_postcompile(named)
            named = {**named, **expanded.additional_parameters}
            text, places = expanded.statement, expanded.positiontup
            processors = {**processors, **expanded.processors}
        return text, tuple(
            processors[name](named[name]) if name in processors else named[name] for name in places
        )

    def _result(self, compiled: Any) -> FastResult:
        cursor = self._cursor
        if cursor.description is None:
            return FastResult([], cursor.rowcount)
        make = self._makers.get(compiled)
        if make is None:
            make = self._makers[compiled] = _maker(compiled, self._dialect)
        return FastResult([make(row) for row in cursor.fetchall()], cursor.rowcount)


class FastReading:
    """The same engine for whoever only looks: it waits for nobody, and nobody for it."""

    def __init__(self, engine: FastEngine) -> None:
        self._connection = FastConnection(engine)

    @contextmanager
    def connect(self) -> Iterator[FastConnection]:
        """Give a connection."""
        yield self._connection

    def execution_options(self, **options: object) -> Self:
        """Return itself."""
        return self


def _is_usual(compiled: Any) -> bool:
    """Return whether nothing happens but the statement: no defaults of ours, nothing returned."""
    return not (
        getattr(compiled, "insert_prefetch", ())
        or getattr(compiled, "update_prefetch", ())
        or compiled.is_ddl
        or getattr(compiled, "effective_returning", None)
    )


def _maker(compiled: Any, dialect: Any) -> Callable[[Values], Any]:
    """Return what makes a row of what the driver gives."""
    entries: Sequence[Any] = compiled._result_columns
    names = [one.keyname for one in entries]
    row_type: Any = namedtuple("row_type", names, rename=True)  # type: ignore[misc] # names are known at run time alone

    class Made(row_type):
        """One row, as SQLAlchemy's."""

        __slots__ = ()

        @property
        def _mapping(self) -> Mapping[str, Any]:
            return dict(zip(names, self, strict=True))

    processors = [
        (place, processor)
        for place, one in enumerate(entries)
        if (processor := one.type._cached_result_processor(dialect, None)) is not None
    ]
    if not processors:
        return lambda row: Made(*row)

    def make(row: Values) -> Any:
        values = list(row)
        for place, processor in processors:
            values[place] = processor(values[place])
        return Made(*values)

    return make
