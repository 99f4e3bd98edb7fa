"""An FTP server with faults to order: it cuts, lies, fills up, falls silent and hangs up.

The server is the demo's; a `Script` says where it departs from it. Replies are given instead of
obeying, uploads pass through a file that keeps less than it is given, and a passive port may lead
to somebody who says nothing.

    script = Script(replies={"SIZE": iter(["421 Timeout."])})
    with faulty_server(folder, script) as place, place.open("pos") as channel:
        channel.names("pos")  # met by the 421, connects again, and answers
    assert script.seen.count("PASS") == 2
"""

import errno
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.ftp import FtpServer, PlainHandler, TlsHandler
from tests.protocol.channel.servers import (
    HOST,
    PASSWORD,
    USER,
    FtpPlace,
    Papers,
    settings_for,
)

HANG_UP = "hang up"


@dataclass
class Script:
    """Where one server departs from an honest one.

    Args:
        replies: Per command, what is answered instead of obeying; used up in order, then honest.
            `HANG_UP` closes the connection.
        lost_command_at: The connection closes instead of obeying at this place in `seen`.
        lost_reply_at: The command at this place, or the next of this name, is obeyed and the
            connection closed unanswered.
        uploads: For each upload in order, what becomes of it; then honest.
        never_overwrites: Renaming onto a name that is taken is refused, as ProFTPD's default is.
        listing: What NLST shows, instead of the truth.
        seen: The commands so far, without arguments.
    """

    replies: dict[str, Iterator[str]] = field(default_factory=dict)
    lost_command_at: int | None = None
    lost_reply_at: int | str | None = None
    uploads: Iterator["UploadFault"] = field(default_factory=lambda: iter(()))
    never_overwrites: bool = False
    listing: Sequence[str] | None = None
    seen: list[str] = field(default_factory=list)


#: Given what is left of an upload's handler and the bytes that came, what goes to the disk.
UploadFault = Callable[["FaultyFile", bytes], bytes]


class FaultyFile:
    """A file being uploaded, as pyftpdlib writes it, with a fault in between."""

    def __init__(self, file: Any, handler: Any, fault: UploadFault) -> None:
        self.file = file
        self.handler = handler
        self.fault = fault
        self.length = 0

    @property
    def name(self) -> str:
        return str(self.file.name)

    @property
    def closed(self) -> bool:
        return bool(self.file.closed)

    def close(self) -> None:
        self.file.close()

    def write(self, received: bytes) -> int:
        kept = self.fault(self, received)
        self.length += len(received)
        return int(self.file.write(kept))

    def break_off(self, reply: str | None) -> None:
        """Reset the data connection; then answer, or hang up as well."""
        data = self.handler.data_channel
        data.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if reply is not None:
            data._resp = (reply, _unlogged)
        self.handler.ioloop.call_later(0, data.close)
        if reply is None:
            self.handler.ioloop.call_later(0, self.handler.close)


def _unlogged(*_: object) -> None:
    pass


def keep_first(length: int) -> UploadFault:
    """Drop all after the first bytes, and still say that all went well."""

    def fault(file: FaultyFile, received: bytes) -> bytes:
        return received[: max(0, length - file.length)]

    return fault


def break_at(length: int, reply: str | None = None) -> UploadFault:
    """Break off once so many bytes have come, with this reply or none."""

    def fault(file: FaultyFile, received: bytes) -> bytes:
        room = max(0, length - file.length)
        if len(received) > room:
            file.break_off(reply)
        return received[:room]

    return fault


def as_text(_file: FaultyFile, received: bytes) -> bytes:
    """Change line ends, as a server that insists on text mode does."""
    return received.replace(b"\r\n", b"\n")


def honest(_file: FaultyFile, received: bytes) -> bytes:
    """Keep what comes."""
    return received


class _Scripted:
    """What the faulty handlers add to the demo's; `script` is set on a class made for each test."""

    script: Script
    _mute = False

    def pre_process_command(self: Any, line: str, cmd: str, arg: str) -> None:
        position = len(self.script.seen)
        self.script.seen.append(cmd)
        reply = next(self.script.replies.get(cmd, iter(())), None)
        if reply == HANG_UP or position == self.script.lost_command_at:
            self.close()
        elif reply is not None:
            self.respond(reply)
            if reply.startswith("421"):
                self.close_when_done()
        elif self.script.lost_reply_at in {position, cmd}:
            self.script.lost_reply_at = None
            self._mute = True
            super().pre_process_command(line, cmd, arg)  # type: ignore[misc] # pyftpdlib's, beside this class
            self.close()
        else:
            super().pre_process_command(line, cmd, arg)  # type: ignore[misc] # pyftpdlib's, beside this class

    def push(self: Any, line: str) -> None:
        if not self._mute:
            super().push(line)  # type: ignore[misc] # pyftpdlib's, beside this class

    def on_login(self: Any, _username: str) -> None:
        honest_open, honest_rename = self.fs.open, self.fs.rename

        def opened(path: str, mode: str) -> Any:
            file = honest_open(path, mode)
            fault = next(self.script.uploads, None) if "w" in mode else None
            return file if fault is None else FaultyFile(file, self, fault)

        def renamed(source: str, target: str) -> None:
            if self.script.never_overwrites and Path(target).exists():
                raise FileExistsError(errno.EEXIST, "Rename permission denied")
            honest_rename(source, target)

        self.fs.open, self.fs.rename = opened, renamed
        if self.script.listing is not None:
            self.fs.listdir = lambda _path: list(self.script.listing)


class ScriptedPlain(_Scripted, PlainHandler):
    """Faults without TLS."""


class ScriptedTls(_Scripted, TlsHandler):
    """Faults under TLS."""


@contextmanager
def faulty_server(
    home: Path, script: Script, papers: Papers | None = None, timeout: float = 5.0
) -> Iterator[FtpPlace]:
    """Run a server that follows a script, and give the place it serves."""
    base = ScriptedPlain if papers is None else ScriptedTls
    with FtpServer(
        home,
        user=USER,
        password=PASSWORD,
        tls_cert=papers.good if papers else None,
        handler=type("Scripted", (base,), {"script": script}),
    ) as server:
        yield FtpPlace(settings_for(server.port, papers, timeout), home)


@contextmanager
def data_port(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Listen on a port of one's own and give the PASV reply that leads there.

    Args:
        serve: Handles one connection until the event is set.
    """
    stopping = threading.Event()
    with socket.create_server((HOST, 0)) as listener:
        listener.settimeout(0.05)

        def accept() -> None:
            while not stopping.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    serve(connection, stopping)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            high, low = divmod(listener.getsockname()[1], 256)
            yield f"227 Entering passive mode (127,0,0,1,{high},{low})."
        finally:
            stopping.set()
            thread.join(timeout=10)


def silent(_connection: socket.socket, stopping: threading.Event) -> None:
    """Say nothing, and read nothing."""
    stopping.wait(30)


def dribbling(connection: socket.socket, stopping: threading.Event) -> None:
    """Send one byte every now and then, so that no single wait is long."""
    try:
        while not stopping.wait(0.02):
            connection.sendall(b".")
    except OSError:
        return  # the client gave up, as it should
