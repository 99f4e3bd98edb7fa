"""The parts of an order's document: amounts, tax rates, addresses, lines, refunds. Pure.

Rules: amounts as PrestaShop computed them, in both bases, at most 6 places; a text that is too
long is cut, never refused; what the shop no longer has is empty.

    tax_rate(Decimal("16.583333"), Decimal("19.9"), known={Decimal(20)})      # Decimal("20")
    address(entity, {8: "FR"}).country                                        # "FR"
"""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal

from protocol.money import CENT, MICRO
from protocol.records import Address, OrderLine, Refund, RefundLine
from shop_agent.orders.bundles import row_number
from shop_agent.prestashop.entities import Entity, Row

#: The till's stock key of a product and combination, or None when they are not linked.
StockKeyOf = Callable[[int, int], str | None]

_LONGEST_LINE = 1000
_COUNTRY = re.compile(r"[A-Z]{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_NEVER = "0000-00-00 00:00:00"
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


def amount_if(entity: Entity, name: str) -> Decimal:
    """Return an amount; 0 where this version of PrestaShop does not have the field."""
    return amount(entity, name) if name in entity.fields else Decimal(0)


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
        **_reductions(detail),
    )


def _reductions(detail: Entity) -> dict[str, Decimal | None]:
    """Return what the unit cost before, and what was taken off; None where there is nothing."""
    fields = {
        "original_price_tax_excluded": "original_product_price",
        "reduction_percent": "reduction_percent",
        "reduction_tax_excluded": "reduction_amount_tax_excl",
        "reduction_tax_included": "reduction_amount_tax_incl",
        "ecotax": "ecotax",
    }
    return {ours: amount_if(detail, theirs) or None for ours, theirs in fields.items()}


def refund(slip: Entity) -> Refund:
    """Return one credit slip; it may be an amount without lines."""
    at = moment(slip, "date_add")
    return Refund(
        id=slip.id,
        at=at,
        products_tax_excluded=amount_if(slip, "total_products_tax_excl"),
        products_tax_included=amount_if(slip, "total_products_tax_incl"),
        shipping_tax_excluded=amount_if(slip, "total_shipping_tax_excl"),
        shipping_tax_included=amount_if(slip, "total_shipping_tax_incl"),
        lines=tuple(
            RefundLine(
                line=row_number(row, "id_order_detail", slip),
                quantity=row_number(row, "product_quantity", slip),
                total_tax_excluded=row_amount(row, "amount_tax_excl", slip),
                total_tax_included=row_amount(row, "amount_tax_incl", slip),
            )
            for row in slip.associations.get("order_slip_details", ())
        ),
    )


def moment(entity: Entity, name: str) -> str | None:
    """Return one of the shop's local times; None for none (`0000-00-00 00:00:00`)."""
    value = line(entity, name)
    return value if _TIME.fullmatch(value) and value != _NEVER else None


def row_amount(row: Row, name: str, owner: Entity) -> Decimal:
    """Return a column of an association's row as an amount of at most 6 places."""
    return amount(Entity(owner.resource, owner.id, {name: row.get(name) or "0"}), name)


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
