r"""JSON without surprises: no duplicate keys, no NaN, no floats, bounded depth and integers.

Python's own reader takes NaN, keeps the last of two equal keys and turns 1e999 into infinity;
each of these has emptied a shop somewhere. What comes from outside is read here only (SPEC §5.6).

    parse_object(b'{"price": "49.90"}', place="line 3")   # {"price": "49.90"}
    canonical({"b": 1, "a": "é"})                          # b'{"a":"\\xc3\\xa9","b":1}'
"""

import json
import re
from typing import NoReturn, TypeAlias

from protocol.errors import RefusedItemError, Text

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | bool | None

MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


class BadJsonError(RefusedItemError):
    """Bytes are not strict JSON."""

    code = "E-REC-001"
    what = Text("JSON refusé ({reason})", "JSON refused ({reason})")
    remedy = Text(
        "Signaler à l'auteur du programme d'en face ; le reste du paquet est traité",
        "Tell the author of the program at the other end; the rest of the packet goes on",
    )


def parse_object(content: bytes, *, place: str) -> dict[str, Json]:
    """Return the object that UTF-8 JSON bytes hold.

    Raises:
        BadJsonError: for anything else than one object, or a value outside the strict subset.
    """
    try:
        parsed = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=lambda pairs: _unique(pairs, place),
            parse_float=lambda text: _refuse(place, text, "a number with a point or an exponent"),
            parse_int=lambda text: _integer(text, place),
            parse_constant=lambda text: _refuse(place, text, "not a number"),
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadJsonError(place=place, reason=str(error)) from error
    except RecursionError as error:
        raise BadJsonError(place=place, reason="too deep") from error
    if not isinstance(parsed, dict):
        _refuse(place, "", "not an object")
    _check_depth(parsed, place, 1)
    return parsed


def canonical(value: object) -> bytes:
    """Return compact UTF-8 JSON with sorted keys: equal values give equal bytes."""
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def _refuse(place: str, value: str, reason: str) -> NoReturn:
    raise BadJsonError(place=place, value=value, reason=reason)


def _unique(pairs: list[tuple[str, Json]], place: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in pairs:
        if name in found:
            _refuse(place, name, "the same name twice")
        found[name] = value
    return found


def _integer(text: str, place: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        _refuse(place, text, "an integer beyond 2^53")
    return int(text)


def _check_text(text: str, place: str) -> None:
    if _FORBIDDEN.search(text):
        _refuse(place, "", "a NUL or a lone surrogate")


def _check_depth(value: Json, place: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        _refuse(place, "", "too deep")
    if isinstance(value, str):
        _check_text(value, place)
        return
    if isinstance(value, dict):
        for name in value:
            _check_text(name, place)
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            _check_depth(child, place, depth + 1)
