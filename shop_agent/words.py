"""A pass in plain words: one sentence of what it did.

sentence(report.summary()).fr    # "Synchronisation réussie : 12 stocks, 2 commandes"
"""

from collections.abc import Iterator, Mapping
from typing import Any

from protocol.errors import Text
from protocol.program.counted import Noun, counted

#: (resource, what was done) → its name, in the order of telling.
_NOUNS: Mapping[tuple[str, str], Noun] = {
    ("stock_availables", "changed"): Noun("stock", "stocks", "stock", "stocks"),
    ("products", "created"): Noun(
        "nouvel article", "nouveaux articles", "new article", "new articles"
    ),
    ("products", "changed"): Noun(
        "article mis à jour", "articles mis à jour", "article updated", "articles updated"
    ),
    ("products", "adopted"): Noun(
        "article reconnu", "articles reconnus", "article recognised", "articles recognised"
    ),
    ("combinations", "created"): Noun(
        "nouvelle déclinaison", "nouvelles déclinaisons", "new variant", "new variants"
    ),
    ("combinations", "changed"): Noun(
        "déclinaison mise à jour", "déclinaisons mises à jour", "variant updated",
        "variants updated",
    ),
    ("combinations", "adopted"): Noun(
        "déclinaison reconnue", "déclinaisons reconnues", "variant recognised",
        "variants recognised",
    ),
    ("images", "created"): Noun("photo envoyée", "photos envoyées", "photo sent", "photos sent"),
    ("images", "deleted"): Noun(
        "photo retirée", "photos retirées", "photo removed", "photos removed"
    ),
}  # fmt: skip
_LISTS = Noun(
    "rayon, marque ou taille", "rayons, marques ou tailles", "category, brand or size",
    "categories, brands or sizes",
)  # fmt: skip
_LIST_RESOURCES = {
    "categories", "manufacturers", "suppliers", "product_features", "product_feature_values",
    "product_options", "product_option_values",
}  # fmt: skip
_PRICES = Noun(
    "prix promotionnel ou tarif", "prix promotionnels ou tarifs", "promotional or list price",
    "promotional or list prices",
)  # fmt: skip
_ORDERS = Noun("commande", "commandes", "order", "orders")
_CUSTOMERS = Noun("client", "clients", "customer", "customers")
_REFUSED = Noun("fiche refusée", "fiches refusées", "record refused", "records refused")
_WAITING = Noun("fiche en attente", "fiches en attente", "record waiting", "records waiting")
_EDITED = Noun(
    "texte modifié sur le site, gardé", "textes modifiés sur le site, gardés",
    "text edited on the site, kept", "texts edited on the site, kept",
)  # fmt: skip


_HELD = Noun(
    "changement retenu", "changements retenus", "change held", "changes held"
)  # fmt: skip


def account(summary: Mapping[str, Any]) -> Text:
    """Return the counts of a report's summary in words, also of one on record; may be empty."""
    return counted(_counts(summary))


def held_line(key: str, count: int, of: int) -> Text:
    """Return one held class in words, with the command that says yes to it."""
    return Text(
        f"Attend votre accord : {key}, {count} sur {of} → shop-agent sync --accept {key}",
        f"Waits for your yes: {key}, {count} of {of} → shop-agent sync --accept {key}",
    )


def _kept_back(summary: Mapping[str, Any]) -> Text:
    """Return what a mode kept from being written, in words; empty when it kept nothing."""
    planned = counted(_counts({"written": summary.get("planned", {})}))
    mode = summary.get("mode", "all")
    if mode == "all" or not planned.fr:
        return Text("", "")
    return Text(f" (mode {mode}, retenu : {planned.fr})", f" (mode {mode}, held: {planned.en})")


def sentence(summary: Mapping[str, Any]) -> Text:
    """Return what a pass did, in one sentence."""
    done = account(summary)
    if summary.get("dry_run"):
        fr, en = f"Essai, rien n'est écrit : {done.fr}", f"Trial, nothing is written: {done.en}"
        nothing = Text("Essai : rien ne serait écrit", "Trial: nothing would be written")
    else:
        fr, en = f"Synchronisation réussie : {done.fr}", f"Synchronisation done: {done.en}"
        nothing = Text("Rien à faire : le site est à jour", "Nothing to do: the site is up to date")
    kept = _kept_back(summary)
    text = Text(fr, en) if done.fr else nothing
    if kept.fr:
        text = Text(text.fr + kept.fr, text.en + kept.en)
    if summary.get("more_to_do"):
        more = Text(" (temps écoulé : la suite au prochain passage)", " (time used up: the rest "
                    "comes with the next pass)")  # fmt: skip
        return Text(text.fr + more.fr, text.en + more.en)
    return text


def _counts(summary: Mapping[str, Any]) -> Iterator[tuple[int, Noun]]:
    written: Mapping[str, Mapping[str, int]] = summary.get("written", {})
    for (resource, what), noun in _NOUNS.items():
        yield written.get(resource, {}).get(what, 0), noun
    prices = written.get("specific_prices", {})
    yield sum(prices.get(w, 0) for w in ("created", "changed", "deleted")), _PRICES
    lists = (written.get(resource, {}) for resource in sorted(_LIST_RESOURCES))
    yield sum(counts.get(w, 0) for counts in lists for w in ("created", "changed")), _LISTS
    yield summary.get("orders", 0), _ORDERS
    yield summary.get("customers", 0), _CUSTOMERS
    yield len(summary.get("refused", ())), _REFUSED
    yield len(summary.get("waiting", ())), _WAITING
    yield len(summary.get("edited", ())), _EDITED
    yield len(summary.get("held", ())), _HELD
