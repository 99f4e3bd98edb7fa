"""The link in plain lines, for `status` of both programs; the same values as JSON.

for line in link_lines(view): output.say(line)
output.emit("status", link=link_values(view), ...)
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from protocol.errors import Text
from protocol.link.notices import Notice
from protocol.program.link_view import InView, LinkView, OutView

STREAMS = {
    "catalogue": Text("catalogue", "catalogue"),
    "media": Text("photos", "photos"),
    "orders": Text("commandes", "orders"),
    "answers": Text("réponses", "answers"),
}


def link_lines(view: LinkView) -> Iterator[Text]:
    """Yield one line per stream and per notice."""
    if view.recovering:
        yield Text(
            f"Reprise en cours ({view.recovering}) : l'autre côté doit répondre",
            f"Recovering ({view.recovering}): the other side must answer",
        )
    for sent in view.outgoing:
        yield _outgoing(sent)
    for taken in view.incoming:
        yield _incoming(taken)
    for notice in view.notices:
        yield _notice(notice)


def link_values(view: LinkView) -> dict[str, Any]:
    """Return the link as JSON values."""
    return {
        "outgoing": [vars(one) for one in view.outgoing],
        "incoming": [
            {**vars(one), "last_at": iso(one.last_at), "next_by": iso(one.next_by)}
            for one in view.incoming
        ],
        "notices": [
            {
                "code": one.problem.code, "place": one.problem.place, "times": one.times,
                "first_at": one.first_at, "last_at": one.last_at,
                "fr": one.problem.line("fr"), "en": one.problem.line("en"),
            }
            for one in view.notices
        ],
        "recovering": view.recovering,
        "last_heard_at": iso(view.last_at),
        "next_by": iso(view.next_by),
    }  # fmt: skip


def iso(moment: datetime | None) -> str | None:
    """Return a moment as JSON has it."""
    return moment.isoformat() if moment else None


def local(moment: datetime | None) -> str:
    """Return a moment in this computer's time, for people; a dash for none."""
    return f"{moment.astimezone():%d/%m/%Y %H:%M}" if moment else "—"


def _outgoing(view: OutView) -> Text:
    fr, en = STREAMS[view.stream].fr, STREAMS[view.stream].en
    if not view.epoch:
        return Text(f"Envoyé, {fr} : rien encore", f"Sent, {en}: nothing yet")
    at = f"{view.epoch}/{view.seq}"
    tail_fr = tail_en = ""
    if view.packets or view.queued:
        tail_fr = f", {view.packets} paquet(s) en attente, {view.queued} fiche(s) à emballer"
        tail_en = f", {view.packets} packet(s) waiting, {view.queued} record(s) to be packed"
    return Text(
        f"Envoyé, {fr} : {at}, reçu là-bas jusqu'à {view.acknowledged}{tail_fr}",
        f"Sent, {en}: {at}, taken there up to {view.acknowledged}{tail_en}",
    )


def _incoming(view: InView) -> Text:
    fr, en = STREAMS[view.stream].fr, STREAMS[view.stream].en
    if view.stopped:
        return Text(
            f"Reçu, {fr} : ARRÊTÉ à {view.epoch}/{view.seq} [{view.stopped}]",
            f"Taken, {en}: STOPPED at {view.epoch}/{view.seq} [{view.stopped}]",
        )
    if not view.epoch:
        return Text(f"Reçu, {fr} : rien encore", f"Taken, {en}: nothing yet")
    proof = "" if view.is_proven else " (?)"
    return Text(
        f"Reçu, {fr} : {view.epoch}/{view.seq}{proof}, le {local(view.last_at)}",
        f"Taken, {en}: {view.epoch}/{view.seq}{proof}, on {local(view.last_at)}",
    )


def _notice(notice: Notice) -> Text:
    last = local(datetime.fromisoformat(notice.last_at))
    return Text(
        f"{notice.problem.line('fr')} ({notice.times} fois, la dernière le {last})",
        f"{notice.problem.line('en')} ({notice.times} time(s), last on {last})",
    )
