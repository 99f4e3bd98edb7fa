"""A real MariaDB server of its own, on loopback, thrown away afterwards.

with mariadb(folder) as url: create_engine(url)
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

_NAMES = ("mariadbd", "mysqld")
_INSTALL = ("mariadb-install-db", "mysql_install_db")
_PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


def require_mariadb() -> None:
    """Skip where there is no server; where everything must run, its absence is a failure."""
    if _find(_NAMES) and _find(_INSTALL):
        return
    if os.environ.get("CI") == "true":
        pytest.fail("no MariaDB server here (package mariadb-server)")
    pytest.skip("no MariaDB server here (package mariadb-server)")


@contextmanager
def mariadb(folder: Path) -> Iterator[URL]:
    """Run a server in a folder and give the URL of its empty database `till`."""
    server, install = _find(_NAMES), _find(_INSTALL)
    if server is None or install is None:
        raise FileNotFoundError("MariaDB")
    home, port = folder / "home", _free_port()
    user = [f"--user={_account()}"]
    plain = ["--no-defaults", f"--datadir={home}", *user]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    made = [install, *plain, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(made, check=True, **quiet)  # type: ignore[call-overload] # two keywords
    process = subprocess.Popen(
        [
            server, *plain, "--bind-address=127.0.0.1", f"--port={port}",
            f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}", "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _make_database(port, process)
        yield URL.create("mysql+pymysql", "root", "", "127.0.0.1", port, "till")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _make_database(port: int, process: "subprocess.Popen[bytes]") -> None:
    engine = create_engine(URL.create("mysql+pymysql", "root", "", "127.0.0.1", port))
    deadline = time.monotonic() + 60
    while True:
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql("CREATE DATABASE till CHARACTER SET utf8mb4")
            break
        except OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    engine.dispose()


def _find(names: tuple[str, ...]) -> str | None:
    found = (shutil.which(name, path=_PLACES) for name in names)
    return next((path for path in found if path), None)


def _account() -> str:
    return "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
