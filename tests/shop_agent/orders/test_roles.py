"""What a state means, by the shop's own settings and flags, and what it keeps of the stock."""

import dataclasses
from typing import get_args

import pytest

from protocol.records import Role
from shop_agent.orders.roles import RESERVES, SETTING_ROLES, Bought, role_of, units_of
from shop_agent.profile import STATE_SETTINGS
from tests.shop_agent.orders.cases import profile, state


@pytest.mark.parametrize(
    ("number", "role"),
    [
        (0, "unset"),
        (31, "awaiting_payment"),
        (32, "paid"),
        (33, "preparing"),
        (34, "shipped"),
        (35, "delivered"),
        (36, "cancelled"),
        (37, "refunded"),
        (38, "payment_error"),
        (39, "backorder_paid"),
        (40, "backorder_unpaid"),
        (41, "payable_on_delivery"),
        (42, "awaiting_payment"),
        (50, "preparing"),
        (51, "awaiting_payment"),
        (52, "payable_on_delivery"),
        (53, "paid"),
        (54, "shipped"),
        (2, "unknown"),
        (6, "unknown"),
    ],
)
def test_a_state_is_known_by_settings_and_flags(number: int, role: Role) -> None:
    assert role_of(number, profile()) == role


def test_the_merchant_may_declare_any_known_state_dead() -> None:
    assert role_of(51, profile(), dead={51}) == "dead"
    assert role_of(32, profile(), dead={32}) == "dead"
    assert role_of(0, profile(), dead={0}) == "unset"


@pytest.mark.parametrize(("flags", "role"), [("p", "backorder_paid"), ("", "backorder_unpaid")])
def test_the_single_backorder_state_of_older_shops_goes_by_its_flag(flags: str, role: Role) -> None:
    old = dataclasses.replace(
        profile(PS_OS_OUTOFSTOCK_PAID="", PS_OS_OUTOFSTOCK_UNPAID="", PS_OS_OUTOFSTOCK="60"),
        states={60: state(60, "En réassort", flags)},
    )
    assert role_of(60, old) == role


def test_a_setting_that_keeps_stock_wins_over_one_that_releases_it() -> None:
    assert role_of(38, profile(PS_OS_PAYMENT="38")) == "paid"
    assert role_of(36, profile(PS_OS_BANKWIRE="36")) == "awaiting_payment"


def test_every_setting_that_gives_a_role_is_read_from_the_shop() -> None:
    assert {name for name, _ in SETTING_ROLES} < set(STATE_SETTINGS)


def test_all_roles_have_their_row_and_only_the_four_dead_ends_release() -> None:
    assert set(RESERVES) == set(get_args(Role))
    released = {role for role, keeps in RESERVES.items() if not keeps}
    assert released == {"payment_error", "cancelled", "refunded", "dead"}


def test_units_add_up_by_product_and_combination() -> None:
    lines = [Bought(12, 40, 2), Bought(12, 41, 1), Bought(12, 40, 3), Bought(7, 0, 0)]
    assert units_of(lines, "paid") == {(12, 40): 5, (12, 41): 1}
    assert units_of(lines, "unset") == units_of(lines, "unknown") == {(12, 40): 5, (12, 41): 1}
    assert units_of(lines, "cancelled") == {}
