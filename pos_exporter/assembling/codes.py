"""Codes of goods: EAN, UPC, ISBN with their check digits, and colours.

A wrong check digit is a slip of the hand, and a wrong code on a site sells another thing: such a
code is never sent.

    bar_code((8, 12, 13))("376 0009 04001-4")     # '3760009040014'
    isbn("978-2-07-036024-5")                     # '9782070360246' would be right: BadIsbnError
"""

import re
from collections.abc import Callable

from stdnum import ean as stdnum_ean
from stdnum import isbn as stdnum_isbn
from stdnum.exceptions import ValidationError as StdnumError

from pos_exporter.mapping.code_errors import (
    BadColorError,
    BadEanError,
    BadIsbnError,
    BadUpcError,
    LongEanError,
)
from pos_exporter.mapping.formats import Value, plain_text

_COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")
#: The bar code of a case of several units: right, but long.
_CASE = 14
_UPC = 12


def bar_code(lengths: tuple[int, ...]) -> Callable[[Value], str | None]:
    """Return what reads an optional EAN or UPC of one of these lengths, check digit included.

    Zeros alone are no code: they would be right, and the same for every article.
    """

    def read(value: Value) -> str | None:
        written = plain_text(value)
        if written is None or not written.strip(" 0"):
            return None
        try:
            code = str(stdnum_ean.validate(written))
        except StdnumError as error:
            raise BadEanError(value=written) from error
        if len(code) not in lengths:
            raise (LongEanError if len(code) == _CASE else BadEanError)(value=written)
        return code

    return read


def upc(value: Value) -> str | None:
    """Return an optional UPC: 12 digits, the last of which checks the others."""
    written = plain_text(value)
    if written is None or not written.strip():
        return None
    try:
        code = str(stdnum_ean.validate(written))
    except StdnumError as error:
        raise BadUpcError(value=written) from error
    if len(code) != _UPC:
        raise BadUpcError(value=written)
    return code


def isbn(value: Value) -> str | None:
    """Return an optional ISBN of 10 or 13 signs, without dashes."""
    written = plain_text(value)
    if written is None or not written.strip():
        return None
    try:
        return str(stdnum_isbn.validate(written))
    except StdnumError as error:
        raise BadIsbnError(value=written) from error


def color(value: Value) -> str | None:
    """Return an optional `#rrggbb`."""
    text = (plain_text(value) or "").strip()
    if text and not _COLOR.match(text):
        raise BadColorError(value=text)
    return text or None
