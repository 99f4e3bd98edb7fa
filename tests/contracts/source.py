"""The source contract: what a reader may rely on, whatever a till is kept in.

An implementation inherits `SourceContract` and brings a fixture `till`: a till of three articles,
with a back door.
"""

from typing import Protocol

import pytest

from pos_exporter.source.port import (
    Query,
    QueryRefusedError,
    Source,
    SourceClosedError,
    TillUnreachableError,
)

ALL = "SELECT REF, QTE FROM ARTICLE ORDER BY REF"
ONE = "SELECT REF, QTE FROM ARTICLE WHERE REF = :ref"
SEVERAL = "SELECT REF, QTE FROM ARTICLE WHERE REF IN :refs ORDER BY REF"
NOTHING = "SELECT REF, QTE FROM ARTICLE WHERE QTE > 1000"
ROWS = [("A-1", 3), ("B-2", -1), ("C'3; DROP TABLE ARTICLE", 0)]


class Till(Protocol):
    """A till with `ROWS` in it, and a back door."""

    def source(self) -> Source:
        """Return a source of this till, not opened."""
        ...

    def change(self, ref: str, quantity: int) -> None:
        """Change one article, as the till would."""
        ...

    def go_away(self) -> None:
        """Be unreachable from now on."""
        ...


def read(source: Source, sql: str, **params: str | tuple[str, ...]) -> list[tuple[object, object]]:
    return [(row["REF"], row["QTE"]) for row in source.rows(Query(sql, params))]


class SourceContract:
    """What every source promises."""

    def test_rows_come_in_the_query_s_order(self, till: Till) -> None:
        with till.source() as source:
            assert read(source, ALL) == ROWS

    def test_a_value_is_a_value_and_never_sql(self, till: Till) -> None:
        with till.source() as source:
            assert read(source, ONE, ref="C'3; DROP TABLE ARTICLE") == [ROWS[2]]
            assert read(source, ONE, ref="' OR 1=1 --") == []
            assert read(source, ALL) == ROWS

    def test_a_list_expands(self, till: Till) -> None:
        with till.source() as source:
            assert read(source, SEVERAL, refs=("A-1", "B-2")) == ROWS[:2]
            assert read(source, SEVERAL, refs=("B-2",)) == [ROWS[1]]
            assert read(source, SEVERAL, refs=()) == []

    def test_a_limit_is_kept(self, till: Till) -> None:
        with till.source() as source:
            assert len(list(source.rows(Query(ALL), limit=2))) == 2
            assert list(source.rows(Query(ALL), limit=0)) == []
            assert len(list(source.rows(Query(ALL), limit=9))) == 3

    def test_columns_are_known_without_rows(self, till: Till) -> None:
        with till.source() as source:
            assert source.columns(Query(ALL)) == ("REF", "QTE")
            assert source.columns(Query(NOTHING)) == ("REF", "QTE")
            assert read(source, NOTHING) == []

    def test_an_unknown_query_is_refused_with_its_place_and_the_next_one_runs(
        self, till: Till
    ) -> None:
        with till.source() as source:
            with pytest.raises(QueryRefusedError) as refused:
                list(source.rows(Query("SELECT X FROM NOWHERE", place="entities.brand")))
            assert refused.value.place == "entities.brand"
            with pytest.raises(QueryRefusedError):
                source.columns(Query("SELECT X FROM NOWHERE"))
            assert read(source, ALL) == ROWS

    def test_one_opening_sees_one_moment_where_it_says_so(self, till: Till) -> None:
        source = till.source()
        with source:
            before = read(source, ALL)
            till.change("A-1", 99)
            after = read(source, ALL)
            assert (after == before) is source.one_snapshot
        with source:
            assert read(source, ALL)[0] == ("A-1", 99)

    def test_a_reading_given_up_leaves_the_next_one_whole(self, till: Till) -> None:
        with till.source() as source:
            for _ in source.rows(Query(ALL)):
                break
            assert read(source, ALL) == ROWS

    def test_writes_are_refused_by_the_till_itself(self, till: Till) -> None:
        with till.source() as source:
            assert source.check_read_only()

    def test_outside_a_with_nothing_is_read(self, till: Till) -> None:
        source = till.source()
        with pytest.raises(SourceClosedError):
            list(source.rows(Query(ALL)))
        with source:
            pass
        with pytest.raises(SourceClosedError):
            source.columns(Query(ALL))

    def test_a_till_that_is_away_says_so(self, till: Till) -> None:
        till.go_away()
        with pytest.raises(TillUnreachableError), till.source():
            pass
