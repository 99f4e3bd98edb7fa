"""Somebody who registers in the shop and buys, through the webservice, as a story needs it.

PrestaShop makes an order from a cart; it asks for the total, and an order whose total is wrong is
a payment error. So the total is computed before, from the prices that a visitor pays.

    zoe = Shopper(front).register("zoe@example.com", "Zoé", "Durand")
    order = zoe.buy([(12, 40, 2)])       # two of combination 40; the order's id
    zoe.move(order, 6)                   # somebody cancels it
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid4
from xml.sax.saxutils import escape

from tests.stories.office import attach, make_guest
from tests.stories.shopfront import Shopfront

#: Product id, combination id (0 for none), quantity.
Line = tuple[int, int, int]
CANCELLED = 6
_FRANCE = 8
_CUSTOMERS = 3
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Voucher:
    """A voucher of the shop: an amount with tax, or the carriage, or both."""

    id: int
    amount: Decimal
    free_shipping: bool


@dataclass(frozen=True)
class Buyer:
    """A registered customer with an address; amounts and ids are the shop's."""

    front: Shopfront
    id: int
    email: str
    address: int
    secure_key: str

    def buy(self, lines: Sequence[Line], *, vouchers: Sequence[Voucher] = ()) -> int:
        """Place an order and look at it; return its id.

        Raises:
            AssertionError: PrestaShop took another total for right, or the order has no state.
        """
        order = self.place(lines, vouchers=vouchers)
        assert self.front.order(order).state == self.front.payment()[1]
        return order

    def place(self, lines: Sequence[Line], *, vouchers: Sequence[Voucher] = ()) -> int:
        """Place an order, delivered by a carrier that takes money; return its id."""
        goods = sum((self._costs(*line) for line in lines), Decimal(0))
        off = min(goods, sum((voucher.amount for voucher in vouchers), Decimal(0)))
        is_free = any(voucher.free_shipping for voucher in vouchers)
        total = goods - off + (0 if is_free else self.front.shipping())
        carrier = self.front.carrier()
        module, _ = self.front.payment()
        cart = _create(
            self.front,
            "carts",
            f"<cart>{self._parties()}<id_carrier>{carrier}</id_carrier>"
            f'<delivery_option>{{"{self.address}":"{carrier},"}}</delivery_option>'
            f"<associations><cart_rows>{''.join(self._row(*line) for line in lines)}</cart_rows>"
            "</associations></cart>",
        )
        for voucher in vouchers:
            attach(self.front, cart, voucher.id)
        order = _create(
            self.front,
            "orders",
            f"<order>{self._parties()}<id_carrier>{carrier}</id_carrier><id_cart>{cart}</id_cart>"
            f"<module>{module}</module><payment>Carte bancaire</payment>"
            f"<total_paid>{total}</total_paid><total_paid_real>{total}</total_paid_real>"
            f"<total_products>{goods}</total_products>"
            f"<total_products_wt>{goods}</total_products_wt><conversion_rate>1</conversion_rate>"
            "</order>",
        )
        self.front.placed(order)
        return order

    def move(self, order: int, state: int) -> None:
        """Bring an order into a state, as somebody in the back office does."""
        _create(
            self.front,
            "order_histories",
            f"<order_history><id_order>{order}</id_order><id_order_state>{state}</id_order_state>"
            "</order_history>",
        )

    def _costs(self, product: int, combination: int, quantity: int) -> Decimal:
        price = self.front.prices(product, [combination])[combination]
        return (price * quantity).quantize(_CENT, ROUND_HALF_UP)

    def _parties(self) -> str:
        return (
            f"<id_customer>{self.id}</id_customer>"
            f"<id_address_delivery>{self.address}</id_address_delivery>"
            f"<id_address_invoice>{self.address}</id_address_invoice>"
            "<id_currency>1</id_currency><id_lang>2</id_lang>"
            f"<secure_key>{self.secure_key}</secure_key>"
        )

    def _row(self, product: int, combination: int, quantity: int) -> str:
        return (
            f"<cart_row><id_product>{product}</id_product>"
            f"<id_product_attribute>{combination}</id_product_attribute>"
            f"<id_address_delivery>{self.address}</id_address_delivery>"
            f"<quantity>{quantity}</quantity></cart_row>"
        )


class Shopper:
    """Registers buyers in one shop.

    Args:
        front: The shop.
    """

    def __init__(self, front: Shopfront) -> None:
        self._front = front

    def voucher(self, name: str, amount: Decimal, *, free_shipping: bool = False) -> Voucher:
        """Make a voucher of an amount with tax, for who knows its code.

        PrestaShop puts one without a code into every cart by itself.
        """
        names = "".join(
            f'<language id="{one}">{escape(name)}</language>'
            for one in sorted(self._front.languages().values())
        )
        number = _create(
            self._front,
            "cart_rules",
            f"<cart_rule><name>{names}</name><code>{uuid4().hex[:12]}</code>"
            "<date_from>2020-01-01 00:00:00</date_from>"
            "<date_to>2099-01-01 00:00:00</date_to><quantity>9</quantity>"
            "<quantity_per_user>9</quantity_per_user><active>1</active><partial_use>0</partial_use>"
            f"<reduction_amount>{amount}</reduction_amount><reduction_tax>1</reduction_tax>"
            f"<reduction_currency>1</reduction_currency>"
            f"<free_shipping>{int(free_shipping)}</free_shipping></cart_rule>",
        )
        return Voucher(number, amount, free_shipping)

    def register(
        self, email: str, first_name: str, last_name: str, *, guest: bool = False
    ) -> Buyer:
        """Register a customer who lives in Paris, or note a guest."""
        names = (
            f"<firstname>{escape(first_name)}</firstname><lastname>{escape(last_name)}</lastname>"
        )
        customer = _create(
            self._front,
            "customers",
            f"<customer><email>{escape(email)}</email><passwd>fourteen-signs</passwd>{names}"
            f"<active>1</active><id_lang>2</id_lang><id_default_group>{_CUSTOMERS}"
            f"</id_default_group><associations><groups><group><id>{_CUSTOMERS}</id></group>"
            "</groups></associations></customer>",
        )
        address = _create(
            self._front,
            "addresses",
            f"<address><id_customer>{customer}</id_customer><alias>Maison</alias>{names}"
            "<address1>12 rue des Lilas</address1><postcode>75011</postcode><city>Paris</city>"
            f"<phone>0102030405</phone><id_country>{_FRANCE}</id_country></address>",
        )
        if guest:
            make_guest(self._front, customer)
        root = self._front.ask("GET", f"customers/{customer}")
        secure_key = root.findtext("customer/secure_key") or ""
        return Buyer(self._front, customer, email, address, secure_key)


def _create(front: Shopfront, resource: str, entity: str) -> int:
    root = front.ask("POST", resource, f"<prestashop>{entity}</prestashop>")
    return int(root.findtext("*/id") or 0)
