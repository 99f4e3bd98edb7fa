"""`why REF`: the answer in lines, or as JSON.

show_why(settings, wiring, output, "BOT-1")
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from protocol.errors import Lang, Text
from protocol.program.command import literal
from protocol.program.console import DONE, Output
from protocol.program.link_words import local
from shop_agent.config import AgentSettings
from shop_agent.history import WHOLE, Change
from shop_agent.why.read import why
from shop_agent.why.values import Answer, Step
from shop_agent.wiring import Wiring, wire

_SIGNS = {"ok": "✓", "no": "✗", "wait": "…", "note": "·"}
_NAMES = {
    "till": Text("Caisse", "Till"),
    "gone": Text("Retiré", "Gone"),
    "waits": Text("En attente", "Waiting"),
    "refused": Text("Refusé", "Refused"),
    "held": Text("Retenu", "Held"),
    "linked": Text("Lien", "Link"),
    "site": Text("Site", "Site"),
    "unreachable": Text("Site", "Site"),
    "categories": Text("Catégories", "Categories"),
    "price": Text("Prix", "Price"),
    "special": Text("Prix spécifique", "Specific price"),
    "sizes": Text("Déclinaisons", "Combinations"),
    "photos": Text("Photos", "Photos"),
    "case": Text("Cas à voir", "Case to look at"),
    "stock": Text("Stock", "Stock"),
    "order": Text("Commande", "Order"),
    "edited": Text("Texte gardé", "Text kept"),
    "parts": Text("Le reste", "The rest"),
}
_WHO = {
    "till": Text("caisse", "till"),
    "site": Text("site", "site"),
    "healed": Text("remis d'aplomb", "put right"),
    "taken-back": Text("repris", "taken back"),
}
_LONGEST = 60


def show_why(settings: AgentSettings, wiring: Wiring, output: Output, asked: str) -> int:
    """Tell the whole chain of an article."""
    with wire(settings, wiring) as agent:
        answer = why(agent, asked)
    for line in lines(answer, output.lang):
        output.say(literal(line))
    output.emit("why", **_values(answer))
    return DONE


def lines(answer: Answer, lang: Lang) -> Iterator[str]:
    """Yield an answer in lines of one language."""
    if answer.article is not None:
        yield f"{answer.article.label} [{answer.article.key}]"
        yield from (_step(step, lang) for step in answer.steps)
    if answer.history:
        yield _in(_HISTORY, lang)
    yield from (f"  {changed(change, lang)}" for change in answer.history)
    yield from (f"  {match.key} — {match.label}" for match in answer.matches)
    yield _in(answer.verdict, lang)


def changed(change: Change, lang: Lang) -> str:
    """Return what a line of the history says: when, whose, what, old → new, who, packet."""
    packet = f", {change.packet[0]}-{change.packet[1]}" if change.packet else ""
    name = f"{change.field} ({change.lang})" if change.lang else change.field
    shown = f"{name} : {_short(change.before)} → {_short(change.after)}"
    if change.field == WHOLE:
        shown = f"{change.resource} {change.id} {_in(_WHOLE[change.after or ''], lang)}"
    when = local(datetime.fromisoformat(change.at))
    who = _in(_WHO[change.who], lang)
    return f"{when}  {change.kind} {change.key} — {shown} ({who}{packet})"


def _step(step: Step, lang: Lang) -> str:
    code = f" [{step.code}]" if step.code else ""
    remedy = f" → {_in(step.remedy, lang)}" if step.remedy.fr else ""
    name, text = _in(_NAMES[step.name], lang), _in(step.text, lang)
    return f"{_SIGNS[step.mark]} {name} — {text}{code}{remedy}"


def _in(text: Text, lang: Lang) -> str:
    """Return a worded text; braces in it are no facts."""
    return text.fr if lang == "fr" else text.en


def _short(text: str | None) -> str:
    if text is None:
        return "—"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _values(answer: Answer) -> dict[str, object]:
    return asdict(answer)


_HISTORY = Text("Derniers changements :", "Latest changes:")
_WHOLE = {
    "created": Text("créé", "created"),
    "adopted": Text("reconnu", "recognised"),
    "deleted": Text("supprimé", "deleted"),
}
