"""Amounts, rates, units, weights and sizes: read strictly, in the unit that they travel in.

Each takes a cell's value and answers it ready to travel, or raises the one error that names the
fault. Nothing is a float on the way.

    sale_price(french)("49,90")          # Decimal('49.90')
    grams(french, "kg")("0,850")         # 850
    units(french)("-3")                  # -3
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from pos_exporter.mapping.figure_errors import (
    AmountTooLargeError,
    BadRateError,
    NegativeFigureError,
    NegativePriceError,
    PriceMissingError,
    PricePlacesError,
    StockNotANumberError,
    StockNotWholeError,
    ZeroPriceError,
)
from pos_exporter.mapping.formats import Formats, Value, parse_number
from pos_exporter.mapping.offer_errors import PercentError, UnitsError
from pos_exporter.mapping.row_errors import NotANumberError
from protocol.money import CENT, MICRO, round_cents

_MOST_MONEY = Decimal("999999999")
_MOST_UNITS = 999_999_999
_MOST_GRAMS, _MOST_MILLIMETRES = 999_999_999, 999_999
_GRAMS = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "oz": Decimal("28.349523125"),
    "lb": Decimal("453.59237"),
}
_MILLIMETRES = {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000), "in": Decimal("25.4")}


def sale_price(formats: Formats) -> Callable[[Value], Decimal | None]:
    """Return what reads a price with tax: 2 decimals, above zero; None for nothing."""

    def read(value: Value) -> Decimal | None:
        if value is None:
            return None
        amount = _cents(value, formats)
        if amount == 0:
            raise ZeroPriceError(value=value)
        return amount

    return read


def needed_price(formats: Formats) -> Callable[[Value], Decimal]:
    """Return what reads a price with tax that must be there."""
    optional = sale_price(formats)

    def read(value: Value) -> Decimal:
        amount = optional(value)
        if amount is None:
            raise PriceMissingError()
        return amount

    return read


def needed_amount(formats: Formats, *, places: Decimal) -> Callable[[Value], Decimal]:
    """Return what reads an amount above zero that must be there, to these places."""

    def read(value: Value) -> Decimal:
        if value is None:
            raise PriceMissingError()
        amount = _amount(value, formats)
        if amount == 0:
            raise ZeroPriceError(value=value)
        if amount != amount.quantize(places):
            raise PricePlacesError(value=value)
        return amount.quantize(places)

    return read


def optional_amount(formats: Formats) -> Callable[[Value], Decimal | None]:
    """Return what reads an amount with tax, 2 decimals; None for nothing and for zero."""

    def read(value: Value) -> Decimal | None:
        return None if value is None else _cents(value, formats) or None

    return read


def purchase_price(formats: Formats) -> Callable[[Value], Decimal | None]:
    """Return what reads a purchase price without tax: zero is possible, 6 decimals are kept."""

    def read(value: Value) -> Decimal | None:
        return None if value is None else _amount(value, formats).quantize(MICRO)

    return read


def _cents(value: Value, formats: Formats) -> Decimal:
    amount = _amount(value, formats)
    if amount != round_cents(amount):
        raise PricePlacesError(value=value)
    return amount.quantize(CENT)


def _amount(value: Value, formats: Formats) -> Decimal:
    amount = parse_number(value, formats)
    if amount < 0:
        raise NegativePriceError(value=value)
    if amount > _MOST_MONEY:
        raise AmountTooLargeError(value=value)
    return amount


def tax_rate(formats: Formats) -> Callable[[Value], Decimal]:
    """Return what reads a VAT rate in percent."""

    def read(value: Value) -> Decimal:
        try:
            rate = parse_number(value, formats)
        except (NotANumberError, AmountTooLargeError) as error:
            raise BadRateError(value=value) from error
        if not 0 <= rate <= 100 or rate != rate.quantize(MICRO):
            raise BadRateError(value=value)
        return rate

    return read


def percent(formats: Formats) -> Callable[[Value], Decimal | None]:
    """Return what reads a reduction in percent; None for nothing and for zero."""

    def read(value: Value) -> Decimal | None:
        if value is None:
            return None
        found = parse_number(value, formats)
        if not 0 <= found <= 100 or found != found.quantize(MICRO):
            raise PercentError(value=value)
        return found or None

    return read


def units(formats: Formats) -> Callable[[Value], int]:
    """Return what reads a stock figure: whole, signed, never clamped."""

    def read(value: Value) -> int:
        try:
            number = parse_number(value, formats)
        except (NotANumberError, AmountTooLargeError) as error:
            raise StockNotANumberError(value="" if value is None else value) from error
        if number != number.to_integral_value() or abs(number) > _MOST_UNITS:
            raise StockNotWholeError(value=value)
        return int(number)

    return read


def units_from(formats: Formats, least: int, *, default: int | None) -> Callable[[Value], int]:
    """Return what reads a number of units of at least so many.

    Args:
        formats: How the till writes numbers.
        least: The smallest that makes sense.
        default: Instead of nothing; None: there must be one.
    """

    def read(value: Value) -> int:
        if value is None and default is not None:
            return default
        number = parse_number(value, formats)
        if number != number.to_integral_value() or not least <= number <= _MOST_UNITS:
            raise UnitsError(value=value, least=least)
        return int(number)

    return read


def grams(formats: Formats, unit: str) -> Callable[[Value], int | None]:
    """Return what reads a weight in a unit, as whole grams, half up."""
    return _measure(formats, _GRAMS[unit], _MOST_GRAMS)


def millimetres(formats: Formats, unit: str) -> Callable[[Value], int | None]:
    """Return what reads a length in a unit, as whole millimetres, half up."""
    return _measure(formats, _MILLIMETRES[unit], _MOST_MILLIMETRES)


def _measure(formats: Formats, factor: Decimal, most: int) -> Callable[[Value], int | None]:
    def read(value: Value) -> int | None:
        if value is None:
            return None
        figure = parse_number(value, formats)
        if figure < 0:
            raise NegativeFigureError(value=value)
        if figure * factor > most:
            raise AmountTooLargeError(value=value)
        return int((figure * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    return read
