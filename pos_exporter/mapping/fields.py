"""The smallest parts of a mapping: where one field of a record comes from.

A field is a column (`name: LIB`), or a block that names a column, a constant, an expression or the
columns of a key, and what to do with it. A text in several languages is a block of languages. Steps
are always taken in this order: strip, null_if, default, map, lookup, type, scale.

    price: PX_TTC
    brand: {col: COD_MRQ, null_if: ["0"]}
    rate: {expr: "number(TX) * 100", scale: 2}
    weight: {col: POIDS, unit: kg}
    name: {fr: LIB, en: {col: LIB_EN, null_if: ["-"]}}
"""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator

from pos_exporter.mapping.errors import OneOfError
from pos_exporter.mapping.expressions import Expression, parse_expression
from protocol.errors import ComptoirError
from protocol.program.yaml_config import SettingError

_LANGUAGE = re.compile(r"[a-z]{2}\Z")
#: Stands for the till's own language in a `Texts`.
OWN_LANGUAGE = ""


class Strict(BaseModel):
    """Base of every part of a mapping: frozen, and an unknown setting is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    try:
        return parse_expression(str(value))
    except ComptoirError as error:
        raise SettingError.of(error) from error


def as_list(value: Any) -> Any:
    """Return a single value as a list of one."""
    return list(value) if isinstance(value, list | tuple) else [value]


Expr = Annotated[Expression, PlainValidator(_expression)]
Columns = Annotated[tuple[str, ...], BeforeValidator(as_list), Field(min_length=1)]


class FieldRule(Strict):
    """Where a field comes from and what to do with it.

    Args:
        col: A column.
        const: The same for every row.
        expr: An expression over columns.
        key: The columns of another record's key, for a composite one.
        type: What the cell holds, when the field's own kind does not say it well enough.
        scale: Decimals to round to, half up.
        strip: Whether spaces around a text go.
        null_if: Texts that mean nothing; an empty text always does.
        default: Instead of nothing.
        map: From a code to a value; a code that is missing sets the row aside.
        lookup: The name of a lookup, likewise.
        lang: The language of a text, when it is not the till's own.
    """

    col: str | None = None
    const: str | bool | None = None
    expr: Expr | None = None
    key: Columns | None = None
    type: Literal["text", "decimal", "int", "bool", "date"] | None = None
    scale: Annotated[int, Field(ge=0, le=6)] | None = None
    strip: bool = True
    null_if: Annotated[tuple[str, ...], BeforeValidator(as_list)] = ()
    default: str | bool | None = None
    map: dict[str, str | bool] | None = None
    lookup: str | None = None
    lang: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = [name for name in ("col", "const", "expr", "key") if self.origin(name)]
        if len(origins) != 1:
            raise SettingError.of(OneOfError(names="col, const, expr, key"))
        return self

    def origin(self, name: str) -> bool:
        """Return whether the field comes from this."""
        return getattr(self, name) is not None

    def columns(self) -> tuple[str, ...]:
        """Return the columns it reads."""
        if self.expr is not None:
            return self.expr.columns
        return self.key or ((self.col,) if self.col is not None else ())


class WeightRule(FieldRule):
    """A weight; it travels in whole grams.

    Args:
        unit: Of the figures at the till.
    """

    unit: Literal["g", "kg", "oz", "lb"] = "kg"


class SizeRule(FieldRule):
    """A width, a height or a depth; it travels in whole millimetres.

    Args:
        unit: Of the figures at the till.
    """

    unit: Literal["mm", "cm", "m", "in"] = "cm"


def _field(value: Any) -> Any:
    return {"col": value} if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    if isinstance(value, dict) and value and all(_LANGUAGE.match(str(name)) for name in value):
        return value
    lang = value.get("lang") if isinstance(value, dict) else None
    return {lang or OWN_LANGUAGE: value}


#: `LIB`, or a block.
FieldOf = Annotated[FieldRule, BeforeValidator(_field)]
WeightOf = Annotated[WeightRule, BeforeValidator(_field)]
SizeOf = Annotated[SizeRule, BeforeValidator(_field)]
#: One field, or one per language.
Texts = Annotated[dict[str, FieldOf], BeforeValidator(_texts)]
#: A field, or a list of them.
FieldList = Annotated[tuple[FieldOf, ...], BeforeValidator(as_list)]
#: Fixed words, per language: `{fr: Pointure, en: Size}`, or one text in the till's own.
Words = Annotated[
    dict[str, str], BeforeValidator(lambda v: {OWN_LANGUAGE: v} if isinstance(v, str) else v)
]
