"""Faults of orders, customers and fates that a second reading found; none may come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.till import cancel_web_order, open_till, switch_internet, web_orders
from protocol.errors import ComptoirError
from tests.end_to_end.faults_scene import CANCELLED, OTHER, RED, SIMPLE, Scene, open_scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as made:
        yield made


def test_a_cancellation_is_not_closed_while_the_till_still_has_the_order(scene: Scene) -> None:
    order = scene.buy(RED, 2)
    for _ in range(2):
        scene.both()
    for file in (scene.stage.folder / "exporter").glob("state.db*"):
        file.unlink()
    scene.recover()
    scene.shop.set_state(order, CANCELLED)
    scene.stage.sync_shop()
    exported, _ = scene.both()
    assert exported.orders.waiting == 1
    assert scene.figure(RED) == 2
    with open_till(scene.stage.till_path) as till:
        [mine] = web_orders(till)
        cancel_web_order(till, mine.order_id)
    scene.both()
    assert scene.figure(RED) == 4


def test_a_customer_on_the_way_to_a_lost_exporter_arrives(scene: Scene) -> None:
    scene.shop.register_customer("noa@example.fr", firstname="Noa", lastname="Petit")
    scene.stage.sync_shop()
    for file in (scene.stage.folder / "exporter").glob("state.db*"):
        file.unlink()
    scene.recover()
    with open_till(scene.stage.till_path) as till:
        rows = till.execute("SELECT NOM FROM CLIENT WHERE MAIL = 'noa@example.fr'").fetchall()
    assert rows == [("Petit",)]


def test_an_exporter_without_its_state_learns_again_what_is_applied(scene: Scene) -> None:
    before = scene.fates()
    assert before["article", "1001"] == "applied"
    for file in (scene.stage.folder / "exporter").glob("state.db*"):
        file.unlink()
    scene.recover()
    assert scene.fates() == before


def test_an_article_that_came_back_is_told_as_applied(scene: Scene) -> None:
    scene.act(switch_internet, 1002, on=False)
    for _ in range(2):
        scene.both()
    assert ("article", "1002") not in scene.fates()
    scene.act(switch_internet, 1002, on=True)
    for _ in range(2):
        scene.both()
    assert scene.fates()["article", "1002"] == "applied"


def test_a_restored_shop_goes_on_when_a_person_says_so(scene: Scene) -> None:
    first = scene.buy(SIMPLE, 1)
    last = scene.buy(RED, 1)
    for _ in range(2):
        scene.both()
    old = "2026-01-01 00:00:00"
    scene.shop.execute("UPDATE orders SET date_upd = ? WHERE id = ?", old, first)
    scene.shop.execute("DELETE FROM orders WHERE id = ?", last)
    scene.shop.execute("DELETE FROM sqlite_sequence WHERE name = 'orders'")
    with pytest.raises(ComptoirError) as raised:
        scene.stage.sync_shop()
    assert raised.value.code == "E-ORD-001"
    scene.stage.sync_shop(accept=("restored",))
    again = scene.buy(OTHER, 1)
    for _ in range(2):
        scene.both()
    assert again <= last
    with open_till(scene.stage.till_path) as till:
        assert len(web_orders(till)) == 3
