"""Lists in which the till's rows and people's stand beside each other."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_agent.reconcile.rows import (
    BUNDLE,
    CATEGORIES,
    FEATURES,
    Items,
    Joined,
    items,
    joined,
    parse_items,
    rows_of,
    text_of,
)

#: (wanted, ours, there, removed, to be)
Case = tuple[set[tuple[int, int]], set[tuple[int, int]], set[tuple[int, int]],
             set[tuple[int, int]], set[tuple[int, int]]]  # fmt: skip
CASES: list[Case] = [
    ({(5, 1)}, set(), set(), set(), {(5, 1)}),
    ({(5, 2)}, {(5, 1)}, {(5, 1), (9, 9)}, set(), {(5, 2), (9, 9)}),  # only ours is replaced
    (set(), {(5, 1)}, {(5, 1), (9, 9)}, set(), {(9, 9)}),
    ({(5, 1)}, {(5, 1)}, {(9, 9)}, set(), {(9, 9)}),  # taken out by people
    ({(5, 1)}, set(), set(), {(5, 1)}, set()),  # and remembered
    ({(5, 2)}, set(), set(), {(5, 1)}, {(5, 2)}),  # another value is another word
    ({(5, 1)}, set(), {(5, 7)}, set(), {(5, 7)}),  # people chose this feature's value
    ({(5, 2)}, {(5, 1)}, {(5, 7)}, set(), {(5, 7)}),  # also over ours
    ({(5, 1), (5, 2)}, set(), set(), set(), {(5, 1), (5, 2)}),  # two of the till's own
    ({(5, 1)}, set(), {(5, 1)}, set(), {(5, 1)}),
]
Rule = Callable[[str, Items, Items, Items, Items], Joined]


@pytest.mark.parametrize("case", CASES)
def test_features(case: Case) -> None:
    wanted, ours, there, removed, to_be = map(frozenset, case)
    assert joined(FEATURES, wanted, ours, there, removed).to_be == to_be


def exactly_the_tills(name: str, wanted: Items, ours: Items, there: Items, gone: Items) -> Joined:
    """Wrong: what people added goes."""
    return Joined(wanted, wanted, frozenset())


def forgets_removals(name: str, wanted: Items, ours: Items, there: Items, gone: Items) -> Joined:
    """Wrong: puts back what people took out."""
    return joined(name, wanted, frozenset(), there, frozenset())


def never_removes(name: str, wanted: Items, ours: Items, there: Items, gone: Items) -> Joined:
    """Wrong: what was ours stays for good."""
    return Joined(wanted | there, wanted, frozenset())


def two_values_of_a_feature(
    name: str, wanted: Items, ours: Items, there: Items, gone: Items
) -> Joined:
    """Wrong: adds ours beside the value that people chose."""
    return joined(CATEGORIES, wanted, ours, there, gone)


@pytest.mark.parametrize(
    "mutant", [exactly_the_tills, forgets_removals, never_removes, two_values_of_a_feature]
)
def test_the_table_catches(mutant: Rule) -> None:
    wrong = [
        case
        for case in CASES
        if mutant(FEATURES, *map(frozenset, case[:4])).to_be != frozenset(case[4])
    ]
    assert wrong


PAIRS = st.frozensets(st.tuples(st.integers(1, 3), st.integers(1, 4)))


@given(PAIRS, PAIRS, PAIRS)
def test_a_second_look_changes_nothing(wanted: Items, ours: Items, there: Items) -> None:
    first = joined(FEATURES, wanted, ours, there, frozenset())
    again = joined(FEATURES, wanted, first.ours, first.to_be, first.removed)
    assert again.to_be == first.to_be
    assert there - ours <= first.to_be


@given(st.frozensets(st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(1, 9))))
def test_rows_and_texts_give_the_list_back(kept: Items) -> None:
    assert items(BUNDLE, rows_of(BUNDLE, kept)) == kept
    assert parse_items(text_of(kept)) == kept


def test_a_column_that_a_version_lacks_counts_as_0() -> None:
    assert items(BUNDLE, ({"id": "7", "quantity": "2"},)) == {(7, 0, 2)}
