"""What people do to orders in a shop's back office, and what its database then says of them.

PrestaShop's webservice has no door for some of it (a voucher on a cart, an order that waits for its
payment, a line edited afterwards): these are done as the back office leaves them in the database.

    sale = sale_of(front, order)         # totals and lines as the shop's own database holds them
    wait_for_payment(front, order)
"""

# ruff: noqa: S608 - ids, states and names are the story's own

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tests.stories.shopfront import Shopfront

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class SoldLine:
    """One line as the shop holds it; amounts with tax, to the cent."""

    reference: str
    quantity: int
    unit: Decimal
    total: Decimal


@dataclass(frozen=True)
class Sale:
    """An order as the shop holds it; amounts with tax but for one, to the cent."""

    reference: str
    state: int
    paid: Decimal
    paid_without_tax: Decimal
    paid_really: Decimal
    shipping: Decimal
    discounts: Decimal
    lines: tuple[SoldLine, ...]


def sale_of(front: Shopfront, order: int) -> Sale:
    """Return what the shop's database says of an order."""
    [row] = _look(front, f"SELECT * FROM {{orders}} WHERE {{order_id}} = {order}")
    lines = _look(
        front,
        f"SELECT * FROM {{details}} WHERE id_order = {order} ORDER BY {{detail_id}}",
    )
    return Sale(
        reference=str(row["reference"]),
        state=_whole(row, "current_state"),
        paid=_money(row, "total_paid_tax_incl"),
        paid_without_tax=_money(row, "total_paid_tax_excl"),
        paid_really=_money(row, "total_paid_real"),
        shipping=_money(row, "total_shipping_tax_incl"),
        discounts=_money(row, "total_discounts_tax_incl"),
        lines=tuple(
            SoldLine(
                str(line["product_reference"] or ""),
                _whole(line, "product_quantity"),
                _money(line, "unit_price_tax_incl"),
                _money(line, "total_price_tax_incl"),
            )
            for line in lines
        ),
    )


def state_of(front: Shopfront, setting: str) -> int:
    """Return the state that one of the shop's settings names."""
    [row] = _look(front, f"SELECT value FROM {{configurations}} WHERE name = '{setting}' LIMIT 1")
    return _whole(row, "value")


def secrets_of(front: Shopfront, customer: int) -> list[str]:
    """Return a customer's password hash and secure key."""
    sql = f"SELECT passwd, secure_key FROM {{customers}} WHERE {{customer_id}} = {customer}"
    [row] = _look(front, sql)
    return [str(one) for one in row.values() if one]


def make_guest(front: Shopfront, customer: int) -> None:
    """Leave a customer as one who bought without an account: 1.6 lets nobody else make one."""
    _act(front, f"UPDATE {{customers}} SET is_guest = 1 WHERE {{customer_id}} = {customer}")


def attach(front: Shopfront, cart: int, voucher: int) -> None:
    """Put a voucher into a cart."""
    _act(front, f"INSERT INTO {{cart_vouchers}} (id_cart, id_cart_rule) VALUES ({cart}, {voucher})")


def wait_for_payment(front: Shopfront, order: int, placed: str) -> None:
    """Leave an order as one that was placed by bank wire at a time: unpaid, in that state alone."""
    state = state_of(front, "PS_OS_BANKWIRE")
    reference = sale_of(front, order).reference
    where = f"WHERE {{order_id}} = {order}"
    _act(front, f"DELETE FROM {{payments}} WHERE order_reference = '{reference}'")
    _act(front, f"UPDATE {{histories}} SET id_order_state = {state} WHERE id_order = {order}")
    _act(
        front,
        f"UPDATE {{orders}} SET current_state = {state}, valid = 0, total_paid_real = 0, "
        f"date_add = '{placed}' {where}",
    )


def call_it_free(front: Shopfront, order: int) -> None:
    """Name an order as PrestaShop's checkout names one of 0."""
    _act(
        front,
        "UPDATE {orders} SET module = 'free_order', payment = 'Commande gratuite' "
        f"WHERE {{order_id}} = {order}",
    )


def edit_first_line(front: Shopfront, order: int, quantity: int, stamp: str) -> None:
    """Change how many of an order's first line are sold, with all sums and the stock.

    Args:
        front: The shop.
        order: The order.
        quantity: New number of units.
        stamp: The shop's local time of the edit.
    """
    line = _look(
        front, f"SELECT * FROM {{details}} WHERE id_order = {order} ORDER BY {{detail_id}} LIMIT 1"
    )[0]
    more = quantity - _whole(line, "product_quantity")
    with_tax = more * Decimal(str(line["unit_price_tax_incl"]))
    without = more * Decimal(str(line["unit_price_tax_excl"]))
    _act(
        front,
        f"UPDATE {{details}} SET product_quantity = {quantity}, "
        f"total_price_tax_incl = total_price_tax_incl + {with_tax}, "
        f"total_price_tax_excl = total_price_tax_excl + {without} "
        f"WHERE {{detail_id}} = {_whole_id(front, line)}",
    )
    _act(
        front,
        f"UPDATE {{orders}} SET total_products_wt = total_products_wt + {with_tax}, "
        f"total_products = total_products + {without}, total_paid = total_paid + {with_tax}, "
        f"total_paid_tax_incl = total_paid_tax_incl + {with_tax}, "
        f"total_paid_tax_excl = total_paid_tax_excl + {without}, date_upd = '{stamp}' "
        f"WHERE {{order_id}} = {order}",
    )
    product, combination = _whole(line, "product_id"), _whole(line, "product_attribute_id")
    for one in {0, combination}:
        _act(
            front,
            f"UPDATE {{stocks}} SET quantity = quantity - {more} WHERE id_product = {product} "
            f"AND id_product_attribute = {one}",
        )


def refund_line(front: Shopfront, order: int, customer: int, units: int) -> int:
    """Give units of an order's first line back by a credit slip; return the slip's id."""
    line = _look(
        front, f"SELECT * FROM {{details}} WHERE id_order = {order} ORDER BY {{detail_id}} LIMIT 1"
    )[0]
    with_tax = (units * Decimal(str(line["unit_price_tax_incl"]))).quantize(_CENT)
    without = (units * Decimal(str(line["unit_price_tax_excl"]))).quantize(_CENT)
    body = (
        f"<order_slip><id_customer>{customer}</id_customer><id_order>{order}</id_order>"
        "<conversion_rate>1</conversion_rate>"
        f"<total_products_tax_excl>{without}</total_products_tax_excl>"
        f"<total_products_tax_incl>{with_tax}</total_products_tax_incl>"
        "<total_shipping_tax_excl>0</total_shipping_tax_excl>"
        "<total_shipping_tax_incl>0</total_shipping_tax_incl>"
        f"<amount>{with_tax}</amount><shipping_cost>0</shipping_cost>"
        "<shipping_cost_amount>0</shipping_cost_amount><partial>1</partial>"
        "<associations><order_slip_details><order_slip_detail>"
        f"<id_order_detail>{_whole_id(front, line)}</id_order_detail>"
        f"<product_quantity>{units}</product_quantity>"
        f"<amount_tax_excl>{without}</amount_tax_excl><amount_tax_incl>{with_tax}</amount_tax_incl>"
        "</order_slip_detail></order_slip_details></associations></order_slip>"
    )
    root = front.ask("POST", "order_slip", f"<prestashop>{body}</prestashop>")
    return int(root.findtext("*/id") or 0)


def _whole_id(front: Shopfront, line: Mapping[str, object]) -> int:
    return _whole(line, front.names()["detail_id"])


def _look(front: Shopfront, sql: str) -> list[Mapping[str, object]]:
    return front.look(sql.format(**front.names()))


def _act(front: Shopfront, sql: str) -> None:
    front.act(sql.format(**front.names()))


def _whole(row: Mapping[str, object], name: str) -> int:
    return int(str(row[name] or 0))


def _money(row: Mapping[str, object], name: str) -> Decimal:
    return Decimal(str(row[name])).quantize(_CENT)
