"""`sync`: one pass under the lock, with its log and its row, told to a person in one sentence.

code = sync(settings, wiring, output, SyncOptions(full=True))
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import structlog

from protocol.errors import Problem, Text
from protocol.program.command import literal
from protocol.program.console import Output, RunReport
from protocol.program.engine import reading
from protocol.program.locked import locked_pass
from protocol.program.progress import shown
from protocol.program.runs import recorded
from shop_agent.actions import Subject
from shop_agent.config import PROGRAM, AgentSettings
from shop_agent.pass_ import Agent, Options, run_pass
from shop_agent.plan_lines import PlanLine, count_lines, counts
from shop_agent.planning import plan_lines, write_plan
from shop_agent.reconcile.brakes import is_single
from shop_agent.report import Report
from shop_agent.state import STATE
from shop_agent.wiring import Wiring, paths_of, wire
from shop_agent.words import held_line, sentence

#: Lines of each kind that a person is shown; `--json` and the log tell all.
MOST_LINES = 20


@dataclass(frozen=True)
class SyncOptions:
    """What one `sync` was asked.

    Args:
        full: Look at everything that is ours.
        only_stock: Stock and orders alone.
        dry_run: Plan and print; write nothing.
        accept: Held classes that a person says yes to.
        max_runtime: After it no further batch begins.
        plan: File for the whole plan of a dry run, as JSON Lines.
    """

    full: bool = False
    only_stock: bool = False
    dry_run: bool = False
    accept: tuple[str, ...] = ()
    max_runtime: timedelta | None = None
    plan: Path | None = None


def sync(settings: AgentSettings, wiring: Wiring, output: Output, options: SyncOptions) -> int:
    """Run one pass and return its exit code.

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


def known_secrets(settings: AgentSettings) -> list[str]:
    """Return what may not stand in a log."""
    ftp = settings.channel.ftp
    return [
        settings.shop.key.get_secret_value(),
        *([ftp.password.get_secret_value()] if ftp else []),
    ]


def _run(
    settings: AgentSettings, wiring: Wiring, output: Output, options: SyncOptions
) -> RunReport:
    output.emit("start", program=PROGRAM, dry_run=options.dry_run, full=options.full)
    with (
        shown(output, wiring.progress) as progress,
        wire(settings, replace(wiring, progress=progress)) as agent,
    ):
        if options.dry_run:
            return _pass(agent, output, options)  # a trial is not a run on record
        return recorded(agent.engine, STATE.run, agent.clock, lambda: _pass(agent, output, options))


def _pass(agent: Agent, output: Output, options: SyncOptions) -> RunReport:
    deadline = agent.clock() + options.max_runtime if options.max_runtime else None
    asked = Options(
        full=options.full,
        only_stock=options.only_stock,
        dry_run=options.dry_run,
        accept=options.accept,
        deadline=deadline,
    )
    report = run_pass(agent, asked)
    return _told(agent, output, report, options.plan)


def _told(agent: Agent, output: Output, report: Report, plan: Path | None) -> RunReport:
    """Tell what a pass did, or would do, and return how it ended."""
    summary = report.summary()
    structlog.get_logger().info("done", **summary)
    with reading(agent.engine).connect() as connection:
        lines = plan_lines(connection, report.actions)
    if plan is not None:
        write_plan(plan, lines)
    _tell_plan(lines, output)
    for state, items in (
        ("refused", report.refused), ("held", report.held), ("edited_on_site", report.edited)
    ):  # fmt: skip
        _tell_lines(state, items, output)
    for key, (count, of) in sorted(report.classes.items()):
        output.emit("held_class", key=key, count=count, of=of)
        output.say(held_line(key, count, of))
    return RunReport(
        said=sentence(summary),
        fields=summary,
        set_aside=len(report.refused) + sum(map(is_single, report.classes)),
        needs_person=any(not is_single(key) for key in report.classes),
        more_to_do=report.more_to_do,
    )


def _tell_plan(lines: Sequence[PlanLine], output: Output) -> None:
    """Tell what a dry run would do: counts and the first lines to a person, all to a program."""
    if not lines:
        return
    shown = [line for line in lines if line.verb not in ("settle", "remember")]
    for line in shown:
        output.emit("action", text=_plain(line.text(), output), **line.values())
    found = counts(lines)
    output.emit("plan", counts=found)
    if output.as_json:
        return
    for text in count_lines(found):
        output.say(literal(_plain(text, output)))
    for line in islice((one for one in shown if one.verb == "change"), MOST_LINES):
        output.say(literal(_plain(line.text(), output)))


def _plain(text: Text, output: Output) -> str:
    return text.fr if output.lang == "fr" else text.en


def _tell_lines(state: str, lines: Iterable[tuple[Subject, Problem]], output: Output) -> None:
    for number, (subject, problem) in enumerate(lines):
        line = problem.line(output.lang)
        output.emit(
            "item_error", state=state, kind=subject.kind, key=subject.key, code=problem.code,
            text=line,
        )  # fmt: skip
        if number < MOST_LINES and not output.as_json:
            output.say(literal(line))
