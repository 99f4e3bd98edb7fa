"""What the vouchers of a cart take off, and how an order keeps them.

They are taken one after another: a percentage is of what the ones before have left. What is said
in one basis is brought to the other by what the goods cost in both, whatever their rates.

    for taken in taken_off(core, cart=7, goods=Decimal("52.03"), with_tax=Decimal("59.70")):
        taken.value, taken.value_without_tax              # Decimal("5"), Decimal("4.35762…")
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from demo.prestashop.core import Core
from demo.prestashop.prices import HUNDRED, cents
from demo.prestashop.record import Record, leading_int, to_decimal
from demo.prestashop.storing import money

_OF_CART = (
    "SELECT cart_rules.id, reduction_amount, reduction_percent, reduction_tax, free_shipping"
    " FROM cart_rules JOIN cart_vouchers ON cart_vouchers.id_cart_rule = cart_rules.id"
    " WHERE id_cart = ? AND active = 1 ORDER BY CAST(priority AS INTEGER), cart_rules.id"
)


@dataclass(frozen=True)
class _Voucher:
    """A voucher as it was made: a percentage, or an amount with or without tax."""

    id: int
    amount: Decimal
    percent: Decimal
    with_tax: bool
    free_shipping: bool


@dataclass(frozen=True)
class Taken:
    """What one voucher takes off the goods, in both bases, not rounded.

    Args:
        voucher: The cart rule.
        value: With tax.
        value_without_tax: Without.
        free_shipping: Whether it takes the carriage off too.
    """

    voucher: int
    value: Decimal
    value_without_tax: Decimal
    free_shipping: bool


def taken_off(core: Core, cart: int, goods: Decimal, with_tax: Decimal) -> Iterator[Taken]:
    """Yield what each voucher of a cart takes off, in the order in which they are taken.

    Args:
        core: The shop's shared parts.
        cart: The cart.
        goods: What its products cost without tax.
        with_tax: The same with tax.
    """
    if core.version.lone_vouchers:
        yield from _alone(core, cart, goods, with_tax)
        return
    left, left_without_tax = with_tax, goods
    for one in _vouchers(core, cart):
        if one.percent:
            share = one.percent / HUNDRED
            value, value_without_tax = left * share, left_without_tax * share
        elif one.with_tax:
            value = min(one.amount, left)
            value_without_tax = value * goods / with_tax if with_tax else value
        else:
            value_without_tax = min(one.amount, left_without_tax)
            value = value_without_tax * with_tax / goods if goods else value_without_tax
        left, left_without_tax = left - value, left_without_tax - value_without_tax
        yield Taken(one.id, value, value_without_tax, one.free_shipping)


def _vouchers(core: Core, cart: int) -> list[_Voucher]:
    return [
        _Voucher(
            id=leading_int(row["id"] or "0"),
            amount=to_decimal(row["reduction_amount"] or "0"),
            percent=to_decimal(row["reduction_percent"] or "0"),
            with_tax=row["reduction_tax"] == "1",
            free_shipping=row["free_shipping"] == "1",
        )
        for row in core.database.rows(_OF_CART, cart)
    ]


def _alone(core: Core, cart: int, goods: Decimal, with_tax: Decimal) -> Iterator[Taken]:
    """Yield what each voucher takes off as if there were no other, though it be too much."""
    rate = cents(with_tax / goods, 3) if goods else Decimal(1)
    for one in _vouchers(core, cart):
        if one.percent:
            value, value_without_tax = (sum_ * one.percent / HUNDRED for sum_ in (with_tax, goods))
        elif one.with_tax:
            value, value_without_tax = one.amount, one.amount / rate
        else:
            value, value_without_tax = one.amount * rate, one.amount
        yield Taken(one.id, value, value_without_tax, one.free_shipping)


def keep(core: Core, order: int, taken: Taken, lang: int) -> None:
    """Note on an order what a voucher took off; one that took nothing leaves no trace."""
    if not taken.value and not (taken.free_shipping and _pays_carriage(core, order)):
        return
    sql = "SELECT name FROM cart_rules_lang WHERE id = ? AND id_lang = ?"
    record = Record(core.version.table("order_cart_rules"))
    record.values |= {
        "id_order": str(order),
        "id_cart_rule": str(taken.voucher),
        "name": core.database.find_text(sql, taken.voucher, lang) or "",
        "free_shipping": str(int(taken.free_shipping)),
        "value": money(taken.value),
        "value_tax_excl": money(taken.value_without_tax),
    }
    core.database.insert(record)


def _pays_carriage(core: Core, order: int) -> bool:
    """Whether the carrier of the order's cart takes money."""
    sql = (
        "SELECT COUNT(*) FROM orders JOIN carts ON carts.id = orders.id_cart"
        " JOIN carriers ON carriers.id = carts.id_carrier WHERE orders.id = ? AND is_free = 0"
    )
    return core.database.number(sql, order) > 0
