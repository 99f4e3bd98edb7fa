"""Faults found in the orders' way into the till; each was seen to fail before its mend."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from pos_exporter.intake.folder import FolderTillWriter
from pos_exporter.intake.memory import MemoryTillWriter
from pos_exporter.intake.port import (
    UNNOTED,
    Entered,
    InDoubtError,
    IntakeUnknownError,
    Mark,
    Note,
    TillNotWritableError,
)
from pos_exporter.orders_answers import Word, WordRefusedError, answers_to
from pos_exporter.orders_ledger import placed_before
from pos_exporter.orders_lost import wipe_old
from pos_exporter.state import STATE
from protocol.errors import ComptoirError
from protocol.records import Customer, Order, content_hash, record_line
from tests.equipment.folder_till import RULES, FolderTill
from tests.pos_exporter.intake.orders import customer, line, order
from tests.pos_exporter.mapping.samples import mapping_of
from tests.pos_exporter.orders.desk import START, Desk, state
from tests.protocol.sides import paired_keys

KEY = "a:1002"


class _Till(MemoryTillWriter):
    """A till that tells what it is asked to do, and fails as the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[Order], None] = lambda order: None
        self.entries: list[str] = []
        self.customer_error: ComptoirError | None = None
        self.change_error: ComptoirError | None = None
        self.answers = True

    def enter_order(self, order: Order, note: Note = UNNOTED) -> Entered:
        self.before(order)
        note.begin(Mark("order", content_hash(order)))
        self.entries.append(order.key)
        entered = super().enter_order(order, note)
        if not self.answers:
            raise IntakeUnknownError(place=order.reference, reason="as the test ordered")
        return entered

    def look(self, order_uid: str, mark: Mark, age: timedelta) -> Entered | None:
        raise InDoubtError(place=order_uid, file="?")

    def change_order(self, order: Order, key: str, note: Note = UNNOTED) -> Entered:
        if self.change_error is not None:
            raise self.change_error
        if order.key not in self.orders:
            return Entered(key, already=False)  # as an UPDATE that finds no row
        return super().change_order(order, key, note)

    def enter_customer(self, customer: Customer) -> Entered:
        if self.customer_error is not None and customer.shop_id == 7:
            raise self.customer_error
        return super().enter_customer(customer)


@pytest.fixture
def till() -> _Till:
    return _Till()


@pytest.fixture
def desk(tmp_path: Path, till: _Till) -> Iterator[Desk]:
    made = Desk(tmp_path, till)
    yield made
    made.close()


@pytest.fixture
def doubted(desk: Desk, till: _Till) -> Desk:
    """A desk whose till has U1, and has not said so; a later revision has come since."""
    till.answers = False
    desk.receive(order("U1", line(1, KEY, 2)))
    desk.run()
    till.answers = True
    desk.receive(order("U1", line(1, KEY, 3)))
    desk.run()
    assert (desk.row("U1").state, till.entries) == ("doubt", ["U1"])
    return desk


# --- one customer, one answer -------------------------------------------------------------------


def add_customers(desk: Desk, *shop_ids: int) -> None:
    keys, _ = paired_keys()
    with desk.engine.begin() as connection:
        for shop_id in shop_ids:
            body = keys.public.seal(record_line(customer(shop_id)))
            row = {"key": f"shop-{shop_id}", "hash": "0" * 64, "body": body, "state": "new"}
            connection.execute(insert(STATE.web_customer).values(row))


@pytest.mark.parametrize(
    "error", [IntakeUnknownError(place="c", reason="500"), TillNotWritableError(reason="429")]
)
def test_a_customer_that_gets_no_answer_holds_up_no_order_and_no_other_customer(
    desk: Desk, till: _Till, error: ComptoirError
) -> None:
    add_customers(desk, 7, 8)
    desk.receive(order("U1", line(1, KEY)))
    till.customer_error = error
    with pytest.raises(type(error)):  # it is told all the same
        desk.run()
    assert (desk.row("U1").state, list(till.customers)) == ("imported", ["shop-8"])
    till.customer_error = None
    desk.run()
    assert set(till.customers) == {"shop-7", "shop-8"}


def test_a_customer_in_doubt_is_not_made_again_until_they_change(desk: Desk, till: _Till) -> None:
    add_customers(desk, 7)
    till.customer_error = InDoubtError(place="c", file="?")
    assert [desk.run().refused for _ in range(3)] == [1, 0, 0]
    till.customer_error = None
    desk.run()
    assert till.customers == {}


@pytest.mark.parametrize(
    "error", [IntakeUnknownError(place="U1", reason="500"), TillNotWritableError(reason="off")]
)
def test_a_change_that_gets_no_answer_while_figures_are_followed_stops_no_reading(
    doubted: Desk, till: _Till, error: ComptoirError
) -> None:
    till.change_error = error
    done = doubted.run(counted={"U1": {KEY: 2}})
    assert (done.imported, done.doubts, done.waiting) == (1, 0, 1)
    assert (doubted.row("U1").evidence, doubted.row("U1").state) == ("counted", "waiting")
    till.change_error = None
    doubted.run()
    assert (doubted.row("U1").state, till.orders["U1"].lines[0].quantity) == ("imported", 3)


# --- a person's click ---------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["ignore", "taken"])
def test_a_word_said_while_a_run_is_under_way_counts_for_that_run(
    desk: Desk, till: _Till, word: Word
) -> None:
    desk.receive(*(order(f"U{n}", line(1, KEY), shop_id=n) for n in (1, 2)))
    till.before = lambda order: desk.answer("U2", word) if order.key == "U1" else None
    desk.run()
    desk.run()
    assert till.entries == ["U1"]  # a person has entered U2 by hand, or wants it out
    assert desk.row("U2").state == {"ignore": "ignored", "taken": "imported"}[word]


def test_taken_means_what_was_handed_over_and_a_later_revision_still_reaches_the_till(
    doubted: Desk, till: _Till
) -> None:
    doubted.answer("U1", "taken")
    doubted.run()
    assert till.orders["U1"].lines[0].quantity == 3
    assert (doubted.row("U1").state, till.entries) == ("imported", ["U1"])


def test_what_was_wiped_cannot_be_sent_again(desk: Desk, till: _Till) -> None:
    desk.receive(*(order(f"U{n}", line(1, KEY), shop_id=n) for n in (1, 2)))
    desk.answer("U1", "ignore")
    desk.run()
    with desk.engine.begin() as connection:
        wipe_old(connection, desk.now + timedelta(days=31))
    assert answers_to(desk.row("U1")) == ()
    with pytest.raises(WordRefusedError):
        desk.answer("U1", "resend")
    assert desk.run().refused == 0
    assert till.entries == ["U2"]


# --- lost, over, and back to life ---------------------------------------------------------------


def test_an_order_lost_then_cancelled_then_paid_after_all_enters_anew(
    desk: Desk, till: _Till
) -> None:
    desk.receive(order("U1", line(1, KEY)))
    desk.run()
    del till.orders["U1"]
    assert desk.ask(hours=1) == 1
    desk.receive(order("U1", line(1, KEY), state=state("cancelled")))
    desk.run()
    assert desk.row("U1").state == "closed"
    desk.receive(order("U1", line(1, KEY)))
    desk.run()
    assert (list(till.orders), till.entries) == (["U1"], ["U1", "U1"])
    assert desk.row("U1").state == "imported"


# --- one file for all that waits ----------------------------------------------------------------


class _KilledError(Exception):
    """The power is cut."""


def test_the_unfinished_file_of_others_proves_nothing_of_an_order_in_doubt(tmp_path: Path) -> None:
    folder = tmp_path / "import"
    folder.mkdir()
    told = RULES.replace("    ok_suffix: .ok\n    error_suffix: .err\n", "    name: CDE.CSV\n")
    rules = mapping_of(told).write_back
    assert rules is not None
    till = FolderTill(folder, {KEY}, "none")
    desk = Desk(tmp_path, FolderTillWriter(folder, rules, till_timezone="Europe/Paris"))
    desk.receive(order("U1", line(1, KEY)))
    desk.run()
    till.work()  # it takes the file, and leaves no trace
    desk.run()
    assert desk.row("U1").state == "doubt"
    desk.receive(order("U2", line(1, KEY), shop_id=2))

    def cut(word: str) -> None:
        if (folder / "CDE.CSV.tmp").exists():
            raise _KilledError

    desk.listener = cut
    with pytest.raises(_KilledError):
        desk.run()
    desk.listener = lambda word: None
    desk.run()
    till.work()
    assert desk.row("U1").state == "doubt"
    assert till.entries == ["U1", "U2"]
    desk.close()


# --- after the loss of our state ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("placed_at", "zone", "before"),
    [
        ("2026-11-24 09:30:00", "Europe/Paris", True),  # 8:30 UTC
        ("2026-11-24 10:30:00", "Europe/Paris", False),
        ("2026-11-24 09:30:00", "America/Martinique", False),
        ("2026-11-24 10:30:00", "Pays/Inconnu", True),
        ("0000-00-00 00:00:00", "Europe/Paris", True),
    ],
)
def test_only_what_may_be_older_than_the_loss_can_be_in_the_till_already(
    placed_at: str, zone: str, before: bool
) -> None:
    one = order("U1", line(1, KEY), placed_at=placed_at, timezone=zone)
    assert placed_before(one, START) is before
