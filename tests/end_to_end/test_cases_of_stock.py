"""Cases of units: unpaid orders that keep them, and figures below zero.

Figures are what the site shows, by hand: the formula is not asked for them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.till import open_till, sell
from tests.end_to_end.cases_scene import (
    BANK_WIRE,
    CANCELLED,
    PAID,
    SIMPLE,
    STOCK,
    THERE,
    Scene,
    open_scene,
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    yield from open_scene(tmp_path)


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


def _choose(scene: Scene, **choices: Any) -> None:
    path = scene.stage.exporter_file
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["policy"] = choices
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
