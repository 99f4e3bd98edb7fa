"""Records: a line and its record are the same thing, and what is no record says why."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from protocol.errors import ComptoirError
from protocol.records import (
    FACT_KINDS,
    KINDS,
    MAX_LINE,
    Address,
    Article,
    BadRecordError,
    Customer,
    Fate,
    OrderLine,
    Price,
    Record,
    Stock,
    TaxRate,
    Tombstone,
    Unknown,
    Withheld,
    content_hash,
    order_uid,
    parse_record,
    record_from,
    record_line,
)
from protocol.strict_json import BadJsonError, canonical, parse_object
from protocol.values import format_time
from tests.protocol.strategies import JSON_OBJECTS, records_of

SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
RUN = st.data()


def article(**changed: Any) -> Article:
    fields: dict[str, Any] = {
        "key": "1042", "reference": "BOT-7", "name": {"fr": "Bottine"},
        "price": Price(amount=Decimal("49.90")), "tax_rate": "20",
    }  # fmt: skip
    return Article(**(fields | changed))


@pytest.mark.parametrize("kind", KINDS)
@SLOW
@given(RUN)
def test_a_record_is_read_back_from_its_line(kind: str, data: st.DataObject) -> None:
    record = data.draw(records_of(KINDS[kind]))
    line = record_line(record)
    again = parse_record(line, place="x")
    assert again == record
    assert type(again) is KINDS[kind]
    assert record_line(again) == line
    assert content_hash(again) == content_hash(record)
    assert b"\n" not in line


@pytest.mark.parametrize("kind", KINDS)
@SLOW
@given(RUN, JSON_OBJECTS)
def test_what_a_newer_minor_added_survives(
    kind: str, data: st.DataObject, extra: dict[str, Any]
) -> None:
    fields = parse_object(record_line(data.draw(records_of(KINDS[kind]))), place="x")
    added = {f"new_{name}": value for name, value in extra.items()}
    line = canonical(fields | added)
    assert record_line(parse_record(line, place="x")) == line


@SLOW
@given(JSON_OBJECTS)
def test_any_object_is_a_record_or_is_refused(fields: dict[str, Any]) -> None:
    for kind in (*KINDS, "comet"):
        try:
            assert isinstance(record_from(fields | {"kind": kind}, place="x"), Record)
        except BadRecordError as error:
            assert error.code == "E-REC-002"


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_a_tombstone_says_its_cause(kind: str) -> None:
    line = canonical({"kind": kind, "key": "7", "gone": "discontinued"})
    record = parse_record(line, place="x")
    assert isinstance(record, Tombstone)
    assert (record.kind, record.gone) == (kind, "discontinued")
    assert record_line(record) == line


def test_only_facts_have_tombstones() -> None:
    with pytest.raises(BadRecordError):
        parse_record(b'{"kind":"policy","key":"policy","gone":"vanished"}', place="x")


def test_an_unknown_kind_is_kept_as_it_came() -> None:
    line = b'{"key":"c1","kind":"comet","tail":["long"]}'
    record = parse_record(line, place="x")
    assert isinstance(record, Unknown)
    assert record_line(record) == line


BAD: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "price as a number": lambda f: f | {"price": {"amount": 49}},
    "price below zero": lambda f: f | {"price": {"amount": "-1"}},
    "price with a comma": lambda f: f | {"price": {"amount": "49,90"}},
    "price with a line feed": lambda f: f | {"price": {"amount": "49.90\n"}},
    "price is null": lambda f: f | {"price": None},
    "no price": lambda f: {n: v for n, v in f.items() if n != "price"},
    "currency in lower case": lambda f: f | {"price": {"amount": "1", "currency": "eur"}},
    "basis unknown": lambda f: f | {"price": {"amount": "1", "basis": "tax_excluded"}},
    "no name": lambda f: f | {"name": {}},
    "language of three letters": lambda f: f | {"name": {"fra": "x"}},
    "control character": lambda f: f | {"name": {"fr": "a\x07b"}},
    "key is a number": lambda f: f | {"key": 1042},
    "key is empty": lambda f: f | {"key": ""},
    "key with a line feed": lambda f: f | {"key": "10\n42"},
    "key too long": lambda f: f | {"key": "x" * 191},
    "no key": lambda f: {n: v for n, v in f.items() if n != "key"},
    "ean of nine digits": lambda f: f | {"ean": "123456789"},
    "reference is empty": lambda f: f | {"reference": ""},
    "reference is null": lambda f: f | {"reference": None},
    "categories is one key": lambda f: f | {"categories": "7"},
    "name too long": lambda f: f | {"name": {"fr": "x" * 1001}},
    "kind is a number": lambda f: f | {"kind": 7},
    "kind is a list": lambda f: f | {"kind": []},
    "no kind": lambda f: {n: v for n, v in f.items() if n not in {"kind", "key"}},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_what_is_no_record_is_refused_with_its_field(
    change: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    good: dict[str, Any] = dict(parse_object(record_line(article()), place="x"))
    with pytest.raises(BadRecordError) as caught:
        record_from(change(good), place="line 3")
    assert caught.value.code == "E-REC-002"
    assert caught.value.place.startswith("line 3, ")


@pytest.mark.parametrize("quantity", [3, True, "3.0", "+3", " 3", "1234567890", "-", "٣", None])
def test_a_quantity_travels_as_digits(quantity: object) -> None:
    with pytest.raises(BadRecordError):
        record_from({"kind": "stock", "key": "a:1", "quantity": quantity}, place="x")  # type: ignore[dict-item]  # hostile on purpose


@pytest.mark.parametrize("key", ["1", "a:", "b:1", "a:1\x01", "a:" + "x" * 191])
def test_a_stock_key_says_article_or_variant(key: str) -> None:
    with pytest.raises(BadRecordError):
        record_from({"kind": "stock", "key": key, "quantity": "1"}, place="x")


@pytest.mark.parametrize(
    "at",
    ["2026-11-24T09:30:00", "2026-11-24T09:30:00+01:00", "2026-11-24 09:30:00Z",
     "2026-11-24T09:30:00.5Z", "20261124T093000Z", "2026-13-24T09:30:00Z", "2026-11-24Z", 0],
)  # fmt: skip
def test_a_time_is_utc_in_whole_seconds(at: object) -> None:
    fields: dict[str, Any] = dict(parse_object(record_line(fate()), place="x"))
    with pytest.raises(BadRecordError):
        record_from(fields | {"at": at}, place="x")


def fate(**changed: Any) -> Fate:
    fields: dict[str, Any] = {
        "key": "article/1", "of_kind": "article", "of_key": "1", "of_hash": None,
        "state": "applied", "at": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    }  # fmt: skip
    return Fate(**(fields | changed))


def test_a_time_is_written_with_four_digits_of_year_and_without_fractions() -> None:
    early = datetime(33, 4, 3, 15, 0, 0, 999_999, tzinfo=UTC)
    assert format_time(early) == "0033-04-03T15:00:00Z"
    assert fate(at=early).at == early.replace(microsecond=0)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E+9", "0.0000001", "1234567890"])
def test_our_own_amounts_must_fit_the_wire(amount: str) -> None:
    with pytest.raises(ValidationError):
        Price(amount=Decimal(amount))


def test_a_line_over_a_mebibyte_is_refused_unread() -> None:
    with pytest.raises(BadRecordError):
        parse_record(b"{" * (MAX_LINE + 1), place="x")


def test_a_line_that_is_no_json_is_refused() -> None:
    with pytest.raises(BadJsonError):
        parse_record(b'{"kind":"brand","key":"1","name":"a","name":"b"}', place="x")


def test_absent_says_nothing_and_null_clears() -> None:
    silent, clearing = article(), article(description=None)
    assert b"description" not in record_line(silent)
    assert b'"description":null' in record_line(clearing)
    assert content_hash(silent) != content_hash(clearing)
    assert "description" not in parse_record(record_line(silent), place="x").model_fields_set


def test_null_inside_what_a_record_is_made_of_is_left_out() -> None:
    customer = Customer(key="c1", shop_id=1, email="a@example.test", address=Address(country=None))
    assert b"country" not in record_line(customer)


def test_a_required_null_is_written() -> None:
    line = OrderLine(
        id=1, product_id=1, combination_id=0, stock_key=None, name="x", quantity=1,
        unit_price_tax_excluded=Decimal(1), unit_price_tax_included=Decimal(1),
        total_tax_excluded=Decimal(1), total_tax_included=Decimal(1),
    )  # fmt: skip
    dumped = line.model_dump(mode="json")
    assert dumped["stock_key"] is None
    assert "tax_rate" not in dumped


def test_equal_facts_have_equal_hashes() -> None:
    assert content_hash(Stock(key="a:1", quantity=3)) == content_hash(
        Stock(key="a:1", quantity=3, counted=())
    )
    assert content_hash(TaxRate(key="20", rate=Decimal("20"))) == content_hash(
        TaxRate(key="20", rate=Decimal("20.00"), country="FR")
    )


def test_a_known_line_and_its_hash_to_the_byte() -> None:
    record = Stock(key="v:7", quantity=-2)
    assert record_line(record) == b'{"counted":[],"key":"v:7","kind":"stock","quantity":"-2"}'
    assert content_hash(record) == (
        "adf163ac4c0e8f6368fe46135d57cd7df77f8bc7c9b26f2d6c0bc8e5ef564e29"
    )


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        article().key = "2"  # type: ignore[misc]  # frozen: that is the test


def test_an_order_uid_tells_a_restored_shop() -> None:
    first = order_uid("clara-3f9a", 1042, "XKBKNABJK", "2026-11-24 09:30:00")
    assert first == "clara-3f9a/1042/XKBKNABJK/2026-11-24 09:30:00"
    assert first != order_uid("clara-3f9a", 1042, "XKBKNABJK", "2026-11-25 09:30:00")
    assert first != order_uid("clara-3f9a", 1042, "ABCDEFGHI", "2026-11-24 09:30:00")


def test_every_kind_is_known_by_its_name_and_stream() -> None:
    assert set(FACT_KINDS) <= set(KINDS)
    for kind, model in KINDS.items():
        assert model.model_fields["kind"].default == kind
        assert model.stream in ("catalogue", "orders", "answers")


def test_a_refused_line_is_a_problem_that_can_be_sent() -> None:
    with pytest.raises(ComptoirError) as caught:
        parse_record(canonical({"kind": "brand", "key": "9"}), place="line 2")
    problem = caught.value.problem()
    assert (problem.code, problem.place) == ("E-REC-002", "line 2, brand 9, name")
    assert Withheld(kind="brand", key="9", code=problem.code).code == "E-REC-002"
