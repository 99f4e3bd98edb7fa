"""The SQL till writer on SQLite: the contract, and that nothing is ever half written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_exporter.intake.port import (
    LineRefusedError,
    NotWritableError,
    StatementRefusedError,
    TillNotWritableError,
    WriteUnseenError,
)
from pos_exporter.intake.sql import SqlTillWriter
from pos_exporter.mapping.write_back import WriteBack
from protocol.records import OrderLine
from tests.contracts.till_writer import SIMPLE, VARIANT, AskedTillContract, WholeTillContract
from tests.pos_exporter.intake.orders import customer, line, order
from tests.pos_exporter.mapping.samples import mapping_of

TABLES = """
CREATE TABLE ART (CLE TEXT PRIMARY KEY);
INSERT INTO ART VALUES ('a:1002'), ('v:100101');
CREATE TABLE CLI (ID INTEGER PRIMARY KEY, NOM TEXT, WEB INTEGER);
CREATE TABLE CDE (
  ID INTEGER PRIMARY KEY, UID TEXT, CLI INTEGER NOT NULL, TOTAL TEXT, ETAT TEXT DEFAULT ''
);
CREATE TABLE LIG (CDE INTEGER, NO INTEGER, CLE TEXT, QTE INTEGER CHECK (QTE < 100));
CREATE TABLE SUIVI (QUOI TEXT);
"""
RULES = """
till: {name: t}
entities: {}
write_back:
  formats: {decimal: ",", tax_rates: {20: "1", "5,5": "2"}}
  order_changed:
    statements:
      - {id: out, sql: DELETE FROM LIG WHERE CDE = :order_key}
      - id: line
        foreach: lines
        expect_rows: 1
        sql: >-
          INSERT INTO LIG (CDE, NO, CLE, QTE)
          SELECT :order_key, :line_number, CLE, :quantity FROM ART WHERE CLE = :stock_key
  order_cancelled:
    idempotency: SELECT 1 FROM CDE WHERE ID = :order_key AND ETAT = 'ANNULEE'
    statements:
      - id: cancel
        expect_rows: 1
        sql: UPDATE CDE SET ETAT = 'ANNULEE' WHERE ID = :order_key AND ETAT = ''
  customer:
    idempotency: {sql: SELECT ID FROM CLI WHERE WEB = :customer_shop_id}
    statements:
      - id: customer
        key: lastrowid
        sql: "INSERT INTO CLI (NOM, WEB) VALUES (:customer_last_name, :customer_shop_id)"
    when_known:
      - id: rename
        expect_rows: 1
        sql: UPDATE CLI SET NOM = :customer_last_name WHERE ID = :customer_key
  order:
    idempotency: SELECT ID FROM CDE WHERE UID = :order_uid
    statements:
      - id: customer
        unless_sql: SELECT ID FROM CLI WHERE WEB = :customer_shop_id
        key: lastrowid
        sql: "INSERT INTO CLI (NOM, WEB) VALUES (:customer_last_name, :customer_shop_id)"
      - id: order
        key: {sql: SELECT MAX(ID) FROM CDE}
        sql: >-
          INSERT INTO CDE (UID, CLI, TOTAL)
          VALUES (:order_uid, :customer_key, :total_tax_included)
      - id: line
        foreach: lines
        expect_rows: 1
        sql: >-
          INSERT INTO LIG (CDE, NO, CLE, QTE)
          SELECT :order_key, :line_number, CLE, :quantity FROM ART WHERE CLE = :stock_key
"""


def rules(text: str = RULES) -> WriteBack:
    found = mapping_of(text).write_back
    assert found is not None
    return found


class _SqliteTill:
    def __init__(self, path: Path, text: str = RULES) -> None:
        self.path = path
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(TABLES)
        self.writer = self.opened(text)

    def opened(self, text: str) -> SqlTillWriter:
        url = f"sqlite:///{self.path}"
        return SqlTillWriter(url, rules(text), till_timezone="Europe/Paris", wait=0.05)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql).fetchall()

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        sql = "SELECT UID, CLE, QTE FROM CDE LEFT JOIN LIG ON CDE = ID ORDER BY ID, NO"
        for uid, key, units in self.rows(sql):
            assert isinstance(units, int)
            found.setdefault(str(uid), []).append((str(key), units))
        return found

    def work(self) -> None:
        """Nothing lies about."""

    def cancelled(self) -> set[str]:
        return {str(uid) for (uid,) in self.rows("SELECT UID FROM CDE WHERE ETAT = 'ANNULEE'")}

    def customers(self) -> list[int]:
        return [
            shop_id for (shop_id,) in self.rows("SELECT WEB FROM CLI") if isinstance(shop_id, int)
        ]

    def go_away(self) -> None:
        self.path.rename(self.path.with_suffix(".gone"))


@pytest.fixture
def till(tmp_path: Path) -> Iterator[_SqliteTill]:
    made = _SqliteTill(tmp_path / "caisse.db")
    with made.writer:
        yield made


class TestSqlTillWriter(WholeTillContract, AskedTillContract):
    """The contract, on SQLite."""

    @pytest.fixture
    def till(self, till: _SqliteTill) -> _SqliteTill:
        return till


def test_what_is_written(till: _SqliteTill) -> None:
    entered = till.writer.enter_order(order("U1", line(1, SIMPLE, 2), line(2, VARIANT)))
    assert till.rows("SELECT * FROM CLI") == [(1, "O'Hara", 7)]
    assert till.rows("SELECT ID, UID, CLI, TOTAL FROM CDE") == [(1, "U1", 1, "149,70")]
    assert till.rows("SELECT * FROM LIG") == [(1, 1, SIMPLE, 2), (1, 2, VARIANT, 1)]
    assert entered.key == "1"


def test_a_known_customer_is_not_made_again(till: _SqliteTill) -> None:
    known = till.writer.enter_customer(customer(7))
    for uid in ("U1", "U2"):
        till.writer.enter_order(order(uid, line(1, SIMPLE)))
    assert till.rows("SELECT CLI FROM CDE") == [(int(known.key),)] * 2
    assert till.customers() == [7]


def test_what_is_done_when_the_till_knows_it_already(till: _SqliteTill) -> None:
    till.writer.enter_customer(customer(7))
    till.writer.enter_customer(customer(7, last_name="Durand"))
    assert till.rows("SELECT NOM FROM CLI") == [("Durand",)]


def test_values_are_values_and_never_sql(till: _SqliteTill) -> None:
    uid = "x'; DELETE FROM ART; --"
    till.writer.enter_order(order(uid, line(1, SIMPLE)))
    assert till.writer.holds_order(uid)
    assert len(till.rows("SELECT * FROM ART")) == 2


@pytest.mark.parametrize(
    ("bad", "error"),
    [(line(3, "v:999"), LineRefusedError), (line(3, SIMPLE, 500), StatementRefusedError)],
    ids=["no such article", "a rule of the till"],
)
def test_a_refusal_at_the_last_line_undoes_everything(
    till: _SqliteTill, bad: OrderLine, error: type[Exception]
) -> None:
    with pytest.raises(error):
        till.writer.enter_order(order("U1", line(1, SIMPLE), line(2, VARIANT), bad))
    assert till.rows("SELECT * FROM CDE") == till.rows("SELECT * FROM LIG") == []
    assert till.customers() == []


def test_a_write_that_the_idempotency_query_does_not_see_is_undone(tmp_path: Path) -> None:
    blind = RULES.replace("WHERE UID = :order_uid", "WHERE UID = :order_uid || 'x'")
    till = _SqliteTill(tmp_path / "c.db", blind)
    with till.writer, pytest.raises(WriteUnseenError):
        till.writer.enter_order(order("U1", line(1, SIMPLE)))
    assert till.rows("SELECT * FROM CDE") == []


def test_a_statement_that_the_till_does_not_know(tmp_path: Path) -> None:
    till = _SqliteTill(tmp_path / "c.db", RULES.replace("INTO LIG", "INTO LIGNES"))
    with till.writer, pytest.raises(StatementRefusedError):
        till.writer.enter_order(order("U1", line(1, SIMPLE)))
    assert till.rows("SELECT * FROM CDE") == []


def test_another_number_of_rows_than_expected_without_lines(tmp_path: Path) -> None:
    note = '      - {id: note, expect_rows: 1, sql: "DELETE FROM SUIVI"}\n'
    till = _SqliteTill(tmp_path / "c.db", RULES + note)
    with till.writer, pytest.raises(StatementRefusedError) as refused:
        till.writer.enter_order(order("U1", line(1, SIMPLE)))
    assert refused.value.facts["statement"] == "note"
    assert till.rows("SELECT * FROM CDE") == []


def test_a_till_that_is_locked_took_nothing(till: _SqliteTill) -> None:
    with closing(sqlite3.connect(till.path, isolation_level=None)) as cashier:
        cashier.execute("BEGIN IMMEDIATE")
        with pytest.raises(TillNotWritableError):
            till.writer.enter_order(order("U1", line(1, SIMPLE)))
    assert not till.writer.enter_order(order("U1", line(1, SIMPLE))).already


def test_a_reader_that_delays_the_end_leaves_nothing_in_doubt(till: _SqliteTill) -> None:
    with closing(sqlite3.connect(till.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM ART").fetchall()
        with pytest.raises(TillNotWritableError):
            till.writer.enter_order(order("U1", line(1, SIMPLE)))
    assert till.orders() == {}


def test_nothing_is_made_where_there_is_no_till(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    made = SqlTillWriter(f"sqlite:///{path}", rules(), till_timezone="Europe/Paris")
    with made as writer, pytest.raises(TillNotWritableError):
        writer.enter_order(order("U1", line(1, SIMPLE)))
    assert not path.exists()


def test_what_the_mapping_does_not_write(tmp_path: Path) -> None:
    only_customers = (
        RULES[: RULES.index("  order_changed:")]
        + RULES[RULES.index("  customer:") : RULES.index("  order:")]
    )
    till = _SqliteTill(tmp_path / "c.db", only_customers)
    with till.writer:
        with pytest.raises(NotWritableError):
            till.writer.enter_order(order("U1", line(1, SIMPLE)))
        with pytest.raises(NotWritableError):
            till.writer.holds_order("U1")
        assert till.writer.enter_customer(customer()).key == "1"
