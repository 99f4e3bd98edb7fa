"""The HTTP till writer: a till's own hook on the shop's network takes an order as JSON.

Each POST carries an `Idempotency-Key` (the order's uid) and an HMAC signature, follows no redirect,
and is bounded in time and size. 2xx with a `key`: entered. 409: it was there. Another 4xx: refused,
in the hook's words. No answer, or 5xx: unknown, and looked up by `GET <url>/<uid>` before anything
is sent again; a 404 right after is not believed at once, for the hook may still be at work.

    with HttpTillWriter(url, secret, rules, clock) as writer: writer.enter_order(order, note)
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from pos_exporter.intake.binds import check_order, line_binds
from pos_exporter.intake.hook_address import check_address
from pos_exporter.intake.port import (
    UNNOTED,
    Entered,
    Event,
    Evidence,
    HookAddressError,
    IntakeUnknownError,
    Mark,
    Note,
    NotWritableError,
    StillUnknownError,
    TillNotWritableError,
    TillRefusedError,
    change_of,
)
from pos_exporter.mapping.write_back import WriteBack
from protocol.records import Customer, Order, content_hash, record_line

_MOST_BYTES = 64 * 1024
_MOST_WORDS = 200
#: Answers that say "not now": the hook did nothing.
_LATER = {408, 425, 429}


@dataclass(frozen=True)
class _Answer:
    """What a hook answered."""

    status: int
    body: bytes

    def value(self, name: str) -> str:
        """Return a text or number of the answer's object, empty when it says none."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return ""
        value = told.get(name) if isinstance(told, dict) else None
        is_one = isinstance(value, str | int) and not isinstance(value, bool)
        return str(value)[:190] if is_one else ""

    def words(self) -> str:
        """Return what it says to a person."""
        text = self.value("message") or self.body.decode("utf-8", errors="replace")
        return f"{self.status} {' '.join(text.split())[:_MOST_WORDS]}".strip()


class HttpTillWriter:
    """A till behind a hook.

    Args:
        url: Where orders are posted; `/<uid>` below it tells of one.
        secret: Shared with the hook, for the signature.
        rules: The mapping's `write_back`.
        clock: UTC now, for the signature.
    """

    def __init__(
        self, url: str, secret: str, rules: WriteBack, clock: Callable[[], datetime]
    ) -> None:
        self._parts = urlsplit(url)
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
            raise HookAddressError(reason="http(s)://…")
        if not secret:
            raise HookAddressError(reason="write_secret")
        self._secret = secret.encode()
        self._rules = rules
        self._clock = clock

    def enter_order(self, order: Order, note: Note = UNNOTED) -> Entered:
        """Post an order."""
        check_order(order, self._rules.formats)
        return self._post_order(order, "order", None, note)

    def change_order(self, order: Order, key: str, note: Note = UNNOTED) -> Entered:
        """Post a later revision."""
        event = change_of(order)
        if not self._rules.hook.changes:
            raise NotWritableError(kind=event)
        if event == "order_changed":
            check_order(order, self._rules.formats)
        return self._post_order(order, event, key, note)

    def look(self, order_uid: str, mark: Mark, age: timedelta) -> Entered | None:
        """Ask the hook what it has."""
        hook = self._rules.hook
        try:
            answer = self._find(order_uid)
        except (IntakeUnknownError, TillNotWritableError) as error:
            if age >= hook.doubt_after:
                raise StillUnknownError(
                    place=order_uid, reason=error.facts.get("reason")
                ) from error
            raise
        if answer is not None:
            is_there = mark.event == "order" or answer.value("revision") == mark.revision
            if is_there:
                return Entered(answer.value("key") or order_uid, already=True, evidence="lookup")
        if age < hook.settle:
            raise IntakeUnknownError(place=order_uid, reason="…")
        if mark.said_yes:
            raise StillUnknownError(place=order_uid, reason="key ?")
        return None

    def enter_customer(self, customer: Customer) -> Entered:
        """Post a customer; the hook knows them by their key."""
        if not self._rules.hook.customers:
            raise NotWritableError(kind="customer")
        body = {"event": "customer", "customer": json.loads(record_line(customer))}
        place = f"customer {customer.shop_id}"
        answer = self._post(f"customer/{customer.key}/{content_hash(customer)}", body, place)
        return self._taken(answer, customer.key, place)

    def holds_order(self, order_uid: str) -> bool:
        """Ask the hook whether it has an order."""
        try:
            return self._find(order_uid) is not None
        except IntakeUnknownError as error:
            reason = error.facts.get("reason", "")
            raise TillNotWritableError(place=order_uid, reason=reason) from error

    def finish(self) -> None:
        """Nothing was collected."""

    # --- posting -----------------------------------------------------------------------------

    def _post_order(self, order: Order, event: Event, key: str | None, note: Note) -> Entered:
        mark = Mark(event, content_hash(order))
        name = order.key if event == "order" else f"{order.key}/{mark.revision}"
        body = {"event": event, "revision": mark.revision, "key": key, "order": self._told(order)}
        name = f"{name}/{note.number}" if note.number else name
        answer = self._post(name, body, order.reference, lambda: note.begin(mark))
        if answer.status < 300 and not answer.value("key"):
            note.begin(Mark(event, mark.revision, said_yes=True))
            raise IntakeUnknownError(place=order.reference, reason="key ?")
        return self._taken(answer, key or order.key, order.reference)

    def _taken(self, answer: _Answer, key: str, place: str) -> Entered:
        if answer.status >= 300 and answer.status != 409:
            raise TillRefusedError(place=place, words=answer.words())
        already = answer.status == 409
        evidence: Evidence = "already" if already else "answer"
        return Entered(answer.value("key") or key, already, evidence)

    def _told(self, order: Order) -> Mapping[str, Any]:
        """Return the order as it travels, with the till's codes in its lines."""
        told: dict[str, Any] = json.loads(record_line(order))
        for number, (line, shown) in enumerate(zip(order.lines, told["lines"], strict=True), 1):
            values = line_binds(line, number, self._rules.formats)
            shown |= {name: values[name] for name in ("sellable_key", "tax_code")}
        return told

    def _post(
        self, name: str, body: Mapping[str, Any], place: str,
        begin: Callable[[], None] = lambda: None,
    ) -> _Answer:  # fmt: skip
        content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        key = quote(name, safe="")
        answer = self._ask("POST", self._parts.path or "/", content, key, place, begin)
        if answer.status in _LATER:
            raise TillNotWritableError(place=place, reason=answer.words())
        if answer.status >= 500:
            raise IntakeUnknownError(place=place, reason=answer.words())
        return answer

    def _find(self, order_uid: str) -> _Answer | None:
        """Return what the hook tells of an order, None when it does not have it.

        An answer without a key is none: some servers say 200 to whatever they are asked.
        """
        path = f"{self._parts.path.rstrip('/')}/{quote(order_uid, safe='')}"
        answer = self._ask("GET", path, b"", "", order_uid)
        if answer.status == 404:
            return None
        if answer.status != 200 or not answer.value("key"):
            raise IntakeUnknownError(place=order_uid, reason=answer.words())
        return answer

    # --- the wire ----------------------------------------------------------------------------

    def _ask(
        self, method: str, path: str, body: bytes, key: str, place: str,
        begin: Callable[[], None] = lambda: None,
    ) -> _Answer:  # fmt: skip
        target = f"{path}?{self._parts.query}" if self._parts.query else path
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        headers |= self._signed(method, target, key, body)
        deadline = time.monotonic() + self._rules.hook.timeout.total_seconds()
        connection = self._connect(place)
        try:
            begin()  # from here on it may have arrived
            try:
                connection.request(method, target, body or None, headers)
                return _read(connection, connection.getresponse(), deadline)
            except (OSError, HTTPException) as error:
                reason = str(error) or type(error).__name__
                raise IntakeUnknownError(place=place, reason=reason) from error
        finally:
            connection.close()

    def _connect(self, place: str) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        connection = kind(host, port, timeout=self._rules.hook.timeout.total_seconds())
        try:
            connection.connect()
            check_address(self._parts.scheme, connection.sock.getpeername()[0])
        except OSError as error:
            connection.close()
            reason = error.strerror or str(error) or type(error).__name__
            raise TillNotWritableError(place=place, reason=reason) from error
        except HookAddressError:
            connection.close()
            raise
        return connection

    def _signed(self, method: str, target: str, key: str, body: bytes) -> Mapping[str, str]:
        """Return the headers by which the hook knows that it is us, and when."""
        moment = str(int(self._clock().timestamp()))
        told = "\n".join((moment, method, target, key, "")).encode() + body
        signature = hmac.new(self._secret, told, hashlib.sha256).hexdigest()
        named = {"Idempotency-Key": key} if key else {}
        return {**named, "Comptoir-Time": moment, "Comptoir-Signature": f"v1={signature}"}


def _read(connection: HTTPConnection, response: HTTPResponse, deadline: float) -> _Answer:
    """Return an answer, no more than is bearable of it and not after the deadline."""
    body = b""
    while len(body) <= _MOST_BYTES:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        if connection.sock is not None:
            connection.sock.settimeout(left)
        part = response.read1(4096)
        if not part:
            break
        body += part
    return _Answer(response.status, body[:_MOST_BYTES])
