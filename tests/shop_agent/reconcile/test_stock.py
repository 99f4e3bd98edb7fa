"""The stock formula, and wrong versions of it."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.records import Counted, Stock
from shop_agent.reconcile.stock import (
    Floor,
    Rules,
    Share,
    figure,
    free_quantity,
    site_quantity,
    target_of,
)


def stock(quantity: int, **counted: int) -> Stock:
    entries = tuple(Counted(order=uid, quantity=units) for uid, units in counted.items())
    return Stock(key="v:1", quantity=quantity, counted=entries)


#: (the till's word, what orders keep, buffer, what the site shows)
CASES = [
    (stock(5), {}, 0, 5),
    (stock(5), {"a": 1, "b": 2}, 0, 2),
    (stock(4, a=1), {"a": 1, "b": 2}, 0, 2),  # the till counted a: its units are not taken twice
    (stock(4, a=1), {"b": 2}, 0, 2),  # a was settled
    (stock(4, a=3), {"a": 1}, 0, 4),  # counted more than reserved gives nothing back
    (stock(4, a=1), {"a": 3}, 0, 2),  # counted in part
    (stock(1), {"a": 2}, 0, -1),  # an oversale shows as it is
    (stock(-2), {}, 0, -2),
    (stock(5), {"a": 1}, 2, 2),
    (stock(2), {"a": 1}, 3, 0),  # the buffer alone never goes below zero
    (stock(0), {}, 3, 0),
    (stock(1), {"a": 3}, 3, -2),
]

Formula = Callable[[Stock, Mapping[str, int], int], int]


def ours(said: Stock, reserved: Mapping[str, int], buffer: int) -> int:
    return site_quantity(said, reserved, buffer=buffer)


@pytest.mark.parametrize(("said", "reserved", "buffer", "shown"), CASES)
def test_the_formula(said: Stock, reserved: dict[str, int], buffer: int, shown: int) -> None:
    assert ours(said, reserved, buffer) == shown


def naive(said: Stock, reserved: Mapping[str, int], buffer: int) -> int:
    """Wrong: the till's figure as it is."""
    return said.quantity - buffer


def counts_by_order_only(said: Stock, reserved: Mapping[str, int], buffer: int) -> int:
    """Wrong: an order that the till counted at all is left out whole."""
    known = {entry.order for entry in said.counted}
    return site_quantity(
        said, {uid: units for uid, units in reserved.items() if uid not in known}, buffer=buffer
    )


def ignores_counted(said: Stock, reserved: Mapping[str, int], buffer: int) -> int:
    """Wrong: takes the units of a counted order twice."""
    return said.quantity - sum(reserved.values()) - buffer


def gives_back(said: Stock, reserved: Mapping[str, int], buffer: int) -> int:
    """Wrong: counted beyond reserved is added to the stock."""
    counted = {entry.order: entry.quantity for entry in said.counted}
    kept = sum(units - counted.get(uid, 0) for uid, units in reserved.items())
    return said.quantity - kept - buffer


@pytest.mark.parametrize("mutant", [naive, counts_by_order_only, ignores_counted, gives_back])
def test_the_cases_catch(mutant: Formula) -> None:
    assert any(mutant(said, reserved, buffer) != shown for said, reserved, buffer, shown in CASES)


@given(
    st.integers(-50, 50),
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 5)),
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 5)),
)
def test_never_more_than_the_till_says_less_what_is_kept(
    quantity: int, reserved: dict[str, int], counted: dict[str, int]
) -> None:
    said = stock(quantity, **counted)
    free = free_quantity(said, reserved)
    assert free <= quantity
    assert site_quantity(said, reserved, buffer=3) <= max(free, 0) or free < 0


# --- floors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "settled", "released", "kept"),
    [
        (0, 0, 0, 3),
        (1, 0, 0, 2),
        (0, 2, 0, 1),
        (1, 2, 0, 1),  # a floor under counted, not a subtraction beside it
        (2, 1, 0, 1),
        (0, 0, 3, 0),
        (1, 2, 3, 0),
        (0, 5, 0, 0),
    ],
)
def test_settled_and_released_are_floors_under_counted(
    counted: int, settled: int, released: int, kept: int
) -> None:
    said = stock(9, a=counted) if counted else stock(9)
    floors = {"a": Floor(settled, released), "other": Floor(7, 7)}
    made = figure(said, {"a": 3}, shown=0, row=1, floors=floors)
    assert (made.target, dict(made.kept)) == (9 - kept, {"a": kept} if kept else {})
    assert made.shares == {"a": Share(3, counted, settled, released)}


# --- the merchant's rules --------------------------------------------------------------------

SILENT = Rules(buffer=1, silent_buffer=2, silent_low=1)


@pytest.mark.parametrize(
    ("free", "rules", "shown"),
    [
        (-2, Rules(), -2),
        (-2, Rules(oversale="zero"), 0),
        (-2, Rules(oversale="zero", backorder=True), -2),
        (-2, Rules(buffer=3), -2),
        (2, Rules(buffer=3, oversale="show"), 0),
        (9, Rules(buffer=3), 6),
        (9, SILENT, 7),
        (3, SILENT, 0),
        (4, SILENT, 2),
        (1, SILENT, 0),
        (0, SILENT, 0),
        (-1, SILENT, -1),
        (9, Rules(buffer=5, silent_buffer=2), 4),
        (3, Rules(silent_buffer=0, silent_low=3), 0),
        (4, Rules(silent_buffer=0, silent_low=3), 4),
        (3, Rules(silent_low=3), 3),  # it is not silent
    ],
)
def test_what_is_shown_of_what_is_free(free: int, rules: Rules, shown: int) -> None:
    assert target_of(free, rules) == shown


def test_an_oversale_is_one_only_with_an_order_in_the_sum() -> None:
    def oversold(said: Stock, *, backorder: bool = False, **reserved: int) -> int:
        rules = Rules(backorder=backorder)
        return figure(said, reserved, shown=0, row=1, rules=rules).oversold

    assert oversold(stock(1), a=3) == 2
    assert oversold(stock(1), a=3, backorder=True) == 0
    assert oversold(stock(-2)) == 0
    assert oversold(stock(-2, a=1), a=1) == 0
    assert oversold(stock(3), a=3) == 0


def test_the_buffer_that_counts_is_the_larger_one_and_only_while_silent() -> None:
    assert Rules(buffer=3, silent_buffer=2).kept_back == 3
    assert SILENT.kept_back == 2
    assert (Rules(buffer=3).is_silent, SILENT.is_silent) == (False, True)
