"""The till writer: how web orders and customers enter a till, each exactly once.

An order is entered as an order or a reservation, never as a receipt with its payment: a French
till's payment data belongs to the till alone. Entering the same order twice changes nothing and
says so. What cannot enter whole does not enter at all.

A writer whose effect may stay unknown says what it is about to do first (`note.begin`): whoever
finds that note later asks `look` before anything is done again. Each answer names its evidence.

    entered = writer.enter_order(order, note)
    entered.key, entered.already, entered.evidence     # '42', False, 'idempotency'
    writer.look(order.key, mark, age)                  # what became of an attempt
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from protocol.errors import (
    FatalError,
    OutcomeUnknownError,
    RefusedItemError,
    RetryableError,
    Text,
    UsageError,
)
from protocol.records import Customer, Order, Role

#: Roles in which an order is over.
OVER: frozenset[Role] = frozenset({"cancelled", "payment_error", "refunded", "dead"})
#: What tells that the till has an order: its own idempotency query; what a hook answered, now
#: (`answer`, `already`) or when asked again (`lookup`); what became of a file (`done`, `ok`); the
#: till's own count of web orders; a person.
Evidence = Literal["idempotency", "answer", "already", "lookup", "done", "ok", "counted", "person"]
#: What is brought to the till: a new order, a later revision, or that it is over.
Event = Literal["order", "order_changed", "order_cancelled"]


@dataclass(frozen=True)
class Entered:
    """What the till has now.

    Args:
        key: Under which the till keeps it.
        already: Whether it was there before.
        evidence: What tells so.
    """

    key: str
    already: bool
    evidence: Evidence = "idempotency"


@dataclass(frozen=True)
class Mark:
    """By what an attempt is found again: the file of a drop folder; elsewhere the uid is enough.

    Args:
        event: What was brought.
        revision: Of the order.
        file: Its name in the folder; empty elsewhere.
        sha256: Of the file's bytes; empty elsewhere.
        said_yes: Whether the till has answered yes, though it does not show the order.
    """

    event: Event
    revision: str
    file: str = ""
    sha256: str = ""
    said_yes: bool = False


@dataclass(frozen=True)
class Note:
    """Where a writer says what it is about to do.

    Args:
        number: How many times a person had it done anew: a file's name is never used twice.
        begin: Keeps the mark for good before anything happens at the till; the last one counts.
        unsure: Our own memory was lost since the order was placed: it may have been done before.
            Who cannot ask the till must not do it, but leave it in doubt.
    """

    number: int = 0
    begin: Callable[[Mark], None] = lambda mark: None
    unsure: bool = False


UNNOTED = Note()


def change_of(order: Order) -> Event:
    """Return what a later revision is to the till: a change, or the order's end."""
    return "order_cancelled" if order.state.role in OVER else "order_changed"


class TillWriter(Protocol):
    """A till that takes orders and customers."""

    def enter_order(self, order: Order, note: Note = UNNOTED) -> Entered:
        """Write an order unless the till has it.

        Raises:
            RefusedItemError: When it cannot enter as it is; nothing of it was written.
            HandedOverError: When it was handed over, and `look` tells later what became of it.
            RetryableError: When the till does not answer; nothing was written.
            IntakeUnknownError: When the till may have taken it: ask `look`.
        """
        ...

    def change_order(self, order: Order, key: str, note: Note = UNNOTED) -> Entered:
        """Bring an order that the till has to its later revision, or tell it that it is over.

        Raises:
            NotWritableError: When there is no way to; otherwise as `enter_order`.
        """
        ...

    def look(self, order_uid: str, mark: Mark, age: timedelta) -> Entered | None:
        """Return what became of an attempt; None: nothing, it may be made again.

        Args:
            order_uid: Of the order.
            mark: As it was noted before.
            age: Of the note.

        Raises:
            HandedOverError: When the till has not come to it yet.
            InDoubtError: When nothing tells; a person must.
            RefusedItemError: When the till refused it.
            RetryableError, IntakeUnknownError: When nobody can look now.
        """
        ...

    def enter_customer(self, customer: Customer) -> Entered:
        """Write a customer unless the till has them. Raises as `enter_order` does."""
        ...

    def holds_order(self, order_uid: str) -> bool:
        """Return whether the till has this order.

        Raises:
            NotWritableError: When this till cannot be asked.
            RetryableError: When it does not answer.
        """
        ...

    def finish(self) -> None:
        """Hand over what was collected in this run; nothing for a writer that collects nothing."""
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


class TaxRateUnknownError(RefusedItemError):
    """The till has no code for a VAT rate of an order."""

    code = "E-INT-008"
    what = Text(
        "Le taux de TVA {rate} % n'a pas de code en caisse",
        "The VAT rate {rate} % has no code at the till",
    )
    remedy = Text(
        "Ajouter ce taux sous write_back.formats.tax_rates ; la commande entrera toute seule",
        "Add this rate under write_back.formats.tax_rates; the order then enters by itself",
    )


class HandedOverError(RefusedItemError):
    """An order lies ready for the till, which has not come to it yet."""

    code = "E-INT-009"
    what = Text(
        "Déposée dans « {file} » : la caisse ne l'a pas encore lue",
        "Put into « {file} »: the till has not read it yet",
    )
    remedy = Text("Rien à faire : la caisse la prendra", "Nothing to do: the till will take it")


class UnreadError(HandedOverError):
    """Nobody reads the folder."""

    code = "E-INT-010"
    what = Text(
        "Le fichier « {file} » n'est pas lu par la caisse depuis plus de {hours} h",
        "The till has not read the file « {file} » for more than {hours} h",
    )
    remedy = Text(
        "Vérifier l'import des commandes en caisse ; rien n'est perdu",
        "Check the import of orders at the till; nothing is lost",
    )


class CollectedError(HandedOverError):
    """An order goes with the next file."""

    code = "E-INT-011"
    what = Text("Part avec le prochain fichier", "Goes with the next file")


class InDoubtError(RefusedItemError):
    """Nothing tells whether the till has an order: its file is gone without a trace."""

    code = "E-INT-012"
    what = Text(
        "En doute : le fichier « {file} » a disparu sans trace",
        "In doubt: the file « {file} » is gone without a trace",
    )
    remedy = Text(
        "Regarder en caisse, puis répondre « la caisse l'a » ou « la renvoyer »",
        "Look at the till, then answer « the till has it » or « send it again »",
    )


class StillUnknownError(InDoubtError):
    """A request of which the till does not show what became: no answer, or a yes and no order."""

    code = "E-INT-013"
    what = Text(
        "En doute : la caisse ne dit pas si elle l'a ({reason})",
        "In doubt: the till does not say whether it has it ({reason})",
    )


class TillRefusedError(RefusedItemError):
    """The till's own program refuses an order, in its own words."""

    code = "E-INT-014"
    what = Text("La caisse refuse la commande : {words}", "The till refuses the order: {words}")
    remedy = Text(
        "Corriger en caisse, puis répondre « la renvoyer »",
        "Mend it at the till, then answer « send it again »",
    )


class HookAddressError(UsageError):
    """The hook's address is none that an order may be posted to."""

    code = "E-INT-015"
    what = Text("Adresse impossible pour les commandes ({reason})", "Unusable address ({reason})")
    remedy = Text(
        "http:// sur le réseau du magasin, ou https:// ; le secret sous till.write_secret",
        "http:// on the shop's network, or https://; the secret under till.write_secret",
    )
