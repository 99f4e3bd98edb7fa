"""One pass under the lock of its state folder, with a log file of its own.

return locked_pass(paths, "shop-agent sync", output, act, clock=utc_now, secrets=[key])
"""

import logging
import secrets as random
from collections.abc import Callable, Iterable
from datetime import datetime

from protocol.program.console import Output, RunReport, run_main
from protocol.program.lock import run_lock
from protocol.program.logs import run_log
from protocol.program.settings import StatePaths


def locked_pass(
    paths: StatePaths,
    command: str,
    output: Output,
    act: Callable[[], RunReport],
    *,
    clock: Callable[[], datetime],
    secrets: Iterable[str] = (),
) -> int:
    """Carry out a pass, tell how it ended, and return its exit code.

    Args:
        paths: Of the program's state.
        command: What this run is, without its arguments: people are shown it.
        output: Where it tells.
        act: The pass.
        clock: UTC now.
        secrets: What may not stand in its log.

    Raises:
        LockHeldError: When another run is at work; nothing was done.
        StateAccessError: When the state folder may not be written.
    """
    with (
        run_lock(paths.folder, command=command, now=clock()),
        # What a person must know is told by the output; the console would tell it twice.
        run_log(
            paths.logs, random.token_hex(3), clock=clock, secrets=secrets,
            console_level=logging.CRITICAL + 1,
        ) as log,
    ):  # fmt: skip
        return run_main(act, output, lambda: log.path)
