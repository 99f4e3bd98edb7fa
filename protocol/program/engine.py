"""A database engine whose transactions are what they look like.

On SQLite every transaction takes the write lock when it begins, so what it reads first is still
true when it writes; whoever only looks (the page, `status`) asks for `reading(engine)` and waits
for nobody. A second transaction inside an open one waits for it in vain: read through
`reading(engine)`, or end the first. Every commit is on the disk before it returns.

    engine = make_engine(make_url("sqlite:///state.db"))
    with engine.begin() as connection: ...          # reads, then writes
    with reading(engine).connect() as connection: ...  # only reads
"""

import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath, PureWindowsPath

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

Listener = Callable[[str], None]

#: How long a transaction waits for another one's end, in seconds.
BUSY_SECONDS = 15.0
_READS_ONLY = "comptoir_reads_only"
_DRIVE_REMOTE = 4


def make_engine(
    url: URL,
    *,
    listeners: Sequence[Listener] = (),
    migrating: bool = False,
    busy_seconds: float = BUSY_SECONDS,
) -> Engine:
    """Return an engine for a state database.

    Args:
        url: SQLite or a server's.
        listeners: On SQLite, each is told "before commit" and "after commit".
        migrating: Leave a SQLite file's journal mode as it is, for it may be somebody else's, and
            foreign keys off, for rebuilding a table drops the old one and its children would go.
        busy_seconds: How long SQLite waits for a lock.
    """
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    arguments = {"timeout": busy_seconds, "factory": _told_of_commits(listeners)}
    if is_memory(url):
        arguments["check_same_thread"] = False
        engine = create_engine(url, poolclass=StaticPool, connect_args=arguments)
    else:
        engine = create_engine(url, connect_args=arguments)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        # The driver's own, half-hearted BEGIN is switched off: `begin` below does it.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = FULL")
        if not migrating:
            _use_wal(connection, busy_seconds)
            connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get(_READS_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


def _use_wal(connection: sqlite3.Connection, seconds: float) -> None:
    """Switch a file to write-ahead logging: SQLite does not wait by itself for others to let go."""
    until = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(0.05)


def reading(engine: Engine) -> Engine:
    """Return the same engine for transactions that only read: one snapshot, no lock."""
    return engine.execution_options(**{_READS_ONLY: True})


def is_memory(url: URL) -> bool:
    """Return whether a SQLite database lives in memory only, as in tests."""
    return not url.database or url.database == ":memory:"


def on_remote_drive(path: PurePath, drive_type: Callable[[str], int] | None = None) -> bool:
    r"""Return whether a path lies on a Windows network drive (`\\server\…`, or a mapped `Z:`).

    Args:
        path: Absolute; anything but a Windows path is not asked about.
        drive_type: Windows' `GetDriveTypeW`, asked with a root such as `Z:\`.
    """
    if not isinstance(path, PureWindowsPath):
        return False
    if path.drive.startswith("\\\\"):
        return True
    return (drive_type or _drive_type)(path.anchor) == _DRIVE_REMOTE


def local_file(url: URL) -> Path | None:
    """Return the file of a SQLite database, or None for memory and servers."""
    if url.get_backend_name() != "sqlite" or is_memory(url):
        return None
    return Path(url.database or "").absolute()


def _told_of_commits(listeners: Sequence[Listener]) -> type[sqlite3.Connection]:
    class Told(sqlite3.Connection):
        def commit(self) -> None:
            for listener in listeners:
                listener("before commit")
            super().commit()
            for listener in listeners:
                listener("after commit")

    return Told


def _drive_type(root: str) -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(root))
