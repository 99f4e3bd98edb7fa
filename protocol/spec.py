"""Writes the parts of SPEC.md that the code knows better: value types, fields, schemas, errors.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`; what is outside
is written by hand and left alone. A test fails when SPEC.md is not what this module makes.

    python -m protocol.spec            # rewrites SPEC.md beside this file
    text = rendered(old_text)          # the same, purely
"""

import importlib
import itertools
import json
import pkgutil
import re
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import StringConstraints, TypeAdapter
from pydantic.fields import FieldInfo

import protocol
from protocol import manifest, packet, records, sequence, strict_json, values
from protocol.errors import (
    ComptoirError,
    FatalError,
    NeedsPersonError,
    OutcomeUnknownError,
    RefusedItemError,
    RetryableError,
    UsageError,
)
from protocol.keys import Keys, RandomBytes, new_keys, parse_pairing_line
from protocol.money import DECIMAL_PATTERN
from protocol.values import Wire

SPEC = Path(__file__).with_name("SPEC.md")

#: Value types in the order in which SPEC §6.1 shows them, each with what it means.
VALUE_TYPES = {
    "Key": "an immutable id; a string even where the till numbers",
    "Line": "one short text",
    "Prose": "a long text, HTML where the field says so",
    "Language": "ISO 639-1",
    "LangLine": "texts by language, at most 50",
    "LangProse": "long texts by language, at most 50",
    "Sha256": "64 lower case hex digits",
    "Hex32": "16 bytes as lower case hex digits",
    "Currency": "ISO 4217",
    "Country": "ISO 3166-1 alpha-2",
    "Money": "an amount in the currency's main unit",
    "Rate": "percent, 0 to 100",
    "Quantity": "whole units, signed",
    "Utc": "a moment in UTC, whole seconds",
    "ShopTime": "the shop's local time to the letter; PrestaShop stores no offset",
    "Party": "a party id (§3.2)",
    "Epoch": "an epoch number",
    "Position": "a sequence in an epoch",
    "Stream": "a stream (§4.1)",
    "Cause": "why something is gone (§7.6)",
    "Owner": "who owns a field",
    "FateState": "§6.5",
    "Role": "§11",
    "Stage": "how far an order has come (§6.9)",
    "CaseKind": "§6.9",
    "CaseVerb": "§6.9",
}

#: Who sends which kinds, in the order of SPEC §6.3.
TILL_KINDS = (
    "tax_rate", "category", "brand", "supplier", "feature", "feature_value", "axis", "axis_value",
    "article", "variant", "stock", "photo", "price_list", "list_price", "promotion",
    "order_progress", "shipment", "policy", "snapshot_end",
)  # fmt: skip
BOTH_KINDS = (
    "fate", "wants", "baseline", "held_class", "approval", "settlement", "case", "case_answer",
)  # fmt: skip
SHOP_KINDS = ("order", "customer", "shop_profile")

_NEXT = {
    RetryableError: "program: try later",
    OutcomeUnknownError: "program: look first, never repeat blindly",
    RefusedItemError: "program: set it aside, go on",
    NeedsPersonError: "person: decide or repair, then run again",
    UsageError: "person: correct the command or the setting",
    FatalError: "person: repair; nothing goes on before",
}
_LIMITS = (
    ("packet, as stored", f"{packet.MAX_PACKET:,} bytes"),
    ("manifest", f"{manifest.MAX_MANIFEST:,} bytes"),
    ("binding line", f"{manifest.MAX_MANIFEST:,} bytes"),
    ("data, unpacked", f"{packet.MAX_UNPACKED:,} bytes"),
    ("record line", f"{records.MAX_LINE:,} bytes"),
    ("JSON depth", f"{strict_json.MAX_DEPTH} levels (§5.6)"),
    ("JSON integer", f"±{strict_json.MAX_INTEGER}"),
    ("sequence", f"{manifest.MAX_SEQUENCE}"),
    ("epoch", f"{2**32 - 1}"),
    ("epochs skipped at once", f"{sequence.MAX_EPOCH_JUMP}"),
)


def rendered(text: str) -> str:
    """Return SPEC.md's text with every generated part made anew.

    Raises:
        KeyError: for a marker of a name that nothing here makes.
    """

    def fresh(found: re.Match[str]) -> str:
        name = found[1]
        return f"<!-- generated: {name} -->\n{_PARTS[name]().strip()}\n<!-- end: {name} -->"

    return re.sub(
        r"<!-- generated: ([a-z-]+) -->\n.*?<!-- end: \1 -->", fresh, text, flags=re.DOTALL
    )


def models_of(model: type[Wire]) -> Iterator[type[Wire]]:
    """Yield a model and every model that its fields are made of, each once, outer first."""
    seen: list[type[Wire]] = []
    waiting = [model]
    while waiting:
        first = waiting.pop(0)
        if first not in seen:
            seen.append(first)
            waiting += [m for hint in _hints(first).values() for m in _models_in(hint)]
    return iter(seen)


def type_name(annotation: Any) -> str:
    """Return an annotation as SPEC writes it, such as "list of Key" or "Money"."""
    for name in VALUE_TYPES:
        if annotation == _value_type(name):
            return name
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(type_name(a) for a in arguments if a is not types.NoneType)
    if origin is Literal:
        return " \\| ".join(f"`{choice}`" for choice in arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        return f"list of {type_name(arguments[0])}"
    if origin is tuple:
        return f"list of {len(arguments)} {type_name(arguments[0])}s"
    if origin is dict:
        return f"object: {type_name(arguments[0])} → {type_name(arguments[1])}"
    if hasattr(annotation, "__metadata__"):
        return type_name(arguments[0]) + _constraints(annotation.__metadata__)
    if isinstance(annotation, type) and issubclass(annotation, Wire):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {str: "string", int: "integer", bool: "boolean"}[annotation]


def may_be_null(annotation: Any) -> bool:
    """Return whether a field's annotation allows null."""
    return types.NoneType in get_args(annotation)


def error_classes() -> Sequence[type[ComptoirError]]:
    """Return every error class of the protocol that has a code, ordered by code."""
    for module in pkgutil.walk_packages(protocol.__path__, "protocol."):
        # The program room is what both programs share at home; a third party never meets it.
        if not module.name.startswith(("protocol.program", "protocol.spec")):
            importlib.import_module(module.name)
    found, waiting = [], [ComptoirError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if "code" in vars(error) and error.__module__.startswith("protocol."):
            found.append(error)
    ours = (e for e in found if not e.__module__.startswith("protocol.program"))
    return sorted(ours, key=lambda error: error.code)


def example_keys() -> tuple[Keys, Keys]:
    """Return (pos, shop), paired and confirmed, with the public test keys of SPEC, appendix B."""
    pos = new_keys("pos", label="Chaussures Clara", random_bytes=_bytes_from(0x10))
    shop = new_keys("shop", label="Chaussures Clara", random_bytes=_bytes_from(0x20))
    lines = parse_pairing_line(pos.pairing_line()), parse_pairing_line(shop.pairing_line())
    return (
        replace(pos.with_peer(lines[1]), confirmed=True),
        replace(shop.with_peer(lines[0]), confirmed=True),
    )


def _bytes_from(first: int) -> RandomBytes:
    numbers = itertools.count(first)
    return lambda size: bytes([next(numbers)]) * size


# --- parts -----------------------------------------------------------------------------------


def _values_part() -> str:
    rows = [
        (name, _as_written(_value_type(name)), meaning) for name, meaning in VALUE_TYPES.items()
    ]
    return _table(("type", "JSON", "meaning"), rows)


def _manifest_part() -> str:
    return "\n\n".join(_model_part(model) for model in models_of(manifest.Manifest))


def _kinds_part(kinds: Sequence[str]) -> str:
    parts: list[str] = []
    for kind in kinds:
        model = records.KINDS[kind]
        heading = f"#### `{kind}`\n\n{model.__doc__}\n\nStream: *{model.stream}*."
        parts.append(f"{heading}\n\n{_fields(model)}")
    return "\n\n".join(parts)


def _pieces_part() -> str:
    outer = list(records.KINDS.values())
    pieces = dict.fromkeys(m for model in outer for m in models_of(model) if m not in outer)
    return "\n\n".join(_model_part(model) for model in pieces)


def _tombstone_part() -> str:
    return _fields(records.Tombstone)


def _vectors_part() -> str:
    pos, shop = example_keys()
    rows = [("fingerprint", pos.fingerprint()), ("first nonce", pos.first_nonce())]
    for side in (pos, shop):
        rows += [
            (f"`{side.role}` signing seed", f"`{side.signing_seed.hex()}`"),
            (f"`{side.role}` sealing seed", f"`{side.sealing_seed.hex()}`"),
            (f"`{side.role}` signing key", f"`{side.public.signing.hex()}`"),
            (f"`{side.role}` sealing key", f"`{side.public.sealing.hex()}`"),
            (f"`{side.role}` party id", f"`{side.public.party}`"),
            (f"`{side.role}` pairing line", f"`{side.pairing_line()}`"),
        ]
    return _table(("what", "value"), rows)


def _schemas_part() -> str:
    parts = []
    for kind in (*TILL_KINDS, *BOTH_KINDS, *SHOP_KINDS):
        schema = records.KINDS[kind].model_json_schema(by_alias=True, mode="validation")
        text = json.dumps(_without_titles(schema), ensure_ascii=False, sort_keys=True)
        parts.append(f"`{kind}`\n\n```json\n{text}\n```")
    return "\n\n".join(parts)


def _errors_part() -> str:
    rows = [
        (error.code, error.__name__, error.what.en, _who_next(error), error.remedy.en)
        for error in error_classes()
        if error is not ComptoirError
    ]
    head = ("code", "class", "what happened", "who may do what next", "advice")
    return _table(head, [tuple(_cell(cell) for cell in row) for row in rows])


_PARTS: dict[str, Callable[[], str]] = {
    "values": _values_part,
    "manifest": _manifest_part,
    "till-records": lambda: _kinds_part(TILL_KINDS),
    "both-records": lambda: _kinds_part(BOTH_KINDS),
    "shop-records": lambda: _kinds_part(SHOP_KINDS),
    "pieces": _pieces_part,
    "tombstone": _tombstone_part,
    "limits": lambda: _table(("what", "most"), _LIMITS),
    "errors": _errors_part,
    "schemas": _schemas_part,
    "vectors": _vectors_part,
}


# --- details ---------------------------------------------------------------------------------


def _model_part(model: type[Wire]) -> str:
    return f"#### {model.__name__}\n\n{model.__doc__}\n\n{_fields(model)}"


def _fields(model: type[Wire]) -> str:
    hints = _hints(model)
    rows = []
    for name, field in model.model_fields.items():
        null = "yes" if may_be_null(hints[name]) else "no"
        shown = type_name(hints[name]) + _constraints(_own_metadata(hints[name], field))
        meaning = _cell(field.description or "")
        # A line without its kind is no record at all, whatever the class fills in.
        presence = "required" if name == "kind" else _presence(field)
        rows.append((f"`{field.alias or name}`", shown, presence, null, meaning))
    return _table(("name", "type", "presence", "null", "meaning"), rows)


def _presence(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is None:
        return "may be absent"
    shown = list(field.default) if isinstance(field.default, tuple) else field.default
    # A quantity is a whole number in memory and a string on the wire.
    is_quantity = any(part in get_args(values.Quantity) for part in field.metadata)
    return f"`{json.dumps(str(shown) if is_quantity else shown)}` when absent"


def _own_metadata(annotation: Any, field: FieldInfo) -> list[Any]:
    said: list[Any] = []
    for part in getattr(annotation, "__metadata__", ()):
        said += part.metadata if isinstance(part, FieldInfo) else [part]
    return [part for part in field.metadata if part not in said]


def _constraints(metadata: Sequence[Any]) -> str:
    parts = []
    for part in metadata:
        if isinstance(part, FieldInfo):
            parts.append(_constraints(part.metadata))
        elif isinstance(part, Ge):
            parts.append(f", at least {part.ge}")
        elif isinstance(part, Le):
            parts.append(f", at most {part.le}")
        elif isinstance(part, MinLen):
            parts.append(f", at least {part.min_length} long")
        elif isinstance(part, MaxLen):
            parts.append(f", at most {part.max_length} long")
        elif isinstance(part, StringConstraints):
            parts.append(_string_constraints(part))
    return "".join(parts)


def _string_constraints(limits: StringConstraints) -> str:
    least = f", at least {limits.min_length} characters" if limits.min_length else ""
    most = f", at most {limits.max_length} characters" if limits.max_length else ""
    pattern = f", pattern `{_cell(str(limits.pattern))}`" if limits.pattern else ""
    return least + most + pattern


def _as_written(annotation: Any) -> str:
    """Return a value type by its JSON form, not by its name."""
    if annotation in (values.Money, values.Rate):
        return f"string, pattern `{DECIMAL_PATTERN}`"
    schema = TypeAdapter(annotation).json_schema()
    if "enum" in schema:
        return " \\| ".join(f"`{choice}`" for choice in schema["enum"])
    if schema["type"] == "object":
        return f"object: Language → {'Line' if annotation == values.LangLine else 'Prose'}"
    if schema["type"] == "integer":
        return f"integer, {schema['minimum']} to {schema['maximum']}"
    limits = StringConstraints(
        pattern=schema.get("pattern"),
        min_length=schema.get("minLength"),
        max_length=schema.get("maxLength"),
    )
    return "string" + _string_constraints(limits)


def _value_type(name: str) -> Any:
    return next(vars(m)[name] for m in (values, records, manifest) if name in vars(m))


def _hints(model: type[Wire]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def _models_in(annotation: Any) -> list[type[Wire]]:
    if isinstance(annotation, type) and issubclass(annotation, Wire):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _without_titles(schema: Any) -> Any:
    """Return a JSON Schema without the titles that only repeat the names."""
    if isinstance(schema, list):
        return [_without_titles(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _without_titles(part) for name, part in schema.items() if name != "title"}


def _who_next(error: type[ComptoirError]) -> str:
    return next(words for branch, words in _NEXT.items() if branch in error.__mro__)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Rewrite SPEC.md."""
    old = SPEC.read_text(encoding="utf-8")
    new = rendered(old)
    SPEC.write_text(new, encoding="utf-8", newline="\n")
    sys.stdout.write("SPEC.md: unchanged\n" if new == old else "SPEC.md: rewritten\n")


if __name__ == "__main__":
    main()
