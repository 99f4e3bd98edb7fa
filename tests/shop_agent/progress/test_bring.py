"""One order brought to a simulated shop: accidents before and after the write, and what is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, make_url, select

from demo.prestashop import Shop, serve
from demo.prestashop.faults import Fault
from protocol.keys import new_keys
from protocol.link.outbox import Outbox
from protocol.link.staging import Delivery
from protocol.packet import Line
from protocol.program.engine import make_engine
from protocol.records import OrderProgress, Record, Shipment, parse_record
from protocol.records.lines import record_line
from shop_agent.apply import Desk
from shop_agent.orders import book
from shop_agent.orders.bundles import light_order
from shop_agent.orders.roles import role_of
from shop_agent.prestashop.client import Webservice
from shop_agent.prestashop.http import Http, open_session
from shop_agent.prestashop.resources import get_resource
from shop_agent.profile import Profile, read_profile
from shop_agent.progress.bring import BringBack
from shop_agent.progress.plan import PATIENCE
from shop_agent.progress.rules import Rules
from shop_agent.reception import Reception
from shop_agent.replica import Replica
from shop_agent.report import Report
from shop_agent.state import LINK, METADATA, STATE
from shop_agent.told import Told

KEY = "PROGRESSSHOPKEY00000000000000001"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
#: An order of the simulator's samples; it is brought to « payment accepted » first.
ORDER = 1


class Way:
    """The agent's half of the way back, and the shop."""

    def __init__(self, shop: Shop, webservice: Webservice, engine: Engine) -> None:
        self.shop = shop
        self.webservice = webservice
        self.engine = engine
        self.now = NOW
        self._sequence = 0
        self.profile: Profile = read_profile(webservice, "http://shop")
        shop.execute("UPDATE carriers SET url = 'http://suivi.example/@'")
        shop.execute("UPDATE orders SET current_state = 2 WHERE id = ?", ORDER)
        shop.execute("UPDATE order_carriers SET tracking_number = ''")
        shop.execute("DELETE FROM mails")
        self.uid = self.know()

    def know(self) -> str:
        """Have the book learn the order as it is now; return its uid."""
        [order] = self.webservice.find_any(
            "orders", "id", [ORDER], display=get_resource("orders").display
        )
        light = light_order(order, self.profile)
        with self.engine.begin() as connection:
            book.note(connection, light, role_of(light.state, self.profile))
        return light.uid

    def say(self, *records: Record) -> None:
        read = [parse_record(record_line(record), place="way") for record in records]
        lines = tuple(Line(one.kind, one.key, one, None) for one in read)
        self._sequence += 1
        with self.engine.begin() as connection:
            Reception(connection).receive(Delivery("catalogue", 1, self._sequence, lines))

    def ship(self, number: str = "6A1") -> None:
        self.say(
            OrderProgress(key=self.uid, stage="shipped"),
            Shipment(key="P-1", order=self.uid, tracking=number),
        )

    def run(self, *, full: bool = False, dry: bool = False, rules: Rules | None = None) -> Report:
        with self.engine.connect() as connection:
            links = Replica(connection).links()
        outbox, report = Outbox(LINK, new_keys("shop", label="way")), Report(dry=dry)
        desk = Desk(self.engine, self.webservice, outbox, links, lambda: self.now, report)
        BringBack(desk, self.profile, rules or Rules()).run(full=full)
        return report

    def asked(self) -> int:
        """Return how many requests a run makes."""
        before = self.webservice.requests_sent
        self.run()
        return self.webservice.requests_sent - before

    def mails(self) -> list[str | None]:
        return [row["template"] for row in self.shop.query("SELECT template FROM mails")]

    def number(self) -> str | None:
        sql = "SELECT tracking_number AS n FROM order_carriers WHERE id_order = ?"
        return self.shop.query(sql, ORDER)[0]["n"]

    def state(self) -> str | None:
        return self.shop.query("SELECT current_state AS s FROM orders WHERE id = ?", ORDER)[0]["s"]

    def fate(self, kind: str, key: str) -> tuple[str, str | None]:
        with self.engine.connect() as connection:
            told = Told(connection).all_told()
        [one] = [one for one in told if (one.of_kind, one.of_key) == (kind, key)]
        return one.state, one.reason.code if one.reason else None

    def dirty(self, kind: str, key: str) -> bool:
        with self.engine.connect() as connection:
            fact = Replica(connection).find(kind, key)
        assert fact is not None
        return fact.dirty

    def cases(self) -> list[str]:
        case = STATE.case.c
        with self.engine.connect() as connection:
            return list(
                connection.execute(select(case.about).where(case.until.is_(None))).scalars()
            )


@pytest.fixture
def way() -> Iterator[Way]:
    engine = make_engine(make_url("sqlite://"))
    METADATA.create_all(engine)
    with (
        Shop(None, key=KEY, clock=lambda: NOW, fixtures=True) as shop,
        serve(shop) as server,
        Webservice(Http(server.url, KEY, open_session())) as webservice,
    ):
        yield Way(shop, webservice, engine)
    engine.dispose()


def test_a_shipped_order_is_brought_and_then_costs_nothing(way: Way) -> None:
    way.ship()
    report = way.run()
    assert report.counts == {"order_carriers": {"changed": 1}, "order_histories": {"created": 1}}
    assert (way.number(), way.state(), way.mails()) == ("6A1", "4", ["in_transit"])
    assert way.fate("order_progress", way.uid) == ("applied", None)
    assert way.fate("shipment", "P-1") == ("applied", None)
    assert way.asked() == 0


def test_the_same_words_again_are_settled_without_a_question(way: Way) -> None:
    way.ship()
    way.run()
    way.know()
    way.ship()  # outside a snapshot a till repeats what it asks
    assert way.dirty("shipment", "P-1")
    assert way.asked() == 0
    assert not way.dirty("shipment", "P-1")


@pytest.mark.parametrize("kind", ["500", "reset"])
def test_what_did_not_happen_is_repeated_with_its_mail(way: Way, kind: str) -> None:
    way.ship()
    way.shop.faults.plan(Fault(kind, path="order_carriers", method="PATCH"))
    way.run()
    assert (way.number(), way.state(), way.mails()) == ("", "2", [])
    assert way.fate("order_progress", way.uid) == ("waiting", "E-PRG-009")
    way.run()
    if kind == "reset":  # it gave no answer: it may still be at it
        assert way.mails() == []
        way.now += PATIENCE
        way.run()
    assert (way.number(), way.state(), way.mails()) == ("6A1", "4", ["in_transit"])
    assert way.cases() == []


@pytest.mark.parametrize("path", ["order_carriers", "order_histories"])
@pytest.mark.parametrize("kind", ["apply_then_500", "apply_then_reset", "apply_then_warning"])
def test_what_happened_is_never_mailed_twice(way: Way, path: str, kind: str) -> None:
    if path == "order_histories":
        way.shop.execute("UPDATE carriers SET url = ''")
    way.ship()
    way.shop.faults.plan(Fault(kind, path=path, method="PATCH" if "carr" in path else "POST"))
    for _ in range(3):
        way.run()
        way.now += timedelta(hours=1)
    assert (way.number(), way.state(), len(way.mails())) == ("6A1", "4", 1)
    assert way.cases() == ["mail_uncertain"]
    assert way.fate("order_progress", way.uid) == ("applied", None)


def test_an_order_that_is_not_paid_waits_without_a_question(way: Way) -> None:
    way.shop.execute("UPDATE orders SET current_state = 10 WHERE id = ?", ORDER)
    way.know()
    way.ship()
    assert way.asked() == 0
    assert way.fate("shipment", "P-1") == ("waiting", "E-PRG-002")
    way.shop.execute("UPDATE orders SET current_state = 2 WHERE id = ?", ORDER)
    way.know()
    way.run()
    assert (way.number(), way.state()) == ("6A1", "4")


def test_an_order_that_nobody_knows_waits(way: Way) -> None:
    way.say(OrderProgress(key="shop/1/99/ABC/2026-01-01 00:00:00", stage="shipped"))
    assert way.asked() == 0
    told = way.fate("order_progress", "shop/1/99/ABC/2026-01-01 00:00:00")
    assert told == ("waiting", "E-PRG-001")


def test_what_was_refused_is_looked_at_again_at_night(way: Way) -> None:
    way.shop.execute("UPDATE orders SET current_state = 6 WHERE id = ?", ORDER)
    way.know()
    way.ship()
    way.run()
    assert way.fate("order_progress", way.uid) == ("refused", "E-PRG-003")
    way.shop.execute("UPDATE orders SET current_state = 2 WHERE id = ?", ORDER)
    way.know()
    assert way.asked() == 0
    way.run(full=True)
    assert (way.state(), way.fate("order_progress", way.uid)) == ("4", ("applied", None))


def test_a_number_that_the_shop_refuses_leaves_the_state_to_tell(way: Way) -> None:
    way.ship("a<b>")
    way.run()
    assert (way.number(), way.state(), way.mails()) == ("", "4", ["shipped"])
    assert way.fate("shipment", "P-1")[0] == "refused"
    assert way.fate("order_progress", way.uid) == ("applied", None)


def test_a_dry_run_writes_nothing_and_says_what_it_would(way: Way) -> None:
    way.ship()
    report = way.run(dry=True)
    assert [one.resource for one in report.actions if hasattr(one, "resource")] == [
        "order_carriers",
        "order_histories",
    ]
    assert (way.number(), way.state(), way.mails()) == ("", "2", [])
    assert way.dirty("shipment", "P-1")


def test_a_dry_run_settles_no_open_write(way: Way) -> None:
    way.ship()
    way.shop.faults.plan(Fault("apply_then_reset", path="order_carriers", method="PATCH"))
    way.run()
    way.run(dry=True)
    assert (way.cases(), way.state()) == ([], "2")
    way.run()
    assert (way.cases(), way.state()) == (["mail_uncertain"], "4")


def test_an_order_that_people_put_back_stays_and_is_told(way: Way) -> None:
    way.ship()
    way.run()
    way.shop.execute("UPDATE orders SET current_state = 3 WHERE id = ?", ORDER)
    way.know()
    way.ship()
    way.run()
    assert way.state() == "3"
    assert way.fate("order_progress", way.uid) == ("refused", "E-PRG-010")


def test_our_own_move_is_no_persons_though_the_book_is_older(way: Way) -> None:
    way.ship()
    way.run()
    way.ship()  # the book has not read the order since
    way.run()
    assert way.fate("order_progress", way.uid) == ("applied", None)


def test_cancelling_follows_where_the_merchant_said_so(way: Way) -> None:
    way.say(OrderProgress(key=way.uid, stage="cancelled"))
    assert way.asked() == 0
    assert way.fate("order_progress", way.uid) == ("waiting", "E-PRG-005")
    way.run(rules=replace(Rules(), cancels=True))
    assert (way.state(), way.mails()) == ("6", [])


def test_another_order_under_the_same_id_is_not_it(way: Way) -> None:
    way.ship()
    way.shop.execute("UPDATE orders SET reference = 'OTHERSHOP' WHERE id = ?", ORDER)
    way.run()
    assert (way.number(), way.mails()) == ("", [])
    assert way.fate("order_progress", way.uid) == ("waiting", "E-PRG-001")
