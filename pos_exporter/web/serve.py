"""Serve the page on loopback: nobody but this PC can reach it.

with open_server(app, 8765) as server:
    webbrowser.open(page_url(server.port, token))
    server.run()
"""

import errno
import socket
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import waitress
from flask import Flask
from waitress import wasyncore

from protocol.errors import Text, UsageError

HOST = "127.0.0.1"
#: Waiting for the page's own few requests; a pass runs in its own thread.
_THREADS = 4


class PortTakenError(UsageError):
    """Something already listens where the page should be."""

    code = "E-WEB-001"
    what = Text("Le port {port} est déjà pris", "Port {port} is already taken")
    remedy = Text(
        "La page est peut-être déjà ouverte ; sinon choisir un autre port (--port)",
        "The page may be open already; otherwise choose another port (--port)",
    )


class PortRefusedError(UsageError):
    """The system does not let us listen there."""

    code = "E-WEB-002"
    what = Text("Le port {port} est refusé ({reason})", "Port {port} is refused ({reason})")
    remedy = Text("Choisir un autre port (--port 8765)", "Choose another port (--port 8765)")


def page_url(port: int, token: str) -> str:
    """Return the address that opens the page once; the browser is known from then on."""
    return f"http://{HOST}:{port}/?token={quote(token, safe='')}"


class PageServer:
    """A listening server; close it, or use it in a `with`."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        self.port: int = listening.getsockname()[1]
        self._listening = listening
        self._open: dict[int, Any] = {}
        self._server: Any = waitress.create_server(
            app, map=self._open, sockets=[listening], threads=_THREADS, ident=None,
            max_request_body_size=64 * 1024, channel_timeout=30,
        )  # fmt: skip

    def run(self) -> None:
        """Answer requests until `stop` is called or the program is interrupted."""
        self._server.run()

    def stop(self) -> None:
        """End `run`, from any thread."""
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._open))

    def close(self) -> None:
        """Let go of the port and the threads, once `run` has ended."""
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._open)
        self._server.close()
        self._listening.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_server(app: Flask, port: int) -> PageServer:
    """Return a server that listens on loopback, not yet running.

    Args:
        app: The page.
        port: 0 lets the system choose.

    Raises:
        PortTakenError: Something already listens there.
        PortRefusedError: The system says no.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there, it would let another program take the port over
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(64)
    except (OSError, OverflowError) as error:
        listening.close()
        number = error.errno if isinstance(error, OSError) else None
        kind = PortTakenError if number == errno.EADDRINUSE else PortRefusedError
        raise kind(port=port, reason=error) from error
    return PageServer(app, listening)


def serve(
    app: Flask, port: int, on_ready: Callable[[PageServer], object] = lambda server: None
) -> None:
    """Serve the page until the program is interrupted.

    Args:
        app: The page.
        port: 0 lets the system choose.
        on_ready: Called once it listens, to open a browser or print the address.

    Raises:
        PortTakenError, PortRefusedError: As `open_server` tells.
    """
    with open_server(app, port) as server:
        on_ready(server)
        server.run()
