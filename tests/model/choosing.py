"""How a step's numbers choose among what is there at that moment.

pick(BOUGHT, 7)                       # one of them, whatever the number
cart(0, 1, 9, 0)                      # one of the first thing that is bought, nothing else
side_of(3)                             # "shop"
"""

from collections.abc import Sequence
from typing import TypeVar

from protocol.channel.port import Side
from tests.model.goods import BOUGHT

T = TypeVar("T")


def pick(among: Sequence[T], number: int) -> T:
    """Return one of several, whatever the number."""
    return among[number % len(among)]


def cart(first: int, units: int, second: int, more: int) -> list[tuple[str, int]]:
    """Return what a customer buys: one or two things, and how many of each."""
    bought = [(pick(BOUGHT, first), max(1, units))]
    if more > 0 and pick(BOUGHT, second) != bought[0][0]:
        bought.append((pick(BOUGHT, second), more))
    return bought


def side_of(number: int) -> Side:
    """Return one of the two sides."""
    return "pos" if number % 2 == 0 else "shop"
