"""Mistakes in a configuration, worded for the person who wrote it.

All mistakes of a file are told at once, each with file, line, column and a remedy in French and
English. Secrets are never shown: neither values under a name such as `password` or `api_key`, nor
what came from the environment (the placeholder is shown instead).

    class Interval(BaseModel):
        @model_validator(mode="after")
        def _ordered(self) -> Self:
            if self.start > self.end:
                raise SettingError("E-CFG-101", Text("…", "…"), Text("…", "…"))
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from protocol.errors import ComptoirError, Lang, Problem, Text, UsageError
from protocol.program.yaml_tree import Findings, Loc, Spot

MASK = "•••"
_SECRET_NAME = re.compile(r"pass|pwd|secret|token|key|(?:^|_)(?:pw|cle)(?:$|_)", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(://[^:/?#@\s]*:)\S*@")


class ConfigError(UsageError):
    """A configuration file is wrong; `problems` holds every mistake, in the file's order."""

    code = "E-CFG-000"
    what = Text("{count} erreur(s) dans la configuration", "{count} mistake(s) in the settings")
    remedy = Text("Corriger le fichier", "Correct the file")

    def __init__(self, file: object, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(place=file, count=len(problems))

    def lines(self, lang: Lang) -> list[str]:
        """Return one line per mistake."""
        return [problem.line(lang) for problem in self.problems]

    def __str__(self) -> str:
        return "\n".join(self.lines("en"))


class SettingError(ValueError):
    """What a model's own validator raises, so that its words reach the person in both languages.

    Args:
        code: Stable code.
        what: What is wrong.
        remedy: What to do.
        facts: For both texts; `value` is added here.
    """

    def __init__(self, code: str, what: Text, remedy: Text, **facts: object) -> None:
        self.code = code
        self.what = what
        self.remedy = remedy
        self.facts = {name: str(fact) for name, fact in facts.items()}
        super().__init__(what.in_lang("en", self.facts))

    @classmethod
    def of(cls, error: ComptoirError) -> "SettingError":
        """Return one of our errors as a mistake in the settings."""
        return cls(error.code, error.what, error.remedy, **error.facts)


def is_secret_name(name: str) -> bool:
    """Return whether a value under this name may not be shown."""
    return _SECRET_NAME.search(name) is not None


def without_passwords(text: str) -> str:
    """Return a text with the passwords of its URLs masked, rather too much than too little."""
    return _URL_PASSWORD.sub(rf"\1{MASK}@", text)


@dataclass(frozen=True)
class _Mistake:
    """One of pydantic's errors, placed.

    Args:
        error: As pydantic gave it.
        path: The steps of its location that are in the file.
        branch: The other steps: tags of unions.
        spot: Where.
    """

    error: ErrorDetails
    path: tuple[str | int, ...]
    branch: tuple[str | int, ...]
    spot: Spot

    @property
    def kind(self) -> Text | None:
        """What type was expected, when the type is what is wrong."""
        return _kind(self.error["type"])


def tell_mistakes(
    findings: Findings, root: Spot, model: type[BaseModel], errors: Iterable[ErrorDetails]
) -> None:
    """Add pydantic's errors to the findings, in plain words."""
    placed = [_placed(error, root) for error in errors]
    mistakes = [m for m in placed if (m.spot.line, m.spot.column) not in findings.told]
    for same in _merged(_relevant(mistakes)):
        _tell(findings, root, model, same)


def _placed(error: ErrorDetails, root: Spot) -> _Mistake:
    loc = error["loc"][:-1] if error["type"] in _NAMES_AN_ABSENCE else error["loc"]
    spot, path, branch = root, [], []
    for step in loc:
        if step in spot.children:
            spot = spot.children[step]
            path.append(step)
        elif step != "[key]":
            branch.append(step)
    if error["type"] == "union_tag_invalid":
        tag = str(error["ctx"]["discriminator"]).strip("'")
        if tag in spot.children:
            return _Mistake(error, (*path, tag), tuple(branch), spot.children[tag])
    return _Mistake(error, tuple(path), tuple(branch), spot)


def _relevant(mistakes: Sequence[_Mistake]) -> list[_Mistake]:
    """Return the mistakes without « wrong type » where another branch of a union got further."""

    def got_further(other: _Mistake, than: _Mistake) -> bool:
        below = other.path[: len(than.path)] == than.path
        same = other.kind is not None and other.path == than.path
        return below and not same and other.branch != than.branch

    return [
        mistake
        for mistake in mistakes
        if not (mistake.kind and mistake.branch and any(got_further(m, mistake) for m in mistakes))
    ]


def _merged(mistakes: Sequence[_Mistake]) -> list[list[_Mistake]]:
    """Return the mistakes, those about the type of one value together."""
    merged: dict[object, list[_Mistake]] = {}
    for number, mistake in enumerate(mistakes):
        merged.setdefault(mistake.path if mistake.kind else number, []).append(mistake)
    return list(merged.values())


def _tell(findings: Findings, root: Spot, model: type[BaseModel], same: list[_Mistake]) -> None:
    mistake = same[0]
    error, spot = mistake.error, mistake.spot
    kinds = [mistake.kind for mistake in same if mistake.kind]
    code, what, remedy, facts = _typed(kinds) if kinds else _worded(error, mistake, model)
    on_key = error["type"] in {"missing", "extra_forbidden"} or error["loc"][-1:] == ("[key]",)
    line, column = (spot.key_line, spot.key_column) if on_key else (spot.line, spot.column)
    named = (*mistake.path, error["loc"][-1]) if error["type"] == "missing" else mistake.path
    facts = {"setting": ".".join(str(step) for step in named) or "(racine)", **facts}
    value = "" if on_key else shown_value(mistake.path, spot)
    findings.tell(code, line, column, what, remedy, value, {**facts, "value": value})


def shown_value(path: Loc, spot: Spot) -> str:
    """Return a scalar as it may be shown: the text written, or a mask over a secret."""
    if not spot.text:
        return ""
    if any(isinstance(step, str) and is_secret_name(step) for step in path):
        return spot.text if spot.from_environment and _only_names(spot.text) else MASK
    return without_passwords(spot.text)


def _only_names(text: str) -> bool:
    return re.fullmatch(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}", text) is not None


Worded = tuple[str, Text, Text, dict[str, str]]


def _typed(kinds: list[Text]) -> Worded:
    fr = " ou ".join(dict.fromkeys(kind.fr for kind in kinds))
    en = " or ".join(dict.fromkeys(kind.en for kind in kinds))
    what = Text(f"« {{setting}} » : il faut {fr}", f"« {{setting}} » must be {en}")
    return "E-CFG-012", what, _CORRECT, {}


def _worded(error: ErrorDetails, mistake: _Mistake, model: type[BaseModel]) -> Worded:
    name = error["type"]
    context = {key: str(fact) for key, fact in error.get("ctx", {}).items()}
    if name == "missing":
        return "E-CFG-010", _MISSING, _ADD, {}
    if name == "extra_forbidden":
        return _unknown(str(mistake.path[-1]), names_at(model, mistake.path[:-1]))
    if name in {"literal_error", "enum", "union_tag_invalid"}:
        return _not_a_choice(context.get("expected") or context.get("expected_tags", ""), mistake)
    if name == "union_tag_not_found":
        tag = context.get("discriminator", "").strip("'")
        return "E-CFG-010", _NO_TAG, _ADD, {"tag": tag}
    for ending, what in _BOUNDS.items():
        if name.endswith(ending):
            return "E-CFG-014", what, _CORRECT, context
    if name == "string_pattern_mismatch":
        return "E-CFG-015", _PATTERN, _CORRECT, context
    if name in {"value_error", "assertion_error"}:
        return _own_words(error, mistake)
    return "E-CFG-019", _OTHER, _CORRECT, {"reason": _safe(error["msg"], mistake)}


def _unknown(name: str, known: list[str]) -> Worded:
    close = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    if close:
        return "E-CFG-011", _UNKNOWN, _DID_YOU_MEAN, {"name": name, "close": close[0]}
    return "E-CFG-011", _UNKNOWN, _KNOWN, {"name": name, "known": ", ".join(known[:20]) or "—"}


def _not_a_choice(expected: str, mistake: _Mistake) -> Worded:
    choices = re.findall(r"'([^']*)'", expected) or [expected]
    close = get_close_matches(mistake.spot.text.lower(), choices, n=1, cutoff=0.6)
    remedy = _DID_YOU_MEAN if close else _CORRECT
    return "E-CFG-013", _CHOICE, remedy, {"choices": ", ".join(choices), "close": "".join(close)}


def _own_words(error: ErrorDetails, mistake: _Mistake) -> Worded:
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, SettingError):
        return cause.code, cause.what, cause.remedy, cause.facts
    return "E-CFG-016", _OTHER, _CORRECT, {"reason": _safe(str(cause or error["msg"]), mistake)}


def _safe(message: str, mistake: _Mistake) -> str:
    secret = any(isinstance(step, str) and is_secret_name(step) for step in mistake.path)
    return "…" if secret or mistake.spot.from_environment else without_passwords(message)


def names_at(model: type[BaseModel], path: Loc) -> list[str]:
    """Return the settings that a model knows at a path, sorted; of every branch of a union."""
    here: set[type[BaseModel]] = {model}
    for step in path:
        fields = [field for m in here for name, field in _fields(m).items() if name == step]
        found = {m for field in fields for m in _models_in(field.annotation)}
        here = found or here
    return sorted({name for m in here for name in _fields(m)})


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _models_in(annotation: object) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models_in(part)}


def _kind(error_type: str) -> Text | None:
    if not error_type.endswith(("_type", "_parsing", "_parsing_size")) and error_type not in _FORMS:
        return None
    return next((kind for start, kind in _KINDS.items() if error_type.startswith(start)), None)


_NAMES_AN_ABSENCE = {"missing"}
#: Errors about form that end in another way.
_FORMS = {"int_from_float", "date_from_datetime_parsing", "date_from_datetime_inexact"}
_KINDS = {
    "string": Text("un texte", "a text"),
    "int": Text("un nombre entier", "a whole number"),
    "float": Text("un nombre (1.5)", "a number (1.5)"),
    "decimal": Text("un nombre (1.50)", "a number (1.50)"),
    "bool": Text("true ou false", "true or false"),
    "datetime": Text("une date et une heure", "a date and time"),
    "date": Text("une date (2026-12-31)", "a date (2026-12-31)"),
    "time_delta": Text("une durée (00:05:00)", "a duration (00:05:00)"),
    "time": Text("une heure (12:30)", "a time (12:30)"),
    "list": Text("une liste", "a list"),
    "tuple": Text("une liste", "a list"),
    "set": Text("une liste", "a list"),
    "frozen_set": Text("une liste", "a list"),
    "dict": Text("un bloc « nom: valeur »", "a block « name: value »"),
    "mapping": Text("un bloc « nom: valeur »", "a block « name: value »"),
    "model": Text("un bloc « nom: valeur »", "a block « name: value »"),
    "dataclass": Text("un bloc « nom: valeur »", "a block « name: value »"),
    "path": Text("un chemin", "a path"),
    "url": Text("une adresse (https://…)", "an address (https://…)"),
    "bytes": Text("un texte", "a text"),
    "uuid": Text("un identifiant UUID", "a UUID"),
    "none_required": Text("rien", "nothing"),
}
_BOUNDS = {
    "greater_than": Text("« {setting} » doit dépasser {gt}", "« {setting} » must be over {gt}"),
    "greater_than_equal": Text(
        "« {setting} » : {ge} au moins", "« {setting} » must be at least {ge}"
    ),
    "less_than": Text(
        "« {setting} » doit être inférieur à {lt}", "« {setting} » must be under {lt}"
    ),
    "less_than_equal": Text("« {setting} » : {le} au plus", "« {setting} » must be at most {le}"),
    "too_short": Text(
        "« {setting} » est trop court (minimum {min_length})",
        "« {setting} » is too short (at least {min_length})",
    ),
    "too_long": Text(
        "« {setting} » est trop long (maximum {max_length})",
        "« {setting} » is too long (at most {max_length})",
    ),
    "finite_number": Text("« {setting} » doit être un vrai nombre", "« {setting} » must be finite"),
    "max_digits": Text(
        "« {setting} » : {max_digits} chiffres au plus",
        "« {setting} »: at most {max_digits} digits",
    ),
    "max_places": Text(
        "« {setting} » : {decimal_places} décimales au plus",
        "« {setting} »: at most {decimal_places} decimals",
    ),
}
_CORRECT = Text("Corriger cette valeur", "Correct this value")
_MISSING = Text("Il manque « {setting} »", "« {setting} » is missing")
_ADD = Text("L'ajouter", "Add it")
_NO_TAG = Text("Il manque « {tag} » sous « {setting} »", "« {tag} » is missing in « {setting} »")
_UNKNOWN = Text("Réglage inconnu « {name} »", "Unknown setting « {name} »")
_DID_YOU_MEAN = Text("Vouliez-vous dire « {close} » ?", "Did you mean « {close} »?")
_KNOWN = Text("Réglages possibles ici : {known}", "Settings known here: {known}")
_CHOICE = Text("« {setting} » : au choix {choices}", "« {setting} » must be one of: {choices}")
_PATTERN = Text(
    "« {setting} » n'a pas la forme attendue ({pattern})",
    "« {setting} » has not the form expected ({pattern})",
)
_OTHER = Text("« {setting} » refusé ({reason})", "« {setting} » refused ({reason})")
