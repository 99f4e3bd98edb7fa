"""One pass at a time: the button and the robot start the same one, and the page sees how far it is.

A second start while a pass runs is answered no, and not queued: the running pass, or the next one,
takes the same changes.

    runner = Runner(lambda report: sync(settings, report))
    runner.start()          # True: began in the background; False: one is running
    runner.progress()       # ("read", 1200, 4812), or None when nothing runs
"""

import threading
from collections.abc import Callable

import structlog

#: Told by a pass: which step, how many done, of how many (0: not known).
Report = Callable[[str, int, int], None]
Progress = tuple[str, int, int]
_FIRST = "receive"


class Runner:
    """Runs passes, never two at once.

    Args:
        run: One pass, which tells its progress.
    """

    def __init__(self, run: Callable[[Report], object]) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._progress: Progress | None = None

    def start(self) -> bool:
        """Begin a pass in the background; return whether it began."""
        if not self._lock.acquire(blocking=False):
            return False
        threading.Thread(target=self._in_background, name="pass", daemon=True).start()
        return True

    def run_now(self) -> bool:
        """Run a pass and return when it has ended: whether it ran. Its errors are the caller's."""
        if not self._lock.acquire(blocking=False):
            return False
        self._carry_out()
        return True

    def is_running(self) -> bool:
        """Return whether a pass is under way."""
        return self._lock.locked()

    def progress(self) -> Progress | None:
        """Return how far the running pass is, or None."""
        return self._progress

    def _report(self, step: str, done: int, total: int) -> None:
        self._progress = (step, done, total)

    def _carry_out(self) -> None:
        try:
            self._progress = (_FIRST, 0, 0)
            self._run(self._report)
        finally:
            self._progress = None
            self._lock.release()

    def _in_background(self) -> None:
        try:
            self._carry_out()
        except Exception:  # the top of a run: no caller is left who could be told
            structlog.get_logger().exception("pass")
