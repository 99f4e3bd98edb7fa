"""Which facts are a case: decided from values alone."""

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from protocol.records import CaseKind, CaseVerb, Order, Role
from shop_agent.case_answers import ACTS
from shop_agent.case_rules import (
    UNPAID,
    VERBS,
    KnownOrder,
    Sum,
    Terms,
    of_lines,
    of_order,
    of_restore,
    of_sum,
    of_totals,
)
from shop_agent.orders.released import Released, parse_released, render_released
from shop_agent.orders.roles import OVER, RESERVES
from tests.golden.facts import REVISION

TERMS = Terms(unpaid_before="2026-11-14 10:00:00", silent_before="2026-11-23 10:00:00")
ORDER = KnownOrder(
    "uid-a", "XKBKNABJK", 10, "awaiting_payment", "2026-11-14 09:59:59", "2026-11-14 10:05:00",
    kept={"v:1": 2},
)  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)


def abouts(order: KnownOrder) -> list[str]:
    return [one.about for one in of_order(order, TERMS)]


# --- figures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quantity", "kept", "backorder", "about"),
    [
        (3, {"a": 3}, False, None),
        (3, {"a": 2, "b": 2}, False, "oversale"),
        (3, {"a": 2, "b": 2}, True, None),
        (0, {}, False, None),
        (-1, {}, False, "negative_at_till"),
        (-1, {"a": 0}, False, "negative_at_till"),
        (-1, {"a": 1}, False, "oversale"),
        (-1, {}, True, None),  # made to order: the till sells what it has not got
    ],
)
def test_a_figure_below_zero_is_one_case(
    quantity: int, kept: dict[str, int], backorder: bool, about: str | None
) -> None:
    found = of_sum(Sum("v:1", "BOT 38", quantity, kept, is_backorder=backorder), {"a": "REF-A"})
    assert (found.about if found else None) == about


def test_an_oversale_names_the_orders_that_keep_something_and_how_much_is_missing() -> None:
    kept = {"a": 2, "b": 0, "c": 2}
    found = of_sum(Sum("v:1", "BOT 38", 3, kept), {"a": "REF-A", "b": "REF-B"})
    assert found is not None
    assert (found.key, found.orders, found.stock_keys) == ("oversale/v:1", ("a", "c"), ("v:1",))
    assert (found.problem.facts["units"], found.problem.facts["orders"]) == ("1", "REF-A, c")


def test_many_orders_with_long_names_still_fit_a_record() -> None:
    kept = {f"uid-{n:03}": 1 for n in range(200)}
    found = of_sum(Sum("v:1", "x" * 300, 0, kept), dict.fromkeys(kept, "R" * 255))
    assert found is not None
    assert len(found.problem.what.in_lang("fr", found.problem.facts)) < 1000


# --- orders ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(UNPAID))
def test_an_order_is_unpaid_when_it_waited_too_long_and_keeps_something(role: Role) -> None:
    order = replace(ORDER, role=role)
    assert abouts(order) == ["unpaid"]
    assert abouts(replace(order, placed_at="2026-11-14 10:00:00")) == []
    assert abouts(replace(order, kept={"v:1": 0})) == []  # released, or counted by the till
    assert abouts(replace(order, kept={})) == []


def test_what_an_unpaid_order_says_does_not_change_by_the_hour() -> None:
    later = Terms(unpaid_before="2026-11-20 10:00:00", silent_before="2026-11-29 10:00:00")
    [now], [then] = list(of_order(ORDER, TERMS)), list(of_order(ORDER, later))
    assert now == then
    assert now.mark() == then.mark()


@pytest.mark.parametrize("role", sorted(OVER))
def test_an_order_that_is_over_is_a_case_once_the_till_was_asked(role: Role) -> None:
    order = replace(ORDER, role=role, taken=True, changed_at="2026-11-24 09:00:00")
    assert abouts(order) == []  # the till has had no time
    assert abouts(replace(order, answered="waiting")) == ["refunded_uncounted"]
    assert abouts(replace(order, answered="refused")) == ["refunded_uncounted"]
    assert abouts(replace(order, answered="imported")) == []
    assert abouts(replace(order, answered="ignored")) == []
    assert abouts(replace(order, answered="waiting", taken=False)) == []
    assert abouts(replace(order, answered="waiting", kept={})) == []
    shipped = replace(order, taken=False, went_out=True)
    assert abouts(shipped) == []
    assert abouts(replace(shipped, changed_at="2026-11-23 09:59:59")) == ["refunded_uncounted"]
    assert abouts(replace(order, changed_at="2026-11-23 09:59:59")) == ["refunded_uncounted"]
    assert abouts(replace(order, changed_at="")) == []  # it is still to be read


def test_an_unknown_state_is_a_case_whatever_is_kept() -> None:
    [case] = of_order(replace(ORDER, role="unknown", state=77, kept={}), TERMS)
    assert (case.about, case.problem.facts["state"]) == ("unknown_state", "77")


def test_an_order_that_never_got_a_state_is_a_case_after_a_day() -> None:
    order = replace(ORDER, role="unset", state=0, changed_at="")
    assert abouts(replace(order, placed_at="2026-11-23 10:00:00")) == []
    [case] = of_order(replace(order, placed_at="2026-11-23 09:59:59"), TERMS)
    assert (case.about, case.problem.code) == ("unknown_state", "E-CAS-011")


@pytest.mark.parametrize("role", ["shipped", "delivered"])
def test_an_order_that_was_left_out_and_went_out_keeps_its_units_until_a_person_says(
    role: Role,
) -> None:
    order = replace(ORDER, role=role, answered="ignored", went_out=True)
    assert abouts(order) == ["left_out"]
    assert abouts(replace(order, kept={"v:1": 0})) == []
    assert abouts(replace(order, answered="imported")) == []
    assert abouts(replace(order, role="paid")) == []  # it is still to be served


@pytest.mark.parametrize(
    "role", [r for r in ROLES if r not in UNPAID | OVER | {"unknown", "unset"}]
)
def test_an_order_that_is_served_is_no_case(role: Role) -> None:
    order = replace(ORDER, role=role, taken=True, answered="waiting")
    assert abouts(order) == []


# --- documents -------------------------------------------------------------------------------


@pytest.fixture
def order() -> Order:
    [found] = REVISION
    assert isinstance(found, Order)
    return found


def test_an_order_that_adds_up_is_no_case_and_a_cent_is_one(order: Order) -> None:
    lines = sum((one.total_tax_included for one in order.lines), Decimal(0))
    totals = order.totals
    extras = totals.shipping_tax_included + totals.wrapping_tax_included
    right = lines + extras - totals.discounts_tax_included
    whole = order.model_copy(
        update={"totals": totals.model_copy(update={"paid_tax_included": right})}
    )
    assert of_totals(whole) is None
    short = totals.model_copy(update={"paid_tax_included": right - Decimal("0.01")})
    found = of_totals(order.model_copy(update={"totals": short}))
    assert found is not None
    assert found.problem.facts["gap"] == "0.01"


@pytest.mark.parametrize("role", ROLES)
def test_a_line_of_nothing_concerns_orders_that_keep_stock(order: Order, role: Role) -> None:
    line = order.lines[0].model_copy(
        update={"stock_key": None, "product_id": 12, "combination_id": 40, "reference": "OTHER-1"}
    )
    state = order.state.model_copy(update={"role": role})
    found = of_lines(order.model_copy(update={"lines": (line, line), "state": state}))
    assert (found is not None) == RESERVES[role]
    if found is not None:
        assert found.sellables == ((12, 40),)
        assert "OTHER-1" in found.problem.facts["lines"]


def test_lines_that_the_till_knows_are_no_case(order: Order) -> None:
    lines = tuple(one.model_copy(update={"stock_key": "a:1"}) for one in order.lines)
    assert of_lines(order.model_copy(update={"lines": lines})) is None


def test_a_restored_shop_is_one_case_with_all_its_orders() -> None:
    found = of_restore({"uid-a": "REF-A", "uid-b": "REF-B"})
    assert (found.key, found.orders) == ("shop_restored/uid-a", ("uid-a", "uid-b"))
    assert found.problem.facts["orders"] == "REF-A, REF-B"


# --- what a person may say -------------------------------------------------------------------


def test_every_kind_has_its_verbs_and_every_verb_an_act() -> None:
    assert set(VERBS) == set(get_args(CaseKind))
    assert {verb for verbs in VERBS.values() for verb in verbs} <= set(get_args(CaseVerb))
    assert {"release", "dismiss"} <= set(ACTS)


def test_another_name_is_the_same_case_and_another_figure_is_not() -> None:
    one = of_sum(Sum("v:1", "BOT 38", 1, {"a": 2}), {})
    renamed = of_sum(Sum("v:1", "BOTTE 38", 1, {"a": 2}), {})
    other = of_sum(Sum("v:1", "BOT 38", 1, {"a": 3}), {})
    assert one is not None
    assert renamed is not None
    assert other is not None
    assert one.mark() == renamed.mark() != other.mark()


# --- the released floor ----------------------------------------------------------------------

PAYING = {
    "paid", "payable_on_delivery", "preparing", "shipped", "delivered", "backorder_paid",
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_what_was_released_counts_until_the_order_is_better(role: Role) -> None:
    unpaid = Released("awaiting_payment", {"v:1": 2})
    assert unpaid.counts_in(role) == (role not in PAYING)
    over = Released("cancelled", {"v:1": 2})
    assert over.counts_in(role) == (role in OVER)


def test_what_was_released_is_kept_as_text() -> None:
    released = Released("backorder_unpaid", {"v:1": 2, "a:7": 1})
    assert parse_released(render_released(released)) == released
    assert parse_released(None) is None
