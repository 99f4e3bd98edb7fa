"""What may be done to the shop's orders, and which state stands for which stage. Pure.

Rules: a state is chosen by the shop's own settings, never by its number; an order is moved only
from the roles listed for the stage; what has gone further, or is over, stays as it is.

    rules = Rules()
    rules.state_of("shipped", profile)        # the shop's PS_OS_SHIPPING, or None
    rules.may_move("shipped", "paid")         # True
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from protocol.records import Role
from protocol.records.progress import Stage
from shop_agent.profile import Profile

#: The shop's setting that names the state of each stage.
SETTINGS: Mapping[Stage, str] = MappingProxyType(
    {
        "prepared": "PS_OS_PREPARATION",
        "shipped": "PS_OS_SHIPPING",
        "delivered": "PS_OS_DELIVERED",
        "cancelled": "PS_OS_CANCELED",
    }
)
_SOLD: frozenset[Role] = frozenset({"paid", "payable_on_delivery", "backorder_paid"})
#: From which roles an order is moved to a stage, where the merchant says nothing.
FROM: Mapping[Stage, frozenset[Role]] = MappingProxyType(
    {
        "prepared": _SOLD,
        "shipped": _SOLD | {"preparing"},
        "delivered": _SOLD | {"preparing", "shipped"},
        "cancelled": _SOLD | {"preparing", "awaiting_payment", "backorder_unpaid"},
    }
)
#: In which roles a parcel's number is written: it is on its way, whatever the state says.
PARCELS: frozenset[Role] = _SOLD | {"preparing", "shipped", "delivered"}
OVER: frozenset[Role] = frozenset({"cancelled", "refunded", "payment_error", "dead"})
_RANKS: Mapping[str, int] = {
    "preparing": 1, "prepared": 1, "shipped": 2, "delivered": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """What the merchant allows.

    Args:
        from_roles: Per stage, the roles that an order is moved from; stages left out as by default.
        states: Per stage, the shop's state; stages left out by the shop's own settings.
        mails: Stages of which the customer is told by the state's e-mail.
        mails_each_parcel: A further parcel is told too, not only the first.
        mail_within: What happened longer ago is not told any more.
        cancels: An order that the till cancelled is cancelled in the shop.
        dead: States that the merchant counts as never to be served.
    """

    from_roles: Mapping[Stage, frozenset[Role]] = field(default_factory=dict)
    states: Mapping[Stage, int] = field(default_factory=dict)
    mails: frozenset[Stage] = frozenset({"shipped"})
    mails_each_parcel: bool = True
    mail_within: timedelta = timedelta(days=7)
    cancels: bool = False
    dead: Collection[int] = ()

    def state_of(self, stage: Stage, profile: Profile) -> int | None:
        """Return the shop's state of a stage; None when it has none that is still offered."""
        text = profile.settings.get(SETTINGS[stage], "").strip()
        named = int(text) if text.isascii() and text.isdigit() else 0
        state = profile.states.get(self.states.get(stage, named))
        return None if state is None or state.deleted else state.id

    def may_move(self, stage: Stage, role: Role) -> bool:
        """Return whether an order in this role is moved to this stage."""
        return role in self.from_roles.get(stage, FROM[stage])


def is_there(stage: Stage, role: Role) -> bool:
    """Return whether an order in this role is as far as this stage, or further."""
    if stage == "cancelled":
        return role in OVER
    return _RANKS.get(role, 0) >= _RANKS[stage]
