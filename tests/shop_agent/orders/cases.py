"""Hand-made entities of one shoe shop: its profile, orders, lines, customers."""

from collections.abc import Mapping
from decimal import Decimal

from shop_agent.orders.bundles import LightOrder, OrderBundle, light_order
from shop_agent.orders.roles import Bought
from shop_agent.prestashop.entities import Entity, Row
from shop_agent.profile import Profile, StateFlags

PLACED = "2026-11-24 10:00:00"


def state(number: int, name: str, flags: str = "", module: str = "") -> StateFlags:
    """Return a state; its flags are named by their first letters: p, s, d, l."""
    return StateFlags(
        id=number,
        name=name,
        paid="p" in flags,
        shipped="s" in flags,
        delivery="d" in flags,
        logable="l" in flags,
        deleted=False,
        module_name=module,
    )


#: Numbers unlike those of a fresh shop: nothing may know a state by its number.
STATES = (
    state(31, "En attente du chèque", module="ps_checkpayment"),
    state(32, "Paiement accepté", "pl"),
    state(33, "En cours de préparation", "pdl"),
    state(34, "Expédié", "psdl"),
    state(35, "Livré", "psdl"),
    state(36, "Annulé"),
    state(37, "Remboursé"),
    state(38, "Erreur de paiement"),
    state(39, "En attente de réassort (payé)", "p"),
    state(40, "En attente de réassort (non payé)"),
    state(41, "En attente de paiement à la livraison", module="ps_cashondelivery"),
    state(42, "Virement", module="ps_wirepayment"),
    state(50, "Prêt à retirer", "pdl"),
    state(51, "Abandonnée"),
    state(52, "Acompte reçu", "l"),
    state(53, "Carte (module)", "p", module="somepay"),
    state(54, "Remis au transporteur", "ps"),
)
SETTINGS = {
    "PS_OS_CHEQUE": "31",
    "PS_OS_PAYMENT": "32",
    "PS_OS_PREPARATION": "33",
    "PS_OS_SHIPPING": "34",
    "PS_OS_DELIVERED": "35",
    "PS_OS_CANCELED": "36",
    "PS_OS_REFUND": "37",
    "PS_OS_ERROR": "38",
    "PS_OS_OUTOFSTOCK_PAID": "39",
    "PS_OS_OUTOFSTOCK_UNPAID": "40",
    "PS_OS_COD_VALIDATION": "41",
    "PS_OS_BANKWIRE": "42",
    "PS_COUNTRY_DEFAULT": "8",
    "PS_CURRENCY_DEFAULT": "1",
}


def profile(**settings: str) -> Profile:
    """Return the shop's profile, some settings replaced."""
    return Profile(
        version="8.2.1",
        instance="shop.example/1",
        url="https://shop.example",
        name="Aux Souliers",
        timezone="Europe/Paris",
        currency="EUR",
        languages={2: "fr", 1: "en"},
        home_category=2,
        country="FR",
        tax_groups={Decimal(20): 1, Decimal(10): 2, Decimal("5.5"): 3, Decimal(0): 0},
        tax_names={1: "Taux normal", 2: "Intermédiaire", 3: "Réduit"},
        states={one.id: one for one in STATES},
        settings={**SETTINGS, **settings},
    )


def light(
    number: int = 1,
    *lines: tuple[int, int, int],
    state: int = 32,
    reference: str = "AAAAAAAAA",
    date_add: str = PLACED,
    date_upd: str = PLACED,
) -> LightOrder:
    """Return an order in brief; a line is (product, combination, quantity)."""
    return LightOrder(
        uid=f"shop.example/1/{number}/{reference}/{date_add}",
        id=number,
        reference=reference,
        date_add=date_add,
        date_upd=date_upd,
        state=state,
        lines=tuple(Bought(*line) for line in lines),
    )


def order(number: int = 1, *lines: tuple[int, int, int], **fields: str) -> Entity:
    """Return an order: two pairs at 49.90 and shipping at 4.90, less a voucher of 5."""
    rows: tuple[Row, ...] = tuple(
        {
            "id": str(100 * number + place),
            "product_id": str(product),
            "product_attribute_id": str(combination),
            "product_quantity": str(quantity),
        }
        for place, (product, combination, quantity) in enumerate(lines or ((12, 40, 2),))
    )
    values = {
        "reference": f"REFERENC{number}",
        "id_address_delivery": "5",
        "id_address_invoice": "6",
        "id_currency": "1",
        "id_customer": "3",
        "id_carrier": "7",
        "id_shop": "1",
        "current_state": "32",
        "module": "ps_wirepayment",
        "payment": "Virement bancaire",
        "date_add": PLACED,
        "date_upd": PLACED,
        "note": "",
        "gift_message": "",
        "total_products": "83.166667",
        "total_products_wt": "99.800000",
        "total_shipping_tax_excl": "4.083333",
        "total_shipping_tax_incl": "4.900000",
        "carrier_tax_rate": "20.000",
        "total_wrapping_tax_excl": "0.000000",
        "total_wrapping_tax_incl": "0.000000",
        "total_discounts_tax_excl": "4.166667",
        "total_discounts_tax_incl": "5.000000",
        "total_paid_tax_excl": "83.083333",
        "total_paid_tax_incl": "99.700000",
        "total_paid_real": "99.700000",
        "secure_key": "0123456789abcdef0123456789abcdef",
    }
    return Entity("orders", number, {**values, **fields}, {"order_rows": rows})


def detail(number: int = 100, order_id: int = 1, **fields: str) -> Entity:
    """Return the line of two pairs at 49.90, taxed at 20 %."""
    values = {
        "id_order": str(order_id),
        "product_id": "12",
        "product_attribute_id": "40",
        "product_reference": "DERBY-41",
        "product_ean13": "3700000000017",
        "product_name": "Derby - Pointure : 41",
        "product_quantity": "2",
        "product_quantity_refunded": "0",
        "unit_price_tax_excl": "41.583333",
        "unit_price_tax_incl": "49.900000",
        "total_price_tax_excl": "83.166667",
        "total_price_tax_incl": "99.800000",
    }
    return Entity("order_details", number, {**values, **fields}, {"taxes": ({"id": "1"},)})


def made(resource: str, number: int, **fields: str) -> Entity:
    """Return an entity of plain fields."""
    return Entity(resource, number, fields)


def payment(number: int, amount: str, **fields: str) -> Entity:
    """Return a payment of the first order."""
    values = {
        "order_reference": "REFERENC1",
        "amount": amount,
        "payment_method": "Virement bancaire",
        "transaction_id": "",
        "date_add": PLACED,
    }
    return Entity("order_payments", number, {**values, **fields})


def customer(number: int = 3, **fields: str) -> Entity:
    """Return a customer, with what must not travel."""
    values = {
        "email": "marie@example.org",
        "firstname": "Marie",
        "lastname": "Durand",
        "company": "",
        "is_guest": "0",
        "id_lang": "2",
        "active": "1",
        "deleted": "0",
        "id_shop": "1",
        "date_add": PLACED,
        "date_upd": PLACED,
        "passwd": "$2y$10$secret",
        "secure_key": "0123456789abcdef0123456789abcdef",
        "birthday": "1980-02-03",
    }
    return Entity("customers", number, {**values, **fields})


def address(number: int = 5, **fields: str) -> Entity:
    """Return an address."""
    values = {
        "id_customer": "3",
        "id_country": "8",
        "company": "",
        "firstname": "Marie",
        "lastname": "Durand",
        "address1": "1 rue de l'Église",
        "address2": "",
        "postcode": "35000",
        "city": "Rennes",
        "phone": "0200000000",
        "phone_mobile": "",
        "vat_number": "",
        "other": "",
        "deleted": "0",
    }
    return Entity("addresses", number, {**values, **fields})


def bundle(placed: Entity | None = None, **parts: object) -> OrderBundle:
    """Return an order with its usual parts, some replaced."""
    entity = placed or order()
    usual: Mapping[str, object] = {
        "details": (detail(),),
        "payments": (payment(9, "99.700000"),),
        "cart_rules": (
            made("order_cart_rules", 2, name="Merci", value="5.000000", value_tax_excl="4.166667",
                 free_shipping="0", deleted="0"),
        ),
        "customer": customer(),
        "delivery": address(5),
        "invoice": address(6, city="Nantes"),
        "carrier": "Colissimo",
        "currency": "EUR",
        "countries": {8: "FR"},
        "tax_rates": {1: Decimal(20)},
    }  # fmt: skip
    return OrderBundle(light_order(entity, profile()), entity, **{**usual, **parts})  # type: ignore[arg-type]  # parts by name
