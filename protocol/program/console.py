"""What a person or another program sees of a run, and the exit code it ends with.

Results go to standard output, as sentences or with `--json` as JSON lines (`type`, `schema`);
errors go to standard error, and with `--json` to the JSON lines as well. Exit codes: 0 done ·
1 unexpected · 2 usage · 3 some set aside · 4 locked · 5 try later · 6 a person · 7 fatal · 8 more
to do · 130 interrupted. `--cron` turns 3, 4 and 8 into 0.

    output = Output(lang="fr", as_json=False, cron=True)
    raise typer.Exit(run_main(lambda: sync(settings), output, log_path=lambda: log.path))
"""

import io
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import structlog
import typer
from rich.console import Console
from rich.text import Text as RichText

from protocol.errors import ComptoirError, Lang, Problem, Text
from protocol.program.config_problems import ConfigError

SCHEMA = 1
DONE, UNEXPECTED, SET_ASIDE, PERSON, MORE_TO_DO, INTERRUPTED = 0, 1, 3, 6, 8, 130
#: Harmless ends that a host's scheduler would take for failures.
HARMLESS = {SET_ASIDE, 4, MORE_TO_DO}


@dataclass(frozen=True)
class RunReport:
    """How a run ended that was not stopped by an error.

    Args:
        said: One sentence for a person; facts are `{name}` of the fields.
        fields: Of the JSON line.
        set_aside: How many records were set aside.
        needs_person: Whether something waits for a person's yes.
        more_to_do: Whether the time budget was used up.
    """

    said: Text
    fields: Mapping[str, Any] = field(default_factory=dict)
    set_aside: int = 0
    needs_person: bool = False
    more_to_do: bool = False

    @property
    def exit_code(self) -> int:
        """The most pressing of what is left: a person, then more to do, then set aside."""
        if self.needs_person:
            return PERSON
        if self.more_to_do:
            return MORE_TO_DO
        return SET_ASIDE if self.set_aside else DONE


class Output:
    """Where one command tells what it does.

    Args:
        lang: Of the sentences.
        as_json: JSON lines instead of sentences on standard output.
        cron: Harmless ends are 0.
        out: Standard output.
        err: Standard error.
    """

    def __init__(
        self,
        *,
        lang: Lang,
        as_json: bool = False,
        cron: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
    ) -> None:
        self.lang = lang
        self.as_json = as_json
        self.cron = cron
        self.out = _tolerant(out if out is not None else sys.stdout)
        self.err = _tolerant(err if err is not None else sys.stderr)

    def emit(self, line_type: str, **fields: Any) -> None:
        """Print one JSON line; nothing without `--json`."""
        if self.as_json:
            line = {"type": line_type, "schema": SCHEMA, **fields}
            print(json.dumps(line, ensure_ascii=False, default=str), file=self.out, flush=True)

    def say(self, text: Text, **facts: object) -> None:
        """Print a sentence; with `--json` on standard error."""
        worded = {name: str(fact) for name, fact in facts.items()}
        self._print(self.err if self.as_json else self.out, text.in_lang(self.lang, worded))

    def problem(self, problem: Problem) -> None:
        """Print a problem on standard error."""
        self._print(self.err, problem.line(self.lang), style="red")

    def finish(self, outcome: ComptoirError | RunReport) -> int:
        """Print how a run ended and return its exit code, before `--cron`'s mildness if any."""
        code = self.exit_code(outcome.exit_code)
        if isinstance(outcome, RunReport):
            self.say(outcome.said, **outcome.fields)
            self.emit("summary", exit_code=code, set_aside=outcome.set_aside, **outcome.fields)
            return code
        problems = outcome.problems if isinstance(outcome, ConfigError) else [outcome.problem()]
        for problem in problems:
            self.problem(problem)
        self.emit("error", exit_code=code, problems=[self._fields(p) for p in problems])
        return code

    def exit_code(self, code: int) -> int:
        """Return the code as the process ends with it."""
        return DONE if self.cron and code in HARMLESS else code

    def _fields(self, problem: Problem) -> dict[str, str]:
        return {
            "code": problem.code,
            "place": problem.place,
            "value": problem.value,
            "what": problem.what.in_lang(self.lang, problem.facts),
            "remedy": problem.remedy.in_lang(self.lang, problem.facts),
        }

    def _print(self, stream: TextIO, line: str, style: str = "") -> None:
        if stream.isatty():
            # A Text: brackets in a line are no markup.
            Console(file=stream).print(RichText(line, style=style))
        else:
            print(line, file=stream, flush=True)


def run_main(
    action: Callable[[], RunReport | int],
    output: Output,
    log_path: Callable[[], Path | None] = lambda: None,
) -> int:
    """Carry out a command and return its exit code: the one place that catches everything.

    Args:
        action: The command; a number it returns is its exit code.
        output: Where it tells.
        log_path: Of the run's log, asked when something unexpected happened.
    """
    try:
        outcome = action()
    except ComptoirError as error:
        structlog.get_logger().error("stopped", code=error.code, problem=str(error))
        return output.finish(error)
    except KeyboardInterrupt:
        output.say(_INTERRUPTED)
        output.emit("error", exit_code=INTERRUPTED, problems=[])
        return INTERRUPTED
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        structlog.get_logger().exception("unexpected")
        return _unexpected(error, output, log_path())
    if isinstance(outcome, RunReport):
        return output.finish(outcome)
    return output.exit_code(outcome)


class UnexpectedError(ComptoirError):
    """Nobody foresaw this: the log has the details."""

    code = "E-RUN-000"
    what = Text("Erreur inattendue ({kind})", "Unexpected error ({kind})")
    remedy = Text("Transmettre ce journal à l'intégrateur : {log}", "Send this log to the "
                  "integrator: {log}")  # fmt: skip


def _unexpected(error: Exception, output: Output, log: Path | None) -> int:
    # Its text may hold personal data: only its kind is shown.
    return output.finish(UnexpectedError(kind=type(error).__name__, log=log or "—"))


def _tolerant(stream: TextIO) -> TextIO:
    """Return the stream, set so that a sign the console lacks becomes `?` and never an error."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


_INTERRUPTED = Text(
    "Interrompu : rien n'est perdu, le prochain passage reprendra",
    "Interrupted: nothing is lost, the next pass goes on",
)
