"""What happens in the shop without the webservice: customers register and buy, people move orders.

Everything goes through the code that the webservice uses, so that stock, states and mails are the
same; only the entrance differs.

    office.register_customer("zoe@example.com", firstname="Zoé", lastname="Durand")
    order = office.place_order("zoe@example.com", [(6, 0, 2)], state=2)
    office.set_state(order, 4)
"""

from collections.abc import Sequence
from decimal import Decimal

from demo.prestashop import order_states, ordering, stock
from demo.prestashop.core import Core
from demo.prestashop.families.people import hash_password
from demo.prestashop.families.registry import make_families
from demo.prestashop.record import Record
from demo.prestashop.refusals import PhpDiedError, RefusedError
from demo.prestashop.tables import RESOURCES
from protocol.errors import Text, UsageError

FRANCE = "8"
OrderLine = tuple[int, int, int]


class BackOfficeRefusedError(UsageError):
    """An act of the simulated back office that the shop did not accept."""

    code = "E-DEMO-002"
    what = Text("Acte refusé par la boutique simulée", "RefusedError by the simulated shop")
    remedy = Text("Vérifier les identifiants donnés", "Check the ids that were given")


class BackOffice:
    """Acts of people, through the same code as the webservice.

    Args:
        core: The shop's shared parts.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self._made = make_families(core)

    def register_customer(
        self,
        email: str,
        *,
        firstname: str = "Camille",
        lastname: str = "Martin",
        guest: bool = False,
        lang: int = 2,
        newsletter: bool = False,
    ) -> int:
        """Register a customer, or note a guest, and return the id.

        Raises:
            BackOfficeRefusedError: A registered customer has this e-mail already.
        """
        group = self.core.setting("PS_GUEST_GROUP" if guest else "PS_CUSTOMER_GROUP")
        values: dict[str, str | None] = {
            "email": email,
            "firstname": firstname,
            "lastname": lastname,
            "passwd": hash_password(self.core, email),
            "active": "1",
            "is_guest": "1" if guest else "0",
            "id_lang": str(lang),
            "id_default_group": group,
            "newsletter": "1" if newsletter else "0",
        }
        return self._add("customers", values)

    def add_address(
        self,
        customer: int,
        *,
        firstname: str = "Camille",
        lastname: str = "Martin",
        address1: str = "12 rue des Lilas",
        postcode: str = "75011",
        city: str = "Paris",
        phone: str = "0102030405",
        country: str = FRANCE,
    ) -> int:
        """Add an address of a customer and return its id."""
        values: dict[str, str | None] = {
            "id_customer": str(customer),
            "alias": "Maison",
            "firstname": firstname,
            "lastname": lastname,
            "address1": address1,
            "postcode": postcode,
            "city": city,
            "phone": phone,
            "id_country": country,
        }
        return self._add("addresses", values)

    def place_order(
        self,
        customer_email: str,
        lines: Sequence[OrderLine],
        *,
        guest: bool = False,
        module: str = "",
        payment: str = "Virement bancaire",
        state: int | None = None,
        paid: Decimal | None = None,
        lang: int = 2,
    ) -> int:
        """Place an order as a customer on the site would, and return its id.

        Args:
            customer_email: A registered customer's, made when missing; a guest is always new.
            lines: Product id, combination id (0 for none), quantity.
            guest: Whether the customer buys without an account.
            module: Payment module; empty for the first that is installed.
            payment: Name of the payment.
            state: State the order begins in; None for "remote payment accepted", 0 for an order
                that is still being made (`set_state` finishes it).
            paid: Amount paid; None for the cart's total.
            lang: Language of the customer.

        Raises:
            BackOfficeRefusedError: No line names a product of the shop.
        """
        with self.core.database.transaction():
            customer = self._find_customer(customer_email, guest, lang)
            address = self._find_address(customer)
            cart = self._fill_cart(customer, address, lines, lang)
            wish = ordering.Placement(
                cart=cart,
                customer=customer,
                delivery_address=address,
                invoice_address=address,
                module=module or next(iter(self.core.version.modules)),
                payment=payment,
                paid=paid,
                lang=lang,
                state=state,
            )
            try:
                return ordering.place(self.core, wish)
            except PhpDiedError as error:
                raise BackOfficeRefusedError(place="place_order", value=error.text) from error

    def set_state(self, id_order: int, id_state: int, *, mail: bool = True) -> int:
        """Bring an order into a state and return the history line's id.

        Raises:
            BackOfficeRefusedError: The order or the state does not exist.
        """
        with self.core.database.transaction():
            try:
                return order_states.move(self.core, id_order, id_state, mail=mail)
            except PhpDiedError as error:
                place = f"order {id_order}"
                raise BackOfficeRefusedError(place=place, value=id_state) from error

    def set_stock(self, product: int, combination: int, quantity: int) -> None:
        """Set what can be sold of a product (combination 0) or of a combination."""
        with self.core.database.transaction():
            stock.set_quantity(self.core, product, combination, quantity)

    def stock_of(self, product: int, combination: int = 0) -> int:
        """Return what can be sold; 0 when there is no row."""
        sql = "SELECT quantity FROM stock_availables WHERE id = ?"
        row = stock.row_of(self.core, product, combination)
        return self.core.database.number(sql, row)

    def _add(self, resource: str, values: dict[str, str | None]) -> int:
        record = Record(RESOURCES[resource], values=values)
        with self.core.database.transaction():
            try:
                self._made[resource].add(record)
            except RefusedError as error:
                raise BackOfficeRefusedError(place=resource, value=error) from error
        return record.id

    def _find_customer(self, email: str, guest: bool, lang: int) -> int:
        sql = "SELECT id FROM customers WHERE email = ? AND is_guest = 0 AND deleted = 0"
        known = 0 if guest else self.core.database.number(sql, email)
        return known or self.register_customer(email, guest=guest, lang=lang)

    def _find_address(self, customer: int) -> int:
        sql = "SELECT id FROM addresses WHERE id_customer = ? AND deleted = 0 ORDER BY id LIMIT 1"
        known = self.core.database.number(sql, customer)
        if known:
            return known
        sql = "SELECT firstname, lastname FROM customers WHERE id = ?"
        person = self.core.database.rows(sql, customer)[0]
        return self.add_address(
            customer, firstname=person["firstname"] or "", lastname=person["lastname"] or ""
        )

    def _fill_cart(self, customer: int, address: int, lines: Sequence[OrderLine], lang: int) -> int:
        sql = "SELECT secure_key FROM customers WHERE id = ?"
        record = Record(RESOURCES["carts"])
        record.values |= {
            "id_customer": str(customer),
            "id_address_delivery": str(address),
            "id_address_invoice": str(address),
            "id_currency": self.core.setting("PS_CURRENCY_DEFAULT"),
            "id_lang": str(lang),
            "id_carrier": self.core.setting("PS_CARRIER_DEFAULT"),
            "secure_key": self.core.database.find_text(sql, customer),
        }
        family = self._made["carts"]
        family.add(record)
        rows = [
            {
                "id_product": str(product),
                "id_product_attribute": str(combination),
                "id_address_delivery": str(address),
                "quantity": str(quantity),
            }
            for product, combination, quantity in lines
        ]
        if rows:
            family.set_rows(record, "cart_rows", rows)
        return record.id
