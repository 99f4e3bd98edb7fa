"""Orders on their way into the till: what enters when, what waits why, what the site is told."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pos_exporter.intake.memory import MemoryTillWriter
from pos_exporter.intake.port import (
    UNNOTED,
    Entered,
    IntakeUnknownError,
    Mark,
    Note,
    NotWritableError,
)
from pos_exporter.mapping.write_back import WriteFormats
from protocol.errors import OutcomeUnknownError
from protocol.records import Order, content_hash
from tests.pos_exporter.intake.orders import ADDRESS, line, order
from tests.pos_exporter.orders.desk import Desk, state

KEY = "a:1002"


class _Deaf(MemoryTillWriter):
    """A till that takes no changes, and may lose its answers."""

    def __init__(self) -> None:
        super().__init__()
        self.unknown = 0
        self.tried: list[str] = []

    def enter_order(self, order: Order, note: Note = UNNOTED) -> Entered:
        self.tried.append(order.key)
        note.begin(Mark("order", content_hash(order)))
        entered = super().enter_order(order)
        if self.unknown:
            self.unknown -= 1
            raise IntakeUnknownError(place=order.reference, reason="as the test ordered")
        return entered

    def change_order(self, order: Order, key: str, note: Note = UNNOTED) -> Entered:
        raise NotWritableError(kind="order_changed")


@pytest.fixture
def till() -> MemoryTillWriter:
    return MemoryTillWriter()


@pytest.fixture
def desk(tmp_path: Path, till: MemoryTillWriter) -> Iterator[Desk]:
    made = Desk(tmp_path, till)
    yield made
    made.close()


@pytest.fixture
def deaf(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, _Deaf())
    yield made
    made.close()


def deaf_till(desk: Desk) -> _Deaf:
    assert isinstance(desk.writer, _Deaf)
    return desk.writer


def test_a_paid_order_enters_with_its_evidence(desk: Desk) -> None:
    one = order("U1", line(1, KEY))
    desk.receive(one)
    done = desk.run()
    row, fate = desk.row("U1"), desk.fate("U1")
    assert (done.imported, row.state, row.till_key) == (1, "imported", "1")
    assert (row.evidence, row.entered_at) == ("idempotency", "2026-11-24T08:45:00Z")
    assert (row.attempt, row.doubt) == (None, None)
    assert (fate.state, fate.of_hash) == ("imported", content_hash(one))


def test_an_unpaid_order_enters_once_it_is_paid(desk: Desk, till: MemoryTillWriter) -> None:
    desk.receive(order("U1", line(1, KEY), state=state("awaiting_payment")))
    assert desk.run().waiting == 1
    assert (desk.code("U1"), desk.fate("U1").state, till.orders) == ("E-POS-030", "waiting", {})
    desk.receive(order("U1", line(1, KEY), state=state("paid")))
    assert desk.run().imported == 1
    assert list(till.orders) == ["U1"]


def test_a_vat_rate_without_a_code_waits_and_enters_when_the_mapping_is_mended(
    desk: Desk, till: MemoryTillWriter
) -> None:
    till.formats = WriteFormats.model_validate({"tax_rates": {20: "1"}})
    reduced = line(1, KEY).model_copy(update={"tax_rate": Decimal("5.5")})
    desk.receive(order("U1", reduced), order("U2", line(1, KEY)))
    done = desk.run()
    assert (done.imported, done.refused, desk.code("U1")) == (1, 1, "E-INT-008")
    assert desk.fate("U1").state == "refused"
    till.formats = WriteFormats.model_validate({"tax_rates": {20: "1", "5.5": "2"}})
    assert desk.run().imported == 1
    assert desk.states() == [("U1", "imported"), ("U2", "imported")]


def test_a_till_that_takes_none_has_them_wait_for_a_person(tmp_path: Path) -> None:
    desk = Desk(tmp_path, None)
    desk.receive(order("U1", line(1, KEY)), order("U2", line(1, KEY)))
    done = desk.run()
    assert (done.waiting, done.refused, desk.code("U1")) == (2, 0, "E-POS-032")
    desk.answer("REFU1", "taken")
    desk.run(counted={"U2": {KEY: 1}})
    assert desk.states() == [("U1", "imported"), ("U2", "imported")]
    assert (desk.row("U1").evidence, desk.row("U2").evidence) == ("person", "counted")
    assert desk.fate("U1").state == "imported"
    desk.close()


# --- later revisions -------------------------------------------------------------------------


def test_a_later_revision_reaches_a_till_that_takes_changes(
    desk: Desk, till: MemoryTillWriter
) -> None:
    desk.receive(order("U1", line(1, KEY, 2)))
    desk.run()
    later = order("U1", line(1, KEY, 1))
    desk.receive(later)
    desk.run()
    assert till.orders["U1"] == later
    assert (desk.fate("U1").state, desk.fate("U1").of_hash) == ("imported", content_hash(later))


def test_a_cancellation_and_a_return_to_life_reach_it_too(
    desk: Desk, till: MemoryTillWriter
) -> None:
    for role in ("paid", "cancelled", "paid"):
        desk.receive(order("U1", line(1, KEY), state=state(role)))
        desk.run()
        assert till.orders["U1"].state.role == role
        assert desk.fate("U1").state == "imported"


def test_where_it_takes_none_a_changed_order_waits_for_a_person(deaf: Desk) -> None:
    deaf.receive(order("U1", line(1, KEY, 2)))
    deaf.run()
    deaf.receive(order("U1", line(1, KEY, 1)))
    assert deaf.run().waiting == 1
    assert (deaf.code("U1"), deaf.fate("U1").state) == ("E-POS-031", "waiting")
    deaf.run(counted={"U1": {KEY: 2}})
    assert deaf.row("U1").state == "waiting"
    deaf.run(counted={"U1": {KEY: 1}})
    assert (deaf.row("U1").state, deaf.fate("U1").state) == ("imported", "imported")


def test_a_change_taken_back_waits_until_the_till_shows_it_too(deaf: Desk) -> None:
    deaf.receive(order("U1", line(1, KEY, 1)))
    deaf.run()
    deaf.receive(order("U1", line(1, KEY, 2)))
    deaf.run(counted={"U1": {KEY: 1}})
    deaf.receive(order("U1", line(1, KEY, 1)))
    # Somebody followed the first change meanwhile.
    deaf.run(counted={"U1": {KEY: 2}})
    assert (deaf.row("U1").state, deaf.code("U1")) == ("waiting", "E-POS-031")
    deaf.run(counted={"U1": {KEY: 1}})
    assert (deaf.row("U1").state, deaf.fate("U1").state) == ("imported", "imported")


def test_an_order_that_comes_back_to_life_after_the_till_ended_it_waits(deaf: Desk) -> None:
    deaf.receive(order("U1", line(1, KEY)))
    deaf.run()
    deaf.receive(order("U1", line(1, KEY), state=state("cancelled")))
    deaf.run(counted={})
    assert deaf.row("U1").state == "imported"
    deaf.receive(order("U1", line(1, KEY), state=state("paid")))
    deaf.run(counted={})
    assert (deaf.row("U1").state, deaf.code("U1")) == ("waiting", "E-POS-031")


def test_a_new_address_waits_until_a_person_has_seen_it(deaf: Desk) -> None:
    deaf.receive(order("U1", line(1, KEY)))
    deaf.run()
    moved = ADDRESS.model_copy(update={"city": "Valence"})
    deaf.receive(order("U1", line(1, KEY), delivery=moved))
    deaf.run(counted={"U1": {KEY: 1}})
    assert (deaf.row("U1").state, deaf.code("U1")) == ("waiting", "E-POS-050")
    deaf.answer("U1", "taken")
    deaf.run()
    assert (deaf.row("U1").state, deaf.fate("U1").state) == ("imported", "imported")
    deaf.receive(order("U1", line(1, KEY), delivery=moved, note="Merci"))
    assert deaf.run().waiting == 0
    assert deaf.row("U1").state == "imported"


# --- unknown outcomes ------------------------------------------------------------------------


def test_an_unknown_outcome_is_looked_at_and_never_repeated(deaf: Desk) -> None:
    till = deaf_till(deaf)
    till.unknown = 1
    deaf.receive(order("U1", line(1, KEY)))
    assert deaf.run().waiting == 1
    assert (deaf.code("U1"), deaf.row("U1").attempt is None) == ("E-INT-007", False)
    done = deaf.run()
    assert (done.imported, till.tried) == (1, ["U1"])
    assert deaf.row("U1").state == "imported"


def test_a_revision_that_comes_meanwhile_is_not_taken_for_the_one_that_entered(
    deaf: Desk,
) -> None:
    deaf_till(deaf).unknown = 1
    first, later = order("U1", line(1, KEY, 2)), order("U1", line(1, KEY, 1))
    deaf.receive(first)
    deaf.run()
    deaf.receive(later)
    deaf.run()
    assert (deaf.row("U1").state, deaf.code("U1")) == ("waiting", "E-POS-031")
    assert deaf.row("U1").entered_revision == content_hash(first)


def test_one_order_that_never_gets_an_answer_holds_up_no_other(deaf: Desk) -> None:
    till = deaf_till(deaf)
    deaf.receive(*(order(f"U{n}", line(1, KEY), shop_id=n) for n in range(1, 6)))
    till.unknown = 3
    with pytest.raises(OutcomeUnknownError):
        deaf.run()
    assert till.tried == ["U1", "U2", "U3"]
    deaf.run()
    assert till.tried == ["U1", "U2", "U3", "U4", "U5"]
    assert {told for _, told in deaf.states()} == {"imported"}


# --- a person's word -------------------------------------------------------------------------


def test_an_order_that_is_left_out_stays_out_with_its_revisions(
    desk: Desk, till: MemoryTillWriter
) -> None:
    desk.receive(order("U1", line(1, "a:1"), state=state("awaiting_payment")))
    desk.run()
    desk.answer("U1", "ignore")
    desk.run()
    assert (desk.row("U1").state, desk.fate("U1").state) == ("ignored", "ignored")
    later = order("U1", line(1, "a:1"))
    desk.receive(later)
    desk.run()
    assert (desk.row("U1").state, desk.fate("U1").of_hash) == ("ignored", content_hash(later))
    assert till.orders == {}
    desk.answer("U1", "resend")
    desk.run()
    assert (desk.row("U1").state, list(till.orders)) == ("imported", ["U1"])


def test_an_order_that_is_over_before_it_entered_is_closed(
    desk: Desk, till: MemoryTillWriter
) -> None:
    desk.receive(order("U1", line(1, KEY), state=state("cancelled")))
    desk.run()
    assert (desk.row("U1").state, desk.fate("U1").state, till.orders) == ("closed", "ignored", {})
