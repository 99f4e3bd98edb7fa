"""Answer a person who asks why: find the article, gather what is known, judge.

why(engine, "3760123456787", clock())
"""

from datetime import datetime

from sqlalchemy import Connection, Engine, Row, select

from pos_exporter.cases import site_cases
from pos_exporter.history import last_changes
from pos_exporter.overview.read import read_problem
from pos_exporter.state import STATE
from pos_exporter.why.evidence import gather
from pos_exporter.why.find import find
from pos_exporter.why.judge import chain, judge
from pos_exporter.why.values import Answer, Step
from protocol.errors import Text
from protocol.program.engine import reading
from protocol.program.link_words import local

#: Newest changes that are shown.
_CHANGES = 10
_UNKNOWN = Text(
    "Inconnu : aucun article ni aucune commande de ce nom à la dernière lecture de la caisse. "
    "Vérifier la référence ou le code-barres, puis synchroniser.",
    "Unknown: no article or order of this name at the last reading of the till. Check the "
    "reference or the bar code, then synchronise.",
)
_SEVERAL = Text(
    "Plusieurs articles portent ce nom : choisir par sa clé.",
    "Several articles have this name: choose one by its key.",
)


def why(engine: Engine, asked: str, moment: datetime) -> Answer:
    """Return the whole chain of what a person asks for.

    Args:
        engine: The exporter's state.
        asked: A reference, bar code or key of an article or variant, or an order's reference.
        moment: UTC.
    """
    with reading(engine).connect() as connection:
        matches = find(connection, asked)
        if not matches:
            return _order(connection, asked) or Answer(asked, None, _UNKNOWN)
        if len(matches) > 1:
            return Answer(asked, None, _SEVERAL, matches=matches)
        evidence = gather(connection, matches[0].key, moment)
        steps = chain(evidence)
        online, verdict = judge(evidence, steps)
        things = [*evidence.things, ("article", matches[0].key)]
        history = last_changes(connection, things, _CHANGES)
    return Answer(
        asked, online, verdict, matches[0], steps=steps, sellables=evidence.sellables,
        history=history,
    )  # fmt: skip


def _order(connection: Connection, asked: str) -> Answer | None:
    """Return how far a web order got into the till."""
    order = STATE.web_order
    row = connection.execute(select(order).where(order.c.reference == asked.strip())).first()
    if row is None:
        return None
    when = local(datetime.fromisoformat(row.received_at))
    told = Text(f"commande reçue le {when}", f"order received on {when}")
    steps = [Step("received", "ok", told)]
    steps.append(_entered(row))
    asked_of_it = [one for one in site_cases(connection) if row.uid in one.orders]
    steps += [Step("case", "note", one.what, one.remedy, one.code) for one in asked_of_it]
    return Answer(asked, None, steps[1].text, steps=tuple(steps))


def _entered(row: Row[tuple[object, ...]]) -> Step:
    found = row._mapping
    if found["state"] == "imported":
        key = found["till_key"]
        return Step("till", "ok", Text(f"En caisse sous {key}.", f"At the till as {key}."))
    if found["state"] in {"closed", "ignored"}:
        return Step("till", "ok", Text("Sans suite : rien à saisir.", "Closed: nothing to enter."))
    if not found["problem"]:
        text = Text("À entrer en caisse au prochain passage.", "Enters the till with the next run.")
        return Step("till", "wait", text)
    problem = read_problem(str(found["problem"]))
    facts = problem.facts
    return Step(
        "till", "wait" if found["state"] == "waiting" else "no",
        Text(problem.what.in_lang("fr", facts), problem.what.in_lang("en", facts)),
        Text(problem.remedy.in_lang("fr", facts), problem.remedy.in_lang("en", facts)),
        problem.code,
    )  # fmt: skip
