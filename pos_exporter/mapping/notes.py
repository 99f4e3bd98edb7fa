"""What is repaired on the way to the site, and how a person is told: a note holds nothing back.

A value that the site would refuse, and that has one plain repair, travels repaired; the note says
what was done and where. The till itself is never changed, so a note stays until someone mends it.

    mended = Mended("Derby ‹NEW›", (SignsReplacedNote(value="Derby <NEW>", signs="< >"),))
    mended.value, mended.notes
"""

from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar

from protocol.errors import Problem, Text

T = TypeVar("T")


class RowNote:
    """Something was repaired, or left out for what it is: told like an error, and none."""

    code: ClassVar[str]
    what: ClassVar[Text]
    remedy: ClassVar[Text]

    def __init__(self, *, place: object = "", value: object = "", **facts: object) -> None:
        self.place = str(place)
        self.value = str(value)[:200]
        self.facts = {name: str(fact) for name, fact in facts.items()}

    def at(self, place: str) -> Self:
        """Return the same note with its place."""
        note = type(self)(place=place, value=self.value)
        note.facts = self.facts
        return note

    def problem(self) -> Problem:
        """Return this note as a value that can be stored and shown."""
        facts = {**self.facts, "place": self.place, "value": self.value}
        return Problem(self.code, self.place, self.value, self.what, self.remedy, facts)


class HtmlCleanedNote(RowNote):
    """Active code was taken out of a text in HTML."""

    code = "E-ROW-101"
    what = Text(
        "Envoyé sans « {parts} », que le site refuse",
        "Sent without « {parts} », which the site refuses",
    )
    remedy = Text(
        "Rien d'urgent : enlever ce code du texte à la caisse (coller en texte simple)",
        "Nothing urgent: remove this code from the text at the till (paste as plain text)",
    )


class TextCutNote(RowNote):
    """A text was cut at a word, for the site takes no longer one."""

    code = "E-ROW-102"
    what = Text(
        "Texte coupé : {length} caractères, {limit} au plus sur le site",
        "Text cut: {length} characters, at most {limit} on the site",
    )
    remedy = Text("Raccourcir ce texte à la caisse", "Shorten this text at the till")


class SignsReplacedNote(RowNote):
    """Signs that the site refuses were replaced by others that look alike."""

    code = "E-ROW-103"
    what = Text("Envoyé sans les signes « {signs} »", "Sent without the signs « {signs} »")
    remedy = Text(
        "Rien d'urgent : enlever ces signes à la caisse",
        "Nothing urgent: remove these signs at the till",
    )


class ControlsRemovedNote(RowNote):
    """Signs that nobody sees, and that break the site's reading, were taken out."""

    code = "E-ROW-104"
    what = Text("Caractères invisibles enlevés", "Invisible characters removed")
    remedy = Text("Retaper ce texte à la caisse", "Type this text again at the till")


class NotForSitesNote(RowNote):
    """An article is of a nature that Comptoir sells in no web shop."""

    code = "E-ROW-105"
    what = Text("Pas envoyé au site : {nature}", "Not sent to the site: {nature}")
    remedy = Text(
        "Rien à faire ; sinon corriger sa nature à la caisse",
        "Nothing to do; else correct its nature at the till",
    )


class OtherOrdersNote(RowNote):
    """Rows speak of orders that no shop of ours named."""

    code = "E-ROW-106"
    what = Text(
        "{count} ligne(s) parlent de commandes que Comptoir n'a pas apportées (« {value} »)",
        "{count} row(s) speak of orders that Comptoir did not bring (« {value} »)",
    )
    remedy = Text(
        "Rien à faire si elles viennent d'ailleurs ; sinon vérifier la colonne « order » de la "
        "correspondance",
        "Nothing to do if they came another way; else check the column « order » of the mapping",
    )


@dataclass(frozen=True)
class Mended(Generic[T]):
    """A value as it travels, and what was done to it; without notes, nothing was."""

    value: T
    notes: tuple[RowNote, ...] = ()
