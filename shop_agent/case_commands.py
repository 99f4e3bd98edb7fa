"""`cases` and `cases answer KEY VERB`: what is open for a person, and the person's word.

show_cases(settings, wiring, output)
answer_case(settings, wiring, output, "unpaid/shop.example/12/…", "release")
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from protocol.errors import Lang, Text
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output
from protocol.program.lock import run_lock
from protocol.records import CaseAnswer, CaseVerb
from shop_agent.case_answers import ACTS, take_answer
from shop_agent.case_errors import NoSuchCaseError, NoSuchVerbError, SeveralCasesError
from shop_agent.cases import CaseNow, hash_of, open_cases
from shop_agent.config import PROGRAM, AgentSettings
from shop_agent.state import METADATA
from shop_agent.status import open_reading
from shop_agent.wiring import MIGRATIONS, Wiring, paths_of


def show_cases(settings: AgentSettings, wiring: Wiring, output: Output) -> int:
    """Tell every open case, with what happened, what to do and what may be answered."""
    with open_reading(settings, wiring) as connection:
        found = open_cases(connection)
    for case in found:
        for line in case_lines(case, output.lang):
            output.say(literal(line))
    output.say(_NONE if not found else _HOW)
    output.emit("cases", count=len(found), items=[case_values(one, output.lang) for one in found])
    return DONE


def answer_case(
    settings: AgentSettings, wiring: Wiring, output: Output, name: str, verb: CaseVerb
) -> int:
    """Act on a person's answer; what it releases is sold from the next pass on.

    Raises:
        LockHeldError: When a pass is at work.
        NoSuchCaseError: When no open case has this key.
        SeveralCasesError: When several fit.
        NoSuchVerbError: When the case does not take this answer.
    """
    paths = paths_of(settings)
    with (
        run_lock(paths.folder, command=f"{PROGRAM} cases answer", now=wiring.clock()),
        opened_state(paths.url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.begin() as connection,
    ):
        case = get_case(connection, name)
        if verb not in case.wanted.verbs or verb not in ACTS:
            raise NoSuchVerbError(value=verb, verbs=", ".join(case.wanted.verbs))
        answer = CaseAnswer(key=case.key, verb=verb, of_hash=hash_of(case), at=wiring.clock())
        take_answer(connection, answer)
    output.say(_ANSWERED, key=case.key, verb=verb)
    output.emit("case_answered", key=case.key, verb=verb)
    return DONE


def get_case(connection: Connection, name: str) -> CaseNow:
    """Return the open case that a person means: by its key, or by a part of it that is enough."""
    found = open_cases(connection)
    fitting = [one for one in found if one.key == name] or [one for one in found if name in one.key]
    if not fitting:
        raise NoSuchCaseError(value=name)
    if len(fitting) > 1:
        raise SeveralCasesError(value=name, keys=", ".join(one.key for one in fitting))
    return fitting[0]


def case_lines(case: CaseNow, lang: Lang) -> Iterator[str]:
    """Yield one case in lines of one language."""
    yield f"{case.key}  ({case.since})"
    yield f"  {case.wanted.problem.line(lang)}"
    yield f"  {_ANSWERS.in_lang(lang)} {', '.join(case.wanted.verbs)}"


def case_values(case: CaseNow, lang: Lang) -> dict[str, object]:
    """Return one case as JSON values."""
    wanted = case.wanted
    problem, facts = wanted.problem, wanted.problem.facts
    return {
        "key": case.key,
        "about": wanted.about,
        "code": problem.code,
        "place": problem.place,
        "what": problem.what.in_lang(lang, facts),
        "remedy": problem.remedy.in_lang(lang, facts),
        "orders": list(wanted.orders),
        "stock_keys": list(wanted.stock_keys),
        "verbs": list(wanted.verbs),
        "since": case.since,
    }


_NONE = Text("Aucun cas à voir", "No case to look at")
_HOW = Text(
    "Pour répondre : « shop-agent cases answer CLÉ RÉPONSE »",
    "To answer: « shop-agent cases answer KEY ANSWER »",
)
_ANSWERS = Text("Réponses :", "Answers:")
_ANSWERED = Text(
    "« {verb} » noté pour {key} ; le prochain passage s'en sert",
    "« {verb} » noted for {key}; the next pass uses it",
)
