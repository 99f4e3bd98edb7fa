"""Numbers the events of a run, and kills the program before or after one of them.

An event is a command to the FTP server, a request to the shop, or a commit. *Before*: it has not
reached its server, or is not committed. *After*: it has happened, and the program does not know.
A program does one thing at a time, so events come one after the other, whoever sees them.

    referee = Referee()
    run = referee.play(program, orders, kill=Kill(17, "after"))
    run.events[16], run.killed
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal, Self

When = Literal["before", "after"]
Program = Literal["pos", "shop"]
_HERE = Path(__file__).parents[2]


@dataclass(frozen=True)
class Kill:
    """Where a run is to end.

    Args:
        event: Its number, from 1.
        when: Before or after its effect.
    """

    event: int
    when: When


@dataclass
class Run:
    """What was seen of one run.

    Args:
        process: The program.
        kill: Where it is to end; None lets it finish.
        events: What happened, in order; the last may not have, when it was killed before it.
        killed: Whether it was.
    """

    process: "Actor"
    kill: Kill | None
    events: list[str] = field(default_factory=list)
    killed: bool = False


class Actor:
    """A program started and imported, waiting for its orders."""

    def __init__(self, program: Program, errors: IO[bytes]) -> None:
        self.program = program
        command = [sys.executable, "-W", "ignore", "-m", "tests.kills.run_program", program]
        environment = {**os.environ, "PYTHONPATH": str(_HERE)}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            text=True, env=environment,
        )  # fmt: skip

    def say(self, line: str) -> None:
        """Send it a line."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()

    def hear(self) -> str:
        """Return its next line; empty once it has ended."""
        return self._process.stdout.readline().strip() if self._process.stdout else ""

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()

    def wait(self) -> int:
        """Return its exit code once it has ended; negative for a signal."""
        return self._process.wait(timeout=60)

    def close(self) -> None:
        """End it if it still waits, and give everything back."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(timeout=60)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Referee:
    """The gate of both relays, and the one who answers a program's commits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run: Run | None = None
        #: Requests that changed the shop, seen since this was emptied, whoever sent them.
        self.writes: list[str] = []

    def before(self, what: str) -> bool:
        """Count an event; False when the program was killed before it."""
        with self._lock:
            if what.startswith("HTTP ") and not what.startswith(("HTTP GET", "HTTP HEAD")):
                self.writes.append(what)
            run = self._run
            if run is None:
                return True
            if run.killed:
                return False
            run.events.append(what)
            return self._spare(run, "before")

    def after(self, what: str) -> bool:
        """Return False when the program was killed after an event."""
        with self._lock:
            run = self._run
            return run is None or (not run.killed and self._spare(run, "after"))

    def play(self, actor: Actor, orders: Mapping[str, Any], kill: Kill | None = None) -> Run:
        """Have a program run once, to its end or to the chosen event.

        Args:
            actor: A process made ready.
            orders: Its command's arguments and environment.
            kill: Where it is to end.

        Raises:
            RunFailedError: it ended otherwise.
        """
        run = Run(actor, kill)
        with self._lock:
            self._run = run
        actor.say(json.dumps(orders))
        while word := actor.hear():
            self._commit(run, word)
        code = actor.wait()
        with self._lock:
            self._run = None
        if code != (-signal.SIGKILL if run.killed else 0):
            raise RunFailedError(f"{actor.program} ended with {code} after {run.events[-3:]}")
        return run

    def _commit(self, run: Run, word: str) -> None:
        when, _, what = word.partition(" ")
        goes_on = self.before(what) if when == "before" else self.after(what)
        if goes_on:
            run.process.say("go")

    def _spare(self, run: Run, when: When) -> bool:
        if run.kill is None or run.kill != Kill(len(run.events), when):
            return True
        run.killed = True
        run.process.kill()
        return False


class RunFailedError(Exception):
    """A program ended neither by its own will nor by ours."""
