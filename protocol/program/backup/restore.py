"""`restore`: a backup becomes this computer's keys, settings and state; nothing here is lost.

Everything is opened, proven and upgraded in a folder aside before anything here is touched; then
what was here moves beside under another name, and the restored takes its place. The state is marked
as old whatever the server shows, so that the next pass first finds its position (SPEC §7.4): what
happened after the backup may have left no trace there.

    restored = restore(kit, file, ask_passphrase, config, Options(), environment, now=utc_now())
"""

import hashlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import make_url

from protocol.errors import Lang
from protocol.keys import Keys, load_keys
from protocol.link.link import note_restored
from protocol.program.backup.belongings import (
    KEYS,
    SETTINGS,
    STATE,
    Belongings,
    Kit,
    S,
    find_belongings,
)
from protocol.program.backup.contents import extract, read_text
from protocol.program.backup.errors import (
    AlreadyHereError,
    DamagedBackupError,
    NewerBackupError,
    OtherProgramError,
    StateElsewhereError,
)
from protocol.program.backup.files import file_errors, place_copy, scratch_folder
from protocol.program.backup.sealed_file import SealedReader, derive_key, read_header
from protocol.program.engine import local_file
from protocol.program.lock import run_lock
from protocol.program.pairing import WrongRoleError
from protocol.program.state import open_state
from protocol.program.state_errors import StateBusyError, StateNewerError

#: What SQLite keeps beside a database; left there, it would be taken for the restored one's.
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Options:
    """How to restore.

    Args:
        replace: What is here moves aside.
        keep_settings: The settings that are here stay; keys and state go where they say.
    """

    replace: bool = False
    keep_settings: bool = False


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    Args:
        made_at: When the backup was made, UTC, as text.
        language: That the settings say.
        written: Files that are here now.
        aside: Where the former ones are.
        unset: Names that the settings take from the environment and that it lacks.
        has_state: Whether the backup held the state.
    """

    made_at: str
    language: Lang
    written: tuple[Path, ...]
    aside: tuple[Path, ...]
    unset: tuple[str, ...]
    has_state: bool


def restore(
    kit: Kit[S],
    file: Path,
    passphrase: Callable[[], str],
    config: Path,
    options: Options,
    environment: Mapping[str, str],
    *,
    now: datetime,
) -> Restored:
    """Put a backup in place.

    Args:
        kit: The program.
        file: The backup.
        passphrase: Asked for once the file is known to be whole and ours.
        config: Where the settings file goes; other files go where it says.
        options: What may give way.
        environment: Where `${NAME}` comes from.
        now: UTC; names what moves aside.

    Raises:
        NotABackupError, DamagedBackupError, NewerBackupError, OtherProgramError: As the file is.
        WrongPassphraseError: When it does not open.
        AlreadyHereError: When something is here and `replace` is not set.
        StateElsewhereError: When the state would have to go into a server.
        LockHeldError: When a run is at work.
        BackupFileError: When a file cannot be read or written.
    """
    with file_errors(file), file.open("rb") as source:
        header = read_header(source, file)
        if header.program != kit.program:
            raise OtherProgramError(place=file, program=header.program)
        key = derive_key(header, passphrase())
        kept = read_text(SealedReader(source, key, file), SETTINGS, file)
        text = _settings_here(config) if options.keep_settings else kept
        owned = find_belongings(kit, text, config, environment)
        folder = owned.paths.folder
        with (
            run_lock(folder, command=f"{kit.program} restore", now=now),
            scratch_folder(folder) as scratch,
        ):
            parts = _unpack(kit, source, key, file, owned, scratch)
            targets = _targets(owned, parts, options, scratch)
            former = _former(owned, targets)
            if former and not options.replace:
                raise AlreadyHereError(place=file, found=", ".join(map(str, former)))
            aside = _swap(targets, former, now)
    return Restored(
        header.made_at, owned.language, tuple(targets), aside, owned.unset, STATE in parts
    )


def _settings_here(config: Path) -> str:
    with file_errors(config):
        return config.read_text(encoding="utf-8-sig")


# --- opening ---------------------------------------------------------------------------------


def _unpack(
    kit: Kit[S], source: BinaryIO, key: bytes, file: Path, owned: Belongings, scratch: Path
) -> set[str]:
    """Write the parts into a folder, each checked, the state upgraded and marked as old."""
    names = frozenset({KEYS, STATE, *owned.files})
    parts = extract(SealedReader(source, key, file), names, scratch, file)
    keys = load_keys(scratch / KEYS)
    if keys is None:
        raise DamagedBackupError(place=file, reason=KEYS)
    if keys.role != kit.role:
        raise WrongRoleError(place=file, role=keys.role)
    if STATE in parts:
        _prepare_state(kit, scratch / STATE, keys, file)
    return parts


def _prepare_state(kit: Kit[S], state: Path, keys: Keys, file: Path) -> None:
    try:
        engine = open_state(make_url(f"sqlite:///{state}"), kit.metadata, kit.migrations)
    except StateNewerError as error:
        raise NewerBackupError(place=file, version=error.facts["reason"]) from error
    try:
        if keys.confirmed and keys.state_id is not None:
            with engine.begin() as connection:
                note_restored(connection, kit.link)
    finally:
        engine.dispose()  # the last connection writes SQLite's log into the file and removes it
    if any(state.with_name(f"{state.name}{end}").exists() for end in _BESIDE):
        raise StateBusyError(place=state, reason="-wal")


# --- placing ---------------------------------------------------------------------------------


def _targets(
    owned: Belongings, parts: set[str], options: Options, scratch: Path
) -> dict[Path, Path]:
    """Return what goes where: the place of each part that is not there already."""
    targets = {}
    for name in sorted(parts):
        part = scratch / name
        if name == KEYS:
            targets[owned.paths.keys] = part
        elif name == STATE:
            targets[_state_file(owned)] = part
        elif not options.keep_settings and not _is_same(part, owned.files[name]):
            targets[owned.files[name]] = part
    return targets


def _state_file(owned: Belongings) -> Path:
    file = local_file(owned.paths.url)
    if file is None:
        raise StateElsewhereError(server=owned.paths.url.get_backend_name())
    return file


def _is_same(part: Path, target: Path) -> bool:
    return target.is_file() and _digest(part) == _digest(target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _former(owned: Belongings, targets: Mapping[Path, Path]) -> list[Path]:
    """Return what is here and would be taken for a part of what is restored, or give way to it."""
    state = local_file(owned.paths.url)
    beside = [state.with_name(f"{state.name}{end}") for end in ("", *_BESIDE)] if state else []
    places = dict.fromkeys([*targets, owned.paths.keys, *beside])
    return [path for path in places if path.exists()]


def _swap(targets: Mapping[Path, Path], former: list[Path], now: datetime) -> tuple[Path, ...]:
    """Move the former files aside and put the new ones in place; all of it or nothing."""
    stamp = _free_stamp(former, now)
    moved: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path in former:
            moved[path] = _aside(path, stamp)
            path.rename(moved[path])
        for target, part in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            place_copy(part, target)
            placed.append(target)
    except BaseException:
        for target in placed:
            target.unlink()
        for path, aside in moved.items():
            if aside.exists():
                aside.rename(path)
        raise
    return tuple(moved.values())


def _free_stamp(former: list[Path], now: datetime) -> str:
    """Return an end of names that no earlier restore has given."""
    stamp = now.strftime("%Y%m%d-%H%M%S")
    numbered = (stamp if number == 1 else f"{stamp}-{number}" for number in itertools.count(1))
    return next(one for one in numbered if not any(_aside(path, one).exists() for path in former))


def _aside(path: Path, stamp: str) -> Path:
    """Return another name for a file; SQLite finds a database's log by the name before `-wal`."""
    end = next((end for end in _BESIDE if path.name.endswith(end)), "")
    return path.with_name(f"{path.name.removesuffix(end)}.before-{stamp}{end}")
