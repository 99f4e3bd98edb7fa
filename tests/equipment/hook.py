"""A till's web hook on loopback, that keeps what it is sent and errs when it is told to.

It refuses whoever does not sign, answers a known uid with 409, and refuses lines that are none of
its articles. A fault happens once: `lost` (taken, and no answer), `lost_before` (no answer, nothing
taken), `broken` (500, nothing taken), `broken_after` (500, taken), `keyless` (taken, and no key).

with TillHook(secret=b"s", sellable={"1002"}) as hook: hook.url, hook.orders, hook.fault = "lost"
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Collection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import unquote

Fault = Literal["", "lost", "lost_before", "broken", "broken_after", "keyless"]


class TillHook:
    """A hook.

    Args:
        secret: That requests are signed with.
        sellable: Keys of the articles that it knows.
    """

    def __init__(self, secret: bytes, sellable: Collection[str]) -> None:
        self.secret = secret
        self.sellable = set(sellable)
        self.fault: Fault = ""
        self.blind = 0  # how many questions are answered by 503
        self.vague = False  # every question is answered by an empty 200, as some servers do
        self.orders: dict[str, dict[str, Any]] = {}
        self.revisions: dict[str, str] = {}
        self.customers: list[int] = []
        self.requests: list[tuple[str, str]] = []
        hook = self

        class Handler(_Handler):
            till = hook

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """Where orders are posted."""
        return f"http://127.0.0.1:{self._server.server_port}/orders"

    def key(self, uid: str) -> str:
        """Return the number under which an order is kept."""
        return str(list(self.orders).index(uid) + 1)

    def take(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take what was posted; return status and answer."""
        if body["event"] == "customer":
            shop_id = body["customer"]["shop_id"]
            known = shop_id in self.customers
            if not known:
                self.customers.append(shop_id)
            return (409 if known else 201), {"key": f"C{shop_id}"}
        order = body["order"]
        uid = order["key"]
        if body["event"] == "order" and uid in self.orders:
            return 409, {"key": self.key(uid)}
        for line in order["lines"]:
            if line["sellable_key"] not in self.sellable:
                return 422, {"message": f"unknown article {line['sellable_key']}"}
        self.orders[uid] = order
        self.revisions[uid] = body["revision"]
        return 201, {"key": self.key(uid)}

    def close(self) -> None:
        """Be gone."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self.close()


class _Handler(BaseHTTPRequestHandler):
    till: TillHook

    def do_POST(self) -> None:
        """Take an order."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        till, key = self.till, self.headers.get("Idempotency-Key", "")
        till.requests.append(("POST", unquote(key)))
        if not self._is_signed("POST", key, content):
            self._answer(401, {"message": "signature"})
            return
        fault, till.fault = till.fault, ""
        if fault == "lost_before":
            return
        if fault == "broken":
            self._answer(500, {})
            return
        status, answer = till.take(json.loads(content))
        if fault == "lost":
            return
        if fault == "broken_after":
            self._answer(500, {})
            return
        self._answer(status, {} if fault == "keyless" else answer)

    def do_GET(self) -> None:
        """Tell of one order."""
        till, uid = self.till, unquote(self.path.rpartition("/")[2])
        till.requests.append(("GET", uid))
        if not self._is_signed("GET", "", b""):
            self._answer(401, {"message": "signature"})
        elif till.blind:
            till.blind -= 1
            self._answer(503, {})
        elif till.vague:
            self._answer(200, {})
        elif uid in till.orders:
            self._answer(200, {"key": till.key(uid), "revision": till.revisions[uid]})
        else:
            self._answer(404, {})

    def _is_signed(self, method: str, key: str, content: bytes) -> bool:
        moment = self.headers.get("Comptoir-Time", "")
        told = f"{moment}\n{method}\n{self.path}\n{key}\n".encode() + content
        expected = hmac.new(self.till.secret, told, hashlib.sha256).hexdigest()
        return self.headers.get("Comptoir-Signature") == f"v1={expected}"

    def _answer(self, status: int, told: dict[str, Any]) -> None:
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""
