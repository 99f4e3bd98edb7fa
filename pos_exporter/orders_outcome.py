"""How far a web order has come in one run, and the account of them all.

An order waits where nobody's hand is needed at once, and is refused where one is.

    count_state(done, refusal(error).state)
"""

from dataclasses import dataclass

from pos_exporter.errors import (
    AddressChangedError,
    AwaitingPaymentError,
    ChangedAfterImportError,
    NoWriteBackError,
    OrderLostError,
)
from pos_exporter.intake.port import Entered, HandedOverError, InDoubtError
from protocol.errors import Problem, RefusedItemError

#: States in which nothing more is to do with a revision.
DONE = frozenset({"imported", "closed", "ignored"})
#: Reasons that need no hand at once: the order is in nobody's way.
_WAITS = (
    AwaitingPaymentError, ChangedAfterImportError, AddressChangedError, NoWriteBackError,
    HandedOverError, OrderLostError,
)  # fmt: skip


@dataclass
class OrdersDone:
    """What one run did with orders and customers.

    Args:
        imported: Orders that entered.
        already: Orders that the till had.
        waiting: Orders that wait.
        refused: Orders and customers that need a hand.
        doubts: Orders of which nobody knows whether the till has them.
        customers: Customers that entered.
        lost: Orders that the till had and has no more.
    """

    imported: int = 0
    already: int = 0
    waiting: int = 0
    refused: int = 0
    doubts: int = 0
    customers: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Outcome:
    """How far an order has come.

    Args:
        state: As `web_order` keeps it.
        problem: Why it is no further.
        entered: What the till has now, where it was told just now.
    """

    state: str
    problem: Problem | None = None
    entered: Entered | None = None


def refusal(error: RefusedItemError) -> Outcome:
    """Return how far an order has come that was refused so."""
    if isinstance(error, InDoubtError):
        return Outcome("doubt", error.problem())
    return Outcome("waiting" if isinstance(error, _WAITS) else "refused", error.problem())


def count_state(done: OrdersDone, state: str, number: int = 1) -> None:
    """Count an order that is not in the till by its state."""
    done.waiting += number * (state == "waiting")
    done.refused += number * (state == "refused")
    done.doubts += number * (state == "doubt")


def count_entered(done: OrdersDone, state: str) -> None:
    """Count an order as entered that this run had counted by its state."""
    count_state(done, state, -1)
    done.imported += 1
