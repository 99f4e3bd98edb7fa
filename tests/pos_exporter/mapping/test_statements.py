"""What SQL a mapping may hold."""

import pytest

from pos_exporter.mapping.errors import SqlInterpolationError, SqlParametersError, SqlWritesError
from pos_exporter.mapping.statements import (
    check_parameters,
    check_reading,
    check_statement,
    first_table,
    parameters,
)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT REF FROM ARTICLE WHERE LIB LIKE '%semelle%' AND A % 2 = 0;",
        "WITH T AS (SELECT 1 AS X) SELECT X FROM T",
        "  select 'DELETE; DROP' as note, \"UPDATE\", [SET] from T -- insert here; twice",
        "SELECT '{' || REF || '}' FROM T /* delete */",
        "SELECT REPLACE(REF, '-', '') FROM T",
        "SELECT UPDATED_AT, OFFSET_X FROM T",
    ],
)
def test_reading_statements(sql: str) -> None:
    assert check_reading(sql) == sql.strip().rstrip(";")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ARTICLE SET X = 1",
        "DELETE FROM ARTICLE",
        "SELECT 1; DELETE FROM ARTICLE",
        "WITH T AS (DELETE FROM A RETURNING *) SELECT * FROM T",
        "SELECT * INTO COPY FROM ARTICLE",
        "SELECT * FROM ARTICLE FOR UPDATE",
        "/* SELECT */ DROP TABLE ARTICLE",
        "PRAGMA journal_mode",
        "",
    ],
)
def test_statements_that_do_more_than_read(sql: str) -> None:
    with pytest.raises(SqlWritesError):
        check_reading(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM {table}",
        "SELECT * FROM T WHERE REF = '{ref}'",
        "SELECT * FROM T WHERE REF = %s",
        "SELECT * FROM T WHERE REF = %(ref)s",
        "SELECT * FROM T WHERE REF = '%(ref)s'",
        "INSERT INTO T VALUES ({})",
    ],
)
def test_texts_to_fill_in(sql: str) -> None:
    with pytest.raises(SqlInterpolationError):
        check_statement(sql)


def test_parameters_must_be_given_and_used() -> None:
    sql = "SELECT 1 FROM T WHERE A = :a AND B IN :b AND C = '12:30' AND D = E::text"
    assert parameters(sql) == {"a", "b"}
    check_parameters(sql, {"a", "b"}, all_used=True)
    check_parameters(sql, {"a", "b", "c"})
    with pytest.raises(SqlParametersError) as missing:
        check_parameters(sql, {"a"})
    assert missing.value.facts["name"] == "b"
    with pytest.raises(SqlParametersError) as unused:
        check_parameters(sql, {"a", "b", "c"}, all_used=True)
    assert unused.value.facts["name"] == "c"


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("SELECT A.X FROM ARTICLE A JOIN B ON 1=1", "ARTICLE"),
        ("select x\nfrom dbo.Article", "dbo.Article"),
        ('SELECT 1 FROM "Mes articles"', "Mes articles"),
        ("SELECT A, (SELECT MAX(B) FROM C) FROM D", "D"),
        ("SELECT X FROM (SELECT X FROM E)", "E"),
        ("WITH F AS (SELECT X FROM G) SELECT X FROM F", "G"),
        ("SELECT 1", ""),
    ],
)
def test_the_table_to_look_in(sql: str, table: str) -> None:
    assert first_table(sql) == table
