"""A web server on loopback that answers what a test tells it, and remembers what it was asked.

Rules: it knows nothing of PrestaShop but its headers; a reply may come late, break off, or never.

    with StubShop([Reply(200, "<prestashop>...")]) as stub, stub.open() as shop:
        shop.get("products", 1)
    stub.seen[0].path      # "/api/products/1"
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.http import Http, Timeouts, open_session
from shop_agent.prestashop.versions import ShopVersion

KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
XML_HEADERS = {"Content-Type": "text/xml;charset=utf-8", "PSWS-Version": "8.2.1"}
HTML_HEADERS = {"Content-Type": "text/html; charset=utf-8"}
SIGNED = {"PSWS-Version": "8.2.1"}
PATIENT = Timeouts(5, 5, 10)
HURRIED = Timeouts(5, 0.15, 10)


@dataclass(frozen=True)
class Reply:
    """One answer.

    Args:
        status: HTTP status.
        body: Its text or bytes.
        headers: Its headers; PrestaShop's own for XML by default.
        delay: Seconds before anything is sent.
        cut: Bytes of the body really sent before the connection is closed; None for all.
        hang_up: Close the connection without a word.
    """

    status: int = 200
    body: str | bytes = ""
    headers: Mapping[str, str] = field(default_factory=lambda: XML_HEADERS)
    delay: float = 0
    cut: int | None = None
    hang_up: bool = False

    def wire(self) -> bytes:
        """Return the bytes that travel."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        return head + (body if self.cut is None else body[: self.cut])


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    verb: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    raw: str = ""


Answering = Callable[[Seen], Reply]


class StubShop:
    """The server; give it replies in order, or a function."""

    def __init__(self, replies: Iterable[Reply] | Answering) -> None:
        self.seen: list[Seen] = []
        if callable(replies):
            self._answer: Answering = replies
        else:
            waiting = iter(replies)
            self._answer = lambda seen: next(waiting, Reply(599, "no reply left"))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, seen: Seen) -> Reply:
        self.seen.append(seen)
        return self._answer(seen)

    def open(
        self,
        timeouts: Timeouts = PATIENT,
        clock: Callable[[], float] = time.monotonic,
        answer_limit: int = 1_000_000,
        tunnel_verbs: bool = False,
        version: str = "8.2.1",
    ) -> Webservice:
        """Return a webservice of this shop, whose retries do not wait; it knows its version."""
        http = Http(self.url, KEY, open_session(backoff=0), timeouts, clock, answer_limit)
        shop = Webservice(http, tunnel_verbs=tunnel_verbs, elapsed=clock)
        shop.version = ShopVersion.parse(version)
        return shop

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(stub: StubShop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 1

        def respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            body = self.rfile.read(length)
            seen = Seen(
                self.command, parts.path, query, dict(self.headers.items()), body, self.path
            )
            reply = stub.answer(seen)
            time.sleep(reply.delay)
            if reply.hang_up:
                self.close_connection = True
                return
            if reply.cut is not None:
                self.close_connection = True
            with contextlib.suppress(OSError):  # the client may have given up
                self.wfile.write(reply.wire() if self.command != "HEAD" else _head_of(reply))

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = respond  # noqa: N815 - http.server's names

        def log_message(self, *details: object) -> None:
            """Stay silent."""

    return Handler


def _head_of(reply: Reply) -> bytes:
    return reply.wire().split(b"\r\n\r\n")[0] + b"\r\n\r\n"


def entities(inside: str) -> str:
    """Return entity nodes in PrestaShop's wrapper."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">\n{inside}\n</prestashop>\n'
    )


def errors(*codes: int, message: str = "told") -> str:
    """Return an error answer's body with these codes."""
    told = "".join(
        f"<error><code><![CDATA[{code}]]></code><message><![CDATA[{message}]]></message></error>"
        for code in codes
    )
    return entities(f"<errors>{told}</errors>")
