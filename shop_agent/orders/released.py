"""Units that a person gave back to the site although their order still stands (SPEC §6.9). Pure.

Rules: a floor, as a settlement is: of what the order keeps, these units are no longer counted, and
what it keeps above them is. It counts as long as the order's state is no better than the one in
which it was said: a payment that comes later keeps the units again, for good.

    released = Released("awaiting_payment", {"v:104201": 1})
    released.counts_in("cancelled")          # True
    released.counts_in("paid")               # False
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from protocol.records import Role

#: How near an order is to being served: over, hoped for, to be served.
_RANKS: Mapping[Role, int] = {
    "cancelled": 0,
    "refunded": 0,
    "payment_error": 0,
    "dead": 0,
    "unset": 1,
    "unknown": 1,
    "awaiting_payment": 1,
    "backorder_unpaid": 1,
    "paid": 2,
    "payable_on_delivery": 2,
    "preparing": 2,
    "shipped": 2,
    "delivered": 2,
    "backorder_paid": 2,
}


@dataclass(frozen=True)
class Released:
    """What a person gave back of one order.

    Args:
        role: The order's when it was said.
        units: By stock key.
    """

    role: Role
    units: Mapping[str, int]

    def counts_in(self, role: Role) -> bool:
        """Return whether it still counts when the order's state means this."""
        return _RANKS[role] <= _RANKS[self.role]


def render_released(released: Released) -> str:
    """Return it as text."""
    return json.dumps({"role": released.role, "units": dict(released.units)})


def parse_released(text: str | None) -> Released | None:
    """Return what `render_released` wrote; None for nothing."""
    if not text:
        return None
    kept = json.loads(text)
    return Released(kept["role"], kept["units"])
