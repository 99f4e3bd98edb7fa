"""Steps: carts, orders, their states and what these do to stock; parcels, notes, messages."""

from tests.contracts.shop.bodies import Rows, Value, one
from tests.contracts.shop.model import Step

_STOCK = (
    "stock_availables?filter[id_product]=[{shoe}|{sneaker}]"
    "&display=[id,id_product,id_product_attribute,quantity]"
)


def cart_rows(*lines: tuple[str, str, str]) -> Rows:
    """Return the rows of a cart, of (product, combination, quantity)."""
    return [
        ("cart_row", {"id_product": product, "id_product_attribute": variant,
                      "id_address_delivery": "{home}", "quantity": quantity})
        for product, variant, quantity in lines
    ]  # fmt: skip


def cart_body(rows: Rows, changes: dict[str, Value] | None = None) -> str:
    """Return a cart of the customer, in euros and in English."""
    values: dict[str, Value] = {
        "id_currency": "1", "id_lang": "2", "id_customer": "{zoe}", "id_carrier": "1",
        "id_address_delivery": "{home}", "id_address_invoice": "{home}", "id_shop": "1",
        "id_shop_group": "1", "secure_key": "{zoe_key}", **(changes or {}),
    }  # fmt: skip
    return one("cart", values, {"cart_rows": rows})


def _cart(handle: str, rows: Rows, changes: dict[str, Value] | None = None) -> Step:
    return Step(f"cart {handle}", "POST", "carts", 201, makes=(handle,),
                body=cart_body(rows, changes), again=(f"carts/{{{handle}}}",))  # fmt: skip


def order_body(
    cart: str, total: str, changes: dict[str, Value] | None = None, without: str = ""
) -> str:
    """Return an order of a cart, to be paid by wire; `without` names a field that is left out."""
    values: dict[str, Value] = {
        "id_address_delivery": "{home}", "id_address_invoice": "{home}", "id_cart": cart,
        "id_currency": "1", "id_lang": "2", "id_customer": "{zoe}", "id_carrier": "1",
        "module": "ps_wirepayment", "payment": "Virement", "secure_key": "{zoe_key}",
        "total_paid": total, "total_paid_real": total, "total_products": "0",
        "total_products_wt": total, "conversion_rate": "1", **(changes or {}),
    }  # fmt: skip
    return one("order", {name: one for name, one in values.items() if name != without})


def _after(handle: str) -> tuple[str, ...]:
    order = f"{{{handle}}}"
    return (
        f"orders/{order}",
        f"order_details?filter[id_order]=[{order}]&display=full",
        f"order_histories?filter[id_order]=[{order}]&display=full",
        f"order_carriers?filter[id_order]=[{order}]&display=full",
        f"order_invoices?filter[id_order]=[{order}]&display=full",
        _STOCK,
    )


def _order(handle: str, cart: str, total: str, changes: dict[str, Value] | None = None) -> Step:
    return Step(f"order {handle}", "POST", "orders", 201, makes=(handle,),
                body=order_body(cart, total, changes), again=_after(handle))  # fmt: skip


def _refused(
    name: str,
    cart: str,
    status: int,
    *codes: int,
    field: str = "",
    changes: dict[str, Value] | None = None,
    without: str = "",
) -> Step:
    again = (f"orders?filter[id_cart]=[{cart}]&display=[id,id_cart,current_state]", _STOCK)
    return Step(f"order: {name}", "POST", "orders", status, codes=codes, field=field,
                body=order_body(cart, "24", changes, without), again=again)  # fmt: skip


def _move(
    name: str,
    order: str,
    state: str,
    status: int = 201,
    *codes: int,
    query: str = "",
    field: str = "",
) -> Step:
    again = _after(order) if order.isidentifier() else ()
    number = f"{{{order}}}" if order.isidentifier() else order
    return Step(f"state: {name}", "POST", f"order_histories{query}", status, codes=codes,
                field=field, again=again,
                body=one("order_history", {"id_order": number, "id_order_state": state}),
                )  # fmt: skip


_PAYMENTS = "order_payments?filter[order_reference]=[{}]&display=full"
MADE = (
    Step("order: stock before", "PATCH", "stock_availables", 200,
         body=one("stock_available", {"id": "{shoerow}", "quantity": "300"}), again=(_STOCK,)),
    Step("order: stock of 41 before", "PATCH", "stock_availables", 200,
         body=one("stock_available", {"id": "{row41}", "quantity": "30"}), again=(_STOCK,)),
    Step("order: price before", "PATCH", "products", 200,
         body=one("product", {"id": "{shoe}", "price": "10", "weight": "0.5"})),
    _cart("cart1", cart_rows(("{shoe}", "0", "2"))),
    _cart("cart2", cart_rows(("{shoe}", "0", "1"), ("{sneaker}", "{s41}", "3"))),
    _cart("cart3", cart_rows(("{shoe}", "0", "2"))),
    _cart("cart4", cart_rows(("{shoe}", "0", "500"))),
    _cart("cart5", cart_rows(("{shoe}", "0", "2"))),
    Step("cart without rows", "POST", "carts", 201, makes=("cart_empty",),
         again=("carts/{cart_empty}",),
         body=one("cart", {"id_currency": "1", "id_lang": "2", "id_customer": "{zoe}"})),
    Step("cart with an empty list of rows", "POST", "carts", 500,
         body=one("cart", {"id_currency": "1", "id_lang": "2", "gift_message": "SCRIPT EMPTY"},
                  {"cart_rows": []}),
         again=("carts?filter[gift_message]=[SCRIPT EMPTY]&display=[id,gift_message]",)),
    _cart("cart_strange", cart_rows(("{shoe}", "0", "2")), {"secure_key": "1" * 32}),
    _cart("cart_bare", cart_rows(("{shoe}", "0", "2")), {"secure_key": ""}),
    Step("cart: PATCH its rows", "PATCH", "carts", 200,
         body=one("cart", {"id": "{cart_empty}"}, {"cart_rows": cart_rows(("{shoe}", "0", "4"))}),
         again=("carts/{cart_empty}",)),
    Step("cart: PATCH a field", "PATCH", "carts", 200,
         body=one("cart", {"id": "{cart_empty}", "gift": "1", "gift_message": "Bravo"}),
         again=("carts/{cart_empty}",)),
    Step("cart: no rows", "PATCH", "carts", 500,
         body=one("cart", {"id": "{cart_empty}"}, {"cart_rows": []}),
         again=("carts/{cart_empty}",)),
    Step("cart: no currency", "POST", "carts", 400, codes=(41,), field="id_currency",
         body=one("cart", {"id_lang": "1"})),
    _refused("wrong key", "{cart_strange}", 500, changes={"secure_key": "0" * 32}),
    _refused("no key", "{cart_strange}", 500, without="secure_key"),
    _refused("unknown module", "{cart1}", 500, changes={"module": "nonsense"}),
    _refused("module not installed", "{cart1}", 500, changes={"module": "paypal"}),
    _refused("no module", "{cart1}", 400, 41, field="module", without="module"),
    _refused("unknown cart", "999999", 500),
    _refused("empty cart", "{cart_empty}", 500),
    _refused("no total", "{cart1}", 400, 41, field="total_paid", without="total_paid"),
    _refused("bad total", "{cart1}", 400, 85, field="total_paid", changes={"total_paid": "a lot"}),
    _refused("unknown customer", "{cart1}", 500, changes={"id_customer": "999999"}),
    _order("o1", "{cart1}", "24"),
    _refused("same cart again", "{cart1}", 500),
    _order("o2", "{cart2}", "999"),
    _order("o3", "{cart3}", "24.000000", {"current_state": "2", "note": "by hand"}),
    _order("o4", "{cart4}", "6000"),
    _order("o5", "{cart_bare}", "24", {"payment": "Chèque", "module": "ps_checkpayment"}),
)  # fmt: skip

STATES = (
    _move("paid", "o1", "2"),
    _move("preparing", "o1", "3"),
    _move("the same again", "o1", "3"),
    _move("shipped", "o1", "4"),
    _move("delivered", "o1", "5"),
    _move("refunded", "o1", "7"),
    _move("cancelled", "o3", "6"),
    _move("taken again", "o3", "2"),
    _move("error", "o3", "8"),
    _move("out of error by a cheque", "o3", "1"),
    _move("paid after an error", "o2", "2"),
    _move("awaiting wire", "o4", "10"),
    _move("cancelled with 500", "o4", "6"),
    _move("with a mail", "o5", "3", query="?sendemail=1"),
    _move("unknown state", "o1", "999999", 500),
    _move("unknown order", "999999", "3", 500),
    _move("no state", "o1", "", 400, 85, field="id_order_state"),
    _move("state that is text", "o1", "paid", 400, 85, field="id_order_state"),
    Step("state: by PATCH of the order", "PATCH", "orders", 200,
         body=one("order", {"id": "{o5}", "current_state": "4"}), again=_after("o5")),
    Step("state: no field", "POST", "order_histories", 400, codes=(41,), field="id_order_state",
         body=one("order_history", {"id_order": "{o1}"})),
    Step("state: two at once", "POST", "order_histories", 201,
         body="<prestashop><order_history><id_order>{o4}</id_order><id_order_state>2"
         "</id_order_state></order_history><order_history><id_order>{o4}</id_order>"
         "<id_order_state>3</id_order_state></order_history></prestashop>", again=_after("o4")),
)  # fmt: skip

_PARCEL = "order_carriers?filter[id_order]=[{o1}]&display=full"
AROUND = (
    Step("parcel", "GET", _PARCEL, 200, makes=("parcel",)),
    Step("order read before tracking", "GET", "orders?filter[id]=[{o1}]&display=full", 200,
         again=("orders/{o1}",)),
    Step("parcel: tracking", "PATCH", "order_carriers", 200, pause=True,
         body=one("order_carrier", {"id": "{parcel}", "tracking_number": "TRACK456"}),
         again=("orders/{o1}", "order_carriers/{parcel}")),
    Step("parcel: tracking with a mail", "PATCH", "order_carriers?sendemail=1", 200,
         body=one("order_carrier", {"id": "{parcel}", "tracking_number": "TRACK-457"}),
         again=("orders/{o1}", "order_carriers/{parcel}")),
    Step("parcel: bad tracking", "PATCH", "order_carriers", 400, codes=(85,),
         field="tracking_number",
         body=one("order_carrier", {"id": "{parcel}", "tracking_number": "a<b>"}),
         again=("order_carriers/{parcel}",)),
    Step("parcel: weight", "PATCH", "order_carriers", 200,
         body=one("order_carrier", {"id": "{parcel}", "weight": "1.5"}),
         again=("order_carriers/{parcel}",)),
    Step("order: note", "PATCH", "orders", 200, pause=True,
         body=one("order", {"id": "{o1}", "note": "Ticket 1234 & co"}), again=("orders/{o1}",)),
    Step("order: note with a script", "PATCH", "orders", 200,
         body=one("order", {"id": "{o1}", "note": "<script>1</script>"}), again=("orders/{o1}",)),
    Step("order: a line's reference", "GET",
         "orders?filter[id]=[{o1}|{o2}]&display=[id,current_state,valid,order_rows[product_id,"
         "product_quantity]]&sort=[id_ASC]", 200),
    Step("order: new ones", "GET",
         "orders?filter[id]=>[{o1}]&sort=[id_ASC]&limit=0,2&display=[id,current_state]", 200),
    Step("order: changed ones", "GET",
         "orders?filter[date_upd]=>[2020-01-01 03:17:30]&date=1&filter[id]=[{o1}]"
         "&sort=[date_upd_ASC,id_ASC]&display=[id]", 200),
    Step("order: by customer", "GET", "orders?filter[id_customer]=[{zoe}]&display=[id,id_cart]",
         200),
    Step("order: JSON", "GET", "orders/{o1}?output_format=JSON", 200),
    Step("order: its reference", "GET", "orders/{o1}?display=[id,reference]", 200,
         keeps=(("o1_ref", "reference"),), again=(_PAYMENTS.format("{o1_ref}"),)),
    Step("order: the reference of the second", "GET", "orders/{o2}?display=[id,reference]", 200,
         keeps=(("o2_ref", "reference"),), again=(_PAYMENTS.format("{o2_ref}"),)),
    Step("message", "POST", "messages", 201, makes=("said",),
         body=one("message", {"id_cart": "{cart1}", "id_order": "{o1}", "id_customer": "{zoe}",
                              "message": "Bonjour", "private": "0"}),
         again=("messages/{said}",)),
    Step("message: none", "POST", "messages", 400, codes=(41,), field="message",
         body=one("message", {"id_order": "{o1}"})),
    Step("message: HTML", "POST", "messages", 400, codes=(85,), field="message",
         body=one("message", {"id_order": "{o1}", "message": "<script>1</script>"})),
    Step("thread", "POST", "customer_threads", 201, makes=("thread",),
         body=one("customer_thread", {"id_lang": "2", "id_shop": "1", "id_customer": "{zoe}",
                                      "id_order": "{o1}", "id_contact": "1", "token": "abcdef12345",
                                      "email": "zoe.script@example.com", "status": "open"}),
         again=("customer_threads/{thread}",)),
    Step("thread: a message", "POST", "customer_messages", 201, makes=("asked",),
         body=one("customer_message", {"id_customer_thread": "{thread}", "message": "Où ?"}),
         again=("customer_messages/{asked}", "customer_threads/{thread}")),
    Step("credit note", "POST", "order_slip", 201, makes=("slip",),
         body=one("order_slip", {"id_customer": "{zoe}", "id_order": "{o1}", "conversion_rate": "1",
                                 "total_products_tax_excl": "10", "total_products_tax_incl": "12",
                                 "total_shipping_tax_excl": "0", "total_shipping_tax_incl": "0",
                                 "amount": "12", "shipping_cost": "0", "shipping_cost_amount": "0",
                                 "partial": "0"}),
         again=("order_slip/{slip}", "orders/{o1}", _STOCK)),
    Step("order: PUT of a bare one", "PUT", "orders", 400, codes=(41,),
         body=one("order", {"id": "{o2}", "note": "x"}), again=("orders/{o2}",)),
    Step("order: DELETE", "DELETE", "orders/{o2}", 200,
         again=("orders/{o2}", "order_details?filter[id_order]=[{o2}]&display=full", _STOCK)),
    Step("order: unknown", "GET", "orders/999999", 404),
)  # fmt: skip

STEPS = (*MADE, *STATES, *AROUND)
