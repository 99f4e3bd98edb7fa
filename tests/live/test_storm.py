"""Storms on a real shop; see `tests.storm.size` for what the environment may say.

`COMPTOIR_LIVE_STORM=yes`: at full size. `COMPTOIR_STORM_INSIDE=yes`: both programs run within this
process, but for the agent's kills, which makes more passes on a small machine; otherwise each run
is the real command.
"""

import os
from collections.abc import Iterator

import pytest

from tests.storm.programs import Commands, InsideUntilKilled, Killable
from tests.storm.setting import Setting, open_setting, tell
from tests.storm.shop import open_real_shop
from tests.storm.size import SMALL, Size

FULL = os.environ.get("COMPTOIR_LIVE_STORM") == "yes"
SIZE = Size.from_environment(Size() if FULL else SMALL)
INSIDE = os.environ.get("COMPTOIR_STORM_INSIDE") == "yes"
PROGRAMS: type[Killable] = InsideUntilKilled if INSIDE else Commands

pytestmark = [pytest.mark.live, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    names = ("COMPTOIR_SHOP_URL", "COMPTOIR_SHOP_KEY", "COMPTOIR_SHOP_DB")
    with (
        open_real_shop(*(os.environ[name] for name in names)) as shop,
        open_setting(tmp_path_factory.mktemp("storm"), shop, SIZE) as ready,
    ):
        yield ready


@pytest.mark.parametrize("kills", [*[0] * SIZE.times, SIZE.kills])
def test_all_agree_after_a_storm(
    setting: Setting, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with PROGRAMS(setting.play) as programs:
        storm = setting.storm(programs)
        storm.deliver(SIZE.stock if setting.storms > 1 else 0)
        storm.calm()
        storm.blow(kills=kills)
        storm.calm()
    tell(storm, capsys)
    assert storm.ledger["placed"] + storm.ledger["nothing to buy"] == SIZE.orders
    assert storm.ledger["placed"] >= SIZE.orders // 2
    assert storm.figures.kills == kills
    assert storm.judge.wrong_orders() == []
    assert storm.judge.wrong_figures() == []


@pytest.mark.parametrize("selling", [False, True])
def test_the_site_stays_under_the_bound_while_the_exporter_is_stopped(
    setting: Setting, selling: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with PROGRAMS(setting.play) as programs:
        storm = setting.storm(programs)
        storm.deliver(SIZE.stock // 2)
        storm.calm()
        silent = storm.silence(selling=selling)
        tell(storm, capsys, silent)
        assert silent.rounds == SIZE.rounds
        assert (silent.too_high, silent.too_low) == ([], [])
        storm.calm()
    assert storm.judge.wrong_orders() == []
    assert storm.judge.wrong_figures() == []
