"""`cases` and `cases answer KEY VERB`: what the site asks a person, and the person's word.

show_cases(settings, wiring, output)
answer_one(settings, wiring, output, "XKBKNABJK", "release")
"""

from collections.abc import Iterator

from pos_exporter.cases import SiteCase, answer_case, get_case, site_cases
from pos_exporter.config import ExporterSettings
from pos_exporter.state import METADATA
from pos_exporter.web.texts import TEXTS
from pos_exporter.wiring import MIGRATIONS, Wiring, paths_of
from protocol.errors import Lang, Text
from protocol.program.command import literal, opened_state
from protocol.program.console import DONE, Output
from protocol.program.link_words import local


def show_cases(settings: ExporterSettings, wiring: Wiring, output: Output) -> int:
    """Tell every open case, with what happened, what to do and what may be answered."""
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.connect() as connection,
    ):
        found = site_cases(connection)
    for case in found:
        for line in case_lines(case, output.lang):
            output.say(literal(line))
    output.say(_NONE if not found else _HOW)
    output.emit("cases", count=len(found), items=[case_values(one, output.lang) for one in found])
    return DONE


def answer_one(
    settings: ExporterSettings, wiring: Wiring, output: Output, name: str, verb: str
) -> int:
    """Write down a person's answer; the next run sends it.

    Raises:
        NoSuchCaseError: When no open case has this key.
        SeveralCasesError: When several fit.
        NoSuchVerbError: When the case does not take this answer.
    """
    url = paths_of(settings).url
    with (
        opened_state(url, METADATA, MIGRATIONS, wiring.commit_listeners) as engine,
        engine.begin() as connection,
    ):
        case = get_case(connection, name)
        answer_case(connection, case.key, verb, wiring.clock(), seen=case.hash)
    output.say(_ANSWERED, key=case.key, verb=verb)
    output.emit("case_answered", key=case.key, verb=verb)
    return DONE


def case_lines(case: SiteCase, lang: Lang) -> Iterator[str]:
    """Yield one case in lines of one language."""
    title = TEXTS[f"case_{case.about}"].in_lang(lang)
    yield f"{title} · {case.place} · {local(case.since)}"
    yield f"  [{case.code}] {_in(case.what, lang)} → {_in(case.remedy, lang)}"
    if case.answer is not None:
        yield f"  {_SENT.in_lang(lang, {'verb': case.answer})}"
    else:
        verbs = ", ".join(case.verbs)
        yield f"  {case.key} : {verbs}"


def case_values(case: SiteCase, lang: Lang) -> dict[str, object]:
    """Return one case as JSON values."""
    return {
        "key": case.key,
        "about": case.about,
        "code": case.code,
        "place": case.place,
        "what": _in(case.what, lang),
        "remedy": _in(case.remedy, lang),
        "orders": list(case.orders),
        "stock_keys": list(case.stock_keys),
        "verbs": list(case.verbs),
        "since": case.since.isoformat(),
        "answer": case.answer,
    }


def _in(text: Text, lang: Lang) -> str:
    return text.fr if lang == "fr" else text.en


_NONE = Text("Aucun cas à voir", "No case to look at")
_HOW = Text(
    "Pour répondre : « pos-exporter cases answer CLÉ RÉPONSE »",
    "To answer: « pos-exporter cases answer KEY ANSWER »",
)
_SENT = Text("Réponse donnée : {verb}", "Answer given: {verb}")
_ANSWERED = Text(
    "« {verb} » noté pour {key} ; la réponse part au prochain passage",
    "« {verb} » noted for {key}; the answer leaves with the next run",
)
