"""Which facts are a case, and what it says (SPEC §6.9). Pure.

Rules: a case follows from the facts and from nothing else, so it opens and ends by itself; what it
says holds no figure that grows by the hour, so that the same facts are the same case. Of a figure
below zero there is one case: oversold where a web order is in the sum, the till's own otherwise.

    of_sum(Sum("v:1", "BOT-1 38", quantity=1, kept={"uid-a": 1, "uid-b": 1}), {"uid-a": "XKBK…"})
    of_order(order, Terms(unpaid_before="2026-11-14 10:00:00", silent_before="2026-11-23 10:00:00"))
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from protocol.errors import ComptoirError, Problem
from protocol.records import CaseKind, CaseVerb, FateState, Order, Role
from protocol.strict_json import canonical
from protocol.values import ShopTime
from shop_agent.case_errors import (
    LeftOutError,
    NegativeAtTillError,
    OrderDeletedError,
    OversoldError,
    RefundedUncountedError,
    ShopGivenAgainError,
    TotalsGapError,
    UnfinishedOrderError,
    UnknownStateError,
    UnlinkedLineError,
    UnpaidError,
)
from shop_agent.orders.documents import totals_gap
from shop_agent.orders.offers import CLOSING
from shop_agent.orders.roles import GONE_OUT, OVER, RESERVES
from shop_agent.reconcile.stock import Sellable

#: How long an order may wait for its payment where the merchant says nothing.
UNPAID_DAYS = 10
UNPAID: frozenset[Role] = frozenset({"awaiting_payment", "backorder_unpaid"})
#: What a person may answer to each kind.
VERBS: Mapping[CaseKind, tuple[CaseVerb, ...]] = {
    "oversale": ("dismiss",),
    "negative_at_till": ("dismiss",),
    "unpaid": ("release",),
    "refunded_uncounted": ("release",),
    "unknown_state": ("dismiss",),
    "unlinked_line": ("dismiss",),
    "mail_uncertain": ("resend", "dismiss"),
    "shop_restored": ("dismiss",),
    "totals": ("dismiss",),
    "order_deleted": ("release", "dismiss"),
    "left_out": ("release",),
}
#: Names that a sentence holds at the most, and letters that they take.
_NAMED, _LETTERS = 10, 400


@dataclass(frozen=True)
class Wanted:
    """A case as the facts make it.

    Args:
        about: What kind of case.
        of: Order uid or stock key; with the kind, the case's key.
        problem: What happened and what to do, with its facts.
        orders: Order uids that it names.
        stock_keys: Sellables of the till that it names.
        sellables: Products and combinations of the shop that the till does not know.
    """

    about: CaseKind
    of: str
    problem: Problem
    orders: tuple[str, ...] = ()
    stock_keys: tuple[str, ...] = ()
    sellables: tuple[Sellable, ...] = ()

    @property
    def key(self) -> str:
        """What names the case."""
        return f"{self.about}/{self.of}"

    @property
    def verbs(self) -> tuple[CaseVerb, ...]:
        """What a person may answer."""
        return VERBS[self.about]

    def mark(self) -> str:
        """Return what tells one state of the facts from another: names of articles do not."""
        facts = {name: text for name, text in self.problem.facts.items() if name != "place"}
        said = [self.problem.code, facts, self.orders, self.stock_keys]
        return hashlib.sha256(canonical(json.loads(json.dumps(said)))).hexdigest()


# --- figures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sum:
    """One figure of the shop as the formula makes it.

    Args:
        key: Stock key.
        label: What people call it.
        quantity: The till's figure.
        kept: Units that each web order keeps and the till has not counted, by order uid.
        is_backorder: It may be ordered without stock.
    """

    key: str
    label: str
    quantity: int
    kept: Mapping[str, int]
    is_backorder: bool = False


def of_sum(made: Sum, references: Mapping[str, str]) -> Wanted | None:
    """Return the case of one figure, or None where it is at or above zero, or may be below.

    Args:
        made: The figure.
        references: Of the orders, by uid.
    """
    kept = {uid: units for uid, units in sorted(made.kept.items()) if units > 0}
    free = made.quantity - sum(kept.values())
    if free >= 0 or made.is_backorder:
        return None
    if not kept:
        negative = NegativeAtTillError(place=made.label, quantity=made.quantity)
        return Wanted("negative_at_till", made.key, negative.problem(), (), (made.key,))
    named = [references.get(uid, uid) for uid in kept]
    oversold = OversoldError(place=made.label, units=-free, orders=_listed(named))
    return Wanted("oversale", made.key, oversold.problem(), tuple(kept), (made.key,))


# --- orders ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class KnownOrder:
    """An order of the book, as far as cases need it.

    Args:
        uid: Names it for good.
        reference: As the customer knows it.
        state: The shop's id of its state.
        role: What that means.
        placed_at: The shop's local time.
        changed_at: The shop's local time; empty: it is still to be read.
        answered: The till's word on its newest document; None: none yet.
        taken: The till has taken one of its documents in.
        went_out: It was shipped once.
        kept: Units that it keeps and the till has not counted, by stock key.
    """

    uid: str
    reference: str
    state: int
    role: Role
    placed_at: ShopTime
    changed_at: str
    answered: FateState | None = None
    taken: bool = False
    went_out: bool = False
    kept: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """How long is long, as the shop's local times.

    Args:
        unpaid_before: An order placed earlier has waited long enough for its payment.
        silent_before: One that changed earlier should have had the till's answer; one that was
            placed earlier, a state.
        days: Days of the first, for the sentence.
    """

    unpaid_before: ShopTime
    silent_before: ShopTime
    days: int = UNPAID_DAYS


def of_order(order: KnownOrder, terms: Terms) -> Iterator[Wanted]:
    """Yield the cases of one order of the book."""
    keys = tuple(sorted(key for key, units in order.kept.items() if units > 0))
    if order.role == "unknown":
        yield _case(order, "unknown_state", UnknownStateError, keys, state=order.state)
    elif order.role == "unset" and order.placed_at < terms.silent_before:
        yield _case(order, "unknown_state", UnfinishedOrderError, keys)
    elif keys and order.role in UNPAID and order.placed_at < terms.unpaid_before:
        placed = order.placed_at[:10]
        yield _case(order, "unpaid", UnpaidError, keys, placed=placed, days=terms.days)
    elif keys and order.role in OVER and _was_passed_over(order, terms):
        yield _case(order, "refunded_uncounted", RefundedUncountedError, keys)
    elif keys and order.role in GONE_OUT and order.answered == "ignored":
        yield _case(order, "left_out", LeftOutError, keys)


def _was_passed_over(order: KnownOrder, terms: Terms) -> bool:
    """Return whether an order went out, or the till took it in, and its end was not followed.

    Either the till said so itself, or it has had a day to say anything.
    """
    if not (order.taken or order.went_out) or order.answered in CLOSING:
        return False
    return order.answered is not None or "" < order.changed_at < terms.silent_before


def _case(
    order: KnownOrder,
    about: CaseKind,
    error: type[ComptoirError],
    keys: tuple[str, ...],
    **facts: object,
) -> Wanted:
    problem = error(place=order.reference, reference=order.reference, **facts).problem()
    return Wanted(about, order.uid, problem, (order.uid,), keys)


# --- documents -------------------------------------------------------------------------------


def of_totals(order: Order) -> Wanted | None:
    """Return the case of an order that does not add up, or None."""
    gap = totals_gap(order)
    if not gap:
        return None
    error = TotalsGapError(
        place=order.reference, reference=order.reference, gap=gap,
        currency=order.currency,
    )  # fmt: skip
    return Wanted("totals", order.key, error.problem(), (order.key,))


def of_lines(order: Order) -> Wanted | None:
    """Return the case of an order that holds what the till does not know, or None.

    What an order that is over holds concerns nobody any more.
    """
    lines = [one for one in order.lines if one.stock_key is None]
    if not lines or not RESERVES[order.state.role]:
        return None
    named = [f"{one.name} ({one.reference})" if one.reference else one.name for one in lines]
    error = UnlinkedLineError(
        place=order.reference, reference=order.reference, lines=_listed(named)
    )
    sellables = tuple(dict.fromkeys((one.product_id, one.combination_id) for one in lines))
    return Wanted("unlinked_line", order.key, error.problem(), (order.key,), (), sellables)


def of_deleted(uid: str, reference: str, stock_keys: tuple[str, ...]) -> Wanted:
    """Return the case of an order that the till was told of, and the shop no longer has.

    Args:
        uid: The order's.
        reference: As the customer knows it.
        stock_keys: What it keeps.
    """
    problem = OrderDeletedError(place=f"order {reference}", reference=reference).problem()
    return Wanted("order_deleted", uid, problem, (uid,), stock_keys)


def of_restore(uids: Mapping[str, str]) -> Wanted:
    """Return the case of a shop that gave ids a second time.

    Args:
        uids: Reference of each order that bears such an id, by uid; never empty.
    """
    error = ShopGivenAgainError(orders=_listed(list(uids.values())))
    return Wanted("shop_restored", next(iter(uids)), error.problem(), tuple(uids))


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    is_whole = len(names) <= _NAMED and len(shown) <= _LETTERS
    return shown if is_whole else f"{shown[:_LETTERS]} …"
