"""What commands print and the exit codes they end with."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from protocol.errors import (
    ComptoirError,
    FatalError,
    Lang,
    NeedsPersonError,
    OutcomeUnknownError,
    RefusedItemError,
    RetryableError,
    Text,
    UsageError,
)
from protocol.program.config_problems import ConfigError
from protocol.program.console import Output, RunReport, run_main
from protocol.program.lock import LockHeldError

SAID = Text("{packets} paquets [envoyés]", "{packets} packets [sent]")


class Screen(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, *, tty: bool = False) -> None:
        super().__init__()
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty


def output(
    lang: Lang = "fr", *, as_json: bool = False, cron: bool = False, tty: bool = False
) -> Output:
    return Output(lang=lang, as_json=as_json, cron=cron, out=Screen(tty=tty), err=Screen(tty=tty))


def text(stream: Any) -> str:
    return str(stream.getvalue())


def raising(error: BaseException) -> Any:
    def action() -> int:
        raise error

    return action


@pytest.mark.parametrize(
    ("outcome", "code", "mild"),
    [
        (RunReport(SAID), 0, 0),
        (RunReport(SAID, set_aside=2), 3, 0),
        (RunReport(SAID, more_to_do=True, set_aside=2), 8, 0),
        (RunReport(SAID, needs_person=True, more_to_do=True), 6, 6),
        (UsageError(), 2, 2),
        (RefusedItemError(), 3, 0),
        (LockHeldError(), 4, 0),
        (RetryableError(), 5, 5),
        (OutcomeUnknownError(), 5, 5),
        (NeedsPersonError(), 6, 6),
        (FatalError(), 7, 7),
        (ComptoirError(), 1, 1),
    ],
)
def test_exit_codes(outcome: RunReport | ComptoirError, code: int, mild: int) -> None:
    assert output().finish(outcome) == code
    assert output(cron=True).finish(outcome) == mild


def test_a_report_is_a_sentence_or_a_json_line() -> None:
    report = RunReport(SAID, {"packets": 3, "dry_run": True}, set_aside=1)
    spoken, english, machine = output(), output("en"), output(as_json=True)
    for kind in (spoken, english, machine):
        kind.finish(report)
    assert text(spoken.out) == "3 paquets [envoyés]\n"
    assert text(english.out) == "3 packets [sent]\n"
    assert json.loads(text(machine.out)) == {
        "type": "summary", "schema": 1, "exit_code": 3, "set_aside": 1, "packets": 3,
        "dry_run": True,
    }  # fmt: skip
    assert text(machine.err) == "3 paquets [envoyés]\n"


def test_a_terminal_shows_brackets_as_they_are() -> None:
    shown = output(tty=True)
    shown.finish(RunReport(SAID, {"packets": 3}))
    shown.finish(LockHeldError(place="[red]x"))
    assert "3 paquets [envoyés]" in text(shown.out)
    assert "[red]x" in text(shown.err)


def test_an_error_is_told_on_standard_error_and_in_json() -> None:
    machine = output("en", as_json=True)
    code = machine.finish(LockHeldError(place="folder", pid=7, command="sync", since="now"))
    assert text(machine.err).startswith("[E-RUN-001] folder: ")
    line = json.loads(text(machine.out))
    assert (line["type"], line["exit_code"], code) == ("error", 4, 4)
    [problem] = line["problems"]
    assert problem["code"] == "E-RUN-001"
    assert "process 7" in problem["what"]


def test_every_mistake_in_the_settings_is_told() -> None:
    problems = [UsageError(place=f"f:{line}:1").problem() for line in (1, 2, 3)]
    machine = output(as_json=True)
    assert machine.finish(ConfigError("f", problems)) == 2
    assert len(text(machine.err).splitlines()) == 3
    told = json.loads(text(machine.out))["problems"]
    assert [problem["place"] for problem in told] == ["f:1:1", "f:2:1", "f:3:1"]


def test_lines_of_progress_are_for_machines_only() -> None:
    spoken, machine = output(), output(as_json=True)
    for kind in (spoken, machine):
        kind.emit("progress", done=1, of=3)
    assert text(spoken.out) == ""
    assert json.loads(text(machine.out)) == {"type": "progress", "schema": 1, "done": 1, "of": 3}


# --- run_main ------------------------------------------------------------------------------


def test_a_command_ends_with_its_report_or_its_number() -> None:
    assert run_main(lambda: RunReport(SAID, set_aside=1), output()) == 3
    assert run_main(lambda: 8, output(cron=True)) == 0
    assert run_main(lambda: 0, output()) == 0


def test_our_errors_end_a_command_with_their_code() -> None:
    shown = output()
    assert run_main(raising(NeedsPersonError(place="article 1")), shown) == 6
    assert "article 1" in text(shown.err)


def test_what_nobody_foresaw_is_code_1_with_the_log_and_without_its_text() -> None:
    shown = output(as_json=True)
    path = Path("logs") / "run.jsonl"
    assert run_main(raising(ZeroDivisionError("clara@example.org")), shown, lambda: path) == 1
    assert "ZeroDivisionError" in text(shown.err)
    assert str(path) in text(shown.err)
    assert "clara" not in text(shown.err) + text(shown.out)
    assert json.loads(text(shown.out))["problems"][0]["code"] == "E-RUN-000"


def test_an_interruption_is_130() -> None:
    shown = output(as_json=True)
    assert run_main(raising(KeyboardInterrupt()), shown) == 130
    assert json.loads(text(shown.out))["exit_code"] == 130


@pytest.mark.parametrize("passing", [typer.Exit(9), typer.Abort(), SystemExit(4)])
def test_what_ends_the_process_already_passes(passing: BaseException) -> None:
    with pytest.raises(type(passing)):
        run_main(raising(passing), output())


def test_a_console_without_our_signs_shows_others() -> None:
    kept = io.BytesIO()
    stream = io.TextIOWrapper(kept, encoding="cp850")
    Output(lang="fr", out=stream, err=stream).problem(UsageError(place="é").problem())
    stream.flush()
    assert b"\x82 : " in kept.getvalue()
    stream.close()


def test_standard_streams_are_the_default() -> None:
    plain = Output(lang="fr")
    assert (plain.out, plain.err) == (sys.stdout, sys.stderr)
