"""What every command does around its own work: settings, language, output, errors, exit code.

Nothing is logged outside a run's own log, so that standard output holds results only. SIGTERM ends
a command as Ctrl-C does: what is under way is left as a crash would leave it, which harms nothing.

    @app.command()
    def status(config: ConfigFile = FILE, lang: Lang = None, as_json: AsJson = False) -> None:
        carry_out(Asked(config, lang, as_json), load_settings, show_status)
"""

import getpass
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn, TypeVar

import structlog
import typer
from sqlalchemy import URL, Engine, MetaData

from protocol.errors import Text
from protocol.program.console import Output, RunReport, run_main
from protocol.program.engine import Listener
from protocol.program.options import language_of, said
from protocol.program.settings import ProgramSettings
from protocol.program.state import open_state

S = TypeVar("S", bound=ProgramSettings)


class Language(StrEnum):
    """The languages that people are told in."""

    fr = "fr"
    en = "en"


LangOption = Annotated[
    Language | None,
    typer.Option("--lang", help=said("Langue des messages", "Language of the messages")),
]


@dataclass(frozen=True)
class Asked:
    """The options that all commands share.

    Args:
        config: The settings file.
        lang: Of the messages; None: the file's, and before it is read the environment's.
        as_json: Results as JSON lines.
        cron: Harmless ends are 0.
    """

    config: Path
    lang: Language | None = None
    as_json: bool = False
    cron: bool = False

    def output(self) -> Output:
        """Return where the command tells what it does."""
        lang = self.lang.value if self.lang else language_of(os.environ)
        return Output(lang=lang, as_json=self.as_json, cron=self.cron)


def carry_out(
    asked: Asked,
    load: Callable[[Path, Mapping[str, str]], S],
    act: Callable[[S, Output], RunReport | int],
    environment: Mapping[str, str] | None = None,
) -> NoReturn:
    """Read the settings, act, and end the process with the exit code.

    Args:
        asked: The shared options.
        load: Reads the settings file.
        act: The command's own work.
        environment: Where `${NAME}` comes from; the process's own when left out.
    """
    output = asked.output()

    def action() -> RunReport | int:
        settings = load(asked.config, os.environ if environment is None else environment)
        if asked.lang is None:
            output.lang = settings.language
        return act(settings, output)

    with interrupted_by_sigterm():
        code = quietly(action, output)
    raise typer.Exit(code)


def quietly(action: Callable[[], RunReport | int], output: Output) -> int:
    """Carry out an action without a log and return its exit code."""
    structlog.configure(processors=[_drop])
    try:
        return run_main(action, output)
    finally:
        structlog.reset_defaults()


@contextmanager
def opened_state(
    url: URL, metadata: MetaData, migrations: str, listeners: Sequence[Listener] = ()
) -> Iterator[Engine]:
    """Give a program's state database, as `open_state` does, and close it afterwards."""
    engine = open_state(url, metadata, migrations, listeners=listeners)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def interrupted_by_sigterm() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C while the block runs; nothing outside the main thread."""
    with handling({signal.SIGTERM}, _interrupt):
        yield


@contextmanager
def handling(
    signals: set[signal.Signals], handler: Callable[[int, FrameType | None], object]
) -> Iterator[None]:
    """Handle some signals while the block runs; only the main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in signals}
    try:
        yield
    finally:
        for number, kept in before.items():
            signal.signal(number, kept)


def ask_line(question: str, *, hidden: bool = False) -> str | None:
    """Return a person's answer to a question, or None when nobody is there.

    Asked on standard error: standard output holds results only.
    """
    if hidden and sys.stdin.isatty():
        return getpass.getpass(f"{question} : ", stream=sys.stderr).strip()
    sys.stderr.write(f"{question} : ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    return answer.strip() if answer else None


def literal(text: str) -> Text:
    """Return a sentence that is already worded, alike in both languages; its braces are plain."""
    plain = text.replace("{", "{{").replace("}", "}}")
    return Text(plain, plain)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _drop(logger: object, method: str, event: MutableMapping[str, Any]) -> NoReturn:
    raise structlog.DropEvent
