"""A proxy before the shop that counts: every request that passes is noted with what it carried.

It forwards each request unchanged but for `Host`, which must name the shop itself: PrestaShop sends
everybody else away with a 302. What a write changes is read from its XML, so that a test can say
"these fields of these entities, and nothing else". Where a shop knows no PATCH, whole entities are
PUT: then what the shop held just before is read too, and only the differences are said, as PATCH.

    with CountingProxy("http://127.0.0.1:8080") as proxy:
        ...                         # a program is given proxy.url as the shop's address
        proxy.writes()              # (SeenWrite("PATCH", "products", 12, {"price": "16.583333"}),)
"""

import http.client
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import quote, urlsplit

from lxml import etree

HOST = "127.0.0.1"
_SECONDS = 60
_READS = frozenset({"GET", "HEAD"})
#: What concerns one connection only, and what the proxy says itself.
_OWN = frozenset({"host", "connection", "keep-alive", "content-length", "transfer-encoding"})
_NO_BODY = frozenset({204, 304})

Text = str | Mapping[int, str]


@dataclass(frozen=True)
class Passed:
    """One request that passed, once its answer had come.

    Args:
        method: As it was sent.
        target: Path and query.
        status: Of the shop's answer; 0 when none came.
        body: What was sent.
        before: What the shop answered to a reading of the same entities, just before a PUT.
    """

    method: str
    target: str
    status: int
    body: bytes
    before: bytes = b""

    @property
    def resource(self) -> str:
        """What follows `/api/`, without the query: `products`, `images/products/12`."""
        return urlsplit(self.target).path.partition("/api/")[2]

    @property
    def is_write(self) -> bool:
        """Whether it may change the shop."""
        return self.method not in _READS

    def writes(self) -> Iterator["SeenWrite"]:
        """Yield what it would change, entity by entity; a photo or a deletion is one."""
        if not self.body.lstrip().startswith(b"<"):
            yield SeenWrite(self.method, self.resource, None)
            return
        held = dict(_entities(self.before))
        for number, said in _entities(self.body):
            known = held.get(number) if number else None
            if known is None:
                yield SeenWrite(self.method, self.resource, number, said)
            else:
                changed = {name: text for name, text in said.items() if known.get(name) != text}
                yield SeenWrite("PATCH", self.resource, number, changed)


def _entities(body: bytes) -> Iterator[tuple[int | None, dict[str, "Text"]]]:
    """Yield (id, text per field, ids per association) of the entities in an XML body."""
    if not body:
        return
    root = etree.fromstring(body)
    # A list has a node of its own around its entities; what is written has none.
    alone = len(root) == 1 and root[0].find("id") is None and root[0].get("nodeType") is None
    plural = alone and len(root[0]) > 0 and root[0][0].find("id") is not None
    for entity in root[0] if plural else root:
        said = {str(node.tag): _text(node) for node in entity if node.tag != "associations"}
        for rows in entity.iterfind("associations/*"):
            ids = sorted(row.findtext("id") or "" for row in rows)
            said[str(rows.tag)] = " ".join(ids)
        number = said.pop("id", None)
        yield int(str(number)) if number else None, said


@dataclass(frozen=True)
class SeenWrite:
    """What one write says of one entity.

    Args:
        method: POST, PATCH, PUT or DELETE.
        resource: Of the webservice; `images/products/12` for a photo.
        id: None for a creation.
        fields: Text per field, or per language id; the ids of an association, in order.
    """

    method: str
    resource: str
    id: int | None
    fields: Mapping[str, Text] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, str, int | None, tuple[str, ...]]:
        """Method, resource, id and the names of the fields, in order."""
        return self.method, self.resource, self.id, tuple(sorted(self.fields))


class CountingProxy:
    """A proxy to one shop, on loopback, while the `with` block runs.

    Args:
        shop_url: The shop's address, `http` only.
    """

    def __init__(self, shop_url: str) -> None:
        self._server = _Server(urlsplit(shop_url).netloc)
        path = urlsplit(shop_url).path.rstrip("/")
        self.url = f"http://{HOST}:{self._server.server_address[1]}{path}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join(timeout=10)

    def requests(self) -> tuple[Passed, ...]:
        """Return all that passed since the start or the last `clear`, in the order of answers."""
        with self._server.lock:
            return tuple(self._server.passed[self._server.cleared_at :])

    def write_requests(self) -> tuple[Passed, ...]:
        """Return those of `requests` that may change the shop."""
        return tuple(one for one in self.requests() if one.is_write)

    def writes(self) -> tuple[SeenWrite, ...]:
        """Return what the write requests say, entity by entity."""
        return tuple(write for one in self.write_requests() for write in one.writes())

    def clear(self) -> None:
        """Leave what passed so far out of the answers to come, but of `totals`."""
        with self._server.lock:
            self._server.cleared_at = len(self._server.passed)

    def cut_answer(self, resource: str) -> None:
        """Hang up instead of delivering the answer to the next write of a resource: it happened."""
        with self._server.lock:
            self._server.to_cut.append(resource)

    def totals(self) -> tuple[int, int]:
        """Return how many (requests, write requests) passed since the start."""
        with self._server.lock:
            passed = list(self._server.passed)
        return len(passed), sum(one.is_write for one in passed)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, netloc: str) -> None:
        self.netloc = netloc
        self.lock = threading.Lock()
        self.passed: list[Passed] = []
        self.cleared_at = 0
        self.to_cut: list[str] = []
        self.open: set[socket.socket] = set()
        super().__init__((HOST, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that hung up: whoever was killed is no news."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came

    def note(self, passed: Passed) -> None:
        with self.lock:
            self.passed.append(passed)

    def cuts(self, passed: Passed) -> bool:
        """Return whether the answer to a request is not to be delivered; once for each wish."""
        with self.lock:
            wanted = next((one for one in self.to_cut if passed.resource.startswith(one)), None)
            if wanted is None or not passed.is_write:
                return False
            self.to_cut.remove(wanted)
            return True

    def hang_up(self) -> None:
        """Close every connection that is still open."""
        with self.lock:
            for connection in self.open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client closed it first


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _SECONDS
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self._upstream = http.client.HTTPConnection(self.server.netloc, timeout=_SECONDS)
        with self.server.lock:
            self.server.open.add(self.connection)

    def finish(self) -> None:
        with self.server.lock:
            self.server.open.discard(self.connection)
        self._upstream.close()
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing: what passed is noted."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        before = self._held(body) if self.command == "PUT" else b""
        try:
            answer, content = self._forward(body)
        except (http.client.HTTPException, OSError):
            self.server.note(Passed(self.command, self.path, 0, body, before))
            self._upstream.close()
            self.close_connection = True
            return
        passed = Passed(self.command, self.path, answer.status, body, before)
        self.server.note(passed)
        if self.server.cuts(passed):
            self.close_connection = True
            return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _OWN:
                self.send_header(name, value)
        if answer.status not in _NO_BODY:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815  # its names

    def _held(self, body: bytes) -> bytes:
        """Return what the shop holds of the entities that are about to be replaced."""
        if not body.lstrip().startswith(b"<"):
            return b""
        ids = "|".join(str(number) for number, _ in _entities(body) if number)
        resource = urlsplit(self.path).path.rstrip("/")
        query = f"?display=full&filter[id]=[{quote(ids)}]"
        path = resource.partition("/api/")[2].partition("/")[0]
        reader = http.client.HTTPConnection(self.server.netloc, timeout=_SECONDS)
        try:
            headers = {"Authorization": self.headers.get("Authorization") or ""}
            reader.request("GET", f"/api/{path}{query}", headers=headers)
            return reader.getresponse().read()
        finally:
            reader.close()

    def _forward(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        # A connection of its own per request: one kept open may be closed by the shop at any time.
        self._upstream.close()
        self._upstream.putrequest(
            self.command, self.path, skip_host=True, skip_accept_encoding=True
        )
        self._upstream.putheader("Host", self.server.netloc)
        for name, value in self.headers.items():
            if name.lower() not in _OWN:
                self._upstream.putheader(name, value)
        if body or self.command not in _READS:
            self._upstream.putheader("Content-Length", str(len(body)))
        self._upstream.endheaders(body or None)
        answer = self._upstream.getresponse()
        return answer, answer.read()


def _text(node: "etree._Element") -> Text:
    languages = node.findall("language")
    if languages:
        return {int(one.get("id") or 0): one.text or "" for one in languages}
    return node.text or ""
