"""The SQL source on SQLite: the contract, and what old databases do to a reader."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from pos_exporter.source.port import (
    Query,
    QueryRefusedError,
    Source,
    TillUnreachableError,
    TwoColumns,
    Undecodable,
)
from pos_exporter.source.sql import SqlSource
from tests.contracts.source import ALL, ROWS, SourceContract


class _SqliteTill:
    def __init__(self, path: Path) -> None:
        self.path = path
        # So that the till can write while it is read.
        self.run("PRAGMA journal_mode = WAL")
        self.run("CREATE TABLE ARTICLE (REF TEXT, QTE INTEGER)")
        for row in ROWS:
            self.run("INSERT INTO ARTICLE VALUES (?, ?)", row)

    def run(self, sql: str, values: tuple[object, ...] = ()) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute(sql, values)

    def source(self) -> Source:
        return SqlSource(URL.create("sqlite", database=str(self.path)), batch=2)

    def change(self, ref: str, quantity: int) -> None:
        self.run("UPDATE ARTICLE SET QTE = ? WHERE REF = ?", (quantity, ref))

    def go_away(self) -> None:
        self.path.rename(self.path.with_suffix(".gone"))


@pytest.fixture
def till(tmp_path: Path) -> _SqliteTill:
    # A name that a URL must not take apart.
    return _SqliteTill(tmp_path / "la caisse n°1?#%41.db")


class TestSqlSource(SourceContract):
    """The contract, on SQLite."""

    @pytest.fixture
    def till(self, till: _SqliteTill) -> _SqliteTill:
        return till


def test_the_session_cannot_write(till: _SqliteTill) -> None:
    with till.source() as source:
        for sql in ("DELETE FROM ARTICLE", "CREATE TABLE T (X)", "UPDATE ARTICLE SET QTE = 0"):
            with pytest.raises(QueryRefusedError):
                list(source.rows(Query(sql)))
        assert [row["QTE"] for row in source.rows(Query(ALL))] == [3, -1, 0]


def test_a_till_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "nothing.db"
    with pytest.raises(TillUnreachableError), SqlSource(f"sqlite:///{path}"):
        pass
    assert not path.exists()


def test_a_text_in_another_encoding_is_one_wrong_cell(till: _SqliteTill) -> None:
    till.run("UPDATE ARTICLE SET REF = CAST(? AS TEXT) WHERE QTE = -1", ("Zélie".encode("cp1252"),))
    with till.source() as source:
        found = [row["REF"] for row in source.rows(Query("SELECT REF FROM ARTICLE ORDER BY QTE"))]
    assert found == [Undecodable(b"Z\xe9lie"), ROWS[2][0], "A-1"]
    assert str(found[0]) == "Z\\xe9lie"


def test_the_till_s_own_encoding_is_read(till: _SqliteTill) -> None:
    till.run("UPDATE ARTICLE SET REF = CAST(? AS TEXT) WHERE QTE = -1", ("Zélie".encode("cp1252"),))
    url = URL.create("sqlite", database=str(till.path))
    with SqlSource(url, encoding="cp1252") as source:
        found = [row["REF"] for row in source.rows(Query("SELECT REF FROM ARTICLE ORDER BY QTE"))]
    assert found[0] == "Zélie"


def test_two_columns_of_one_name_are_neither(till: _SqliteTill) -> None:
    query = Query("SELECT REF, QTE, 'x' AS REF FROM ARTICLE")
    with till.source() as source:
        assert source.columns(query) == ("REF", "QTE", "REF")
        row = next(source.rows(query))
        assert row["QTE"] == 3
        assert row["REF"] == TwoColumns()


def test_a_locked_till_is_away_and_not_wrong(tmp_path: Path) -> None:
    path = tmp_path / "caisse.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE ARTICLE (REF TEXT)")
        writer.execute("PRAGMA locking_mode = EXCLUSIVE")
        writer.execute("BEGIN EXCLUSIVE")
        source = SqlSource(f"sqlite:///{path}", wait=0.05)
        with source, pytest.raises(TillUnreachableError):
            list(source.rows(Query("SELECT REF FROM ARTICLE")))


def test_a_reading_ends_its_hold_on_the_till(tmp_path: Path) -> None:
    path = tmp_path / "caisse.db"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as writer:
        writer.execute("CREATE TABLE ARTICLE (REF TEXT)")
        with SqlSource(f"sqlite:///{path}") as source:
            list(source.rows(Query("SELECT REF FROM ARTICLE")))
        writer.execute("INSERT INTO ARTICLE VALUES ('A')")


def test_what_each_engine_shows_of_one_moment() -> None:
    def shows(url: str, isolation: str | None = None) -> bool:
        return SqlSource(url, isolation=isolation).one_snapshot

    assert shows("sqlite:///till.db")
    assert shows("mysql+pymysql://reader@till/shop")
    assert not shows("mysql+pymysql://reader@till/shop", "READ COMMITTED")
    assert not shows("mssql+pyodbc://reader@till/shop")
    assert shows("mssql+pyodbc://reader@till/shop", "SNAPSHOT")
