"""Runs on record in plain lines, for `status` and `runs` of both programs.

run_line(run, account).fr     # "12  24/11/2026 10:15  3 s  réussi : 12 stocks, 2 commandes"
show_runs(connection, STATE.run, output, None, account, details)
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table

from protocol.errors import Text
from protocol.program.command import literal
from protocol.program.console import DONE, Output
from protocol.program.link_words import iso, local
from protocol.program.runs import Run, get_run, newest

#: What a program makes of a run's summary: its counts in words, empty when there are none.
Account = Callable[[Mapping[str, Any]], Text]
SHOWN = 20

_ENDS = {
    0: Text("réussi", "done"),
    1: Text("erreur inattendue", "unexpected error"),
    2: Text("réglages à corriger", "settings to be corrected"),
    3: Text("réussi, des fiches mises de côté", "done, some records set aside"),
    5: Text("à réessayer", "to be tried again"),
    6: Text("une personne doit agir", "a person must act"),
    7: Text("arrêté", "stopped"),
    8: Text("temps écoulé", "time used up"),
    130: Text("interrompu", "interrupted"),
}
_NOTHING = Text("rien de nouveau", "nothing new")
_OTHER = Text("fini", "ended")
_RUNNING = Text("en cours, ou interrompu brutalement", "at work, or killed")


def run_line(run: Run, account: Account) -> Text:
    """Return a run in one line."""
    end = _RUNNING if run.exit_code is None else _ENDS.get(run.exit_code, _OTHER)
    took = f"{run.seconds:.0f} s" if run.seconds is not None else "—"
    head = f"{run.id}  {local(run.started_at)}  {took}"
    told = _told(run, account)
    return Text(
        f"{head}  {end.fr}" + (f" : {told.fr}" if told.fr else ""),
        f"{head}  {end.en}" + (f": {told.en}" if told.en else ""),
    )


def run_values(run: Run) -> dict[str, Any]:
    """Return a run as JSON values."""
    return {
        "id": run.id,
        "started_at": iso(run.started_at),
        "finished_at": iso(run.finished_at),
        "exit_code": run.exit_code,
        "summary": dict(run.summary),
    }


def _told(run: Run, account: Account) -> Text:
    problem = run.summary.get("problem")
    if isinstance(problem, dict):
        facts: dict[str, str] = problem.get("facts", {})
        what = Text(**problem["what"])
        code = f"[{problem['code']}] "
        return Text(code + what.in_lang("fr", facts), code + what.in_lang("en", facts))
    if run.exit_code is None:
        return Text("", "")
    told = account(run.summary)
    return told if told.fr else _NOTHING


def show_runs(
    connection: Connection,
    table: Table,
    output: Output,
    run_id: int | None,
    account: Account,
    details: Callable[[Run], Iterable[Text]],
) -> int:
    """Tell the newest runs, or all about one; return the exit code.

    Args:
        connection: Of the state database.
        table: Its `run` table.
        output: Where to tell.
        run_id: Which one; None: the newest.
        account: The program's words for a summary.
        details: Further lines of one run.

    Raises:
        NoSuchRunError: When it is not on record.
    """
    if run_id is None:
        runs = newest(connection, table, SHOWN)
    else:
        runs = (get_run(connection, table, run_id),)
    for run in runs:
        output.say(literal(run_line(run, account).in_lang(output.lang)))
        output.emit("run", **run_values(run))
    for line in details(runs[0]) if run_id is not None else ():
        output.say(literal(line.in_lang(output.lang)))
    return DONE
