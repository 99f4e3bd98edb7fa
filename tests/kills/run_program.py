"""The real command of one program, as a process of its own, with its commits told to the test.

The command line is built around a wiring whose commit listener says, before and after each commit
(of the state; and of the till, where the exporter writes there), what happens, and waits for a line
in answer: whoever reads may kill the process instead. The arguments come on the standard input once
everything is imported, so that a process can be made ready early. What the command prints goes to
the standard error.

    python -m tests.kills.run_program pos
    > {"arguments": ["sync", "-c", "pos-exporter.yaml"], "environment": {"SHOP_KEY": "…"}}
    < before commit
    > go
"""

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from typing import Any, TextIO

import typer
from sqlalchemy import Engine, event

Listener = Callable[[str], None]


def listener_to(test: TextIO) -> Listener:
    """Return what tells the test and waits until it lets the program go on."""

    def tell(word: str) -> None:
        test.write(f"{word}\n")
        test.flush()
        sys.stdin.readline()

    return tell


def watch_till_commits(listener: Listener) -> None:
    """Tell of the commits of SQLite databases that have no listener of their own: the till's."""

    class Told(sqlite3.Connection):
        def commit(self) -> None:
            listener("before till commit")
            super().commit()
            listener("after till commit")

    @event.listens_for(Engine, "do_connect")
    def connect(dialect: object, record: object, arguments: object, named: dict[str, Any]) -> None:
        named.setdefault("factory", Told)


def load(program: str) -> Callable[[Listener], typer.Typer]:
    """Import a program; return what builds its command line around a listener."""
    if program == "pos":
        from pos_exporter.cli import build_app as build_exporter
        from pos_exporter.wiring import Wiring as ExporterWiring

        return lambda listener: build_exporter(ExporterWiring(commit_listeners=[listener]))
    from shop_agent.cli import build_app as build_agent
    from shop_agent.wiring import Wiring as AgentWiring

    return lambda listener: build_agent(AgentWiring(commit_listeners=[listener]))


def main(program: str) -> None:
    """Wait for orders and carry them out; the exit code is the command's."""
    test = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    build = load(program)
    listener = listener_to(test)
    watch_till_commits(listener)
    line = sys.stdin.readline()
    if not line:  # made ready and not needed
        return
    orders = json.loads(line)
    os.environ.update(orders["environment"])
    build(listener)(orders["arguments"])


if __name__ == "__main__":
    main(sys.argv[1])
