"""The robot: a thread that runs a pass every few minutes, as the shopkeeper set it.

It works while the page is served. A pass started by hand puts the next one off; a pass that fails
never stops the robot; a pass that is due while another runs is not run twice.

    robot = Robot(engine, runner.run_now, clock=utc_now)
    robot.start()
    robot.change(RobotSetting(on=True, minutes=5))
"""

import threading
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Protocol

import structlog
from sqlalchemy import Engine

from pos_exporter.overview.robot import (
    RobotSetting,
    latest_start,
    next_run,
    read_setting,
    write_setting,
)
from protocol.program.engine import reading

#: Longest wait in seconds: another process may change the setting, a PC may sleep and wake.
_LONGEST = 30.0


class RobotPort(Protocol):
    """What the page needs of the robot."""

    def change(self, setting: RobotSetting) -> None:
        """Keep a new choice and act on it at once."""


class Robot:
    """A thread that runs passes when they are due.

    Args:
        engine: The exporter's state.
        run: One pass; returns when it has ended, or at once when another is running.
        clock: UTC now.
        zone: Of the hours; None is the PC's own.
        wake: Ends a wait early; handed in by tests.
    """

    def __init__(
        self,
        engine: Engine,
        run: Callable[[], object],
        *,
        clock: Callable[[], datetime],
        zone: tzinfo | None = None,
        wake: threading.Event | None = None,
    ) -> None:
        self._engine = engine
        self._run = run
        self._clock = clock
        self._zone = zone
        self._wake = wake or threading.Event()
        self._stopping = threading.Event()
        self._attempted: datetime | None = None
        self._thread = threading.Thread(target=self._work, name="robot", daemon=True)

    def change(self, setting: RobotSetting) -> None:
        """Keep a new choice and act on it at once."""
        with self._engine.begin() as connection:
            write_setting(connection, setting)
        self._wake.set()

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Start no more passes; wait so long for the running one, which a crash would not harm."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(seconds)

    def step(self) -> float:
        """Run a pass if one is due; return how many seconds may pass before the next look."""
        now = self._clock()
        with reading(self._engine).connect() as connection:
            setting, recorded = read_setting(connection), latest_start(connection)
        # A pass that dies before it is on record still counts, or it would be tried without rest.
        started = max((t for t in (recorded, self._attempted) if t), default=None)
        due = next_run(setting, started, now, self._zone)
        if due is None:
            return _LONGEST
        if due > now:
            return min((due - now).total_seconds(), _LONGEST)
        self._attempted = now
        self._run()
        return 0.0

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self.step()
            except Exception:  # the top of a run: nobody above could tell, and the robot goes on
                structlog.get_logger().exception("robot")
                pause = _LONGEST
            self._wake.wait(pause)
            self._wake.clear()
