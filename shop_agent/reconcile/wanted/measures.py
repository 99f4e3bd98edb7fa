"""Grams and millimetres in the units that the shop counts in.

Rules: the shop's setting names its unit; one that we do not know is taken for PrestaShop's own
(kilograms, centimetres). At most 6 places, as PrestaShop stores them.

    weight(1250, profile)      # "1.25" where PS_WEIGHT_UNIT is kg
    length(335, profile)       # "33.5" where PS_DIMENSION_UNIT is cm
    weight(-200, profile)      # "-0.2": a variant that is lighter than its article
"""

from collections.abc import Mapping
from decimal import Decimal

from protocol.money import MICRO, format_decimal
from shop_agent.profile import Profile

_GRAMS: Mapping[str, Decimal] = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_MILLIMETRES: Mapping[str, Decimal] = {
    "cm": Decimal(10),
    "mm": Decimal(1),
    "m": Decimal(1000),
    "in": Decimal("25.4"),
    "ft": Decimal("304.8"),
}


def weight(grams: int, profile: Profile) -> str:
    """Return a weight in the shop's unit."""
    return _in_unit(grams, _GRAMS, profile.settings.get("PS_WEIGHT_UNIT", ""), "kg")


def length(millimetres: int, profile: Profile) -> str:
    """Return a length in the shop's unit."""
    unit = profile.settings.get("PS_DIMENSION_UNIT", "")
    return _in_unit(millimetres, _MILLIMETRES, unit, "cm")


def _in_unit(amount: int, units: Mapping[str, Decimal], name: str, usual: str) -> str:
    one = units.get(name.strip().casefold(), units[usual])
    return format_decimal((Decimal(amount) / one).quantize(MICRO))
