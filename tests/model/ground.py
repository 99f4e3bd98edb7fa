"""What all parts of one history's world stand on: the clock, the shop, the till, the truth.

Parts (people, the road, losses, the judge) take it and change only what is theirs.

    ground = Ground(rig, setting)
    ground.pass_time(3600)
    ground.present()                      # what each order keeps now, by uid
"""

from datetime import UTC, datetime, timedelta

from protocol.channel.memory import MemoryPlace
from shop_agent.actions import Subject
from shop_agent.replica import Replica
from tests.model.goods import ARTICLES, KEYS, PRODUCTS
from tests.model.oracle import Oracle, Units, kept_by, uid_of
from tests.model.rig import Rig
from tests.model.shop import ModelShop
from tests.model.steps import Setting
from tests.model.till import ModelTill

_START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Ground:
    """The shop, the till and the place between, and what is so at this moment.

    Args:
        rig: The programs.
        setting: How it is made.
    """

    def __init__(self, rig: Rig, setting: Setting) -> None:
        self.rig = rig
        self.setting = setting
        self.now = _START
        self.shop = ModelShop(self._local, setting.pack_stock, setting.edits_move)
        self.till = ModelTill("at_import" if setting.at_import else "by_hand",
                              setting.takes_changes)  # fmt: skip
        self.place = MemoryPlace()
        self.oracle = Oracle(self.till)
        #: The side whose program runs; empty: neither.
        self.running = ""
        #: The code of what stopped the last run.
        self.stopped = ""
        #: The shop was restored, and not healed since.
        self.is_stale = False
        #: Orders as a backup had them: what they kept as last read, and what they keep since.
        self.put_back: dict[str, tuple[Units, Units]] = {}
        self.trace: list[str] = []

    def _local(self) -> str:
        return (self.now + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")

    def pass_time(self, seconds: int) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def present(self) -> dict[str, dict[str, int]]:
        """Return what each of the shop's orders keeps now, by uid."""
        return {uid_of(one): kept_by(one) for one in self.shop.orders.values()}

    def adopt(self) -> bool:
        """Link what the till sells to what the shop has, as the catalogue's pass does.

        Returns:
            Whether anything was linked.
        """
        is_new = False
        with self.rig.shop.engine.begin() as connection:
            replica = Replica(connection)
            links = replica.links()
            for key in KEYS:
                found = [("article", ARTICLES[key], PRODUCTS[key])]
                if key in self.shop.combinations:
                    found.append(("variant", key[2:], self.shop.combinations[key]))
                for kind, name, ps_id in found:
                    if links(kind, name) != ps_id and replica.find(kind, name) is not None:
                        replica.link(Subject(kind, name), ps_id)
                        is_new = True
        return is_new
