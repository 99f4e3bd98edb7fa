"""`backup`: the program's belongings in one sealed file, while it may be running.

The state is copied by SQLite's own backup, in one moment; keys are read before it, so that a state
that is newer than its keys still belongs to them. The file is read back before it takes its name.

    saved = back_up(kit, owned, file, passphrase, made_at=utc_now())
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from protocol.keys import RandomBytes, load_keys
from protocol.program.backup.belongings import KEYS, SETTINGS, STATE, Belongings, Kit, S
from protocol.program.backup.contents import write_parts
from protocol.program.backup.errors import BackupExistsError
from protocol.program.backup.files import file_errors, fresh_file, place_copy, scratch_folder
from protocol.program.backup.sealed_file import (
    Cost,
    Header,
    SealedReader,
    SealedWriter,
    derive_key,
)
from protocol.program.engine import local_file
from protocol.program.pairing import NoKeysError, WrongRoleError
from protocol.program.state import copy_database
from protocol.values import format_time


@dataclass(frozen=True)
class Saved:
    """What a backup holds.

    Args:
        file: It.
        bytes: Its size.
        parts: Names of what is in it.
        server: The state's server, which this file does not hold; None: there is none.
    """

    file: Path
    bytes: int
    parts: tuple[str, ...]
    server: URL | None


def back_up(
    kit: Kit[S],
    owned: Belongings,
    file: Path,
    passphrase: Callable[[], str],
    *,
    made_at: datetime,
    force: bool = False,
    cost: Cost | None = None,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> Saved:
    """Write a backup.

    Args:
        kit: The program.
        owned: Its belongings.
        file: To be written; its folder is there.
        passphrase: Asked for when nothing else is in the way.
        made_at: UTC.
        force: Take the place of a file of that name.
        cost: Of a guess.
        random_bytes: For the salt.

    Raises:
        BackupExistsError: When there is a file of that name.
        NoKeysError, BadKeyFileError, WrongRoleError: Without keys of this program.
        StateBrokenError, StateAccessError: When the state cannot be copied.
        BackupFileError: When the file cannot be written.
        TooLittleMemoryError: When the key cannot be made.
    """
    if file.exists() and not force:
        raise BackupExistsError(place=file)
    _check_keys(kit, owned)
    server = None if owned.paths.url.get_backend_name() == "sqlite" else owned.paths.url
    with scratch_folder(owned.paths.folder) as scratch:
        parts = _collect(owned, scratch)
        header = Header.new(kit.program, format_time(made_at), cost or Cost(), random_bytes)
        key = derive_key(header, passphrase())
        with fresh_file(file) as target:
            with SealedWriter(target, header, key) as sealed:
                write_parts(sealed, parts)
            # What was never read is a hope.
            SealedReader(target, key, file).finish()
    with file_errors(file):
        return Saved(file, file.stat().st_size, tuple(parts), server)


def _check_keys(kit: Kit[S], owned: Belongings) -> None:
    keys = load_keys(owned.paths.keys)
    if keys is None:
        raise NoKeysError(place=owned.paths.keys)
    if keys.role != kit.role:
        raise WrongRoleError(place=owned.paths.keys, role=keys.role)


def _collect(owned: Belongings, scratch: Path) -> dict[str, Path]:
    """Return the parts by name, settings first: `restore` must know them before the rest."""
    parts = {SETTINGS: owned.files[SETTINGS]}
    parts |= {name: path for name, path in owned.files.items() if path.is_file()}
    parts[KEYS] = scratch / KEYS
    place_copy(owned.paths.keys, parts[KEYS])
    state = local_file(owned.paths.url)
    if state is not None and state.is_file():
        parts[STATE] = scratch / STATE
        copy_database(state, parts[STATE])
    return parts
