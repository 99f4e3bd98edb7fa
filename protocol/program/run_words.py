"""Runs on record in plain lines, for `status` and `runs` of both programs.

run_line(run, sentence).fr     # "12  24/11/2026 10:15  3 s  réussi : 12 stocks, 2 commandes"
"""

from collections.abc import Callable, Mapping
from typing import Any

from protocol.errors import Text
from protocol.program.link_words import iso, local
from protocol.program.runs import Run

#: What a program makes of a run's summary.
Sentence = Callable[[Mapping[str, Any]], Text]

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
_OTHER = Text("fini", "ended")
_RUNNING = Text("en cours, ou interrompu brutalement", "at work, or killed")


def run_line(run: Run, sentence: Sentence) -> Text:
    """Return a run in one line."""
    end = _RUNNING if run.exit_code is None else _ENDS.get(run.exit_code, _OTHER)
    took = f"{run.seconds:.0f} s" if run.seconds is not None else "—"
    head = f"{run.id}  {local(run.started_at)}  {took}"
    told = _told(run, sentence)
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


def _told(run: Run, sentence: Sentence) -> Text:
    problem = run.summary.get("problem")
    if isinstance(problem, dict):
        facts: dict[str, str] = problem.get("facts", {})
        what = Text(**problem["what"])
        code = f"[{problem['code']}] "
        return Text(code + what.in_lang("fr", facts), code + what.in_lang("en", facts))
    return sentence(run.summary) if run.summary else Text("", "")
