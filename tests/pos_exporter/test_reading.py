"""A whole reading: what is asked of the source, and when; and photos by their announcement."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from pos_exporter.mapping.errors import UnknownColumnError
from pos_exporter.mapping.model import TillMapping
from pos_exporter.mapping.photo_errors import PhotoChangedError, PhotoMissingError
from pos_exporter.photos import PhotoFacts, PhotoStamp
from pos_exporter.reading import photo_bytes, read_photos, read_rows, read_till
from pos_exporter.source.memory import MemorySource
from pos_exporter.source.port import Parameter, Row, TillUnreachableError
from protocol.records import Article, Photo, Stock
from tests.pos_exporter.mapping.samples import mapping_of

TEXT = """
till: {name: t}
lookups: {rates: {table: RATES}}
entities:
  tax_rate: {table: TVA, key: [C], fields: {rate: {col: C, lookup: rates}}}
  article: {table: ART, key: [I], fields: {reference: R, name: R, price: P, tax_rate: T}}
  stock: {of: article, table: STK, key: [I], fields: {quantity: Q}}
  counted_orders: {of: article, table: CMD, key: [I], fields: {order: O, quantity: Q}}
  photo:
    - {table: PATHS, key: [K], fields: {article: I}, image: {path: F, root: .}}
    - {table: BLOBS, key: [K], fields: {article: I}, image: {blob: F}}
"""
STOCK, COUNTED = "SELECT * FROM STK", "SELECT * FROM CMD"


def picture(side: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (side, side)).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def mapping(tmp_path: Path) -> TillMapping:
    (tmp_path / "a.jpg").write_bytes(picture(10))
    return mapping_of(TEXT, tmp_path)


def source_of(*, one_snapshot: bool = True, **more: list[Row]) -> MemorySource:
    tables: dict[str, list[Row]] = {
        "RATES": [{"k": 1, "v": "20"}],
        "TVA": [{"C": 1}],
        "ART": [{"I": 1, "R": "A", "P": "5", "T": 1}, {"I": 2, "R": "B", "P": "6", "T": 1}],
        "STK": [{"I": 1, "Q": 3}],
        "CMD": [{"I": 1, "O": "web1", "Q": 1}],
        "PATHS": [{"K": "p", "I": 1, "F": "a.jpg"}],
        "BLOBS": [{"K": "b", "I": 2, "F": picture(20)}, {"K": "none", "I": 1, "F": None}],
    }
    answers = {f"SELECT * FROM {name}": rows for name, rows in {**tables, **more}.items()}  # noqa: S608 (names of this test)
    return MemorySource(answers, one_snapshot=one_snapshot)


def test_a_till_is_read(mapping: TillMapping) -> None:
    cache: dict[PhotoStamp, PhotoFacts] = {}
    assembled = read_till(source_of(), mapping, cache)
    assert assembled.withheld == ()
    assert [r.key for r in assembled.records if isinstance(r, Article)] == ["1", "2"]
    assert [(p.key, p.article) for p in assembled.records if isinstance(p, Photo)] == [
        ("p", "1"), ("b", "2"),
    ]  # fmt: skip
    assert len(cache) == 2


def counted_by_turn(source: MemorySource, *turns: list[Row]) -> None:
    """Let each reading of the counted orders give the next rows."""
    left = list(turns)

    def answer(params: Mapping[str, Parameter]) -> list[Row]:
        return left.pop(0)

    source.answers[COUNTED] = answer


def test_in_one_moment_the_counted_orders_are_read_once(mapping: TillMapping) -> None:
    source = source_of()
    counted_by_turn(source, [{"I": 1, "O": "web1", "Q": 1}])
    rows = read_rows(source, mapping)
    assert rows.counted_again is None


def test_without_one_moment_they_are_read_around_the_stock(mapping: TillMapping) -> None:
    source = source_of(one_snapshot=False)
    asked: list[str] = []
    before: list[Row] = [{"I": 1, "O": "web1", "Q": 1}]
    after: list[Row] = [*before, {"I": 1, "O": "web2", "Q": 1}]
    left = [before, after]

    def counted(params: Mapping[str, Parameter]) -> list[Row]:
        asked.append("counted")
        return left.pop(0)

    def stock(params: Mapping[str, Parameter]) -> list[Row]:
        asked.append("stock")
        return [{"I": 1, "Q": 3}]

    source.answers |= {COUNTED: counted, STOCK: stock}
    assembled = read_till(source, mapping, {})
    assert asked == ["counted", "stock", "counted"]
    found = next(r for r in assembled.records if isinstance(r, Stock) and r.key == "a:1")
    assert [(c.order, c.quantity) for c in found.counted] == [("web1", 1)]


def test_a_column_that_is_not_there_stops_the_run(mapping: TillMapping) -> None:
    with pytest.raises(UnknownColumnError):
        read_till(source_of(ART=[{"I": 1, "R": "A", "PRICE": "5", "T": 1}]), mapping, {})


def test_a_till_that_is_away_stops_the_run(mapping: TillMapping) -> None:
    source = source_of()
    source.reachable = False
    with pytest.raises(TillUnreachableError):
        read_till(source, mapping, {})


def photos(source: MemorySource, mapping: TillMapping) -> list[Photo]:
    return [r for r in read_till(source, mapping, {}).records if isinstance(r, Photo)]


def test_announced_photos_are_given_by_path_and_by_blob(mapping: TillMapping) -> None:
    source = source_of()
    by_path, by_blob = photos(source, mapping)
    assert photo_bytes(source, mapping, by_path) == picture(10)
    assert photo_bytes(source, mapping, by_blob) == picture(20)
    found = [
        (p.key, len(content)) for p, content in read_photos(source, mapping, [by_blob, by_path])
    ]
    assert found == [("p", by_path.size), ("b", by_blob.size)]


def test_a_photo_that_changed_or_went_is_not_given(mapping: TillMapping, tmp_path: Path) -> None:
    source = source_of()
    by_path, by_blob = photos(source, mapping)
    (tmp_path / "a.jpg").write_bytes(picture(11))
    with pytest.raises(PhotoChangedError):
        photo_bytes(source, mapping, by_path)
    (tmp_path / "a.jpg").unlink()
    with pytest.raises(PhotoMissingError):
        photo_bytes(source, mapping, by_path)
    source.answers["SELECT * FROM BLOBS"] = []
    source.answers["SELECT * FROM PATHS"] = []
    with pytest.raises(PhotoMissingError):
        photo_bytes(source, mapping, by_blob)
    assert list(read_photos(source, mapping, [by_blob, by_path])) == []
