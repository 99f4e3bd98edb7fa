"""The idle story, on the simulated shop; and a quarter of an hour of such minutes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo.till import build_small_till
from shop_agent.wiring import Wiring
from tests.equipment.counting_ftp import counting_handler, listings, logins
from tests.stories.idle import IdleStory
from tests.stories.play import open_play
from tests.stories.simulated import simulated_shopfront

#: What is asked in turn beside orders and customers: none of it has a date of change of its order.
IN_TURN = {"order_slip", "order_payments", "messages", "addresses"}
MOST_REQUESTS = 3


class TestIdle(IdleStory):
    """A small till."""


def test_no_minute_of_a_quarter_of_an_hour_costs_more_and_all_is_asked_in_it(
    tmp_path: Path,
) -> None:
    handler, now = counting_handler(), datetime.now(UTC)
    with (
        simulated_shopfront() as front,
        open_play(tmp_path, front, build_small_till, handler=handler) as play,
    ):
        play.first_load()
        play.both()
        asked: set[str] = set()
        for minute in range(1, 36):
            moment = now + timedelta(minutes=minute)
            handler.commands.clear()
            play.proxy.clear()
            replace(play.stage, agent_wiring=Wiring(clock=_standing_at(moment))).sync_shop()
            if minute < 18:  # the first look around meets what the shop brought along
                continue
            requests = [one.resource for one in play.proxy.requests()]
            assert len(requests) <= MOST_REQUESTS, (minute, requests)
            assert (logins(handler.commands), listings(handler.commands)) == (1, 1), minute
            asked |= set(requests)
    assert asked >= IN_TURN


def _standing_at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment
