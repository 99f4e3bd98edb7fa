"""What the shop takes and what it refuses in short texts, so that a wrong one is named at the till.

PrestaShop refuses a whole request for one wrong sign; these rules find it before. Each takes a
cell's value and answers it ready to travel, or raises the one error that names the fault. Invisible
signs are taken out with a note. Signs that the shop refuses in a name set the row aside, unless the
merchant chose to have them replaced.

    name = line_of(NAME)                          # 128 characters, no <>;=#{}
    name("  Derby\u00a0Ambroise ").value
    line_of(NAME, repair=True)("Derby <NEW>")      # Mended('Derby ‹NEW›', (SignsReplacedNote,))
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pos_exporter.mapping.formats import Value, clean_line, plain_text
from pos_exporter.mapping.notes import (
    ControlsRemovedNote,
    Mended,
    RowNote,
    SignsReplacedNote,
    TextCutNote,
)
from pos_exporter.mapping.row_errors import RowError
from pos_exporter.mapping.text_errors import (
    NameEmptyError,
    NameSignsError,
    NameTooLongError,
    ReferenceEmptyError,
    ReferenceSignsError,
    ReferenceTooLongError,
)

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
#: What stands for each sign that PrestaShop refuses in names.
INSTEAD = {"<": "‹", ">": "›", "=": ":", "{": "(", "}": ")", ";": ",", "#": "n° "}


@dataclass(frozen=True)
class LineRule:
    """What one kind of short text may hold.

    Args:
        limit: The most characters.
        signs: Those that PrestaShop refuses.
        empty, long, wrong: The errors for each fault.
    """

    limit: int
    signs: str
    empty: type[RowError] = NameEmptyError
    long: type[RowError] = NameTooLongError
    wrong: type[RowError] = NameSignsError


#: Article, family: PrestaShop's isCatalogName.
NAME = LineRule(128, "<>;=#{}")
#: Brand, supplier.
BRAND_NAME = LineRule(64, "<>;=#{}")
#: Axis, size, colour, feature, a photo's legend: isGenericName.
PLAIN_NAME = LineRule(128, "<>={}")
VALUE_NAME = LineRule(255, "<>={}")
#: What no customer's page shows: a promotion, a price list, a group.
INNER_NAME = LineRule(255, "")
REFERENCE = LineRule(64, "<>;={}", ReferenceEmptyError, ReferenceTooLongError, ReferenceSignsError)
#: A maker's part number.
MPN = LineRule(40, "<>;={}", ReferenceEmptyError, ReferenceTooLongError, ReferenceSignsError)


def line_of(rule: LineRule, *, repair: bool = False) -> Callable[[Value], Mended[str | None]]:
    """Return what reads an optional line of this kind.

    Args:
        rule: What it may hold.
        repair: Whether signs that it may not hold are replaced by others.
    """

    def read(value: Value) -> Mended[str | None]:
        raw = plain_text(value) or ""
        text, notes = clean_line(raw).strip(), list(controls_in(raw))
        if not text:
            return Mended(None)
        if repair:
            text, replaced = replace_signs(text, rule.signs)
            notes += replaced
        if len(text) > rule.limit:
            raise rule.long(value=text, length=len(text), limit=rule.limit)
        if wrong := [sign for sign in rule.signs if sign in text]:
            raise rule.wrong(value=text, signs=" ".join(wrong))
        return Mended(text, tuple(notes))

    return read


def needed_line(rule: LineRule, *, repair: bool = False) -> Callable[[Value], Mended[str]]:
    """Return what reads a line of this kind that must not be empty."""
    optional = line_of(rule, repair=repair)

    def read(value: Value) -> Mended[str]:
        mended = optional(value)
        if mended.value is None:
            raise rule.empty()
        return Mended(mended.value, mended.notes)

    return read


def search_line(limit: int) -> Callable[[Value], Mended[str | None]]:
    """Return what reads a text for search engines: repaired and cut at a word, never refused."""

    def read(value: Value) -> Mended[str | None]:
        raw = plain_text(value) or ""
        text, notes = clean_line(raw).strip(), list(controls_in(raw))
        text, replaced = replace_signs(text, PLAIN_NAME.signs)
        notes += replaced
        if len(text) > limit:
            notes.append(TextCutNote(value=text, length=len(text), limit=limit))
            text = cut_at_word(text, limit)
        return Mended(text or None, tuple(notes))

    return read


def controls_in(raw: str) -> tuple[RowNote, ...]:
    """Return the note of invisible signs in a text, none when it has none."""
    shown = _CONTROLS.sub("·", raw)
    return (ControlsRemovedNote(value=shown),) if shown != raw else ()


def replace_signs(text: str, signs: str) -> tuple[str, list[RowNote]]:
    """Return a text with others in place of these signs, and the note that says so."""
    wrong = [sign for sign in signs if sign in text]
    if not wrong:
        return text, []
    mended = text.translate({ord(sign): INSTEAD[sign] for sign in wrong})
    note = SignsReplacedNote(value=text, signs=" ".join(wrong))
    return re.sub(r" {2,}", " ", mended).strip(), [note]


def cut_at_word(text: str, limit: int) -> str:
    """Return the beginning of a text in at most so many characters, `…` included."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    if not text[limit - 1].isspace():
        kept = kept.rsplit(" ", 1)[0] if " " in kept.strip() else kept
    return kept.rstrip(" ,;:.–—-") + "…"
