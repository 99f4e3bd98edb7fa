"""What the shop takes and what it refuses, so that a wrong value is named at the till.

PrestaShop refuses a whole request for one wrong sign; these rules find it before. Each takes a
cell's value and answers it ready to travel, or raises the one error that names the fault.

    name = line_of(NAME)                 # a rule for names: 128 characters, no <>;=#{}
    name("  Derby\u00a0Ambroise ")
    sale_price(french)("49,90")          # Decimal('49.90')
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from stdnum import ean as stdnum_ean
from stdnum.exceptions import ValidationError as StdnumError

from pos_exporter.mapping.errors import (
    ActiveHtmlError,
    AmountTooLargeError,
    BadColorError,
    BadEanError,
    BadRateError,
    NameEmptyError,
    NameSignsError,
    NameTooLongError,
    NegativePriceError,
    NotANumberError,
    PriceMissingError,
    PricePlacesError,
    ReferenceEmptyError,
    ReferenceSignsError,
    ReferenceTooLongError,
    RowError,
    StockNotANumberError,
    StockNotWholeError,
    TooLongError,
    ZeroPriceError,
)
from pos_exporter.mapping.formats import (
    Formats,
    Value,
    clean_line,
    clean_prose,
    parse_number,
    plain_text,
)
from protocol.money import CENT, MICRO, round_cents

_MOST_MONEY = Decimal("999999999")
_MOST_UNITS = 999_999_999
_PROSE_LIMIT = 500_000
_ACTIVE = re.compile(
    r"<\s*/?\s*(script|iframe|form|object|embed|input)\b"
    r"|<[^>]*?[\s\"'/](on[a-z]+)\s*=|(javascript)\s*:",
    re.IGNORECASE,
)
_COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True)
class LineRule:
    """What one kind of short text may hold.

    Args:
        limit: The most characters.
        signs: Those that PrestaShop refuses.
        empty, long, wrong: The errors for each fault.
    """

    limit: int
    signs: str
    empty: type[RowError] = NameEmptyError
    long: type[RowError] = NameTooLongError
    wrong: type[RowError] = NameSignsError


#: Article, family: PrestaShop's isCatalogName.
NAME = LineRule(128, "<>;=#{}")
BRAND_NAME = LineRule(64, "<>;=#{}")
#: Axis, size, colour, a photo's legend: isGenericName.
PLAIN_NAME = LineRule(128, "<>={}")
REFERENCE = LineRule(64, "<>;={}", ReferenceEmptyError, ReferenceTooLongError, ReferenceSignsError)


def line_of(rule: LineRule) -> Callable[[Value], str | None]:
    """Return what reads an optional line of this kind."""

    def read(value: Value) -> str | None:
        text = clean_line(plain_text(value) or "").strip()
        if not text:
            return None
        if len(text) > rule.limit:
            raise rule.long(value=text, length=len(text), limit=rule.limit)
        if wrong := [sign for sign in rule.signs if sign in text]:
            raise rule.wrong(value=text, signs=" ".join(wrong))
        return text

    return read


def needed_line(rule: LineRule) -> Callable[[Value], str]:
    """Return what reads a line of this kind that must not be empty."""
    optional = line_of(rule)

    def read(value: Value) -> str:
        text = optional(value)
        if text is None:
            raise rule.empty()
        return text

    return read


def description(value: Value) -> str | None:
    """Return a description in HTML; nothing in it may run, load or be filled in.

    Such code is refused, not repaired: the shopkeeper sees what the site would not show.
    """
    text = clean_prose(plain_text(value) or "").strip()
    if len(text) > _PROSE_LIMIT:
        raise TooLongError(value=text, limit=_PROSE_LIMIT)
    if found := _ACTIVE.search(text):
        raise ActiveHtmlError(value=found.group(), part=next(p for p in found.groups() if p))
    return text or None


def bar_code(lengths: tuple[int, ...]) -> Callable[[Value], str | None]:
    """Return what reads an optional EAN or UPC of one of these lengths, check digit included."""

    def read(value: Value) -> str | None:
        written = plain_text(value)
        if written is None or not written.strip():
            return None
        try:
            code = str(stdnum_ean.validate(written))
        except StdnumError as error:
            raise BadEanError(value=written) from error
        if len(code) not in lengths:
            raise BadEanError(value=written)
        return code

    return read


def color(value: Value) -> str | None:
    """Return an optional `#rrggbb`."""
    text = (plain_text(value) or "").strip()
    if text and not _COLOR.match(text):
        raise BadColorError(value=text)
    return text or None


def sale_price(formats: Formats) -> Callable[[Value], Decimal | None]:
    """Return what reads a price with tax: 2 decimals, above zero; None for nothing."""

    def read(value: Value) -> Decimal | None:
        if value is None:
            return None
        amount = _amount(value, formats)
        if amount == 0:
            raise ZeroPriceError(value=value)
        if amount != round_cents(amount):
            raise PricePlacesError(value=value)
        return amount.quantize(CENT)

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


def purchase_price(formats: Formats) -> Callable[[Value], Decimal | None]:
    """Return what reads a purchase price without tax: zero is possible, 6 decimals are kept."""

    def read(value: Value) -> Decimal | None:
        return None if value is None else _amount(value, formats).quantize(MICRO)

    return read


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
