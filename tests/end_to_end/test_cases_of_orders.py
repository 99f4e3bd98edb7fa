"""Cases of orders: what neither program can decide of one, from the shop to the page and back.

Figures are what the site shows, by hand: the formula is not asked for them.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from demo.till import open_till, web_orders
from shop_agent.case_errors import ShopGivenAgainError
from shop_agent.cases import open_cases
from shop_agent.replica import Replica
from tests.end_to_end.cases_scene import (
    ARTICLE,
    BANK_WIRE,
    CANCELLED,
    REFUNDED,
    SHIPPED,
    STOCK,
    THERE,
    Scene,
    open_scene,
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield from open_scene(tmp_path)


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
