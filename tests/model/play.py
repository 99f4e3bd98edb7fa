"""Plays histories and counts what they had; the first that fails is made short and printed.

outcome = play(rig, generate(4711))
outcome.broken                      # what does not hold, or empty
tally = play_many(rig, seeds=range(1, 201))
"""

import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from protocol.records import Stock
from tests.model.generate import generate
from tests.model.moments import MOMENTS
from tests.model.promise import BrokenPromiseError, Exposure
from tests.model.rest import account, rest
from tests.model.rig import Rig
from tests.model.shrink import shrunk
from tests.model.steps import History, Setting
from tests.model.world import ModelWorld


@dataclass(frozen=True)
class Outcome:
    """What became of one history.

    Args:
        broken: What does not hold; empty: all does.
        trace: What happened, line by line, and how the figures stand.
        seen: The kinds of moments that it had.
        naive: A plain copy of the till's figures would have oversold.
        exposures: Those that it had.
    """

    broken: str
    trace: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    naive: bool = False
    exposures: tuple[Exposure, ...] = ()


def begun_with(rig: Rig) -> Mapping[str, Stock]:
    """Have the rig's programs meet, once, and return what the agent has heard since."""
    if rig.heard is None:
        rig.heard = ModelWorld(rig, Setting()).oracle.heard
    return rig.heard


def play(rig: Rig, history: History) -> Outcome:
    """Play one history to its rest."""
    world = ModelWorld(rig, history.setting, history.seed, begun_with(rig))
    broken = ""
    try:
        for step in history.steps:
            world.happen(step)
        rest(world)
    except BrokenPromiseError as error:
        broken = str(error)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{last.filename.rpartition('/')[2]}:{last.lineno} {last.name}"
        broken = f"{type(error).__name__}: {error} at {place}"
    trace = (*world.trace, *account(world).splitlines()) if broken else ()
    return Outcome(
        broken,
        trace,
        frozenset(world.watch.seen),
        world.judge.naive_oversold,
        tuple(world.judge.exposures),
    )


@dataclass
class Tally:
    """What many histories had.

    Args:
        histories: How many were played.
        failures: The history that failed, made short, and what became of it, for each failure.
        naive: In how many a plain copy would have oversold.
        moments: In how many there was a moment of each kind.
        exposures: Those that there were.
        exposed: In how many histories.
        shortest: Steps of the shortest history.
    """

    histories: int = 0
    failures: list[tuple[History, Outcome]] = field(default_factory=list)
    naive: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    exposures: list[Exposure] = field(default_factory=list)
    exposed: int = 0
    shortest: int = 10**9

    def lines(self) -> list[str]:
        """Return the account; the last line is the sum."""
        share = {name: 100 * self.moments[name] / max(1, self.histories) for name in MOMENTS}
        mended = [one.seconds for one in self.exposures if one.in_one_pass]
        stopped = len(self.exposures) - len(mended)
        return [
            *(f"model: an order {n}: {self.moments[n]} ({share[n]:.1f} %)" for n in MOMENTS),
            f"model: exposures inside the window: {len(self.exposures)} in {self.exposed} "
            f"histories, {len(mended)} mended by the same pass, the longest "
            f"{max(mended, default=0.0):.1f} s; {stopped} by the next, their pass being stopped",
            f"model: steps: at least {self.shortest}",
            f"model: histories: {self.histories}, failures: {len(self.failures)}, "
            f"naive oversold: {self.naive}",
        ]


def play_many(
    rig: Rig,
    seeds: Iterable[int],
    *,
    stop_at: int = 1,
    tell: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Play the histories of some seeds; after so many failures, no more."""
    tally = Tally()
    for seed in seeds:
        history = generate(seed)
        outcome = play(rig, history)
        tally.histories += 1
        tally.naive += outcome.naive
        tally.moments.update(outcome.seen)
        tally.exposures += outcome.exposures
        tally.exposed += bool(outcome.exposures)
        tally.shortest = min(tally.shortest, history.length())
        if outcome.broken:
            tally.failures.append(shortened(rig, history))
        tell(tally)
        if len(tally.failures) >= stop_at:
            break
    return tally


def shortened(rig: Rig, history: History) -> tuple[History, Outcome]:
    """Return a shorter history that fails too, and what becomes of it."""
    short = shrunk(history, lambda one: bool(play(rig, one).broken))
    return short, play(rig, short)


def told(history: History, outcome: Outcome) -> str:
    """Return a counterexample for people."""
    return "\n".join(
        [
            f"counterexample of seed {history.seed}: {outcome.broken}",
            f"  {history.setting}",
            *(f"  {step}" for step in history.steps),
            "what happened:",
            *(f"  {line}" for line in outcome.trace),
        ]
    )
