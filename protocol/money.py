"""Money, rates and quantities: the one place where they are read, rounded and written.

Amounts are `Decimal` in the currency's main unit, never floats and never minor units. Prices with
tax (TTC) have 2 places; prices without tax (HT) have 6, which is what PrestaShop stores.
Rounding is half up, as French invoices and PrestaShop's default do.

    price = parse_decimal("49.90", place="article 7, price")
    base = excluding_tax(price, Decimal("20"))       # Decimal("41.583333")
    assert including_tax(base, Decimal("20")) == price
"""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from protocol.errors import RefusedItemError, Text

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")
#: SPEC §6.1: what a decimal string looks like on the wire.
DECIMAL_PATTERN = r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$"
_DECIMAL = re.compile(DECIMAL_PATTERN)


class BadDecimalError(RefusedItemError):
    """A text is not a decimal string of the protocol."""

    code = "E-REC-010"
    what = Text("Nombre illisible", "Not a number")
    remedy = Text("Écrire par exemple 49.90", "Write for example 49.90")


class PriceNotRepresentableError(RefusedItemError):
    """No price without tax of 6 places gives this price with tax back (cannot happen under 1e9)."""

    code = "E-REC-011"
    what = Text("Prix TTC impossible à {rate} %", "No such tax-included price at {rate} %")
    remedy = Text("Vérifier le prix et le taux", "Check the price and the rate")


def parse_decimal(text: str, *, place: str = "") -> Decimal:
    """Return the amount of a wire string.

    Raises:
        BadDecimalError: when the text does not match SPEC §6.1 (no exponent, no comma, no NaN).
    """
    if not _DECIMAL.fullmatch(text):
        raise BadDecimalError(place=place, value=text)
    return Decimal(text)


def format_decimal(amount: Decimal) -> str:
    """Return the shortest wire string of an amount: no exponent, no trailing zeros."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def round_cents(amount: Decimal) -> Decimal:
    """Return the amount rounded half up to 2 places."""
    return _quantize(amount, CENT)


def excluding_tax(tax_included: Decimal, rate_percent: Decimal) -> Decimal:
    """Return the price without tax, 6 places, whose price with tax is exactly the one given.

    Args:
        tax_included: Price with tax, 2 places.
        rate_percent: For example `Decimal("5.5")`.

    Raises:
        PriceNotRepresentableError: when rounding at 6 places does not give the price back.
    """
    with localcontext() as context:
        context.prec = 40
        base = _quantize(tax_included / (1 + rate_percent / 100), MICRO)
    if including_tax(base, rate_percent) != round_cents(tax_included):
        raise PriceNotRepresentableError(value=tax_included, rate=rate_percent)
    return base


def including_tax(tax_excluded: Decimal, rate_percent: Decimal) -> Decimal:
    """Return the price with tax, 2 places, as PrestaShop shows it."""
    with localcontext() as context:
        context.prec = 40
        return _quantize(tax_excluded * (1 + rate_percent / 100), CENT)


def _quantize(amount: Decimal, step: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        return amount.quantize(step, rounding=ROUND_HALF_UP)
