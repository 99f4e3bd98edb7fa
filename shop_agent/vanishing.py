"""Sizes that vanish from articles that stay: a mass of them waits for a person.

A figure that the till says is never held. That nothing is said any more of many sellables at once
is no figure, and looks like a broken reading of the till: the site keeps theirs until a yes.

    held = Vanishing(desk).hold({Subject("variant", "104-38"): digest}, of=lambda: 2010)
"""

from collections.abc import Callable, Mapping

from shop_agent.actions import Subject
from shop_agent.apply import Applier, Desk
from shop_agent.judging import label
from shop_agent.reconcile.brakes import SELLABLES, Asked, is_mass
from shop_agent.replica import Replica


class Vanishing:
    """Asks before stock goes to 0 for want of a fact.

    Args:
        desk: What the pass's writers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def hold(self, leaving: Mapping[Subject, str], *, of: Callable[[], int]) -> frozenset[Subject]:
        """Return which of these wait for a person; their fates say so.

        Args:
            leaving: Variants, or stock records of articles, that the site still sells, with the
                hash of their facts.
            of: Counts the sellables that the site has, these left out.
        """
        holds, brakes = self._desk.holds, self._desk.choices.brakes
        if holds is None or not leaving:
            return frozenset()
        with self._desk.engine.connect() as connection:
            lines = {one: label(Replica(connection), one) for one in leaving}
        among = len(leaving) + (of() if len(leaving) > brakes.mass_count else 0)
        held = holds.ask(
            Asked(SELLABLES, lines, among), lambda count, of: is_mass(count, of=of, brakes=brakes)
        )
        self._desk.hashes |= {one: leaving[one] for one in held}
        fresh = [hold for one, hold in held.items() if one not in self._desk.failed]
        if fresh:
            Applier(self._desk).carry_out(fresh)
        return frozenset(held)
