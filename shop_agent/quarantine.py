"""`quarantine show`, `retry` and `ignore`: one thing that is set aside at the site.

A thing is named by `kind/key`, by its key alone, or by the reference of its article. `retry` has
the next pass try it again; `ignore` hides a problem from lists and counts until it changes.

    retry(settings, wiring, output, "article/1042")
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import Connection

from protocol.errors import Lang, Text, UsageError
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output
from shop_agent.actions import Subject
from shop_agent.config import AgentSettings
from shop_agent.history import Change, History
from shop_agent.ignored import ignore, notice
from shop_agent.planning import name_of, owner_of
from shop_agent.replica import Replica
from shop_agent.state import METADATA
from shop_agent.status import SetAside, read_set_aside, set_aside_line, set_aside_values
from shop_agent.why.find import find
from shop_agent.why.tell import changed
from shop_agent.wiring import MIGRATIONS, Wiring, paths_of

_CHANGES = 10


class NothingAsideError(UsageError):
    """Nothing of this name is set aside."""

    code = "E-QUA-001"
    what = Text("Rien n'est mis de côté sous « {value} »", "Nothing is set aside as « {value} »")
    remedy = Text(
        "« shop-agent quarantine list » montre tout, avec le nom à donner ici",
        "« shop-agent quarantine list » shows all, with the name to give here",
    )


def show_one(settings: AgentSettings, wiring: Wiring, output: Output, name: str) -> int:
    """Tell everything that is known of what is set aside under a name."""
    with _opened(settings, wiring) as connection:
        items = _named(connection, name)
        told = [
            (one, name_of(Replica(connection), one.subject), _changes(connection, one))
            for one in items
        ]
        bodies = [_facts(connection, one) for one in items]
    for (one, label, changes), fact in zip(told, bodies, strict=True):
        for line in _lines(one, label, changes, output.lang):
            output.say(literal(line))
        output.emit(
            "quarantine_item", label=label, fact=fact, history=[asdict(one) for one in changes],
            **set_aside_values(one, output),
        )  # fmt: skip
    return DONE


def retry(settings: AgentSettings, wiring: Wiring, output: Output, name: str) -> int:
    """Have the next pass look at it again."""
    with _opened(settings, wiring) as connection:
        items = _named(connection, name)
        for one in items:
            Replica(connection).mark_dirty(one.subject)
            notice(connection, one.subject)
    output.say(_RETRIED, count=len(items))
    output.emit("quarantine_retry", items=[one.name for one in items])
    return DONE


def leave(
    settings: AgentSettings, wiring: Wiring, output: Output, name: str, *, undo: bool = False
) -> int:
    """Hide a problem until it changes, or show it again."""
    with _opened(settings, wiring) as connection:
        items = _named(connection, name)
        for one in items:
            if undo:
                notice(connection, one.subject)
            else:
                ignore(connection, one.subject, one.reason)
    output.say(_SHOWN_AGAIN if undo else _IGNORED, count=len(items))
    output.emit("quarantine_ignore", items=[one.name for one in items], undo=undo)
    return DONE


@contextmanager
def _opened(settings: AgentSettings, wiring: Wiring) -> Iterator[Connection]:
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.begin() as connection,
    ):
        yield connection


def _named(connection: Connection, name: str) -> list[SetAside]:
    """Return what a person means: by full name, else by key, else by its article."""
    items = read_set_aside(connection)
    owners = {match.key for match in find(connection, name)}
    for fits in (
        [one for one in items if one.name == name],
        [one for one in items if one.key == name],
        [one for one in items if _article(connection, one.subject) in owners],
    ):
        if fits:
            return fits
    raise NothingAsideError(value=name)


def _article(connection: Connection, subject: Subject) -> str | None:
    owner = owner_of(subject)
    fact = Replica(connection).find(owner.kind, owner.key)
    if fact is None:
        return None
    return owner.key if owner.kind == "article" else getattr(fact.record, "article", None)


def _changes(connection: Connection, one: SetAside) -> Sequence[Change]:
    return History(connection).last([(one.kind, one.key)], _CHANGES)


def _facts(connection: Connection, one: SetAside) -> dict[str, object] | None:
    """Return the fact as the till said it, with the packet it came in."""
    fact = Replica(connection).find(one.kind, one.key)
    if fact is None:
        return None
    record: dict[str, object] = fact.record.model_dump(mode="json")
    return {
        "record": record, "gone": fact.gone, "dirty": fact.dirty, "packet": fact.packet,
        "packed_at": fact.packed_at,
    }  # fmt: skip


def _lines(one: SetAside, label: str, changes: Sequence[Change], lang: Lang) -> Iterator[str]:
    yield f"{one.name} — {label}"
    yield f"  {set_aside_line(one, lang)}"
    yield from (f"  {changed(change, lang)}" for change in changes)


_RETRIED = Text(
    "{count} fiche(s) : le prochain passage les reprend",
    "{count} record(s): the next pass tries again",
)
_IGNORED = Text(
    "{count} ligne(s) ignorée(s) tant que leur problème ne change pas",
    "{count} line(s) ignored as long as their problem stays the same",
)
_SHOWN_AGAIN = Text("{count} ligne(s) de nouveau montrée(s)", "{count} line(s) shown again")
