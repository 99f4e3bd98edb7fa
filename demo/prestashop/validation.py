"""What PrestaShop says of an entity before it writes it: the first problem only, field by field.

Multilingual fields are looked at first (code 84), then the others (code 85), in schema order. A
rule is asked in this order: required, list of values, range, length, format.

    problem = find_problem(record, default_lang=1)
    problem.code, problem.text     # 85, 'Property Product-&gt;reference is not valid'
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from demo.prestashop.formats import FORMATS, is_number
from demo.prestashop.record import DEFAULT_LANG, Record, leading_int, to_decimal
from demo.prestashop.tables import Field
from demo.prestashop.versions import Version, get_version

_NO_TEXT = re.compile(r"<[^>]*>|[\r\n]")


@dataclass(frozen=True)
class Objection:
    """Why an entity is refused."""

    code: int
    text: str


def find_problem(
    record: Record, limits: dict[str, int] | None = None, version: Version | None = None
) -> Objection | None:
    """Return the first objection to an entity, or None; defaults are filled in on the way.

    Args:
        record: The entity about to be written.
        limits: Lengths that the shop's settings make shorter than the schema says.
        version: The PrestaShop that looks; None for the usual one.
    """
    objection = _find_problem(record, limits or {}, version or get_version())
    if objection is None or not (version or get_version()).escapes:
        return objection
    return Objection(objection.code, objection.text.replace("->", "-&gt;"))


def _find_problem(record: Record, limits: dict[str, int], version: Version) -> Objection | None:
    for field in record.resource.fields:
        shown = field.lang and field.stored
        if shown and (objection := _lang_objection(record, field, limits, version)):
            return Objection(84, objection)
    for field in record.resource.fields:
        if field.stored and not field.lang:
            value = record.values.get(field.name)
            if not _true(value) and field.default:
                value = record.values[field.name] = field.default
            if objection := _objection(record, field, value, field.max):
                return Objection(85, objection)
    return None


def _lang_objection(record: Record, field: Field, limits: dict[str, int], version: Version) -> str:
    for lang, value in _texts(record, field, version):
        if lang != DEFAULT_LANG and field.required and not value:
            continue
        longest = field.max
        if field.name in limits:
            # What a setting limits is the text without its tags and line ends.
            longest = limits[field.name] + len(value) - len(_NO_TEXT.sub("", value))
        if objection := _objection(record, field, value, longest):
            return objection
    return ""


def _texts(record: Record, field: Field, version: Version) -> Iterator[tuple[int, str]]:
    texts = record.texts.get(field.name)
    if not isinstance(texts, dict) and field.required and version.needs_language_nodes:
        texts = {}
    if not isinstance(texts, dict):
        texts = {DEFAULT_LANG: texts or ""}
    yield from {DEFAULT_LANG: "", **texts}.items()


def _objection(record: Record, field: Field, value: str | None, longest: int) -> str:
    name = f"{record.resource.class_name}->{field.name}"
    text = value or ""
    if field.required and not text:
        return f"Property {name} is empty."
    if field.values and text not in field.values:
        allowed = ", ".join(field.values)
        return f"Property {name} has a bad value (allowed values are: {allowed})."
    if field.bounds and _out_of_range(text, field.bounds):
        low, high = field.bounds
        shown = leading_int(text)
        return (
            f"The range of property {name} is currently {shown}."
            f" It must be between {low} and {high}."
        )
    if longest and len(text) > longest:
        return (
            f"The length of property {name} is currently {len(text)} chars."
            f" It must be between 0 and {longest} chars."
        )
    if field.format and _true(text) and not FORMATS[field.format](text):
        return f"Property {name} is not valid"
    return ""


def _out_of_range(text: str, bounds: tuple[int, int]) -> bool:
    return not (is_number(text) and bounds[0] <= to_decimal(text) <= bounds[1])


def _true(text: str | None) -> bool:
    return text not in {None, "", "0"}
