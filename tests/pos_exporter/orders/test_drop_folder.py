"""A drop folder that nobody reads for a day, then with and without a trace, or emptied by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_exporter.intake.folder import FolderTillWriter
from pos_exporter.orders_answers import WordRefusedError, orders_told
from protocol.errors import RetryableError
from protocol.records import OrderState, content_hash
from tests.equipment.folder_till import RULES, FolderTill, Trace
from tests.pos_exporter.intake.orders import line, order
from tests.pos_exporter.mapping.samples import mapping_of
from tests.pos_exporter.orders.desk import START, Desk

KEY = "a:1002"
OVER = OrderState(id=6, role="cancelled", name="Annulé")


class Counter:
    """A desk, a folder and the till that reads it when it is told to."""

    def __init__(self, home: Path, trace: Trace, told: str = RULES) -> None:
        self.folder = home / "import"
        self.folder.mkdir()
        self.till = FolderTill(self.folder, {KEY}, trace)
        self.desk = Desk(home, self._writer(told))

    def _writer(self, told: str) -> FolderTillWriter:
        rules = mapping_of(told).write_back
        assert rules is not None
        return FolderTillWriter(self.folder, rules, till_timezone="Europe/Paris")

    def told(self, uid: str = "U1") -> tuple[str, str]:
        return self.desk.row(uid).state, self.desk.code(uid)


def opened(home: Path, trace: Trace) -> Iterator[Counter]:
    made = Counter(home, trace)
    made.desk.receive(order("U1", line(1, KEY, 2)))
    made.desk.run()
    yield made
    made.desk.close()


@pytest.fixture
def tidy(tmp_path: Path) -> Iterator[Counter]:
    yield from opened(tmp_path, "done")


@pytest.fixture
def traceless(tmp_path: Path) -> Iterator[Counter]:
    yield from opened(tmp_path, "none")


def test_unread_for_a_day_is_told_and_nothing_is_done_twice(tidy: Counter) -> None:
    [file] = tidy.till.files()
    assert tidy.told() == ("waiting", "E-INT-009")
    for hours in (1, 2):
        assert tidy.desk.run(hours=hours).waiting == 1
        assert tidy.told() == ("waiting", "E-INT-009")
    for hours in (3, 6, 12):
        tidy.desk.run(hours=hours)
        assert tidy.told() == ("waiting", "E-INT-010")
    assert tidy.till.files() == [file]
    # Then it is read, and leaves a trace.
    tidy.till.work()
    assert tidy.desk.run().imported == 1
    row = tidy.desk.row("U1")
    assert (row.state, row.evidence, row.till_key) == ("imported", "done", file.name)
    assert tidy.desk.fate("U1").state == "imported"
    for _ in range(3):
        tidy.desk.run(hours=5)
        tidy.till.work()
    assert tidy.till.entries == ["U1"]


def test_read_without_a_trace_is_a_doubt_that_a_person_ends(traceless: Counter) -> None:
    traceless.desk.run(hours=24)
    traceless.till.work()
    done = traceless.desk.run()
    assert (done.doubts, traceless.told()) == (1, ("doubt", "E-INT-012"))
    assert traceless.desk.row("U1").doubt == "2026-11-25T08:45:00Z"
    assert traceless.desk.fate("U1").state == "waiting"
    traceless.desk.run(hours=5)
    assert traceless.till.files() == []  # not handed over again by itself
    traceless.desk.answer("REFU1", "taken")
    traceless.desk.run()
    assert (traceless.told(), traceless.desk.fate("U1").state) == (("imported", ""), "imported")
    assert (traceless.desk.row("U1").evidence, traceless.till.entries) == ("person", ["U1"])


def test_a_till_that_counts_web_orders_ends_the_doubt_by_itself(traceless: Counter) -> None:
    traceless.till.work()
    done = traceless.desk.run(counted={"U1": {KEY: 2}})
    assert (done.imported, done.doubts) == (1, 0)
    assert traceless.told() == ("imported", "")
    assert traceless.desk.row("U1").evidence == "counted"


@pytest.mark.parametrize("trace", ["done", "none"])
def test_deleted_by_hand_is_the_same_doubt_and_resent_once(tmp_path: Path, trace: Trace) -> None:
    counter = Counter(tmp_path, trace)
    counter.desk.receive(order("U1", line(1, KEY, 2)))
    counter.desk.run()
    [file] = counter.till.files()
    file.unlink()
    counter.desk.run()
    assert counter.told() == ("doubt", "E-INT-012")
    counter.desk.answer("U1", "resend")
    counter.desk.run()
    [other] = counter.till.files()
    assert other.name != file.name
    counter.till.work()
    counter.desk.run()
    if trace == "none":
        counter.desk.answer("U1", "taken")
    counter.desk.run()
    assert (counter.told(), counter.till.entries) == (("imported", ""), ["U1"])
    counter.desk.close()


def test_what_lies_in_the_folder_takes_no_answer(tidy: Counter) -> None:
    for word in ("taken", "resend", "ignore"):
        with pytest.raises(WordRefusedError):
            tidy.desk.answer("U1", word)
    with tidy.desk.engine.connect() as connection:
        [told] = orders_told(connection)
    assert (told.file, told.answers) == (tidy.till.files()[0].name, ())


def test_a_cancellation_while_the_file_is_unread_waits_and_then_follows(tidy: Counter) -> None:
    first = order("U1", line(1, KEY, 2))
    over = order("U1", line(1, KEY, 2), state=OVER)
    tidy.desk.receive(over)
    tidy.desk.run()
    assert tidy.told() == ("waiting", "E-INT-009")
    # The till may be reading the first: the second has no answer, so that its units stay kept.
    assert tidy.desk.fate("U1").of_hash == content_hash(first)
    tidy.till.work()
    tidy.desk.run()  # the first has entered; the cancellation is handed over
    tidy.till.work()
    assert (tidy.till.entries, tidy.till.cancelled) == (["U1"], {"U1"})
    tidy.desk.run()
    assert tidy.told() == ("imported", "")
    assert tidy.desk.fate("U1").of_hash == content_hash(over)


def test_a_refusal_of_the_till_waits_for_a_person_or_a_new_revision(tidy: Counter) -> None:
    tidy.desk.receive(order("U2", line(1, "a:9")))
    tidy.desk.run()
    tidy.till.work()
    tidy.desk.run(hours=1)
    tidy.desk.run(hours=1)
    assert tidy.told("U2") == ("refused", "E-INT-014")
    assert tidy.desk.fate("U2").state == "refused"
    tidy.till.sellable.add("a:9")
    tidy.desk.answer("U2", "resend")
    tidy.desk.run()
    tidy.till.work()
    tidy.desk.run()
    assert (tidy.told("U2"), tidy.till.entries) == (("imported", ""), ["U1", "U2"])


def test_a_new_revision_of_what_the_till_refused_is_handed_over(tidy: Counter) -> None:
    tidy.desk.receive(order("U2", line(1, "a:9")))
    tidy.desk.run()
    tidy.till.work()
    tidy.desk.run()
    tidy.desk.receive(order("U2", line(1, KEY)))
    tidy.desk.run()
    tidy.till.work()
    tidy.desk.run()
    assert (tidy.told("U2"), tidy.till.orders["U2"]) == (("imported", ""), [(KEY, 1)])


def test_a_network_drive_that_is_away_changes_nothing(tidy: Counter) -> None:
    tidy.folder.rename(tidy.folder.with_name("away"))
    with pytest.raises(RetryableError):
        tidy.desk.run(hours=30)
    assert tidy.told() == ("waiting", "E-INT-009")
    tidy.folder.with_name("away").rename(tidy.folder)
    tidy.till.work()
    tidy.desk.run()
    assert tidy.told() == ("imported", "")


def test_all_orders_of_a_run_in_one_file(tmp_path: Path) -> None:
    told = RULES.replace("    changes: true\n", "    changes: true\n    per: run\n")
    counter = Counter(tmp_path, "done", told)
    counter.desk.receive(*(order(f"U{n}", line(1, KEY), shop_id=n) for n in (1, 2, 3)))
    counter.desk.run()
    assert len(counter.till.files()) == 1
    counter.till.work()
    assert counter.desk.run().imported == 3
    assert counter.till.entries == ["U1", "U2", "U3"]
    counter.desk.close()


def test_after_a_lost_state_what_left_a_trace_is_known_and_the_rest_is_asked(
    tmp_path: Path, tidy: Counter
) -> None:
    second, third = order("U2", line(1, KEY), shop_id=2), order("U3", line(1, KEY), shop_id=3)
    tidy.desk.receive(second)
    tidy.desk.run()
    for file in tidy.till.files():
        if "REFU2" in file.name:
            tidy.till.orders["U2"] = []
            file.unlink()  # the till took it, and left no trace
    tidy.till.work()
    (tmp_path / "new").mkdir()
    forgetful = Desk(tmp_path / "new", tidy.desk.writer, unsure=START)
    forgetful.receive(order("U1", line(1, KEY, 2)), second, third)
    done = forgetful.run()
    assert (done.doubts, tidy.till.files()) == (2, [])
    forgetful.unsure = None
    assert forgetful.run().imported == 1
    assert forgetful.states() == [("U1", "imported"), ("U2", "doubt"), ("U3", "doubt")]
    forgetful.answer("U2", "taken")
    forgetful.answer("U3", "resend")
    forgetful.run()
    tidy.till.work()
    forgetful.run()
    assert {told for _, told in forgetful.states()} == {"imported"}
    assert tidy.till.entries == ["U1", "U3"]
    forgetful.close()
