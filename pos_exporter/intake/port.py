"""The till writer: how web orders and customers enter a till, each exactly once.

An order is entered as an order or a reservation, never as a receipt with its payment: a French
till's payment data belongs to the till alone. Entering the same order twice changes nothing and
says so. What cannot enter whole does not enter at all.

    entered = writer.enter_order(order)
    entered.key, entered.already            # '42', False
    writer.holds_order(order.key)           # True
"""

from dataclasses import dataclass
from typing import Protocol

from protocol.errors import (
    FatalError,
    OutcomeUnknownError,
    RefusedItemError,
    RetryableError,
    Text,
    UsageError,
)
from protocol.records import Customer, Order


@dataclass(frozen=True)
class Entered:
    """What the till has now.

    Args:
        key: Under which the till keeps it.
        already: Whether it was there before.
    """

    key: str
    already: bool


class TillWriter(Protocol):
    """A till that takes orders and customers."""

    def enter_order(self, order: Order) -> Entered:
        """Write an order unless the till has it.

        Raises:
            RefusedItemError: When it cannot enter as it is; nothing of it was written.
            RetryableError: When the till does not answer; nothing was written.
            IntakeUnknownError: When the till may have taken it: ask `holds_order`.
        """
        ...

    def enter_customer(self, customer: Customer) -> Entered:
        """Write a customer unless the till has them. Raises as `enter_order` does."""
        ...

    def holds_order(self, order_uid: str) -> bool:
        """Return whether the till has this order; raises `RetryableError`."""
        ...


class LineNotLinkedError(RefusedItemError):
    """A line of an order is of nothing that the till knows."""

    code = "E-INT-001"
    what = Text(
        "La ligne {line} « {name} » ne correspond à aucun article de la caisse",
        "Line {line} « {name} » is no article of the till",
    )
    remedy = Text(
        "Relier ce produit à un article (référence), ou saisir la commande à la main",
        "Link this product to an article (reference), or enter the order by hand",
    )


class LineRefusedError(RefusedItemError):
    """The till has no such article for a line, or not in the way that the mapping expects."""

    code = "E-INT-002"
    what = Text(
        "La caisse ne trouve pas l'article de la ligne {line} « {name} » ({statement} : {found} "
        "ligne(s) au lieu de {expected})",
        "The till does not find the article of line {line} « {name} » ({statement}: {found} "
        "row(s) instead of {expected})",
    )
    remedy = Text(
        "Recréer l'article à la caisse ; la commande entrera toute seule",
        "Make the article again at the till; the order then enters by itself",
    )


class StatementRefusedError(RefusedItemError):
    """The till refuses a statement, or one touched another number of rows than expected."""

    code = "E-INT-003"
    what = Text(
        "La caisse refuse « {statement} » ({reason})", "The till refuses « {statement} » ({reason})"
    )
    remedy = Text(
        "Montrer ce message à l'intégrateur ; rien n'a été écrit",
        "Show this message to the integrator; nothing was written",
    )


class NotWritableError(UsageError):
    """The mapping does not say how this is written."""

    code = "E-INT-004"
    what = Text("Le fichier ne dit pas comment écrire « {kind} »", "No way to write « {kind} »")
    remedy = Text("Ajouter write_back.{kind}", "Add write_back.{kind}")


class WriteUnseenError(FatalError):
    """After writing, the mapping's own idempotency query does not see what was written."""

    code = "E-INT-005"
    what = Text(
        "La requête « idempotency » ne retrouve pas ce qui vient d'être écrit",
        "The « idempotency » query does not find what was just written",
    )
    remedy = Text(
        "Corriger write_back : sinon la commande entrerait deux fois. Rien n'a été écrit",
        "Correct write_back: the order would enter twice. Nothing was written",
    )


class TillNotWritableError(RetryableError):
    """The till does not answer, or is locked; nothing was written."""

    code = "E-INT-006"
    what = Text("La caisse ne répond pas ({reason})", "The till does not answer ({reason})")
    remedy = Text(
        "Vérifier que le poste de caisse est allumé ; l'essai suivant se fait tout seul",
        "Check that the till is switched on; the next try comes by itself",
    )


class IntakeUnknownError(OutcomeUnknownError):
    """The connection was lost while the till was taking an order."""

    code = "E-INT-007"
    what = Text(
        "Liaison coupée pendant l'écriture ({reason})", "Connection lost while writing ({reason})"
    )
    remedy = Text(
        "Rien à faire : l'essai suivant regarde d'abord si la caisse l'a",
        "Nothing: the next try first looks whether the till has it",
    )
