"""The small values that records are made of: keys, texts, amounts, hashes, times.

Each is a pydantic annotation, so a record's JSON Schema (SPEC, appendix) says its limits.
Every one is strict: a number where a string belongs is refused, not converted.

    class Price(Wire):
        amount: Money
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_serializer,
)

from protocol.errors import ComptoirError
from protocol.money import DECIMAL_PATTERN, format_decimal, parse_decimal

#: SPEC §6.1: a moment, in UTC and whole seconds.
TIME_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
_TIME = re.compile(TIME_PATTERN)


class Wire(BaseModel):
    """Base of all that travels: frozen, strict, and unknown optional fields survive."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")

    @model_serializer(mode="wrap")
    def _normal_form(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Otherwise a minor version that adds a field would change the hash of older records.
        fields: dict[str, Any] = dump(self)
        return {n: value for n, value in fields.items() if value is not None or self._says(n)}

    def _says(self, name: str) -> bool:
        """Return whether a null is written: the field is required, or of a minor we don't know."""
        known = type(self).model_fields.get(name)
        return known is None or known.is_required()


def _to_decimal(value: Any) -> Decimal:
    if not isinstance(value, str | Decimal):
        raise ValueError("a decimal travels as a string")
    text = format_decimal(value) if isinstance(value, Decimal) else value
    try:
        return parse_decimal(text)
    except ComptoirError as error:
        raise ValueError(f"not a decimal string: {text[:40]!r}") from error


def _to_quantity(value: Any, read: ValidationInfo) -> int:
    # Programs make quantities of whole numbers; on the wire they are strings, as all amounts.
    allowed = str if read.mode == "json" else int | str
    if isinstance(value, bool) or not isinstance(value, allowed):
        raise ValueError("a quantity travels as a string of digits")
    text = str(value)
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit():
        raise ValueError(f"not a whole quantity: {text[:40]!r}")
    if len(text.removeprefix("-")) > 9:
        raise ValueError("a quantity has at most 9 digits")
    return int(text)


def _to_time(value: Any) -> datetime:
    if isinstance(value, str):
        if not _TIME.fullmatch(value):
            raise ValueError("a time is UTC, in whole seconds, and ends with Z")
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("a time is UTC")
    return value.astimezone(UTC).replace(microsecond=0)


def format_time(moment: datetime) -> str:
    """Return a UTC time as it travels: `2026-11-24T09:30:00Z`, whole seconds."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='seconds')}Z"


def _no_controls(text: str) -> str:
    if any(ord(sign) < 32 and sign not in "\t\n\r" for sign in text):
        raise ValueError("control characters are not allowed")
    return text


#: Signs of a key, at the most.
LONGEST_KEY = 190
Key = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_KEY, pattern=r"^[^\x00-\x1f]+$")
]
Line = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_no_controls)]
Prose = Annotated[str, StringConstraints(max_length=500_000), AfterValidator(_no_controls)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
LangLine = Annotated[dict[Language, Line], Field(max_length=50)]
LangProse = Annotated[dict[Language, Prose], Field(max_length=50)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Money = Annotated[
    Decimal,
    BeforeValidator(_to_decimal),
    PlainSerializer(format_decimal, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DECIMAL_PATTERN}),
]
Rate = Annotated[Money, Field(ge=Decimal(0), le=Decimal(100))]
Quantity = Annotated[
    int,
    BeforeValidator(_to_quantity),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^-?[0-9]{1,9}$"}),
]
Utc = Annotated[
    datetime,
    BeforeValidator(_to_time),
    PlainSerializer(format_time, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": TIME_PATTERN}),
]
#: A shop's own local time, kept to the letter: PrestaShop stores no offset (SPEC §6.1).
ShopTime = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$")
]
