"""The strict rule: which units stay kept while the till has not answered. Pure.

An order's documents are offered to the till one after the other. Until the till says what became
of one, it may be working on any of those offered since the last it answered, that one included: so
the most that any of them keeps stays kept, sellable by sellable.

A combination that was made anew has another id in a later document: the most is taken by what both
ids name at the till.

    offers = Offers().offer("rev-1", {(12, 40): 2}).offer("rev-2", {})     # cancelled
    offers.held()                                                          # {(12, 40): 2}
    offers.answer("rev-2", "imported").held()                              # {}
"""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from protocol.records import FateState
from shop_agent.reconcile.stock import Sellable

Name = TypeVar("Name", bound=Hashable)
#: Units by sellable, none of 0.
Units = Mapping[Sellable, int]
#: The till has done with this document; nothing more is to be expected of it.
CLOSING: frozenset[FateState] = frozenset({"imported", "ignored"})
#: The till knows this document, and has put nothing of it into its figures.
_UNTAKEN: frozenset[FateState] = frozenset({"waiting", "refused"})


@dataclass(frozen=True)
class Offer:
    """One document as it was offered: its revision and the units that it keeps."""

    revision: str
    units: Units


@dataclass(frozen=True)
class Offers:
    """The documents of one order that the till may be working on.

    Args:
        since: Oldest first; the first is the last one answered, or the very first.
        taken: Whether the till ever imported one of this order's documents. As long as it has
            not, "waiting" is an answer too: the till knows the newest document and has nothing.
    """

    since: tuple[Offer, ...] = ()
    taken: bool = False

    def offer(self, revision: str, units: Units) -> "Offers":
        """Return the offers with one more; the newest offered again changes nothing."""
        if self.since and self.since[-1].revision == revision:
            return self
        return replace(self, since=(*self.since, Offer(revision, dict(units))))

    def knows(self, revision: str) -> bool:
        """Return whether a document is among those offered since the last answer."""
        return any(offer.revision == revision for offer in self.since)

    def answer(self, revision: str, state: FateState) -> "Offers":
        """Return the offers after the till's word on one of them; an unknown one changes nothing.

        A document offered twice, with another between, is answered for the last time that it was.
        """
        taken = self.taken or (state == "imported" and self.knows(revision))
        is_answer = state in CLOSING or (state in _UNTAKEN and not taken)
        places = [n for n, offer in enumerate(self.since) if offer.revision == revision]
        if not places or not is_answer:
            return replace(self, taken=taken)
        return Offers(self.since[places[-1] :], taken)

    def held(self) -> dict[Sellable, int]:
        """Return the most that any of them keeps, sellable by sellable."""
        return most_of(self.documents(), by_sellable)

    def documents(self) -> tuple[Units, ...]:
        """Return what each of them keeps, the oldest first."""
        return tuple(offer.units for offer in self.since)


def most_of(documents: Iterable[Units], name_of: Callable[[int, int], Name]) -> dict[Name, int]:
    """Return the most units that one of several documents keeps, under each name.

    Args:
        documents: What each keeps.
        name_of: The name of a product and combination; several may have one.
    """
    most: dict[Name, int] = {}
    for units in documents:
        named: dict[Name, int] = {}
        for sellable, quantity in sorted(units.items()):
            name = name_of(*sellable)
            named[name] = named.get(name, 0) + quantity
        for name, quantity in named.items():
            most[name] = max(most.get(name, 0), quantity)
    return most


def by_sellable(product_id: int, combination_id: int) -> Sellable:
    """Name what an order has by its PrestaShop ids."""
    return product_id, combination_id


def render_units(units: Units) -> str:
    """Return units as text: `[[product, combination, quantity], …]`."""
    return json.dumps(_rows(units))


def parse_units(text: str) -> dict[Sellable, int]:
    """Return what `render_units` wrote."""
    return _units(json.loads(text))


def render_offers(offers: Offers) -> str:
    """Return offers as text."""
    since = [[offer.revision, _rows(offer.units)] for offer in offers.since]
    return json.dumps({"taken": offers.taken, "since": since})


def parse_offers(text: str) -> Offers:
    """Return what `render_offers` wrote."""
    kept = json.loads(text)
    since = tuple(Offer(revision, _units(rows)) for revision, rows in kept["since"])
    return Offers(since, kept["taken"])


def _rows(units: Units) -> list[list[int]]:
    return [[*sellable, quantity] for sellable, quantity in sorted(units.items())]


def _units(rows: list[list[int]]) -> dict[Sellable, int]:
    return {(product, combination): quantity for product, combination, quantity in rows}
