"""Makes a failing history short: what can be left out is, as long as it still fails.

short = shrunk(history, fails=lambda one: bool(play(rig, one).broken))
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.model.steps import QUIETLY, History, Setting, Step

Fails = Callable[[History], bool]


def shrunk(history: History, fails: Fails, *, tries: int = 400) -> History:
    """Return a history that fails and of which nothing more can be left out.

    Args:
        history: It fails.
        fails: Whether a history does.
        tries: The most histories that are played for it.
    """
    left = [tries]

    def still(one: History) -> bool:
        left[0] -= 1
        return left[0] >= 0 and fails(one)

    size = max(1, len(history.steps) // 2)
    while size:
        shorter = _without_parts(history, size, still)
        if len(shorter.steps) == len(history.steps) or size > 1:
            size //= 2
        history = shorter
    return _first_that_fails(history, still)


def _without_parts(history: History, size: int, still: Fails) -> History:
    start = 0
    while start < len(history.steps):
        shorter = replace(history, steps=history.steps[:start] + history.steps[start + size :])
        if still(shorter):
            history = shorter
        else:
            start += size
    return history


def _first_that_fails(history: History, still: Fails) -> History:
    """Simplify single steps and the setting, one after the other, until nothing helps."""
    while (simpler := next((one for one in _simpler(history) if still(one)), None)) is not None:
        history = simpler
    return history


def _simpler(history: History) -> Iterator[History]:
    for name, value in vars(Setting()).items():
        if getattr(history.setting, name) != value:
            yield replace(history, setting=replace(history.setting, **{name: value}))
    for number, step in enumerate(history.steps):
        for one in _simpler_steps(step):
            steps = (*history.steps[:number], one, *history.steps[number + 1 :])
            yield replace(history, steps=steps)


def _simpler_steps(step: Step) -> Iterator[Step]:
    script = step.script
    if script != QUIETLY:
        yield replace(step, script=QUIETLY)
    if script.dies or script.fails:
        yield replace(step, script=replace(script, dies=0, fails=0, late=False))
    for number in range(len(script.inside)):
        rest = script.inside[:number] + script.inside[number + 1 :]
        yield replace(step, script=replace(script, inside=rest))
    if step.name in ("agent", "export") and step.args != (0,):
        yield replace(step, args=(0,))
    if step.name in ("place", "begin") and step.args[3]:
        yield replace(step, args=(*step.args[:3], 0, *step.args[4:]))
