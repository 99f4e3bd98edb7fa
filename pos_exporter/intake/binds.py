"""What an order and a customer are to the mapping's SQL: named values, nothing else.

The names are those of `mapping.write_binds`; a test holds the two together. Amounts and times are
texts in the mapping's own format, exact to the last place; quantities are integers.

    values = order_binds(order, formats, till_timezone="Europe/Paris")
    values["order_uid"], values["total_tax_included"]          # '…', '49,90'
"""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pos_exporter.intake.port import LineNotLinkedError, TaxRateUnknownError
from pos_exporter.mapping.keys import split_key
from pos_exporter.mapping.shop import find_zone
from pos_exporter.mapping.write_back import WriteFormats
from pos_exporter.mapping.write_binds import MOST_KEY_PARTS
from protocol.money import format_decimal
from protocol.records import Address, Customer, Order, OrderLine, content_hash

Bind = str | int | None
Binds = dict[str, Bind]


def check_order(order: Order, formats: WriteFormats) -> None:
    """Refuse an order of which the till has no word for a line or a VAT rate.

    Raises:
        LineNotLinkedError: For a line that is no article of the till.
        TaxRateUnknownError: For a rate that has no code; the carriage's only where it costs, nor
            that of a line that costs nothing and tells none.
    """
    for number, line in enumerate(order.lines, 1):
        if line.stock_key is None:
            raise LineNotLinkedError(place=order.reference, line=number, name=line.name)
    said = (line for line in order.lines if line.tax_rate is not None or line.total_tax_included)
    rates = [line.tax_rate for line in said]
    if order.totals.shipping_tax_included:
        rates.append(order.totals.shipping_tax_rate)
    for rate in rates if formats.tax_rates else ():
        if _tax_code(rate, formats) is None:
            told = "?" if rate is None else format_decimal(rate)
            raise TaxRateUnknownError(place=order.reference, value=told, rate=told)


def _tax_code(rate: Decimal | None, formats: WriteFormats) -> str | None:
    return None if rate is None else formats.tax_rates.get(rate)


def customer_binds(customer: Customer, invoice: Address | None = None) -> Binds:
    """Return a customer's values.

    Args:
        customer: The customer.
        invoice: The address to take where the customer has none of their own.
    """
    address = customer.address or invoice or Address()
    values = _address_binds("customer", address)
    first, last = customer.first_name, customer.last_name
    return values | {
        "customer_uid": customer.key,
        "customer_shop_id": customer.shop_id,
        "customer_email": customer.email,
        "customer_first_name": first,
        "customer_last_name": last,
        "customer_name": f"{first} {last}".strip(),
        "customer_company": customer.company or address.company,
        "customer_guest": int(customer.guest),
        "customer_language": customer.language,
    }


def order_binds(order: Order, formats: WriteFormats, till_timezone: str) -> Binds:
    """Return an order's values, its customer's and its addresses'."""
    values: Binds = {
        "order_uid": order.key,
        "order_revision": content_hash(order),
        "order_shop_id": order.shop_id,
        "order_reference": order.reference,
        "placed_at": _till_time(order, formats, till_timezone),
        "currency": order.currency,
        "state_role": order.state.role,
        "state_name": order.state.name,
        "carrier": order.carrier,
        "payment_module": order.payment_module,
        "payment_method": order.payment_method,
        "note": order.note,
        "gift_message": order.gift_message,
        "shipping_tax_code": _tax_code(order.totals.shipping_tax_rate, formats),
        "lines_json": _lines_json(order, formats),
    }
    values |= customer_binds(order.customer, order.invoice)
    values |= _address_binds("delivery", order.delivery)
    values |= _address_binds("invoice", order.invoice)
    return values | _total_binds(order, formats)


def _lines_json(order: Order, formats: WriteFormats) -> str:
    """Return all lines in one text, for a procedure that takes an order in one call."""
    lines = (line_binds(line, number, formats) for number, line in enumerate(order.lines, 1))
    return json.dumps(list(lines), ensure_ascii=False)


def _total_binds(order: Order, formats: WriteFormats) -> Binds:
    totals = order.totals
    amounts: Mapping[str, Decimal] = {
        "total_tax_included": totals.paid_tax_included,
        "total_tax_excluded": totals.paid_tax_excluded,
        "total_products_tax_included": totals.products_tax_included,
        "total_products_tax_excluded": totals.products_tax_excluded,
        "total_shipping_tax_included": totals.shipping_tax_included,
        "total_shipping_tax_excluded": totals.shipping_tax_excluded,
        "total_wrapping_tax_included": totals.wrapping_tax_included,
        "total_wrapping_tax_excluded": totals.wrapping_tax_excluded,
        "total_discounts_tax_included": totals.discounts_tax_included,
        "total_discounts_tax_excluded": totals.discounts_tax_excluded,
        "total_paid": totals.paid_real,
        "shipping_tax_rate": totals.shipping_tax_rate,
    }
    return {name: amount_text(amount, formats) for name, amount in amounts.items()}


def line_binds(line: OrderLine, number: int, formats: WriteFormats) -> Binds:
    """Return a line's values.

    Args:
        line: The line; its stock key must be known.
        number: Its place in the order, from 1.
        formats: How amounts are written.
    """
    kind, _, key = (line.stock_key or "").partition(":")
    parts = split_key(key)
    single = parts[0] if len(parts) == 1 else key
    values: Binds = {
        "line_number": number,
        "line_id": line.id,
        "stock_key": line.stock_key,
        "sellable_key": single,
        "article_key": single if kind == "a" else None,
        "variant_key": single if kind == "v" else None,
        "reference": line.reference,
        "ean": line.ean,
        "name": line.name,
        "quantity": line.quantity,
        "refunded": line.refunded,
        "tax_rate": None if line.tax_rate is None else amount_text(line.tax_rate, formats),
        "tax_code": _tax_code(line.tax_rate, formats),
        "unit_price_tax_included": amount_text(line.unit_price_tax_included, formats),
        "unit_price_tax_excluded": amount_text(line.unit_price_tax_excluded, formats),
        "line_total_tax_included": amount_text(line.total_tax_included, formats),
        "line_total_tax_excluded": amount_text(line.total_tax_excluded, formats),
    }
    padded = (*parts, *[None] * MOST_KEY_PARTS)[:MOST_KEY_PARTS]
    return values | {f"key_{place}": part for place, part in enumerate(padded, 1)}


def amount_text(amount: Decimal, formats: WriteFormats) -> str:
    """Return an amount as the till writes it: two places at least, none lost."""
    whole, _, places = format_decimal(amount).partition(".")
    return f"{whole}{formats.decimal}{places.ljust(2, '0')}"


def _address_binds(whose: str, address: Address) -> Binds:
    values: Binds = {f"{whose}_{name}": getattr(address, name) for name in Address.model_fields}
    name = f"{address.first_name} {address.last_name}".strip()
    return values | {f"{whose}_name": name or address.company}


def _till_time(order: Order, formats: WriteFormats, till_timezone: str) -> str | None:
    """Return when the order was placed, by the till's clock; None where the shop has no date.

    A zone that this PC does not know leaves the shop's time as it is: some hours more or less.
    """
    try:
        placed = datetime.fromisoformat(order.placed_at)
    except ValueError:
        return None  # 0000-00-00, as MySQL writes that there is none
    zone = find_zone(order.timezone)
    if zone is not None and order.timezone != till_timezone:
        placed = placed.replace(tzinfo=zone).astimezone(ZoneInfo(till_timezone))
    return placed.strftime(formats.date)
