"""Steps: all kinds of orders as the agent reads them: vouchers, wrapping, payments, slips, edits.

What a customer or the back office does without the webservice (a voucher put into a cart, a line
edited) is a deed. Fields are those that the agent asks for, as this version has them (`asking`).
Every version can make what is sold here: 1.6 wants a `link_rewrite`, and knows no PATCH.
"""

from tests.contracts.shop.bodies import Rows, Value, both, ids, one
from tests.contracts.shop.model import Deed, Step
from tests.contracts.shop.orders import cart_body, cart_rows, order_body
from tests.contracts.shop.products import product
from tests.stories.office import attach, edit_first_line, wait_for_payment
from tests.stories.shopfront import Shopfront

_WIRE_AWAITED, _PAID, _SHIPPED = "10", "2", "4"
_LATER, _LATER_STILL = "2039-05-01 10:00:00", "2039-05-02 10:00:00"


def _asked(order: str) -> tuple[str, ...]:
    """Return what the agent asks of one order, and all of what else hangs on it."""
    of_order = f"filter[id_order]=[{{{order}}}]"
    return (
        f"orders?display=[{{order_fields}}]&filter[id]=[{{{order}}}]",
        f"order_details?display=[{{detail_fields}}]&{of_order}",
        f"{{vouchers}}?display=[{{voucher_fields}}]&{of_order}",
        f"order_histories?display=[{{history_fields}}]&{of_order}",
        f"order_slip?display=[{{slip_fields}}]&{of_order}",
        f"order_payments?display=[{{payment_fields}}]&filter[order_reference]=[{{{order}_ref}}]",
    )


def _whole(order: str) -> tuple[str, ...]:
    of_order = f"?display=full&filter[id_order]=[{{{order}}}]"
    return (
        f"orders/{{{order}}}",
        f"order_details{of_order}",
        f"{{vouchers}}{of_order}",
        f"order_invoices{of_order}",
    )


_STOCK = "stock_availables?filter[id_product]=[{shirt}|{book}]&display=[id_product,quantity]"


def _cart(order: str, *lines: tuple[str, str], **more: str) -> Step:
    rows = cart_rows(*((f"{{{sold}}}", "0", quantity) for sold, quantity in lines))
    return Step(f"sale: cart of {order}", "POST", "carts", 201, makes=(f"{order}_cart",),
                body=cart_body(rows, dict(more)))  # fmt: skip


def _placed(order: str, total: str, *, pause: bool = False) -> tuple[Step, ...]:
    """Return the steps that make an order of its cart, and read all of it."""
    changes: dict[str, Value] = {"module": "{wire}", "total_products": total}
    body = order_body(f"{{{order}_cart}}", total, changes)
    return (
        Step(f"sale: {order}", "POST", "orders", 201, makes=(order,), body=body,
             pause=pause, again=_whole(order)),
        Step(f"sale: {order} as the agent reads it", "GET",
             f"orders/{{{order}}}?display=[id,reference]", 200,
             keeps=((f"{order}_ref", "reference"),), again=_asked(order)),
    )  # fmt: skip


def _voucher(handle: str, code: str, changes: dict[str, Value]) -> Step:
    values: dict[str, Value] = {
        "name": both(f"Off {code}", f"Remise {code}"), "code": code, "quantity": "9",
        "date_from": "2020-01-01 00:00:00", "date_to": "2099-01-01 00:00:00",
        "quantity_per_user": "9", "active": "1", "partial_use": "0", "reduction_tax": "1",
        "reduction_currency": "1", **changes,
    }  # fmt: skip
    return Step(f"voucher: {code}", "POST", "cart_rules", 201, makes=(handle,),
                body=one("cart_rule", values), again=(f"cart_rules/{{{handle}}}",))  # fmt: skip


def _attached(order: str, voucher: str) -> Step:
    return Step(f"voucher: {voucher} in the cart of {order}", "GET", f"carts/{{{order}_cart}}", 200,
                deed=Deed(attach, (f"{{{order}_cart}}", f"{{{voucher}}}")))  # fmt: skip


def _sold(reference: str, price: str, tax: str) -> str:
    return product(
        reference,
        {"price": price, "id_tax_rules_group": tax, "id_category_default": "{web}",
         "weight": "0.25", "ean13": "", "link_rewrite": both(reference.lower())},
        {"categories": ids("category", "{web}")},
    )  # fmt: skip


def _stocked(sold: str, handle: str, quantity: str) -> tuple[Step, Step]:
    return (
        Step(f"sale: stock row of the {sold}", "GET",
             f"stock_availables?filter[id_product]=[{{{sold}}}]&display=[id]", 200,
             makes=(handle,)),
        Step(f"sale: stock of the {sold}", "PUT", "stock_availables", 200,
             echoes=f"stock_availables/{{{handle}}}", sets=(("quantity", quantity),),
             again=(_STOCK,)),
    )  # fmt: skip


MADE = (
    Step("sale: no discount on every product is left", "DELETE", "specific_prices/{vshop}", 404,
         codes=(87,)),
    Step("sale: a category", "POST", "categories", 201, makes=("web",),
         body=one("category", {"id_parent": "2", "active": "1", "name": both("Web"),
                               "link_rewrite": both("web")})),
    Step("sale: a shirt at 20 %", "POST", "products", 201, makes=("shirt",),
         body=_sold("WEB-SHIRT", "16.583333", "1")),
    Step("sale: a book at 5.5 %", "POST", "products", 201, makes=("book",),
         body=_sold("WEB-BOOK", "18.862559", "3")),
    *_stocked("shirt", "shirt_row", "100"),
    *_stocked("book", "book_row", "100"),
)  # fmt: skip

VOUCHERS = (
    _voucher("five", "FIVE", {"reduction_amount": "5"}),
    _voucher("tenth", "TENTH", {"reduction_percent": "10"}),
    _voucher("net", "NET", {"reduction_amount": "5", "reduction_tax": "0"}),
    _voucher("all", "ALL", {"reduction_amount": "9999"}),
    _voucher("free", "FREE", {"reduction_amount": "0", "free_shipping": "1"}),
    _voucher("both_ways", "BOTH", {"reduction_amount": "3", "free_shipping": "1"}),
    *(
        step
        for order, total, lines, vouchers in (
            ("w1", "54.70", (("shirt", "2"), ("book", "1")), ("five",)),
            ("w2", "53.73", (("shirt", "2"), ("book", "1")), ("tenth",)),
            ("w3", "49.23", (("shirt", "2"), ("book", "1")), ("five", "tenth")),
            ("w4", "13.90", (("shirt", "1"),), ("net",)),
            ("w5", "0", (("shirt", "1"), ("book", "1")), ("all",)),
            ("w6", "19.90", (("shirt", "1"),), ("free",)),
            ("w7", "16.90", (("book", "1"),), ("both_ways",)),
            ("w8", "14.90", (("shirt", "1"),), ("five", "free")),
        )
        for step in (
            _cart(order, *lines),
            *(_attached(order, voucher) for voucher in vouchers),
            *_placed(order, total),
        )
    ),
    Step("voucher: of two orders", "GET",
         "{vouchers}?display=[{voucher_fields}]&filter[id_order]=[{w1}|{w3}]", 200),
    Step("voucher: of an order without any is an empty list", "GET",
         "{vouchers}?display=[{voucher_fields}]&filter[id_order]=[999999]", 200),
)  # fmt: skip


def _wrap(front: Shopfront) -> None:
    """Let the shop wrap gifts, for 2 € without tax."""
    for name, value in (
        ("PS_GIFT_WRAPPING", "1"),
        ("PS_GIFT_WRAPPING_PRICE", "2"),
        ("PS_GIFT_WRAPPING_TAX_RULES_GROUP", "1"),
    ):
        for sql in (
            "DELETE FROM {configurations} WHERE name = '{name}'",
            "INSERT INTO {configurations} (name, value, date_add, date_upd) "
            "VALUES ('{name}', '{value}', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
        ):
            front.act(sql.format(name=name, value=value, **front.names()))


def _message(order: str, text: str, private: str) -> Step:
    values: dict[str, Value] = {
        "id_cart": f"{{{order}_cart}}", "id_customer": "{zoe}", "message": text, "private": private,
    }  # fmt: skip
    return Step(f"sale: a message in the cart of {order}, private {private}", "POST", "messages",
                201, body=one("message", values))  # fmt: skip


_MESSAGES = "messages?display=[{{message_fields}}]&filter[id_order]=[{{{}}}]"
_THREADS = "customer_threads?display=full&filter[id_order]=[{{{}}}]"


def _said(order: str) -> Step:
    return Step(f"sale: what was said of {order}", "GET", _MESSAGES.format(order), 200,
                again=(_THREADS.format(order),))  # fmt: skip


AROUND = (
    _cart("w9", ("shirt", "1"), gift="1", gift_message="Joyeux Noël, Marie & Paul"),
    Step("sale: wrapping is switched on", "GET", "carts/{w9_cart}", 200, deed=Deed(_wrap, ())),
    *_placed("w9", "22.30"),
    _cart("w10", ("shirt", "1")),
    _message("w10", "Sonnez deux fois, s'il vous plaît & merci", "0"),
    *_placed("w10", "19.90"),
    _said("w10"),
    _cart("w11", ("book", "1")),
    _message("w11", "Pour nous seuls", "1"),
    *_placed("w11", "19.90"),
    _said("w11"),
    Step("sale: a message on the order itself", "POST", "messages", 201,
         body=one("message", {"id_order": "{w11}", "id_customer": "{zoe}", "private": "0",
                              "message": "Merci\nbeaucoup"}),
         again=(_MESSAGES.format("w11"),)),
)  # fmt: skip


def _payment(order: str, amount: str, number: str) -> str:
    return one("order_payment", {
        "order_reference": f"{{{order}_ref}}", "id_currency": "1", "amount": amount,
        "payment_method": "Carte bancaire", "transaction_id": number, "conversion_rate": "1",
    })  # fmt: skip


PAYMENTS = (
    _cart("w12", ("shirt", "2"), ("book", "1")),
    *_placed("w12", "59.70"),
    Step("sale: w12 waits for its payment", "GET", "orders/{w12}", 200,
         deed=Deed(wait_for_payment, ("{w12}",), ("2026-01-05 09:00:00",)), again=_asked("w12")),
    Step("sale: open ones", "GET",
         "orders?display=[{light_fields}]&filter[current_state]=[1|10]&filter[id_shop]=[1]"
         "&filter[id]=>[{w11}]&sort=[id_ASC]&limit=200", 200),
    Step("sale: a first payment", "POST", "order_payments", 201, makes=("paid1",),
         body=_payment("w12", "20", "T-1"), again=("order_payments/{paid1}", *_asked("w12"))),
    Step("sale: a second payment", "POST", "order_payments", 201, makes=("paid2",),
         body=_payment("w12", "39.70", "T-2"), again=_asked("w12")),
    Step("sale: w12 is paid", "POST", "order_histories", 201,
         body=one("order_history", {"id_order": "{w12}", "id_order_state": _PAID}),
         again=(*_asked("w12"), *_whole("w12"))),
    _cart("w13", ("shirt", "1")),
    *_placed("w13", "19.90"),
    Step("sale: w13 waits for its payment", "GET", "orders/{w13}", 200,
         deed=Deed(wait_for_payment, ("{w13}",), ("2026-01-05 09:00:00",))),
    Step("sale: w13 is paid", "POST", "order_histories", 201,
         body=one("order_history", {"id_order": "{w13}", "id_order_state": _PAID}),
         again=(*_asked("w13"), *_whole("w13"))),
    Step("sale: payments of two orders", "GET",
         "order_payments?display=[{payment_fields}]&filter[order_reference]=[{w12_ref}|{w13_ref}]",
         200),
)  # fmt: skip


def _slip(order: str, amount: str, lines: Rows | None, changes: dict[str, Value]) -> str:
    values: dict[str, Value] = {
        "id_customer": "{zoe}", "id_order": f"{{{order}}}", "conversion_rate": "1",
        "total_products_tax_excl": amount, "total_products_tax_incl": amount,
        "total_shipping_tax_excl": "0", "total_shipping_tax_incl": "0", "amount": amount,
        "shipping_cost": "0", "shipping_cost_amount": "0", "partial": "1", **changes,
    }  # fmt: skip
    return one("order_slip", values, None if lines is None else {"order_slip_details": lines})


def _back(line: str, quantity: str, without: str, with_tax: str) -> tuple[str, dict[str, str]]:
    return "order_slip_detail", {
        "id_order_detail": f"{{{line}}}", "product_quantity": quantity,
        "amount_tax_excl": without, "amount_tax_incl": with_tax,
    }  # fmt: skip


def _slipped(
    name: str, handle: str, amount: str, lines: Rows | None, changes: dict[str, Value]
) -> Step:
    return Step(f"slip: {name}", "POST", "order_slip", 201, makes=(handle,),
                body=_slip("w14", amount, lines, changes),
                again=(f"order_slip/{{{handle}}}", *_asked("w14"), _STOCK))  # fmt: skip


SLIPS = (
    _cart("w14", ("shirt", "3"), ("book", "2")),
    *_placed("w14", "99.50"),
    Step("slip: the lines of w14", "GET",
         "order_details?display=[id]&filter[id_order]=[{w14}]&sort=[id_ASC]", 200,
         makes=("w14_shirts", "w14_books")),
    _slipped("one of a line", "back1", "19.90", [_back("w14_shirts", "1", "16.58", "19.90")],
             {"total_products_tax_excl": "16.58"}),
    _slipped("of two lines, and the carriage", "back2", "59.70",
             [_back("w14_shirts", "1", "16.583333", "19.90"),
              _back("w14_books", "2", "37.725118", "39.80")],
             {"total_products_tax_excl": "54.308451", "total_shipping_tax_excl": "2.5",
              "total_shipping_tax_incl": "3", "shipping_cost": "1", "shipping_cost_amount": "3"}),
    _slipped("without lines", "back3", "4", None, {}),
    Step("slip: with an empty list of lines", "POST", "order_slip", 500,
         body=_slip("w14", "4", [], {}), again=_asked("w14")),
    _slipped("of a line of another order", "back5", "4", [_back("w14_shirts", "0", "4", "4")],
             {"id_order": "{w13}"}),
    Step("slip: refused without a customer", "POST", "order_slip", 400, codes=(41,),
         field="id_customer",
         body=one("order_slip", {"id_order": "{w14}", "conversion_rate": "1"})),
    Step("slip: of two orders", "GET",
         "order_slip?display=[{slip_fields}]&filter[id_order]=[{w13}|{w14}]", 200),
    Step("slip: its lines changed", "PUT", "order_slip", 200, echoes="order_slip/{back1}",
         sets=(("amount", "9.95"),), again=("order_slip/{back1}", *_asked("w14"))),
    Step("slip: w14 is refunded", "POST", "order_histories", 201,
         body=one("order_history", {"id_order": "{w14}", "id_order_state": "7"}),
         again=(*_asked("w14"), *_whole("w14"), _STOCK)),
)  # fmt: skip


def _changed_since(stamp: str) -> tuple[str, ...]:
    """Return the agent's questions after what has changed, and after the newest of all."""
    return (
        f"orders?display=[{{light_fields}}]&filter[id_shop]=[1]&filter[date_upd]=>[{stamp}]"
        "&filter[id]=>[0]&date=1&sort=[id_ASC]&limit=200",
        "orders?display=[id,date_add,date_upd]&filter[id_shop]=[1]"
        "&filter[date_upd]=>[1970-01-01 00:00:00]&date=1&sort=[date_upd_DESC]&limit=1",
        "orders?display=[id,date_add,date_upd]&filter[id_shop]=[1]"
        "&filter[date_add]=>[2026-01-05 08:59:59]&date=1&sort=[date_add_DESC]&limit=1",
        "orders?display=[id,date_add,date_upd]&filter[id_shop]=[1]&sort=[id_DESC]&limit=1",
    )


def _edited(name: str, quantity: int, stamp: str, before: str) -> Step:
    return Step(f"edit: {name}", "GET", "orders/{w15}", 200,
                deed=Deed(edit_first_line, ("{w15}",), (quantity, stamp)),
                again=(*_asked("w15"), *_whole("w15")[1:], *_changed_since(before), _STOCK),
                )  # fmt: skip


EDITS = (
    _cart("w15", ("shirt", "1"), ("book", "1")),
    *_placed("w15", "39.80", pause=True),
    _edited("more of its first line", 4, _LATER, "2039-05-01 09:59:59"),
    _edited("less of it", 2, _LATER_STILL, _LATER),
    _edited("none of it", 0, "2039-05-03 10:00:00", _LATER_STILL),
    Step("edit: it is cancelled", "POST", "order_histories", 201,
         body=one("order_history", {"id_order": "{w15}", "id_order_state": "6"}),
         again=(*_asked("w15"), _STOCK)),
)  # fmt: skip

_SEEN = (
    "orders?display=[id,reference,date_add,current_state]&filter[id]=[{w1}|{w10}]",
    "order_carriers?display=[{parcel_fields}]&filter[id_order]=[{w1}|{w10}]",
    "order_histories?display=[{line_fields}]&filter[id_order]=[{w1}|{w10}]",
    "carriers?display=[id,url]&filter[id]=[1]",
)


def _tracked(name: str, number: str, *, mail: bool = False) -> Step:
    """Return a number put on a parcel as the agent does where there is no PATCH."""
    return Step(f"back: {name}", "PUT", f"order_carriers{'?sendemail=1' if mail else ''}", 200,
                echoes="order_carriers/{w1_parcel}", sets=(("tracking_number", number),),
                again=("order_carriers?display=full&filter[id]=[{w1_parcel}]", "orders/{w1}",
                       *_SEEN))  # fmt: skip


def _moved(name: str, order: str, state: str, *, mail: bool = False) -> Step:
    return Step(f"back: {name}", "POST", f"order_histories{'?sendemail=1' if mail else ''}", 201,
                body=one("order_history", {"id_order": f"{{{order}}}", "id_order_state": state}),
                again=(*_SEEN, f"orders/{{{order}}}",
                       f"order_details?display=full&filter[id_order]=[{{{order}}}]", _STOCK),
                )  # fmt: skip


BACK = (
    Step("back: two orders as the agent looks at them", "GET", _SEEN[0], 200, again=_SEEN),
    Step("back: the parcel", "GET", "order_carriers?display=[id]&filter[id_order]=[{w1}]", 200,
         makes=("w1_parcel",)),
    _tracked("its number", "P-77"),
    _tracked("its number, with a mail", "P-78", mail=True),
    _tracked("two numbers", "P-78 P-79"),
    _moved("preparing", "w1", "3"),
    _moved("shipped, with a mail", "w1", _SHIPPED, mail=True),
    _moved("delivered", "w1", "5", mail=True),
    _moved("shipped without a number", "w10", _SHIPPED, mail=True),
)  # fmt: skip

PEOPLE = (
    Step("sale: the customer as the agent reads her", "GET",
         "customers?display=[{customer_fields}]&filter[id]=[{zoe}]", 200),
    Step("sale: her address as the agent reads it", "GET",
         "addresses?display=[{address_fields}]&filter[id]=[{home}]", 200),
)  # fmt: skip

GONE = (
    Step("sale: the book is deleted", "DELETE", "products/{book}", 200, again=_asked("w7")),
    Step("sale: the shirt is deleted", "DELETE", "products/{shirt}", 200),
    Step("voucher: a used one is deleted", "DELETE", "cart_rules/{five}", 200, again=_asked("w1")),
)  # fmt: skip

STEPS = (*MADE, *VOUCHERS, *AROUND, *PAYMENTS, *SLIPS, *EDITS, *BACK, *PEOPLE, *GONE)
