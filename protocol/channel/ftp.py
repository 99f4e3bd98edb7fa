"""The FTP channel: packets on any FTP server, whose word is never taken for it.

An upload goes to a random temporary name, its size is asked, it is renamed to its final name, and
the size is asked again; every new attempt looks at the final name first. Nothing is overwritten.
Any failure drops the connection, since replies may be out of step; it is made anew, a few times
within one call, and then at the next call. Whether a file is there is decided by looking.

    settings = FtpSettings("ftp.example.org", "boutique", password, root="comptoir/3f9a61c2")
    with FtpChannel(settings, "pos", lambda: secrets.token_hex(8)) as channel:
        channel.put("pos", name, packet)
        for name in channel.names("shop"):
            packet = channel.get("shop", name, limit=32 * 2**20)
"""

import dataclasses
import ftplib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from protocol.channel.ftp_replies import FTP_FAILURES, explained, repeats
from protocol.channel.ftp_settings import FtpSettings, FtpSettingsError, PlainFtpError
from protocol.channel.ftp_wire import Wire
from protocol.channel.port import (
    PACKET_NAME,
    UPLOAD_NAME,
    UPLOAD_STALE_AFTER,
    Channel,
    ChannelUnfitError,
    ChannelUnreachableError,
    Side,
    TooLargeError,
    check_name,
)

__all__ = ["FtpChannel", "FtpSettings", "FtpSettingsError", "PlainFtpError", "seen_certificate"]

T = TypeVar("T")
_ATTEMPTS = 4
#: No new attempt after so many times the timeout.
_DEADLINE_TIMEOUTS = 3
#: How long a polite goodbye may take, in seconds.
_QUIT_SECONDS = 2.0


class _WrongSizeError(ChannelUnfitError):
    """Once may be a broken transfer and is tried again; every time is the server."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class FtpChannel(Channel):
    """Packets in `<root>/v1/{pos,shop}/` of an FTP server; connects at the first call.

    Args:
        settings: How to reach the server.
        own_side: The side that writes here, whose abandoned uploads are cleared; None for a
            reader.
        random_hex: Returns 16 fresh hexadecimal digits at each call, for temporary names.
        now: The present time, aware.
        sleep: Waits so many seconds between attempts.
    """

    def __init__(
        self,
        settings: FtpSettings,
        own_side: Side | None,
        random_hex: Callable[[], str],
        *,
        now: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._own_side = own_side
        self._random_hex = random_hex
        self._now = now
        self._sleep = sleep
        self._wire: Wire | None = None
        self._here: Side | None = None
        self._unfinished: dict[Side, list[str]] = {"pos": [], "shop": []}
        self._cleared_abandoned = False

    def names(self, side: Side) -> Sequence[str]:
        """Return the packet names in one directory, sorted; a missing directory is empty."""
        return self._call(side, "", lambda wire: self._list(wire, side))

    def size(self, side: Side, name: str) -> int | None:
        """Return a file's size in bytes, or None when neither SIZE nor the listing knows it."""
        return self._call(side, check_name(side, name), lambda wire: self._find(wire, side, name))

    def get(self, side: Side, name: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None; `TooLargeError` when there are more than limit."""
        check_name(side, name)
        return self._call(side, name, lambda wire: self._fetch(wire, side, name, limit))

    def put(self, side: Side, name: str, content: bytes) -> None:
        """Store a whole file under a unique name; a name that holds as many bytes is left alone."""
        check_name(side, name)
        self._call(side, name, lambda wire: self._store(wire, side, name, content))

    def delete(self, side: Side, name: str) -> bool:
        """Delete a file of one's own; return whether it is gone (a refusal is no error)."""
        return self._call(side, check_name(side, name), lambda wire: self._remove(wire, side, name))

    def close(self) -> None:
        """Say goodbye, if the server still listens, and close the connection."""
        if self._wire is not None:
            with suppress(*FTP_FAILURES):
                self._wire.leave(_QUIT_SECONDS)
        self._drop()

    # One call: connect if need be, act, drop on failure, try again

    def _call(self, side: Side, name: str, act: Callable[[Wire], T]) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type((ChannelUnreachableError, _WrongSizeError)),
            stop=stop_after_attempt(_ATTEMPTS)
            | stop_after_delay(_DEADLINE_TIMEOUTS * self._settings.timeout),
            wait=wait_random_exponential(multiplier=0.5, max=10),
            sleep=self._sleep,
            reraise=True,
        )
        outcome: T = retrying(self._attempt, self._place(side, name), act)
        return outcome

    def _attempt(self, place: str, act: Callable[[Wire], T]) -> T:
        secret = self._settings.password
        try:
            return act(self._connected())
        except FTP_FAILURES as error:
            self._drop()
            known = explained(error, place=place, secret=secret)
            # The cause goes into logs too, so one that repeats the password stays out.
            raise known from (None if repeats(str(error), secret) else error)
        except BaseException:
            self._drop()
            raise

    def _connected(self) -> Wire:
        if self._wire is None:
            wire = Wire(self._settings)
            wire.start()
            self._wire = wire
        return self._wire

    def _drop(self) -> None:
        wire, self._wire, self._here = self._wire, None, None
        if wire is not None:
            with suppress(OSError):
                wire.close()

    def _place(self, side: Side, name: str) -> str:
        at = f"{self._settings.host}:{self._settings.port}"
        return f"ftp://{at}/{self._directory(side).removeprefix('/')}/{name}"

    # Directories

    def _directory(self, side: Side) -> str:
        return f"{self._settings.root}/v1/{side}"

    def _enter(self, wire: Wire, side: Side) -> bool:
        """Make one side's directory the present one; return whether it is there."""
        if self._here == side:
            return True
        way = self._directory(side) if self._here is None else f"../{side}"
        if not wire.enter(way):
            return False
        self._here = side
        return True

    def _enter_or_make(self, wire: Wire, side: Side) -> None:
        if self._enter(wire, side):
            return
        # From the account's home the whole way may be missing; from the other side only the last.
        way = self._directory(side) if self._here is None else f"../{side}"
        for directory in _parents(way):
            wire.make_directory(directory)
        if self._here is None:
            wire.make_directory(self._directory("shop" if side == "pos" else "pos"))
        wire.voidcmd(f"CWD {way}")
        self._here = side

    # What each call does

    def _list(self, wire: Wire, side: Side) -> list[str]:
        if not self._enter(wire, side):
            return []
        found = wire.listing()
        if side == self._own_side and not self._cleared_abandoned:
            self._cleared_abandoned = True
            self._clear_abandoned(wire, [name for name in found if UPLOAD_NAME.match(name)])
        return sorted({name for name in found if PACKET_NAME.match(name)})

    def _find(self, wire: Wire, side: Side, name: str) -> int | None:
        if not self._enter(wire, side):
            return None
        size = wire.size_of(name)
        if size is not None or name not in wire.listing():
            return size
        # It may have been renamed into place just between the two questions.
        size = wire.size_of(name)
        if size is None:
            raise ChannelUnfitError(
                place=self._place(side, name), reason="listed, but its size is not told"
            )
        return size

    def _fetch(self, wire: Wire, side: Side, name: str, limit: int) -> bytes | None:
        size = self._find(wire, side, name)
        if size is None:
            return None
        if size > limit:
            raise TooLargeError(place=self._place(side, name), value=size, limit=limit)
        try:
            content = wire.fetch(name, limit)
        except ftplib.error_perm:
            if self._find(wire, side, name) is None:
                return None
            raise
        self._check_size(side, name, expected=size, found=len(content))
        return content

    def _store(self, wire: Wire, side: Side, name: str, content: bytes) -> None:
        self._enter_or_make(wire, side)
        found = wire.size_of(name)
        self._clear_unfinished(wire, side)
        if found == len(content):
            return
        if found is not None:
            wire.remove(name)
        temporary = f"t-{self._random_hex()}.tmp"
        self._unfinished[side].append(temporary)
        wire.store(temporary, content)
        self._check_size(side, name, expected=len(content), found=wire.size_of(temporary))
        try:
            wire.rename(temporary, name)
        except ftplib.error_perm:
            # Refused where the name is taken: perhaps by an attempt whose answer was lost.
            if wire.size_of(name) != len(content):
                raise
        self._check_size(side, name, expected=len(content), found=wire.size_of(name))
        self._unfinished[side].remove(temporary)

    def _remove(self, wire: Wire, side: Side, name: str) -> bool:
        if not self._enter(wire, side):
            return True
        wire.remove(name)
        return wire.size_of(name) is None and name not in wire.listing()

    def _check_size(self, side: Side, name: str, *, expected: int, found: int | None) -> None:
        if found != expected:
            reason = f"{found} bytes instead of {expected}"
            raise _WrongSizeError(place=self._place(side, name), reason=reason)

    # Remains of earlier uploads

    def _clear_unfinished(self, wire: Wire, side: Side) -> None:
        for temporary in self._unfinished[side]:
            wire.remove(temporary)
        self._unfinished[side].clear()

    def _clear_abandoned(self, wire: Wire, uploads: Sequence[str]) -> None:
        for name in uploads:
            modified_at = wire.modified_at(name)
            if modified_at is not None and self._now() - modified_at > UPLOAD_STALE_AFTER:
                wire.remove(name)


def seen_certificate(settings: FtpSettings) -> str:
    """Return the SHA-256 of the certificate a server shows, unverified: a person confirms it.

    No password is sent. The answer, 64 hex digits, is what `pin_sha256` takes.

    Raises:
        ChannelUnreachableError: When the server does not answer.
        ChannelTlsError: When it does not encrypt.
    """
    wire = Wire(dataclasses.replace(settings, tls="explicit", pin_sha256=None), verify=False)
    try:
        wire.connect_encrypted()
        return wire.certificate_sha256()
    except FTP_FAILURES as error:
        place = f"ftp://{settings.host}:{settings.port}"
        raise explained(error, place=place, secret=settings.password) from error
    finally:
        wire.close()


def _parents(directory: str) -> list[str]:
    """Return a directory and all above it, the highest first: a/b gives a, a/b."""
    parts = directory.split("/")
    paths = ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    return [path for path in paths if path not in {"", ".."}]
