"""A fast stock run: what it asks the till, what it makes of the answers, what it leaves alone."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pos_exporter.changes import Guard, ShrunkenReadError
from pos_exporter.mapping.model import TillMapping
from pos_exporter.narrow import assemble_figures, check_figures, is_narrow, read_narrow
from pos_exporter.source.memory import MemorySource
from pos_exporter.source.port import Row
from protocol.records import Stock
from tests.pos_exporter.mapping.samples import mapping_of

TEXT = """
till: {name: t}
lookups:
  rates: {table: RATES}
  units: {table: UNITS}
entities:
  tax_rate: {table: TVA, key: [C], fields: {rate: {col: C, lookup: rates}}}
  article: {table: ART, key: [I], fields: {reference: R, name: R, price: P, tax_rate: T}}
  variant: {table: DECL, key: [V], axes: {size: {col: S}}, fields: {article: I}}
  stock:
    - {of: article, table: STK, key: [I], fields: {quantity: Q}}
    - {of: variant, table: STV, key: [V], sum: true, fields: {quantity: {col: Q, lookup: units}}}
  counted_orders: {of: variant, table: CMD, key: [V], fields: {order: O, quantity: Q}}
"""
SAID = {"a:1": "1", "v:21": "2", "v:22": "2"}


@pytest.fixture
def mapping(tmp_path: Path) -> TillMapping:
    return mapping_of(TEXT, tmp_path)


def source_of(*, one_snapshot: bool = True, **more: list[Row]) -> MemorySource:
    tables: dict[str, list[Row]] = {
        "UNITS": [{"k": "three", "v": "3"}, {"k": "one", "v": "1"}],
        "STK": [{"I": 1, "Q": 5}, {"I": 9, "Q": 7}],
        "STV": [{"V": 21, "Q": "three"}, {"V": 21, "Q": "one"}],
        "CMD": [{"V": 21, "O": "web1", "Q": 2}, {"V": 99, "O": "web1", "Q": 1}],
    }
    answers = {f"SELECT * FROM {name}": rows for name, rows in {**tables, **more}.items()}  # noqa: S608 (names of this test)
    return MemorySource(answers, one_snapshot=one_snapshot)


def figures(source: MemorySource, mapping: TillMapping) -> Mapping[str, Stock]:
    found = assemble_figures(read_narrow(source, mapping), mapping, SAID).records
    return {record.key: record for record in found if isinstance(record, Stock)}


def test_nothing_is_asked_but_stock_counted_orders_and_their_lookups(mapping: TillMapping) -> None:
    # The memory source refuses a query that it has no answer to.
    found = figures(source_of(), mapping)
    assert {key: one.quantity for key, one in found.items()} == {"a:1": 5, "v:21": 4, "v:22": 0}
    assert [(one.order, one.quantity) for one in found["v:21"].counted] == [("web1", 2)]


def test_what_the_site_does_not_know_waits_for_a_whole_run(mapping: TillMapping) -> None:
    assert "a:9" not in figures(source_of(), mapping)


def test_a_figure_that_cannot_be_read_is_left_as_it_was_said(mapping: TillMapping) -> None:
    source = source_of(STV=[{"V": 21, "Q": "many"}, {"V": 22, "Q": "one"}])
    assert set(figures(source, mapping)) == {"a:1", "v:22"}
    source = source_of(CMD=[{"V": 22, "O": None, "Q": 1}])
    assert set(figures(source, mapping)) == {"a:1", "v:21"}


def test_an_empty_reading_stops_the_run(mapping: TillMapping) -> None:
    rows = read_narrow(source_of(STK=[], STV=[]), mapping)
    found = assemble_figures(rows, mapping, SAID).records
    with pytest.raises(ShrunkenReadError):
        check_figures(rows, found, {"a:1"}, Guard())


def test_many_figures_that_fall_at_once_stop_the_run(mapping: TillMapping) -> None:
    rows = read_narrow(source_of(), mapping)
    fallen = [Stock(key=f"a:{number}", quantity=0) for number in range(30)]
    with pytest.raises(ShrunkenReadError):
        check_figures(rows, fallen, {one.key for one in fallen}, Guard())
    check_figures(rows, fallen[:20], {one.key for one in fallen}, Guard())


def test_only_stock_alone_is_narrow() -> None:
    assert is_narrow({"stock"}, (), only_new=False)
    assert not is_narrow({"stock", "article"}, (), only_new=False)
    assert not is_narrow({"stock"}, ("A1",), only_new=False)
    assert not is_narrow((), (), only_new=False)
