"""The way back: what the till does with a web order is on the site, and its customer told once.

Mails are read where they arrive: in the simulator's list, or at a mail server behind a real shop.
Each test buys anew and counts its own buyer's mails only.
"""

# ruff: noqa: S608 - ids and names are the story's own

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from demo.till import (
    cancel_web_order,
    receive_goods,
    set_web_order_state,
    ship_web_order,
    web_orders,
)
from pos_exporter.state import STATE as TILL
from pos_exporter.wiring import wire as wire_exporter
from protocol.link.notices import problem_from
from protocol.records import CaseAnswer
from protocol.records.progress import CaseVerb
from shop_agent.case_answers import take_answer
from shop_agent.state import STATE
from shop_agent.wiring import wire
from tests.stories.mailbox import FOLLOW, Mailbox, open_mailbox
from tests.stories.play import Play
from tests.stories.shopfront import Shopfront
from tests.stories.shopper import CANCELLED, Buyer, Shopper
from tests.stories.story import Story

#: A sellable of the small till.
SOLD = 1002
PREPARING, SHIPPED = 3, 4


@dataclass(frozen=True)
class Sale:
    """One web order that both sides have: the shop's id, the till's id, its name, its buyer."""

    order: int
    at_till: int
    uid: str
    buyer: Buyer


class ProgressStory(Story):
    """A small till; the shop's carrier can be followed unless a test says otherwise."""

    @classmethod
    def begin(cls, play: Play) -> None:
        with play.till() as till:
            receive_goods(till, SOLD, 40)  # enough for every test: none is sold on backorder
        play.first_load()

    @pytest.fixture
    def mailbox(self, front: Shopfront) -> Iterator[Mailbox]:
        with open_mailbox(front) as mailbox:
            yield mailbox

    @pytest.fixture(autouse=True)
    def _followed(self, play: Play) -> Iterator[None]:
        _follow(play, FOLLOW)
        yield
        _follow(play, "")

    def test_a_parcel_is_told_once_with_its_number(self, play: Play, mailbox: Mailbox) -> None:
        sale = _sell(play, mailbox)
        _ship(play, sale, "6A0001")
        for _ in range(3):
            play.both()
        [mail] = mailbox.news(sale.buyer.email)
        # 1.6 shows a number that its webservice cannot write: see the integrator's page.
        assert ("6A0001" in mail) == _mails_numbers(play)
        assert (_number(play, sale), _state(play, sale)) == ("6A0001", SHIPPED)
        assert _lines(play, sale).count(SHIPPED) == 1
        assert ("order_progress", sale.uid) in play.fates("applied")
        assert [kind for kind, _ in play.fates("applied")].count("shipment") == 1
        assert play.both(full=True).writes == ()
        assert len(mailbox.news(sale.buyer.email)) == 1

    def test_a_second_parcel_is_joined_and_told_once(self, play: Play, mailbox: Mailbox) -> None:
        sale = _sell(play, mailbox)
        _ship(play, sale, "6A0101")
        play.both()
        _ship(play, sale, "6A0102")
        for _ in range(3):
            play.both()
        assert _number(play, sale) == "6A0101, 6A0102"
        # A shop that cannot mail a number told the first parcel by its state, and no other.
        expected = 2 if _mails_numbers(play) else 1
        assert len(mailbox.news(sale.buyer.email)) == expected
        assert _lines(play, sale).count(SHIPPED) == 1

    def test_where_nothing_can_be_followed_the_state_tells(
        self, play: Play, mailbox: Mailbox
    ) -> None:
        _follow(play, "")
        sale = _sell(play, mailbox)
        _ship(play, sale, "6A0201")
        for _ in range(3):
            play.both()
        assert len(mailbox.news(sale.buyer.email)) == 1
        assert (_number(play, sale), _state(play, sale)) == ("6A0201", SHIPPED)

    def test_prepared_then_shipped_then_delivered(self, play: Play, mailbox: Mailbox) -> None:
        sale = _sell(play, mailbox)
        _set(play, sale, "PREPAREE")
        play.both()
        assert (_state(play, sale), mailbox.news(sale.buyer.email)) == (PREPARING, [])
        _ship(play, sale, "6A0301")
        play.both()
        _set(play, sale, "LIVREE")
        play.both()
        assert _state(play, sale) == 5
        assert len(mailbox.news(sale.buyer.email)) == 1

    @pytest.mark.parametrize("resource", ["order_carriers", "order_histories"])
    def test_a_cut_answer_never_makes_two_mails(
        self, play: Play, mailbox: Mailbox, resource: str
    ) -> None:
        if resource == "order_histories":
            _follow(play, "")
        elif not _mails_numbers(play):
            pytest.skip("this version's webservice mails no number")
        sale = _sell(play, mailbox)
        _ship(play, sale, "6A0401")
        play.proxy.cut_answer(resource)
        for _ in range(3):
            play.both()
        # It did leave, here; nobody at our end can know, so none more is asked for.
        assert len(mailbox.news(sale.buyer.email)) == 1
        assert (_number(play, sale), _state(play, sale)) == ("6A0401", SHIPPED)
        assert _lines(play, sale).count(SHIPPED) == 1
        assert _open_cases(play, sale) == ["mail_uncertain"]
        assert _cases_at_till(play, sale) == ["mail_uncertain"]
        assert ("order_progress", sale.uid) in play.fates("applied")

        _answer(play, sale, "dismiss")
        play.both()
        assert (len(mailbox.news(sale.buyer.email)), _open_cases(play, sale)) == (1, [])

    def test_a_cut_answer_without_a_mail_asks_nobody(self, play: Play, mailbox: Mailbox) -> None:
        if not _mails_numbers(play):
            pytest.skip("this version's webservice mails no number: the state asks for the mail")
        sale = _sell(play, mailbox)
        _ship(play, sale, "6A0501")
        play.proxy.cut_answer("order_histories")  # the parcel's mail went with the number
        for _ in range(3):
            play.both()
        assert len(mailbox.news(sale.buyer.email)) == 1
        assert (_state(play, sale), _open_cases(play, sale)) == (SHIPPED, [])
        assert _lines(play, sale).count(SHIPPED) == 1

    def test_a_person_may_have_it_sent_again(self, play: Play, mailbox: Mailbox) -> None:
        if not _mails_numbers(play):
            pytest.skip("this version's webservice mails no number")
        sale = _sell(play, mailbox)
        _ship(play, sale, "6A0601")
        play.proxy.cut_answer("order_carriers")
        play.both()
        play.both()
        assert _open_cases(play, sale) == ["mail_uncertain"]
        _answer(play, sale, "resend")
        for _ in range(3):
            play.both()
        assert len(mailbox.news(sale.buyer.email)) == 2
        assert (_number(play, sale), _open_cases(play, sale)) == ("6A0601", [])

    def test_what_people_shipped_on_the_site_is_left_alone(
        self, play: Play, mailbox: Mailbox
    ) -> None:
        sale = _sell(play, mailbox)
        names = play.front.names()
        play.front.act(
            f"UPDATE {names['carriers']} SET tracking_number = 'MAIN-1' "
            f"WHERE id_order = {sale.order}"
        )
        sale.buyer.move(sale.order, SHIPPED)
        _ship(play, sale, "6A0701")
        writes = [one for _ in range(3) for one in play.both().writes]
        assert [one for one in writes if one.resource.startswith("order_")] == []
        assert (_number(play, sale), mailbox.news(sale.buyer.email)) == ("MAIN-1", [])
        assert _told(play, "shipment") == ("refused", "E-PRG-004")
        assert ("order_progress", sale.uid) in play.fates("applied")

    def test_an_order_that_is_over_stays_so(self, play: Play, mailbox: Mailbox) -> None:
        sale = _sell(play, mailbox)
        sale.buyer.move(sale.order, CANCELLED)
        _ship(play, sale, "6A0801")
        for _ in range(3):
            play.both()
        assert (_state(play, sale), _number(play, sale)) == (CANCELLED, "")
        assert mailbox.news(sale.buyer.email) == []
        assert _told(play, "order_progress", sale.uid) == ("refused", "E-PRG-003")

    def test_cancelled_at_the_till_moves_nothing_by_itself(
        self, play: Play, mailbox: Mailbox
    ) -> None:
        sale = _sell(play, mailbox)
        before = _state(play, sale)
        with play.till() as till:
            cancel_web_order(till, sale.at_till)
        for _ in range(2):
            play.both()
        assert (_state(play, sale), mailbox.news(sale.buyer.email)) == (before, [])
        assert _told(play, "order_progress", sale.uid) == ("waiting", "E-PRG-005")
        # It waits without a question to the shop.
        play.both()
        asked = [one.resource for one in play.proxy.requests()]
        assert [one for one in asked if one.startswith("order_carriers")] == []


# --- acts ------------------------------------------------------------------------------------


def _sell(play: Play, mailbox: Mailbox) -> Sale:
    """Sell one unit on the site, and bring the order into the till."""
    email = f"{uuid4().hex[:12]}@example.com"
    buyer = Shopper(play.front).register(email, "Iris", "Moreau")
    product, combination, _ = play.place(SOLD)
    order = buyer.buy([(product, combination, 1)])
    _write_in_english(play, order)
    play.stage.sync_shop()
    play.both()
    with play.till() as till:
        [mine] = [one for one in web_orders(till) if one.customer_mail == email]
    mailbox.since_now(email)
    return Sale(order, mine.order_id, mine.order_uid, buyer)


def _write_in_english(play: Play, order: int) -> None:
    """Have the customer written to in the language of which every shop has the templates."""
    names, language = play.front.names(), play.front.languages()["en"]
    play.front.act(
        f"UPDATE {names['orders']} SET id_lang = {language} WHERE {names['order_id']} = {order}"
    )


def _ship(play: Play, sale: Sale, number: str) -> None:
    with play.till() as till:
        today = datetime.now(UTC).date()
        ship_web_order(till, sale.at_till, carrier="Colissimo", tracking=number, on=today)


def _set(play: Play, sale: Sale, state: str) -> None:
    with play.till() as till:
        set_web_order_state(till, sale.at_till, state)


def _follow(play: Play, url: str) -> None:
    """Give the shop's carriers an address to follow their parcels, or none."""
    play.front.act(f"UPDATE {play.front.names()['followed']} SET url = '{url}'")


def _answer(play: Play, sale: Sale, verb: CaseVerb) -> None:
    """Answer the case of an order, as a person does at the agent."""
    answer = CaseAnswer(
        key=f"mail_uncertain/{sale.uid}", verb=verb, at=datetime.now(UTC).replace(microsecond=0)
    )
    with wire(play.stage.agent(), play.stage.agent_wiring) as agent, agent.engine.begin() as known:
        assert take_answer(known, answer)


# --- looking ---------------------------------------------------------------------------------


def _number(play: Play, sale: Sale) -> str:
    names = play.front.names()
    sql = f"SELECT tracking_number FROM {names['carriers']} WHERE id_order = {sale.order}"
    [row] = play.front.look(sql)
    return str(row["tracking_number"] or "")


def _state(play: Play, sale: Sale) -> int:
    return play.front.order(sale.order).state


def _lines(play: Play, sale: Sale) -> list[int]:
    names = play.front.names()
    sql = f"SELECT id_order_state FROM {names['histories']} WHERE id_order = {sale.order}"
    return [int(str(row["id_order_state"])) for row in play.front.look(sql)]


def _mails_numbers(play: Play) -> bool:
    return not play.front.version().startswith("1.6")


def _open_cases(play: Play, sale: Sale) -> list[str]:
    case = STATE.case.c
    query = select(case.about).where(case.until.is_(None), case.key.contains(sale.uid))
    with (
        wire(play.stage.agent(), play.stage.agent_wiring) as agent,
        agent.engine.connect() as known,
    ):
        return list(known.execute(query).scalars())


def _cases_at_till(play: Play, sale: Sale) -> list[str]:
    """Return the open cases of an order that the till's side shows."""
    case, stage = TILL.site_case.c, play.stage
    query = select(case.about).where(case.key.contains(sale.uid))
    with (
        wire_exporter(stage.exporter(), stage.exporter_wiring) as exporter,
        exporter.engine.connect() as known,
    ):
        return list(known.execute(query).scalars())


def _told(play: Play, kind: str, key: str | None = None) -> tuple[str, str]:
    """Return (state, code) of what the till was told last of a fact; of a kind's newest."""
    told = STATE.told.c
    query = select(STATE.told).where(told.kind == kind)
    if key is not None:
        query = query.where(told.key == key)
    with (
        wire(play.stage.agent(), play.stage.agent_wiring) as agent,
        agent.engine.connect() as known,
    ):
        rows = known.execute(query).all()
    newest = max(rows, key=lambda row: int(row.key) if row.key.isdigit() else 0)
    return newest.state, _code(newest.reason)


def _code(reason: str | None) -> str:
    return problem_from(reason).code if reason else ""
