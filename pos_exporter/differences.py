"""What differs between two lines of one fact, field by field, as people read it.

Pure. A text differs per language, a price by its amount; a list is compared whole.

    differences(old_line, new_line)       # (FieldChange("price.amount", "49.9", "59.9"),)
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from protocol.records import Record, record_line
from protocol.strict_json import Json, canonical, parse_object

#: Names a fact, and never differ between two lines of it.
_NAMES = {"kind", "key"}


@dataclass(frozen=True)
class FieldChange:
    """One field that differs; None: the line does not say it."""

    field: str
    before: str | None
    after: str | None


def differences(before: bytes | None, after: bytes | None) -> tuple[FieldChange, ...]:
    """Return the fields in which two lines of one fact differ, in alphabetical order.

    Args:
        before: A record's line; None: there was none.
        after: Likewise.
    """
    old, new = _fields(before), _fields(after)
    return tuple(
        FieldChange(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def line_differences(before: bytes | None, record: Record) -> tuple[FieldChange, ...]:
    """Return the fields in which a record differs from its line of before."""
    return differences(before, record_line(record))


def _fields(line: bytes | None) -> dict[str, str]:
    if line is None:
        return {}
    return dict(_flat("", parse_object(line, place="said")))


def _flat(name: str, value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if name or key not in _NAMES:
                yield from _flat(f"{name}.{key}" if name else key, part)
    elif isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        yield name, canonical({"": value}).decode()[4:-1]
    else:
        yield name, json.dumps(value)
