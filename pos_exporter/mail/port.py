"""The mailer: hands one letter to a mail server, or says why not.

A letter that may or may not have left is handed over again: its `Message-ID` is the same, and a
merchant who hears twice of one order loses nothing.

    mailer.send(Letter("Nouvelle commande XKBKNABJK", "…", "9f2c…@comptoir"))
"""

from dataclasses import dataclass
from typing import Protocol

from protocol.errors import RetryableError, Text


class MailError(RetryableError):
    """A letter did not leave; it is handed over again with the next run."""


class MailServerAwayError(MailError):
    """The mail server does not answer."""

    code = "E-MAIL-001"
    what = Text(
        "Le serveur de messagerie ne répond pas ({reason})",
        "The mail server does not answer ({reason})",
    )
    remedy = Text(
        "Rien à faire : le message repart au prochain passage. Si cela dure, vérifier « mail »",
        "Nothing to do: the message leaves with the next run. If it lasts, check « mail »",
    )


class MailRefusedError(MailError):
    """The mail server refuses the account, an address or the message."""

    code = "E-MAIL-002"
    what = Text("Le serveur de messagerie refuse ({reason})", "The mail server refuses ({reason})")
    remedy = Text(
        "Vérifier sous « mail » le compte, le mot de passe et les adresses",
        "Check the account, the password and the addresses under « mail »",
    )


class MailNotSafeError(MailError):
    """The connection cannot be made safe."""

    code = "E-MAIL-003"
    what = Text(
        "Connexion chiffrée impossible avec le serveur de messagerie ({reason})",
        "No encrypted connection to the mail server ({reason})",
    )
    remedy = Text(
        "Vérifier mail.host et mail.tls ; le certificat doit être au nom du serveur",
        "Check mail.host and mail.tls; the certificate must bear the server's name",
    )


class MailAccountError(MailError):
    """A host, account or password holds letters that this way of sending cannot carry."""

    code = "E-MAIL-005"
    what = Text(
        "Compte, mot de passe ou serveur de messagerie avec des lettres accentuées : impossible à "
        "transmettre",
        "The mail account, password or server holds letters (accents) that cannot be sent",
    )
    remedy = Text(
        "Choisir chez l'hébergeur un mot de passe sans accent, et corriger « mail »",
        "Choose a password without accents at the host, and correct « mail »",
    )


@dataclass(frozen=True)
class Letter:
    """One e-mail.

    Args:
        subject: One line.
        body: Plain text.
        message_id: The same whenever the same is told.
    """

    subject: str
    body: str
    message_id: str


class Mailer(Protocol):
    """Somewhere to hand letters to."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over.

        Raises:
            MailError: When it did not leave, as far as can be known.
        """
        ...

    def check(self) -> None:
        """Log in and out again.

        Raises:
            MailError: When that does not work.
        """
        ...
