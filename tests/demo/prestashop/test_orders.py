"""Orders from carts, their states and what each does to stock, parcels, payments, slips."""

from decimal import Decimal

import pytest

from demo.prestashop import Shop
from tests.demo.prestashop.asking import Answered, Asker, combination_xml, product_xml
from tests.demo.prestashop.conftest import TestClock

CART = (
    "<cart><id_currency>1</id_currency><id_lang>1</id_lang><id_customer>{owner}</id_customer>"
    "<id_address_delivery>1</id_address_delivery><id_address_invoice>1</id_address_invoice>"
    "<associations><cart_rows><cart_row><id_product>1</id_product>"
    "<id_product_attribute>0</id_product_attribute><quantity>{quantity}</quantity></cart_row>"
    "</cart_rows></associations></cart>"
)


@pytest.fixture
def stocked(shop: Shop, ask: Asker) -> Asker:
    """Product 1 at 12.00 with tax, 300 of them; customer 1 with address 1."""
    ask.new_id("products", product_xml(price="10"))
    shop.set_stock(1, 0, 300)
    shop.add_address(shop.register_customer("zoe@example.com"))
    return ask


def key_of(ask: Asker, owner: int = 1) -> str:
    """Return a customer's secret key."""
    return ask.get(f"customers/{owner}").value("*/secure_key")


def buy(ask: Asker, total: str, quantity: int = 2, cart: int = 0, **changes: str) -> Answered:
    """Make a cart and an order from it."""
    number = cart or ask.new_id("carts", CART.format(owner=1, quantity=quantity))
    values = {"module": "ps_wirepayment", "secure_key": key_of(ask), **changes}
    more = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return ask(
        "POST",
        "orders",
        f"<order><id_address_delivery>1</id_address_delivery><id_cart>{number}</id_cart>"
        "<id_address_invoice>1</id_address_invoice><id_currency>1</id_currency><id_lang>1</id_lang>"
        "<id_customer>1</id_customer><id_carrier>2</id_carrier><payment>Bank wire</payment>"
        f"<total_paid>{total}</total_paid><total_paid_real>{total}</total_paid_real>"
        "<total_products>0</total_products><total_products_wt>0</total_products_wt>"
        f"<conversion_rate>1</conversion_rate>{more}</order>",
    )


def state(ask: Asker, order: int = 1) -> str:
    """Return an order's state."""
    return ask.get(f"orders/{order}").value("*/current_state")


def move(ask: Asker, to: int, order: int = 1, query: str = "") -> Answered:
    """Add a history line."""
    body = f"<x><id_order>{order}</id_order><id_order_state>{to}</id_order_state></x>"
    return ask("POST", f"order_histories{query}", body)


def figures(shop: Shop, product: int = 1, combination: int = 0) -> tuple[int, int, int]:
    """Return quantity, physical and reserved of a stock row."""
    sql = (
        "SELECT quantity, physical_quantity, reserved_quantity FROM stock_availables"
        " WHERE id_product = ? AND id_product_attribute = ?"
    )
    row = shop.query(sql, product, combination)[0]
    numbers = [int(value or 0) for value in row.values()]
    return numbers[0], numbers[1], numbers[2]


def mails(shop: Shop) -> list[str | None]:
    """Return the templates of the mails sent since the last call."""
    found = [row["template"] for row in shop.query("SELECT template FROM mails ORDER BY id")]
    shop.execute("DELETE FROM mails")
    return found


def test_the_right_total_makes_a_paid_order(shop: Shop, stocked: Asker) -> None:
    answer = buy(stocked, "24.00", current_state="2")
    assert answer.status == 201
    assert (answer.value("*/reference"), answer.value("*/current_state")) == ("", "")
    assert answer.values("*/associations/order_rows/order_row/product_quantity") == ["2"]
    read = stocked.get("orders/1")
    assert read.value("*/current_state") == "11"
    assert read.value("*/total_paid") == "24.000000"
    assert read.value("*/total_products") == "20.000000"
    assert read.value("*/total_paid_real") == "24.000000"
    assert read.value("*/invoice_number") == "1"
    assert read.value("*/valid") == "1"
    assert read.value("*/id_carrier") == "1"
    assert len(read.value("*/reference")) == 9
    assert figures(shop) == (298, 300, 2)
    assert mails(shop) == ["order_conf", "payment"]


def test_another_total_makes_a_payment_error_and_takes_no_stock(shop: Shop, stocked: Asker) -> None:
    assert buy(stocked, "999").status == 201
    assert state(stocked) == "8"
    assert figures(shop) == (300, 300, 0)
    assert stocked.get("order_payments/1").value("*/amount") == "999.000000"


def test_nothing_checks_stock(shop: Shop, stocked: Asker) -> None:
    assert buy(stocked, "6000", quantity=500).status == 201
    assert state(stocked) == "11"
    assert figures(shop)[0] == -200


def test_the_cart_of_another_key_kills_php_and_the_orders_key_does_not_matter(
    shop: Shop, stocked: Asker
) -> None:
    cart = stocked.new_id("carts", CART.format(owner=1, quantity=2))
    stocked("PATCH", "carts", f"<x><id>{cart}</id><secure_key>0123</secure_key></x>")
    wrong = buy(stocked, "24", cart=cart)
    assert (wrong.status, wrong.content_type) == (500, "text/html; charset=utf-8")
    assert wrong.body == b"Error processing order. Secure key does not match."
    assert figures(shop)[0] == 300
    stocked("PATCH", "carts", f"<x><id>{cart}</id><secure_key></secure_key></x>")
    assert stocked.get(f"carts/{cart}").value("*/secure_key") == key_of(stocked)
    assert buy(stocked, "24", cart=cart, secure_key="0" * 32).status == 201
    assert stocked.get("orders/1").value("*/secure_key") == key_of(stocked)


def test_a_used_cart_an_unknown_module_and_a_customer_without_key_kill_php(
    shop: Shop, stocked: Asker
) -> None:
    unknown = buy(stocked, "24", module="nomodule")
    assert (unknown.status, unknown.body) == (500, b"")
    assert figures(shop)[0] == 300
    assert buy(stocked, "24", cart=1).status == 201
    again = buy(stocked, "24", cart=1)
    assert again.status == 500
    assert again.body.startswith(b"Cart cannot be loaded or an order has already been placed")
    assert figures(shop)[0] == 298
    shop.execute("UPDATE customers SET secure_key = ''")
    emptied = buy(stocked, "24")
    assert (emptied.status, emptied.body) == (500, b"")


# States one after the other, with quantity, physical and reserved after each; 300 before.
WAYS = [
    ([(11, (298, 300, 2)), (3, (298, 300, 2)), (4, (298, 298, 0)), (5, (298, 298, 0))]),
    ([(11, (298, 300, 2)), (5, (298, 298, 0)), (7, (298, 300, 2))]),
    ([(11, (298, 300, 2)), (6, (300, 300, 0)), (2, (298, 300, 2))]),
    ([(11, (298, 300, 2)), (8, (300, 300, 0)), (2, (298, 300, 2))]),
    ([(8, (300, 300, 0)), (2, (298, 300, 2)), (3, (298, 300, 2)), (3, (298, 300, 2))]),
    ([(10, (298, 300, 2)), (6, (300, 300, 0)), (6, (300, 300, 0))]),
    ([(1, (298, 300, 2)), (2, (298, 300, 2)), (6, (300, 300, 0)), (8, (300, 300, 0))]),
]


@pytest.mark.parametrize("way", WAYS)
def test_stock_across_states(
    shop: Shop, stocked: Asker, way: list[tuple[int, tuple[int, int, int]]]
) -> None:
    first, expected = way[0]
    paid = Decimal(1) if first == 8 else None
    order = shop.place_order("zoe@example.com", [(1, 0, 2)], state=first, paid=paid)
    assert figures(shop) == expected
    for to, expected in way[1:]:
        assert move(stocked, to, order).status == 201
        assert figures(shop) == expected
        assert state(stocked, order) == str(to)


def test_an_order_moves_combination_and_product_together(shop: Shop, stocked: Asker) -> None:
    stocked.new_id("products", product_xml("TWO", price="20"))
    for quantity in (5, 7):
        made = stocked.new_id("combinations", combination_xml(2, f"C{quantity}"))
        shop.set_stock(2, made, quantity)
    order = shop.place_order("zoe@example.com", [(2, 2, 3)])
    assert (shop.stock_of(2, 2), shop.stock_of(2)) == (4, 9)
    shop.set_state(order, 6)
    assert (shop.stock_of(2, 2), shop.stock_of(2)) == (7, 12)
    row = stocked.get(f"orders/{order}").tree.find("order/associations/order_rows/order_row")
    assert row is not None
    assert row.findtext("product_reference") == "C7"
    assert row.findtext("product_attribute_id") == "2"


def test_the_same_state_again_makes_a_second_line_and_mail(shop: Shop, stocked: Asker) -> None:
    shop.place_order("zoe@example.com", [(1, 0, 1)])
    mails(shop)
    for _ in range(2):
        assert move(stocked, 3, query="?sendemail=1").status == 201
    assert mails(shop) == ["preparation", "preparation"]
    lines = stocked.get("order_histories?filter[id_order]=1&display=[id_order_state]")
    assert lines.values("*/*/id_order_state") == ["11", "3", "3"]


def test_mails_only_where_asked_and_where_the_state_has_one(shop: Shop, stocked: Asker) -> None:
    shop.place_order("zoe@example.com", [(1, 0, 1)])
    mails(shop)
    move(stocked, 3)
    move(stocked, 5, query="?sendemail=1")
    assert mails(shop) == []


def test_patching_the_state_moves_and_mails_unasked(shop: Shop, stocked: Asker) -> None:
    shop.place_order("zoe@example.com", [(1, 0, 1)], state=10)
    mails(shop)
    body = "<order><id>1</id><current_state>2</current_state></order>"
    answer = stocked("PATCH", "orders/1", body)
    assert (answer.status, answer.value("*/invoice_number")) == (200, "1")
    assert mails(shop) == ["payment"]
    stocked("PATCH", "orders/1", body)
    assert len(stocked.get("order_histories").tree[0]) == 2


def test_unknown_state_or_order_kills_php(shop: Shop, stocked: Asker) -> None:
    shop.place_order("zoe@example.com", [(1, 0, 1)])
    for to, order in ((999, 1), (2, 999)):
        answer = move(stocked, to, order)
        assert (answer.status, answer.body) == (500, b"")
    assert state(stocked) == "11"


def test_numbers_are_given_on_entering_a_state(shop: Shop, stocked: Asker) -> None:
    for _ in range(2):
        shop.place_order("zoe@example.com", [(1, 0, 1)], state=10)
    move(stocked, 2, order=2)
    move(stocked, 3, order=2)
    move(stocked, 2, order=1)
    orders = stocked.get("orders?display=[invoice_number,delivery_number]")
    assert orders.values("*/*/invoice_number") == ["2", "1"]
    assert orders.values("*/*/delivery_number") == ["0", "1"]
    invoices = stocked.get("order_invoices?display=full")
    assert invoices.values("*/*/id_order") == ["2", "1"]


def test_an_incomplete_payment_is_completed_on_entering_a_paid_state(
    shop: Shop, stocked: Asker
) -> None:
    shop.place_order("zoe@example.com", [(1, 0, 2)], state=10)
    assert stocked.get("orders/1").value("*/total_paid_real") == "0.000000"
    move(stocked, 2)
    assert stocked.get("orders/1").value("*/total_paid_real") == "24.000000"
    payments = stocked.get("order_payments?display=full")
    assert payments.values("*/*/amount") == ["24.000000"]
    reference = stocked.get("orders/1").value("*/reference")
    assert payments.values("*/*/order_reference") == [reference]


def test_too_much_paid_in_error_counts_once_more(stocked: Asker) -> None:
    buy(stocked, "999")
    move(stocked, 2)
    assert stocked.get("orders/1").value("*/total_paid_real") == "1023.000000"


def test_tracking_leaves_the_orders_date_and_mails_where_there_is_an_address(
    shop: Shop, stocked: Asker, clock: TestClock
) -> None:
    shop.place_order("zoe@example.com", [(1, 0, 1)])
    made = stocked.get("orders/1").value("*/date_upd")
    mails(shop)
    clock.forward(30)
    body = "<x><id>1</id><tracking_number>TRACK456</tracking_number></x>"
    assert stocked("PATCH", "order_carriers/1?sendemail=1", body).status == 200
    assert mails(shop) == []
    shop.execute("UPDATE carriers SET url = 'http://x.example/@' WHERE id = 1")
    stocked("PATCH", "order_carriers/1", body)
    assert mails(shop) == []
    stocked("PATCH", "order_carriers/1?sendemail=1", body)
    assert mails(shop) == ["in_transit"]
    read = stocked.get("orders/1")
    assert (read.value("*/date_upd"), read.value("*/shipping_number")) == (made, "TRACK456")


def test_a_note_changes_the_orders_date(shop: Shop, stocked: Asker, clock: TestClock) -> None:
    shop.place_order("zoe@example.com", [(1, 0, 1)])
    clock.forward(30)
    stocked("PATCH", "orders", "<x><id>1</id><note>Ticket 12</note></x>")
    read = stocked.get("orders/1")
    assert (read.value("*/note"), read.value("*/date_upd")) == ("Ticket 12", "2026-11-24 03:30:30")


def test_polling_by_id_and_by_date(shop: Shop, stocked: Asker, clock: TestClock) -> None:
    for _ in range(3):
        shop.place_order("zoe@example.com", [(1, 0, 1)])
        clock.forward(60)
    newer = stocked.get("orders?filter[id]=>[1]&sort=[id_ASC]&limit=0,100&display=[id]")
    assert newer.values("*/*/id") == ["2", "3"]
    shop.set_state(1, 3)
    since = "filter[date_upd]=>[2026-11-24 03:31:00]&date=1&sort=[date_upd_ASC,id_ASC]"
    assert stocked.get(f"orders?{since}&display=[id]").values("*/*/id") == ["3", "1"]


def test_details_hold_prices_reductions_and_taxes(ask_demo: Asker, demo_shop: Shop) -> None:
    order = demo_shop.place_order("pub@prestashop.com", [(2, 10, 2)])
    details = ask_demo.get(f"order_details?filter[id_order]={order}&display=full")
    read = {
        name: details.value(f"*/*/{name}")
        for name in (
            "product_price", "reduction_percent", "unit_price_tax_incl", "total_price_tax_incl",
            "original_product_price", "product_quantity",
        )
    }  # fmt: skip
    assert read == {
        "product_price": "28.720000",
        "reduction_percent": "20.00",
        "unit_price_tax_incl": "34.464000",
        "total_price_tax_incl": "68.930000",
        "original_product_price": "35.900000",
        "product_quantity": "2",
    }
    assert details.values("*/*/associations/taxes/tax/id") == ["1"]
    assert ask_demo.get(f"orders/{order}").value("*/total_paid") == "68.930000"


def test_a_voucher_lowers_what_is_to_pay(shop: Shop, stocked: Asker) -> None:
    rule = (
        '<x><name><language id="1">Five</language><language id="2">Cinq</language></name>'
        "<date_from>2026-01-01 00:00:00</date_from><date_to>2027-01-01 00:00:00</date_to>"
        "<reduction_amount>5</reduction_amount><reduction_tax>1</reduction_tax><active>1</active></x>"
    )
    voucher = stocked.new_id("cart_rules", rule)
    cart = stocked.new_id("carts", CART.format(owner=1, quantity=2))
    shop.execute("INSERT INTO cart_vouchers VALUES (?, ?)", cart, voucher)
    assert buy(stocked, "19.00", cart=cart).status == 201
    read = stocked.get("orders/1")
    assert (read.value("*/current_state"), read.value("*/total_discounts")) == ("11", "5.000000")
    assert read.value("*/total_discounts_tax_excl") == "4.170000"
    rules = stocked.get("order_cart_rules?filter[id_order]=1&display=full")
    assert rules.values("*/*/value") == ["5.000000"]
    assert rules.values("*/*/value_tax_excl") == ["4.166667"]


def test_a_slip_and_a_deletion_leave_stock_alone(shop: Shop, stocked: Asker) -> None:
    shop.place_order("zoe@example.com", [(1, 0, 2)])
    slip = (
        "<x><id_customer>1</id_customer><id_order>1</id_order><conversion_rate>1</conversion_rate>"
        "<total_products_tax_excl>10</total_products_tax_excl>"
        "<total_products_tax_incl>12</total_products_tax_incl>"
        "<total_shipping_tax_excl>0</total_shipping_tax_excl>"
        "<total_shipping_tax_incl>0</total_shipping_tax_incl><associations><order_slip_details>"
        "<order_slip_detail><id_order_detail>1</id_order_detail>"
        "<product_quantity>1</product_quantity><amount_tax_excl>10</amount_tax_excl>"
        "<amount_tax_incl>12</amount_tax_incl></order_slip_detail></order_slip_details>"
        "</associations></x>"
    )
    answer = stocked("POST", "order_slip", slip)
    assert answer.status == 201
    assert answer.values("*/associations/*/*/amount_tax_incl") == ["12.000000"]
    assert stocked("DELETE", "orders/1").status == 200
    assert shop.stock_of(1) == 298
    assert len(stocked.get("order_details").tree[0]) == 1
