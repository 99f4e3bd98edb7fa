"""What a mapping's SQL may be: one reading statement, or one writing statement, never a template.

Data reaches the till's database as bind parameters only. So a statement that looks like a text to
fill in (`{name}`, `%s`) is refused when the mapping is loaded, and so is a reading statement that
would do more than read.

    check_reading("SELECT REF FROM ARTICLE WHERE COD_FAM = :family")
    parameters("SELECT 1 WHERE A = :family")      # {'family'}
    first_table("SELECT A.* FROM ARTICLE A")       # 'ARTICLE'
"""

import re
from collections.abc import Iterable

from sqlalchemy import text

from pos_exporter.mapping.errors import SqlInterpolationError, SqlParametersError, SqlWritesError

# Comments, then quoted texts and names ('' and "" inside are two pieces, which does no harm).
_NOT_CODE = re.compile(r"--[^\n]*|/\*.*?\*/|'[^']*'|\"[^\"]*\"|`[^`]*`|\[[^\]]*\]", re.DOTALL)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"", re.DOTALL)
_WRITES = re.compile(
    r"\b(insert|update|delete|merge|replace\s+into|create|alter|drop|truncate|grant|revoke|call|"
    r"exec|execute|pragma|attach|detach|vacuum|lock|into|commit|rollback|begin|set)\b",
    re.IGNORECASE,
)
_TO_FILL_IN = re.compile(r"\{[^}]*\}?|\}|%\([^)]*\)?[a-z]?|%[sdr]\b")
_TO_FILL_IN_QUOTED = re.compile(r"\{\w*\}|%\(\w*\)s")
_FROM = re.compile(r"\bfrom\s+([\w.$]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)")
_ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)
_READS = re.compile(r"\s*(select|with)\b", re.IGNORECASE)


def check_reading(sql: str) -> str:
    """Return a statement that only reads.

    Raises:
        SqlWritesError: When it does not begin with SELECT or WITH, or holds a writing word.
        SqlInterpolationError: When it is a text to fill in.
    """
    code = _NOT_CODE.sub(" ", check_statement(sql))
    if not _READS.match(code):
        raise SqlWritesError(word=(code.split() or [""])[0])
    if found := _WRITES.search(code):
        raise SqlWritesError(word=found.group())
    return sql.strip().rstrip(";")


def check_statement(sql: str) -> str:
    """Return a single statement of any kind that is not to be filled in.

    Raises:
        SqlWritesError: When there are several.
        SqlInterpolationError: When it is a text to fill in.
    """
    code = _NOT_CODE.sub(" ", sql)
    found = _TO_FILL_IN.search(code)
    for quoted in _QUOTED.findall(sql):
        found = found or _TO_FILL_IN_QUOTED.search(quoted)
    if found:
        raise SqlInterpolationError(word=found.group())
    if ";" in code.strip().rstrip(";"):
        raise SqlWritesError(word=";")
    return sql.strip().rstrip(";")


def parameters(sql: str) -> set[str]:
    """Return the names of a statement's `:name` parameters."""
    return set(text(sql).compile().params)


def check_parameters(sql: str, known: Iterable[str], *, all_used: bool = False) -> None:
    """Refuse parameters that nobody gives (and, if asked, values that no parameter takes).

    Raises:
        SqlParametersError: For the first of them.
    """
    used, given = parameters(sql), set(known)
    names = ", ".join(sorted(given)) or "—"
    for name in sorted(used - given):
        raise SqlParametersError(
            name=name, fault_fr="sans valeur", fault_en="has no value", known=names
        )
    for name in sorted(given - used if all_used else ()):
        raise SqlParametersError(
            name=name, fault_fr="inutile", fault_en="is not used", known=", ".join(sorted(used))
        )


def is_ordered(sql: str) -> bool:
    """Return whether a statement itself says in which order its rows come."""
    outside = _NOT_CODE.sub(" ", sql)
    while (closer := _BRACKETS.sub(" ", outside)) != outside:
        outside = closer
    return bool(_ORDER.search(outside))


def first_table(sql: str) -> str:
    """Return the first table that a statement reads, to tell a person where to look.

    What stands in brackets comes second: a row's own table is outside, but for `WITH`.
    """
    outside = sql
    while not sql.lstrip().lower().startswith("with") and (
        (closer := _BRACKETS.sub(" ", outside)) != outside
    ):
        outside = closer
    found = _FROM.search(outside) or _FROM.search(sql)
    return found.group(1).strip('"`[]') if found else ""
