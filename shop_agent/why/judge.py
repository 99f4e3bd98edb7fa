"""The chain of one article, link by link, and the sentence that follows from it. Pure.

What the shop shows decides whether it is online; the first link that is broken says why not.

    steps = chain(evidence)
    online, verdict = judge(evidence, steps)
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from protocol.errors import Problem, Text
from protocol.money import format_decimal
from protocol.program.link_words import local
from shop_agent.errors import EditedOnSiteError
from shop_agent.history import ADOPTED
from shop_agent.policy_errors import DraftError
from shop_agent.reconcile.showing import why_unseen
from shop_agent.reconcile.stock import Figure
from shop_agent.why.errors import GoneFromTillError, NotYetError, ProductMissingError
from shop_agent.why.values import Evidence, Mark, Site, Special, Step, Told

#: Links that decide; the others are to be known.
_DECIDE = frozenset({"gone", "waits", "refused", "held", "linked", "site"})
_SHOWN = 10


def chain(evidence: Evidence) -> tuple[Step, ...]:
    """Return every link of the chain, from the till's packet to the visitor."""
    return (
        *_till(evidence),
        *_told(evidence),
        *_linked(evidence),
        *_site(evidence),
        *_parts(evidence),
    )


def judge(evidence: Evidence, steps: Sequence[Step]) -> tuple[bool | None, Text]:
    """Return whether visitors see the article now, and one sentence with the reason."""
    deciding = [step for step in steps if step.name in _DECIDE]
    broken = [step for step in deciding if step.mark == "no"]
    broken += [step for step in deciding if step.mark == "wait"]
    if evidence.site is None and evidence.unreachable is not None and not broken:
        return None, _because(
            "On ne sait pas si c'est en ligne", "Nobody knows whether it is online",
            _worded(evidence.unreachable),
        )  # fmt: skip
    if evidence.site is None or unseen(evidence) is not None:
        why = broken[0].text if broken else _worded(NotYetError().problem())
        return False, _because("Pas en ligne", "Not online", why)
    if broken:
        return True, _because(
            "En ligne, mais pas comme la caisse le dit", "Online, but not as the till says",
            broken[0].text,
        )  # fmt: skip
    figures = evidence.site.figures
    if figures and not any(one.shown > 0 for one in figures):
        return True, Text("En ligne, mais épuisé.", "Online, but out of stock.")
    return True, Text("En ligne.", "Online.")


def unseen(evidence: Evidence) -> Problem | None:
    """Return why visitors do not see the product that the shop has, or None when they do."""
    if evidence.site is None:
        return None
    told = evidence.told
    is_draft = told is not None and told.problem is not None and told.problem.code == (
        DraftError.code
    )  # fmt: skip
    return why_unseen(
        evidence.site.shown,
        is_draft=is_draft and not evidence.site.shown.active,
        off_categories=evidence.site.off_categories,
        place=f"article {evidence.key}",
    )


# --- on this side ----------------------------------------------------------------------------


def _till(evidence: Evidence) -> Iterator[Step]:
    packet = f"{evidence.packet[0]}-{evidence.packet[1]}" if evidence.packet else "—"
    when = _when(evidence.packed_at)
    waits = evidence.dirty and evidence.gone is None
    todo = Text(" ; le prochain passage la regarde", "; the next pass looks at it")
    yield Step(
        "till", "ok",
        Text(f"dernière fiche reçue dans le paquet {packet} du {when}{todo.fr if waits else ''}",
             f"last received in packet {packet} of {when}{todo.en if waits else ''}"),
    )  # fmt: skip
    if evidence.gone is not None:
        error = GoneFromTillError(cause=evidence.gone, fate=evidence.fate or "—")
        yield _problem("gone", "no", error.problem())


def _told(evidence: Evidence) -> Iterator[Step]:
    told = evidence.told
    if told is None or told.problem is None:
        return
    name, mark = _STATES.get(told.state, ("", "note"))
    if name:
        yield _problem(name, mark, told.problem, f"{_when(told.at)} : ")


#: State of a fate → the link it is, and what it means for the chain.
_STATES: dict[str, tuple[str, Mark]] = {
    "waiting": ("waits", "wait"),
    "refused": ("refused", "no"),
    "held": ("held", "no"),
}


def _linked(evidence: Evidence) -> Iterator[Step]:
    if evidence.ps_id is None:
        if evidence.gone is None:
            yield _problem("linked", "wait", NotYetError().problem())
        return
    linked, number = evidence.linked, evidence.ps_id
    if linked is None:
        text = Text(f"produit {number} du site", f"product {number} of the site")
    else:
        when, is_adopted = _when(linked.at), linked.after == ADOPTED
        fr = "reconnu" if is_adopted else "créé"
        en = "recognised" if is_adopted else "created"
        text = Text(f"produit {number}, {fr} le {when}", f"product {number}, {en} on {when}")
    yield Step("linked", "ok", text)


# --- at the site -----------------------------------------------------------------------------


def _site(evidence: Evidence) -> Iterator[Step]:
    if evidence.is_missing:
        yield _problem("site", "no", ProductMissingError(found=evidence.ps_id or 0).problem())
    elif evidence.unreachable is not None:
        yield _problem("unreachable", "note", evidence.unreachable)
    elif evidence.site is not None:
        problem = unseen(evidence)
        if problem is not None:
            yield _problem("site", "no", problem)
        else:
            yield Step("site", "ok", Text("actif et visible", "active and visible"))
        yield from _categories(evidence.site)
        yield from _price(evidence.site)
        yield from _sizes(evidence, evidence.site)
        yield from _photos(evidence, evidence.site)
        for figure in evidence.site.figures:
            yield _stock(figure, evidence, evidence.site)
            yield from _shares(figure, evidence.site)


def _categories(site: Site) -> Iterator[Step]:
    shown = site.shown
    off = sorted(shown.categories & site.off_categories)
    ids = ", ".join(str(one) for one in sorted(shown.categories))
    default = shown.default_category
    text = Text(
        f"catégorie par défaut {default} ; toutes : {ids}",
        f"default category {default}; all: {ids}",
    )
    if off:
        names = ", ".join(map(str, off))
        text = Text(f"{text.fr} ; désactivées : {names}", f"{text.en}; off: {names}")
    yield Step("categories", "note" if off else "ok", text)


def _price(site: Site) -> Iterator[Step]:
    prices = sorted(site.prices.values()) or [site.price]
    shown = " – ".join(dict.fromkeys(format_decimal(one) for one in (prices[0], prices[-1])))
    yield Step("price", "ok", Text(f"{shown} TTC", f"{shown} with tax"))
    for one in site.specials[:_SHOWN]:
        whose = Text("de la caisse", "of the till") if one.is_ours else Text("du site", "of people")
        scope = _scope(one)
        fr = f"prix spécifique {one.id} {whose.fr} : {one.gives}{scope.fr}"
        en = f"specific price {one.id} {whose.en}: {one.gives}{scope.en}"
        yield Step("special", "note", Text(fr, en))


def _scope(one: Special) -> Text:
    number, group, units, until = one.combination, one.group, one.from_quantity, one.until
    parts = [
        (number, Text(f", déclinaison {number}", f", combination {number}")),
        (group, Text(f", groupe {group}", f", group {group}")),
        (units > 1, Text(f", dès {units}", f", from {units}")),
        (until, Text(f", jusqu'au {until}", f", until {until}")),
    ]
    said = [text for is_said, text in parts if is_said]
    return Text("".join(text.fr for text in said), "".join(text.en for text in said))


def _sizes(evidence: Evidence, site: Site) -> Iterator[Step]:
    if not evidence.variants:
        return
    there = sum(one in site.combinations for one in evidence.variants.values())
    absent = [key for key, one in evidence.variants.items() if one not in site.combinations]
    names = ", ".join(evidence.labels.get(f"v:{key}", key) for key in absent[:_SHOWN])
    fr = f"{there} déclinaison(s) sur {len(evidence.variants)}"
    en = f"{there} of {len(evidence.variants)} combination(s)"
    if absent:
        fr, en = f"{fr} ; absentes : {names}", f"{en}; not there: {names}"
    yield Step("sizes", "note" if absent else "ok", Text(fr, en))


def _photos(evidence: Evidence, site: Site) -> Iterator[Step]:
    there, of = evidence.photos
    yield Step(
        "photos", "ok" if site.images and there == of else "note",
        Text(f"{site.images} image(s) sur le site, {there} photo(s) de la caisse sur {of}",
             f"{site.images} image(s) on the site, {there} of {of} photo(s) of the till"),
    )  # fmt: skip


def _stock(figure: Figure, evidence: Evidence, site: Site) -> Step:
    """Return one figure with its arithmetic written out: 5 − 1 (XKBKNABJK) − 1 = 3."""
    name = evidence.labels.get(figure.key, figure.key)
    hidden = figure.shown <= 0 and site.hides_empty and figure.key.startswith("v:")
    mark: Mark = "ok" if figure.shown == figure.target and figure.shown > 0 else "note"
    sums = {lang: _sum(figure, site, lang) for lang in ("fr", "en")}
    fr, en = f"{name} : {sums['fr']}", f"{name}: {sums['en']}"
    if figure.shown != figure.target:
        fr, en = f"{fr} ; le site montre {figure.shown}", f"{en}; the site shows {figure.shown}"
    if hidden:
        fr, en = f"{fr} ; taille cachée", f"{en}; size hidden"
    return Step("stock", mark, Text(fr, en))


def _sum(figure: Figure, site: Site, lang: str) -> str:
    french = lang == "fr"
    if figure.forced:
        words = {"gone": ("retiré de la caisse", "gone from the till"),
                 "out_of_stock": ("montré épuisé", "shown out of stock")}  # fmt: skip
        fr, en = words[figure.forced]
        return f"0 ({fr if french else en})"
    parts = [str(figure.quantity)]
    for uid, units in sorted(figure.kept.items()):
        parts.append(f"− {units} ({site.orders.get(uid, uid)})")
    if figure.buffer:
        word = "réserve" if french else "buffer"
        why = (", caisse muette" if french else ", the till is silent") if figure.silent else ""
        parts.append(f"− {figure.buffer} ({word}{why})")
    text = f"{' '.join(parts)} = {figure.target}"
    if figure.silent and 0 == figure.target < figure.free - figure.buffer:
        text += " (petit stock, caisse muette)" if french else " (low stock, the till is silent)"
    if figure.free < 0 == figure.target:
        text += " (survente)" if french else " (oversold)"
    return text


def _shares(figure: Figure, site: Site) -> Iterator[Step]:
    """Yield what each order has to do with a figure, line by line."""
    for uid, share in sorted(figure.shares.items()):
        name = site.orders.get(uid, uid)
        fr = f"commande {name} : {share.reserved} gardée(s), {share.counted} déjà comptée(s)"
        en = f"order {name}: {share.reserved} kept, {share.counted} counted already"
        if share.settled:
            fr, en = f"{fr}, {share.settled} réglée(s)", f"{en}, {share.settled} settled"
        if share.released:
            fr, en = f"{fr}, {share.released} libérée(s)", f"{en}, {share.released} released"
        fr, en = f"{fr} → − {share.kept}", f"{en} → − {share.kept}"
        yield Step("order", "note", Text(fr, en))


# --- the rest --------------------------------------------------------------------------------


def _parts(evidence: Evidence) -> Iterator[Step]:
    for case in evidence.cases:
        yield _problem("case", "note", case)
    for edit in evidence.edits:
        name = f"{edit.field} ({edit.lang})" if edit.lang else edit.field
        since = _when(edit.since)
        yield Step(
            "edited", "note",
            Text(f"{name} modifié sur le site, gardé (vu le {since})",
                 f"{name} edited on the site, kept (seen on {since})"),
            Text("Pour le rendre à la caisse : « shop-agent take-back »",
                 "To give it back to the till: « shop-agent take-back »"),
            EditedOnSiteError.code,
        )  # fmt: skip
    for part in evidence.parts[:_SHOWN]:
        yield _part(part)


def _part(part: Told) -> Step:
    state = _WORDS.get(part.state, Text(part.state, part.state))
    name = part.label or f"{part.kind} {part.key}"
    if part.problem is None:
        return Step("parts", "note", Text(f"{name} : {state.fr}", f"{name}: {state.en}"))
    step = _problem("parts", "note", part.problem)
    text = Text(
        f"{name} : {state.fr}, {step.text.fr}", f"{name}: {state.en}, {step.text.en}"
    )  # fmt: skip
    return Step(step.name, step.mark, text, step.remedy, step.code)


_WORDS = {
    "applied": Text("sur le site", "on the site"),
    "refused": Text("refusé", "refused"),
    "waiting": Text("en attente", "waiting"),
    "held": Text("retenu", "held"),
    "edited_on_site": Text("modifié sur le site", "edited on the site"),
}


def _because(fr: str, en: str, why: Text) -> Text:
    return Text(f"{fr}, parce que : {why.fr}.", f"{en}, because: {why.en}.")


def _worded(problem: Problem) -> Text:
    value = f" « {problem.value} »" if problem.value else ""
    return Text(
        problem.what.in_lang("fr", problem.facts) + value,
        problem.what.in_lang("en", problem.facts) + value,
    )


def _problem(name: str, mark: Mark, problem: Problem, before: str = "") -> Step:
    text, facts = _worded(problem), problem.facts
    remedy = Text(problem.remedy.in_lang("fr", facts), problem.remedy.in_lang("en", facts))
    return Step(name, mark, Text(f"{before}{text.fr}", f"{before}{text.en}"), remedy, problem.code)


def _when(at: str | None) -> str:
    return local(datetime.fromisoformat(at)) if at else "—"
