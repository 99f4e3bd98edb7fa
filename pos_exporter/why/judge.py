"""The chain of one article, link by link, and the sentence that follows from it. Pure.

The first link that is broken gives the verdict: what the till keeps back, what waits to be sent,
what the site has not fetched, not answered, refused or hides.

    steps = chain(evidence)
    online, verdict = judge(evidence, steps)
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from pos_exporter.why.evidence import Evidence, Fate
from pos_exporter.why.values import Mark, OrderUnits, Sellable, Step
from protocol.errors import Problem, Text
from protocol.program.link_words import local
from protocol.records import Reason

_CHOICES: Mapping[str, Text] = {
    "unflagged": Text(
        "il n'est pas marqué « article internet » à la caisse",
        "it is not flagged for the site at the till",
    ),
    "discontinued": Text("il est arrêté à la caisse", "it is discontinued at the till"),
    "vanished": Text("la caisse ne le montre plus", "the till shows it no longer"),
    "filter.categories": Text(
        "vos choix ne gardent que certaines catégories, et la sienne n'en est pas",
        "your choices keep only some categories, and its own is none of them",
    ),
    "filter.brands": Text(
        "vos choix ne gardent que certaines marques, et la sienne n'en est pas",
        "your choices keep only some brands, and its own is none of them",
    ),
    "filter.suppliers": Text(
        "vos choix ne gardent que certains fournisseurs, et le sien n'en est pas",
        "your choices keep only some suppliers, and its own is none of them",
    ),
    "filter.in_stock": Text(
        "il n'y en a plus en stock, et vos choix ne gardent que ce qui est en stock",
        "it is out of stock, and your choices keep only what is in stock",
    ),
    "filter.with_photo": Text(
        "il n'a pas de photo, et vos choix ne gardent que ce qui en a une",
        "it has no photo, and your choices keep only what has one",
    ),
    "filtered": Text("vos choix le laissent à la caisse", "your choices keep it at the till"),
}
_MENDS: Mapping[str, Text] = {
    "unflagged": Text(
        "Le marquer à la caisse, puis synchroniser", "Flag it at the till, then synchronise"
    ),
    "discontinued": Text(
        "S'il est encore vendu, le remettre en vente à la caisse, puis synchroniser",
        "If it is still sold, put it on sale again at the till, then synchronise",
    ),
    "filter.in_stock": Text(
        "Rien : il revient dès que la caisse en a en stock",
        "Nothing: it comes back as soon as the till has some in stock",
    ),
    "filter.with_photo": Text(
        "Lui donner une photo à la caisse, puis synchroniser",
        "Give it a photo at the till, then synchronise",
    ),
}
_MEND_CHOICE = Text(
    "Si c'est voulu, rien ; sinon faire changer vos choix dans les réglages (policy)",
    "If it is meant, nothing; else have your choices changed in the settings (policy)",
)
#: States in which the shop holds what the till says, or a person's own text.
_THERE = {"applied", "unchanged", "superseded", "edited_on_site"}


def chain(evidence: Evidence) -> tuple[Step, ...]:
    """Return every link of the chain, from till to site."""
    return (
        *_till(evidence),
        *_complete(evidence),
        *_queued(evidence),
        *_site(evidence),
        *_rest(evidence),
        *_stock(evidence),
        *_promotions(evidence),
        *_cases(evidence),
    )


def judge(evidence: Evidence, steps: Sequence[Step]) -> tuple[bool | None, Text]:
    """Return whether visitors see the article, and why in one sentence."""
    broken = next((step for step in steps if step.mark == "no" and step.name in _DECIDE), None)
    if broken is not None:
        return _broken(evidence, broken)
    waiting = next((step for step in steps if step.mark == "wait" and step.name in _DECIDE), None)
    if waiting is not None and evidence.on_site:
        return True, _because("En ligne avec l'ancienne fiche", _AS_BEFORE, waiting.text)
    if waiting is not None:
        return None, _because("Pas encore en ligne", "Not online yet", waiting.text)
    if evidence.sellables and not any(one.quantity > 0 for one in evidence.sellables):
        return True, _because(
            "En ligne, mais en rupture", "Online, but out of stock",
            Text("la caisse dit 0 partout", "the till says 0 everywhere"),
        )  # fmt: skip
    return True, Text(
        "En ligne : le site a appliqué ce que dit la caisse.",
        "Online: the site has applied what the till says.",
    )


def _cases(evidence: Evidence) -> Iterator[Step]:
    for one in evidence.cases:
        yield Step("case", "note", one.what, one.remedy, one.code)


_AS_BEFORE = "Online as it was before"


def _broken(evidence: Evidence, broken: Step) -> tuple[bool, Text]:
    """Return what a broken link means: what the site shows already stays, until it is taken off."""
    is_leaving = broken.name == "choice" or evidence.said is None
    if evidence.on_site and is_leaving:
        return True, _because("Encore en ligne, à retirer du site", "Still online, to be taken off",
                              broken.text)  # fmt: skip
    was_there = broken.name == "till" and _is_there(evidence)
    # `applied` with a reason says that visitors do not see it; the rest leaves it as it was.
    is_kept = evidence.on_site and not (evidence.fate and evidence.fate.state in _THERE)
    if was_there or is_kept:
        return True, _because("En ligne avec l'ancienne fiche", _AS_BEFORE, broken.text)
    return False, _because("Pas en ligne", "Not online", broken.text)


def _is_there(evidence: Evidence) -> bool:
    fate = evidence.fate
    if evidence.said is None or fate is None:
        return evidence.on_site
    is_unseen = fate.state == "applied" and fate.reason is not None
    return fate.state in _THERE and not is_unseen


#: Links that decide; the others are to be known.
_DECIDE = {"till", "choice", "complete", "queued", "received", "site"}


def _because(fr: str, en: str, why: Text) -> Text:
    return Text(f"{fr}, parce que : {why.fr}.", f"{en}, because: {why.en}.")


def _till(evidence: Evidence) -> Iterator[Step]:
    own = [one for one in evidence.aside if one.kind == "article" and one.level != "note"]
    left = evidence.left_out
    if own:
        yield _problem("till", "no", own[0].problem)
    elif left is None and evidence.said is None:
        yield Step("till", "no", _CHOICES["vanished"], code="vanished")
        return
    else:
        yield Step("till", "ok", Text("présent à la caisse", "it is at the till"))
    if left is not None:
        code = left.by if left.by in _CHOICES else left.cause
        yield Step("choice", "no", _CHOICES[code], _MENDS.get(code, _MEND_CHOICE), code)
    elif not own:
        yield Step("choice", "ok", Text("retenu par vos choix", "among your choices"))


def _complete(evidence: Evidence) -> Iterator[Step]:
    """Yield what of the article is set aside: it goes without, or not at all."""
    for one in evidence.aside:
        if one.level == "note":
            yield _problem("note", "note", one.problem, one.label)
        elif one.kind != "article":
            yield _problem("complete", "note", one.problem, one.label or one.key)
    if evidence.kept_back:
        count = evidence.kept_back
        yield Step(
            "choice", "note",
            Text(f"{count} changement(s) gardé(s) ici : de ce qui est déjà sur le site, vos choix "
                 "n'envoient que stock et prix",
                 f"{count} change(s) kept here: of what the site has, your choices send only stock "
                 "and prices"),
            code="only_new",
        )  # fmt: skip


def _queued(evidence: Evidence) -> Iterator[Step]:
    said = evidence.said
    if said is None:
        return
    when = _when(said.at)
    if said.packet is None:
        text = Text(f"à envoyer depuis le {when}", f"to be sent since {when}")
        yield Step("queued", "wait", text)
        return
    number = f"{said.packet[0]}-{said.packet[1]}"
    if not said.uploaded:
        text = Text(
            f"prêt depuis le {when}, pas encore déposé sur le serveur (paquet {number})",
            f"ready since {when}, not on the server yet (packet {number})",
        )
        yield Step("queued", "wait", text)
        return
    yield Step("queued", "ok", Text(f"envoyé le {when}, paquet {number}",
                                    f"sent on {when}, packet {number}"))  # fmt: skip
    if said.received:
        yield Step("received", "ok", Text(f"reçu par le site (paquet {number})",
                                          f"received by the site (packet {number})"))  # fmt: skip
    else:
        heard = _when(evidence.heard_at)
        yield Step(
            "received", "wait",
            Text(f"le site ne l'a pas encore reçu (dernières nouvelles : {heard})",
                 f"the site has not received it yet (last word: {heard})"),
        )  # fmt: skip


def _site(evidence: Evidence) -> Iterator[Step]:
    said, fate = evidence.said, evidence.fate
    if said is None and evidence.on_site:
        yield Step("site", "wait", _LEAVES_WITH_YES if evidence.removal_held else _LEAVES)
    if said is None or not (said.received or fate):
        return
    if fate is None:
        text = Text("le site n'a pas encore répondu", "the site has not answered yet")
        yield Step("site", "wait", text)
    elif fate.state in _THERE and fate.reason is None:
        yield Step("site", "ok", _STATES[fate.state])
    elif fate.state == "edited_on_site":
        yield _reason("site", "ok", fate.reason, _STATES[fate.state])
    else:
        mark: Mark = "wait" if fate.state == "waiting" else "no"
        yield _reason("site", mark, fate.reason, _STATES[fate.state])


_LEAVES = Text(
    "le site le montrait encore à ses dernières nouvelles",
    "the site still showed it when it was last heard from",
)
_LEAVES_WITH_YES = Text(
    "le site le montre encore : des retraits attendent votre accord, sur la page d'accueil",
    "the site still shows it: removals wait for your agreement, on the home page",
)
_STATES: Mapping[str, Text] = {
    "applied": Text("appliqué sur le site", "applied on the site"),
    "unchanged": Text("le site l'avait déjà ainsi", "the site had it already"),
    "superseded": Text("remplacé par plus récent", "replaced by something newer"),
    "edited_on_site": Text(
        "sur le site, avec un texte modifié à la main", "on the site, with a text edited by hand"
    ),
    "refused": Text("refusé par le site", "refused by the site"),
    "waiting": Text("le site attend un autre élément", "the site waits for something else"),
    "held": Text("retenu jusqu'à votre accord", "held until you agree"),
}


def _rest(evidence: Evidence) -> Iterator[Step]:
    """Yield how variants, photos and the rest stand, and what is wrong with some."""
    known = (one for one in evidence.fates if one.kind in _PARTS and one.state in _WORDS)
    counts = Counter((one.kind, one.state) for one in known)
    if counts:
        told = sorted(counts.items())
        fr = ", ".join(f"{n} {_PARTS[kind].fr} {_WORDS[state].fr}" for (kind, state), n in told)
        en = ", ".join(f"{n} {_PARTS[kind].en} {_WORDS[state].en}" for (kind, state), n in told)
        yield Step("parts", "note", Text(fr, en))
    for one in evidence.fates:
        if one.state in {"refused", "held"}:
            yield _named(one)


_PARTS: Mapping[str, Text] = {
    "variant": Text("déclinaison(s)", "variant(s)"),
    "photo": Text("photo(s)", "photo(s)"),
    "promotion": Text("promotion(s)", "promotion(s)"),
    "list_price": Text("prix de liste", "list price(s)"),
}
_WORDS: Mapping[str, Text] = {
    "applied": Text("appliquée(s)", "applied"),
    "unchanged": Text("déjà à jour", "up to date already"),
    "superseded": Text("remplacée(s)", "replaced"),
    "edited_on_site": Text("modifiée(s) sur le site", "edited on the site"),
    "refused": Text("refusée(s)", "refused"),
    "waiting": Text("en attente", "waiting"),
    "held": Text("retenue(s)", "held"),
}


def _named(fate: Fate) -> Step:
    step = _reason("parts", "note", fate.reason, _STATES[fate.state])
    name = fate.label or f"{fate.kind} {fate.key}"
    text = Text(f"{name} : {step.text.fr}", f"{name}: {step.text.en}")
    return Step(step.name, step.mark, text, step.remedy, step.code)


def _stock(evidence: Evidence) -> Iterator[Step]:
    if not evidence.sellables:
        return
    total = sum(one.quantity for one in evidence.sellables)
    counted = sum(one.counted for one in evidence.sellables)
    buffer = max(one.buffer for one in evidence.sellables)
    yield Step(
        "stock", "ok" if total > 0 else "note",
        Text(f"la caisse dit {total} en tout, dont {counted} unité(s) web déjà comptées ; "
             f"réserve {buffer} par article",
             f"the till says {total} in all, {counted} web unit(s) counted; buffer {buffer} each"),
    )  # fmt: skip
    for one in evidence.sellables:
        for order in one.orders:
            yield _order(one, order)


def _order(figure: Sellable, order: OrderUnits) -> Step:
    """Return what a figure has to do with one web order."""
    fr = f"{figure.label} : {figure.quantity}, commande {order.reference} comprise"
    en = f"{figure.label}: {figure.quantity}, order {order.reference} in it"
    if order.counted:
        fr, en = f"{fr} ({order.counted} déjà comptée(s))", f"{en} ({order.counted} counted)"
    if order.settled:
        fr, en = f"{fr} ({order.settled} réglée(s))", f"{en} ({order.settled} settled)"
    return Step("order", "note", Text(fr, en))


def _promotions(evidence: Evidence) -> Iterator[Step]:
    for name, gives, begun in evidence.promotions:
        when = Text("en cours", "in force") if begun else Text("à venir", "to come")
        text = Text(
            f"promotion {name} ({gives}) {when.fr}", f"promotion {name} ({gives}) {when.en}"
        )
        yield Step("promotion", "note", text)


def _when(at: str | None) -> str:
    return local(datetime.fromisoformat(at)) if at else "—"


# --- wording ---------------------------------------------------------------------------------


def _problem(name: str, mark: Mark, problem: Problem, label: str = "") -> Step:
    facts, before = problem.facts, f"{label} : " if label else ""
    place = f" ({problem.place})" if problem.place else ""
    value = f" « {problem.value} »" if problem.value else ""
    text = Text(
        f"{before}{problem.what.in_lang('fr', facts)}{value}{place}",
        f"{before}{problem.what.in_lang('en', facts)}{value}{place}",
    )
    remedy = Text(problem.remedy.in_lang("fr", facts), problem.remedy.in_lang("en", facts))
    return Step(name, mark, text, remedy, problem.code)


def _reason(name: str, mark: Mark, reason: Reason | None, state: Text) -> Step:
    if reason is None:
        return Step(name, mark, state, Text("", ""), "")
    value = f" « {reason.value} »" if reason.value else ""
    text = Text(f"{state.fr} : {reason.what.fr}{value}", f"{state.en}: {reason.what.en}{value}")
    return Step(name, mark, text, Text(reason.remedy.fr, reason.remedy.en), reason.code)
