"""What a backup holds, and that a restore loses nothing of what was here."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import MetaData, make_url

from protocol.errors import ComptoirError
from protocol.keys import BadKeyFileError, Keys, load_keys, new_keys, save_keys
from protocol.link.tables import link_tables
from protocol.program.backup.belongings import Belongings, Kit, find_belongings
from protocol.program.backup.errors import (
    AlreadyHereError,
    BackupExistsError,
    BackupFileError,
    NewerBackupError,
    OtherProgramError,
    StateElsewhereError,
    WrongPassphraseError,
)
from protocol.program.backup.restore import Options, Restored, restore
from protocol.program.backup.save import Saved, back_up
from protocol.program.backup.sealed_file import Cost
from protocol.program.lock import LockHeldError, run_lock
from protocol.program.pairing import NoKeysError, WrongRoleError
from protocol.program.settings import ProgramSettings
from protocol.program.state import open_state
from protocol.program.state_errors import StateBrokenError
from protocol.program.yaml_config import ConfigError
from tests.protocol.sides import paired_keys

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
CHEAP = Cost(passes=1, memory=8192)
PASSPHRASE = "tonneau velours girafe"
METADATA = MetaData()
LINK = link_tables(METADATA)
FIRST = "tests.protocol.program.first"
SECOND = "tests.protocol.program.second"
KIT = Kit("shop-agent", "shop", ProgramSettings, METADATA, FIRST, LINK)


@dataclass(frozen=True)
class Computer:
    """One computer with a program's settings file, and what the commands do there."""

    folder: Path
    kit: Kit[ProgramSettings] = KIT
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def config(self) -> Path:
        return self.folder / "shop-agent.yaml"

    @property
    def keys(self) -> Path:
        return self.folder / "state" / "keys.json"

    @property
    def state(self) -> Path:
        return self.folder / "state" / "state.db"

    def set_up(self, **more: object) -> "Computer":
        """Write settings, keys and an empty state."""
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "channel": {"folder": {"path": "packets"}}, "state": {"folder": "state"}, **more,
        }  # fmt: skip
        self.config.write_text(yaml.safe_dump(settings), encoding="utf-8")
        save_keys(own_keys(), self.keys)
        open_state(make_url(f"sqlite:///{self.state}"), METADATA, FIRST).dispose()
        return self

    def owned(self) -> Belongings:
        text = self.config.read_text(encoding="utf-8")
        return find_belongings(self.kit, text, self.config, dict(self.environment))

    def back_up(self, file: Path, *, force: bool = False) -> Saved:
        return back_up(
            self.kit, self.owned(), file, lambda: PASSPHRASE, made_at=NOW, force=force, cost=CHEAP
        )

    def restore(
        self, file: Path, *, replace: bool = False, keep_settings: bool = False,
        passphrase: Callable[[], str] = lambda: PASSPHRASE,
    ) -> Restored:  # fmt: skip
        return restore(
            self.kit, file, passphrase, self.config, Options(replace, keep_settings),
            dict(self.environment), now=NOW,
        )  # fmt: skip

    def files(self) -> dict[str, bytes]:
        """Return every file but the lock's, by its path."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != "run.lock"
        }


def own_keys() -> Keys:
    return replace(paired_keys()[1], state_id="5" * 32)


def rows(state: Path, sql: str = "SELECT name FROM shelf") -> list[object]:
    with closing(sqlite3.connect(state)) as database:
        return [row[0] for row in database.execute(sql)]


@pytest.fixture
def old(tmp_path: Path) -> Computer:
    return Computer(tmp_path / "old").set_up()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "comptoir.backup"


@pytest.fixture
def new(tmp_path: Path) -> Computer:
    folder = tmp_path / "new"
    folder.mkdir()
    return Computer(folder)


def put(state: Path, name: str) -> None:
    with closing(sqlite3.connect(state)) as database:
        database.execute("INSERT INTO shelf (name) VALUES (?)", (name,))
        database.commit()


# --- backup ----------------------------------------------------------------------------------


def test_a_new_computer_gets_keys_settings_and_state(
    old: Computer, new: Computer, file: Path
) -> None:
    put(old.state, "boots")
    saved = old.back_up(file)
    assert saved.parts == ("settings.yaml", "keys.json", "state.db")
    assert (saved.bytes, saved.server) == (file.stat().st_size, None)
    done = new.restore(file)
    assert set(done.written) == {new.config, new.keys, new.state}
    assert (done.aside, done.unset, done.has_state) == ((), (), True)
    assert done.made_at == "2026-11-24T20:00:00Z"
    assert new.config.read_bytes() == old.config.read_bytes()
    assert load_keys(new.keys) == own_keys()
    assert rows(new.state) == ["boots"]
    assert set(new.files()) == {"shop-agent.yaml", "state/keys.json", "state/state.db"}


def test_everything_written_is_for_its_owner_alone(
    old: Computer, new: Computer, file: Path
) -> None:
    old.back_up(file)
    new.restore(file)
    assert {path.stat().st_mode & 0o777 for path in (file, new.config, new.keys, new.state)} == {
        0o600
    }


def test_the_state_is_copied_while_a_run_is_writing(
    old: Computer, new: Computer, file: Path
) -> None:
    put(old.state, "boots")
    with (
        run_lock(old.state.parent, command="sync", now=NOW),
        closing(sqlite3.connect(old.state, isolation_level=None)) as running,
    ):
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("INSERT INTO shelf (name) VALUES ('committed, in the log')")
        running.execute("BEGIN IMMEDIATE")
        running.execute("INSERT INTO shelf (name) VALUES ('not committed')")
        old.back_up(file)
        running.execute("ROLLBACK")
    new.restore(file)
    assert rows(new.state) == ["boots", "committed, in the log"]


def test_nothing_secret_is_readable_in_the_file_or_left_beside(old: Computer, file: Path) -> None:
    put(old.state, "clara@example.org")
    before = old.files()
    old.back_up(file)
    content = file.read_bytes()
    for canary in (PASSPHRASE.encode(), b"clara@example.org", b"signing_seed", b"packets"):
        assert canary not in content
    assert set(old.files()) - {"state/state.db-wal", "state/state.db-shm"} == set(before)
    assert not any(PASSPHRASE.encode() in kept for kept in old.files().values())


def test_an_existing_file_is_replaced_only_when_told_so(old: Computer, file: Path) -> None:
    file.write_bytes(b"yesterday's")
    with pytest.raises(BackupExistsError):
        old.back_up(file)
    assert file.read_bytes() == b"yesterday's"
    old.back_up(file, force=True)
    assert file.read_bytes().startswith(b"\x89CPTBAK")


def test_a_folder_that_is_not_there_is_told_and_not_made(old: Computer, file: Path) -> None:
    with pytest.raises(BackupFileError):
        old.back_up(file.parent / "usb" / "comptoir.backup")
    assert not (file.parent / "usb").exists()


def test_a_damaged_state_makes_no_backup_and_leaves_the_last_one(old: Computer, file: Path) -> None:
    file.write_bytes(b"yesterday's")
    content = bytearray(old.state.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    old.state.write_bytes(content)
    with pytest.raises(StateBrokenError):
        old.back_up(file, force=True)
    assert file.read_bytes() == b"yesterday's"


def test_what_is_missing_or_of_the_other_program_makes_no_backup(old: Computer, file: Path) -> None:
    for spoil, kind in (
        (lambda: save_keys(new_keys("pos", label="x"), old.keys), WrongRoleError),
        (lambda: old.keys.write_text("{}"), BadKeyFileError),
        (lambda: old.keys.unlink(), NoKeysError),
    ):
        spoil()
        with pytest.raises(kind):
            old.back_up(file)
    assert not file.exists()


def test_a_state_on_a_server_is_told_and_left_out(tmp_path: Path, file: Path) -> None:
    url = "postgresql+pg8000://comptoir:pw@db.example/comptoir"
    served = Computer(tmp_path / "served").set_up(state={"folder": "state", "url": url})
    served.state.unlink()
    saved = served.back_up(file)
    assert saved.server is not None
    assert saved.server.get_backend_name() == "postgresql"
    assert saved.parts == ("settings.yaml", "keys.json")
    new = Computer(tmp_path / "new")
    done = new.restore(file)
    assert (done.has_state, load_keys(new.keys)) == (False, own_keys())


# --- restore ---------------------------------------------------------------------------------


def test_the_restored_state_says_that_it_is_old(old: Computer, new: Computer, file: Path) -> None:
    old.back_up(file)
    new.restore(file)
    sql = "SELECT name FROM link_meta WHERE name = 'state_old'"
    assert (rows(old.state, sql), rows(new.state, sql)) == ([], ["state_old"])


def test_what_is_here_is_not_touched_without_a_word(
    old: Computer, tmp_path: Path, file: Path
) -> None:
    old.back_up(file)
    here = Computer(tmp_path / "here").set_up(language="en")
    put(here.state, "newer")
    before = here.files()
    with pytest.raises(AlreadyHereError) as told:
        here.restore(file)
    for path in (here.config, here.keys, here.state):
        assert str(path) in told.value.facts["found"]
    assert here.files() == before


def test_what_gives_way_stays_beside_whole(old: Computer, tmp_path: Path, file: Path) -> None:
    put(old.state, "boots")
    old.back_up(file)
    here = Computer(tmp_path / "here").set_up(language="en")
    settings = here.config.read_bytes()
    running = sqlite3.connect(here.state)  # a killed run left its log beside
    running.execute("PRAGMA journal_mode = WAL")
    running.execute("INSERT INTO shelf (name) VALUES ('in the log')")
    running.commit()
    done = here.restore(file, replace=True)
    running.close()
    assert rows(here.state) == ["boots"]
    assert load_keys(here.keys) == own_keys()
    kept = {path.name: path for path in done.aside}
    assert {"shop-agent.yaml", "keys.json", "state.db", "state.db-wal"} <= {
        name.replace(".before-20261124-200000", "") for name in kept
    }
    assert kept["shop-agent.yaml.before-20261124-200000"].read_bytes() == settings
    assert rows(kept["state.db.before-20261124-200000"]) == ["in the log"]


def test_a_second_restore_at_once_keeps_what_the_first_put_aside(
    old: Computer, tmp_path: Path, file: Path
) -> None:
    old.back_up(file)
    here = Computer(tmp_path / "here").set_up(language="en")
    put(here.state, "the first one's")
    first, second = here.restore(file, replace=True), here.restore(file, replace=True)
    assert not set(first.aside) & set(second.aside)
    kept = next(path for path in first.aside if path.name.startswith("state.db"))
    assert rows(kept) == ["the first one's"]


def test_the_settings_here_may_stay(old: Computer, tmp_path: Path, file: Path) -> None:
    put(old.state, "boots")
    old.back_up(file)
    here = Computer(tmp_path / "here").set_up(language="en", state={"folder": "elsewhere"})
    for path in (here.keys, here.state):
        path.unlink()
    settings = here.config.read_bytes()
    done = here.restore(file, keep_settings=True)
    assert done.language == "en"
    assert here.config.read_bytes() == settings
    assert rows(here.folder / "elsewhere" / "state.db") == ["boots"]
    assert load_keys(here.folder / "elsewhere" / "keys.json") == own_keys()


def test_an_older_state_is_upgraded_and_a_newer_one_refused(
    old: Computer, new: Computer, file: Path, tmp_path: Path
) -> None:
    put(old.state, "boots")
    old.back_up(file)
    later = replace(new, kit=replace(KIT, migrations=SECOND))
    later.restore(file)
    assert rows(later.state, "SELECT colour FROM shelf") == [None]
    newer = tmp_path / "newer.backup"
    later.back_up(newer)
    another = Computer(tmp_path / "another")
    with pytest.raises(NewerBackupError):
        another.restore(newer)
    assert another.files() == {}


def test_a_refused_backup_changes_nothing(old: Computer, tmp_path: Path, file: Path) -> None:
    old.back_up(file)
    here = Computer(tmp_path / "here").set_up()
    before = here.files()
    other = replace(here, kit=replace(KIT, program="pos-exporter", role="pos"))
    refusals: list[tuple[type[ComptoirError], Callable[[], Restored]]] = [
        (WrongPassphraseError, lambda: here.restore(file, replace=True, passphrase=lambda: "no")),
        (OtherProgramError, lambda: other.restore(file, replace=True)),
        (BackupFileError, lambda: here.restore(tmp_path / "none", replace=True)),
    ]
    for kind, act in refusals:
        with pytest.raises(kind):
            act()
        assert here.files() == before
    with run_lock(here.state.parent, command="sync", now=NOW), pytest.raises(LockHeldError):
        here.restore(file, replace=True)
    assert {name: kept for name, kept in here.files().items() if "run.json" not in name} == before


def test_nobody_is_asked_for_the_passphrase_of_a_file_that_cannot_be_used(
    old: Computer, new: Computer, file: Path
) -> None:
    old.back_up(file)
    file.write_bytes(file.read_bytes()[:-1])

    def ask() -> str:
        raise AssertionError("asked")

    with pytest.raises(ComptoirError) as told:
        new.restore(file, passphrase=ask)
    assert told.value.code == "E-BAK-002"


def test_a_state_for_a_server_is_refused(old: Computer, tmp_path: Path, file: Path) -> None:
    old.back_up(file)
    url = "postgresql+pg8000://comptoir:pw@db.example/comptoir"
    here = Computer(tmp_path / "here").set_up(state={"folder": "state", "url": url})
    with pytest.raises(StateElsewhereError):
        here.restore(file, replace=True, keep_settings=True)


def test_what_was_here_comes_back_when_a_part_cannot_be_placed(
    old: Computer, tmp_path: Path, file: Path
) -> None:
    old.back_up(file)
    here = Computer(tmp_path / "here").set_up(language="en")
    # The name under which a fresh file begins is taken by a folder.
    (here.folder / "shop-agent.yaml.new" / "x").mkdir(parents=True)
    before = here.files()
    with pytest.raises(BackupFileError):
        here.restore(file, replace=True)
    assert here.files() == before


def test_passwords_of_the_environment_stay_there_and_are_named(tmp_path: Path, file: Path) -> None:
    channel = {
        "ftp": {
            "host": "ftp.example.fr", "user": "clara", "password": "${FTP_PASSWORD}",
            "root": "comptoir/x", "ca_file": "server.pem",
        }
    }  # fmt: skip
    old = Computer(tmp_path / "old", environment=(("FTP_PASSWORD", "canary-password"),))
    old.set_up(channel=channel)
    (old.folder / "server.pem").write_text("certificate")
    assert old.back_up(file).parts == ("settings.yaml", "ca.pem", "keys.json", "state.db")
    new = Computer(tmp_path / "new")
    done = new.restore(file)
    assert done.unset == ("FTP_PASSWORD",)
    assert (new.folder / "server.pem").read_text() == "certificate"
    assert not any(b"canary-password" in kept for kept in new.files().values())


def test_a_place_that_hangs_on_an_unset_name_is_asked_for_first(tmp_path: Path, file: Path) -> None:
    there = str(tmp_path / "there")
    old = Computer(tmp_path / "old", environment=(("STATE", there),))
    old.set_up(state={"folder": "${STATE}"})
    save_keys(own_keys(), Path(there) / "keys.json")
    old.back_up(file)
    new = Computer(tmp_path / "new")
    with pytest.raises(ConfigError) as told:
        new.restore(file)
    assert [one.code for one in told.value.problems] == ["E-CFG-005"]
    assert new.files() == {}
