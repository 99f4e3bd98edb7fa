"""The demo's two servers, each a process of its own on a free loopback port.

with started("demo.ftp", "--root", str(root), …) as url: ...
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

SECONDS_TO_START = 30


class ServerDiedError(RuntimeError):
    """A server of the demo ended before it said where it listens."""


@contextmanager
def started(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Give the address that a module's server says it listens on; it is stopped afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {}), "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield _address(process, module)
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _address(process: "subprocess.Popen[str]", module: str) -> str:
    if process.stdout is None:
        raise ServerDiedError(module)
    line = process.stdout.readline().strip()
    if not line.startswith("listening "):
        raise ServerDiedError(f"{module}: {line}")
    return line.removeprefix("listening ")
