"""`quarantine show`, `retry` and `ignore`: one thing that is set aside, here or at the site.

A thing is named by `kind/key`, by its key alone, or by its reference. `retry` makes the next run
say again what the site refused; what is set aside at the till is judged again by every run.
`ignore` hides a problem from counts until it changes; `ignore --undo` shows it again.

    retry(settings, wiring, output, "article/1042")
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from pos_exporter.config import ExporterSettings
from pos_exporter.history import Change, last_changes
from pos_exporter.ignored import ignore, is_ignored, marks, notice
from pos_exporter.overview.read import read_problem, read_reason
from pos_exporter.said import SaidBook
from pos_exporter.state import METADATA, STATE
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from protocol.errors import Lang, Text, UsageError
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output

_CHANGES = 10
_STATES = ("refused", "held", "waiting", "edited_on_site")


class NothingAsideError(UsageError):
    """Nothing of this name is set aside."""

    code = "E-POS-039"
    what = Text("Rien n'est mis de côté sous « {value} »", "Nothing is set aside as « {value} »")
    remedy = Text(
        "« quarantine list » montre tout, avec le nom à donner ici",
        "« quarantine list » shows all, with the name to give here",
    )


@dataclass(frozen=True)
class Item:
    """One thing that is set aside.

    Args:
        kind: Of record.
        key: Its key.
        label: What a person calls it.
        state: `withheld`, `note`, or the site's word.
        kept: The problem as the state keeps it; what `ignore` marks.
        code: Of the problem.
        place: Where.
        value: What stands there; of an edited text, the site's.
        what: What is wrong.
        remedy: What to do.
        since: UTC as it travels.
        ignored: A person left this very problem as it is.
    """

    kind: str
    key: str
    label: str
    state: str
    kept: str | None
    code: str
    place: str
    value: str
    what: Text
    remedy: Text
    since: str
    ignored: bool

    @property
    def name(self) -> str:
        """The name that commands take."""
        return f"{self.kind}/{self.key}"


def show_one(settings: ExporterSettings, wiring: Wiring, output: Output, name: str) -> int:
    """Tell everything that is known of what is set aside under a name."""
    with _opened(settings, wiring) as engine, engine.connect() as connection:
        items = _named(connection, name)
        told = [(item, last_changes(connection, [(item.kind, item.key)], _CHANGES))
                for item in items]  # fmt: skip
    for item, changes in told:
        for line in _lines(item, changes, output.lang):
            output.say(literal(line))
        output.emit("quarantine_item", **_values(item, changes, output.lang))
    return DONE


def retry(settings: ExporterSettings, wiring: Wiring, output: Output, name: str) -> int:
    """Make the next run say again what the site refused."""
    with _opened(settings, wiring) as engine, engine.begin() as connection:
        items = _named(connection, name)
        for item in items:
            if item.state in _STATES:
                SaidBook(connection).say_again((item.kind, item.key))
            notice(connection, item.kind, item.key)
    again = sum(item.state in _STATES for item in items)
    output.say(_RETRIED, count=again, judged=len(items) - again)
    output.emit("quarantine_retry", items=[item.name for item in items], again=again)
    return DONE


def leave(
    settings: ExporterSettings, wiring: Wiring, output: Output, name: str, *, undo: bool = False
) -> int:
    """Hide a problem from counts until it changes, or show it again."""
    with _opened(settings, wiring) as engine, engine.begin() as connection:
        items = _named(connection, name)
        for item in items:
            if undo:
                notice(connection, item.kind, item.key)
            else:
                ignore(connection, item.kind, item.key, item.kept)
    output.say(_SHOWN_AGAIN if undo else _IGNORED, count=len(items))
    output.emit("quarantine_ignore", items=[item.name for item in items], undo=undo)
    return DONE


def _opened(settings: ExporterSettings, wiring: Wiring) -> AbstractContextManager[Engine]:
    url = paths_of(settings).url
    return opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners)


def items_of(connection: Connection) -> Iterator[Item]:
    """Yield everything that is set aside, ignored or not."""
    withheld, fate, said, known = STATE.withheld, STATE.fate, STATE.said, marks(connection)
    for row in connection.execute(select(withheld)).all():
        problem = read_problem(row.problem)
        state = "note" if row.level == "note" else "withheld"
        yield Item(
            row.kind, row.key, row.label, state, row.problem, problem.code, problem.place,
            problem.value, _worded(problem.what, problem.facts),
            _worded(problem.remedy, problem.facts), row.since,
            is_ignored(known, row.kind, row.key, row.problem),
        )  # fmt: skip
    same = (said.c.kind == fate.c.kind) & (said.c.key == fate.c.key)
    listed = select(fate, said.c.label).select_from(fate.outerjoin(said, same))
    for row in connection.execute(listed.where(fate.c.state.in_(_STATES))).all():
        reason = read_reason(row.reason)
        what = Text(reason.what.fr, reason.what.en) if reason else Text("—", "—")
        remedy = Text(reason.remedy.fr, reason.remedy.en) if reason else Text("—", "—")
        yield Item(
            row.kind, row.key, row.label or row.key, row.state, row.reason,
            reason.code if reason else "", reason.place if reason else "",
            reason.value if reason else "", what, remedy, row.at,
            is_ignored(known, row.kind, row.key, row.reason),
        )  # fmt: skip


def _worded(text: Text, facts: dict[str, str]) -> Text:
    return Text(text.in_lang("fr", facts), text.in_lang("en", facts))


def _named(connection: Connection, name: str) -> list[Item]:
    """Return what a person means: by full name, else by key, else by reference."""
    items = list(items_of(connection))
    for fits in (
        [item for item in items if item.name == name],
        [item for item in items if item.key == name],
        [item for item in items if item.label == name or item.label.startswith(f"{name} ")],
    ):
        if fits:
            return fits
    raise NothingAsideError(value=name)


def _lines(item: Item, changes: Sequence[Change], lang: Lang) -> Iterator[str]:
    french = lang == "fr"
    yield f"{item.name} — {item.label}"
    state = _GROUPS[item.state].in_lang(lang, {})
    yield f"  {state}, {item.since}" + (f" ({_LEFT.in_lang(lang, {})})" if item.ignored else "")
    if item.place or item.value:
        yield f"  {item.place}" + (f" : « {item.value} »" if item.value else "")
    yield f"  [{item.code}] {item.what.fr if french else item.what.en}"
    yield f"  → {item.remedy.fr if french else item.remedy.en}"
    for change in changes:
        yield f"  {change.at} {change.field} : {change.before or '—'} → {change.after or '—'}"


def _values(item: Item, changes: Sequence[Change], lang: Lang) -> dict[str, object]:
    french = lang == "fr"
    return {
        "kind": item.kind,
        "key": item.key,
        "label": item.label,
        "state": item.state,
        "code": item.code,
        "place": item.place,
        "value": item.value,
        "what": item.what.fr if french else item.what.en,
        "remedy": item.remedy.fr if french else item.remedy.en,
        "since": item.since,
        "ignored": item.ignored,
        "history": [vars(change) for change in changes],
    }


_GROUPS = {
    "withheld": Text("Mis de côté à la caisse", "Set aside at the till"),
    "note": Text("Corrigé à l'envoi", "Mended on sending"),
    "refused": Text("Refusé par le site", "Refused by the site"),
    "held": Text("Retenu jusqu'à votre accord", "Held until you agree"),
    "waiting": Text("En attente sur le site", "Waiting at the site"),
    "edited_on_site": Text("Modifié sur le site", "Edited on the site"),
}
_LEFT = Text("ignoré", "ignored")
_RETRIED = Text(
    "{count} fiche(s) repartiront au prochain passage ; {judged} seront rejugée(s) à la caisse",
    "{count} record(s) go again with the next run; {judged} are judged again at the till",
)
_IGNORED = Text(
    "{count} ligne(s) ignorée(s) tant que leur problème ne change pas",
    "{count} line(s) ignored as long as their problem stays the same",
)
_SHOWN_AGAIN = Text("{count} ligne(s) de nouveau comptée(s)", "{count} line(s) counted again")
