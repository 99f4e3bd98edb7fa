"""Relays between a program and its servers, with a gate before and after each exchange.

A relay passes everything on unchanged. It asks its gate before it forwards a command or request,
and again once the server's answer is there and not yet delivered: a gate that says no has ended
the program meanwhile, so the relay hangs up. FTP's data connections are not relayed: the server
tells its port, and the client takes the host of the control connection.

    with HttpRelay(gate) as shop, FtpRelay(gate, server.port) as ftp:
        shop.upstream = web.port
        requests.get(f"http://127.0.0.1:{shop.port}/api/products")
"""

import http.client
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import BinaryIO, Protocol, Self

HOST = "127.0.0.1"
_SECONDS = 60
_MINE = frozenset({"host", "connection", "content-length", "transfer-encoding"})


class Gate(Protocol):
    """Watches the exchanges of a run."""

    def before(self, what: str) -> bool:
        """Note that `what` is about to reach the server; False: it may not."""
        ...

    def after(self, what: str) -> bool:
        """Note that `what` has happened; False: its answer may not be delivered."""
        ...


class Relay:
    """A server on loopback that serves in threads while the `with` block runs."""

    def __init__(self, server: socketserver.TCPServer) -> None:
        self._server = server
        self.port: int = server.server_address[1]
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)


class HttpRelay(Relay):
    """Relays HTTP/1.1 requests to a port of this machine.

    Args:
        gate: Asked before and after each request.
    """

    def __init__(self, gate: Gate) -> None:
        self._http = _HttpServer(gate)
        super().__init__(self._http)

    @property
    def upstream(self) -> int:
        """The port that requests go to; may change between two connections."""
        return self._http.upstream

    @upstream.setter
    def upstream(self, port: int) -> None:
        self._http.upstream = port


class FtpRelay(Relay):
    """Relays FTP control connections to a port of this machine.

    Args:
        gate: Asked before and after each command.
        upstream: The FTP server's port.
    """

    def __init__(self, gate: Gate, upstream: int) -> None:
        super().__init__(_FtpServer(gate, upstream))


class _Quiet(socketserver.TCPServer):
    """A server to which a client that is killed is no news."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came


class _HttpServer(_Quiet, ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.upstream = 0
        super().__init__((HOST, 0), _HttpHandler)


class _HttpHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _SECONDS
    disable_nagle_algorithm = True
    server: _HttpServer

    def setup(self) -> None:
        super().setup()
        self._port = self.server.upstream
        self._to_shop = http.client.HTTPConnection(HOST, self._port, timeout=_SECONDS)

    def finish(self) -> None:
        self._to_shop.close()
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing."""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        what = f"HTTP {self.command} {self.path.partition('?')[0].removeprefix('/api/')}"
        if not self.server.gate.before(what):
            self.close_connection = True
            return
        answer, content = self._ask(body)
        if not self.server.gate.after(what):
            self.close_connection = True
            return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _MINE:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _ask(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        # The shop answers only to its own address.
        headers = {n: v for n, v in self.headers.items() if n.lower() not in _MINE}
        headers["Host"] = f"{HOST}:{self._port}"
        self._to_shop.request(self.command, self.path, body or None, headers)
        answer = self._to_shop.getresponse()
        return answer, answer.read()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - its names


class _FtpServer(_Quiet, socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, gate: Gate, upstream: int) -> None:
        self.gate = gate
        self.upstream = upstream
        super().__init__((HOST, 0), _FtpHandler)


class _FtpHandler(socketserver.StreamRequestHandler):
    timeout = _SECONDS
    disable_nagle_algorithm = True
    server: _FtpServer

    def handle(self) -> None:
        with _connected(self.server.upstream) as (to_server, replies):
            self.wfile.write(_reply(replies))
            for command in _lines(self.rfile):
                verb = command.split(b" ")[0].strip().decode("ascii", "replace")
                if not self._exchange(f"FTP {verb}", command, to_server, replies):
                    return

    def _exchange(
        self, what: str, command: bytes, to_server: socket.socket, replies: BinaryIO
    ) -> bool:
        """Pass one command on and its replies back; return whether the session goes on."""
        if not self.server.gate.before(what):
            return False
        to_server.sendall(command)
        reply = _reply(replies)
        while reply.startswith(b"1"):  # a transfer begins; its end is the answer that counts
            self.wfile.write(reply)
            reply = _reply(replies)
        if not reply or not self.server.gate.after(what):
            return False
        self.wfile.write(reply)
        return True


@contextmanager
def _connected(port: int) -> Iterator[tuple[socket.socket, BinaryIO]]:
    with socket.create_connection((HOST, port), timeout=_SECONDS) as to_server:
        to_server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with to_server.makefile("rb") as replies:
            yield to_server, replies


def _lines(stream: BufferedIOBase) -> Iterator[bytes]:
    """Yield the client's lines until it hangs up, politely or not."""
    while True:
        try:
            line = stream.readline()
        except OSError:
            return
        if not line:
            return
        yield line


def _reply(stream: BinaryIO) -> bytes:
    """Return one reply, of one line or many; empty when the server hung up."""
    reply = line = stream.readline()
    if line[3:4] == b"-":
        while line and not (line[:3] == reply[:3] and line[3:4] == b" "):
            line = stream.readline()
            reply += line
    return reply
