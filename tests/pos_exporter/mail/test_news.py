"""Who is told of which order, when, and with what in it; and that no failure loses one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_exporter.intake.memory import MemoryTillWriter
from pos_exporter.mail.letters import Every
from pos_exporter.mail.news import News, NewsChoices, forget_news
from pos_exporter.mail.port import Letter, MailServerAwayError
from pos_exporter.orders_desk import IMPORT_WHEN
from protocol.records import Order, OrderState, Role, StateChange
from tests.pos_exporter.intake.orders import line, order
from tests.pos_exporter.orders.desk import Desk
from tests.protocol.sides import paired_keys


class _Box:
    """A mailer that keeps letters, and is away when told."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.goes_after: int | None = None

    def send(self, letter: Letter) -> None:
        if self.goes_after is not None and len(self.letters) >= self.goes_after:
            raise MailServerAwayError(reason="as the test ordered")
        self.letters.append(letter)

    def check(self) -> None:
        """Nothing to look at."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, MemoryTillWriter())
    yield made
    made.close()


@pytest.fixture
def box() -> _Box:
    return _Box()


def news(desk: Desk, box: _Box, *, every: Every = "order", details: bool = False) -> News:
    keys, _ = paired_keys()
    choices = NewsChoices(every, details, "fr", "Clara")
    wanted_since = desk.now - timedelta(hours=1)
    News(desk.engine, keys, box, choices, IMPORT_WHEN, lambda: wanted_since).begin()
    return News(desk.engine, keys, box, choices, IMPORT_WHEN, lambda: desk.now)


def one(uid: str, role: Role = "paid", **changes: object) -> Order:
    state = OrderState(id=2, role=role, name=role)
    shop_id = ord(uid)
    return order(uid, line(7, "a:7", 2), state=state, shop_id=shop_id, note="Sonner", **changes)


def test_each_new_order_is_told_of_once(desk: Desk, box: _Box) -> None:
    told = news(desk, box)
    desk.receive(one("A"), one("B"))
    desk.run()
    assert told.tell() == 2
    assert [letter.subject for letter in box.letters] == [
        "[Clara] Nouvelle commande REFA, 99,80 €",
        "[Clara] Nouvelle commande REFB, 99,80 €",
    ]
    assert told.tell() == 0
    desk.receive(one("A", "shipped"))
    desk.run()
    assert (told.tell(), len(box.letters)) == (0, 2)


def test_an_order_is_told_of_when_it_is_paid(desk: Desk, box: _Box) -> None:
    told = news(desk, box)
    desk.receive(one("A", "awaiting_payment"), one("B", "cancelled"))
    desk.run()
    assert told.tell() == 0
    desk.receive(one("A"))
    desk.run()
    assert told.tell() == 1


def test_a_till_that_takes_no_orders_has_them_told_too(desk: Desk, box: _Box) -> None:
    desk.writer = None
    told = news(desk, box)
    desk.receive(one("A"))
    desk.run()
    assert told.tell() == 1
    assert "en attente" in box.letters[0].body


@pytest.mark.parametrize("details", [False, True])
def test_a_letter_holds_no_person_unless_asked_to(desk: Desk, box: _Box, details: bool) -> None:
    told = news(desk, box, details=details)
    desk.receive(one("A"))
    desk.run()
    told.tell()
    [letter] = box.letters
    for word in ("zoe@example.com", "Romans", "Zoé", "0475000000", "Sonner", "2 × R-7"):
        assert (word in letter.body) is details, word
        assert word not in letter.subject


def test_orders_that_came_before_are_no_news(desk: Desk, box: _Box) -> None:
    desk.receive(one("A"))
    desk.run()
    told = news(desk, box)
    assert told.tell() == 0
    desk.receive(one("B"))
    desk.run()
    assert told.tell() == 1
    forget_news(desk.engine)  # switched off, and on again a week later
    desk.receive(one("C"))
    desk.run()
    assert news(desk, box).tell() == 0


def test_orders_told_again_to_a_new_pc_are_no_news(desk: Desk, box: _Box) -> None:
    """Our state was lost, and with it who was told: the site says the orders of 30 days again."""
    told = news(desk, box)
    later = StateChange(state=2, at="2026-11-24 09:31:00")
    desk.receive(
        one("A", placed_at="2026-11-23 15:00:00"),
        one("B", "shipped", placed_at="2026-11-02 09:00:00",
            history=(StateChange(state=4, at="2026-11-03 09:00:00"),)),
        one("C", placed_at="2026-11-20 15:00:00", history=(later,)),  # a cheque came today
        one("D", placed_at="2026-11-20 15:00:00", timezone="Pays/Inconnu"),
        one("E"),
    )  # fmt: skip
    desk.run()
    assert told.tell() == 3
    assert [letter.subject[26:30] for letter in box.letters] == ["REFC", "REFD", "REFE"]
    assert told.tell() == 0


def test_what_did_not_leave_is_tried_again_and_nothing_twice(desk: Desk, box: _Box) -> None:
    told = news(desk, box)
    desk.receive(one("A"), one("B"), one("C"))
    desk.run()
    box.goes_after = 1
    with pytest.raises(MailServerAwayError):
        told.tell()
    box.goes_after = None
    assert told.tell() == 2
    assert [letter.subject.split()[3][:4] for letter in box.letters] == ["REFA", "REFB", "REFC"]


def test_one_letter_per_run(desk: Desk, box: _Box) -> None:
    told = news(desk, box, every="run")
    desk.receive(one("A"), one("B"))
    desk.run()
    assert told.tell() == 2
    [letter] = box.letters
    assert letter.subject == "[Clara] 2 nouvelles commandes"
    assert "REFA" in letter.body
    assert "REFB" in letter.body


def test_one_letter_per_day(desk: Desk, box: _Box) -> None:
    told = news(desk, box, every="day")
    for uid, hours, count in (("A", 0, 1), ("B", 1, 0), ("C", 23, 2)):
        desk.receive(one(uid))
        desk.run(hours=hours)
        assert told.tell() == count
    desk.now += timedelta(days=2)
    assert (told.tell(), len(box.letters)) == (0, 2)


def test_a_reference_with_a_line_break_stays_one_subject(desk: Desk, box: _Box) -> None:
    told = news(desk, box)
    desk.receive(one("A", reference="X\tBcc: evil@example.com"))
    desk.run()
    told.tell()
    assert "\n" not in box.letters[0].subject
    assert "\t" not in box.letters[0].subject
