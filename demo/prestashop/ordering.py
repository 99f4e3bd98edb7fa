"""An order made from a cart: what it costs, its rows, its parcel, the stock it takes.

The webservice and the back office both come through here. Nothing checks stock: an order may take
more than there is.

    order = place(core, Placement(cart=7, customer=3, paid=Decimal("34.46"), ...))
"""

from dataclasses import dataclass
from decimal import Decimal

from demo.prestashop import packs, stock
from demo.prestashop.core import THIS_SHOP, Core
from demo.prestashop.order_flags import flag, giving_back
from demo.prestashop.order_lines import Line, lines_of_cart
from demo.prestashop.order_mails import mail_state, send_mail
from demo.prestashop.order_messages import take_message
from demo.prestashop.order_states import add_payment, enter, recount
from demo.prestashop.prices import HUNDRED, cents, tax_rate
from demo.prestashop.record import Record, to_decimal
from demo.prestashop.refusals import PhpDiedError
from demo.prestashop.storing import money
from demo.prestashop.tables import RESOURCES
from demo.prestashop.vouchers import Taken, keep, taken_off

_CART_GONE = "Cart cannot be loaded or an order has already been placed using this cart"
_WRONG_KEY = "Error processing order. Secure key does not match."


@dataclass(frozen=True)
class Placement:
    """What an order is made from.

    Args:
        paid: Amount said to be paid, tax included; when it is not the cart's total, the order
            goes to the state for payment errors.
        state: Wanted state; None for "remote payment accepted", 0 for an order that is still
            being made: it has taken its stock and has no state yet.
    """

    cart: int
    customer: int
    delivery_address: int
    invoice_address: int
    module: str
    payment: str
    paid: Decimal | None
    lang: int = 1
    state: int | None = None


@dataclass(frozen=True)
class Totals:
    """What a cart costs: its lines rounded one by one, and what is to be paid of them.

    Args:
        products: Without tax, each line rounded.
        products_with_tax: The same with tax.
        exact: Without tax, what is to be paid comes of: no line rounded, in most versions.
        exact_with_tax: The same with tax.
        taken: What its vouchers take off.
        wrapping: What wrapping it costs, without tax.
        wrapping_with_tax: The same with tax.
    """

    products: Decimal
    products_with_tax: Decimal
    exact: Decimal
    exact_with_tax: Decimal
    taken: tuple[Taken, ...] = ()
    wrapping: Decimal = Decimal(0)
    wrapping_with_tax: Decimal = Decimal(0)

    @property
    def discount(self) -> Decimal:
        """The discounts together, with tax, rounded to the cent; no more than the goods."""
        together = sum((one.value for one in self.taken), Decimal(0))
        return cents(min(together, self.products_with_tax))

    @property
    def discount_without_tax(self) -> Decimal:
        """The same without tax."""
        together = sum((one.value_without_tax for one in self.taken), Decimal(0))
        return cents(min(together, self.products))

    @property
    def to_pay(self) -> Decimal:
        """What is to be paid, tax included."""
        with_tax = self.exact_with_tax - self.discount + self.wrapping_with_tax
        return max(Decimal(0), cents(with_tax))

    @property
    def to_pay_without_tax(self) -> Decimal:
        """The same without tax."""
        without = self.exact - self.discount_without_tax + self.wrapping
        return max(Decimal(0), cents(without))


def totals(core: Core, cart: int) -> Totals:
    """Return what a cart costs."""
    lines = lines_of_cart(core, cart)
    products = sum((line.total for line in lines), Decimal(0))
    with_tax = sum((line.total_with_tax for line in lines), Decimal(0))
    without, wrapped = _wrapping(core, cart)
    exact = sum((line.prices.tax_excluded * line.quantity for line in lines), Decimal(0))
    exact_with_tax = sum((line.prices.tax_included * line.quantity for line in lines), Decimal(0))
    rounded = core.version.rounded_sums
    return Totals(
        products=products,
        products_with_tax=with_tax,
        exact=products if rounded else exact,
        exact_with_tax=with_tax if rounded else exact_with_tax,
        taken=tuple(taken_off(core, cart, products, with_tax)),
        wrapping=without,
        wrapping_with_tax=wrapped,
    )


def _wrapping(core: Core, cart: int) -> tuple[Decimal, Decimal]:
    """Return what wrapping a cart costs, without tax and with it."""
    if not core.database.number("SELECT gift FROM carts WHERE id = ?", cart):
        return Decimal(0), Decimal(0)
    price = to_decimal(core.setting("PS_GIFT_WRAPPING_PRICE") or "0")
    rate = tax_rate(core, core.setting_number("PS_GIFT_WRAPPING_TAX_RULES_GROUP"))
    return cents(price), cents(price * (HUNDRED + rate) / HUNDRED)


def place(core: Core, wish: Placement) -> int:
    """Make an order from a cart, take its stock, and return its id.

    Raises:
        PhpDiedError: The cart is used, empty or another customer's, the customer has no key, or
            the module is unknown.
    """
    _check(core, wish)
    total = totals(core, wish.cart)
    paid = total.to_pay if wish.paid is None else wish.paid
    remote = core.setting_number("PS_OS_WS_PAYMENT")
    state = remote if wish.state is None else wish.state
    if cents(paid) != total.to_pay:
        state = core.setting_number("PS_OS_ERROR")
    order = _insert(core, wish, total)
    takes = state not in giving_back(core)
    for line in lines_of_cart(core, wish.cart):
        _insert_line(core, order, line)
        if takes:
            packs.move(core, line.product, line.combination, -line.quantity)
    _insert_extras(core, order, wish, total)
    if flag(core, wish.state or remote, "logable"):
        add_payment(core, order, paid, wish.payment)
    if state:
        enter(core, order, state)
        send_mail(core, order, "order_conf")
        mail_state(core, order, state)
    if takes and flag(core, state, "logable") and core.version.backorders and _lacks(core, order):
        enter(core, order, core.setting_number("PS_OS_OUTOFSTOCK"))
    recount(core, order)
    return order


def _lacks(core: Core, order: int) -> bool:
    """Whether a line of an order wants more than there was."""
    sql = (
        "SELECT COUNT(*) FROM order_details WHERE id_order = ?"
        " AND product_quantity > product_quantity_in_stock"
    )
    return core.setting("PS_STOCK_MANAGEMENT") == "1" and core.database.number(sql, order) > 0


def _check(core: Core, wish: Placement) -> None:
    used = core.database.number("SELECT COUNT(*) FROM orders WHERE id_cart = ?", wish.cart)
    known = core.database.number("SELECT COUNT(*) FROM carts WHERE id = ?", wish.cart)
    if not known and not core.version.tells_wrong_key:
        raise PhpDiedError
    if used or not known:
        raise PhpDiedError(_CART_GONE, core.version.failed_order)
    customers_key = _customers_key(core, wish.customer)
    sql = "SELECT secure_key FROM carts WHERE id = ?"
    if core.database.find_text(sql, wish.cart) not in {None, "", "-1", customers_key}:
        raise PhpDiedError(_WRONG_KEY if core.version.tells_wrong_key else "")
    if not customers_key:
        raise PhpDiedError
    rows = core.database.number("SELECT COUNT(*) FROM cart_rows WHERE id_cart = ?", wish.cart)
    if wish.module not in core.version.modules or not rows:
        raise PhpDiedError


def _customers_key(core: Core, customer: int) -> str:
    sql = "SELECT secure_key FROM customers WHERE id = ?"
    return core.database.find_text(sql, customer) or ""


def _insert(core: Core, wish: Placement, total: Totals) -> int:
    record = Record(RESOURCES["orders"])
    now = core.now()
    discount, without_tax = money(total.discount), money(total.discount_without_tax)
    carrier = core.setting("PS_CARRIER_DEFAULT") or "1"
    sql = "SELECT id_tax_rules_group FROM carriers WHERE id = ?"
    record.values |= {
        "id_address_delivery": str(wish.delivery_address),
        "id_address_invoice": str(wish.invoice_address),
        "id_cart": str(wish.cart),
        "id_currency": core.setting("PS_CURRENCY_DEFAULT"),
        "id_lang": str(wish.lang),
        "id_customer": str(wish.customer),
        "id_carrier": carrier,
        "carrier_tax_rate": str(tax_rate(core, core.database.number(sql, carrier))),
        "module": wish.module,
        "payment": wish.payment,
        "date_add": now,
        "date_upd": now,
        "id_shop_group": "1",
        "id_shop": str(THIS_SHOP),
        "secure_key": _customers_key(core, wish.customer),
        "total_discounts": discount,
        "total_discounts_tax_incl": discount,
        "total_discounts_tax_excl": without_tax,
        "total_paid": money(total.to_pay),
        "total_paid_tax_incl": money(total.to_pay),
        "total_paid_tax_excl": money(total.to_pay_without_tax),
        "total_products": money(total.products),
        "total_products_wt": money(total.products_with_tax),
        "round_mode": "2",
        "round_type": "2",
        "conversion_rate": "1",
        "reference": _reference(core),
        **_gift(core, wish.cart, total),
    }
    return core.database.insert(record)


def _gift(core: Core, cart: int, total: Totals) -> dict[str, str | None]:
    """Return the fields that tell how an order is wrapped."""
    [row] = core.database.rows(
        "SELECT gift, gift_message, recyclable FROM carts WHERE id = ?", cart
    )
    with_tax = money(total.wrapping_with_tax)
    return {
        **row,
        "total_wrapping": with_tax,
        "total_wrapping_tax_incl": with_tax,
        "total_wrapping_tax_excl": money(total.wrapping),
    }


def _reference(core: Core) -> str:
    return "".join(core.chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=9))


def _insert_line(core: Core, order: int, line: Line) -> None:
    record = Record(RESOURCES["order_details"], values=dict(line.as_values(order)))
    sql = "SELECT quantity FROM stock_availables WHERE id = ?"
    there = core.database.number(sql, stock.row_of(core, line.product, line.combination))
    record.values["product_quantity_in_stock"] = str(min(there, line.quantity))
    identifier = core.database.insert(record)
    if line.tax:
        core.database.run("INSERT INTO order_detail_taxes VALUES (?, ?)", identifier, line.tax)


def _insert_extras(core: Core, order: int, wish: Placement, total: Totals) -> None:
    now = core.now()
    weight = "SELECT SUM(CAST(product_weight AS REAL) * product_quantity) FROM order_details"
    kilos = to_decimal(core.database.find_text(f"{weight} WHERE id_order = ?", order) or "0")
    carrier = Record(RESOURCES["order_carriers"])
    sql = "SELECT id_carrier FROM orders WHERE id = ?"
    carrier.values |= {
        "id_order": str(order),
        "id_carrier": core.database.find_text(sql, order),
        "weight": str(kilos),
        "date_add": now,
    }
    core.database.insert(carrier)
    for taken in total.taken:
        keep(core, order, taken, wish.lang)
    take_message(core, order, wish.cart)
