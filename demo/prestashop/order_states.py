"""An order's way through its states: stock, numbers, invoices, payments, history.

Entering "payment error" or "cancelled" gives stock back; leaving them for a state that counts as a
sale takes it again; everything else leaves stock alone. The same state again is a new history line.

    move(core, order=6, state=4)
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from decimal import Decimal

from demo.prestashop import packs, stock
from demo.prestashop.core import Core
from demo.prestashop.order_flags import flag, giving_back
from demo.prestashop.order_mails import mail_state
from demo.prestashop.record import Record, leading_int, to_decimal
from demo.prestashop.refusals import PhpDiedError
from demo.prestashop.storing import money
from demo.prestashop.tables import RESOURCES


def add_payment(core: Core, order: int, amount: Decimal, method: str) -> None:
    """Note a payment; what the order has really received rises."""
    sql = "SELECT reference, total_paid_real FROM orders WHERE id = ?"
    row = core.database.rows(sql, order)[0]
    total = money(to_decimal(row["total_paid_real"] or "0") + amount)
    core.database.run("UPDATE orders SET total_paid_real = ? WHERE id = ?", total, order)
    record = Record(core.version.table("order_payments"))
    record.values |= {
        "order_reference": row["reference"],
        "id_currency": core.setting("PS_CURRENCY_DEFAULT"),
        "amount": str(amount),
        "payment_method": method,
        "conversion_rate": "1",
        "date_add": core.now(),
    }
    core.database.insert(record)


def move(core: Core, order: int, state: int, mail: bool = False) -> int:
    """Bring an order into a state, though it be there already; return the history line's id.

    Raises:
        PhpDiedError: The order or the state does not exist.
    """
    if not core.database.ids("SELECT id FROM order_states WHERE id = ?", state):
        raise _not_moved(core)
    rows = core.database.rows("SELECT current_state FROM orders WHERE id = ?", order)
    if not rows:
        raise _not_moved(core)
    old = leading_int(rows[0]["current_state"] or "0")
    direction = _stock_direction(core, old, state)
    if direction:
        for product, combination, quantity in _quantities(core, order):
            packs.move(core, product, combination, direction * quantity)
    history = enter(core, order, state)
    recount(core, order)
    if mail:
        mail_state(core, order, state)
    return history


def _not_moved(core: Core) -> PhpDiedError:
    status, text = core.version.failed_move
    return PhpDiedError(text, status)


def _stock_direction(core: Core, old: int, new: int) -> int:
    """Return -1 when the change takes stock, 1 when it gives back, else 0."""
    gives_back = giving_back(core)
    if core.version.leaving_takes and old in gives_back and new not in gives_back:
        return -1
    was_sale, is_sale = flag(core, old, "logable"), flag(core, new, "logable")
    if is_sale and not was_sale:
        return -1 if old in gives_back else 0
    if not is_sale and new in gives_back:
        return 1 if was_sale or old not in gives_back else 0
    return 0


def _quantities(core: Core, order: int) -> list[tuple[int, int, int]]:
    sql = (
        "SELECT product_id, product_attribute_id, product_quantity FROM order_details"
        " WHERE id_order = ? ORDER BY id"
    )
    rows = core.database.rows(sql, order)
    return [
        (
            leading_int(row["product_id"] or "0"),
            leading_int(row["product_attribute_id"] or "0"),
            leading_int(row["product_quantity"] or "0"),
        )
        for row in rows
    ]


def enter(core: Core, order: int, state: int) -> int:
    """Write the state, its numbers and payments, and a history line; return the line's id."""
    now = core.now()
    database = core.database
    if flag(core, state, "invoice"):
        _make_invoice(core, order)
    if flag(core, state, "delivery") and (number := _number(core, order, "delivery")):
        sql = "UPDATE order_invoices SET delivery_number = ?, delivery_date = ? WHERE id_order = ?"
        database.run(sql, number, now, order)
    if flag(core, state, "paid"):
        _complete_payment(core, order)
    valid = int(flag(core, state, "logable"))
    sql = "UPDATE orders SET current_state = ?, valid = ?, date_upd = ? WHERE id = ?"
    database.run(sql, state, valid, now, order)
    history = Record(RESOURCES["order_histories"])
    history.values |= {"id_order": str(order), "id_order_state": str(state), "date_add": now}
    return database.insert(history)


def _number(core: Core, order: int, kind: str) -> int:
    """Give the order its invoice or delivery number unless it has one; 0 when it had."""
    if core.database.number(f"SELECT {kind}_number FROM orders WHERE id = ?", order):
        return 0
    number = core.database.number(f"SELECT MAX({kind}_number) FROM orders") + 1
    sql = f"UPDATE orders SET {kind}_number = ?, {kind}_date = ? WHERE id = ?"
    core.database.run(sql, number, core.now(), order)
    return number


def _make_invoice(core: Core, order: int) -> None:
    number = _number(core, order, "invoice")
    found = core.database.find(RESOURCES["orders"], order)
    if not number or found is None:
        return
    record = Record(RESOURCES["order_invoices"])
    record.values |= {
        "id_order": str(order),
        "number": str(number),
        "shop_address": core.setting("PS_SHOP_NAME"),
        "total_discount_tax_excl": found.values["total_discounts_tax_excl"],
        "total_discount_tax_incl": found.values["total_discounts_tax_incl"],
        "date_add": core.now(),
        **{
            name: found.values[name]
            for name in (
                "total_paid_tax_excl",
                "total_paid_tax_incl",
                "total_products",
                "total_products_wt",
                "total_shipping_tax_excl",
                "total_shipping_tax_incl",
                "total_wrapping_tax_excl",
                "total_wrapping_tax_incl",
            )
        },
    }
    invoice = core.database.insert(record)
    for table in ("order_details", "order_carriers", "order_cart_rules"):
        sql = f"UPDATE {table} SET id_order_invoice = ? WHERE id_order = ?"
        core.database.run(sql, invoice, order)


def _complete_payment(core: Core, order: int) -> None:
    found = core.database.find(RESOURCES["orders"], order)
    if found is None or not found.integer("current_state"):
        return
    missing = found.decimal("total_paid") - found.decimal("total_paid_real")
    sql = "SELECT COUNT(*) FROM order_invoices WHERE id_order = ?"
    overpaid_in_error = found.integer("current_state") == core.setting_number("PS_OS_ERROR")
    if overpaid_in_error and missing < 0 and core.database.number(sql, order):
        missing = found.decimal("total_paid")
    if missing > 0:
        method = core.version.modules.get(found.text("module"), found.text("payment"))
        add_payment(core, order, missing, method)


def recount(core: Core, order: int) -> None:
    """Work out again what is physically there, for the products of an order."""
    for product in {line[0] for line in _quantities(core, order)}:
        stock.recount(core, product)
