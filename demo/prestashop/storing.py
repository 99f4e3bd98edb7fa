"""How a value is changed on its way into the database, as PrestaShop and MySQL do it.

Missing values become 0, an empty text or the zero date; texts lose their tags; HTML is purified;
decimals are rounded to the scale of their column.

    stored(RESOURCES["products"].field("price"), "9.5")     # "9.500000"
    stored(RESOURCES["products"].field("active"), None)     # "0"
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from demo.prestashop.html_cleaning import purify
from demo.prestashop.record import leading_int, to_decimal
from demo.prestashop.tables import Field

ZERO_DATE = "0000-00-00"
ZERO_DATETIME = "0000-00-00 00:00:00"
_TAG = re.compile(r"<[^>]*>")


def stored(field: Field, value: str | None) -> str | None:
    """Return the value as it is read back after a write."""
    if value is None and field.nullable:
        return None
    text = value or ""
    if field.kind in {"int", "bool"}:
        return str(leading_int(text))
    if field.kind in {"decimal", "float"}:
        return _number(text, field.scale if field.kind == "decimal" else 0)
    if field.kind in {"date", "datetime"}:
        return _date(text, field.kind)
    if field.kind == "raw":
        return text
    return purify(text) if field.kind == "html" else plain(text)


def plain(text: str) -> str:
    """Return a text as the database keeps it: without tags."""
    return _TAG.sub("", text)


def money(amount: Decimal, scale: int = 6) -> str:
    """Return an amount with a fixed number of decimals, halves rounded away from zero."""
    rounded = amount.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def _number(text: str, scale: int) -> str:
    if scale:
        return money(to_decimal(text), scale)
    number = to_decimal(text)
    return f"{number.normalize():f}" if number else "0"


def _date(text: str, kind: str) -> str:
    if not text:
        return ZERO_DATE if kind == "date" else ZERO_DATETIME
    day = text[:10]
    if kind == "date":
        return day
    return text if len(text) > len(day) else f"{day} 00:00:00"
