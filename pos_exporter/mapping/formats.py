"""How a till writes numbers, days and yes or no, and how each is read, strictly.

A number is read as written or refused: no guess between a decimal comma and a thousands sign, no
float on the way (a float's shortest decimal text is what the till meant). Blank means nothing.

    french = Formats(decimal=",")
    parse_number("1 249,90", french)     # Decimal('1249.90')
    parse_bool("O", french)              # True
    parse_date("24/11/2026", Formats(date="%d/%m/%Y"))
"""

import math
import re
import unicodedata
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pos_exporter.mapping.figure_errors import AmountTooLargeError
from pos_exporter.mapping.row_errors import (
    NotADateError,
    NotANumberError,
    UndecodableTextError,
    UnknownFlagError,
)
from pos_exporter.source.port import Undecodable

#: A cell once it is read: what expressions and fields are made of.
Value = str | Decimal | bool | date | None

_MOST_DIGITS = 30
_SPACES = (" ", "\u00a0", "\u202f")


class Formats(BaseModel):
    """How the till writes values.

    Args:
        decimal: The decimal sign of numbers kept as text.
        thousands: Signs that may stand between groups of three digits.
        date: Of days kept as text, in strptime's letters.
        moment: Of days with a time kept as text, likewise.
        bool_true: What means yes; letter case does not matter.
        bool_false: What means no; an empty text stands for a blank cell.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    decimal: Annotated[str, Field(pattern=r"^[.,]$")] = "."
    thousands: tuple[str, ...] = _SPACES
    date: str = "%Y-%m-%d"
    moment: str = "%Y-%m-%d %H:%M:%S"
    bool_true: tuple[str | bool, ...] = ("1", "-1", "o", "oui", "y", "yes", "t", "true", "vrai")
    bool_false: tuple[str | bool, ...] = ("", "0", "n", "non", "no", "f", "false", "faux")


def cell(raw: object, encoding: str | None = None) -> Value:
    """Return what a driver gave as a plain value.

    Args:
        raw: The cell. One byte of 0 or 1 is a bit; other bytes are text.
        encoding: Of bytes; None: the source has tried already.

    Raises:
        UndecodableTextError, NotANumberError: When it is nothing that can be read.
    """
    if raw is None or isinstance(raw, str | bool | Decimal | date):
        return raw
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        if not math.isfinite(raw):
            raise NotANumberError(value=raw)
        return Decimal(repr(raw))
    if isinstance(raw, Undecodable):
        return _decoded(raw.raw, encoding)
    if isinstance(raw, bytes | bytearray | memoryview):
        content = bytes(raw)
        return Decimal(content[0]) if content in {b"\0", b"\1"} else _decoded(content, encoding)
    return str(raw)


def _decoded(raw: bytes, encoding: str | None) -> str:
    try:
        return raw.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise UndecodableTextError(value=Undecodable(raw)) from error


def parse_number(value: Value, formats: Formats) -> Decimal:
    """Return a number.

    Raises:
        NotANumberError: When it is not written as the formats say.
        AmountTooLargeError: When it has more digits than any amount.
    """
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, str):
        found = _number_pattern(formats.decimal, formats.thousands).fullmatch(value.strip())
        if found is None:
            raise NotANumberError(value=value)
        whole = re.sub(r"[^0-9]", "", found["whole"])
        number = Decimal(f"{found['sign'] or ''}{whole or '0'}.{found['part'] or '0'}")
    else:
        raise NotANumberError(value=value)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise AmountTooLargeError(value=value)
    return number


@lru_cache
def _number_pattern(decimal: str, thousands: tuple[str, ...]) -> re.Pattern[str]:
    between = "|".join(re.escape(sign) for sign in thousands if sign and sign != decimal)
    groups = rf"[0-9]{{1,3}}(?:(?:{between})[0-9]{{3}})+|" if between else ""
    part = rf"(?:{re.escape(decimal)}(?P<part>[0-9]{{1,20}}))?"
    return re.compile(rf"(?P<sign>[+-])?(?P<whole>{groups}[0-9]{{1,20}}){part}")


def parse_bool(value: Value, formats: Formats) -> bool:
    """Return yes or no; a blank cell is what the formats say of an empty text.

    Raises:
        UnknownFlagError: When it is neither.
    """
    if isinstance(value, bool):
        return value
    written = plain_number(value) if isinstance(value, Decimal) else str(value or "")
    word = written.strip().casefold()
    yes, no = _flag_words(formats.bool_true), _flag_words(formats.bool_false)
    if word in yes or word in no:
        return word in yes
    raise UnknownFlagError(value=written)


@lru_cache
def _flag_words(words: tuple[str | bool, ...]) -> frozenset[str]:
    return frozenset(str(word).strip().casefold() for word in words)


def parse_date(value: Value, formats: Formats) -> date:
    """Return a day.

    Raises:
        NotADateError: When it is not written as the formats say.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        # A day has no time zone: only its calendar date is kept.
        return datetime.strptime(str(value).strip(), formats.date).date()  # noqa: DTZ007
    except ValueError as error:
        example = date(2026, 11, 24).strftime(formats.date)
        raise NotADateError(value=value, example=example) from error


def parse_moment(value: Value, formats: Formats, zone: tzinfo) -> date | datetime:
    """Return a moment of the till's clock, without zone; a day where no time is written.

    Args:
        value: What the till holds; a moment that says its own zone is that moment.
        formats: How the till writes moments and days.
        zone: Where the till's clock stands.

    Raises:
        NotADateError: When it is written neither as a moment nor as a day.
    """
    if isinstance(value, date):
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(zone).replace(tzinfo=None)
        return value
    try:
        # The till's own clock: its zone is the mapping's, not the text's.
        return datetime.strptime(str(value).strip(), formats.moment)  # noqa: DTZ007
    except ValueError:
        return parse_date(value, formats)


def plain_number(number: Decimal) -> str:
    """Return a number without exponent or needless zeros: `1042`, `0.85`."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


def plain_text(value: Value) -> str | None:
    """Return any value as a text, None for nothing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    return plain_number(value) if isinstance(value, Decimal) else value.isoformat()


def clean_line(text: str) -> str:
    """Return a text for one line: NFC, line ends and tabs as spaces, other controls gone.

    Raises:
        UndecodableTextError: When it holds half characters.
    """
    return _without_controls(re.sub(r"[\t\r\n\v\f]+", " ", text))


def clean_prose(text: str) -> str:
    """Return a text of several lines: NFC, controls gone but tabs and line ends."""
    return _without_controls(text)


def _without_controls(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise UndecodableTextError(value=text.encode("ascii", "backslashreplace").decode())
    kept = (sign for sign in text if sign in "\t\r\n" or not (sign < " " or sign == "\x7f"))
    return unicodedata.normalize("NFC", "".join(kept))
