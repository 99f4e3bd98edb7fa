"""A real FTP server on this machine alone, for the demo and the tests.

It listens on loopback only, serves one account, and speaks plain FTP or, given a certificate,
explicit TLS on both connections and nothing less. It runs in a thread, and leaves no socket,
thread or file open when it stops.

    with FtpServer(folder, user="boutique", password="secret") as server:
        ftplib.FTP().connect("127.0.0.1", server.port)

    python -m demo.ftp --root DIR --port 0 --user U --password P [--tls-cert PEM]
"""

import argparse
import logging
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any, Self

import pyftpdlib.ioloop  # first: it imports asyncore without the warning, which the next do not
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer

HOST = "127.0.0.1"
#: All rights over files and directories but changing modes and times.
_RIGHTS = "elradfmw"
_POLL_SECONDS = 0.05


class PlainHandler(FTPHandler):
    """One client's plain connection; tests derive their faulty servers from it."""

    banner = "Comptoir demo FTP server."
    auth_failed_timeout = 0


class TlsHandler(TLS_FTPHandler):
    """One client's connection, encrypted or refused."""

    banner = "Comptoir demo FTP server."
    auth_failed_timeout = 0
    tls_control_required = True
    tls_data_required = True


class FtpServer:
    """An FTP server on loopback, serving while the `with` block runs.

    Args:
        root: Directory shown as the account's home; must exist.
        user: The only account.
        password: Its password.
        port: Port to listen on; 0 takes a free one.
        tls_cert: PEM with certificate and private key; None speaks plain FTP.
        handler: What answers a client; the plain or TLS one when left out.
    """

    def __init__(
        self,
        root: Path,
        *,
        user: str,
        password: str,
        port: int = 0,
        tls_cert: Path | None = None,
        handler: type[PlainHandler | TlsHandler] | None = None,
    ) -> None:
        # Its log of every command would drown what the demo and the tests have to say.
        logging.getLogger("pyftpdlib").addHandler(logging.NullHandler())
        logging.getLogger("pyftpdlib").propagate = False
        base = handler or (PlainHandler if tls_cert is None else TlsHandler)
        authorizer = DummyAuthorizer()
        authorizer.add_user(user, password, str(root), perm=_RIGHTS)
        settings: dict[str, Any] = {"authorizer": authorizer, "ssl_context": None}
        if tls_cert is not None:
            settings["certfile"] = str(tls_cert)
        # Its own class each time: pyftpdlib keeps a server's settings on the handler's class.
        self._server = FTPServer(
            (HOST, port), type("Handler", (base,), settings), pyftpdlib.ioloop.IOLoop()
        )
        self.port: int = self._server.address[1]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.serve, name="ftp-server", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens, without the account."""
        return f"ftp://{HOST}:{self.port}"

    def serve(self) -> None:
        """Serve until `stop` is called from another thread or a signal's handler."""
        try:
            while not self._stopping.is_set():
                self._server.ioloop.loop(_POLL_SECONDS, blocking=False)
        finally:
            self._server.close_all()

    def stop(self) -> None:
        """Ask `serve` to disconnect everybody and return."""
        self._stopping.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join(timeout=10)


def main(arguments: list[str] | None = None) -> None:
    """Run the server in the foreground until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m demo.ftp", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--root", type=Path, required=True, help="directory to serve, made if missing"
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--tls-cert", type=Path, help="PEM with certificate and private key")
    given = parser.parse_args(arguments)
    given.root.mkdir(parents=True, exist_ok=True)
    server = FtpServer(
        given.root,
        user=given.user,
        password=given.password,
        port=given.port,
        tls_cert=given.tls_cert,
    )

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    print(f"listening {server.url}", flush=True)
    server.serve()


if __name__ == "__main__":
    main()
