"""What may be wrong with a state database, told apart by what to do about it.

with state_errors(place="state.db"):
    with engine.begin() as connection: ...
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from protocol.errors import FatalError, NeedsPersonError, RetryableError, Text, UsageError


class StateBrokenError(FatalError):
    """The database is damaged or no database."""

    code = "E-STA-001"
    what = Text("Base d'état endommagée ({reason})", "State database damaged ({reason})")
    remedy = Text(
        "La restaurer par « restore » ; ne pas la supprimer sans avis de l'intégrateur",
        "Restore it by « restore »; do not delete it without asking the integrator",
    )


class StateNewerError(FatalError):
    """The database was written by a newer program, or by the other one."""

    code = "E-STA-002"
    what = Text(
        "La base d'état vient d'un programme plus récent, ou de l'autre ({reason})",
        "The state database is of a newer program, or of the other one ({reason})",
    )
    remedy = Text(
        "Mettre ce programme à jour, ou rendre à la base sa copie d'avant la mise à jour",
        "Update this program, or put back the copy made before the update",
    )


class StateForeignError(UsageError):
    """The database holds tables and none of ours: it is somebody else's."""

    code = "E-STA-003"
    what = Text(
        "Cette base contient déjà autre chose ({reason})", "This database holds other things "
        "({reason})",
    )  # fmt: skip
    remedy = Text(
        "Donner sous state une base vide, jamais celle de la caisse ou de la boutique",
        "Name an empty database under state, never the till's or the shop's",
    )


class StateBusyError(RetryableError):
    """Somebody else holds the database for longer than we wait, or it does not answer."""

    code = "E-STA-004"
    what = Text("Base d'état occupée ou muette ({reason})", "State database busy or silent "
                "({reason})")  # fmt: skip
    remedy = Text("Le prochain passage réessaiera", "The next pass tries again")


class StateAccessError(NeedsPersonError):
    """The folder or the database may not be written, or has no room."""

    code = "E-STA-005"
    what = Text("Impossible d'écrire la base d'état ({reason})", "Cannot write the state "
                "({reason})")  # fmt: skip
    remedy = Text(
        "Vérifier les droits du compte sur ce dossier et la place libre",
        "Check the account's rights on this folder and the free space",
    )


class StateRemoteError(UsageError):
    """The database would lie on a network drive, where SQLite loses data."""

    code = "E-STA-006"
    what = Text("Le dossier d'état est sur un lecteur réseau", "The state is on a network drive")
    remedy = Text(
        "Donner sous state.folder un dossier de ce PC",
        "Name a folder of this PC under state.folder",
    )


class StateUpgradeError(FatalError):
    """An upgrade of the tables failed; nothing was changed."""

    code = "E-STA-007"
    what = Text("La mise à jour de la base a échoué ({reason})", "The upgrade failed ({reason})")
    remedy = Text(
        "Rien n'a été changé. Transmettre le journal à l'intégrateur",
        "Nothing was changed. Send the log to the integrator",
    )


_BROKEN = ("malformed", "not a database", "file is encrypted")
_BUSY = ("locked", "busy", "could not connect", "connection refused", "timeout", "timed out")
_ACCESS = ("readonly", "read-only", "unable to open", "disk is full", "disk i/o", "full",
           "permission denied")  # fmt: skip


@contextmanager
def state_errors(place: object) -> Iterator[None]:
    """Translate what a driver says about our database; what it does not know passes unchanged.

    Args:
        place: The database, as shown to people.

    Raises:
        StateBrokenError: For a damaged file.
        StateBusyError: For a held lock or a server that does not answer.
        StateAccessError: For missing rights or room.
    """
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig)
        said = reason.lower()
        for signs, kind in ((_BROKEN, StateBrokenError), (_BUSY, StateBusyError),
                            (_ACCESS, StateAccessError)):  # fmt: skip
            if any(sign in said for sign in signs):
                raise kind(place=place, reason=reason[:200]) from error
        raise
