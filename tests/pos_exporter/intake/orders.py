"""Web orders for tests."""

from decimal import Decimal

from protocol.records import Address, Customer, Order, OrderLine, OrderState, Totals

ADDRESS = Address(
    first_name="Zoé",
    last_name="O'Hara; DROP TABLE CLIENT",
    address1="12 rue de l’Œuvre",
    postcode="26100",
    city="Romans",
    country="FR",
    phone="0475000000",
)


def customer(shop_id: int = 7, **changes: object) -> Customer:
    """Return a customer."""
    told = {
        "key": f"shop-{shop_id}", "shop_id": shop_id, "email": "zoe@example.com",
        "first_name": "Zoé", "last_name": "O'Hara", "language": "fr",
    }  # fmt: skip
    return Customer.model_validate({**told, **changes})


def line(number: int, stock_key: str | None, units: int = 1) -> OrderLine:
    """Return a line of a pair at 49.90."""
    price = Decimal("49.90")
    return OrderLine(
        id=100 + number,
        product_id=number,
        combination_id=0,
        stock_key=stock_key,
        reference=f"R-{number}",
        name=f"Derby n°{number}",
        quantity=units,
        unit_price_tax_excluded=Decimal("41.583333"),
        unit_price_tax_included=price,
        total_tax_excluded=Decimal("41.583333") * units,
        total_tax_included=price * units,
        tax_rate=Decimal(20),
    )


def order(uid: str, *lines: OrderLine, **changes: object) -> Order:
    """Return a paid order."""
    zero, paid = Decimal(0), sum((entry.total_tax_included for entry in lines), Decimal(0))
    totals = Totals(
        products_tax_excluded=paid,
        products_tax_included=paid,
        shipping_tax_excluded=Decimal("4.083333"),
        shipping_tax_included=Decimal("4.90"),
        shipping_tax_rate=Decimal(20),
        wrapping_tax_excluded=zero,
        wrapping_tax_included=zero,
        discounts_tax_excluded=zero,
        discounts_tax_included=zero,
        paid_tax_excluded=paid,
        paid_tax_included=paid,
        paid_real=paid,
    )
    told = {
        "key": uid,
        "shop_id": 1,
        "reference": f"REF{uid}",
        "placed_at": "2026-11-24 09:30:00",
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "state": OrderState(id=2, role="paid", name="Paiement accepté"),
        "customer": customer(),
        "delivery": ADDRESS,
        "invoice": ADDRESS,
        "carrier": "Colis",
        "lines": lines,
        "totals": totals,
        "note": "Sonner 2 fois",
    }
    return Order.model_validate({**told, **changes})
