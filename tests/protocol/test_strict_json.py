"""Strict JSON: what is written is read back, and what has emptied shops elsewhere is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.strict_json import MAX_DEPTH, MAX_INTEGER, BadJsonError, Json, canonical, parse_object
from tests.protocol.strategies import JSON_OBJECTS


@given(JSON_OBJECTS)
def test_what_is_written_is_read_back(value: dict[str, Json]) -> None:
    written = canonical(value)
    assert parse_object(written, place="x") == value
    assert canonical(parse_object(written, place="x")) == written
    assert b"\n" not in written


@given(JSON_OBJECTS)
def test_canonical_does_not_depend_on_the_order_of_names(value: dict[str, Json]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        assert isinstance(parse_object(content, place="x"), dict)
    except BadJsonError as error:
        assert error.code == "E-REC-001"


HOSTILE = {
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "float": b'{"a": 1.5}',
    "float that is whole": b'{"a": 1.0}',
    "exponent": b'{"a": 1e2}',
    "huge exponent": b'{"a": 1e999}',
    "duplicate name": b'{"a": 1, "a": 1}',
    "duplicate name by escape": b'{"a": 1, "\\u0061": 2}',
    "duplicate name deep inside": b'{"x": [{"a": 1, "a": 2}]}',
    "integer over 2^53": b'{"a": 9007199254740992}',
    "integer under -2^53": b'{"a": -9007199254740992}',
    "integer of 5,000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "too deep": b'{"a":' * 17 + b"1" + b"}" * 17,
    "far too deep": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "lone surrogate": b'{"a": "\\ud800"}',
    "lone surrogate in a name": b'{"\\ud800": 1}',
    "nul": b'{"a": "\\u0000"}',
    "nul in a name": b'{"x": {"\\u0000": 1}}',
    "raw nul": b'{"a": "\x00"}',
    "bad utf-8": b'{"a": "\xff"}',
    "overlong utf-8": b'{"a": "\xc0\xaf"}',
    "surrogate in utf-8": b'{"a": "\xed\xa0\x80"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "list": b"[1]",
    "string": b'"a"',
    "null": b"null",
    "empty": b"",
    "two objects": b'{"a": 1}{"b": 2}',
    "trailing comma": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "comment": b'{"a": 1} // x',
    "leading zero": b'{"a": 01}',
    "raw line feed in a string": b'{"a": "x\ny"}',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_json_is_refused_with_its_place(content: bytes) -> None:
    with pytest.raises(BadJsonError) as caught:
        parse_object(content, place="line 7")
    assert (caught.value.code, caught.value.place) == ("E-REC-001", "line 7")
    assert caught.value.facts["reason"]


def nested(levels: int) -> dict[str, Json]:
    value: Json = 1
    for _ in range(levels - 1):
        value = {"a": value}
    assert isinstance(value, dict)
    return value


def test_the_depth_limit_counts_simple_values_too() -> None:
    assert parse_object(canonical(nested(MAX_DEPTH)), place="x") == nested(MAX_DEPTH)
    with pytest.raises(BadJsonError):
        parse_object(canonical(nested(MAX_DEPTH + 1)), place="x")


@pytest.mark.parametrize("number", [MAX_INTEGER, -MAX_INTEGER, 0])
def test_the_widest_integers_are_taken(number: int) -> None:
    assert parse_object(canonical({"a": number}), place="x") == {"a": number}


def test_a_surrogate_pair_is_one_character() -> None:
    assert parse_object(b'{"a": "\\ud83d\\udc60"}', place="x") == {"a": "👠"}


def test_canonical_form_to_the_byte() -> None:
    value = {"b": [1, True, None], "a": 'é"\\/\n\t\x01\x7f\u2028', "Z": {}, "é": 0}
    expected = '{"Z":{},"a":"é\\"\\\\/\\n\\t\\u0001\x7f\u2028","b":[1,true,null],"é":0}'
    assert canonical(value) == expected.encode()
    assert json.loads(canonical(value)) == value
