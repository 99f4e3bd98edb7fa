"""One entity as the shop holds it in memory while it is read or written.

A value is a text or None (never sent, or NULL). A multilingual value is None (never sent), one
text (sent without language nodes) or a text per language id: the answer to a write shows which.

    record = Record(RESOURCES["products"])
    record.values["reference"] = "SHOE-36"
    record.texts["name"] = {1: "Shoe", 2: "Chaussure"}
    record.integer("active")             # 0
"""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from demo.prestashop.tables import Resource

DEFAULT_LANG = 1
Texts = dict[int, str] | str | None


@dataclass
class Record:
    """An entity: its id (0 before it is inserted), its values and its multilingual texts."""

    resource: Resource
    id: int = 0
    values: dict[str, str | None] = field(default_factory=dict)
    texts: dict[str, Texts] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a value as text; None becomes the empty text."""
        return self.values.get(name) or ""

    def integer(self, name: str) -> int:
        """Return a value as a whole number; what is no number becomes 0."""
        return leading_int(self.text(name))

    def decimal(self, name: str) -> Decimal:
        """Return a value as a Decimal; what is no number becomes 0."""
        return to_decimal(self.text(name))

    def by_lang(self, name: str) -> dict[int, str]:
        """Return the texts of a multilingual field by language id; empty when never sent."""
        texts = self.texts.get(name)
        return texts if isinstance(texts, dict) else {}


def leading_int(text: str) -> int:
    """Return the whole number a text begins with, as PHP's cast does; 0 when there is none."""
    stripped = text.strip()
    digits = ""
    for sign in stripped:
        if sign.isascii() and (sign.isdigit() or (sign in "+-" and not digits)):
            digits += sign
        else:
            break
    return int(digits) if digits.strip("+-") else 0


def to_decimal(text: str) -> Decimal:
    """Return a text as a Decimal, a comma read as a point; 0 when it is no number."""
    try:
        number = Decimal(text.strip().replace(",", ".") or "0")
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)
