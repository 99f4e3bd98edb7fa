"""The passphrase of a backup: from a file or a variable for scripts, else from a person.

Never an argument, which other accounts see in the list of processes. It is read alike on every
keyboard and system: composed signs, no blanks around it.

    ways = Ways(file=None, environment=os.environ, ask=ask_hidden)
    new_passphrase(ways)        # for `backup`: asked twice, at least 12 signs
    known_passphrase(ways)      # for `restore`
"""

import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from protocol.errors import Text
from protocol.program.backup.errors import (
    BackupFileError,
    NoPassphraseError,
    OpenPassphraseFileError,
    PassphrasesDifferError,
    ShortPassphraseError,
)

VARIABLE = "COMPTOIR_BACKUP_PASSPHRASE"
#: A new passphrase's signs; with argon2id, four words take longer to guess than they are worth.
LEAST = 12
_OTHERS = 0o077
_PASSPHRASE = Text("Phrase secrète de la sauvegarde", "Passphrase of the backup")
_AGAIN = Text("La même encore une fois", "The same once more")


@dataclass(frozen=True)
class Ways:
    """Where a passphrase may come from, in this order.

    Args:
        file: Readable by this account only.
        environment: May hold `COMPTOIR_BACKUP_PASSPHRASE`.
        ask: Asks a person without showing the answer; None when nobody is there.
    """

    file: Path | None
    environment: Mapping[str, str]
    ask: Callable[[Text], str | None]


def new_passphrase(ways: Ways) -> str:
    """Return a passphrase for a new backup.

    Raises:
        NoPassphraseError: When there is none and nobody to be asked.
        PassphrasesDifferError: When a person typed two.
        ShortPassphraseError: When it is under `LEAST` signs.
        OpenPassphraseFileError, BackupFileError: As its file is.
    """
    given = _given(ways)
    said = _asked(ways, _PASSPHRASE) if given is None else given
    if len(said) < LEAST:
        raise ShortPassphraseError(least=LEAST)
    if given is None and _asked(ways, _AGAIN) != said:
        raise PassphrasesDifferError
    return said


def known_passphrase(ways: Ways) -> str:
    """Return the passphrase of a backup that exists.

    Raises:
        NoPassphraseError: When there is none and nobody to be asked.
        OpenPassphraseFileError, BackupFileError: As its file is.
    """
    given = _given(ways)
    return _asked(ways, _PASSPHRASE) if given is None else given


def _given(ways: Ways) -> str | None:
    if ways.file is not None:
        return _clean(_read(ways.file))
    said = ways.environment.get(VARIABLE)
    return None if said is None else _clean(said)


def _asked(ways: Ways, question: Text) -> str:
    said = ways.ask(question)
    if said is None:
        raise NoPassphraseError(variable=VARIABLE)
    return _clean(said)


def _read(file: Path) -> str:
    try:
        # Windows' modes say nothing of other accounts.
        if os.name == "posix" and file.stat().st_mode & _OTHERS:
            raise OpenPassphraseFileError(place=file)
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BackupFileError(place=file, reason=error.strerror or error) from error
    except UnicodeDecodeError as error:
        raise BackupFileError(place=file, reason="UTF-8") from error


def _clean(said: str) -> str:
    return unicodedata.normalize("NFC", said).strip()
