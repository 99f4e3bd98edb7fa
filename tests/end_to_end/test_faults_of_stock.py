"""Faults of stock that a second reading found; none may come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.till import receive_goods, sell
from protocol.errors import ComptoirError
from tests.end_to_end.faults_scene import (
    AWAITING_CHEQUE,
    CANCELLED,
    OTHER,
    RED,
    SIMPLE,
    Scene,
    open_scene,
    web_orders_of,
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as made:
        yield made


def test_an_order_inside_the_window_of_an_early_batch_is_repaired_in_the_same_pass(
    scene: Scene,
) -> None:
    assert scene.figure(RED) == 4
    scene.act(receive_goods, RED, 10)  # a high figure: written first
    scene.act(sell, OTHER, 1)  # a low one: written after another reading of the orders
    scene.stage.sync_till()
    scene.shop.before_next(lambda: scene.buy(RED, 1), method="PATCH", path="/api/stock_availables")
    scene.stage.sync_shop()
    assert scene.figure(RED) == 13


def test_a_dry_run_forgets_nothing_that_orders_touched(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    for _ in range(4):
        scene.both()
    assert scene.figure(RED) == 2
    scene.shop.set_state(order, CANCELLED)  # the shop gives back, the till has not answered
    assert scene.figure(RED) == 4
    scene.act(sell, SIMPLE, 1)  # a pass with nothing to do reads no orders while it plans
    scene.stage.sync_till()
    scene.shop.clear_requests()
    scene.stage.sync_shop(dry_run=True)
    assert scene.writes() == []
    scene.stage.sync_shop()
    assert scene.figure(RED) == 2


def test_a_pass_that_fails_forgets_nothing_that_orders_touched(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    for _ in range(2):
        scene.both()
    scene.shop.set_state(order, CANCELLED)
    scene.shop.fail_next("500", method="GET", path="/api/stock_availables", times=20)
    scene.broken_pass()
    scene.stage.sync_shop()
    assert scene.figure(RED) == 2


def test_an_order_changed_while_the_pass_ended_is_computed_by_the_next(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    for _ in range(4):
        scene.both()
    scene.act(sell, SIMPLE, 1)
    scene.stage.sync_till()

    def cancel_after(readings: int) -> None:
        """Cancel before the reading of orders that follows so many others."""
        act = (
            (lambda: cancel_after(readings - 1))
            if readings
            else (lambda: scene.shop.set_state(order, CANCELLED))
        )
        scene.shop.before_next(act, method="GET", path="^/api/orders$")

    def buy_meanwhile() -> None:
        scene.buy(OTHER, 1)  # seen in brief by the look back, whole by the pass's last reading
        cancel_after(2)

    scene.shop.before_next(buy_meanwhile, method="PATCH", path="/api/stock_availables")
    scene.stage.sync_shop()
    assert scene.figure(RED) == 4
    scene.stage.sync_shop()
    assert scene.figure(RED) == 2


def test_an_order_placed_and_cancelled_around_a_write_leaves_the_figure_right(
    scene: Scene,
) -> None:
    scene.act(receive_goods, RED, 10)
    scene.stage.sync_till()

    def buy_and_regret() -> None:
        order = scene.buy(RED, 1)  # taken before our write, given back after it
        scene.shop.before_next(
            lambda: scene.shop.set_state(order, CANCELLED), method="GET", path="^/api/orders$"
        )

    scene.shop.before_next(buy_and_regret, method="PATCH", path="/api/stock_availables")
    scene.stage.sync_shop()
    assert scene.figure(RED) == 14


def test_a_cancelled_order_of_the_baseline_releases_nothing(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    scene.act(sell, RED, 2)  # entered at the till by hand
    scene.stage.set_baseline("all")
    for _ in range(2):
        scene.both()
    assert scene.figure(RED) == 2
    scene.shop.set_state(order, CANCELLED)
    assert scene.figure(RED) == 4
    scene.both()
    assert scene.figure(RED) == 2
    assert web_orders_of(scene) == 0


def test_the_till_gives_back_the_baseline_that_was_set_last(scene: Scene) -> None:
    scene.buy(RED, 2)
    scene.act(sell, RED, 2)
    scene.stage.set_baseline("all")
    for _ in range(2):
        scene.both()
    for file in (scene.stage.folder / "agent").glob("state.db*"):
        file.unlink()
    with pytest.raises(ComptoirError):
        scene.stage.sync_shop()
    scene.recover()
    assert (web_orders_of(scene), scene.figure(RED)) == (0, 2)


def test_a_product_deleted_by_hand_comes_back_whole_in_one_full_pass(scene: Scene) -> None:
    scene.buy(RED, 1, state=AWAITING_CHEQUE)
    scene.both()
    before = scene.product(1001)
    assert (scene.figure(RED), len(before.images), before.active) == (3, 1, True)
    _delete_product(scene, before.id)
    for _ in range(3):
        scene.both(full=True)
    after = scene.product(1001)
    assert after.id != before.id
    assert {variant.reference: variant.stock for variant in after.variants} == {
        variant.reference: variant.stock for variant in before.variants
    }
    assert (len(after.images), after.active) == (1, True)
    assert scene.quiet() == []


def test_stock_of_a_recreated_product_is_there_when_it_is_switched_on(scene: Scene) -> None:
    before = scene.product(1002)
    _delete_product(scene, before.id)
    scene.both(full=True)
    after = scene.product(1002)
    assert (after.active, after.stock) == (True, before.stock)


def test_an_article_that_got_variants_keeps_its_sum_in_every_full_pass(scene: Scene) -> None:
    scene.at_the_till(
        "INSERT INTO DECLINAISON (ID_DECL, ID_ART, COD_PT, COD_COUL, REF_DECL) "
        "SELECT 100201, 1002, COD_PT, COD_COUL, 'NEW-A' FROM DECLINAISON WHERE ID_DECL = 100101"
    )
    scene.act(receive_goods, 100201, 7)
    for _ in range(2):
        scene.both()
    assert (scene.figure(100201), scene.product(1002).stock) == (7, 7)
    scene.both(full=True)
    assert scene.product(1002).stock == 7
    assert scene.quiet() == []


def _delete_product(scene: Scene, product: int) -> None:
    """Delete a product as the back office does, with all that hangs on it."""
    scene.front.ask("DELETE", f"products/{product}")
