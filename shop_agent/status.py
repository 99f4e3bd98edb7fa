"""`status`, `runs` and `quarantine list`: what the agent's state says, read in one snapshot.

Nothing is asked of the shop or the FTP server, and no key is needed.

    with open_reading(settings, wiring) as connection:
        status = read_status(connection, now, lock)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from protocol.errors import Lang, Problem, Text
from protocol.link.notices import problem_from
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output
from protocol.program.engine import reading
from protocol.program.link_view import LinkView, read_link
from protocol.program.link_words import link_lines, link_values, local
from protocol.program.run_words import run_line, run_values, show_runs
from protocol.program.runs import Run, last_finished
from shop_agent.actions import Subject
from shop_agent.cases import CaseNow, open_cases
from shop_agent.config import AgentSettings
from shop_agent.held import HeldNow, held_classes
from shop_agent.ignored import is_ignored, marks
from shop_agent.orders.positions import has_baseline
from shop_agent.reconcile.policy import Choices, Lock, effective
from shop_agent.replica import Replica
from shop_agent.state import LINK, METADATA, STATE
from shop_agent.told import Told
from shop_agent.wiring import MIGRATIONS, Wiring, paths_of
from shop_agent.words import account, held_line

_STATES = {
    "refused": Text("Refusé", "Refused"),
    "waiting": Text("En attente", "Waiting"),
    "held": Text("Retenu", "Held"),
    "edited_on_site": Text("Modifié sur le site", "Edited on the site"),
}


#: Cases that `status` words; `cases` words all.
_CASES = 5
_LANGS: tuple[Lang, ...] = ("fr", "en")


@dataclass(frozen=True)
class SetAside:
    """One fact that is not in the shop as the till wants it.

    Args:
        kind: Of the fact.
        key: The till's.
        state: `refused`, `waiting`, `held` or `edited_on_site`.
        problem: Why, when it was told.
        reason: The problem as the state keeps it.
        ignored: A person left this very problem as it is.
    """

    kind: str
    key: str
    state: str
    problem: Problem | None
    reason: str = ""
    ignored: bool = False

    @property
    def subject(self) -> Subject:
        """The fact."""
        return Subject(self.kind, self.key)

    @property
    def name(self) -> str:
        """The name that commands take."""
        return f"{self.kind}/{self.key}"


@dataclass(frozen=True)
class Status:
    """How the agent stands.

    Args:
        last_run: The newest run that came to an end.
        link: To the till.
        is_late: The till's program did not keep its promise.
        set_aside: How many facts, by state.
        dirty: Facts that the next pass looks at.
        intents: Writes to the shop whose outcome is not known.
        orders: Web orders known.
        has_baseline: Whether a person has said which orders the till has.
        held: Classes of changes that wait for a person.
        cases: Questions that are open for a person.
        choices: The merchant's, as they count here.
        locked: The lines that this side's settings lock.
    """

    last_run: Run | None
    link: LinkView
    is_late: bool
    set_aside: dict[str, int]
    dirty: int
    intents: int
    orders: int
    has_baseline: bool
    held: tuple[HeldNow, ...]
    cases: tuple[CaseNow, ...]
    choices: Choices
    locked: tuple[str, ...]


@contextmanager
def open_reading(settings: AgentSettings, wiring: Wiring) -> Iterator[Connection]:
    """Give one snapshot of the state database; it is made when it was missing."""
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        reading(engine).connect() as connection,
    ):
        yield connection


def read_status(connection: Connection, now: datetime, lock: Lock) -> Status:
    """Return how the agent stands; `lock` is what its settings allow at the most."""
    last, link = last_finished(connection, STATE.run), read_link(connection, LINK, "shop")
    counts: dict[str, int] = {}
    for one in read_set_aside(connection):
        if one.ignored:
            continue
        counts[one.state] = counts.get(one.state, 0) + 1
    fact = STATE.fact
    dirty = select(func.count()).select_from(fact).where(fact.c.dirty.is_(True))
    return Status(
        last_run=last,
        link=link,
        is_late=link.is_late(now, last.finished_at if last else None),
        set_aside=counts,
        dirty=connection.execute(dirty).scalar_one(),
        intents=connection.execute(select(func.count()).select_from(STATE.intent)).scalar_one(),
        orders=connection.execute(select(func.count()).select_from(STATE.web_order)).scalar_one(),
        has_baseline=has_baseline(connection),
        held=tuple(held_classes(connection)),
        cases=open_cases(connection),
        choices=effective(Replica(connection).policy(), lock),
        locked=lock.lines(),
    )


def read_set_aside(connection: Connection) -> list[SetAside]:
    """Return everything that is not in the shop as the till wants it, by kind and key."""
    known = marks(connection)
    return [
        SetAside(
            subject.kind, subject.key, state, problem_from(reason) if reason else None, reason,
            is_ignored(known, subject, reason),
        )
        for subject, state, reason in Told(connection).set_aside()
    ]  # fmt: skip


# --- telling ---------------------------------------------------------------------------------


def show_status(settings: AgentSettings, wiring: Wiring, output: Output) -> int:
    """Tell how the agent stands."""
    with open_reading(settings, wiring) as connection:
        status = read_status(connection, wiring.clock(), settings.policy.lock())
    for line in _lines(status):
        output.say(literal(line.in_lang(output.lang)))
    output.emit("status", **_values(status))
    return DONE


def show_past_runs(
    settings: AgentSettings, wiring: Wiring, output: Output, run_id: int | None
) -> int:
    """Tell the newest runs, or all about one."""
    with open_reading(settings, wiring) as connection:
        return show_runs(connection, STATE.run, output, run_id, account, _details)


def show_set_aside(settings: AgentSettings, wiring: Wiring, output: Output) -> int:
    """Tell everything that is set aside, with its code, place, value, cause and remedy."""
    with open_reading(settings, wiring) as connection:
        found = read_set_aside(connection)
    lines = [one for one in found if not one.ignored]
    for one in lines:
        output.say(literal(set_aside_line(one, output.lang)))
    output.say(_COUNT, count=len(lines))
    if len(lines) < len(found):
        output.say(_LEFT, count=len(found) - len(lines))
    items = [set_aside_values(one, output) for one in lines]
    output.emit("quarantine", count=len(items), items=items, ignored=len(found) - len(lines))
    return DONE


def set_aside_line(one: SetAside, lang: Lang) -> str:
    """Return one thing that is set aside in a line."""
    why = one.problem.line(lang) if one.problem else "—"
    return f"{_STATES[one.state].in_lang(lang)} · {one.kind} {one.key} · {why}"


def _details(run: Run) -> Iterator[Text]:
    count = run.summary.get("exposures") or 0
    if count:
        longest = run.summary.get("exposure_longest") or 0
        all_in_all = run.summary.get("exposure_seconds") or 0
        yield Text(
            f"Commande passée pendant l'écriture du stock : {count} fois, remis d'aplomb dans le "
            f"passage ; {longest} s au plus long, {all_in_all} s en tout",
            f"An order came while stock was written: {count} time(s), put right in the same pass; "
            f"{longest} s at the longest, {all_in_all} s in all",
        )
    for state in ("refused", "waiting", "edited"):
        for one in run.summary.get(state, ()):
            yield Text(one["fr"], one["en"])


def _lines(status: Status) -> Iterator[Text]:
    if status.last_run is None:
        yield Text("Aucun passage encore", "No run yet")
    else:
        line = run_line(status.last_run, account)
        yield Text(f"Dernier passage : {line.fr}", f"Last run: {line.en}")
    if not status.has_baseline:
        yield Text(
            "Repère des commandes manquant : « shop-agent baseline none » ou « all »",
            "No baseline of orders: « shop-agent baseline none » or « all »",
        )
    heard, promised = local(status.link.last_at), local(status.link.next_by)
    late_fr, late_en = (" : EN RETARD", ": LATE") if status.is_late else ("", "")
    yield Text(
        f"Caisse : dernières nouvelles le {heard}, prochaines avant le {promised}{late_fr}",
        f"Till: last word on {heard}, next by {promised}{late_en}",
    )
    yield from link_lines(status.link)
    yield Text(
        f"À traiter : {status.dirty} fiche(s) ; écritures en suspens : {status.intents} ; "
        f"commandes connues : {status.orders}",
        f"To do: {status.dirty} record(s); writes unsettled: {status.intents}; "
        f"orders known: {status.orders}",
    )
    yield from _choice_lines(status)
    for state, count in sorted(status.set_aside.items()):
        word = _STATES[state]
        yield Text(f"{word.fr} : {count}", f"{word.en}: {count}")


def _choice_lines(status: Status) -> Iterator[Text]:
    if status.choices.mode != "all":
        mode = status.choices.mode
        yield Text(f"Mode {mode} : le reste est retenu", f"Mode {mode}: the rest is held")
    if status.choices.pilots:
        yield Text("Essai sur une partie du catalogue", "Pilot on a part of the catalogue")
    if status.locked:
        lines = ", ".join(status.locked)
        yield Text(f"Choix bornés par ces réglages : {lines}", f"Choices locked here: {lines}")
    for one in status.held:
        yield held_line(one.key, one.count, one.of)
        yield from (Text(f"  {line}", f"  {line}") for line in one.examples)
    if status.cases:
        count = len(status.cases)
        yield Text(
            f"Cas à voir (« shop-agent cases ») : {count}",
            f"Cases to look at (« shop-agent cases »): {count}",
        )
    for case in status.cases[:_CASES]:
        fr, en = (literal(f"  {case.wanted.problem.line(lang)}") for lang in _LANGS)
        yield Text(fr.fr, en.en)


def _values(status: Status) -> dict[str, Any]:
    return {
        "last_run": run_values(status.last_run) if status.last_run else None,
        "link": link_values(status.link),
        "late": status.is_late,
        "set_aside": status.set_aside,
        "dirty": status.dirty,
        "intents": status.intents,
        "orders": status.orders,
        "has_baseline": status.has_baseline,
        "mode": status.choices.mode,
        "pilot": bool(status.choices.pilots),
        "locked": list(status.locked),
        "held": [
            {"key": x.key, "count": x.count, "of": x.of, "examples": x.examples, "since": x.since}
            for x in status.held
        ],
        "cases": [
            {"key": x.key, "code": x.wanted.problem.code, "since": x.since} for x in status.cases
        ],
    }


def set_aside_values(one: SetAside, output: Output) -> dict[str, Any]:
    """Return one thing that is set aside as JSON values."""
    values = {"kind": one.kind, "key": one.key, "state": one.state, "ignored": one.ignored}
    if one.problem is None:
        return values
    problem = one.problem
    return {
        **values,
        "code": problem.code,
        "place": problem.place,
        "value": problem.value,
        "what": problem.what.in_lang(output.lang, problem.facts),
        "remedy": problem.remedy.in_lang(output.lang, problem.facts),
    }


_LEFT = Text("{count} de plus, ignorée(s)", "{count} more, ignored")
_COUNT = Text("{count} fiche(s) mises de côté", "{count} record(s) set aside")
