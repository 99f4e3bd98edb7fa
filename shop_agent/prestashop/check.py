"""Is a write what PrestaShop takes? Asked before sending, so that one bad text stops one item.

Rules: refuses only what was seen to be refused or to make an unusable page; every refusal names
the field, and all of them come at once. What the shop's own settings decide (the length of a short
description) is left to the shop.

    for error in check_write("products", write, ShopVersion.parse("8.2.1")):
        set_aside(error)        # ForbiddenTextError: ";" in the field name
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from protocol.errors import RefusedItemError
from shop_agent.prestashop.entities import FieldValue, Write
from shop_agent.prestashop.errors import (
    BadValueError,
    ForbiddenTextError,
    MissingFieldError,
    NotWritableError,
    TooLongError,
)
from shop_agent.prestashop.fitting import fit_write
from shop_agent.prestashop.resource_types import Field, Kind, Resource
from shop_agent.prestashop.resources import get_resource
from shop_agent.prestashop.versions import Capabilities, ShopVersion, capabilities
from shop_agent.prestashop.xml import illegal_character

_FORMS: Mapping[Kind, tuple[re.Pattern[str], str]] = {
    "decimal": (re.compile(r"\d{1,10}(\.\d{1,6})?"), "19.90"),
    "signed": (re.compile(r"-?\d{1,10}(\.\d{1,6})?"), "-3.50"),
    "whole": (re.compile(r"-?\d{1,10}"), "12"),
    "flag": (re.compile(r"[01]"), "0 / 1"),
    "date": (re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?"), "2026-11-24 03:17:00"),
    "digits": (re.compile(r"\d*"), "0-9"),
    "link": (re.compile(r"[\w-]+"), "jolie-robe-rouge"),
}
_LARGEST_WHOLE = 2**31 - 1
#: What PrestaShop's HTML check refuses outright instead of cleaning it.
_BAD_HTML = re.compile(
    r"<\s*(script|i?frame|form|input|embed|object)\b|<[^>]*\son[a-z]+\s*=|script:",
    re.IGNORECASE,
)


def check_write(resource: str, write: Write, version: ShopVersion) -> tuple[RefusedItemError, ...]:
    """Return why PrestaShop would refuse this write; nothing when it may be sent.

    Args:
        resource: What is written.
        write: A creation when it has no id.
        version: The shop's, which decides lengths and which fields exist; what it lacks is left
            out before sending, so it is not looked at.
    """
    kind, able = get_resource(resource), capabilities(version)
    return tuple(_refusals(kind, fit_write(resource, write, able), able))


def _refusals(kind: Resource, write: Write, able: Capabilities) -> Iterator[RefusedItemError]:
    place = write.place(kind.name)
    unknown = [name for name in write.fields if name not in kind.fields]
    unknown += [name for name in write.associations if name not in kind.associations]
    for name in unknown:
        yield NotWritableError(place=place, field=name)
    if unknown:
        return
    illegal = illegal_character(kind.name, write)
    if illegal is not None:
        yield illegal
        return
    if write.id is None:
        yield from _missing(kind, write, place, able.lacks(kind.name))
    for name, value in write.fields.items():
        limit = able.limits.get((kind.name, name), kind.fields[name].limit)
        yield from _field(kind.fields[name], limit, place, name, value)
    yield from _reduction(write, place)


def _missing(
    kind: Resource, write: Write, place: str, lacks: frozenset[str]
) -> Iterator[RefusedItemError]:
    for name, rule in kind.fields.items():
        if rule.required and name not in lacks and _is_empty(write.fields.get(name, "")):
            yield MissingFieldError(place=place, field=name)
    for name in sorted(kind.required_associations):
        if not write.associations.get(name):
            yield MissingFieldError(place=place, field=name)


def _is_empty(value: FieldValue) -> bool:
    return not (value if isinstance(value, str) else any(value.values()))


def _field(
    rule: Field, limit: int | None, place: str, name: str, value: FieldValue
) -> Iterator[RefusedItemError]:
    if isinstance(value, str) == rule.languages:
        expected = "{language id: text}" if rule.languages else "text"
        yield BadValueError(place=place, value=value, field=name, expected=expected)
        return
    for text in [value] if isinstance(value, str) else value.values():
        yield from _text(rule, limit, place, name, text)


def _text(
    rule: Field, limit: int | None, place: str, name: str, text: str
) -> Iterator[RefusedItemError]:
    """Check one text against a field's rule; an empty one only where it must be a number."""
    signs = sorted(set(text) & set(rule.forbidden))
    if signs:
        yield ForbiddenTextError(place=place, value=text, field=name, signs=" ".join(signs))
    if limit is not None and len(text) > limit:
        yield TooLongError(place=place, value=text, field=name, length=len(text), limit=limit)
    if rule.choices and text not in rule.choices:
        expected = ", ".join(rule.choices)
        yield BadValueError(place=place, value=text, field=name, expected=expected)
    if rule.kind == "html":
        found = _BAD_HTML.search(text)
        if found:
            yield ForbiddenTextError(place=place, value=found[0], field=name, signs=found[0])
    elif rule.kind in _FORMS:
        form, example = _FORMS[rule.kind]
        if not form.fullmatch(text) or not text.isascii() or _overflows(rule.kind, text):
            yield BadValueError(place=place, value=text, field=name, expected=example)


def _overflows(kind: Kind, text: str) -> bool:
    return kind == "whole" and abs(int(text)) > _LARGEST_WHOLE


def _reduction(write: Write, place: str) -> Iterator[RefusedItemError]:
    """Refuse a percentage over 1: PrestaShop takes 20 for 2000 % and sells at 0."""
    reduction = write.fields.get("reduction")
    if write.fields.get("reduction_type") != "percentage" or not isinstance(reduction, str):
        return
    if _FORMS["decimal"][0].fullmatch(reduction) and not 0 < Decimal(reduction) <= 1:
        yield BadValueError(place=place, value=reduction, field="reduction", expected="0.20")
