"""Every error says what happened, what to do about it, and what the caller may do next.

The branch tells the caller: try later (`RetryableError`), look first and never repeat
(`OutcomeUnknownError`), set this one item aside and go on (`RefusedItemError`), ask a person
(`NeedsPersonError`), stop (`FatalError`). The class gives a stable code and its advice in French
and English; the instance gives the facts. Nothing else in Comptoir words an error.

    class UnknownTaxRateError(RefusedItemError):
        code = "E-SHOP-031"
        what = Text("Aucune taxe à {rate} %", "No tax at {rate} %")
        remedy = Text("Créer la taxe dans PrestaShop", "Create the tax in PrestaShop")

    raise UnknownTaxRateError(place="article 1042, tax_rate", value="8.5", rate="8.5")
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

Lang = Literal["fr", "en"]


@dataclass(frozen=True)
class Text:
    """One sentence in both languages; `{name}` stands for a fact of that name."""

    fr: str
    en: str

    def in_lang(self, lang: Lang, facts: dict[str, str] | None = None) -> str:
        """Return the sentence in one language with its facts filled in; a missing fact is `?`."""
        sentence = self.fr if lang == "fr" else self.en
        return sentence.format_map(_Facts(facts or {}))


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "?"


@dataclass(frozen=True)
class Problem:
    """An error as it is stored and sent: code, place, value, and the advice already worded.

    Args:
        code: Stable code, such as `E-MAP-101`.
        place: Where: table and column, file and line, record and field.
        value: The offending value, cut at 200 characters; empty where it would show a secret.
        what: What happened, in both languages.
        remedy: What to do, in both languages.
    """

    code: str
    place: str
    value: str
    what: Text
    remedy: Text
    facts: dict[str, str] = field(default_factory=dict)

    def line(self, lang: Lang) -> str:
        """Return one line for a person: code, place, what, value and remedy."""
        shown = f" « {self.value} »" if self.value else ""
        what = self.what.in_lang(lang, self.facts)
        remedy = self.remedy.in_lang(lang, self.facts)
        place = f"{self.place} : " if lang == "fr" else f"{self.place}: "
        return f"[{self.code}] {place if self.place else ''}{what}{shown} → {remedy}"


class ComptoirError(Exception):
    """Root of all our errors; never raised itself."""

    code: ClassVar[str] = "E-000"
    exit_code: ClassVar[int] = 1
    what: ClassVar[Text] = Text("Erreur inattendue", "Unexpected error")
    remedy: ClassVar[Text] = Text(
        "Transmettre le journal à l'intégrateur", "Send the log to the integrator"
    )

    def __init__(self, *, place: object = "", value: object = "", **facts: object) -> None:
        self.place = str(place)
        self.value = str(value)[:200]
        self.facts = {name: str(fact) for name, fact in facts.items()}
        super().__init__(self.problem().line("en"))

    def problem(self) -> Problem:
        """Return this error as a value that can be stored, shown and sent."""
        facts = {**self.facts, "place": self.place, "value": self.value}
        return Problem(self.code, self.place, self.value, self.what, self.remedy, facts)


class RetryableError(ComptoirError):
    """Known not to have happened: try later."""

    exit_code = 5


class OutcomeUnknownError(ComptoirError):
    """May or may not have happened: look first, never repeat blindly."""

    exit_code = 5


class RefusedItemError(ComptoirError):
    """One item is not usable: set it aside with its reason, go on with the rest."""

    exit_code = 3


class NeedsPersonError(ComptoirError):
    """A brake, a pairing or a permission: only a person can say yes."""

    exit_code = 6


class FatalError(ComptoirError):
    """Configuration, keys or state are broken: stop."""

    exit_code = 7


class UsageError(FatalError):
    """The command line or the configuration is wrong."""

    exit_code = 2
