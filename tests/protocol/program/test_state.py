"""The state database: made, upgraded, refused, and its transactions."""

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import OperationalError

from protocol.errors import ComptoirError
from protocol.link.tables import link_tables
from protocol.program.engine import make_engine, on_remote_drive, reading
from protocol.program.state import differences, open_state
from protocol.program.state_errors import (
    StateAccessError,
    StateBrokenError,
    StateBusyError,
    StateForeignError,
    StateNewerError,
    StateUpgradeError,
    state_errors,
)

HERE = "tests.protocol.program"
FIRST = MetaData()
link_tables(FIRST)
SHELF = Table(
    "shelf", FIRST, Column("id", Integer, primary_key=True), Column("name", String(20),
    nullable=False),
)  # fmt: skip
BOOK = Table(
    "book", FIRST, Column("id", Integer, primary_key=True),
    Column("shelf", Integer, ForeignKey("shelf.id", ondelete="CASCADE"), nullable=False),
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "état 100%" / "state.db"


def url(file: Path) -> str:
    return f"sqlite+pysqlite:///{file}"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    opened = open_state(url(file), FIRST, f"{HERE}.first")
    yield opened
    opened.dispose()


def with_books(file: Path) -> None:
    """Make a database of the first version with one shelf and one book."""
    opened = open_state(url(file), FIRST, f"{HERE}.first")
    with opened.begin() as connection:
        connection.execute(insert(SHELF).values(id=1, name="novels"))
        connection.execute(insert(BOOK).values(id=1, shelf=1))
    opened.dispose()


def asked(file: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(question).fetchall()


# --- shape ---------------------------------------------------------------------------------


def test_an_empty_place_gets_the_tables_that_the_code_knows(engine: Engine, file: Path) -> None:
    assert differences(engine, FIRST) == []
    assert [path.name for path in file.parent.glob("*.bak*")] == []


def test_the_frozen_link_tables_have_todays_primary_keys(engine: Engine) -> None:
    today, found = MetaData(), MetaData()
    link_tables(today)
    found.reflect(engine)  # Alembic compares everything else

    def keys(metadata: MetaData) -> dict[str, list[str]]:
        return {name: list(metadata.tables[name].primary_key.columns.keys())
                for name in today.tables}  # fmt: skip

    assert keys(found) == keys(today)


def test_a_difference_is_seen(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("alter table link_meta add column more integer"))
    assert [change[0] for change in differences(engine, FIRST)] == ["remove_column"]


def test_opening_again_changes_nothing(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        connection.execute(insert(SHELF).values(id=1, name="novels"))
    again = open_state(url(file), FIRST, f"{HERE}.first")
    with again.begin() as connection:
        assert connection.execute(select(SHELF.c.name)).scalars().all() == ["novels"]
    again.dispose()


def test_a_database_in_memory_works_for_tests() -> None:
    opened = open_state("sqlite://", FIRST, f"{HERE}.first")
    assert differences(opened, FIRST) == []
    opened.dispose()


def test_an_upgrade_keeps_the_rows_and_leaves_a_copy(file: Path) -> None:
    with_books(file)
    open_state(url(file), FIRST, f"{HERE}.second").dispose()
    assert asked(file, "select id, name, colour from shelf") == [(1, "novels", None)]
    assert asked(file, "select id, shelf from book") == [(1, 1)]
    copy = file.with_name("state.test_0001.bak.db")
    assert asked(copy, "select id, name from shelf") == [(1, "novels")]
    assert asked(copy, "select version_num from alembic_version") == [("test_0001",)]


def test_a_failing_upgrade_changes_nothing(file: Path) -> None:
    with_books(file)
    with pytest.raises(StateUpgradeError):
        open_state(url(file), FIRST, f"{HERE}.failing")
    tables = {name for (name,) in asked(file, "select name from sqlite_master")}
    assert "colour" not in tables
    assert asked(file, "select version_num from alembic_version") == [("test_0001",)]
    open_state(url(file), FIRST, f"{HERE}.second").dispose()


def test_two_processes_may_open_a_new_database_at_once(file: Path) -> None:
    failures: list[BaseException] = []

    def open_it() -> None:
        try:
            open_state(url(file), FIRST, f"{HERE}.second").dispose()
        except BaseException as error:  # kept for the assertion below
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert asked(file, "select version_num from alembic_version") == [("test_0002",)]


# --- refusals ------------------------------------------------------------------------------


def test_a_newer_database_is_refused_untouched(file: Path) -> None:
    with_books(file)
    open_state(url(file), FIRST, f"{HERE}.second").dispose()
    before = file.read_bytes()
    with pytest.raises(StateNewerError) as caught:
        open_state(url(file), FIRST, f"{HERE}.first")
    assert (caught.value.exit_code, caught.value.facts["reason"]) == (7, "test_0002")
    assert file.read_bytes() == before


def test_somebody_elses_database_is_refused_untouched(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("create table ARTICLE (id integer)")
    before = file.read_bytes()
    with pytest.raises(StateForeignError) as caught:
        open_state(url(file), FIRST, f"{HERE}.first")
    assert (caught.value.exit_code, caught.value.facts["reason"]) == (2, "ARTICLE")
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["state.db"]


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b"SQLite format 3\x00" * 200])
def test_a_damaged_database_is_fatal(file: Path, damage: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(damage)
    with pytest.raises(StateBrokenError) as caught:
        open_state(url(file), FIRST, f"{HERE}.first")
    assert caught.value.exit_code == 7


def test_a_folder_that_cannot_be_made_needs_a_person(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateAccessError):
        open_state(url(tmp_path / "file" / "state.db"), FIRST, f"{HERE}.first")


def test_the_database_is_its_owners_alone(engine: Engine, file: Path) -> None:
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        (PureWindowsPath(r"\\server\share\state.db"), True),
        (PureWindowsPath("Z:/comptoir/state.db"), True),
        (PureWindowsPath("C:/Users/clara/state.db"), False),
        (PurePosixPath("/home/clara/state.db"), False),
    ],
)
def test_network_drives_are_told_apart(path: PureWindowsPath, remote: bool) -> None:
    asked_of = {"Z:\\": 4, "C:\\": 3}
    assert on_remote_drive(path, asked_of.__getitem__) is remote


@pytest.mark.skipif(sys.platform == "win32", reason="asks Windows itself there")
def test_without_windows_no_drive_is_remote() -> None:
    assert not on_remote_drive(PureWindowsPath("Z:/state.db"))


# --- transactions --------------------------------------------------------------------------


def test_every_commit_is_durable_and_references_hold(engine: Engine) -> None:
    with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"pragma {name}").scalar() for name in pragmas]
    assert found == ["wal", 2, 1]


def test_a_rolled_back_transaction_leaves_nothing_of_reads_writes_or_tables(
    engine: Engine,
) -> None:
    with engine.connect() as connection:
        connection.execute(select(SHELF))
        connection.execute(insert(SHELF).values(id=1, name="novels"))
        connection.execute(text("create table t (x integer)"))
        connection.rollback()
    with engine.connect() as connection:
        assert connection.execute(select(SHELF)).all() == []
        assert connection.execute(text("select name from sqlite_master where name='t'")).all() == []


def test_what_a_transaction_has_read_is_still_true_when_it_writes(file: Path) -> None:
    with_books(file)
    hasty = make_engine(make_url(url(file)), busy_seconds=0.1)
    with hasty.begin() as connection:
        connection.execute(select(SHELF)).all()
        with pytest.raises(OperationalError), hasty.begin():
            pass  # the second writer has to wait, before it reads anything
        connection.execute(insert(SHELF).values(id=2, name="poems"))
    hasty.dispose()


def test_who_only_reads_waits_for_nobody(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(SHELF).values(id=1, name="novels"))
        with reading(engine).connect() as reader:
            assert reader.execute(select(SHELF)).all() == []
    with reading(engine).connect() as reader:
        assert len(reader.execute(select(SHELF)).all()) == 1


def test_listeners_hear_of_each_commit_before_and_after(file: Path) -> None:
    heard: list[tuple[str, int]] = []

    def listen(event: str) -> None:
        heard.append((event, len(asked(file, "select id from shelf"))))

    opened = open_state(url(file), FIRST, f"{HERE}.first", listeners=[listen])
    with opened.begin() as connection:
        connection.execute(insert(SHELF).values(id=1, name="novels"))
    with opened.connect() as connection:
        connection.execute(insert(SHELF).values(id=2, name="poems"))
    opened.dispose()
    assert heard == [("before commit", 0), ("after commit", 1)]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("database is locked", StateBusyError),
        ("database or disk is full", StateAccessError),
        ("attempt to write a readonly database", StateAccessError),
        ("database disk image is malformed", StateBrokenError),
    ],
)
def test_what_drivers_say_is_told_apart(said: str, kind: type[ComptoirError]) -> None:
    with pytest.raises(kind), state_errors("state.db"):
        raise OperationalError("select 1", {}, sqlite3.OperationalError(said))


def test_an_unknown_error_of_a_driver_passes() -> None:
    with pytest.raises(OperationalError), state_errors("state.db"):
        raise OperationalError("select 1", {}, sqlite3.OperationalError("no such table: x"))
