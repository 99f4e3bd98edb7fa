"""Readings of orders within one pass: short, and blind to nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from demo.till import build_small_till, sell
from tests.stories.play import Play, open_play
from tests.stories.simulated import SimulatedShopfront, simulated_shopfront

VARIANT = 100101
NEXT_YEAR = "2037-01-01 00:00:00"


@pytest.fixture
def front() -> Iterator[SimulatedShopfront]:
    with simulated_shopfront() as front:
        yield front


@pytest.fixture
def play(front: SimulatedShopfront, tmp_path: Path) -> Iterator[Play]:
    with open_play(tmp_path, front, build_small_till) as play:
        play.first_load()
        yield play


def read_from(play: Play) -> list[datetime]:
    """Return from when on each reading of orders asked, in order."""
    asked = [
        parse_qs(urlsplit(one.target).query)
        for one in play.proxy.requests()
        if one.resource == "orders"
    ]
    stamps = [query["filter[date_upd]"][0] for query in asked if "filter[date_upd]" in query]
    return [datetime.fromisoformat(stamp.strip(">[]")) for stamp in stamps]


def test_the_first_reading_of_a_pass_looks_back_far_and_the_others_a_minute(
    play: Play, front: SimulatedShopfront
) -> None:
    product, combination, _ = play.place(VARIANT)
    front.shop.place_order("zoe@example.com", [(product, combination, 1)])
    with play.till() as till:
        sell(till, VARIANT, 1)
    play.stage.sync_till()
    play.proxy.clear()
    play.stage.sync_shop()
    first, *others = read_from(play)
    assert len(others) >= 2
    newest = datetime.fromisoformat(
        front.shop.query("SELECT MAX(date_upd) d FROM orders")[0]["d"] or ""
    )
    assert {newest - one for one in others} == {timedelta(minutes=1)}
    assert newest - first >= timedelta(minutes=5)


def test_an_order_stamped_in_the_future_hides_none_that_falls_into_the_window(
    play: Play, front: SimulatedShopfront
) -> None:
    product, combination, shown = play.place(VARIANT)
    strange = front.shop.place_order("zoe@example.com", [(product, combination, 1)])
    front.shop.execute("UPDATE orders SET date_upd = ? WHERE id = ?", NEXT_YEAR, strange)
    with play.till() as till:
        sell(till, VARIANT, 1)
    play.stage.sync_till()
    front.shop.before_next(
        lambda: front.shop.place_order("paul@example.com", [(product, combination, 1)]),
        method="PATCH", path="stock_availables",
    )  # fmt: skip
    play.stage.sync_shop()
    assert play.place(VARIANT)[2] == shown - 3
