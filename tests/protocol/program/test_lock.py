"""The lock of a run, held by a real second process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from protocol.program.lock import NOTE_NAME, Holder, LockHeldError, find_holder, run_lock
from protocol.program.state_errors import StateAccessError

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from protocol.program.lock import run_lock

with run_lock(Path(sys.argv[1]), command="pos-exporter sync", now=datetime(2026, 1, 2, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_is_told_who_holds_the_lock(
    tmp_path: Path, other: subprocess.Popen[str]
) -> None:
    with pytest.raises(LockHeldError) as caught, run_lock(tmp_path, command="x", now=NOW):
        pass
    error = caught.value
    assert (error.code, error.exit_code) == ("E-RUN-001", 4)
    assert error.facts["pid"] == str(other.pid)
    assert error.facts["command"] == "pos-exporter sync"
    assert error.facts["since"] == "2026-01-02T00:00:00Z"


def test_a_killed_run_leaves_no_lock(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait(30)
    with run_lock(tmp_path, command="shop-agent sync", now=NOW):
        assert find_holder(tmp_path) == Holder(
            os.getpid(), "2026-11-24T09:30:00Z", "shop-agent sync"
        )


def test_the_lock_is_given_back(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    other.communicate("", timeout=30)
    assert other.returncode == 0
    for _ in range(2):
        with run_lock(tmp_path, command="x", now=NOW):
            pass
    assert find_holder(tmp_path) is None


def test_a_failing_run_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(KeyError), run_lock(tmp_path, command="x", now=NOW):
        raise KeyError
    with run_lock(tmp_path, command="x", now=NOW):
        pass


def test_one_process_does_not_run_twice_either(tmp_path: Path) -> None:
    with run_lock(tmp_path, command="serve", now=NOW):
        with pytest.raises(LockHeldError), run_lock(tmp_path, command="x", now=NOW):
            pass
        assert find_holder(tmp_path) == Holder(os.getpid(), "2026-11-24T09:30:00Z", "serve")


@pytest.mark.parametrize("note", ["", "{}", "[]", '{"pid": "x", "since": 1, "command": 2}'])
def test_a_damaged_note_only_costs_its_details(
    tmp_path: Path, other: subprocess.Popen[str], note: str
) -> None:
    (tmp_path / NOTE_NAME).write_text(note)
    with pytest.raises(LockHeldError) as caught, run_lock(tmp_path, command="x", now=NOW):
        pass
    assert "pid" not in caught.value.facts


def test_a_folder_that_cannot_hold_a_lock_needs_a_person(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateAccessError), run_lock(tmp_path / "file", command="x", now=NOW):
        pass
