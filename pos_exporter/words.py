"""A run in plain words: one sentence of what it did.

sentence(report.summary()).fr    # "Synchronisation réussie : 12 stocks, 3 fiches article"
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pos_exporter.overview.read import summary_of
from protocol.errors import Text
from protocol.program.counted import Noun, counted
from protocol.program.link_words import local

#: Kinds of records in the order of telling: first what changes daily.
_KINDS: Mapping[str, Noun] = {
    "stock": Noun("stock", "stocks", "stock", "stocks"),
    "article": Noun("fiche article", "fiches article", "article", "articles"),
    "variant": Noun("déclinaison", "déclinaisons", "variant", "variants"),
    "photo": Noun("photo annoncée", "photos annoncées", "photo announced", "photos announced"),
    "category": Noun("rayon", "rayons", "category", "categories"),
    "brand": Noun("marque", "marques", "brand", "brands"),
}
_OTHERS = Noun("autre fiche", "autres fiches", "other record", "other records")
_GONE = Noun("retrait", "retraits", "removal", "removals")
_PHOTOS = Noun("photo envoyée", "photos envoyées", "photo sent", "photos sent")
_ORDERS = Noun("commande", "commandes", "order", "orders")
_CUSTOMERS = Noun("client", "clients", "customer", "customers")
_ASIDE = Noun("ligne à corriger", "lignes à corriger", "line to correct", "lines to correct")


def account(summary: Mapping[str, Any]) -> Text:
    """Return the counts of a report's summary in words, also of one on record; may be empty."""
    return counted([*_sent(summary), *_aside(summary)])


def sentence(summary: Mapping[str, Any]) -> Text:
    """Return what a run did, in one sentence."""
    done, aside = counted(_sent(summary)), counted(_aside(summary))
    if summary.get("dry_run"):
        begun = Text("Essai, rien n'est envoyé", "Trial, nothing is sent")
    else:
        begun = Text("Synchronisation réussie", "Synchronisation done")
    what = done if done.fr else Text("rien de nouveau", "nothing new")
    fr, en = f"{begun.fr} : {what.fr}", f"{begun.en}: {what.en}"
    until = summary.get("stock_paused_until")
    if isinstance(until, str):
        told = local(datetime.fromisoformat(until))
        fr += f" ; inventaire, les stocks restent à la caisse jusqu'au {told}"
        en += f"; inventory, stock figures stay at the till until {told}"
    if aside.fr:
        fr += f" ; {aside.fr} (« quarantine list » les montre)"
        en += f"; {aside.en} (« quarantine list » shows them)"
    return Text(fr, en)


def _sent(summary: Mapping[str, Any]) -> Iterator[tuple[int, Noun]]:
    view = summary_of(summary)
    for kind, noun in _KINDS.items():
        yield view.changes.get(kind, 0), noun
    others = sum(count for kind, count in view.changes.items() if kind not in _KINDS)
    yield others, _OTHERS
    yield view.gone, _GONE
    yield view.photos, _PHOTOS
    yield view.imported, _ORDERS
    orders = summary.get("orders")
    yield (orders.get("customers", 0) if isinstance(orders, dict) else 0), _CUSTOMERS


def _aside(summary: Mapping[str, Any]) -> Iterator[tuple[int, Noun]]:
    yield summary_of(summary).set_aside, _ASIDE
