"""`sync`: one run under the lock, with its log and its row, told to a person in one sentence.

code = sync(settings, wiring, output, SyncOptions(full=True))
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine, select

from pos_exporter.config import PROGRAM, ExporterSettings
from pos_exporter.errors import FileNotWrittenError
from pos_exporter.export import run_export
from pos_exporter.exporter import Exporter, ExportReport, Options
from pos_exporter.plan import Plan, plan_of
from pos_exporter.problems import read_problem
from pos_exporter.state import STATE
from pos_exporter.wiring import Wiring, paths_of, wire
from pos_exporter.words import sentence
from protocol.errors import Text
from protocol.program.command import literal
from protocol.program.console import Output, RunReport
from protocol.program.locked import locked_pass
from protocol.program.progress import shown
from protocol.program.runs import recorded
from protocol.values import format_time

#: Lines of each kind that a person is shown; `--json` and `quarantine list` tell all.
MOST_LINES = 20


@dataclass(frozen=True)
class SyncOptions:
    """What one `sync` was asked.

    Args:
        full: Say everything again.
        only: Kinds of facts to send; empty for all.
        dry_run: Compare and print; send nothing, enter nothing into the till.
        accept: Brakes that a person says yes to.
        articles: References, bar codes or keys of the articles to send; empty for all.
        only_new: Send only articles that were never sent.
        plan: Where a dry run writes its whole plan, as JSON Lines.
    """

    full: bool = False
    only: frozenset[str] = frozenset()
    dry_run: bool = False
    accept: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    only_new: bool = False
    plan: Path | None = None


def sync(settings: ExporterSettings, wiring: Wiring, output: Output, options: SyncOptions) -> int:
    """Run once and return the exit code.

    Raises:
        LockHeldError: When another run is at work.
        StateAccessError: When the state folder may not be written.
    """
    return locked_pass(
        paths_of(settings),
        f"{PROGRAM} sync",
        output,
        lambda: _run(settings, wiring, output, options),
        clock=wiring.clock,
        secrets=known_secrets(settings),
    )


def known_secrets(settings: ExporterSettings) -> list[str]:
    """Return what may not stand in a log."""
    ftp, till, mail = settings.channel.ftp, settings.till, settings.mail
    of_till = [one for one in (till.url, till.write_url, till.write_secret) if one is not None]
    return [
        *(one.get_secret_value() for one in of_till),
        *([ftp.password.get_secret_value()] if ftp else []),
        *([mail.password.get_secret_value()] if mail and mail.password else []),
    ]


def _run(
    settings: ExporterSettings, wiring: Wiring, output: Output, options: SyncOptions
) -> RunReport:
    output.emit("start", program=PROGRAM, dry_run=options.dry_run, full=options.full)
    with (
        shown(output, wiring.progress) as progress,
        wire(settings, replace(wiring, progress=progress)) as exporter,
    ):
        if options.dry_run:
            return _export(exporter, output, options)  # a trial is not a run on record
        return recorded(
            exporter.engine, STATE.run, exporter.clock, lambda: _export(exporter, output, options)
        )


def _export(exporter: Exporter, output: Output, options: SyncOptions) -> RunReport:
    began = exporter.clock()
    asked = Options(
        full=options.full, only=options.only, dry_run=options.dry_run, accept=options.accept,
        articles=options.articles, only_new=options.only_new,
    )  # fmt: skip
    report = run_export(exporter, asked)
    summary = report.summary()
    structlog.get_logger().info("done", **summary)
    if options.dry_run:
        _tell_plan(report, output, options.plan)
    _tell_new_faults(exporter.engine, began, output)
    return RunReport(said=sentence(summary), fields=summary, set_aside=report.set_aside())


def _tell_plan(report: ExportReport, output: Output, file: Path | None) -> None:
    """Tell what a dry run would send: counts and first lines to a person, all to a program."""
    if report.saying is None:
        return
    plan = plan_of(report.saying)
    for line in () if output.as_json else plan.lines():
        output.say(line)
    for number, entry in enumerate(plan.entries):
        words = entry.line().in_lang("en" if output.lang == "en" else "fr", {})
        output.emit("action", text=words, **entry.values())
        if number < MOST_LINES and not output.as_json:
            output.say(literal(words))
    if file is not None:
        _write_plan(plan, file)
        output.say(_PLAN_WRITTEN, file=file, count=len(plan.entries))


def _write_plan(plan: Plan, file: Path) -> None:
    lines = (json.dumps(entry.values(), ensure_ascii=False) for entry in plan.entries)
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise FileNotWrittenError(place=file, reason=error.strerror) from error


_PLAN_WRITTEN = Text(
    "Plan écrit dans {file} : {count} ligne(s)", "Plan written to {file}: {count} line(s)"
)


def _tell_new_faults(engine: Engine, began: datetime, output: Output) -> None:
    """Tell the rows that this run set aside; older ones are in `quarantine list`."""
    table = STATE.withheld
    fresh = (
        select(table)
        .where(table.c.since >= format_time(began), table.c.level == "fault")
        .order_by(table.c.label)
    )
    with engine.connect() as connection:
        rows = connection.execute(fresh).all()
    for number, row in enumerate(rows):
        problem = read_problem(row.problem)
        line = f"{row.label or row.key} — {problem.line(output.lang)}"
        output.emit(
            "item_error", state="withheld", kind=row.kind, key=row.key, code=problem.code,
            text=line,
        )  # fmt: skip
        if number < MOST_LINES and not output.as_json:
            output.say(literal(line))
