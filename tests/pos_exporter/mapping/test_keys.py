"""Keys: no two meet, and each gives its parts back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_exporter.mapping.formats import Value
from pos_exporter.mapping.keys import LONGEST, fit_key, join_key, key_part, split_key
from pos_exporter.mapping.row_errors import KeyEmptyError, KeyUnfitError

PARTS = st.lists(st.text("ab|\\ ", max_size=4), min_size=1, max_size=4)


@given(PARTS)
def test_parts_come_back(parts: list[str]) -> None:
    assert split_key(join_key(parts)) == tuple(parts)


@given(PARTS, PARTS)
def test_different_parts_make_different_keys(one: list[str], other: list[str]) -> None:
    assert (join_key(one) == join_key(other)) is (one == other)


@pytest.mark.parametrize("cell", ["1042", " 1042  ", Decimal(1042), Decimal("1042.0")])
def test_one_id_is_one_key_however_the_driver_gives_it(cell: Value) -> None:
    assert key_part(cell) == "1042"


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_nothing_is_no_key(cell: Value) -> None:
    with pytest.raises(KeyEmptyError):
        key_part(cell)


@pytest.mark.parametrize("key", ["x" * (LONGEST + 1), "a\nb", "a\0"])
def test_what_cannot_travel_is_refused(key: str) -> None:
    with pytest.raises(KeyUnfitError):
        fit_key(key)
    assert fit_key("x" * LONGEST)
