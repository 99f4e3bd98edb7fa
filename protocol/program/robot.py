"""`run --every 5m`: passes at an interval in the foreground, until somebody says stop.

An error ends a pass, never the robot. The first SIGINT or SIGTERM ends the wait, or lets a running
pass end; the second one interrupts it. A pass that takes longer than the interval is followed by
the next without a rest, never joined by it.

    return keep_running(timedelta(minutes=5), one_pass, output)
"""

import signal
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from protocol.errors import Text
from protocol.program.command import handling
from protocol.program.console import DONE, INTERRUPTED, Output

_NAP_SECONDS = 0.25
_STARTED = Text(
    "Robot en marche, toutes les {minutes} min. Ctrl-C pour arrêter après le passage en cours, "
    "deux fois pour l'interrompre",
    "Robot at work, every {minutes} min. Ctrl-C to stop after the running pass, twice to "
    "interrupt it",
)
_STOPPED = Text("Robot arrêté", "Robot stopped")


class _Stop:
    """Whether somebody asked for the end; a second asking interrupts. It must not print."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def keep_running(
    every: timedelta,
    one_pass: Callable[[], int],
    output: Output,
    *,
    elapsed: Callable[[], float] = time.monotonic,
) -> int:
    """Run passes until a signal; return the robot's own exit code.

    Args:
        every: From one start to the next.
        one_pass: Runs one pass, tells how it went, and returns its exit code.
        output: Where the robot tells.
        elapsed: Seconds of a clock that never goes back.
    """
    stop = _Stop()
    with handling({signal.SIGINT, signal.SIGTERM}, stop):
        output.say(_STARTED, minutes=f"{every.total_seconds() / 60:g}")
        while not stop.asked:
            began = elapsed()
            code = one_pass()
            if code == INTERRUPTED:
                return INTERRUPTED
            _rest(stop, every.total_seconds() - (elapsed() - began))
    output.say(_STOPPED)
    return DONE


def _rest(stop: _Stop, seconds: float) -> None:
    """Wait in short sleeps: a lock that a signal's handler also wants could wait for ever."""
    until = time.monotonic() + seconds
    while not stop.asked and (left := until - time.monotonic()) > 0:
        time.sleep(min(_NAP_SECONDS, left))
