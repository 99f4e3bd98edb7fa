"""The functions of expressions: what each takes and gives.

All are pure. Given nothing (a blank cell) they give nothing, except `coalesce`, `concat` and
`bool`, which exist for blank cells.

    FUNCTIONS["round"].run([Decimal("41.585"), Decimal(2)], Formats())      # Decimal('41.59')
    FUNCTIONS["coalesce"].run([None, "divers"], Formats())                   # 'divers'
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from pos_exporter.mapping.formats import Formats, Value, parse_bool, parse_number, plain_text
from pos_exporter.mapping.row_errors import ExpressionError

Values = Sequence[Value]


@dataclass(frozen=True)
class Function:
    """One function: the fewest and the most values it takes, and what it does."""

    least: int
    most: int
    run: Callable[[Values, Formats], Value]


def shown(value: Value) -> str:
    """Return a value as a person sees it in a message."""
    if value is None:
        return "∅"
    return f"« {value} »" if isinstance(value, str | date) else str(plain_text(value))


def is_true(value: Value) -> bool:
    """Return a test's answer; nothing is no.

    Raises:
        ExpressionError: When it is a text or a number: `"N"` would be true.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    raise ExpressionError(
        value=value,
        reason_fr=f"{shown(value)} n'est ni vrai ni faux : bool(…)",
        reason_en=f"{shown(value)} is neither true nor false: bool(…)",
    )


def _decimal(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise ExpressionError(
        value=value,
        reason_fr=f"{shown(value)} n'est pas un nombre : number(…)",
        reason_en=f"{shown(value)} is no number: number(…)",
    )


def _number(values: Values, formats: Formats) -> Value:
    value = values[0]
    blank = value is None or (isinstance(value, str) and not value.strip())
    return None if blank else parse_number(value, formats)


def _least(values: Values, formats: Formats) -> Value:
    return None if None in values else min(map(_decimal, values))


def _most(values: Values, formats: Formats) -> Value:
    return None if None in values else max(map(_decimal, values))


def _round(values: Values, formats: Formats) -> Value:
    if values[0] is None:
        return None
    places = _decimal(values[1]) if len(values) > 1 else Decimal(0)
    if places != places.to_integral_value() or not 0 <= places <= 9:
        raise ExpressionError(
            value=places, reason_fr="0 à 9 décimales", reason_en="0 to 9 decimal places"
        )
    return _decimal(values[0]).quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)


def _floor(values: Values, formats: Formats) -> Value:
    if values[0] is None:
        return None
    return _decimal(values[0]).to_integral_value(rounding=ROUND_FLOOR)


def _bool(values: Values, formats: Formats) -> Value:
    return parse_bool(values[0], formats)


def _coalesce(values: Values, formats: Formats) -> Value:
    return next((value for value in values if value is not None), None)


def _concat(values: Values, formats: Formats) -> Value:
    return "".join(plain_text(value) or "" for value in values)


def _on_text(act: Callable[[str], Value]) -> Callable[[Values, Formats], Value]:
    def run(values: Values, formats: Formats) -> Value:
        text = plain_text(values[0])
        return None if text is None else act(text)

    return run


FUNCTIONS: dict[str, Function] = {
    "number": Function(1, 1, _number),
    "min": Function(1, 20, _least),
    "max": Function(1, 20, _most),
    "round": Function(1, 2, _round),
    "floor": Function(1, 1, _floor),
    "bool": Function(1, 1, _bool),
    "coalesce": Function(1, 20, _coalesce),
    "concat": Function(1, 20, _concat),
    "lower": Function(1, 1, _on_text(str.lower)),
    "upper": Function(1, 1, _on_text(str.upper)),
    "strip": Function(1, 1, _on_text(str.strip)),
    "length": Function(1, 1, _on_text(lambda text: Decimal(len(text)))),
}
