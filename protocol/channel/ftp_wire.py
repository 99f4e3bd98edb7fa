"""One FTP connection as real servers need it: encrypted, bounded in time and size, never trusted.

It is the standard library's client with the gaps closed: the certificate is checked or pinned
before the password is sent, every data connection resumes the control connection's TLS session
(most servers insist), small packets are not held back, a server that dribbles or talks without end
is given up, and after a broken transfer the reason that waits on the control connection is read.
It speaks in files of the present directory and raises `FTP_FAILURES`; sense is made in
`ftp_replies`, and the order of commands that makes an upload safe is in `ftp`.

    wire = Wire(settings)
    wire.start()
    wire.store("t-0011223344556677.tmp", packet)
    assert wire.size_of("t-0011223344556677.tmp") == len(packet)
"""

import ftplib
import hashlib
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from protocol.channel.ftp_replies import readable
from protocol.channel.ftp_settings import FtpSettings, is_one_line, tls_context
from protocol.channel.port import ChannelTlsError, TooLargeError

_CHUNK = 65536
#: Most bytes of one listing: some 100,000 names, far over what the protocol keeps.
_LISTING_LIMIT = 4 * 2**20
#: Most characters of one reply, banners included.
_REPLY_LIMIT = 256 * 1024
#: A transfer slower than this on average (bytes a second) is given up.
_SLOWEST = 4096
#: How long the true reason of a broken transfer is waited for, in seconds.
_PENDING_SECONDS = 2.0
# Keeps what is sent but not yet read by the server small, so that the end of an upload over a slow
# line is not taken for a dead server.
_SEND_BUFFER = 256 * 1024


class Wire(ftplib.FTP):
    """One control connection and its transfers; of no use after any failure but a refusal."""

    def __init__(self, settings: FtpSettings, *, verify: bool = True) -> None:
        # Latin-1 reads any byte; what is sent is UTF-8 (see `putline`).
        super().__init__(timeout=settings.timeout, encoding="latin-1")
        self._settings = settings
        self._context = tls_context(settings, verify=verify) if settings.tls != "plain" else None
        self._type = ""
        self._reply_length = 0

    # Connecting

    def start(self) -> None:
        """Connect, encrypt, log in; closes itself when that fails."""
        try:
            self.connect_encrypted()
            self.login(self._settings.user, self._settings.password)
            if self._context is not None:
                self.voidcmd("PBSZ 0")
                self.voidcmd("PROT P")
        except BaseException:
            self.close()
            raise

    def connect_encrypted(self) -> None:
        """Connect and, unless the settings say plain, check and encrypt; no password is sent."""
        self.connect(self._settings.host, self._settings.port)
        _send_at_once(self._control())
        if self._context is not None:
            self._authenticate(self._context)

    def leave(self, patience_seconds: float) -> None:
        """Say goodbye and close; raises when the server is no longer there to hear it."""
        self._control().settimeout(patience_seconds)
        self.quit()

    def certificate_sha256(self) -> str:
        """Return the SHA-256 of the certificate the server showed, as 64 hex digits."""
        return _fingerprint(self._control())

    def _authenticate(self, context: ssl.SSLContext) -> None:
        try:
            self.voidcmd("AUTH TLS")
        except ftplib.error_perm as error:
            raise ChannelTlsError(place=self.host, reason=readable(str(error))) from error
        # A fresh reader: nothing that came before the encryption is read after it.
        if self.file is not None:
            self.file.close()
        self.sock = self._encrypted(context, self._control(), session=None)
        self.file = self.sock.makefile("r", encoding=self.encoding)

    def _encrypted(
        self, context: ssl.SSLContext, plain: socket.socket, session: ssl.SSLSession | None
    ) -> ssl.SSLSocket:
        name = self._settings.server_name or self._settings.host
        secured = context.wrap_socket(plain, server_hostname=name, session=session)
        seen = _fingerprint(secured)
        if self._settings.pin_sha256 is not None and seen != self._settings.pin:
            secured.close()
            raise ChannelTlsError(place=self.host, value=seen, reason="not the pinned certificate")
        return secured

    # Commands on names of the present directory

    def enter(self, directory: str) -> bool:
        """Change directory; return whether it is there."""
        try:
            self.voidcmd(f"CWD {directory}")
        except ftplib.error_perm as error:
            if str(error)[:3] != "550":
                raise
            return False
        return True

    def make_directory(self, directory: str) -> None:
        """Make a directory; that it exists already, or may not be made, shows when entering it."""
        with suppress(ftplib.error_perm):
            self.voidcmd(f"MKD {directory}")

    def size_of(self, name: str) -> int | None:
        """Return a file's size in bytes, or None when the server says there is no such file."""
        self._use_type("I")
        try:
            reply = self.sendcmd(f"SIZE {name}")
        except ftplib.error_perm as error:
            if str(error)[:3] != "550":
                raise
            return None
        return int(reply[3:].strip())

    def modified_at(self, name: str) -> datetime | None:
        """Return when a file was last written (UTC), or None when the server does not say."""
        try:
            reply = self.sendcmd(f"MDTM {name}")
            return datetime.strptime(reply[4:18], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except (ftplib.error_perm, ValueError):
            return None

    def remove(self, name: str) -> None:
        """Delete a file if the server lets us; whether it is gone, the caller looks."""
        try:
            self.voidcmd(f"DELE {name}")
        except (ftplib.error_perm, ftplib.error_temp) as error:
            # 450 is a file in use; any other 4xx is trouble with the connection.
            if str(error)[:1] != "5" and str(error)[:3] != "450":
                raise

    # Transfers

    def store(self, name: str, content: bytes) -> None:
        """Upload bytes unchanged; a success says nothing yet (look at the size)."""
        self._use_type("I")
        started = time.monotonic()
        whole = memoryview(content)
        with self._transfer(f"STOR {name}") as data:
            data.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            for position in range(0, len(whole), _CHUNK):
                data.sendall(whole[position : position + _CHUNK])
                self._check_pace(started, position)

    def fetch(self, name: str, limit: int) -> bytes:
        """Download bytes unchanged; `TooLargeError` after limit bytes."""
        self._use_type("I")
        return self._download(f"RETR {name}", limit)

    def listing(self) -> list[str]:
        """Return the names in the present directory, without their paths, in any order."""
        # Some servers list only in text mode.
        self._use_type("A")
        try:
            lines = self._download("NLST", _LISTING_LIMIT)
        except (ftplib.error_perm, ftplib.error_temp) as error:
            # Some servers' way to say that a directory is empty; it was entered, so it is there.
            if str(error)[:3] not in {"550", "450"}:
                raise
            return []
        names = (line.strip() for line in lines.decode("latin-1").splitlines())
        return [re.split(r"[/\\]", name)[-1] for name in names if name]

    def _download(self, command: str, limit: int) -> bytes:
        started = time.monotonic()
        content = bytearray()
        with self._transfer(command) as data:
            while block := data.recv(_CHUNK):
                content += block
                if len(content) > limit:
                    raise TooLargeError(place=command, limit=limit)
                self._check_pace(started, len(content))
        return bytes(content)

    @contextmanager
    def _transfer(self, command: str) -> Iterator[socket.socket]:
        data = self.transfercmd(command)
        try:
            with data:
                yield data
                _end_tls(data)
        except OSError:
            self._raise_pending_reply()
            raise
        self.voidresp()

    def _raise_pending_reply(self) -> None:
        """Raise the reply that tells why a transfer broke, if the server has sent one."""
        with suppress(OSError, EOFError):
            self._control().settimeout(min(_PENDING_SECONDS, self._settings.timeout))
            self.getresp()

    def _check_pace(self, started: float, moved: int) -> None:
        if time.monotonic() - started > 3 * self._settings.timeout + moved / _SLOWEST:
            raise TimeoutError(f"slower than {_SLOWEST} bytes a second")

    def _use_type(self, letter: str) -> None:
        if self._type != letter:
            self.voidcmd(f"TYPE {letter}")
            self._type = letter

    def _control(self) -> socket.socket:
        if self.sock is None:
            raise EOFError
        return self.sock

    # What the standard client does otherwise

    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        """Open a data connection, encrypted within the control connection's TLS session."""
        data, size = super().ntransfercmd(cmd, rest)
        control = self._control()
        try:
            _send_at_once(data)
            if self._context is not None and isinstance(control, ssl.SSLSocket):
                data = self._encrypted(self._context, data, session=control.session)
        except BaseException:
            data.close()
            raise
        return data, size

    def putline(self, line: str) -> None:
        """Send one line as UTF-8 (RFC 2640)."""
        if not is_one_line(line):
            raise ValueError("a command is one line")
        self._reply_length = 0
        self._control().sendall(f"{line}\r\n".encode())

    def getline(self) -> str:
        """Read one line of a reply, and give up a reply without end."""
        line = super().getline()
        self._reply_length += len(line) + 2
        if self._reply_length > _REPLY_LIMIT:
            raise ftplib.error_proto("endless reply")  # noqa: S321 - an exception, not a call
        return line


def _fingerprint(secured: socket.socket) -> str:
    shown = secured.getpeercert(binary_form=True) if isinstance(secured, ssl.SSLSocket) else None
    return hashlib.sha256(shown).hexdigest() if shown else ""


def _send_at_once(sock: socket.socket) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _end_tls(data: socket.socket) -> None:
    """Say that the data are complete; a server that does not answer in kind is common."""
    if isinstance(data, ssl.SSLSocket):
        with suppress(OSError, ValueError):
            data.unwrap()
