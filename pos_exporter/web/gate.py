"""Who may use the page: a browser on this PC that was opened with the one-time address.

Every request must name this very address as its host (a foreign site that resolves to loopback
does not), and carry the cookie that the one-time token was exchanged for. A form must carry its
own token too, and come from this page. No answer may be framed, cached, sniffed or scripted.

    gate = Gate("one-time", new_secret)
    app.before_request(gate.guard)
    app.after_request(gate.harden)
"""

import hmac
import threading
from collections.abc import Callable
from typing import ClassVar

from flask import Response, request

from protocol.errors import NeedsPersonError, Text

_MONTH = 30 * 24 * 3600
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not "no-referrer": with it, browsers hide the origin of our own forms from us.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_REOPEN = Text(
    "Rouvrir la page par son icône, ou lancer « pos-exporter serve »",
    "Open the page again by its icon, or run « pos-exporter serve »",
)


class PageRefusedError(NeedsPersonError):
    """A request that the page does not answer."""

    status: ClassVar[int] = 403


class ForeignHostError(PageRefusedError):
    """The request was made for another address."""

    code = "E-WEB-010"
    what = Text("Adresse refusée", "Address refused")
    remedy = _REOPEN


class SpentTokenError(PageRefusedError):
    """The one-time address was used already, or never was one."""

    code = "E-WEB-011"
    what = Text("Ce lien a déjà servi ou n'est pas le bon", "This link was used, or is wrong")
    remedy = _REOPEN


class UnknownBrowserError(PageRefusedError):
    """The browser has no cookie of this page."""

    code = "E-WEB-012"
    what = Text("Ce navigateur n'est pas connu", "This browser is not known")
    remedy = _REOPEN


class ForeignFormError(PageRefusedError):
    """A form that this page did not show."""

    code = "E-WEB-013"
    what = Text("Ce formulaire ne vient pas de cette page", "This form is not from this page")
    remedy = Text("Recharger la page et recommencer", "Reload the page and try again")


class Gate:
    """Lets one's own browser in.

    Args:
        token: Opens the page once.
        new_secret: Unguessable texts.
    """

    def __init__(self, token: str, new_secret: Callable[[], str]) -> None:
        self._token: str | None = token
        self._session = new_secret()
        self._form_token = new_secret()
        self._lock = threading.Lock()

    @property
    def form_token(self) -> str:
        """Return what each form must carry."""
        return self._form_token

    def guard(self) -> Response | None:
        """Let a request pass, or answer the one that brings the token.

        Raises:
            PageRefusedError: For every other request.
        """
        port = request.environ["SERVER_PORT"]
        if request.host not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            raise ForeignHostError(value=request.host)
        if request.endpoint == "static":
            return None
        if request.method == "GET" and "token" in request.args:
            return self._exchange(request.args["token"])
        if not _same(request.cookies.get(_cookie_name(), ""), self._session):
            raise UnknownBrowserError
        if request.method == "POST":
            self._check_form()
        return None

    def harden(self, response: Response) -> Response:
        """Add the headers that keep browsers from doing anything else with an answer."""
        response.headers.update(_HEADERS)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response

    def _exchange(self, token: str) -> Response:
        known = _same(request.cookies.get(_cookie_name(), ""), self._session)
        with self._lock:
            if self._token is not None and _same(token, self._token):
                self._token, known = None, True
        if not known:
            raise SpentTokenError
        # The token must not stay in the address bar.
        response = Response(status=303, headers={"Location": "/"})
        response.set_cookie(
            _cookie_name(), self._session, max_age=_MONTH, httponly=True, samesite="Strict"
        )
        return response

    def _check_form(self) -> None:
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            raise ForeignFormError(value=origin)
        if not _same(request.form.get("form_token", ""), self._form_token):
            raise ForeignFormError


def _cookie_name() -> str:
    # Browsers keep one jar for all ports of a host: two shops on one PC must not mix.
    return f"comptoir_{request.environ['SERVER_PORT']}"


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
