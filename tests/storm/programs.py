"""Both programs at work: within this process, or as the real commands, one of which may be killed.

programs = Commands(play)
ran = programs.run_agent()
ran.exposures, ran.is_idle
programs.kill_agent(after=1.3)          # SIGKILL; True: it was still at work
"""

import json
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Self

from pos_exporter.approvals import SHRUNKEN
from pos_exporter.changes import ShrunkenReadError
from protocol.errors import RetryableError
from tests.stories.play import Play

#: Exit codes of a run that did what it could: all, some set aside, try later, more to do.
_WENT_ON = frozenset({0, 3, 5, 8})
_PERSON = 6
_SECONDS = 600


@dataclass(frozen=True)
class Ran:
    """What one run did.

    Args:
        summary: As `--json` tells it; empty when it was to try later.
        seconds: How long it took, its start included.
        asked: A person was asked whether so much may be sold out at once, and said yes.
    """

    summary: Mapping[str, Any]
    seconds: float
    asked: bool = False

    @property
    def exposures(self) -> int:
        """Rows that stood too high between a write and the look back."""
        return int(self.summary.get("exposures", 0))

    @property
    def exposure_seconds(self) -> float:
        """How long they did, together."""
        return float(self.summary.get("exposure_seconds", 0))

    @property
    def longest_exposure(self) -> float:
        """How long the longest of them lasted, in seconds."""
        return float(self.summary.get("exposure_longest", 0))

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        orders, changes = self.summary.get("orders"), self.summary.get("changes", {})
        moved = orders["imported"] if isinstance(orders, dict) else orders
        return bool(self.summary) and not (
            self.summary["received"] or moved or self.summary.get("written")
            or any(changes.values()) or self.summary.get("packets", {}).get("built")
        )  # fmt: skip


class Programs(ABC):
    """Runs of both programs of one stage."""

    @abstractmethod
    def run_exporter(self) -> Ran:
        """Run the exporter once."""

    @abstractmethod
    def run_agent(self) -> Ran:
        """Run the agent's quick pass once."""


class Inside(Programs):
    """Both within this process.

    Args:
        play: The stage.
    """

    def __init__(self, play: Play) -> None:
        self._stage = play.stage

    def run_exporter(self) -> Ran:
        began = monotonic()
        asked = False
        try:
            try:
                summary = self._stage.sync_till().summary()
            except ShrunkenReadError:
                asked = True
                summary = self._stage.sync_till(accept=(SHRUNKEN,)).summary()
        except RetryableError:
            summary = {}
        return Ran(summary, monotonic() - began, asked=asked)

    def run_agent(self) -> Ran:
        began = monotonic()
        return Ran(self._stage.sync_shop().summary(), monotonic() - began)


class Killable(Programs):
    """Programs of which the agent can be killed: its real command, a process of its own.

    Processes are made ready while others are at work.

    Args:
        play: The stage.
    """

    def __init__(self, play: Play) -> None:
        stage = play.stage
        self._environment = {**os.environ, **stage.environment}
        self._files = {"pos_exporter": stage.exporter_file, "shop_agent": stage.agent_file}
        self._ready: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._ready.values():
            process.kill()
            process.communicate()

    def kill_agent(self, *, after: float) -> bool:
        """Let the agent begin and kill it some seconds later; return whether it was at work."""
        with self._take("shop_agent") as process:
            try:
                process.communicate("go\n", timeout=after)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                return True
        return False

    def _take(self, program: str) -> "subprocess.Popen[str]":
        """Return a process that waits for its line; the next one is made ready."""
        process = self._ready.pop(program, None) or self._start(program)
        self._ready[program] = self._start(program)
        return process

    def _start(self, program: str) -> "subprocess.Popen[str]":
        file = str(self._files[program])
        command = (sys.executable, "-m", "tests.storm.warm", program, "sync", "-c", file, "--json")
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=self._environment,
        )  # fmt: skip


class Commands(Killable):
    """The real commands, each run a process of its own."""

    def run_exporter(self) -> Ran:
        ran, code = self._run("pos_exporter")
        if code == _PERSON:
            ran, code = self._run("pos_exporter", "--accept", SHRUNKEN)
            ran = replace(ran, asked=True)
        assert code in _WENT_ON, f"the exporter ended with {code}"
        return ran

    def run_agent(self) -> Ran:
        ran, code = self._run("shop_agent")
        assert code in _WENT_ON, f"the agent ended with {code}"
        return ran

    def _run(self, program: str, *more: str) -> tuple[Ran, int]:
        process = self._take(program)
        began = monotonic()
        with process:
            out, err = process.communicate(" ".join(("go", *more)) + "\n", timeout=_SECONDS)
        if process.returncode not in _WENT_ON:
            sys.stderr.write(err)  # shown with the failure
        return Ran(_summary(out), monotonic() - began), process.returncode


class InsideUntilKilled(Killable):
    """Both within this process, but for an agent that is to be killed.

    Args:
        play: The stage.
    """

    def __init__(self, play: Play) -> None:
        super().__init__(play)
        self._inside = Inside(play)

    def run_exporter(self) -> Ran:
        return self._inside.run_exporter()

    def run_agent(self) -> Ran:
        return self._inside.run_agent()


def _summary(out: str) -> Mapping[str, Any]:
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return next((line for line in lines if line["type"] == "summary"), {})
