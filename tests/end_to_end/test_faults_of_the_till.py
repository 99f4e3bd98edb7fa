"""Faults of the till's side that a second reading found; none may come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from demo.till import open_till, sell
from protocol.errors import ComptoirError
from tests.end_to_end.faults_scene import RED, SIMPLE, Scene, open_scene, web_orders_of


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as made:
        yield made


def test_stock_goes_on_while_the_till_refuses_to_be_written(scene: Scene) -> None:
    scene.buy(RED, 1)
    scene.stage.sync_shop()
    scene.act(sell, SIMPLE, 1)
    with open_till(scene.stage.till_path) as till, till:
        till.execute("BEGIN IMMEDIATE")  # another program holds the till
        with pytest.raises(ComptoirError) as raised:
            scene.stage.sync_till()
        assert raised.value.code == "E-INT-006"
        till.rollback()
    scene.stage.sync_shop()
    assert scene.figure(SIMPLE) == 9


def test_a_till_that_takes_orders_alone_is_not_stopped_by_a_customer(scene: Scene) -> None:
    path = scene.stage.folder / "mapping.yaml"
    mapping = yaml.safe_load(path.read_text(encoding="utf-8"))
    del mapping["write_back"]["customer"]
    path.write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    scene.shop.register_customer("noa@example.fr", firstname="Noa", lastname="Petit")
    scene.buy(RED, 1)
    scene.stage.sync_shop()
    exported, _ = scene.both()
    assert (exported.orders.imported, web_orders_of(scene)) == (1, 1)


def test_what_was_set_aside_during_a_snapshot_is_buried_when_it_goes(scene: Scene) -> None:
    scene.at_the_till("UPDATE ARTICLE SET PX_TTC = 'x' WHERE ID_ART = 1002")
    scene.stage.sync_till(full=True)
    scene.stage.sync_shop()
    assert scene.product(1002).active
    scene.at_the_till("UPDATE ARTICLE SET PX_TTC = '45,90', INTERNET = 'N' WHERE ID_ART = 1002")
    for _ in range(2):
        scene.both()
    assert not scene.product(1002).active
