"""The channel port: what a writer and a reader of packets may ask of any place that keeps files.

A channel holds two directories, `pos` and `shop`, each written by one side only. Files are
write-once: `put` gives a whole file under its final name or nothing under that name. A listing is
a hint (SPEC §4): it may be late, unordered or cut; `size` and `get` are the truth about one name.

    with open_channel(...) as channel:
        channel.put("pos", "c-00000001-000000000001-0011223344556677.pkt", packet)
        for name in channel.names("shop"): ...
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import ClassVar, Literal, Protocol, Self

from protocol.errors import FatalError, NeedsPersonError, RetryableError, Text

Side = Literal["pos", "shop"]

#: Final names (SPEC §4.1). Anything else in a directory is nobody's packet and is ignored.
PACKET_NAME = re.compile(r"[a-z]-[0-9a-f]{8}-[0-9]{12}-[0-9a-f]{16}\.pkt\Z")
#: Names of uploads under way; only their writer may delete them, after 48 hours.
UPLOAD_NAME = re.compile(r"t-[0-9a-f]{16}\.tmp\Z")
#: How long an upload under way is left alone before its writer takes it for abandoned.
UPLOAD_STALE_AFTER = timedelta(hours=48)


class Channel(Protocol):
    """A place for packets, opened for one pass.

    Every call may raise `ChannelUnreachableError` or `ChannelFullError` (try later),
    `ChannelAccessError`, `ChannelTlsError` or `ChannelUnfitError` (a person must act), and, for a
    name that is no packet's, `PacketNameError`. After an error the channel recovers by itself at
    the next call: callers never reconnect. One channel serves one thread.
    """

    def names(self, side: Side) -> Sequence[str]:
        """Return the packet names in one directory, sorted; a missing directory is empty."""
        ...

    def size(self, side: Side, name: str) -> int | None:
        """Return a file's size in bytes, or None when no such file is there."""
        ...

    def get(self, side: Side, name: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None when no such file is there.

        Args:
            side: The directory.
            name: A packet name.
            limit: The most bytes to take; a longer file raises `TooLargeError` after limit bytes.
        """
        ...

    def put(self, side: Side, name: str, content: bytes) -> None:
        """Store a whole file under a unique name; a name that holds as many bytes is left alone.

        Seen from the other side the file appears complete or not at all. Calling it again after
        any failure is safe. A name that holds another number of bytes was damaged there: that
        file is deleted and stored anew.
        """
        ...

    def delete(self, side: Side, name: str) -> bool:
        """Delete a file of one's own; return whether it is gone (a refusal is no error)."""
        ...

    def close(self) -> None:
        """Give the connection back; the channel may not be used afterwards."""
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class ChannelUnreachableError(RetryableError):
    """The place does not answer, or broke off: nothing is lost, the next pass tries again."""

    code: ClassVar[str] = "E-CHN-001"
    what = Text("Le serveur d'échange ne répond pas ({reason})", "No answer ({reason})")
    remedy = Text(
        "Rien n'est perdu : le prochain passage réessaiera. Si cela dure, vérifier la connexion",
        "Nothing is lost: the next pass tries again. If it lasts, check the connection",
    )


class ChannelFullError(RetryableError):
    """The place has no room left (full disk or quota)."""

    code: ClassVar[str] = "E-CHN-002"
    what = Text(
        "Le serveur d'échange est plein ({reason})", "The exchange server is full ({reason})"
    )
    remedy = Text(
        "Libérer de la place chez l'hébergeur ; les envois attendent",
        "Free some space at the host; what is to be sent waits",
    )


class ChannelAccessError(NeedsPersonError):
    """User or password refused, or no right to read or write there."""

    code: ClassVar[str] = "E-CHN-003"
    what = Text("Accès refusé ({reason})", "Access refused ({reason})")
    remedy = Text(
        "Vérifier l'utilisateur, le mot de passe et ses droits d'écriture ; rien n'est perdu",
        "Check the user, the password and the right to write there; nothing is lost",
    )


class ChannelTlsError(NeedsPersonError):
    """The encrypted connection cannot be made or its certificate is not the expected one."""

    code: ClassVar[str] = "E-CHN-004"
    what = Text("Connexion chiffrée impossible ({reason})", "No encrypted connection ({reason})")
    remedy = Text(
        "Vérifier le certificat (nom, empreinte), ou autoriser le FTP simple par allow_plain",
        "Check the certificate (name, pin), or allow plain FTP by allow_plain",
    )


class ChannelUnfitError(NeedsPersonError):
    """The place stores or gives something else than it should (size, name), or lacks a command."""

    code: ClassVar[str] = "E-CHN-005"
    what = Text(
        "Le serveur d'échange ne garde pas les fichiers intacts ({reason})",
        "The exchange server does not keep files intact ({reason})",
    )
    remedy = Text(
        "Changer de serveur FTP ou demander à l'hébergeur le mode binaire",
        "Use another FTP server or ask the host about binary mode",
    )


class TooLargeError(NeedsPersonError):
    """A file is larger than the protocol allows; it is not read any further."""

    code: ClassVar[str] = "E-CHN-006"
    what = Text("Fichier trop gros (plus de {limit} octets)", "File too large (over {limit} bytes)")
    remedy = Text(
        "Vérifier qui écrit dans ce dossier FTP", "Check who else writes to this FTP folder"
    )


class PacketNameError(FatalError):
    """A name was asked for that is no packet's: a fault of the caller, never of the other side."""

    code: ClassVar[str] = "E-CHN-007"
    what = Text("Nom de paquet invalide", "Not a packet name")
    remedy = Text("Transmettre le journal à l'intégrateur", "Send the log to the integrator")


def check_name(side: Side, name: str) -> str:
    """Return the name of a packet, or raise `PacketNameError` for anything else."""
    if not PACKET_NAME.match(name):
        raise PacketNameError(place=side, value=name)
    return name
