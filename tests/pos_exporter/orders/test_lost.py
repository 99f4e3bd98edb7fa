"""The till asked what it still has: what is lost waits for a click, and enters once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from pos_exporter.intake.memory import MemoryTillWriter
from pos_exporter.intake.port import NotWritableError, TillNotWritableError
from pos_exporter.lost import lost_orders, lost_problem
from pos_exporter.orders_answers import answers_to
from pos_exporter.orders_lost import enter_lost, wipe_old
from pos_exporter.state import LINK, STATE
from protocol.records import OrderState, Role, Settlement, parse_record
from tests.pos_exporter.intake.orders import line, order
from tests.pos_exporter.orders.desk import START, Desk

KEY = "a:1002"


class _Till(MemoryTillWriter):
    """A till that counts how often it was asked for an order."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def holds_order(self, order_uid: str) -> bool:
        self.asked.append(order_uid)
        return super().holds_order(order_uid)


@pytest.fixture
def till() -> _Till:
    return _Till()


@pytest.fixture
def desk(tmp_path: Path, till: _Till) -> Iterator[Desk]:
    made = Desk(tmp_path, till)
    for number, uid in enumerate("ABC", 1):
        made.receive(order(uid, line(1, KEY), shop_id=number))
        made.run(hours=1)
    assert made.ask() == 0
    till.asked.clear()
    yield made
    made.close()


def state(role: Role) -> OrderState:
    return OrderState(id=6, role=role, name=role)


def lost(desk: Desk) -> list[str]:
    with desk.engine.connect() as connection:
        return [one.uid for one in lost_orders(connection)]


def click(desk: Desk) -> int:
    with desk.engine.begin() as connection:
        return enter_lost(connection)


def settle(desk: Desk, uid: str) -> None:
    with desk.engine.begin() as connection:
        row = {"uid": uid, "units": f'{{"{KEY}": 1}}', "said": True}
        connection.execute(insert(STATE.settlement).values(row))


def voided(desk: Desk) -> set[str]:
    queue = LINK.queue
    with desk.engine.connect() as connection:
        rows = connection.execute(select(queue).where(queue.c.kind == "settlement")).all()
    records = [parse_record(row.body, place=row.key) for row in rows]
    return {one.key for one in records if isinstance(one, Settlement) and one.void}


def test_between_two_days_only_the_newest_is_asked_for(desk: Desk, till: _Till) -> None:
    assert desk.ask(hours=1) == 0
    assert till.asked == ["C"]
    till.asked.clear()
    assert desk.ask(hours=23) == 0
    assert till.asked == ["C", "B", "A"]
    till.asked.clear()
    assert desk.ask(every=True) == 0
    assert till.asked == ["C", "B", "A"]


def test_a_till_restored_from_yesterday_is_seen_at_the_next_run(desk: Desk, till: _Till) -> None:
    for uid in "BC":
        settle(desk, uid)
        del till.orders[uid]
    assert desk.ask(hours=1) == 2
    assert lost(desk) == ["B", "C"]
    assert voided(desk) == {"B", "C"}
    desk.run()
    for uid in "BC":
        assert (desk.code(uid), desk.fate(uid).state) == ("E-POS-055", "waiting")
    assert desk.row("A").state == "imported"
    assert list(till.orders) == ["A"]  # nothing enters unasked
    with desk.engine.connect() as connection:
        problem = lost_problem(lost_orders(connection))
    assert problem is not None
    assert (problem.code, problem.facts["count"]) == ("E-POS-056", "2")


def test_one_click_puts_each_in_once(desk: Desk, till: _Till) -> None:
    del till.orders["B"], till.orders["C"]
    desk.ask(hours=1)
    desk.run()
    assert click(desk) == 2
    done = desk.run()
    assert (done.imported, list(till.orders)) == (2, ["A", "B", "C"])
    assert [desk.fate(uid).state for uid in "ABC"] == ["imported"] * 3
    assert lost(desk) == []
    assert click(desk) == 0
    assert desk.ask(hours=1) == 0
    again = desk.run()
    assert (again.imported, again.already) == (0, 0)


def test_a_change_that_the_till_lost_with_them_is_brought_again(desk: Desk, till: _Till) -> None:
    kept = dict(till.orders)
    desk.receive(order("B", line(1, KEY), shop_id=2, state=state("cancelled")))
    desk.run(hours=1)
    desk.receive(order("D", line(1, KEY), shop_id=4))
    desk.run(hours=1)
    desk.receive(order("A", line(1, KEY, 3), shop_id=1))
    desk.run(hours=1)
    assert till.orders["A"].lines[0].quantity == 3
    till.orders = kept | {"B": till.orders["B"]}  # restored from between the two
    desk.ask()
    desk.run()
    assert (lost(desk), till.orders["A"].lines[0].quantity) == (["D"], 1)
    assert click(desk) == 1
    desk.run()
    assert till.orders["A"].lines[0].quantity == 3
    assert sorted(till.orders) == ["A", "B", "C", "D"]
    assert desk.fate("A").state == "imported"


def test_what_the_till_has_again_needs_no_click(desk: Desk, till: _Till) -> None:
    kept = till.orders.pop("C")
    assert desk.ask(hours=1) == 1
    desk.run()
    till.orders["C"] = kept  # the restored base was not the right one
    assert desk.ask(hours=1) == 0
    done = desk.run()
    assert (lost(desk), done.imported, desk.row("C").state) == ([], 0, "imported")
    assert desk.fate("C").state == "imported"


def test_an_order_that_is_over_is_closed_and_not_asked_back(desk: Desk, till: _Till) -> None:
    desk.receive(order("C", line(1, KEY), shop_id=3, state=state("cancelled")))
    desk.run()
    del till.orders["C"]
    assert desk.ask(hours=1) == 1
    desk.run()
    assert (lost(desk), desk.row("C").state, desk.fate("C").state) == ([], "closed", "ignored")


def test_one_that_is_cancelled_while_it_is_lost_is_closed(desk: Desk, till: _Till) -> None:
    del till.orders["C"]
    desk.ask(hours=1)
    desk.run()
    desk.receive(order("C", line(1, KEY), shop_id=3, state=state("cancelled")))
    desk.run()
    assert (lost(desk), desk.row("C").state) == ([], "closed")


def test_one_deleted_on_purpose_is_left_out_for_good(desk: Desk, till: _Till) -> None:
    del till.orders["C"]
    desk.ask(hours=1)
    desk.run()
    assert answers_to(desk.row("C")) == ("taken", "resend", "ignore")
    desk.answer("C", "ignore")
    desk.run()
    assert (lost(desk), desk.row("C").state, desk.fate("C").state) == ([], "ignored", "ignored")
    desk.receive(order("C", line(1, KEY, 2), shop_id=3))
    desk.run()
    assert (desk.row("C").state, list(till.orders)) == ("ignored", ["A", "B"])


def test_one_entered_by_hand_meanwhile_is_never_asked_for_again(desk: Desk, till: _Till) -> None:
    del till.orders["C"]
    desk.ask(hours=1)
    desk.run()
    desk.answer("C", "taken")
    desk.run()
    assert (lost(desk), desk.row("C").state) == ([], "imported")
    assert desk.ask(every=True) == 0


def test_a_till_that_does_not_answer_loses_nothing(desk: Desk, till: _Till) -> None:
    till.orders.clear()
    till.reachable = False
    with pytest.raises(TillNotWritableError):
        desk.ask(hours=30)
    assert lost(desk) == []
    till.reachable = True
    assert desk.ask() == 3


def test_a_till_that_cannot_be_asked_is_left_alone(desk: Desk, till: _Till) -> None:
    class _Folder(MemoryTillWriter):
        def holds_order(self, order_uid: str) -> bool:
            raise NotWritableError(kind="idempotency")

    desk.writer = _Folder()
    assert desk.ask(hours=48) == 0
    assert lost(desk) == []


def bodies(desk: Desk) -> dict[str, bool]:
    table = STATE.web_order
    with desk.engine.connect() as connection:
        return {row.uid: bool(row.body) for row in connection.execute(select(table))}


def test_after_30_days_an_order_is_wiped_and_its_ledger_stays(desk: Desk, till: _Till) -> None:
    for day, kept in ((29, True), (31, False)):
        with desk.engine.begin() as connection:
            wipe_old(connection, START + timedelta(days=day))
        assert bodies(desk) == dict.fromkeys("ABC", kept)
    row = desk.row("A")
    assert (row.state, row.till_key, row.evidence) == ("imported", "1", "idempotency")

    # The site offers it again: it is answered, and does not enter twice.
    desk.receive(order("A", line(1, KEY), shop_id=1))
    done = desk.run(hours=31 * 24)
    assert (done.imported, desk.fate("A").state) == (0, "imported")
    till.orders.clear()
    assert desk.ask(every=True) == 0  # it could not be given back

    # A later revision is compared with what entered, and lives its own 30 days.
    desk.receive(order("A", line(1, KEY, 2), shop_id=1))
    assert bodies(desk) == {"A": True, "B": False, "C": False}


def test_what_waits_is_never_wiped(desk: Desk, till: _Till) -> None:
    desk.receive(order("D", line(1, KEY), shop_id=4, state=state("awaiting_payment")))
    desk.run()
    with desk.engine.begin() as connection:
        wipe_old(connection, START + timedelta(days=90))
    assert bodies(desk)["D"] is True


def test_customers_are_wiped_too_and_enter_again_with_lost_orders(desk: Desk, till: _Till) -> None:
    table = STATE.web_customer
    sealed = desk.row("A").body
    with desk.engine.begin() as connection:
        for key, days in (("old", 40), ("new", 1)):
            at = (START - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            row = {"key": key, "hash": "0" * 64, "body": sealed, "state": "entered"}
            connection.execute(insert(table).values(**row, entered_at=at))
        wipe_old(connection, START)
    del till.orders["C"]
    desk.ask(hours=1)
    click(desk)
    with desk.engine.connect() as connection:
        found = {row.key: (row.state, bool(row.body)) for row in connection.execute(select(table))}
    assert found == {"old": ("entered", False), "new": ("new", True)}
