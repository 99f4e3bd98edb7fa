"""The drop folder: the contract with every trace, and what is known of a file from what is left."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_exporter.intake.folder import FolderTillWriter
from pos_exporter.intake.port import (
    CollectedError,
    HandedOverError,
    InDoubtError,
    Mark,
    NotWritableError,
    TillNotWritableError,
    TillRefusedError,
    UnreadError,
)
from pos_exporter.mapping.write_back import WriteBack
from protocol.records import OrderState
from tests.contracts.till_writer import LATER, SIMPLE, VARIANT, Clerk, WholeTillContract
from tests.equipment.folder_till import RULES, FolderTill, Trace
from tests.pos_exporter.intake.orders import customer, line, order
from tests.pos_exporter.mapping.samples import mapping_of

_DAY = timedelta(days=1)
_FIXED = RULES.replace("    ok_suffix: .ok\n    error_suffix: .err\n", "    name: WEB.CSV\n")
_PER_RUN = RULES.replace("    changes: true\n", "    changes: true\n    per: run\n")


def rules(told: str = RULES) -> WriteBack:
    found = mapping_of(told).write_back
    assert found is not None
    return found


class _FolderTill:
    def __init__(self, folder: Path, trace: Trace = "done", told: str = RULES) -> None:
        self.folder = folder
        folder.mkdir()
        self.there = FolderTill(folder, {SIMPLE, VARIANT}, trace)
        self.writer = FolderTillWriter(folder, rules(told), till_timezone="Europe/Paris")

    def work(self) -> None:
        self.there.work()

    def orders(self) -> dict[str, list[tuple[str, int]]]:
        # Whatever came twice is there twice.
        assert sorted(self.there.entries) == sorted(set(self.there.entries))
        return self.there.orders

    def cancelled(self) -> set[str]:
        return self.there.cancelled

    def customers(self) -> list[int]:
        return []

    def go_away(self) -> None:
        self.folder.rename(self.folder.with_name("gone"))

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())


class TestFolderThatIsTidiedUp(WholeTillContract):
    """The contract; the till moves what it has read."""

    @pytest.fixture
    def till(self, tmp_path: Path) -> _FolderTill:
        return _FolderTill(tmp_path / "import")


class TestFolderWithSigns(WholeTillContract):
    """The contract; the till leaves a sign beside each file."""

    @pytest.fixture
    def till(self, tmp_path: Path) -> _FolderTill:
        return _FolderTill(tmp_path / "import", "ok")


class TestFolderPerRun(WholeTillContract):
    """The contract; one file for all that a run enters."""

    @pytest.fixture
    def till(self, tmp_path: Path) -> _FolderTill:
        return _FolderTill(tmp_path / "import", told=_PER_RUN)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[_FolderTill]:
    yield _FolderTill(tmp_path / "import")


def handed(till: _FolderTill, clerk: Clerk, uid: str = "U1") -> Mark:
    with pytest.raises(HandedOverError):
        clerk.begin(order(uid, line(1, SIMPLE)))
    till.writer.finish()
    assert clerk.noted is not None
    return clerk.noted


def test_a_file_is_whole_when_the_till_sees_it_and_noted_before(till: _FolderTill) -> None:
    clerk, seen = Clerk(till), list[list[str]]()
    clerk.on_note = lambda: seen.append(till.names())
    mark = handed(till, clerk)
    assert seen == [[f"{mark.file}.tmp"]]
    assert till.names() == [mark.file]
    assert mark.file.startswith("WEB-REFU1-")
    assert mark.file.endswith(".csv")


def test_a_file_that_lies_there_waits_and_is_told_after_its_time(till: _FolderTill) -> None:
    mark = handed(till, Clerk(till))
    with pytest.raises(HandedOverError) as waiting:
        till.writer.look("U1", mark, LATER)
    assert waiting.value.code == "E-INT-009"
    with pytest.raises(UnreadError) as unread:
        till.writer.look("U1", mark, _DAY)
    assert (unread.value.facts["file"], unread.value.facts["hours"]) == (mark.file, "4")


def test_what_was_never_handed_over_is_made_anew(till: _FolderTill) -> None:
    mark = handed(till, Clerk(till))
    (till.folder / mark.file).rename(till.folder / f"{mark.file}.tmp")
    assert till.writer.look("U1", mark, _DAY) is None


def test_a_file_that_is_gone_without_a_trace_is_a_doubt(till: _FolderTill) -> None:
    mark = handed(till, Clerk(till))
    (till.folder / mark.file).unlink()
    with pytest.raises(InDoubtError) as doubt:
        till.writer.look("U1", mark, LATER)
    assert doubt.value.facts["file"] == mark.file


def test_a_sign_that_comes_late_ends_the_doubt(till: _FolderTill) -> None:
    mark = handed(till, Clerk(till))
    (till.folder / mark.file).unlink()
    (till.folder / f"{mark.file}.ok").write_text("CDE 12\r\nmerci", encoding="ascii")
    found = till.writer.look("U1", mark, LATER)
    assert found is not None
    assert (found.key, found.evidence) == ("CDE 12", "ok")


def test_a_sign_is_believed_while_the_file_still_lies_there(till: _FolderTill) -> None:
    mark = handed(till, Clerk(till))
    (till.folder / f"{Path(mark.file).stem}.ok").touch()
    found = till.writer.look("U1", mark, LATER)
    assert found is not None
    assert found.key == mark.file


def test_the_till_s_own_words_of_a_refusal(till: _FolderTill) -> None:
    mark = handed(till, Clerk(till))
    (till.folder / f"{mark.file}.err").write_bytes("client bloqué".encode("cp1252"))
    with pytest.raises(TillRefusedError) as refused:
        till.writer.look("U1", mark, LATER)
    assert refused.value.facts["words"].startswith("client bloqu")


def test_another_order_s_trace_proves_nothing(till: _FolderTill) -> None:
    first, second = handed(till, Clerk(till)), handed(till, Clerk(till), "U11")
    till.folder.joinpath("TRAITE").mkdir()
    (till.folder / second.file).rename(till.folder / "TRAITE" / second.file)
    (till.folder / first.file).unlink()
    with pytest.raises(InDoubtError):
        till.writer.look("U1", first, LATER)
    assert till.writer.look("U11", second, LATER) is not None


def test_a_file_that_a_forgotten_run_handed_over_is_not_made_twice(till: _FolderTill) -> None:
    handed(till, Clerk(till))
    forgetful = Clerk(till)
    mark = handed(till, forgetful)
    assert till.names() == [mark.file]
    till.work()
    stranger = Clerk(till)
    handed(till, stranger)
    assert till.names() == []
    assert stranger.enter(order("U1", line(1, SIMPLE))).evidence == "done"
    assert till.orders() == {"U1": [(SIMPLE, 1)]}


def test_a_second_try_has_another_name(till: _FolderTill) -> None:
    clerk = Clerk(till)
    first = handed(till, clerk)
    clerk.again()
    assert handed(till, clerk).file != first.file
    assert len(till.names()) == 2


def test_a_change_is_a_file_that_says_so_or_waits_for_a_person(tmp_path: Path) -> None:
    over = OrderState(id=6, role="cancelled", name="Annulé")
    till = _FolderTill(tmp_path / "a")
    with pytest.raises(HandedOverError):
        till.writer.change_order(order("U1", line(1, SIMPLE), state=over), "1", Clerk(till)._note())
    [path] = till.there.files()
    assert b"E;U1;order_cancelled;" in path.read_bytes()
    silent = _FolderTill(tmp_path / "b", told=RULES.replace("changes: true", "changes: false"))
    with pytest.raises(NotWritableError):
        silent.writer.change_order(order("U1", line(1, SIMPLE), state=over), "1")
    assert silent.names() == []


def test_a_fixed_name_waits_until_the_till_has_taken_the_last_file(tmp_path: Path) -> None:
    till = _FolderTill(tmp_path / "import", told=_FIXED)
    first, second, third = Clerk(till), Clerk(till), Clerk(till)
    for clerk, uid in ((first, "U1"), (second, "U2")):
        with pytest.raises(CollectedError):
            clerk.begin(order(uid, line(1, SIMPLE)))
    assert till.names() == []
    till.writer.finish()
    assert till.names() == ["WEB.CSV"]
    with pytest.raises(CollectedError):
        third.begin(order("U3", line(1, VARIANT)))
    till.writer.finish()
    assert third.noted is None  # the till has not taken the last one
    till.work()
    assert sorted(till.there.entries) == ["U1", "U2"]
    for clerk, uid in ((first, "U1"), (second, "U2")):
        assert clerk.enter(order(uid, line(1, SIMPLE))).evidence == "done"
    with pytest.raises(CollectedError):
        third.begin(order("U3", line(1, VARIANT)))
    till.writer.finish()
    assert third.noted is not None
    assert third.noted.file == "WEB.CSV"


def test_under_a_fixed_name_yesterday_s_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    till = _FolderTill(tmp_path / "import", told=_FIXED)
    first, second = Clerk(till), Clerk(till)
    mark = handed(till, first)
    (till.folder / "WEB.CSV").unlink()  # by hand
    handed(till, second, "U2")
    with pytest.raises(InDoubtError):
        till.writer.look("U1", mark, LATER)  # today's is not the one
    till.work()
    assert second.noted is not None
    assert till.writer.look("U2", second.noted, LATER) is not None
    with pytest.raises(InDoubtError):
        till.writer.look("U1", mark, LATER)


def test_a_folder_cannot_be_asked_and_takes_no_customers(till: _FolderTill) -> None:
    with pytest.raises(NotWritableError):
        till.writer.holds_order("U1")
    with pytest.raises(NotWritableError):
        till.writer.enter_customer(customer())


def test_what_another_mode_began_is_a_doubt(till: _FolderTill) -> None:
    with pytest.raises(InDoubtError):
        till.writer.look("U1", Mark("order", "0" * 64), LATER)


def test_a_folder_that_is_full_took_nothing(till: _FolderTill) -> None:
    till.folder.joinpath("WEB-REFU1").touch()
    if os.geteuid() == 0:
        till.go_away()  # root writes everywhere
        till.folder.touch()
    else:
        till.folder.chmod(0o500)
    clerk = Clerk(till)
    with pytest.raises(TillNotWritableError):
        clerk.begin(order("U1", line(1, SIMPLE)))
    assert clerk.noted is None
