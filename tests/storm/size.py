"""How big a storm is; each figure may be set in the environment.

| variable | meaning |
|---|---|
| COMPTOIR_STORM_ORDERS | web orders that are placed |
| COMPTOIR_STORM_VARIANTS | sellables of the till, a multiple of ten |
| COMPTOIR_STORM_SALES | units that the till sells meanwhile |
| COMPTOIR_STORM_WORKERS | who place, edit and cancel |
| COMPTOIR_STORM_KILLS | how often the agent is killed, in the storm with kills |
| COMPTOIR_STORM_STOCK | units of each sellable at the beginning |
| COMPTOIR_STORM_TIMES | storms without kills |
| COMPTOIR_STORM_ROUNDS | agent passes while the exporter is stopped |
| COMPTOIR_STORM_SEED | of all that is drawn |

    size = Size.from_environment(Size(orders=500))
"""

import os
from dataclasses import dataclass, fields, replace

_PREFIX = "COMPTOIR_STORM_"


@dataclass(frozen=True)
class Size:
    """See the module.

    Args:
        rest: Seconds of a worker between two acts.
        pause: Seconds of a program between two runs.
    """

    orders: int = 500
    variants: int = 40
    sales: int = 300
    workers: int = 4
    kills: int = 20
    stock: int = 25
    times: int = 3
    rounds: int = 10
    seed: int = 1
    rest: float = 0.0
    pause: float = 2.0

    @classmethod
    def from_environment(cls, usual: "Size") -> "Size":
        """Return a size with what the environment says instead."""
        names = [one.name for one in fields(cls) if one.type is int]
        said = {name: os.environ.get(f"{_PREFIX}{name.upper()}") for name in names}
        return replace(usual, **{name: int(text) for name, text in said.items() if text})


#: As it is played with the other tests.
SMALL = Size(
    orders=60, variants=10, sales=40, kills=5, stock=12, rounds=3, times=1, rest=0.05, pause=0.1
)
