"""Where a program touches the world: what else happens there, and where it dies.

Every call that a program makes of the shop, the till or the place between is a port call. A script
says what happens before or after the n-th call at a point; one call may fail, or be the last thing
that the program does.

    ports.begin(Script(inside=(Moment("write", 1, False, place),), dies=7))
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from pos_exporter.intake.port import IntakeUnknownError, TillNotWritableError
from pos_exporter.source.port import TillUnreachableError
from protocol.channel.port import ChannelUnreachableError
from protocol.errors import ComptoirError
from shop_agent.prestashop.errors import ShopUnreachableError, WriteOutcomeUnknownError


class Death(BaseException):
    """The program was killed: nothing of it runs any more."""


@dataclass(frozen=True)
class Moment:
    """Something that happens while a program is at work.

    Args:
        point: The kind of port call.
        nth: Which of them in this run, from 1.
        after: It happens once the call had its effect; otherwise before.
        step: What.
    """

    point: str
    nth: int
    after: bool
    step: object


@dataclass(frozen=True)
class Script:
    """What happens inside one run of a program.

    Args:
        inside: Things that happen meanwhile.
        dies: The number of the port call that is its last; 0: it lives.
        fails: The number of the port call that fails; 0: none.
        late: The call that dies or fails has its effect all the same.
    """

    inside: tuple[Moment, ...] = ()
    dies: int = 0
    fails: int = 0
    late: bool = False


class ScriptedPorts:
    """Told of every port call.

    Args:
        happen: Makes a step happen.
        seen: Told of each call that had its effect.
        tick: Lets a little time pass.
    """

    def __init__(
        self,
        happen: Callable[[object], None],
        seen: Callable[[str], None],
        tick: Callable[[], None],
    ) -> None:
        self._happen = happen
        self._seen = seen
        self._tick = tick
        self.begin(Script())

    def begin(self, script: Script) -> None:
        """Begin a run."""
        self._script = script
        self.dead = False
        self.calls = 0
        self._counts: Counter[tuple[str, bool]] = Counter()

    def before(self, point: str) -> None:
        """Let happen what happens before this call; or it never comes to be."""
        if self.dead:
            raise Death
        self._tick()
        self.calls += 1
        self._play(point, after=False)
        if not self._script.late:
            self._stop(point)
        self._seen(f"before {point}")

    def after(self, point: str) -> None:
        """Let happen what happens after it."""
        self._seen(point)
        self._play(point, after=True)
        if self._script.late:
            self._stop(point)

    def _stop(self, point: str) -> None:
        if self._script.dies == self.calls:
            self.dead = True
            raise Death
        if self._script.fails == self.calls:
            raise _failure(point, late=self._script.late)

    def _play(self, point: str, *, after: bool) -> None:
        name = point.partition(" ")[0]
        self._counts[name, after] += 1
        for moment in self._script.inside:
            if (moment.point, moment.nth, moment.after) == (name, self._counts[name, after], after):
                self._happen(moment.step)


def _failure(point: str, *, late: bool) -> ComptoirError:
    """Return how such a call fails."""
    if point.startswith("channel"):
        return ChannelUnreachableError(place="model", reason="as the model ordered")
    if point.startswith("till_write"):
        if late:
            return IntakeUnknownError(reason="as the model ordered")
        return TillNotWritableError(reason="as the model ordered")
    if point.startswith("till"):
        return TillUnreachableError(reason="as the model ordered")
    if point.startswith(("write", "wrote")):
        return WriteOutcomeUnknownError(
            place="model", reason="as the model ordered", answered=False
        )
    return ShopUnreachableError(place="model", reason="as the model ordered")
