"""A plan for people and programs: each typed action as one line, and what it changes.

Pure: it is told names and languages. `--plan FILE` writes every line as JSON; a person sees the
counts and the first differences.

    line = plan_line(action, "BOT-1 Derby", {1: "fr"})
    line.values()      # {"kind": "article", "resource": "products", "verb": "change", …}
    line.text().fr     # "BOT-1 Derby : name (fr) Derby → Derby Paul"
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from protocol.errors import Problem, Text
from shop_agent.actions import (
    Action,
    AddPhoto,
    Adopt,
    Create,
    Delete,
    FieldKey,
    Hold,
    KeepEdit,
    Refuse,
    Remember,
    RemovePhoto,
    SetStock,
    Settle,
    Subject,
    Update,
    Wait,
)
from shop_agent.reconcile.wanted import RESOURCES

_LONGEST = 60


@dataclass(frozen=True)
class Field:
    """One field of an action.

    Args:
        field: PrestaShop's name for it.
        lang: ISO code; empty for a field without languages.
        before: None: there is none.
        after: As it is to be.
    """

    field: str
    lang: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class PlanLine:
    """One action.

    Args:
        subject: The fact.
        label: What people call it.
        resource: Of the webservice; empty where nothing is written.
        id: The entity's; None: it is to be created, or not known.
        verb: `create`, `change`, `delete`, `adopt`, `remember`, `keep`, `hold`, `wait`, `refuse` or
            `settle`.
        fields: What changes.
        problem: Why it is kept, held, put off or refused, or why visitors do not see it.
    """

    subject: Subject
    label: str
    resource: str
    id: int | None
    verb: str
    fields: tuple[Field, ...] = ()
    problem: Problem | None = None

    @property
    def writes(self) -> bool:
        """Whether the shop is changed."""
        return self.verb in ("create", "change", "delete")

    def values(self) -> dict[str, object]:
        """Return it as JSON values."""
        problem = self.problem
        return {
            "kind": self.subject.kind,
            "key": self.subject.key,
            "label": self.label,
            "resource": self.resource,
            "id": self.id,
            "verb": self.verb,
            "fields": [asdict(one) for one in self.fields],
            "code": problem.code if problem else None,
            "fr": problem.line("fr") if problem else None,
            "en": problem.line("en") if problem else None,
        }

    def text(self) -> Text:
        """Return it in a line, for a person."""
        verb, name = _VERBS[self.verb], self.label
        if self.verb == "change":
            shown = ", ".join(map(_shown, self.fields))
            return Text(f"{name} : {shown}", f"{name}: {shown}")
        place = f" ({self.resource} {self.id})" if self.id else f" ({self.resource})"
        code = f" {self.problem.code}" if self.problem else place if self.resource else ""
        return Text(f"{name} : {verb.fr}{code}", f"{name}: {verb.en}{code}")


_VERBS: Mapping[str, Text] = {
    "create": Text("à créer", "to be created"),
    "change": Text("à changer", "to be changed"),
    "delete": Text("à supprimer", "to be deleted"),
    "adopt": Text("reconnu", "recognised"),
    "remember": Text("déjà ainsi", "so already"),
    "keep": Text("modifié sur le site, gardé", "edited on the site, kept"),
    "hold": Text("retenu", "held"),
    "wait": Text("en attente", "waiting"),
    "refuse": Text("refusé", "refused"),
    "settle": Text("réglé", "settled"),
}


def plan_line(action: Action, label: str, languages: Mapping[int, str]) -> PlanLine:
    """Return one action as a line.

    Args:
        action: As decided.
        label: What people call its fact.
        languages: ISO code by language id.
    """
    subject = action.subject
    match action:
        case Create() | Update():
            was = action.was if isinstance(action, Update) else {}
            verb = "change" if isinstance(action, Update) else "create"
            fields = _fields(action.sent, was, languages)
            return PlanLine(subject, label, action.resource, action.write.id, verb, fields)
        case SetStock():
            fields = (Field("quantity", "", str(action.was), str(action.quantity)),)
            return PlanLine(subject, label, "stock_availables", action.row, "change", fields)
        case AddPhoto():
            fields = (Field("sha256", "", None, action.sha256),)
            return PlanLine(subject, label, "images", None, "create", fields)
        case RemovePhoto():
            return PlanLine(subject, label, "images", action.image_id, "delete")
        case Delete() | Adopt():
            verb = "delete" if isinstance(action, Delete) else "adopt"
            return PlanLine(subject, label, action.resource, action.ps_id, verb)
        case Remember():
            noted = {key: last.stored for key, last in action.last.items()}
            fields = _fields(noted, noted, languages)
            return PlanLine(subject, label, action.resource, action.ps_id, "remember", fields)
        case KeepEdit():
            edit = Field(action.field, _iso(action.lang, languages), action.site, action.site)
            return PlanLine(
                subject, label, action.resource, action.ps_id, "keep", (edit,), action.problem
            )
    return _without_write(action, label)


def _without_write(action: Wait | Refuse | Hold | Settle, label: str) -> PlanLine:
    resource = RESOURCES.get(action.subject.kind, "")
    if isinstance(action, Settle):
        problem = action.unseen or action.edited
        return PlanLine(action.subject, label, resource, None, "settle", (), problem)
    verb = {Wait: "wait", Refuse: "refuse", Hold: "hold"}[type(action)]
    return PlanLine(action.subject, label, resource, None, verb, (), action.problem)


def counts(lines: Iterable[PlanLine]) -> dict[str, dict[str, int]]:
    """Return how many lines there are by resource and verb, of those a person wants to know."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        if line.verb not in ("settle", "remember"):
            of = found.setdefault(line.resource or line.subject.kind, {})
            of[line.verb] = of.get(line.verb, 0) + 1
    return found


def count_lines(found: Mapping[str, Mapping[str, int]]) -> Iterator[Text]:
    """Yield counts in words, a line per resource."""
    for resource, verbs in sorted(found.items()):
        fr = ", ".join(f"{number} {_VERBS[verb].fr}" for verb, number in verbs.items())
        en = ", ".join(f"{number} {_VERBS[verb].en}" for verb, number in verbs.items())
        yield Text(f"{resource} : {fr}", f"{resource}: {en}")


def _fields(
    sent: Mapping[FieldKey, str], was: Mapping[FieldKey, str], languages: Mapping[int, str]
) -> tuple[Field, ...]:
    return tuple(
        Field(name, _iso(lang, languages), was.get((name, lang)), text)
        for (name, lang), text in sent.items()
    )


def _iso(lang: int, languages: Mapping[int, str]) -> str:
    return languages.get(lang, str(lang)) if lang else ""


def _shown(one: Field) -> str:
    name = f"{one.field} ({one.lang})" if one.lang else one.field
    return f"{name} {_short(one.before)} → {_short(one.after)}"


def _short(text: str | None) -> str:
    if text is None:
        return "—"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
