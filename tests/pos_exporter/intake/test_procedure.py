"""The procedure till writer on a real MariaDB: the contract, and what a procedure does by itself.

The tills' procedures commit by themselves; one takes an order in one call, with its lines as JSON,
another in a call for each line.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL

from pos_exporter.intake.port import (
    IntakeUnknownError,
    Mark,
    StatementRefusedError,
    StillUnknownError,
    TillWriter,
)
from pos_exporter.intake.procedure import ProcedureTillWriter
from pos_exporter.intake.sql import SqlTillWriter
from pos_exporter.mapping.write_back import WriteBack
from tests.contracts.till_writer import (
    LATER,
    SIMPLE,
    VARIANT,
    AskedTillContract,
    Clerk,
    WholeTillContract,
)
from tests.pos_exporter.intake.orders import line, order
from tests.pos_exporter.mapping.samples import mapping_of

_SOON = timedelta(seconds=30)
TABLES = (
    "DROP TABLE IF EXISTS LIG, CDE, CLI, ART",
    "CREATE TABLE ART (CLE VARCHAR(40) PRIMARY KEY)",
    "INSERT INTO ART VALUES ('a:1002'), ('v:100101')",
    "CREATE TABLE CLI (ID INT AUTO_INCREMENT PRIMARY KEY, NOM VARCHAR(80), WEB INT)",
    "CREATE TABLE CDE (ID INT AUTO_INCREMENT PRIMARY KEY, UID VARCHAR(190), TOTAL VARCHAR(20),"
    " ETAT VARCHAR(10) DEFAULT '', REV CHAR(64))",
    "CREATE TABLE LIG (CDE INT, NO INT, CLE VARCHAR(40), QTE INT)",
    "DROP PROCEDURE IF EXISTS COMMANDE",
    "DROP PROCEDURE IF EXISTS ANNULE",
    "DROP PROCEDURE IF EXISTS CLIENT",
    """
    CREATE PROCEDURE COMMANDE(P_UID VARCHAR(190), P_REV CHAR(64), P_TOTAL VARCHAR(20), P_LIG TEXT)
    BEGIN
      DECLARE N INT DEFAULT 0;
      DECLARE K INT;
      DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
      START TRANSACTION;
      SELECT ID INTO K FROM CDE WHERE UID = P_UID;
      IF K IS NULL THEN
        INSERT INTO CDE (UID, TOTAL, REV) VALUES (P_UID, P_TOTAL, P_REV);
        SET K = LAST_INSERT_ID();
      ELSE
        UPDATE CDE SET TOTAL = P_TOTAL, REV = P_REV WHERE ID = K;
        DELETE FROM LIG WHERE CDE = K;
      END IF;
      WHILE N < JSON_LENGTH(P_LIG) DO
        SET @CLE = JSON_VALUE(P_LIG, CONCAT('$[', N, '].stock_key'));
        IF NOT EXISTS (SELECT 1 FROM ART WHERE CLE = @CLE) THEN
          SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'article inconnu';
        END IF;
        INSERT INTO LIG VALUES (K, N + 1, @CLE, JSON_VALUE(P_LIG, CONCAT('$[', N, '].quantity')));
        SET N = N + 1;
      END WHILE;
      COMMIT;
      SELECT K AS ID, 'OK' AS REPONSE;
    END
    """,
    "CREATE PROCEDURE ANNULE(P_ID INT) UPDATE CDE SET ETAT = 'ANNULEE' WHERE ID = P_ID",
    """
    CREATE PROCEDURE CLIENT(P_NOM VARCHAR(80), P_WEB INT)
    INSERT INTO CLI (NOM, WEB) VALUES (P_NOM, P_WEB)
    """,
)
CALLS = """
till: {name: t}
entities: {}
write_back:
  mode: procedure
  formats: {tax_rates: {20: "1", 5.5: "2"}}
  order:
    idempotency: SELECT ID FROM CDE WHERE UID = :order_uid
    statements:
      - id: order
        sql: CALL COMMANDE(:order_uid, :order_revision, :total_tax_included, :lines_json)
  order_changed:
    idempotency: SELECT ID FROM CDE WHERE ID = :order_key AND REV = :order_revision
    statements:
      - id: order
        sql: CALL COMMANDE(:order_uid, :order_revision, :total_tax_included, :lines_json)
  order_cancelled:
    idempotency: SELECT ID FROM CDE WHERE ID = :order_key AND ETAT = 'ANNULEE'
    statements: [{id: cancel, sql: "CALL ANNULE(:order_key)"}]
  customer:
    idempotency: SELECT ID FROM CLI WHERE WEB = :customer_shop_id
    statements: [{id: customer, sql: "CALL CLIENT(:customer_last_name, :customer_shop_id)"}]
"""
STATEMENTS = """
till: {name: t}
entities: {}
write_back:
  formats: {tax_rates: {20: "1", 5.5: "2"}}
  order:
    idempotency: SELECT ID FROM CDE WHERE UID = :order_uid
    statements:
      - id: order
        key: lastrowid
        sql: "INSERT INTO CDE (UID, TOTAL) VALUES (:order_uid, :total_tax_included)"
      - &line
        id: line
        foreach: lines
        expect_rows: 1
        sql: >-
          INSERT INTO LIG SELECT :order_key, :line_number, CLE, :quantity FROM ART
          WHERE CLE = :stock_key
  order_changed:
    statements:
      - {id: out, sql: DELETE FROM LIG WHERE CDE = :order_key}
      - *line
  order_cancelled:
    statements: [{id: cancel, sql: "UPDATE CDE SET ETAT = 'ANNULEE' WHERE ID = :order_key"}]
  customer:
    idempotency: SELECT ID FROM CLI WHERE WEB = :customer_shop_id
    statements:
      - id: customer
        sql: "INSERT INTO CLI (NOM, WEB) VALUES (:customer_last_name, :customer_shop_id)"
"""


def rules(told: str) -> WriteBack:
    found = mapping_of(told).write_back
    assert found is not None
    return found


class _MariaTill:
    def __init__(self, url: URL, told: str) -> None:
        self.url = url
        self.engine: Engine = create_engine(url)
        with self.engine.begin() as connection:
            for statement in TABLES:
                connection.exec_driver_sql(statement)
        self.writer = self.opened(url, told)

    @staticmethod
    def opened(url: URL, told: str) -> SqlTillWriter:
        found = rules(told)
        kind = ProcedureTillWriter if found.mode == "procedure" else SqlTillWriter
        return kind(url, found, till_timezone="Europe/Paris")

    def run(self, sql: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(sql)

    def work(self) -> None:
        """Nothing lies about."""

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        sql = "SELECT UID, CLE, QTE FROM CDE LEFT JOIN LIG ON CDE = ID ORDER BY ID, NO"
        for uid, key, units in self.rows(sql):
            assert isinstance(units, int)
            found.setdefault(str(uid), []).append((str(key), units))
        return found

    def cancelled(self) -> set[str]:
        return {str(uid) for (uid,) in self.rows("SELECT UID FROM CDE WHERE ETAT = 'ANNULEE'")}

    def customers(self) -> list[int]:
        found = self.rows("SELECT WEB FROM CLI")
        return [shop_id for (shop_id,) in found if isinstance(shop_id, int)]

    def go_away(self) -> None:
        nobody_there = self.url.set(port=9)
        self.writer = self.opened(nobody_there, CALLS)


@pytest.fixture
def till(mariadb_url: URL) -> Iterator[_MariaTill]:
    made = _MariaTill(mariadb_url, CALLS)
    with made.writer:
        yield made
    made.engine.dispose()


class TestProcedureTillWriter(WholeTillContract, AskedTillContract):
    """The contract, by procedures that commit by themselves."""

    @pytest.fixture
    def till(self, till: _MariaTill) -> _MariaTill:
        return till


def test_the_procedure_s_own_words_of_a_refusal(till: _MariaTill) -> None:
    with pytest.raises(StatementRefusedError) as refused:
        till.writer.enter_order(order("U1", line(1, SIMPLE), line(2, "v:999")))
    assert "article inconnu" in refused.value.facts["reason"]
    assert till.orders() == {}


class TestSqlOnMariaDb(WholeTillContract, AskedTillContract):
    """The SQL writer's contract on InnoDB."""

    @pytest.fixture
    def till(self, mariadb_url: URL) -> Iterator[_MariaTill]:
        made = _MariaTill(mariadb_url, STATEMENTS)
        with made.writer:
            yield made
        made.engine.dispose()


def test_a_connection_lost_in_the_call_is_looked_up_and_not_repeated(till: _MariaTill) -> None:
    till.run("DROP PROCEDURE COMMANDE")
    till.run(
        "CREATE PROCEDURE COMMANDE(P_UID VARCHAR(190), P_REV CHAR(64), P_TOTAL VARCHAR(20), "
        "P_LIG TEXT) BEGIN INSERT INTO CDE (UID) VALUES (P_UID); COMMIT; "
        "KILL CONNECTION_ID(); END"
    )
    clerk, one = Clerk(till), order("U1", line(1, SIMPLE))
    with pytest.raises(IntakeUnknownError):
        clerk.begin(one)
    assert clerk.noted is not None
    found = clerk.enter(one)
    assert (found.key, found.already, found.evidence) == ("1", True, "idempotency")
    assert till.rows("SELECT COUNT(*) FROM CDE") == [(1,)]


def test_a_connection_lost_before_the_write_is_repeated_once_the_till_had_time(
    till: _MariaTill,
) -> None:
    clerk, one = Clerk(till), order("U1", line(1, SIMPLE))
    mark = Mark("order", "0" * 64)
    with pytest.raises(IntakeUnknownError):
        till.writer.look("U1", mark, _SOON)
    assert till.writer.look("U1", mark, LATER) is None
    clerk.noted = mark
    assert not clerk.enter(one).already
    assert till.orders() == {"U1": [(SIMPLE, 1)]}


def test_a_procedure_that_says_yes_and_shows_nothing_is_never_called_again(
    till: _MariaTill,
) -> None:
    till.run("DROP PROCEDURE COMMANDE")
    till.run("CREATE TABLE IF NOT EXISTS APPEL (UID VARCHAR(190))")
    till.run(
        "CREATE PROCEDURE COMMANDE(P_UID VARCHAR(190), P_REV CHAR(64), P_TOTAL VARCHAR(20), "
        "P_LIG TEXT) INSERT INTO APPEL VALUES (P_UID)"
    )
    clerk, one = Clerk(till), order("U1", line(1, VARIANT))
    with pytest.raises(IntakeUnknownError):
        clerk.begin(one)
    for _ in range(2):
        with pytest.raises(StillUnknownError):
            clerk.enter(one)
    assert till.rows("SELECT UID FROM APPEL") == [("U1",)]
    # The till comes to it an hour later.
    till.run("INSERT INTO CDE (UID) VALUES ('U1')")
    assert clerk.enter(one).key == "1"
    till.run("DROP TABLE APPEL")


def test_values_are_values_and_never_sql(till: _MariaTill) -> None:
    writer: TillWriter = till.writer
    uid = "x'); DROP TABLE ART; -- \\"
    writer.enter_order(order(uid, line(1, SIMPLE)))
    assert writer.holds_order(uid)
    assert len(till.rows("SELECT * FROM ART")) == 2


def test_a_change_is_found_by_its_revision(till: _MariaTill) -> None:
    clerk = Clerk(till)
    entered = clerk.enter(order("U1", line(1, SIMPLE)))
    later = order("U1", line(1, SIMPLE, 2))
    till.writer.change_order(later, entered.key)
    revision = till.rows("SELECT REV FROM CDE")[0][0]
    there = Mark("order_changed", str(revision))
    assert till.writer.look("U1", there, LATER) is not None
    assert till.writer.look("U1", Mark("order_changed", "0" * 64), LATER) is None
