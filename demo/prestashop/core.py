"""What every part of the simulated shop shares: its database, its clock, its settings.

Times are the shop's own (Europe/Paris), without offset, to the second, as PrestaShop writes them.

    core = Core(database, clock=lambda: datetime.now(UTC), chance=random.Random(1))
    core.now()                    # "2026-11-24 03:17:00"
    core.setting("PS_OS_ERROR")   # "8"
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from demo.prestashop.database import Database
from demo.prestashop.versions import Version, get_version

SHOP_ZONE = ZoneInfo("Europe/Paris")
THIS_SHOP = 1

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Core:
    """The shop's shared parts.

    Args:
        clock: Aware present time.
        chance: Where secret keys and order references come from.
        version: The PrestaShop that the shop is.
    """

    database: Database
    clock: Clock
    chance: random.Random
    version: Version = field(default_factory=get_version)

    def now(self) -> str:
        """Return the shop's local date and time."""
        return self.clock().astimezone(SHOP_ZONE).strftime("%Y-%m-%d %H:%M:%S")

    def setting(self, name: str) -> str:
        """Return a configuration value; empty when there is none."""
        sql = "SELECT value FROM configurations WHERE name = ? ORDER BY id LIMIT 1"
        return self.database.find_text(sql, name) or ""

    def setting_number(self, name: str) -> int:
        """Return a configuration value as a whole number, 0 when it is none."""
        text = self.setting(name)
        return int(text) if text.isdigit() else 0

    def languages(self) -> tuple[int, ...]:
        """Return the ids of the languages."""
        return tuple(self.database.languages())

    def secret(self) -> str:
        """Return 32 hexadecimal digits."""
        return f"{self.chance.getrandbits(128):032x}"
