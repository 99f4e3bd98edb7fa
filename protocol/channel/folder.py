"""The folder channel: packets in a local, mounted or synced directory, laid out as on a server.

A file is written under a temporary name, forced to disk and renamed, so that the other side, or
the program that syncs the folder, never meets half a packet. Links, pipes and foreign names are
not seen. On Windows a virus scanner or the syncing program may hold a file for a moment: a
refusal is tried again for up to five seconds before it counts.

    with FolderChannel(Path("D:/Partage/comptoir"), "pos", random_hex) as channel:
        channel.put("pos", name, packet)
        for name in channel.names("shop"):
            packet = channel.get("shop", name, limit=32 * 2**20)
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from protocol.channel.port import (
    PACKET_NAME,
    UPLOAD_NAME,
    UPLOAD_STALE_AFTER,
    Channel,
    ChannelAccessError,
    ChannelFullError,
    ChannelUnfitError,
    ChannelUnreachableError,
    Side,
    TooLargeError,
    check_name,
)
from protocol.errors import ComptoirError

T = TypeVar("T")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class FolderChannel(Channel):
    """Packets in `<root>/v1/{pos,shop}/` of a directory that both sides see.

    Args:
        root: The shared directory; missing folders are made at the first `put`.
        own_side: The side that writes here, whose abandoned uploads are cleared; None for a
            reader.
        random_hex: Returns 16 fresh hexadecimal digits at each call, for temporary names.
        now: The present time, aware.
        sleep: Waits so many seconds.
        patience_seconds: How long a `PermissionError` is tried again.
        replace: Renames over whatever is there, as `os.replace` does.
    """

    def __init__(
        self,
        root: Path,
        own_side: Side | None,
        random_hex: Callable[[], str],
        *,
        now: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
        patience_seconds: float = 5.0,
        replace: Callable[[Path, Path], None] = os.replace,
    ) -> None:
        self._root = root
        self._own_side = own_side
        self._random_hex = random_hex
        self._now = now
        self._sleep = sleep
        self._patience_seconds = patience_seconds
        self._replace = replace

    def names(self, side: Side) -> Sequence[str]:
        """Return the packet names in one directory, sorted; a missing directory is empty."""
        with _translated(self._folder(side)):
            files = _regular_files(self._folder(side))
        if side == self._own_side:
            self._clear_abandoned(files)
        return sorted(path.name for path in files if PACKET_NAME.match(path.name))

    def size(self, side: Side, name: str) -> int | None:
        """Return a file's size in bytes, or None when no such file is there."""
        path = self._path(side, name)
        with _translated(path):
            return _size(path)

    def get(self, side: Side, name: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None; `TooLargeError` when there are more than limit."""
        path = self._path(side, name)
        with _translated(path):
            # Asked first, so that a pipe or a device is never opened.
            if _size(path) is None:
                return None
            try:
                content = self._patiently(lambda: _read(path, limit + 1))
            except FileNotFoundError:
                return None
        if len(content) > limit:
            raise TooLargeError(place=str(path), limit=limit)
        return content

    def put(self, side: Side, name: str, content: bytes) -> None:
        """Store a whole file under a unique name; a name that holds as many bytes is left alone."""
        path = self._path(side, name)
        temporary = path.with_name(f"t-{self._random_hex()}.tmp")
        with _translated(path):
            if _size(path) == len(content):
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write(temporary, content)
                self._patiently(lambda: self._replace(temporary, path))
            except BaseException:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
                raise
            _force_folder(path.parent)
            if _size(path) != len(content):
                raise ChannelUnfitError(place=str(path), reason=f"{_size(path)} != {len(content)}")

    def delete(self, side: Side, name: str) -> bool:
        """Delete a file of one's own; return whether it is gone (a refusal is no error)."""
        path = self._path(side, name)
        with _translated(path):
            with suppress(PermissionError, IsADirectoryError):
                self._patiently(lambda: path.unlink(missing_ok=True))
            return not os.path.lexists(path)

    def close(self) -> None:
        """Do nothing: no file stays open between calls."""

    def _folder(self, side: Side) -> Path:
        return self._root / "v1" / side

    def _path(self, side: Side, name: str) -> Path:
        return self._folder(side) / check_name(side, name)

    def _patiently(self, act: Callable[[], T]) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type(PermissionError),
            stop=stop_after_delay(self._patience_seconds),
            wait=wait_random_exponential(multiplier=0.05, max=0.5),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(act)

    def _clear_abandoned(self, files: Sequence[Path]) -> None:
        oldest_kept = (self._now() - UPLOAD_STALE_AFTER).timestamp()
        for path in files:
            # Best effort: what cannot be cleared today is harmless and tried again.
            with suppress(OSError):
                if UPLOAD_NAME.match(path.name) and path.stat().st_mtime < oldest_kept:
                    path.unlink()


def _regular_files(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry) for entry in entries if entry.is_file(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def _size(path: Path) -> int | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _force_folder(folder: Path) -> None:
    """Make a rename survive a power cut; Windows and some network shares cannot, and need not."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _error(error)(place=str(path), reason=error.strerror or str(error)) from error


def _error(error: OSError) -> type[ComptoirError]:
    if error.errno in _FULL:
        return ChannelFullError
    if error.errno in _REFUSED:
        return ChannelAccessError
    return ChannelUnreachableError
