"""One run at a time: a lock in the state folder, and who holds it.

The lock is the operating system's, so a killed run leaves none behind; the note beside it says
who holds it, for people only. Never wait: the robot comes again.

    with run_lock(paths.folder, command="pos-exporter sync", now=utc_now()):
        ...  # LockHeldError, exit code 4, when another run is at work
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from protocol.errors import RetryableError, Text
from protocol.program.state_errors import StateAccessError
from protocol.values import format_time

LOCK_NAME = "run.lock"
NOTE_NAME = "run.json"


class LockHeldError(RetryableError):
    """Another run is at work: leave it to it."""

    code = "E-RUN-001"
    exit_code = 4
    what = Text(
        "Un autre passage est en cours : {command}, depuis {since} (processus {pid})",
        "Another run is at work: {command}, since {since} (process {pid})",
    )
    remedy = Text(
        "Attendre sa fin ; s'il ne finit pas, arrêter ce processus",
        "Wait for its end; if it does not end, stop that process",
    )


@dataclass(frozen=True)
class Holder:
    """Who holds the lock.

    Args:
        pid: Process number.
        since: UTC, as text.
        command: Such as `pos-exporter sync`.
    """

    pid: int
    since: str
    command: str


@contextmanager
def run_lock(folder: Path, *, command: str, now: datetime) -> Iterator[None]:
    """Hold the lock of a state folder.

    Args:
        folder: The state folder; it exists.
        command: What this run is, without its arguments: people are shown it.
        now: Its start.

    Raises:
        LockHeldError: When another run holds it; nothing was done.
        StateAccessError: When the folder may not be written.
    """
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise _held(folder) from error
    except OSError as error:
        raise StateAccessError(place=folder, reason=error.strerror or error) from error
    try:
        _write_note(folder, Holder(os.getpid(), format_time(now), command))
        yield
    finally:
        with suppress(OSError):
            (folder / NOTE_NAME).unlink()
        lock.release()


def find_holder(folder: Path) -> Holder | None:
    """Return who says to hold the lock, or None; a killed run's note may have stayed."""
    try:
        note = json.loads((folder / NOTE_NAME).read_text(encoding="utf-8"))
        return Holder(int(note["pid"]), str(note["since"]), str(note["command"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _held(folder: Path) -> LockHeldError:
    holder = find_holder(folder)
    if holder is None:  # it has not written its note yet
        return LockHeldError(place=folder)
    return LockHeldError(place=folder, pid=holder.pid, since=holder.since, command=holder.command)


def _write_note(folder: Path, holder: Holder) -> None:
    note = {"pid": holder.pid, "since": holder.since, "command": holder.command}
    # The note is a courtesy: without it the lock holds just as well.
    with suppress(OSError):
        (folder / NOTE_NAME).write_text(json.dumps(note), encoding="utf-8")
