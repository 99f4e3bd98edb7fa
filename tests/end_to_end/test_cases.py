"""Cases from the agent's facts to the shopkeeper's page and back: both programs' real code.

Figures are what the site shows, by hand: the formula is not asked for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from sqlalchemy import Connection, delete

from demo.prestashop import Shop, serve
from demo.stage import FolderPlace, Stage
from demo.till import build_small_till, open_till, sell, web_orders
from pos_exporter.cases import SiteCase, site_cases
from pos_exporter.state import STATE as EXPORTER
from pos_exporter.web.app import create_app
from pos_exporter.wiring import wire as wire_exporter
from protocol.records import CaseAnswer
from shop_agent.actions import Subject
from shop_agent.case_errors import ShopGivenAgainError
from shop_agent.cases import CaseNow, open_cases
from shop_agent.replica import Replica
from shop_agent.state import STATE
from shop_agent.wiring import wire as wire_agent
from tests.commands import Play
from tests.pos_exporter.web.browser import ADDRESS, Till, read_page

KEY = "CASESSHOPKEY00000000000000000001"
BANK_WIRE, PAID, SHIPPED, CANCELLED, REFUNDED = 10, 2, 4, 6, 7
#: A simple article of the small till, and how many it has.
SIMPLE, STOCK, THERE = 1002, "a:1002", 10
ARTICLE = Subject("article", "1002")
MAIL = "camille@example.fr"


@dataclass
class Clock:
    """One time for the shop and both programs; it moves when told."""

    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def later(self, **spans: float) -> None:
        self.now += timedelta(**spans)


@dataclass
class Scene:
    """One shop, one till, both programs in step, and the shopkeeper's page."""

    stage: Stage
    shop: Shop
    clock: Clock
    product: int = 0

    # --- the programs ------------------------------------------------------------------------

    def both(self) -> None:
        """Bring the till's word to the site, and the site's word to the till."""
        self.stage.sync_till()
        self.stage.sync_shop()
        self.stage.sync_till()

    # --- the site ----------------------------------------------------------------------------

    def buys(self, units: int, state: int = PAID, product: int | None = None) -> int:
        """Have somebody buy; return the order's id."""
        return self.shop.place_order(MAIL, [(product or self.product, 0, units)], state=state)

    def reference(self) -> str:
        """Return the simple article's reference on the site."""
        [row] = self.shop.query("SELECT reference FROM products WHERE id = ?", self.product)
        return str(row["reference"])

    def rename(self, reference: str) -> str:
        """Give the simple article another reference on the site, and no bar code."""
        before = self.reference()
        sql = "UPDATE products SET reference = ?, ean13 = '' WHERE id = ?"
        self.shop.execute(sql, reference, self.product)
        return before

    def shown(self) -> int:
        """Return what the site shows of the simple article."""
        return self.shop.stock_of(self.product)

    # --- what is open ------------------------------------------------------------------------

    def open(self) -> dict[str, CaseNow]:
        """Return what is open at the agent, by kind; one of each at the most."""
        with (
            wire_agent(self.stage.agent(), self.stage.agent_wiring) as agent,
            agent.engine.connect() as connection,
        ):
            found = open_cases(connection)
        assert len({one.wanted.about for one in found}) == len(found)
        return {one.wanted.about: one for one in found}

    def at_till(self) -> dict[str, SiteCase]:
        """Return what the till's side knows to be open, by kind."""
        with (
            wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter,
            exporter.engine.connect() as connection,
        ):
            return {one.about: one for one in site_cases(connection)}

    @contextmanager
    def state(self) -> Iterator[Connection]:
        """Open the agent's state for a change by hand."""
        with (
            wire_agent(self.stage.agent(), self.stage.agent_wiring) as agent,
            agent.engine.begin() as connection,
        ):
            yield connection

    def commands(self) -> Play:
        """Return both command lines."""
        stage = self.stage
        environment = {**stage.environment, "COMPTOIR_LANG": "en"}
        return Play(
            stage, self.shop, stage.exporter_wiring, stage.agent_wiring, environment=environment
        )

    @contextmanager
    def page(self) -> Iterator[FlaskClient]:
        """Give a browser on the shopkeeper's page."""
        till, secrets = Till(), iter(("session", "form-token"))
        with wire_exporter(self.stage.exporter(), self.stage.exporter_wiring) as exporter:
            app = create_app(
                exporter.engine, clock=self.clock, start_sync=till.start_sync,
                is_running=lambda: False, progress=lambda: None, token="once", robot=till,
                new_secret=lambda: next(secrets),
            )  # fmt: skip
            with app.test_client() as client:
                client.get("/?token=once", base_url=ADDRESS)
                yield client

    def click(self, about: str, verb: str) -> int:
        """Click a case's button on the page; return the answer's status."""
        with self.page() as client:
            forms = read_page(client.get("/cases", base_url=ADDRESS).text).all("input")
            fields = [(one["name"], one["value"] or "") for one in forms]
            groups = [dict(fields[n : n + 4]) for n in range(0, len(fields), 4)]
            [form] = [
                one for one in groups if one["key"].startswith(f"{about}/") and one["verb"] == verb
            ]
            return client.post("/cases/answer", base_url=ADDRESS, data=form).status_code


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    clock = Clock()
    with Shop(None, key=KEY, clock=clock) as shop, serve(shop) as server:
        stage = Stage.build(
            tmp_path / "stage",
            make_till=lambda path: build_small_till(path, articles=2, photos=0),
            place=FolderPlace(tmp_path / "place"),
            shop_url=server.url,
            shop_key=KEY,
        )
        stage = replace(
            stage,
            exporter_wiring=replace(stage.exporter_wiring, clock=clock),
            agent_wiring=replace(stage.agent_wiring, clock=clock),
        )
        stage.pair()
        stage.settle(3)
        made = Scene(stage, shop, clock)
        [row] = shop.query("SELECT id FROM products WHERE reference LIKE '%-1002'")
        made.product = int(str(row["id"]))
        assert made.shown() == THERE
        yield made


# --- unpaid --------------------------------------------------------------------------------------


def test_an_unpaid_order_is_released_by_a_click_and_kept_again_when_it_is_paid(
    scene: Scene,
) -> None:
    order = scene.buys(3, BANK_WIRE)
    scene.both()
    scene.clock.later(days=9)
    scene.both()
    assert scene.open() == {}
    assert scene.shown() == THERE - 3
    scene.clock.later(days=2)
    scene.both()
    case = scene.at_till()["unpaid"]
    assert (case.code, case.verbs, case.stock_keys) == ("E-CAS-003", ("release",), (STOCK,))
    assert len(case.orders) == 1

    assert scene.click("unpaid", "release") == 303
    assert scene.at_till()["unpaid"].answer == "release"
    scene.both()
    assert scene.shown() == THERE  # the till never had it
    assert (scene.open(), scene.at_till()) == ({}, {})
    scene.clock.later(days=1)
    scene.both()
    assert (scene.open(), scene.shown()) == ({}, THERE)

    scene.shop.set_state(order, PAID)
    scene.stage.sync_shop()
    assert scene.shown() == THERE - 3  # kept again, at once
    scene.both()
    scene.both()
    assert scene.shown() == THERE - 3  # in the till by now, and taken off once
    assert scene.open() == {}


def test_what_was_released_and_sold_is_an_oversale_when_the_payment_comes(scene: Scene) -> None:
    order = scene.buys(3, BANK_WIRE)
    scene.both()
    scene.clock.later(days=11)
    scene.both()
    scene.click("unpaid", "release")
    scene.both()
    with open_till(scene.stage.till_path) as till:
        sell(till, SIMPLE, THERE)
    scene.both()
    assert (scene.open(), scene.shown()) == ({}, 0)
    scene.shop.set_state(order, PAID)
    scene.stage.sync_shop()
    oversold = scene.open()["oversale"]
    facts = oversold.wanted.problem.facts
    assert (oversold.wanted.problem.code, facts["units"]) == ("E-CAS-001", "3")
    assert oversold.wanted.stock_keys == (STOCK,)
    assert len(oversold.wanted.orders) == 1
    assert scene.shop.query("SELECT reference FROM orders")[0]["reference"] == facts["orders"]


def test_a_released_order_that_dies_and_comes_back_stays_released_until_it_is_better(
    scene: Scene,
) -> None:
    order = scene.buys(3, BANK_WIRE)
    scene.both()
    scene.clock.later(days=11)
    scene.both()
    scene.click("unpaid", "release")
    scene.both()
    for state in (CANCELLED, BANK_WIRE):
        scene.shop.set_state(order, state)
        scene.both()
        assert scene.shown() == THERE
    scene.shop.set_state(order, PAID)
    scene.stage.sync_shop()
    scene.shop.set_state(order, BANK_WIRE)  # the payment that came ended the release for good
    scene.stage.sync_shop()
    assert scene.shown() == THERE - 3


def test_days_are_the_merchant_s(scene: Scene) -> None:
    _choose(scene, stock={"unpaid_days": 2})
    scene.buys(1, BANK_WIRE)
    scene.both()
    scene.clock.later(days=2, hours=1)
    scene.both()
    assert scene.open()["unpaid"].wanted.problem.facts["days"] == "2"


# --- figures below zero --------------------------------------------------------------------------


def test_an_oversale_names_the_order_is_seen_comes_back_and_ends(scene: Scene) -> None:
    scene.buys(6, BANK_WIRE)
    with open_till(scene.stage.till_path) as till:
        sell(till, SIMPLE, 6)
    scene.both()
    case = scene.at_till()["oversale"]
    assert (case.code, case.stock_keys, scene.shown()) == ("E-CAS-001", (STOCK,), -2)
    assert scene.open()["oversale"].wanted.problem.facts["units"] == "2"
    scene.click("oversale", "dismiss")
    scene.both()
    scene.both()
    assert (scene.open(), scene.at_till()) == ({}, {})  # seen, and nothing has changed since
    with open_till(scene.stage.till_path) as till:
        sell(till, SIMPLE, 1)
    scene.both()
    assert scene.open()["oversale"].wanted.problem.facts["units"] == "3"
    with open_till(scene.stage.till_path) as till:
        sell(till, SIMPLE, -3)
    scene.both()
    assert (scene.open(), scene.at_till(), scene.shown()) == ({}, {}, 0)


def test_a_negative_figure_of_the_till_is_a_case_until_it_is_corrected(scene: Scene) -> None:
    with open_till(scene.stage.till_path) as till:
        sell(till, SIMPLE, THERE + 2)
    scene.both()
    case = scene.at_till()["negative_at_till"]
    assert (case.code, case.orders, case.stock_keys) == ("E-CAS-002", (), (STOCK,))
    assert scene.open()["negative_at_till"].wanted.problem.facts["quantity"] == "-2"
    with open_till(scene.stage.till_path) as till:
        sell(till, SIMPLE, -5)
    scene.both()
    assert (scene.open(), scene.at_till()) == ({}, {})


# --- orders --------------------------------------------------------------------------------------


def test_a_refund_that_a_till_cannot_count_is_a_case_with_a_release(scene: Scene) -> None:
    _never_counts(scene)
    order = scene.buys(2)
    scene.both()
    scene.both()
    kept = scene.shown()
    scene.shop.set_state(order, REFUNDED)
    scene.stage.sync_shop()
    assert scene.open() == {}  # the till had no time to say anything
    scene.both()
    case = scene.at_till()["refunded_uncounted"]
    assert (case.code, case.stock_keys, case.verbs) == ("E-CAS-004", (STOCK,), ("release",))
    assert scene.shown() == kept
    assert scene.click("refunded_uncounted", "release") == 303
    scene.both()
    assert (scene.open(), scene.at_till(), scene.shown()) == ({}, {}, kept + 2)


def test_a_silent_till_is_asked_about_after_a_day(scene: Scene) -> None:
    _never_counts(scene)
    order = scene.buys(2)
    scene.both()
    scene.both()
    scene.shop.set_state(order, CANCELLED)
    scene.stage.sync_shop()
    scene.clock.later(hours=23)
    scene.stage.sync_shop()
    assert scene.open() == {}
    scene.clock.later(hours=2)
    scene.stage.sync_shop()
    assert list(scene.open()) == ["refunded_uncounted"]


def test_an_unknown_state_is_a_case_until_the_order_leaves_it(scene: Scene) -> None:
    order = scene.buys(1)
    scene.shop.execute("UPDATE orders SET current_state = 99 WHERE id = ?", order)
    scene.both()
    case = scene.at_till()["unknown_state"]
    assert (case.code, scene.shown()) == ("E-CAS-005", THERE - 1)
    assert scene.open()["unknown_state"].wanted.problem.facts["state"] == "99"
    scene.shop.set_state(order, SHIPPED)
    scene.both()
    assert (scene.open(), scene.at_till()) == ({}, {})


def test_an_order_without_a_state_is_a_case_after_a_day_until_it_has_one(scene: Scene) -> None:
    order = scene.buys(1)
    scene.shop.execute("UPDATE orders SET current_state = 0 WHERE id = ?", order)
    scene.both()
    assert (scene.open(), scene.shown()) == ({}, THERE - 1)
    scene.clock.later(days=1)
    scene.both()
    assert scene.at_till()["unknown_state"].code == "E-CAS-011"
    scene.shop.set_state(order, CANCELLED)
    scene.both()
    scene.stage.sync_shop()
    assert (scene.open(), scene.at_till(), scene.shown()) == ({}, {}, THERE)


def test_an_order_left_out_of_the_till_is_put_back_on_sale_by_a_click_once_shipped(
    scene: Scene,
) -> None:
    order = scene.buys(3, BANK_WIRE)
    scene.both()
    [row] = scene.shop.query("SELECT reference FROM orders WHERE id = ?", order)
    reference = str(row["reference"])
    assert scene.commands().pos("orders", "answer", reference, "ignore").code == 0
    scene.shop.set_state(order, SHIPPED)
    scene.both()
    scene.stage.sync_shop()
    scene.stage.sync_till()
    assert scene.shown() == THERE - 3
    assert scene.at_till()["left_out"].code == "E-CAS-012"
    assert scene.click("left_out", "release") == 303
    scene.both()
    assert (scene.open(), scene.at_till(), scene.shown()) == ({}, {}, THERE)


def test_a_line_of_nothing_that_the_till_knows_is_a_case_until_it_is_something(
    scene: Scene,
) -> None:
    reference = scene.rename("STRANGER-1")
    _unlink(scene)
    scene.buys(1)
    scene.both()
    case = scene.at_till()["unlinked_line"]
    assert (case.code, case.stock_keys, len(case.orders)) == ("E-CAS-006", (), 1)
    assert "STRANGER-1" in scene.open()["unlinked_line"].wanted.problem.facts["lines"]
    with open_till(scene.stage.till_path) as till:
        assert web_orders(till) == ()
    scene.rename(reference)
    with scene.state() as connection:
        Replica(connection).mark_dirty(ARTICLE)
    scene.both()
    assert scene.open() == {}
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 1  # told again, with what it is


def test_a_line_of_nothing_stays_one_case_and_is_dismissed_for_good(scene: Scene) -> None:
    scene.rename("STRANGER-1")
    _unlink(scene)
    scene.buys(1)
    scene.both()
    first = scene.open()["unlinked_line"]
    scene.clock.later(hours=1)
    scene.both()
    assert scene.open()["unlinked_line"] == first
    assert scene.click("unlinked_line", "dismiss") == 303
    for _ in range(2):
        scene.both()
        assert (scene.open(), scene.at_till()) == ({}, {})


def test_a_line_s_likely_article_is_looked_at_again(scene: Scene) -> None:
    """The article is found anew in the same pass, before anybody is asked."""
    _unlink(scene)
    scene.buys(1)
    scene.stage.sync_shop()
    assert scene.open() == {}
    with scene.state() as connection:
        assert Replica(connection).links()("article", ARTICLE.key) == scene.product
    scene.both()
    with open_till(scene.stage.till_path) as till:
        assert [len(one.lines) for one in web_orders(till)] == [1]


def test_totals_that_do_not_add_up_are_named(scene: Scene) -> None:
    order = scene.buys(1)
    [row] = scene.shop.query("SELECT total_paid_tax_incl FROM orders WHERE id = ?", order)
    wrong = Decimal(str(row["total_paid_tax_incl"])) + Decimal("1.50")
    sql = "UPDATE orders SET total_paid_tax_incl = ? WHERE id = ?"
    scene.shop.execute(sql, f"{wrong:.6f}", order)
    scene.both()
    assert scene.at_till()["totals"].code == "E-CAS-009"
    facts = scene.open()["totals"].wanted.problem.facts
    assert (facts["gap"], facts["currency"]) == ("-1.50", "EUR")
    assert scene.click("totals", "dismiss") == 303
    scene.both()
    scene.both()
    assert (scene.open(), scene.at_till()) == ({}, {})


def test_ids_given_twice_are_one_case_for_the_shop(scene: Scene) -> None:
    first, second = scene.buys(1), scene.buys(1)
    scene.both()
    for order, reference in ((first, "AGAINAAAA"), (second, "AGAINBBBB")):
        sql = "UPDATE orders SET reference = ? WHERE id = ?"
        scene.shop.execute(sql, reference, order)
        with pytest.raises(ShopGivenAgainError):
            scene.stage.sync_shop(full=True)
    scene.stage.sync_till()
    case = scene.at_till()["shop_restored"]
    assert (case.code, len(case.orders)) == ("E-CAS-008", 2)
    with scene.state() as connection:
        restored, *former = sorted(open_cases(connection), key=lambda one: -len(one.wanted.orders))
    assert restored.wanted.problem.facts["orders"] == "AGAINAAAA, AGAINBBBB"
    # What bore these ids before is gone from the shop, and the till has it.
    assert [one.wanted.about for one in former] == ["order_deleted", "order_deleted"]
    scene.stage.sync_shop(accept=("restored",))
    scene.stage.sync_till()
    assert list(scene.at_till()) == ["order_deleted"]


# --- answers -------------------------------------------------------------------------------------


def _an_unpaid(scene: Scene) -> SiteCase:
    scene.buys(3, BANK_WIRE)
    scene.both()
    scene.clock.later(days=11)
    scene.both()
    return scene.at_till()["unpaid"]


def test_an_answer_acts_once_and_only_on_what_was_seen(scene: Scene) -> None:
    case = _an_unpaid(scene)
    _say(scene, CaseAnswer(key=case.key, verb="release", of_hash="0" * 64, at=scene.clock.now))
    assert (list(scene.open()), scene.shown()) == (["unpaid"], THERE - 3)
    _say(scene, CaseAnswer(key=case.key, verb="dismiss", of_hash=case.hash, at=scene.clock.now))
    assert (list(scene.open()), scene.shown()) == (["unpaid"], THERE - 3)
    right = CaseAnswer(key=case.key, verb="release", of_hash=case.hash, at=scene.clock.now)
    _say(scene, right)
    assert (scene.open(), scene.shown()) == ({}, THERE)
    scene.shop.set_state(1, PAID)
    scene.stage.sync_shop()
    _say(scene, right)  # late, and said again
    assert scene.shown() == THERE - 3


def test_a_stale_page_answers_nothing(scene: Scene) -> None:
    case = _an_unpaid(scene)
    form = {"key": case.key, "verb": "release", "form_token": "form-token"}
    with scene.page() as client:
        for more, code in (
            ({"seen": "0" * 64}, "E-CAS-031"),
            ({"seen": case.hash, "verb": "dismiss"}, "E-CAS-032"),
            ({"seen": case.hash, "key": "unpaid/none"}, "E-CAS-030"),
        ):
            answer = client.post("/cases/answer", base_url=ADDRESS, data={**form, **more})
            assert (answer.status_code, code in answer.text) == (409, True)
        no_token = {"key": case.key, "verb": "release", "seen": case.hash}
        assert client.post("/cases/answer", base_url=ADDRESS, data=no_token).status_code == 403
    assert scene.at_till()["unpaid"].answer is None


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_shows_what_waits_then_what_was_answered(scene: Scene, lang: str) -> None:
    case = _an_unpaid(scene)
    told = case.what.fr if lang == "fr" else case.what.en
    with scene.page() as client:
        home = read_page(client.get(f"/?lang={lang}", base_url=ADDRESS).text)
        assert told in home.text
        assert "badge" in home.classes()
        page = read_page(client.get(f"/cases?lang={lang}", base_url=ADDRESS).text)
        assert told in page.text
        assert [one["class"] for one in page.all("form")] == ["answer"]
    scene.click("unpaid", "release")
    with scene.page() as client:
        page = read_page(client.get(f"/cases?lang={lang}", base_url=ADDRESS).text)
        assert told in page.text
        assert page.all("form") == []
        home = read_page(client.get(f"/?lang={lang}", base_url=ADDRESS).text)
        assert "badge" not in home.classes()


def test_open_cases_are_said_again_when_answers_begin_anew(scene: Scene) -> None:
    case = _an_unpaid(scene)
    with (
        wire_exporter(scene.stage.exporter(), scene.stage.exporter_wiring) as exporter,
        exporter.engine.begin() as connection,
    ):
        connection.execute(delete(EXPORTER.site_case))
    assert scene.at_till() == {}
    _open_answers(scene)
    scene.stage.sync_till()
    assert scene.at_till()["unpaid"].hash == case.hash


def test_what_the_site_no_longer_knows_goes_with_its_old_answers(scene: Scene) -> None:
    _an_unpaid(scene)
    with scene.state() as connection:
        connection.execute(delete(STATE.case))
        connection.execute(STATE.web_order.update().values(in_baseline=True))
    _open_answers(scene)
    scene.stage.sync_till()
    assert scene.at_till() == {}


def test_a_click_is_sent_though_the_site_has_not_said_its_case_again_yet(scene: Scene) -> None:
    """Of a new epoch of the site's answers the first packet has come alone."""
    _an_unpaid(scene)
    assert scene.click("unpaid", "release") == 303
    with (
        wire_exporter(scene.stage.exporter(), scene.stage.exporter_wiring) as exporter,
        exporter.engine.begin() as connection,
    ):
        connection.execute(EXPORTER.site_case.update().values(epoch=0))
    scene.both()
    assert (scene.open(), scene.shown()) == ({}, THERE)


# --- commands ------------------------------------------------------------------------------------


def test_both_programs_tell_and_take_answers_by_command(scene: Scene) -> None:
    case = _an_unpaid(scene)
    play = scene.commands()
    for run in (play.pos, play.agent):
        told = run("cases").of("cases")[0]
        assert (told["count"], told["items"][0]["key"]) == (1, case.key)
        assert told["items"][0]["code"] == "E-CAS-003"
        assert [one["key"] for one in run("status").of("status")[0]["cases"]] == [case.key]
        assert run("doctor").check("A03")["state"] == "attention"
        steps = run("why", scene.reference()).of("why")[0]["steps"]
        assert [one["code"] for one in steps if one["name"] == "case"] == ["E-CAS-003"]
        assert run("cases", "answer", "nothing", "release").code == 2
        assert run("cases", "answer", case.key, "dismiss").code == 2
    [row] = scene.shop.query("SELECT reference FROM orders")
    assert play.agent("cases", "answer", str(row["reference"]), "release").code == 0
    scene.stage.sync_shop()
    assert (scene.open(), scene.shown()) == ({}, THERE)
    assert play.agent("cases").of("cases")[0]["items"] == []
    assert play.agent("doctor").check("A03")["state"] == "ok"


def test_the_exporter_s_command_answers_too(scene: Scene) -> None:
    case = _an_unpaid(scene)
    play = scene.commands()
    assert play.pos("why", "unpaid").code == 0
    assert play.pos("cases", "answer", case.key, "release").code == 0
    assert play.pos("cases").of("cases")[0]["items"][0]["answer"] == "release"
    scene.both()
    assert (scene.open(), scene.at_till(), scene.shown()) == ({}, {}, THERE)


# --- helping -------------------------------------------------------------------------------------


def _choose(scene: Scene, **choices: Any) -> None:
    path = scene.stage.exporter_file
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["policy"] = choices
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")


def _never_counts(scene: Scene) -> None:
    """Have a till that cannot say which orders its figures contain."""
    path = scene.stage.folder / "mapping.yaml"
    mapping = yaml.safe_load(path.read_text(encoding="utf-8"))
    del mapping["entities"]["counted_orders"]
    path.write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")


def _unlink(scene: Scene) -> None:
    """Have the agent forget which product the simple article is."""
    with scene.state() as connection:
        Replica(connection).unlink(ARTICLE)


def _say(scene: Scene, answer: CaseAnswer) -> None:
    """Have the till send an answer, and the agent receive it."""
    with (
        wire_exporter(scene.stage.exporter(), scene.stage.exporter_wiring) as exporter,
        exporter.engine.begin() as connection,
    ):
        exporter.link.outbox.queue(connection, [answer])
    scene.stage.sync_till()
    scene.stage.sync_shop()


def _open_answers(scene: Scene) -> None:
    """Let the agent's answers begin anew, as after a loss."""
    with (
        wire_agent(scene.stage.agent(), scene.stage.agent_wiring) as agent,
        agent.engine.begin() as connection,
    ):
        agent.link.outbox.open_epoch(connection, "answers", nonce=None)
    scene.stage.sync_shop()
