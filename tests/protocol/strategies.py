"""Hypothesis strategies made from the record models: whatever the model allows, and only that."""

import types
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from protocol.records import Record
from protocol.values import Wire

#: Everything that JSON and our lines may hold: no control character, no lone surrogate.
_SIGNS = st.characters(categories=("L", "M", "N", "P", "S", "Z"), min_codepoint=32)
_WIDEST = Decimal("999999999.999999")


def models(model: type[Wire]) -> SearchStrategy[Wire]:
    """Return instances of a model, optional fields now said, now left out."""
    hints = get_type_hints(model, include_extras=True)
    required: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    for name, field in model.model_fields.items():
        strategy = _value(hints[name], field.metadata)
        (required if field.is_required() else optional)[field.alias or name] = strategy
    said = st.fixed_dictionaries(required, optional=optional)
    for names in EXCLUSIVE.get(model.__name__, ()):
        single = [st.fixed_dictionaries({n: _said(hints[n], model, n)}) for n in names]
        chosen = st.one_of(single)
        said = st.builds(_instead, said, chosen, st.just(names))
    if "ends_at" in hints:
        said = said.map(_in_order)
    return said.map(model.model_validate)


#: Of these fields, a record says exactly one.
EXCLUSIVE: dict[str, tuple[tuple[str, ...], ...]] = {
    "PackPart": (("article", "variant"),),
    "ListPrice": (("article", "variant"),),
    "Promotion": (("article", "variant", "category"), ("percent", "amount_off", "price")),
}


def _instead(
    fields: dict[str, Any], chosen: dict[str, Any], names: Sequence[str]
) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names} | chosen


def _said(annotation: Any, model: type[Wire], name: str) -> SearchStrategy[Any]:
    return _value(annotation, model.model_fields[name].metadata).filter(lambda v: v is not None)


def _in_order(fields: dict[str, Any]) -> dict[str, Any]:
    starts, ends = fields.get("starts_at"), fields.get("ends_at")
    return fields | {"ends_at": max(starts, ends)} if starts and ends else fields


def records_of(model: type[Record]) -> SearchStrategy[Record]:
    """Return records of one kind."""
    return models(model).map(_as_record)


def _as_record(made: Wire) -> Record:
    assert isinstance(made, Record)
    return made


def _value(annotation: Any, metadata: Sequence[Any]) -> SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _value(arguments[0], [*metadata, *annotation.__metadata__])
    if origin in (Union, types.UnionType):
        inner = [a for a in arguments if a is not types.NoneType]
        return st.one_of(st.none(), *(_value(a, metadata) for a in inner))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        least = _bound(metadata, MinLen, 0)
        return st.lists(_value(arguments[0], ()), min_size=least, max_size=least + 2).map(tuple)
    if origin is dict:
        least = _bound(metadata, MinLen, 0)
        key, value = (_value(a, ()) for a in arguments)
        return st.dictionaries(key, value, min_size=least, max_size=least + 2)
    if isinstance(annotation, type) and issubclass(annotation, Wire):
        return models(annotation)
    return _scalar(annotation, metadata)


def _scalar(annotation: Any, metadata: Sequence[Any]) -> SearchStrategy[Any]:
    metadata = [m for part in metadata for m in _flat(part)]
    if annotation is str:
        return _text(metadata)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        widest = 10**9 - 1  # a quantity's limit; plain integers may be wider
        return st.integers(_bound(metadata, Ge, -widest), _bound(metadata, Le, widest))
    if annotation is Decimal:
        least, most = _bound(metadata, Ge, -_WIDEST), _bound(metadata, Le, _WIDEST)
        least = max(least, _bound(metadata, Gt, -_WIDEST - 1) + Decimal("0.000001"))
        return st.decimals(least, most, places=6, allow_nan=False, allow_infinity=False)
    if annotation is datetime:
        return st.datetimes(timezones=st.just(UTC))
    raise TypeError(annotation)


def _text(metadata: Sequence[Any]) -> SearchStrategy[str]:
    limits = next((m for m in metadata if isinstance(m, StringConstraints)), StringConstraints())
    least = limits.min_length or _bound(metadata, MinLen, 0)
    if limits.pattern is None or str(limits.pattern) == r"^[^\x00-\x1f]+$":
        return st.text(_SIGNS, min_size=least, max_size=least + 12)
    # Ours end where they say so: not before a last line feed, as Python's `$` allows.
    pattern = str(limits.pattern).replace("$", r"\Z")
    return st.from_regex(pattern, fullmatch=True).filter(lambda text: len(text) <= 100)


def _flat(part: Any) -> Sequence[Any]:
    return part.metadata if isinstance(part, FieldInfo) else [part]


def _bound(
    metadata: Sequence[Any], kind: type[Ge | Gt | Le | MinLen | MaxLen], default: Any
) -> Any:
    names = {Ge: "ge", Gt: "gt", Le: "le", MinLen: "min_length", MaxLen: "max_length"}
    flat = [m for part in metadata for m in _flat(part)]
    found = [getattr(m, names[kind]) for m in flat if isinstance(m, kind)]
    return found[-1] if found else default


#: JSON as the protocol allows it, at most a few levels deep.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(_SIGNS, max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(_SIGNS, max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)
JSON_OBJECTS = st.dictionaries(st.text(_SIGNS, max_size=5), JSON, max_size=4)
