"""The twelve wrong rows: each is wrong, alone, and repaired at the till by its mend."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from demo.till import SPARE_WRONG_ROWS, WRONG_ROWS, TillFacts, WrongRow, build_till
from tests.demo.till.audit import find_faults

ALL = WRONG_ROWS + SPARE_WRONG_ROWS


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> TillFacts:
    """Return a till with every wrong row; each test works on its own copy in memory."""
    path = tmp_path_factory.mktemp("till") / "caisse.db"
    return build_till(path, models=len(ALL) + 4, photos=2, wrong=ALL)


@pytest.fixture
def connection(till: TillFacts) -> Iterator[sqlite3.Connection]:
    with (
        closing(sqlite3.connect(till.path)) as on_disk,
        closing(sqlite3.connect(":memory:")) as copy,
    ):
        on_disk.backup(copy)
        yield copy


def test_there_are_twelve_kinds_each_on_its_own_article() -> None:
    assert len(WRONG_ROWS) == 12
    assert len({row.name for row in ALL}) == len({row.article_id for row in ALL}) == len(ALL)
    assert all(900 < row.article_id < 1000 for row in ALL)


def test_the_till_s_faults_are_the_wrong_rows_and_those_only(
    till: TillFacts, connection: sqlite3.Connection
) -> None:
    expected = {(row.article_id, row.name) for row in ALL}
    assert find_faults(connection, till.photo_folder) == expected


@pytest.mark.parametrize("row", ALL, ids=lambda row: str(row.name))
def test_mending_repairs_that_row_and_no_other(
    till: TillFacts, connection: sqlite3.Connection, row: WrongRow
) -> None:
    before = find_faults(connection, till.photo_folder)
    row.mend(connection)
    assert find_faults(connection, till.photo_folder) == before - {(row.article_id, row.name)}


@pytest.mark.parametrize("row", ALL, ids=lambda row: str(row.name))
def test_mending_and_spoiling_are_each_other_s_contrary(
    connection: sqlite3.Connection, row: WrongRow
) -> None:
    connection.text_factory = bytes
    spoiled = _rows(connection, row.article_id)
    row.mend(connection)
    mended = _rows(connection, row.article_id)
    row.spoil(connection)
    assert _rows(connection, row.article_id) == spoiled != mended


def test_when_all_are_mended_the_till_is_as_if_none_had_been(
    till: TillFacts, connection: sqlite3.Connection
) -> None:
    for row in ALL:
        row.mend(connection)
    assert find_faults(connection, till.photo_folder) == set()
    assert connection.execute("SELECT COUNT(*) FROM VENDABLE").fetchone() == (till.sellable,)


@pytest.mark.parametrize("row", ALL, ids=lambda row: str(row.name))
def test_each_says_where_and_what_in_both_languages(
    connection: sqlite3.Connection, row: WrongRow
) -> None:
    table, column = row.place.split(", ")[0].split(".")
    columns = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
    assert column in columns
    assert row.what.fr != row.what.en
    assert row.reference == f"{row.article.family}-{row.article_id}"


def test_the_articles_would_go_to_the_site_if_they_were_right(
    connection: sqlite3.Connection,
) -> None:
    unflagged = {row.article_id for row in ALL if row.name == "flag_unknown"}
    live = {
        key
        for (key,) in connection.execute(
            "SELECT ID_ART FROM ARTICLE WHERE INTERNET = 'O' AND ARRETE = 'N'"
        )
    }
    assert {row.article_id for row in ALL} - live == unflagged


def _rows(connection: sqlite3.Connection, article_id: int) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for sql in (
        "SELECT * FROM ARTICLE WHERE ID_ART = ?",
        "SELECT * FROM DECLINAISON WHERE ID_ART = ? ORDER BY ID_DECL",
        "SELECT * FROM PHOTO WHERE ID_ART = ? ORDER BY ID_PHOTO",
        "SELECT * FROM STOCK WHERE ID_DECL / 100 = ? ORDER BY ID_DECL, COD_DEP",
    ):
        found += connection.execute(sql, (article_id,)).fetchall()
    return found
