"""What the states of orders mean: their flags, and those that hold no stock.

The two states that give stock back are settings, never numbers.

    flag(core, 4, "shipped")      # True
    giving_back(core)             # frozenset({6, 8})
"""

# ruff: noqa: S608 - only names of our own tables are put into SQL; values are bound

from demo.prestashop.core import Core


def giving_back(core: Core) -> frozenset[int]:
    """Return the states in which an order holds no stock: payment error and cancelled."""
    names = ("PS_OS_ERROR", "PS_OS_CANCELED")
    return frozenset(core.setting_number(name) for name in names)


def flag(core: Core, state: int, name: str) -> bool:
    """Return one of the flags of a state; False for a state that does not exist."""
    return bool(core.database.number(f"SELECT {name} FROM order_states WHERE id = ?", state))
