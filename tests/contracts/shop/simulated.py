"""The script spoken to the simulator.

heard = speak_to_simulator(STEPS, RESTRICTED)
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from demo.prestashop import Shop, serve
from demo.prestashop.versions import DEFAULT
from tests.contracts.shop.asking import words
from tests.contracts.shop.model import Step
from tests.contracts.shop.runner import Heard, Target, run_script
from tests.stories.simulated import SimulatedShopfront

KEYS = {
    "full": "SIMULATEDSHOPKEY0000000000000001",
    "restricted": "SCRIPTRESTRICTEDKEY0000000000001",
    "disabled": "SCRIPTDISABLEDKEY000000000000001",
}


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self) -> None:
        self.now += timedelta(seconds=2)


def speak_to_simulator(
    steps: Iterable[Step],
    restricted: Mapping[str, set[str]],
    fixtures: bool = True,
    version: str = DEFAULT,
) -> list[Heard]:
    """Run steps against a new simulated shop and return what was heard.

    Args:
        steps: In their order.
        restricted: Methods by resource of the key named so.
        fixtures: Whether the shop has the demo products, as a real one freshly installed.
        version: The PrestaShop that the shop is.
    """
    clock = _Clock()
    with Shop(None, key=KEYS["full"], clock=clock, fixtures=fixtures, version=version) as shop:
        shop.add_key(KEYS["restricted"], restricted)
        shop.add_key(KEYS["disabled"], restricted)
        shop.disable_key(KEYS["disabled"])
        with serve(shop) as server:
            front = SimulatedShopfront(shop, server.url)
            target = Target(server.url, KEYS, clock.forward, front, words(version))
            return run_script(target, steps)
