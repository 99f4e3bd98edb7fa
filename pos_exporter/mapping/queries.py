"""Queries: what every reading part of a mapping is made of.

A query is `sql:`, or `table:` with `where:`, with a value for each `:name` parameter. One whose
rows are records has a `key:` too, and may say which of them are for the site.

    query.query("entities.brand")       # what a source is asked
    query.table_name                    # 'MARQUE': where a person should look
    query.columns_used()                # ('COD_MRQ', 'LIB_MRQ')
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pos_exporter.mapping.errors import OneOfError
from pos_exporter.mapping.fields import Columns, Expr, FieldRule, Strict
from pos_exporter.mapping.statements import (
    check_parameters,
    check_reading,
    first_table,
    is_ordered,
)
from pos_exporter.source.port import Query
from protocol.errors import ComptoirError
from protocol.program.yaml_config import SettingError

Param = str | bool | None | tuple[str, ...]
#: What has a price, a bar code and a stock of its own.
Sellable = Literal["article", "variant"]


class ReadQuery(Strict):
    """A reading statement.

    Args:
        sql: A SELECT with `:name` parameters.
        table: Instead of sql: a table, read whole.
        where: With table: a condition.
        params: Values of the parameters; a list stands for `IN :name`.
    """

    sql: str | None = None
    table: Annotated[str, Field(pattern=r"^[\w.$]+$")] | None = None
    where: str | None = None
    params: dict[str, Param] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _reads_only(self) -> Self:
        if (self.sql is None) == (self.table is None) or (self.where and self.sql):
            raise SettingError.of(OneOfError(names="sql, table (+ where)"))
        try:
            check_reading(self._written())
            check_parameters(self._written(), self.params, all_used=True)
        except ComptoirError as error:
            raise SettingError.of(error) from error
        return self

    def _written(self) -> str:
        if self.sql is not None:
            return self.sql
        return f"SELECT * FROM {self.table}" + (f" WHERE {self.where}" if self.where else "")  # noqa: S608 (the integrator's own file; the name is checked)

    def query(self, place: str = "") -> Query:
        """Return what a source is asked; `place` names it to a person."""
        return Query(self._written().strip().rstrip(";"), self.params, place)

    @cached_property
    def table_name(self) -> str:
        """The table where a person should look."""
        return self.table or first_table(self.sql or "")

    @cached_property
    def is_ordered(self) -> bool:
        """Whether it says in which order its rows come; else the order means nothing."""
        return is_ordered(self._written())

    def columns_used(self) -> tuple[str, ...]:
        """Return every column that the mapping takes from this query, each once."""
        return ()


class EntityQuery(ReadQuery):
    """A query whose rows are records (or parts of records) under a key."""

    key: Columns

    def columns_used(self) -> tuple[str, ...]:
        """Return the key's columns, then those of the fields."""
        rules = self.rules()
        return tuple(dict.fromkeys((*self.key, *(c for rule in rules for c in rule.columns()))))

    def rules(self) -> Iterator[FieldRule]:
        """Yield every field rule of the query."""
        yield from rules_in(getattr(self, "fields", None))


def rules_in(part: object) -> Iterator[FieldRule]:
    """Yield the field rules inside a part of a mapping."""
    if isinstance(part, FieldRule):
        yield part
    elif isinstance(part, Strict):
        for name in type(part).model_fields:
            yield from rules_in(getattr(part, name))
    elif isinstance(part, dict):
        yield from (rule for value in part.values() for rule in rules_in(value))
    elif isinstance(part, tuple):
        yield from (rule for value in part for rule in rules_in(value))


class FlaggedQuery(EntityQuery):
    """A query of things that may be on the site or not.

    Args:
        exported: Whether a row is for the site; without it, all are.
        discontinued: Whether it is off the site because it is no longer sold.
    """

    exported: Expr | None = None
    discontinued: Expr | None = None

    def columns_used(self) -> tuple[str, ...]:
        """Return the columns of the key, the fields and the flags."""
        flags = [flag for flag in (self.exported, self.discontinued) if flag is not None]
        found = (*super().columns_used(), *(c for flag in flags for c in flag.columns))
        return tuple(dict.fromkeys(found))


class LookupQuery(ReadQuery):
    """A list of codes: a query with the columns `k` and `v`.

    Args:
        on_missing: What a code that is not there does: `error` sets the row aside.
        default: With `on_missing: default`: the value instead.
    """

    KEY: ClassVar[str] = "k"
    VALUE: ClassVar[str] = "v"
    on_missing: Literal["error", "default"] = "error"
    default: str | bool | None = None

    def columns_used(self) -> tuple[str, ...]:
        """Return `k` and `v`."""
        return (self.KEY, self.VALUE)
