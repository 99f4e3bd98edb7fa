"""Histories drawn from a seed: the same seed makes the same history, on any machine.

Most steps are what a day brings; a part of the histories also has what no day should bring.

    history = generate(4711)
    history.length()          # at least 40
"""

import random
from collections.abc import Mapping

from tests.model.ports import Moment, Script
from tests.model.steps import QUIETLY, History, Setting, Step

LEAST = 40
_DAY: Mapping[str, int] = {
    "agent": 12, "export": 8, "place": 14, "begin": 6, "finish": 6, "state": 12, "edit": 7,
    "credit": 1, "remake": 2, "sell": 8, "receive": 3, "count": 9, "uncount": 3, "follow": 2,
    "wait": 8,
}  # fmt: skip
_ROAD: Mapping[str, int] = {"lose": 2, "hide": 3, "show": 3, "double": 2}
_LOSS: Mapping[str, int] = {"backup": 4, "restore": 2, "forget": 1, "accept": 1, "click": 1}
#: What may happen while a program is at work.
_WHILE_AGENT: Mapping[str, int] = {
    "place": 8, "begin": 3, "finish": 3, "state": 4, "edit": 2, "sell": 1,
}  # fmt: skip
_WHILE_EXPORTER: Mapping[str, int] = {
    "count": 5, "uncount": 3, "sell": 3, "receive": 1, "place": 1, "state": 1,
}  # fmt: skip
_AGENT_POINTS: Mapping[tuple[str, bool], int] = {
    ("write", False): 5, ("write", True): 5, ("orders_read", False): 3,
    ("stock_availables", False): 2, ("stock_availables", True): 3, ("order_details", False): 1,
}  # fmt: skip
_EXPORTER_POINTS: Mapping[tuple[str, bool], int] = {
    ("till_counted", False): 4, ("till_stock", False): 4, ("till_write", False): 1,
    ("till_write", True): 1,
}  # fmt: skip
#: How likely a state is: indexes of `shop.STATES`.
_USUAL_STATES = (1, 1, 1, 0, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12, 13)
_WAITS = (1, 5, 30, 120, 600, 1800, 7200, 40000)


def generate(seed: int) -> History:
    """Return the history of a seed."""
    drawn = _Drawn(random.Random(seed))
    return History(drawn.setting(), drawn.steps(), seed)


class _Drawn:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        has_road, has_loss = chance.random() < 0.45, chance.random() < 0.3
        self._likely = {
            **_DAY, **(_ROAD if has_road else {}), **(_LOSS if has_loss else {}),
        }  # fmt: skip
        self._faulty = chance.random() < 0.6

    def setting(self) -> Setting:
        """Return a world."""
        chance = self._chance
        old = tuple(
            (chance.randrange(4), chance.choice((1, 2)), chance.choice(_USUAL_STATES),
             chance.random() < 0.6)
            for _ in range(chance.choice((0, 0, 1, 2, 3)))
        )  # fmt: skip
        return Setting(
            quantity=chance.choice((0, 1, 2, 3, 5, 8)),
            buffer=chance.choice((0, 0, 0, 1, 2)),
            at_import=chance.random() < 0.4,
            takes_changes=chance.random() < 0.6,
            one_snapshot=chance.random() < 0.4,
            pack_stock=chance.randrange(3),
            edits_move=chance.random() < 0.7,
            tick=chance.choice((5, 20, 20, 400)),
            old=old,
        )

    def steps(self) -> tuple[Step, ...]:
        """Return what happens, at least `LEAST` steps."""
        steps: list[Step] = []
        length, wanted = 0, LEAST + self._chance.randrange(11)
        while length < wanted:
            step = self._step(self._likely)
            if step.name in ("agent", "export"):
                step = self._with_script(step)
            steps.append(step)
            length += step.count()
        return tuple(steps)

    def _step(self, likely: Mapping[str, int]) -> Step:
        name = self._chance.choices(list(likely), list(likely.values()))[0]
        return Step(name, tuple(getattr(self, f"_{name}")()))

    def _with_script(self, step: Step) -> Step:
        chance, is_agent = self._chance, step.name == "agent"
        moments = []
        if chance.random() < (0.75 if is_agent else 0.4):
            points = _AGENT_POINTS if is_agent else _EXPORTER_POINTS
            likely = _WHILE_AGENT if is_agent else _WHILE_EXPORTER
            for _ in range(chance.choice((1, 2, 2, 3))):
                point, after = chance.choices(list(points), list(points.values()))[0]
                nth = chance.choice((1, 1, 1, 2, 2, 3, 4) if is_agent else (1, 2, 3, 3, 4))
                moments.append(Moment(point, nth, after, self._step(likely)))
        dies = fails = 0
        if self._faulty and chance.random() < 0.16:
            number = chance.choice((chance.randrange(1, 8), chance.randrange(1, 40)))
            dies, fails = chance.choice(((number, 0), (0, number)))
        late = bool(dies or fails) and chance.random() < 0.4
        script = Script(tuple(moments), dies, fails, late)
        return Step(step.name, step.args, script) if script != QUIETLY else step

    # --- the numbers of each step ----------------------------------------------------------------

    def _any(self) -> int:
        return self._chance.randrange(12)

    def _pick(self) -> int:
        return self._chance.choice((0, 0, 0, 1, 2, 2, 3))

    def _place(self) -> list[int]:
        chance = self._chance
        return [
            self._pick(), chance.choice((1, 1, 1, 2)), self._pick(), chance.choice((0, 1, 1, 2)),
            chance.choice(_USUAL_STATES),
        ]  # fmt: skip

    def _begin(self) -> list[int]:
        return [*self._place(), self._chance.randrange(3)]

    def _finish(self) -> list[int]:
        return [self._any()]

    def _state(self) -> list[int]:
        return [self._any(), self._chance.choice(_USUAL_STATES)]

    def _edit(self) -> list[int]:
        return [self._any(), self._chance.choice((0, 0, 1, 2)), self._pick(),
                self._chance.choice((0, 1, 1, 2, 3))]  # fmt: skip

    _credit = _finish
    _remake = _finish

    def _sell(self) -> list[int]:
        return [self._pick(), self._chance.choice((1, 1, 2))]

    def _receive(self) -> list[int]:
        return [self._pick(), self._chance.choice((1, 2, 5))]

    def _count(self) -> list[int]:
        return [self._any(), self._chance.choice((-1, -1, 0, 1, 2, 3))]

    _uncount = _finish
    _follow = _finish

    def _export(self) -> list[int]:
        return [self._chance.choice((0, 0, 0, 0, 1, 1, 1, 2))]

    def _agent(self) -> list[int]:
        return [self._chance.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))]

    def _wait(self) -> list[int]:
        return [self._chance.choice(_WAITS)]

    def _lose(self) -> list[int]:
        return [self._chance.randrange(2), self._any()]

    _hide = _lose
    _double = _lose
    _show = _finish

    def _backup(self) -> list[int]:
        return [self._chance.randrange(4)]

    _restore = _backup

    def _forget(self) -> list[int]:
        return [self._chance.randrange(2)]

    def _accept(self) -> list[int]:
        return []

    _click = _accept
