"""`run --every 5m`: passes at an interval in the foreground, until somebody says stop.

An error ends a pass, never the robot. The first SIGINT or SIGTERM ends the wait at once, or lets a
running pass end; the second one interrupts it. A pass that takes longer than the interval is
followed by the next without a rest, never joined by it.

    return keep_running(timedelta(minutes=5), one_pass, output)
"""

import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from protocol.errors import Text
from protocol.program.command import handling
from protocol.program.console import DONE, INTERRUPTED, Output

_STARTED = Text("Robot en marche, toutes les {minutes} min. Ctrl-C pour arrêter",
                "Robot at work, every {minutes} min. Ctrl-C to stop")  # fmt: skip
_STOPPING = Text(
    "Arrêt demandé : le passage en cours se termine (encore une fois pour l'interrompre)",
    "Stopping: the running pass ends first (once more to interrupt it)",
)
_STOPPED = Text("Robot arrêté", "Robot stopped")


class _Stop:
    """Whether somebody asked for the end, and what a second asking does."""

    def __init__(self, output: Output) -> None:
        self.event = threading.Event()
        self.in_pass = False
        self._output = output

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.event.is_set():
            raise KeyboardInterrupt
        self.event.set()
        if self.in_pass:
            self._output.say(_STOPPING)


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
    stop = _Stop(output)
    with handling({signal.SIGINT, signal.SIGTERM}, stop):
        output.say(_STARTED, minutes=f"{every.total_seconds() / 60:g}")
        while not stop.event.is_set():
            began = elapsed()
            stop.in_pass = True
            code = one_pass()
            stop.in_pass = False
            if code == INTERRUPTED:
                return INTERRUPTED
            stop.event.wait(max(0.0, every.total_seconds() - (elapsed() - began)))
    output.say(_STOPPED)
    return DONE
