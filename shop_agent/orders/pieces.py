"""The parts of an order's document: amounts, tax rates, addresses, lines. Pure.

Rules: amounts as PrestaShop computed them, in both bases, at most 6 places; a text that is too
long is cut, never refused; what the shop no longer has is empty.

    tax_rate(Decimal("16.583333"), Decimal("19.9"), known={Decimal(20)})      # Decimal("20")
    address(entity, {8: "FR"}).country                                        # "FR"
"""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal

from protocol.money import CENT, MICRO
from protocol.records import Address, OrderLine
from shop_agent.orders.bundles import row_number
from shop_agent.prestashop.entities import Entity

#: The till's stock key of a product and combination, or None when they are not linked.
StockKeyOf = Callable[[int, int], str | None]

_LONGEST_LINE = 1000
_COUNTRY = re.compile(r"[A-Z]{2}")
#: PrestaShop rounds a price with tax to the cent, or leaves it at 6 places.
_ROUNDING = Decimal("0.005001")


def line(entity: Entity, name: str) -> str:
    """Return a field as one short text; empty when this version of PrestaShop does not have it."""
    value = entity.fields.get(name, "")
    return value.strip()[:_LONGEST_LINE] if isinstance(value, str) else ""


def amount(entity: Entity, name: str) -> Decimal:
    """Return an amount of at most 6 places."""
    number = entity.number(name)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        return number.quantize(MICRO, rounding=ROUND_HALF_UP)
    return number


def tax_rate(
    tax_excluded: Decimal, tax_included: Decimal, known: Collection[Decimal]
) -> Decimal | None:
    """Return the rate, in percent, that makes one amount the other.

    Args:
        tax_excluded: Amount without tax, 6 places.
        tax_included: The same with tax, perhaps rounded to the cent.
        known: Rates of the shop: the nearest that gives the amount, to its rounding, is the one.

    Returns:
        A known rate; otherwise the quotient, 2 places; None when there is nothing to tell it by.
    """
    if tax_excluded <= 0 or tax_included < tax_excluded:
        return None
    misses = {
        rate: abs(tax_excluded * (100 + rate) / 100 - tax_included) for rate in {Decimal(0), *known}
    }
    nearest = min(misses, key=lambda rate: (misses[rate], rate))
    if misses[nearest] <= _ROUNDING:
        return nearest
    quotient = (tax_included / tax_excluded - 1) * 100
    return quotient.quantize(CENT, rounding=ROUND_HALF_UP)


def address(entity: Entity | None, countries: Mapping[int, str]) -> Address:
    """Return an address as the customer typed it; empty when the shop no longer has it."""
    if entity is None:
        return Address()
    code = countries.get(entity.whole("id_country"), "").upper()
    return Address(
        company=line(entity, "company"),
        first_name=line(entity, "firstname"),
        last_name=line(entity, "lastname"),
        address1=line(entity, "address1"),
        address2=line(entity, "address2"),
        postcode=line(entity, "postcode"),
        city=line(entity, "city"),
        country=code if _COUNTRY.fullmatch(code) else None,
        phone=line(entity, "phone"),
        mobile=line(entity, "phone_mobile"),
        vat_number=line(entity, "vat_number"),
        note=line(entity, "other"),
    )


def order_line(
    detail: Entity,
    *,
    credited: int,
    stock_key_of: StockKeyOf,
    tax_rates: Mapping[int, Decimal],
    known_rates: Collection[Decimal],
) -> OrderLine:
    """Return one line of an order.

    Args:
        detail: Its order_detail.
        credited: Units of it on credit slips.
        stock_key_of: The till's stock key of what was bought.
        tax_rates: Percent by tax id.
        known_rates: Rates of the shop, for a line whose taxes are not said.
    """
    product, combination = detail.whole("product_id"), detail.whole("product_attribute_id")
    quantity = detail.whole("product_quantity")
    return OrderLine(
        id=detail.id,
        product_id=product,
        combination_id=combination,
        stock_key=stock_key_of(product, combination),
        reference=line(detail, "product_reference"),
        ean=line(detail, "product_ean13"),
        name=line(detail, "product_name"),
        quantity=quantity,
        refunded=min(quantity, max(detail.whole("product_quantity_refunded"), credited)),
        unit_price_tax_excluded=amount(detail, "unit_price_tax_excl"),
        unit_price_tax_included=amount(detail, "unit_price_tax_incl"),
        total_tax_excluded=amount(detail, "total_price_tax_excl"),
        total_tax_included=amount(detail, "total_price_tax_incl"),
        tax_rate=_line_rate(detail, tax_rates, known_rates),
    )


def _line_rate(
    detail: Entity, tax_rates: Mapping[int, Decimal], known: Collection[Decimal]
) -> Decimal | None:
    """Return the sum of the taxes that the line names, or what its prices tell."""
    named = [row_number(row, "id", detail) for row in detail.associations.get("taxes", ())]
    if named and all(tax in tax_rates for tax in named):
        return sum((tax_rates[tax] for tax in named), Decimal(0)).quantize(
            MICRO, rounding=ROUND_HALF_UP
        )
    return tax_rate(
        detail.number("unit_price_tax_excl"), detail.number("unit_price_tax_incl"), known
    )
