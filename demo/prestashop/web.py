"""The simulated shop on a loopback port, over HTTP/1.1 with connections kept open.

Every verb is answered; accidents planned for a request happen here, outside the database's lock.
Below `/api` the webservice answers, elsewhere the front; only the former is logged and fails as
planned.

    with serve(shop) as server:
        server.url      # "http://127.0.0.1:54321"
"""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from demo.prestashop.answers import HTML, XML, Answer, Request, parse_target
from demo.prestashop.doors import DOOR, open_door
from demo.prestashop.faults import Fault
from demo.prestashop.front import open_front
from demo.prestashop.refusals import php_warning
from demo.prestashop.shop import LoggedRequest, Shop
from demo.prestashop.xml_answers import errors_document

MAX_TARGET = 8192
_PATIENCE = 10.0
MAX_BODY = 32 * 1024 * 1024
_NOISE = (
    b"<br />\n<b>Deprecated</b>:  Something is deprecated in <b>/home/x/y.php</b>"
    b" on line <b>12</b><br />\n"
)
_PAGE = "<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n</body>\n</html>\n"
_PURIFIER = (
    11,
    "[PHP User warning #512] Base directory /var/www/shop/var/cache/prod/purifier does not exist",
)


class _CutError(Exception):
    """The connection is to be cut without an answer."""


def page(status: int, title: str) -> Answer:
    """Return an HTML page of the web server itself."""
    return Answer(status, _PAGE.format(title=f"{status} {title}").encode(), "text/html")


class Server:
    """A running server; `close` ends it and frees the port. The shop stays open.

    Args:
        shop: What answers.
        port: 0 picks a free one.
    """

    def __init__(self, shop: Shop, port: int = 0) -> None:
        self._http = _Http(shop, port)
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering and close every connection."""
        self._http.closing.set()
        self._http.shutdown()
        self._http.wait_until_idle()
        self._http.cut_all()
        self._http.server_close()
        self._thread.join(timeout=10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def serve(shop: Shop, port: int = 0) -> Server:
    """Serve a shop on 127.0.0.1 in threads of this process."""
    return Server(shop, port)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, shop: Shop, port: int) -> None:
        self.shop = shop
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self._busy = 0
        self._idle = threading.Condition()
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", port), _Handler)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count a request as being answered."""
        with self._idle:
            self._busy += 1
        try:
            yield
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def wait_until_idle(self) -> None:
        """Wait until no request is being answered, a few seconds at most."""
        with self._idle:
            self._idle.wait_for(lambda: self._busy == 0, timeout=_PATIENCE)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up; report anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as handed in

    def keep(self, connection: socket.socket) -> None:
        """Remember an open connection, to close it when the server ends."""
        with self._open_lock:
            self._open.add(connection)

    def forget(self, connection: socket.socket) -> None:
        """Forget a connection that is closed."""
        with self._open_lock:
            self._open.discard(connection)

    def cut_all(self) -> None:
        """Close every connection that is still open."""
        with self._open_lock:
            for connection in list(self._open):
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client closed it first


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx/1.22.1"
    sys_version = ""
    timeout = 60
    disable_nagle_algorithm = True
    server: _Http

    def setup(self) -> None:
        super().setup()
        self.server.keep(self.connection)

    def finish(self) -> None:
        self.server.forget(self.connection)
        super().finish()

    def __getattr__(self, name: str) -> object:
        # Every verb is answered by the webservice, the unknown ones too.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing: the shop keeps its own log."""

    def _serve(self) -> None:
        with self.server.at_work():
            self._serve_one(self.server.shop)

    def _serve_one(self, shop: Shop) -> None:
        try:
            answer = self._answer(shop)
        except _CutError:
            shop.log(LoggedRequest(self.command, self.path, 0))
            self.close_connection = True
            self._reset()
            return
        if self.path.startswith("/api"):
            shop.log(LoggedRequest(self.command, self.path, answer.status))
        self._send(answer)

    def _answer(self, shop: Shop) -> Answer:
        if len(self.path) > MAX_TARGET:
            self.close_connection = True
            return page(414, "Request-URI Too Large")
        body = self._read_body()
        if body is None:
            self.close_connection = True
            return page(413, "Request Entity Too Large")
        request = self._request(body)
        if request.path.startswith(DOOR):
            return open_door(shop, request)
        if not request.path.startswith("/api"):
            return open_front(shop.core, request)
        if elsewhere := self._elsewhere(request):
            return elsewhere
        return self._with_faults(shop, request)

    def _read_body(self) -> bytes | None:
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            return self._read_chunks()
        length = int(self.headers.get("Content-Length") or 0)
        return None if length > MAX_BODY else self.rfile.read(length)

    def _read_chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _request(self, body: bytes) -> Request:
        path, pairs = parse_target(self.path)
        method = dict(pairs).get("ps_method") or self.command
        headers = {name.lower(): value for name, value in self.headers.items()}
        base = f"http://{headers.get('host', '127.0.0.1')}/api/"
        return Request(method, path, pairs, headers, body, base, self.command)

    def _elsewhere(self, request: Request) -> Answer | None:
        """Answer a redirection when the request names another host than the shop's."""
        port = self.server.server_address[1]
        if request.headers.get("host", "") in {f"127.0.0.1:{port}", f"localhost:{port}", ""}:
            return None
        where = f"http://127.0.0.1:{port}/?url={'/'.join(request.segments)}"
        return Answer(302, b"", HTML, (("Location", where),))

    def _with_faults(self, shop: Shop, request: Request) -> Answer:
        fault = shop.faults.take(request.method, self.path)
        if fault is None:
            return shop.handle(request)
        if fault.kind in {"500", "html", "fatal_200", "reset"}:
            return _instead(fault)
        if fault.kind == "delay" and self.server.closing.wait(fault.seconds):
            raise _CutError
        return _afterwards(fault, shop.handle(request))

    def _reset(self) -> None:
        # Closing with a zero linger time sends RST, as a dying server would.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.server.forget(self.connection)
        self.connection.close()

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.content_type is not None:
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


def _instead(fault: Fault) -> Answer:
    if fault.kind == "reset":
        raise _CutError
    if fault.kind == "html":
        return page(500, "Internal Server Error")
    if fault.kind == "fatal_200":
        return Answer(200, b"\nFatal error: Uncaught PDOException: SQLSTATE[HY000]", HTML)
    return Answer(500, b"", HTML)


def _afterwards(fault: Fault, answer: Answer) -> Answer:
    if fault.kind == "apply_then_reset":
        raise _CutError
    if fault.kind == "apply_then_500":
        return Answer(500, b"", HTML)
    if fault.kind == "apply_then_warning":
        errors = (_PURIFIER, php_warning("Something went wrong afterwards"))
        return Answer(500, errors_document(errors), XML, answer.headers)
    if fault.kind == "noise":
        return Answer(answer.status, _NOISE + answer.body, answer.content_type, answer.headers)
    return answer
