"""What an order's state means, and what the order therefore keeps of the stock (SPEC §11). Pure.

Rules: a state is known by the shop's own settings and by its flags, never by its number or its
name; a setting that keeps stock wins over one that releases it, should both name one state. The
merchant may declare states dead. What nobody knows keeps its stock. A pack keeps its components,
and itself where the till has a figure for it.

    role = role_of(light.state, profile, dead={17})       # "paid"
    units_of(light.lines, role)                           # {(12, 40): 2}
    units_of(lines, role, packs={12: Pack((Part((7, 0), 2),))})     # {(7, 0): 4, (12, 0): 2}
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from protocol.records import Role
from shop_agent.profile import Profile, StateFlags
from shop_agent.reconcile.stock import Sellable

#: Who gives an order's units back to the site. `counted`: the till, by counting them in its figure.
#: `answer`: the till, by its word on the newest document.
Releaser = Literal["counted", "answer"]


@dataclass(frozen=True)
class Rule:
    """One line of the role table.

    Args:
        reserves: Its units are kept from being sold again.
        told: The order is told to the till.
        enters: Where the settings say nothing, it enters the till in this role.
        releases: Who gives the units back, of an order that the till was told of.
    """

    reserves: bool
    told: bool
    enters: bool
    releases: tuple[Releaser, ...]


_WAITS = Rule(reserves=True, told=True, enters=False, releases=("counted", "answer"))
_SERVED = Rule(reserves=True, told=True, enters=True, releases=("counted", "answer"))
_OVER = Rule(reserves=False, told=True, enters=False, releases=("answer",))
#: The role table: SPEC §11 and the shopkeeper's page show it, and tests hold them together.
TABLE: Mapping[Role, Rule] = MappingProxyType(
    {
        # PrestaShop has taken the stock, and has yet to say the state.
        "unset": Rule(reserves=True, told=False, enters=False, releases=()),
        "awaiting_payment": _WAITS,
        "paid": _SERVED,
        "payable_on_delivery": _SERVED,
        "preparing": _SERVED,
        "shipped": _SERVED,
        "delivered": _SERVED,
        "backorder_paid": _SERVED,
        "backorder_unpaid": _WAITS,
        "payment_error": _OVER,
        "cancelled": _OVER,
        "refunded": _OVER,
        "dead": _OVER,
        "unknown": _WAITS,
    }
)
#: Which roles keep their units from being sold again.
RESERVES: Mapping[Role, bool] = MappingProxyType(
    {role: rule.reserves for role, rule in TABLE.items()}
)
#: Roles in which the goods have left the shelf for good.
GONE_OUT: frozenset[Role] = frozenset({"shipped", "delivered"})
#: Roles in which nothing more is to be served.
OVER: frozenset[Role] = frozenset(role for role, rule in TABLE.items() if not rule.reserves)

#: Setting → role; the first that names a state counts.
SETTING_ROLES: tuple[tuple[str, Role], ...] = (
    ("PS_OS_PREPARATION", "preparing"),
    ("PS_OS_SHIPPING", "shipped"),
    ("PS_OS_DELIVERED", "delivered"),
    ("PS_OS_OUTOFSTOCK_PAID", "backorder_paid"),
    ("PS_OS_OUTOFSTOCK_UNPAID", "backorder_unpaid"),
    ("PS_OS_COD_VALIDATION", "payable_on_delivery"),
    ("PS_OS_PAYMENT", "paid"),
    ("PS_OS_WS_PAYMENT", "paid"),
    ("PS_OS_BANKWIRE", "awaiting_payment"),
    ("PS_OS_CHEQUE", "awaiting_payment"),
    ("PS_OS_PAYPAL", "awaiting_payment"),
    ("PS_OS_CANCELED", "cancelled"),
    ("PS_OS_REFUND", "refunded"),
    ("PS_OS_ERROR", "payment_error"),
)
#: Older shops know one backorder state; whether it is paid is said by its flag.
_BACKORDER = "PS_OS_OUTOFSTOCK"
_ON_DELIVERY_MODULES = frozenset({"ps_cashondelivery", "cashondelivery"})


@dataclass(frozen=True)
class Bought:
    """What one line of an order takes.

    Args:
        product_id: PrestaShop's.
        combination_id: 0 for a product without variants.
        quantity: Units ordered. Units refunded later are still in it: whether they came back to
            the shelf only the till knows, and until it has said so they are not sold again.
    """

    product_id: int
    combination_id: int
    quantity: int


def role_of(state: int, profile: Profile, dead: Collection[int] = ()) -> Role:
    """Return what a state of this shop means.

    Args:
        state: `current_state`; 0 while PrestaShop is still placing the order.
        profile: The shop's states and settings.
        dead: States that the merchant counts as never to be served.
    """
    if state == 0:
        return "unset"
    if state in dead:
        return "dead"
    flags = profile.states.get(state)
    if flags is None:
        return "unknown"
    return _by_setting(flags, profile.settings) or _by_flags(flags)


def _by_setting(flags: StateFlags, settings: Mapping[str, str]) -> Role | None:
    named = str(flags.id)
    for name, role in SETTING_ROLES:
        if settings.get(name, "").strip() == named:
            return role
    if settings.get(_BACKORDER, "").strip() == named:
        return "backorder_paid" if flags.paid else "backorder_unpaid"
    return None


def _by_flags(flags: StateFlags) -> Role:
    """Return the role of a state that no setting names: a merchant's or a module's own.

    A sale that counts without being paid is one that is paid on delivery.
    """
    if flags.shipped:
        return "shipped"
    if flags.delivery:
        return "preparing"
    if flags.paid:
        return "paid"
    if flags.logable or flags.module_name in _ON_DELIVERY_MODULES:
        return "payable_on_delivery"
    return "awaiting_payment"


@dataclass(frozen=True)
class Part:
    """One component of a pack: what it is, and how many units of it one pack holds."""

    sellable: Sellable
    quantity: int


@dataclass(frozen=True)
class Pack:
    """A product that is sold as several.

    Args:
        parts: Its components.
    """

    parts: tuple[Part, ...]


#: Products that are packs, by product id.
Packs = Mapping[int, Pack]
NO_PACKS: Packs = MappingProxyType({})


def units_of(lines: Iterable[Bought], role: Role, packs: Packs = NO_PACKS) -> dict[Sellable, int]:
    """Return the units that an order keeps in this role, by product and combination, none of 0."""
    return bought_units(lines, packs) if RESERVES[role] else {}


def bought_units(lines: Iterable[Bought], packs: Packs = NO_PACKS) -> dict[Sellable, int]:
    """Return what lines take, whatever the role: of a pack, itself and its components.

    Itself too where no article of the till is known to be it: it may be found to be one later.
    """
    units: dict[Sellable, int] = {}
    for line in lines:
        if line.quantity <= 0:
            continue
        itself, pack = Part((line.product_id, line.combination_id), 1), packs.get(line.product_id)
        for part in (itself, *(pack.parts if pack is not None else ())):
            taken = part.quantity * line.quantity
            units[part.sellable] = units.get(part.sellable, 0) + taken
    return units
