"""What leaves no mark on an order is seen all the same; a restored or copied shop is recognised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from demo.prestashop import Shop, serve
from demo.stage import Stage
from demo.till import web_orders
from demo.till.counter import open_till
from shop_agent.case_errors import ShopGivenAgainError
from shop_agent.cases import open_cases
from shop_agent.orders import book, positions
from shop_agent.orders.collect import ShopRestoredError
from shop_agent.same_shop import ShopMovedError
from shop_agent.state import STATE
from shop_agent.wiring import wire as wire_agent
from tests.end_to_end.cases_scene import KEY, paired_stage
from tests.end_to_end.cases_scene import Clock as OneClock

PAID, CANCELLED = 2, 6
MAIL = "camille@example.fr"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@dataclass
class Clock(OneClock):
    """One time for the shop and both programs; it moves when told, the shop's also by itself."""

    now: datetime = NOON
    shop_is_behind: timedelta = timedelta()

    def shop(self) -> datetime:
        return self() - self.shop_is_behind


@dataclass
class Scene:
    """One shop, one till, both programs in step, one order in the till."""

    stage: Stage
    shop: Shop
    clock: Clock
    product: int = 0

    def buys(self, units: int = 1, mail: str = MAIL) -> int:
        """Place a paid order; return its id."""
        return self.shop.place_order(mail, [(self.product, 0, units)], state=PAID)

    def told(self) -> int:
        """Run the agent; return how many orders it told."""
        return self.stage.sync_shop().orders

    def asked(self) -> list[str]:
        """Run the agent; return what it asked the shop."""
        self.shop.clear_requests()
        self.stage.sync_shop()
        return [one.path.split("?")[0] for one in self.shop.requests()]

    def in_till(self) -> list[str]:
        """Return the references of the orders that the till holds."""
        with open_till(self.stage.till_path) as till:
            return [one.reference for one in web_orders(till)]

    def cases(self) -> list[str]:
        """Return what kinds of cases are open."""
        with (
            wire_agent(self.stage.agent(), self.stage.agent_wiring) as agent,
            agent.engine.connect() as connection,
        ):
            return [one.wanted.about for one in open_cases(connection)]

    def revision(self, order: int) -> str:
        """Return which document of an order the till was told last."""
        table = STATE.web_order
        with (
            wire_agent(self.stage.agent(), self.stage.agent_wiring) as agent,
            agent.engine.connect() as connection,
        ):
            query = select(table.c.revision).where(table.c.shop_id == order)
            return str(connection.execute(query).scalar_one())

    def close(self, order: int) -> None:
        """Have the till say of an order's newest document that a person decided against it."""
        table, revision = STATE.web_order, self.revision(order)
        with (
            wire_agent(self.stage.agent(), self.stage.agent_wiring) as agent,
            agent.engine.begin() as connection,
        ):
            uid = connection.execute(
                select(table.c.uid).where(table.c.shop_id == order)
            ).scalar_one()
            assert book.fate(connection, uid, revision, "ignored")

    def reference(self, order: int) -> str:
        return str(
            self.shop.query("SELECT reference FROM orders WHERE id = ?", order)[0]["reference"]
        )


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    clock = Clock()
    with Shop(None, key=KEY, clock=clock.shop) as shop, serve(shop) as server:
        made = Scene(paired_stage(tmp_path, server.url, clock), shop, clock)
        [row] = shop.query("SELECT id FROM products WHERE reference LIKE '%-1002'")
        made.product = int(str(row["id"]))
        yield made


@pytest.fixture
def order(scene: Scene) -> int:
    """An order that the till has, and that all is known of."""
    number = scene.buys()
    assert scene.told() == 1
    for _ in range(4):
        scene.clock.later(minutes=15)
        scene.stage.sync_till()
        scene.told()
    assert scene.in_till() == [scene.reference(number)]
    return number


# --- what leaves no mark -------------------------------------------------------------------------


def _pay(shop: Shop, order: int) -> None:
    [row] = shop.query("SELECT reference FROM orders WHERE id = ?", order)
    shop.execute(
        "INSERT INTO order_payments (order_reference, id_currency, amount, payment_method, "
        "conversion_rate, date_add) VALUES (?, 1, 3, 'Espèces', 1, '2026-11-24 13:00:00')",
        row["reference"],
    )


def _credit(shop: Shop, order: int) -> None:
    shop.execute(
        "INSERT INTO order_slip (id_customer, id_order, conversion_rate, total_products_tax_excl, "
        "total_products_tax_incl, total_shipping_tax_excl, total_shipping_tax_incl, amount, "
        "shipping_cost, shipping_cost_amount, partial, date_add, date_upd, order_slip_type) "
        "VALUES (1, ?, 1, 1, 1.2, 0, 0, 1.2, 0, 0, 1, '2026-11-24 13:00:00', "
        "'2026-11-24 13:00:00', 0)",
        order,
    )


def _write(shop: Shop, order: int) -> None:
    shop.execute(
        "INSERT INTO messages (id_cart, id_order, id_customer, id_employee, message, private, "
        "date_add) VALUES (1, ?, 1, 0, 'Sonnez deux fois', 0, '2020-01-01 00:00:00')",
        order,
    )


def _move_house(shop: Shop, order: int) -> None:
    sql = (
        "UPDATE addresses SET city = 'Brest', date_upd = ? "
        "WHERE id = (SELECT id_address_delivery FROM orders WHERE id = ?)"
    )
    now = shop.core.now()
    shop.execute(sql, now, order)


@pytest.mark.parametrize("act", [_pay, _credit, _write, _move_house])
def test_what_does_not_touch_the_order_is_told_within_a_quarter_of_an_hour(
    scene: Scene, order: int, act: Callable[[Shop, int], None]
) -> None:
    act(scene.shop, order)
    told = 0
    for _ in range(4):  # a robot every five minutes
        scene.clock.later(minutes=5)
        told += scene.told()
    assert told == 1


def test_an_idle_pass_asks_three_times_at_the_most_and_looks_at_all_in_turn(
    scene: Scene, order: int
) -> None:
    seen: set[str] = set()
    for _ in range(3):
        scene.clock.later(minutes=5)
        asked = scene.asked()
        assert len(asked) <= 3
        seen |= {path.rpartition("/")[2] for path in asked}
    assert seen == {
        "orders", "order_histories", "order_payments", "order_slip", "messages", "addresses",
        "customers",
    }  # fmt: skip


def test_what_no_look_shows_is_read_at_night_for_thirty_days(scene: Scene, order: int) -> None:
    first = scene.revision(order)
    scene.shop.execute("UPDATE orders SET gift_message = 'Joyeux Noël' WHERE id = ?", order)
    scene.clock.later(minutes=20)
    assert (scene.told(), scene.revision(order)) == (0, first)
    assert scene.stage.sync_shop(full=True).orders == 1
    second = scene.revision(order)
    assert second != first
    scene.close(order)
    scene.clock.later(days=31)
    scene.shop.execute("UPDATE orders SET gift_message = 'Trop tard' WHERE id = ?", order)
    assert scene.stage.sync_shop(full=True).orders == 0
    assert scene.revision(order) == second


@pytest.mark.parametrize("state", [0, 99])
def test_an_order_whose_state_says_nothing_is_read_once_in_a_pass(
    scene: Scene, order: int, state: int
) -> None:
    scene.shop.execute("UPDATE orders SET current_state = ? WHERE id = ?", state, order)
    scene.told()
    scene.told()
    asked = scene.asked()
    assert asked.count("/api/order_details") == 1


# --- clocks --------------------------------------------------------------------------------------


def test_an_order_under_a_clock_set_back_an_hour_is_seen_in_its_turn(
    scene: Scene, order: int
) -> None:
    scene.clock.shop_is_behind = timedelta(hours=1)
    late = scene.buys()
    told = 0
    for _ in range(4):
        scene.clock.later(minutes=5)
        told += scene.told()
    assert told == 1
    scene.stage.sync_till()
    assert scene.reference(late) in scene.in_till()


def test_an_order_from_the_future_hides_none_that_comes_after(scene: Scene, order: int) -> None:
    future = scene.buys()
    stamp = "2030-01-01 00:00:00"
    scene.shop.execute("UPDATE orders SET date_upd = ? WHERE id = ?", stamp, future)
    assert scene.told() == 1
    scene.clock.later(minutes=1)
    scene.buys()
    assert scene.told() == 1
    assert scene.told() == 0


# --- gone ----------------------------------------------------------------------------------------


def test_an_order_deleted_on_the_site_is_a_case_and_keeps_its_stock_until_a_person_says(
    scene: Scene, order: int
) -> None:
    last = scene.buys()
    scene.told()
    scene.shop.execute("DELETE FROM orders WHERE id = ?", order)
    assert scene.stage.sync_shop(full=True).absent_orders == []
    assert scene.cases() == ["order_deleted"]
    scene.stage.sync_shop(full=True)
    assert scene.cases() == ["order_deleted"]
    assert scene.shop.query("SELECT id FROM orders WHERE id = ?", last)


def test_an_order_that_keeps_nothing_goes_without_a_case(scene: Scene, order: int) -> None:
    scene.buys()
    scene.shop.set_state(order, CANCELLED)
    scene.told()
    scene.close(order)
    scene.shop.execute("DELETE FROM orders WHERE id = ?", order)
    scene.stage.sync_shop(full=True)
    assert scene.cases() == []


def test_an_order_that_is_there_again_is_a_case_no_more(scene: Scene, order: int) -> None:
    """A wrong backup was put back, and then the right one."""
    scene.buys()
    scene.told()
    [row] = scene.shop.query("SELECT * FROM orders WHERE id = ?", order)
    scene.shop.execute("DELETE FROM orders WHERE id = ?", order)
    scene.stage.sync_shop(full=True)
    assert scene.cases() == ["order_deleted"]
    marks = ", ".join("?" * len(row))
    scene.shop.execute(
        f"INSERT INTO orders ({', '.join(row)}) VALUES ({marks})",  # noqa: S608 - our own names
        *row.values(),
    )
    scene.stage.sync_shop(accept=("restored",))
    scene.stage.sync_shop()
    assert scene.cases() == []
    table = STATE.web_order
    with (
        wire_agent(scene.stage.agent(), scene.stage.agent_wiring) as agent,
        agent.engine.connect() as connection,
    ):
        query = select(table.c.deleted).where(table.c.shop_id == order)
        assert not connection.execute(query).scalar_one()


def test_an_id_that_nobody_ever_saw_is_asked_for_once_and_said(scene: Scene, order: int) -> None:
    lost = scene.buys()
    scene.buys()
    scene.shop.execute("DELETE FROM orders WHERE id = ?", lost)
    scene.told()
    assert scene.stage.sync_shop(full=True).absent_orders == [lost]
    assert scene.stage.sync_shop(full=True).absent_orders == []


# --- the same shop? ------------------------------------------------------------------------------


def test_a_shop_that_gives_ids_again_is_not_written_to_and_its_new_order_comes_home(
    scene: Scene, order: int
) -> None:
    # Restored from before the order; another customer has bought since.
    stamp = "2026-11-24 14:30:00"
    scene.shop.execute(
        "UPDATE orders SET reference = 'RESTOREDX', date_add = ?, date_upd = ? WHERE id = ?",
        stamp, "2026-11-25 09:00:00", order,
    )  # fmt: skip
    scene.shop.set_stock(scene.product, 0, 77)
    with pytest.raises(ShopGivenAgainError):
        scene.stage.sync_shop(full=True)
    assert scene.shop.stock_of(scene.product) == 77
    assert scene.cases() == ["order_deleted", "shop_restored"]  # the former order of this id
    scene.stage.sync_till()
    assert "RESTOREDX" in scene.in_till()
    with pytest.raises(ShopGivenAgainError):
        scene.stage.sync_shop()
    scene.stage.sync_shop(accept=("restored",))
    assert scene.shop.stock_of(scene.product) != 77
    scene.stage.sync_shop()


def test_a_restored_shop_is_looked_at_from_its_newest_ids_on(scene: Scene, order: int) -> None:
    with (
        wire_agent(scene.stage.agent(), scene.stage.agent_wiring) as agent,
        agent.engine.begin() as connection,
    ):
        rota = positions.get_rota(connection)
        slips = replace(rota.seen("order_slip"), after_id=900)  # given before the restore
        positions.keep_rota(connection, rota.after("order_slip", slips))
    scene.stage.sync_shop(accept=("restored",))
    _credit(scene.shop, order)
    told = 0
    for _ in range(5):
        scene.clock.later(minutes=15)
        told += scene.told()
    assert told == 1


def test_a_shop_whose_ids_end_earlier_stops_before_anything(scene: Scene, order: int) -> None:
    scene.shop.execute("DELETE FROM orders WHERE id = ?", order)
    with pytest.raises(ShopRestoredError):
        scene.stage.sync_shop()


@pytest.mark.parametrize("how", ["domain", "address"])
def test_a_copy_of_the_shop_is_asked_about_before_its_orders_are_read(
    scene: Scene, order: int, how: str
) -> None:
    if how == "domain":
        scene.shop.execute(
            "INSERT INTO configurations (name, value, id_shop_group, id_shop, date_add, date_upd) "
            "VALUES ('PS_SHOP_DOMAIN', 'staging.example', '', '', '', '')"
        )
    else:
        path = scene.stage.agent_file
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
        settings["shop"]["url"] = settings["shop"]["url"].replace("127.0.0.1", "localhost")
        path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    scene.buys()
    with pytest.raises(ShopMovedError):
        scene.stage.sync_shop(full=True)
    with (
        wire_agent(scene.stage.agent(), scene.stage.agent_wiring) as agent,
        agent.engine.connect() as connection,
    ):
        assert len(connection.execute(select(STATE.web_order)).all()) == 1
    assert scene.stage.sync_shop(accept=("moved",)).orders == 1
    assert scene.told() == 0  # it is not asked a second time


# --- customers -----------------------------------------------------------------------------------


def test_guests_and_an_account_with_one_email_are_one_customer_of_the_till(scene: Scene) -> None:
    for mail, guest in ((MAIL, True), (MAIL.upper(), True), (MAIL, False)):
        scene.shop.place_order(mail, [(scene.product, 0, 1)], state=PAID, guest=guest)
    scene.told()
    scene.stage.sync_till()
    assert len(scene.in_till()) == 3
    with open_till(scene.stage.till_path) as till:
        assert till.execute("SELECT COUNT(*) FROM CLIENT").fetchone() == (1,)
