"""Files that come into their place whole, readable by their owner only.

with fresh_file(target) as file: file.write(content)     # target appears when the block has ended
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from protocol.program.backup.errors import BackupFileError


@contextmanager
def fresh_file(target: Path) -> Iterator[BinaryIO]:
    """Give a new file to be written and read; it takes the target's place when the block ends.

    Raises:
        BackupFileError: When the folder is not there, or has no room or no rights.
    """
    fresh = target.with_name(f"{target.name}.new")
    with file_errors(target):
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)


def place_copy(source: Path, target: Path) -> None:
    """Put a copy of a file in its place, whole or not at all."""
    with source.open("rb") as content, fresh_file(target) as file:
        shutil.copyfileobj(content, file, 2**20)


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder that only its owner may enter, and remove it afterwards.

    What a killed one left behind is a copy of the state and goes first.
    """
    with file_errors(folder):
        for left in folder.glob(f"{_SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)
        made = tempfile.TemporaryDirectory(dir=folder, prefix=_SCRATCH, ignore_cleanup_errors=True)
    with made as name:
        yield Path(name)


@contextmanager
def file_errors(place: object) -> Iterator[None]:
    """Translate what the system says of a file.

    Raises:
        BackupFileError: For anything it says.
    """
    try:
        yield
    except OSError as error:
        raise BackupFileError(place=place, reason=error.strerror or error) from error


_SCRATCH = ".backup-"
#: Windows would turn line ends otherwise.
_BINARY = getattr(os, "O_BINARY", 0)
