"""A request as the webservice understands it, and the answer it gives.

Both are values: nothing here opens a socket or a database.

    request = Request("GET", "/api/products/1", (("display", "full"),), {}, b"")
    answer = webservice.handle(request)
    answer.status, answer.content_type, answer.body
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

XML = "text/xml;charset=utf-8"
JSON = "application/json"
HTML = "text/html; charset=utf-8"
COOKIE = ("Set-Cookie", "PrestaShop-sim=0; path=/; HttpOnly; SameSite=Lax")
CHALLENGE = (
    "WWW-Authenticate",
    'Basic realm="Welcome to PrestaShop Webservice, please enter the authentication key as the'
    ' login. No password required."',
)


@dataclass(frozen=True)
class Request:
    """One HTTP request.

    Args:
        method: What is wanted; `ps_method` in the query string overrides the verb.
        path: Without the query string, decoded.
        pairs: The query string's names and values, in order.
        headers: By lower-case name.
        base: Address of the webservice as the client sees it, ending in `/api/`.
        verb: The verb of the request line.
    """

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    base: str = "http://127.0.0.1/api/"
    verb: str = ""

    @property
    def segments(self) -> list[str]:
        """What follows `/api/`, without empty parts."""
        return [part for part in self.path.split("/") if part][1:]

    @property
    def options(self) -> dict[str, str]:
        """The query string as a mapping; the last of equal names wins."""
        return dict(self.pairs)

    @property
    def wants_json(self) -> bool:
        """Whether the answer shall be JSON."""
        asked = [self.options.get("output_format", ""), self.headers.get("output-format", "")]
        return "JSON" in {one.upper() for one in [*asked, self.headers.get("io-format", "")]}


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; `content_type` None sends no such header."""

    status: int
    body: bytes = b""
    content_type: str | None = XML
    headers: tuple[tuple[str, str], ...] = field(default=())


def parse_target(target: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the path and the query pairs of a request line's target."""
    parts = urlsplit(target)
    return unquote(parts.path), tuple(parse_qsl(parts.query, keep_blank_values=True))


def service_headers(now: float, version: str, took: str = "0.004") -> tuple[tuple[str, str], ...]:
    """Return the headers that every answer of the webservice bears."""
    return (
        ("Access-Time", str(int(now))),
        ("X-Powered-By", "PrestaShop Webservice"),
        ("PSWS-Version", version),
        ("Execution-Time", took),
    )


def sha1_header(body: bytes) -> tuple[str, str]:
    """Return the header that names the body's SHA-1."""
    return "Content-Sha1", hashlib.sha1(body, usedforsecurity=False).hexdigest()
