"""What an order's state means, and what the order therefore keeps of the stock. Pure.

Rules: a state is known by the shop's own settings and by its flags, never by its number or its
name; a setting that keeps stock wins over one that releases it, should both name one state. The
merchant may declare states dead. What nobody knows keeps its stock.

    role = role_of(light.state, profile, dead={17})       # "paid"
    units_of(light.lines, role)                           # {(12, 40): 2}
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from protocol.records import Role
from shop_agent.profile import Profile, StateFlags
from shop_agent.reconcile.stock import Sellable

#: Which roles keep their units from being sold again.
RESERVES: Mapping[Role, bool] = MappingProxyType(
    {
        "unset": True,  # PrestaShop has taken the stock, and has yet to say the state
        "awaiting_payment": True,
        "paid": True,
        "payable_on_delivery": True,
        "preparing": True,
        "shipped": True,
        "delivered": True,
        "backorder_paid": True,
        "backorder_unpaid": True,
        "payment_error": False,
        "cancelled": False,
        "refunded": False,
        "dead": False,
        "unknown": True,
    }
)

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


def units_of(lines: Iterable[Bought], role: Role) -> dict[Sellable, int]:
    """Return the units that an order keeps in this role, by product and combination, none of 0."""
    units: dict[Sellable, int] = {}
    if not RESERVES[role]:
        return units
    for line in lines:
        if line.quantity > 0:
            sellable = (line.product_id, line.combination_id)
            units[sellable] = units.get(sellable, 0) + line.quantity
    return units
