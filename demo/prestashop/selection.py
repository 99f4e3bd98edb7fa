"""A query's filters, order and limit as SQL, with MySQL's way of comparing.

Texts compare without case and accents; numbers compare as numbers whatever follows them; `%`
outside the brackets makes a LIKE, in which `_` stands for any sign.

    select_ids(database, RESOURCES["products"], query)      # [1, 4, 9]
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

import re
from dataclasses import dataclass

from demo.prestashop.database import Database
from demo.prestashop.query import Filter, Query
from demo.prestashop.record import leading_int, to_decimal
from demo.prestashop.tables import Field, Resource

_BRACKETS = re.compile(r"(.*)\[(.*)\](.*)", re.DOTALL)
_INTERVAL = re.compile(r"([\d.:\-\s]+),([\d.:\-\s]+)")


@dataclass(frozen=True)
class _Condition:
    sql: str
    arguments: tuple[object, ...] = ()


def select_ids(
    database: Database,
    resource: Resource,
    query: Query,
    extra: str = "",
    natural: str = "main.id",
) -> list[int]:
    """Return the ids that a query finds, in its order.

    Args:
        database: Where to look.
        resource: What is looked for.
        query: Filters, order and limit.
        natural: Order of what the query does not sort, on `main`.
        extra: One more SQL condition that the shop always adds, such as its own id.
    """
    conditions = [_condition(resource, query, one) for one in query.filters]
    if extra:
        conditions.append(_Condition(extra))
    where = " AND ".join(one.sql for one in conditions) or "1"
    arguments: list[object] = [value for one in conditions for value in one.arguments]
    order = ", ".join(_order(resource, name, down) for name, down in query.sort)
    limit = "" if query.rows is None else f" LIMIT {query.rows} OFFSET {query.offset}"
    sql = f"SELECT main.id FROM {resource.name} AS main WHERE {where}"
    return database.ids(
        f"{sql} ORDER BY {order + ', ' if order else ''}{natural}{limit}", *arguments
    )


def _order(resource: Resource, name: str, down: bool) -> str:
    field = resource.by_name.get(name)
    direction = "DESC" if down else "ASC"
    if name == "id":
        return f"main.id {direction}"
    if field is None or not field.stored:
        return "1"
    if field.lang:
        text = f'SELECT fold("{name}") FROM {resource.name}_lang WHERE id = main.id'
        return f"({text} ORDER BY id_lang LIMIT 1) {direction}"
    return f"{_column(field)} {direction}"


def _column(field: Field) -> str:
    if field.kind in {"int", "bool"}:
        return f'main."{field.name}"'
    return f'CAST(main."{field.name}" AS REAL)' if field.numeric else f'fold(main."{field.name}")'


def _condition(resource: Resource, query: Query, one: Filter) -> _Condition:
    if one.field is None:
        return _compare("main.id", one.text, numeric=True)
    if not one.field.lang:
        return _compare(_column(one.field), one.text, one.field.numeric)
    inner = _compare(f'fold(texts."{one.name}")', one.text, numeric=False)
    languages = [one.lang] if one.lang else list(query.languages)
    marks = ", ".join("?" * len(languages))
    table = f"{resource.name}_lang AS texts"
    where = f"texts.id = main.id AND texts.id_lang IN ({marks}) AND {inner.sql}"
    sql = f"EXISTS (SELECT 1 FROM {table} WHERE {where})"
    return _Condition(sql, (*languages, *inner.arguments))


def _compare(column: str, text: str, numeric: bool) -> _Condition:
    found = _BRACKETS.fullmatch(text)
    if found is None:
        return _Condition(f"{column} = {_mark(numeric)}", (_value(text, numeric),))
    before, inside, after = found.groups()
    if "%" in {before, after}:
        return _Condition(f"{column} LIKE fold(?)", (before + inside + after,))
    if before in {">", "<"} and not after:
        return _Condition(f"{column} {before} {_mark(numeric)}", (_value(inside, numeric),))
    if before == "!" and not after:
        return _any(column, inside.split("|"), numeric, "NOT IN")
    if before or after:
        return _Condition("1")
    if "|" in inside[1:]:
        return _any(column, inside.split("|"), numeric, "IN")
    interval = _INTERVAL.fullmatch(inside)
    if interval:
        low, high = sorted(interval.groups(), key=to_decimal if numeric else str)
        between = f"{column} BETWEEN {_mark(numeric)} AND {_mark(numeric)}"
        return _Condition(between, (_value(low, numeric), _value(high, numeric)))
    return _any(column, [inside], numeric, "IN")


def _any(column: str, texts: list[str], numeric: bool, verb: str) -> _Condition:
    marks = ", ".join([_mark(numeric)] * len(texts))
    return _Condition(f"{column} {verb} ({marks})", tuple(_value(one, numeric) for one in texts))


def _mark(numeric: bool) -> str:
    return "?" if numeric else "fold(?)"


def _value(text: str, numeric: bool) -> int | float | str:
    if not numeric:
        return text
    number = to_decimal(text)
    return float(number) if number else leading_int(text)
