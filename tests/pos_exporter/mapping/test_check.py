"""A mapping held against its till."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_exporter.mapping.check import ROWS_TRIED, check_mapping
from pos_exporter.mapping.model import TillMapping
from pos_exporter.mapping.queries import ReadQuery
from pos_exporter.source.memory import MemorySource
from pos_exporter.source.port import Row, TillUnreachableError
from tests.pos_exporter.mapping.samples import mapping_of

SQL = "SELECT * FROM MRQ"


def mapping(tmp_path: Path, extra: str = "") -> TillMapping:
    text = f"""
till: {{name: t}}
lookups: {{codes: {{table: CODES}}}}
entities:
  brand: {{table: MRQ, key: [C, D], fields: {{name: LIB}}}}
{extra}"""
    return mapping_of(text, tmp_path)


def source(columns: tuple[str, ...], **more: tuple[str, ...]) -> MemorySource:
    tables = {"MRQ": columns, "CODES": ("k", "v"), **more}
    queries = {ReadQuery(table=table).query().sql: names for table, names in tables.items()}
    return MemorySource({sql: [] for sql in queries}, columns=queries)


def test_a_mapping_that_fits_has_no_problem(tmp_path: Path) -> None:
    assert check_mapping(mapping(tmp_path), source(("C", "D", "LIB", "X"))) == ()


def test_columns_that_are_not_there_are_named(tmp_path: Path) -> None:
    problems = check_mapping(mapping(tmp_path), source(("C", "NOM"), CODES=("k", "x")))
    assert [(p.code, p.place, p.facts["column"]) for p in problems] == [
        ("E-MAP-004", "lookups.codes", "v"),
        ("E-MAP-004", "entities.brand.key", "D"),
        ("E-MAP-004", "entities.brand", "LIB"),
    ]
    assert problems[2].facts["known"] == "C, NOM"


def test_a_column_that_comes_twice_is_named_if_it_is_used(tmp_path: Path) -> None:
    problems = check_mapping(mapping(tmp_path), source(("C", "D", "LIB", "LIB", "X", "X")))
    assert [(p.code, p.facts["column"]) for p in problems] == [("E-MAP-005", "LIB")]


def test_a_query_that_the_till_refuses_is_told_and_the_others_are_tried(tmp_path: Path) -> None:
    till = source(("C", "D"))
    del till.answers["SELECT * FROM CODES"]
    codes = [(p.code, p.place) for p in check_mapping(mapping(tmp_path), till)]
    assert codes == [("E-TILL-002", "lookups.codes"), ("E-MAP-004", "entities.brand")]


def test_only_a_few_rows_are_read(tmp_path: Path) -> None:
    read: list[Row] = []

    class _Rows(list[Row]):
        def __iter__(self) -> Iterator[Row]:
            for row in super().__iter__():
                read.append(row)
                yield row

    till = source(("C", "D", "LIB"))
    till.answers[SQL] = _Rows({"C": number, "D": 1, "LIB": "x"} for number in range(500))
    assert check_mapping(mapping(tmp_path), till) == ()
    assert len(read) == ROWS_TRIED


def test_a_photo_folder_must_be_there(tmp_path: Path) -> None:
    extra = """
  tax_rate: {table: TVA, key: [C], fields: {rate: T}}
  article: {table: ART, key: [I], fields: {reference: R, name: N, price: P, tax_rate: T}}
  photo: {table: PH, key: [I], fields: {article: A}, image: {path: F, root: pictures}}
"""
    till = source(
        ("C", "D", "LIB"), TVA=("C", "T"), ART=("I", "R", "N", "P", "T"), PH=("I", "A", "F")
    )
    problems = check_mapping(mapping(tmp_path, extra), till)
    assert [(p.code, p.place) for p in problems] == [("E-MAP-006", "entities.photo.image.root")]
    (tmp_path / "pictures").mkdir()
    assert check_mapping(mapping(tmp_path, extra), till) == ()


def test_a_till_that_is_away_is_no_mistake_of_the_mapping(tmp_path: Path) -> None:
    till = source(("C", "D", "LIB"))
    till.reachable = False
    with pytest.raises(TillUnreachableError):
        check_mapping(mapping(tmp_path), till)
