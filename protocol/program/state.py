"""A program's state database, opened at its newest shape.

Tables are made and changed by Alembic migrations that travel with the program, in one transaction:
all or nothing. Before a change of an existing SQLite database, a copy is put beside it. A database
of a newer program, of the other program or of somebody else is refused, untouched.

    engine = open_state(paths.url, METADATA, "shop_agent.migrations")
    try: ...
    finally: engine.dispose()
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, MetaData, inspect, make_url
from sqlalchemy.exc import DatabaseError

from protocol.program.engine import (
    BUSY_SECONDS,
    Listener,
    is_memory,
    local_file,
    make_engine,
    on_remote_drive,
    reading,
)
from protocol.program.state_errors import (
    StateAccessError,
    StateBrokenError,
    StateForeignError,
    StateNewerError,
    StateRemoteError,
    StateUpgradeError,
    state_errors,
)

__all__ = ["copy_database", "differences", "open_state", "reading"]


def open_state(
    url: URL | str,
    metadata: MetaData,
    migrations: str,
    *,
    listeners: Sequence[Listener] = (),
) -> Engine:
    """Return an engine on a database that has the program's newest tables.

    Args:
        url: Of the database; a missing SQLite file is made, readable by its owner only.
        metadata: The tables as the program knows them.
        migrations: Package with a folder `versions`, such as `shop_agent.migrations`.
        listeners: Told "before commit" and "after commit" of every transaction on SQLite.

    Raises:
        StateRemoteError: For a SQLite file on a network drive.
        StateBrokenError: For a damaged file.
        StateNewerError: For a database that a newer program, or the other one, has written.
        StateForeignError: For a database with other tables and none of ours.
        StateUpgradeError: When a migration fails; nothing has changed then.
        StateAccessError, StateBusyError: As `state_errors` tells.
    """
    url = make_url(url)
    file = local_file(url)
    place = str(file) if file else url.render_as_string(hide_password=True)
    if file is not None:
        _prepare_file(file)
    engine = make_engine(url, listeners=listeners)
    # In memory there is one connection only, and nothing old to rebuild.
    migrator = engine if is_memory(url) else make_engine(url, migrating=True)
    try:
        with state_errors(place):
            _upgrade(migrator, _config(migrations, metadata), place)
            with reading(engine).connect():
                pass  # the first connection sets the journal mode
    except BaseException:
        engine.dispose()
        raise
    finally:
        if migrator is not engine:
            migrator.dispose()
    return engine


def differences(engine: Engine, metadata: MetaData) -> list[Any]:
    """Return how a database differs from the tables as the code knows them; empty: it does not.

    For the tests of a program's migrations.
    """
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[Any] = compare_metadata(context, metadata)
        return found


def _prepare_file(file: Path) -> None:
    if on_remote_drive(file):
        raise StateRemoteError(place=file)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
    except OSError as error:
        raise StateAccessError(place=file, reason=error.strerror or error) from error


def _upgrade(engine: Engine, config: Config, place: str) -> None:
    head = ScriptDirectory.from_config(config).get_current_head()
    with reading(engine).connect() as connection:
        if _revision(connection) == head:
            return
    with engine.begin() as connection:
        # Asked again under the lock: another process may have been faster.
        current = _revision(connection)
        if current == head:
            return
        _check_origin(connection, config, current, place)
        if current is not None:
            _copy_aside(engine.url, current)
        _run(connection, config, place)
        _check_references(connection, place)


def _config(migrations: str, metadata: MetaData) -> Config:
    versions = Path(str(resources.files(migrations))) / "versions"
    environment = Path(str(resources.files("protocol.program"))) / "migration_env"
    config = Config()
    config.attributes["metadata"] = metadata
    # « % » is the sign of a variable in such options; the separator must not occur in a path.
    config.set_main_option("script_location", str(environment).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _check_origin(connection: Connection, config: Config, current: str | None, place: str) -> None:
    if current is None:
        tables = inspect(connection).get_table_names()
        if tables:
            raise StateForeignError(place=place, reason=", ".join(sorted(tables)[:5]))
        return
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current not in known:
        raise StateNewerError(place=place, reason=current)


def _run(connection: Connection, config: Config, place: str) -> None:
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except (CommandError, DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        raise StateUpgradeError(place=place, reason=str(cause)[:200]) from error


def _check_references(connection: Connection, place: str) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StateUpgradeError(place=place, reason=f"foreign key of {broken[0]}")


def _copy_aside(url: URL, revision: str) -> None:
    """Put a copy of a SQLite database beside it, named after the shape it has."""
    file = local_file(url)
    if file is None:
        return
    copy = file.with_name(f"{file.stem}.{revision}.bak{file.suffix}")
    fresh = copy.with_name(f"{copy.name}.new")
    copy_database(file, fresh)
    try:
        fresh.replace(copy)
    except OSError as error:
        raise StateAccessError(place=copy, reason=error) from error


def copy_database(file: Path, copy: Path) -> None:
    """Write a copy of a SQLite database as it is at one moment, though somebody may be writing.

    Args:
        file: The database.
        copy: Where to; readable by its owner only. An older file there goes.

    Raises:
        StateAccessError: When one cannot be read or the other not be written.
        StateBrokenError: When the database is damaged.
    """
    try:
        copy.unlink(missing_ok=True)
        copy.touch(mode=0o600)
        with (
            closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            [found] = target.execute("PRAGMA quick_check(1)").fetchone()
    except (OSError, sqlite3.OperationalError) as error:
        raise StateAccessError(place=copy, reason=error) from error
    except sqlite3.DatabaseError as error:
        raise StateBrokenError(place=file, reason=error) from error
    if found != "ok":
        raise StateBrokenError(place=file, reason=found)
