"""`why REFERENCE`: the answer in lines, or as JSON; the page draws the same one.

show_why(settings, wiring, output, "H01-1")
"""

from collections.abc import Iterator
from datetime import datetime

from pos_exporter.config import ExporterSettings
from pos_exporter.history import WHOLE, Change
from pos_exporter.overview.as_json import plain
from pos_exporter.state import METADATA
from pos_exporter.why.read import why
from pos_exporter.why.values import Answer
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from protocol.errors import Lang, Text
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output
from protocol.program.link_words import local

CAUSES = {
    "unflagged": Text("plus marqué « article internet »", "no longer flagged for the site"),
    "filtered": Text("écarté par vos choix", "kept out by your choices"),
    "discontinued": Text("arrêté à la caisse", "discontinued at the till"),
    "vanished": Text("plus à la caisse", "no longer at the till"),
}
_ISO = 2
_FIELDS = {
    "name": Text("nom", "name"),
    "description": Text("description", "description"),
    "short_description": Text("résumé", "summary"),
    "reference": Text("référence", "reference"),
    "ean": Text("code-barres", "bar code"),
    "price": Text("prix", "price"),
    "purchase_price": Text("prix d'achat", "purchase price"),
    "tax_rate": Text("TVA", "VAT"),
    "quantity": Text("stock", "stock"),
    "counted": Text("unités web déjà comptées", "web units counted"),
    "brand": Text("marque", "brand"),
    "categories": Text("catégories", "categories"),
    "weight_grams": Text("poids (g)", "weight (g)"),
    "percent": Text("remise (%)", "reduction (%)"),
    "starts_at": Text("début", "begins"),
    "ends_at": Text("fin", "ends"),
}
SIGNS = {"ok": "✓", "no": "✗", "wait": "…", "note": "·"}
NAMES = {
    "till": Text("Caisse", "Till"),
    "choice": Text("Vos choix", "Your choices"),
    "complete": Text("Mis de côté", "Set aside"),
    "note": Text("À savoir", "To know"),
    "queued": Text("Envoi", "Sending"),
    "received": Text("Réception", "Receipt"),
    "site": Text("Site", "Site"),
    "parts": Text("Le reste de la fiche", "The rest of it"),
    "stock": Text("Stock", "Stock"),
    "promotion": Text("Promotion", "Promotion"),
    "case": Text("Cas à voir", "Case to look at"),
    "order": Text("Commande", "Order"),
}


def show_why(settings: ExporterSettings, wiring: Wiring, output: Output, asked: str) -> int:
    """Tell the whole chain of an article."""
    url = paths_of(settings).url
    with opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine:
        answer = why(engine, asked, wiring.clock())
    for line in lines(answer, output.lang):
        output.say(literal(line))
    output.emit("why", **_values(answer))
    return DONE


def lines(answer: Answer, lang: Lang) -> Iterator[str]:
    """Yield an answer in lines of one language."""
    if answer.article is not None:
        yield f"{answer.article.label} [{answer.article.key}]"
    for step in answer.steps:
        name, text, remedy = (_in(one, lang) for one in (NAMES[step.name], step.text, step.remedy))
        code = f" [{step.code}]" if step.code else ""
        yield f"{SIGNS[step.mark]} {name} — {text}{code}" + (f" → {remedy}" if remedy else "")
    for one in answer.sellables:
        words = _in(_SELLABLE, lang)
        yield "  " + words.format(one=one, state=one.state or "—")
    if answer.history:
        yield _in(_HISTORY, lang)
    for change in answer.history:
        when, name = local(datetime.fromisoformat(change.at)), f"{change.kind} {change.key}"
        yield f"  {when}  {name} {changed(change, lang)}"
    for match in answer.matches:
        yield f"  {match.key} — {match.label}"
    yield _in(answer.verdict, lang)


def changed(change: Change, lang: Lang) -> str:
    """Return what a line of the history says: `prix : 41.9 → 77.7`."""
    if change.field == WHOLE:
        cause = CAUSES.get(change.after or "")
        told = _in(cause, lang) if cause else change.after or ""
        return _GONE.in_lang(lang, {"cause": told}) if change.after else _in(_BEGAN, lang)
    field, colon = field_name(change.field, lang), " :" if lang == "fr" else ":"
    return f"{field}{colon} {change.before or '—'} → {change.after or '—'}"


def field_name(field: str, lang: Lang) -> str:
    """Return a field in words: `name.fr` is "nom (fr)"; one that has none is itself."""
    name, _, part = field.partition(".")
    words = _FIELDS.get(name)
    if words is None:
        return field
    return f"{_in(words, lang)} ({part})" if len(part) == _ISO else _in(words, lang)


def _in(text: Text, lang: Lang) -> str:
    return text.fr if lang == "fr" else text.en


def _values(answer: Answer) -> dict[str, object]:
    values = plain(answer)
    return values if isinstance(values, dict) else {}


_SELLABLE = Text(
    "{one.label} : caisse {one.quantity}, comptées {one.counted}, réserve {one.buffer}, "
    "site : {state}",
    "{one.label}: till {one.quantity}, counted {one.counted}, buffer {one.buffer}, site: {state}",
)
_BEGAN = Text("nouveau", "new")
_GONE = Text("retiré ({cause})", "removed ({cause})")
_HISTORY = Text("Derniers changements :", "Latest changes:")
