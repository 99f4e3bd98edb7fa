"""A small storm against the simulated shop, with kills; then the exporter is stopped."""

from collections.abc import Iterator

import pytest

from demo.prestashop import Shop, serve
from tests.storm.programs import Inside, InsideUntilKilled
from tests.storm.setting import Setting, open_setting, tell
from tests.storm.shop import SimulatedStormShop
from tests.storm.size import SMALL, Size

KEY = "STORMSHOPKEY00000000000000000001"
SIZE = Size.from_environment(SMALL)


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    with Shop(None, key=KEY, fixtures=True) as shop, serve(shop) as server:
        simulated = SimulatedStormShop(shop, server.url)
        with open_setting(tmp_path_factory.mktemp("storm"), simulated, SIZE) as ready:
            yield ready


@pytest.mark.slow
def test_all_agree_after_a_storm_in_which_the_agent_is_killed(
    setting: Setting, capsys: pytest.CaptureFixture[str]
) -> None:
    with InsideUntilKilled(setting.play) as programs:
        storm = setting.storm(programs)
        storm.blow(kills=SIZE.kills)
        storm.calm()
    tell(storm, capsys)
    assert storm.ledger["placed"] + storm.ledger["nothing to buy"] == SIZE.orders
    assert storm.figures.kills == SIZE.kills
    assert storm.judge.wrong_orders() == []
    assert storm.judge.wrong_figures() == []


@pytest.mark.slow
def test_the_site_stays_under_the_bound_while_the_exporter_is_stopped(
    setting: Setting, capsys: pytest.CaptureFixture[str]
) -> None:
    storm = setting.storm(Inside(setting.play))
    storm.deliver(SIZE.stock)
    storm.calm()
    silent = storm.silence(selling=False)
    tell(storm, capsys, silent)
    assert silent.rounds == SIZE.rounds
    assert (silent.too_high, silent.too_low) == ([], [])
    storm.calm()
    assert storm.judge.wrong_orders() == []
    assert storm.judge.wrong_figures() == []
