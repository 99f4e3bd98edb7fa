"""Which errors mean that a till is away, and which that it refuses, engine by engine."""

import pytest
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError

from pos_exporter.source.engines import is_away, is_locked


class _PostgresError(Exception):
    sqlstate = "57P01"


def operational(*args: object) -> DBAPIError:
    return OperationalError("SELECT 1", {}, Exception(*args))


@pytest.mark.parametrize(
    ("dialect", "error", "away"),
    [
        ("sqlite", operational("database is locked"), True),
        ("sqlite", operational("unable to open database file"), True),
        ("sqlite", operational("no such table: ART"), False),
        ("sqlite", operational("attempt to write a readonly database"), False),
        ("mysql", operational(2003, "Can't connect"), True),
        ("mysql", operational(2013, "Lost connection"), True),
        ("mysql", operational(1205, "Lock wait timeout"), True),
        ("mysql", InterfaceError("", {}, Exception(0, "")), True),
        ("mysql", operational(1045, "Access denied"), False),
        ("mariadb", operational(1792, "read only transaction"), False),
        ("mysql", ProgrammingError("", {}, Exception(2003, "")), False),
        ("postgresql", ProgrammingError("", {}, Exception({"C": "57P01"})), True),
        ("postgresql", ProgrammingError("", {}, _PostgresError()), True),
        ("postgresql", ProgrammingError("", {}, Exception({"C": "42P01"})), False),
        ("postgresql", operational({"C": "25006"}), False),
        ("postgresql", operational({"C": "55P03"}), True),
        ("postgresql", InterfaceError("", {}, Exception("Can't create a connection")), True),
        ("mssql", operational("anything"), True),
        ("mssql", ProgrammingError("", {}, Exception("42S02")), False),
    ],
)
def test_away_or_refused(dialect: str, error: DBAPIError, away: bool) -> None:
    assert is_away(error, dialect) is away


def test_only_sqlite_tells_that_a_lock_kept_it_from_happening() -> None:
    assert is_locked(operational("database is locked"), "sqlite")
    assert not is_locked(operational("disk I/O error"), "sqlite")
    assert not is_locked(operational(1205, "locked"), "mysql")
