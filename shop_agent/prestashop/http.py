"""One HTTP exchange with the shop, made safely: the only place that opens a connection.

Rules: every request has timeouts and every answer a cap on bytes and time; no redirection is
followed; only GET and HEAD are repeated, a few times, and never after a server asked for a long
wait; what broke is said as one of our errors, without the key or an address that holds it.

    with Http("https://shop.example", key, open_session()) as http:
        answer = http.exchange(Call("GET", "languages", (("display", "[id]"),)), question)
"""

import logging
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from protocol.errors import ComptoirError
from shop_agent.prestashop.answers import Answer, Question, Verb
from shop_agent.prestashop.errors import (
    CertificateError,
    KeyRefusedError,
    ShopUnreachableError,
    UnreadableAnswerError,
    WriteOutcomeUnknownError,
    WrongAddressError,
)
from shop_agent.prestashop.query import Pair, encode
from shop_agent.prestashop.xml import ANSWER_LIMIT

_CHUNK = 64 * 1024
_READS = frozenset({"GET", "HEAD"})
_KEY_IN_ADDRESS = re.compile(r"ws_key=[^&\s'\"]*")


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds.

    Args:
        connect: For a connection.
        read: For the next bytes of an answer.
        whole: For an answer from its first byte to its last.
    """

    connect: float = 10
    read: float = 60
    whole: float = 180


@dataclass(frozen=True)
class ImageFile:
    """A photo to upload: its bytes, a file name and its media type."""

    content: bytes
    name: str = "photo.jpg"
    media: str = "image/jpeg"


@dataclass(frozen=True)
class Call:
    """One request: verb, path under `/api/`, parameters in order, and what is sent.

    `limit` is the most bytes of its answer, when fewer than usual.
    """

    verb: Verb
    path: str
    query: tuple[Pair, ...] = ()
    body: bytes | None = None
    image: ImageFile | None = None
    limit: int | None = None


class _ShortRetry(Retry):
    """A retry that never waits long, whatever `Retry-After` asks."""

    LONGEST_WAIT = 20.0

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, self.LONGEST_WAIT)


class _HideKey(logging.Filter):
    """Takes the key out of what the HTTP library logs about addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _KEY_IN_ADDRESS.sub("ws_key=***", record.getMessage())
        record.args = None
        return True


_HIDE_KEY = _HideKey()


def open_session(retries: int = 2, backoff: float = 1.0) -> requests.Session:
    """Return a keep-alive session that repeats readings alone, at most `retries` times.

    A connection that could not be made is tried again for writes too: nothing was sent.
    """
    session = requests.Session()
    retry = _ShortRetry(
        total=retries,
        connect=retries,
        read=retries,
        status=retries,
        other=0,
        redirect=0,
        allowed_methods=frozenset({"GET", "HEAD"}),
        status_forcelist=(429, 502, 503, 504),
        backoff_factor=backoff,
        raise_on_status=False,
        respect_retry_after_header=True,
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


class _NoAuth(AuthBase):
    """Sends no Authorization, not even one found in a .netrc file."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Http:
    """The shop's address and key, and exchanges with it.

    Args:
        url: The shop's address, with or without `/api`.
        key: The webservice key; kept out of every error and log.
        session: Made by `open_session`, closed with this.
        timeouts: How long to wait.
        clock: Monotonic seconds.
        answer_limit: The most bytes of one answer.
    """

    def __init__(
        self,
        url: str,
        key: str,
        session: requests.Session,
        timeouts: Timeouts = Timeouts(),
        clock: Callable[[], float] = time.monotonic,
        answer_limit: int = ANSWER_LIMIT,
    ) -> None:
        self.address = _shop_address(url)
        self.requests_sent = 0
        #: Called before each request that may change the shop; what it raises keeps it from going.
        self.before_write: Callable[[], None] = lambda: None
        self._key = _checked_key(key)
        self._session = session
        self._timeouts = timeouts
        self._clock = clock
        self._limit = answer_limit
        self._key_in_address = False
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_HIDE_KEY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def exchange(self, call: Call, question: Question) -> Answer:
        """Return the answer to one request, whatever its status.

        When the host drops the Authorization header, the key goes into the address, from then on.

        Raises:
            ShopUnreachableError: No connection, or a reading that got no whole answer.
            WriteOutcomeUnknownError: A write that got no whole answer.
            UnreadableAnswerError: A reading whose answer is too large.
            CertificateError: The server is not the one its certificate names.
        """
        if call.verb not in _READS:
            self.before_write()
        answer = self._exchange(call, question, self._key_in_address)
        if not answer.is_keyless or self._key_in_address:
            return answer
        second = self._exchange(call, question, key_in_address=True)
        self._key_in_address = not second.is_keyless
        return second

    def _exchange(self, call: Call, question: Question, key_in_address: bool) -> Answer:
        """Send once; a reading whose body broke off is sent a second time."""
        try:
            return self._send(call, question, key_in_address)
        except _BrokenOffError as broken:
            if question.writes:
                raise _silent(question, broken.reason) from None
        try:
            return self._send(call, question, key_in_address)
        except _BrokenOffError as broken:
            raise _silent(question, broken.reason) from None

    def _send(self, call: Call, question: Question, key_in_address: bool) -> Answer:
        query = (*call.query, ("ws_key", self._key)) if key_in_address else call.query
        auth = _NoAuth() if key_in_address else HTTPBasicAuth(self._key, "")
        image = call.image
        files = {"image": (image.name, image.content, image.media)} if image else None
        headers = {"Content-Type": "text/xml; charset=utf-8"} if call.body is not None else None
        self.requests_sent += 1
        self._session.cookies.clear()  # PrestaShop opens a shopping session for every error
        try:
            response = self._session.request(
                call.verb,
                f"{self.address}/api/{call.path}" + (f"?{encode(query)}" if query else ""),
                data=call.body,
                files=files,
                headers=headers,
                auth=auth,
                timeout=(self._timeouts.connect, self._timeouts.read),
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, HTTPError) as error:
            # not chained: the library's words hold the address, and so perhaps the key
            raise _translated(question, error) from None
        with response:
            return self._read(response, question, min(call.limit or self._limit, self._limit))

    def _read(self, response: requests.Response, question: Question, limit: int) -> Answer:
        parts: list[bytes] = []
        size, started = 0, self._clock()
        try:
            for part in response.iter_content(_CHUNK):
                size += len(part)
                if size > limit:
                    raise _oversize(question, limit)
                if self._clock() - started > self._timeouts.whole:
                    raise _silent(question, "answer too slow")
                parts.append(part)
        except (requests.RequestException, HTTPError) as error:
            raise _BrokenOffError(type(error).__name__) from None
        headers = response.headers
        return Answer(
            status=response.status_code,
            media=headers.get("Content-Type", "").split(";")[0].strip().lower(),
            version=headers.get("PSWS-Version"),
            location=_without_query(headers.get("Location", "")),
            body=b"".join(parts),
        )


class _BrokenOffError(Exception):
    """An answer that began and did not end; never leaves this module."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def _shop_address(url: str) -> str:
    """Return the shop's address without a final slash or `/api`; raise when it is none."""
    parts = urlsplit(url.strip())
    good = parts.scheme in ("http", "https") and parts.hostname
    if not good or parts.query or parts.username:
        raise WrongAddressError(place="shop address", address=_without_query(url), reason="http(s)")
    return url.strip().rstrip("/").removesuffix("/api").rstrip("/")


def _checked_key(key: str) -> str:
    """Return the key; raise, without showing it, when it cannot be one."""
    key = key.strip()
    if not (key.isascii() and key.isalnum()):
        raise KeyRefusedError(place="webservice key", reason="letters and digits only")
    return key


def _without_query(address: str) -> str:
    """Return an address without what could hold a key."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme else parts.path


def _translated(question: Question, error: Exception) -> ComptoirError:
    """Return our error for a request that got no answer at all."""
    causes = _causes(error)
    place = question.place
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return CertificateError(place=place, reason="certificate not valid")
    if any(isinstance(cause, NewConnectionError | ConnectTimeoutError) for cause in causes):
        return ShopUnreachableError(place=place, reason="no connection")
    slow = any(isinstance(cause, ReadTimeoutError) for cause in causes)
    return _silent(question, "no answer in time" if slow else type(error).__name__)


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and all that it wraps, as the HTTP library nests them."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if not isinstance(cause, BaseException) or cause in found:
            continue
        found.append(cause)
        waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__]
    return found


def _silent(question: Question, reason: str) -> ComptoirError:
    if question.writes:
        return WriteOutcomeUnknownError(answered=False, place=question.place, reason=reason)
    return ShopUnreachableError(place=question.place, reason=reason)


def _oversize(question: Question, limit: int) -> ComptoirError:
    reason = f"more than {limit} bytes"
    if question.writes:
        return WriteOutcomeUnknownError(answered=True, place=question.place, reason=reason)
    return UnreadableAnswerError(place=question.place, reason=reason)
