"""`sync`: one run under the lock, with its log and its row, told to a person in one sentence.

code = sync(settings, wiring, output, SyncOptions(full=True))
"""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Engine, select

from pos_exporter.config import PROGRAM, ExporterSettings
from pos_exporter.export import Exporter, ExportReport, Options, run_export
from pos_exporter.overview.read import read_problem
from pos_exporter.state import STATE
from pos_exporter.wiring import Wiring, paths_of, wire
from pos_exporter.words import describe, sentence
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
    """

    full: bool = False
    only: frozenset[str] = frozenset()
    dry_run: bool = False
    accept: tuple[str, ...] = ()


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
    ftp, till = settings.channel.ftp, settings.till
    urls = [till.url, *([till.write_url] if till.write_url else [])]
    return [
        *(url.get_secret_value() for url in urls),
        *([ftp.password.get_secret_value()] if ftp else []),
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
        full=options.full, only=options.only, dry_run=options.dry_run, accept=options.accept
    )
    report = run_export(exporter, asked)
    summary = report.summary()
    structlog.get_logger().info("done", **summary)
    if options.dry_run:
        _tell_records(report, output)
    _tell_new_faults(exporter.engine, began, output)
    return RunReport(said=sentence(summary), fields=summary, set_aside=report.set_aside())


def _tell_records(report: ExportReport, output: Output) -> None:
    """Tell what a dry run would send: the first lines to a person, all to a program."""
    for number, record in enumerate(report.changes.records if report.changes else ()):
        words = describe(record).in_lang(output.lang)
        output.emit("action", text=words)
        if number < MOST_LINES and not output.as_json:
            output.say(literal(words))


def _tell_new_faults(engine: Engine, began: datetime, output: Output) -> None:
    """Tell the rows that this run set aside; older ones are in `quarantine list`."""
    table = STATE.withheld
    fresh = select(table).where(table.c.since >= format_time(began)).order_by(table.c.label)
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
