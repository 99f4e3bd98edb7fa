"""What a backup holds: a gzipped tar of its parts, inside the sealed file.

Only parts of known names come out, as plain files in a folder of ours: nothing in a backup says
where it goes.

    write_parts(sealed, {"keys.json": path, …})
    read_text(reader, "settings.yaml")          # stops there
    extract(reader, scratch)                    # proves the file to its end
"""

import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from protocol.program.backup.errors import DamagedBackupError
from protocol.program.backup.sealed_file import SealedReader, SealedWriter

# The casts: a stream tar only writes, or only reads, whatever its type asks for.


def write_parts(sealed: SealedWriter, parts: Mapping[str, Path]) -> None:
    """Write files under the names that they have in a backup."""
    with tarfile.open(fileobj=cast(BinaryIO, sealed), mode="w|gz") as tar:
        for name, path in parts.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = path.stat().st_size, 0o600
            with path.open("rb") as file:
                tar.addfile(member, file)


def read_text(reader: SealedReader, name: str, place: object) -> str:
    """Return one part as text.

    Raises:
        DamagedBackupError: When it is not there or no text.
        WrongPassphraseError: As `SealedReader` tells.
    """
    with _opened(reader, place) as tar:
        for member in tar:
            if member.name == name and (file := tar.extractfile(member)) is not None:
                try:
                    return file.read().decode("utf-8-sig")
                except UnicodeDecodeError as error:
                    raise DamagedBackupError(place=place, reason=name) from error
    raise DamagedBackupError(place=place, reason=name)


def extract(reader: SealedReader, names: frozenset[str], folder: Path, place: object) -> set[str]:
    """Write the parts of these names into a folder and return which there were.

    Raises:
        DamagedBackupError: When the backup is not whole.
        WrongPassphraseError: As `SealedReader` tells.
    """
    found = set()
    with _opened(reader, place) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.name in names else None
            if file is not None:
                with (folder / member.name).open("xb") as target:
                    shutil.copyfileobj(file, target, 2**20)
                found.add(member.name)
    reader.finish()
    return found


@contextmanager
def _opened(reader: SealedReader, place: object) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(fileobj=cast(BinaryIO, reader), mode="r|gz") as tar:
            yield tar
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise DamagedBackupError(place=place, reason=type(error).__name__) from error
