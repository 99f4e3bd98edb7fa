"""The answer to « why »: find the article, gather what is known, look at the shop once, judge.

answer = why(agent, "BOT-1")
answer.online, answer.verdict.fr
"""

from dataclasses import replace

from protocol.errors import ComptoirError, RefusedItemError, Text
from protocol.program.engine import reading
from shop_agent.pass_ import Agent, choices_of, profile_of
from shop_agent.why.errors import NeverSaidError, SeveralError
from shop_agent.why.find import find
from shop_agent.why.gather import gather
from shop_agent.why.judge import chain, judge
from shop_agent.why.look import Look
from shop_agent.why.values import Answer, Evidence, Match, Step


def why(agent: Agent, asked: str) -> Answer:
    """Return the whole chain of the article that a person means."""
    with reading(agent.engine).connect() as connection:
        matches = find(connection, asked)
        if len(matches) != 1:
            return _nobody(asked, matches)
        evidence = gather(connection, matches[0].key, choices_of(agent))
    evidence = looked_at(agent, evidence)
    steps = chain(evidence)
    online, verdict = judge(evidence, steps)
    return Answer(asked, online, verdict, matches[0], (), steps, evidence.history)


def looked_at(agent: Agent, evidence: Evidence) -> Evidence:
    """Return what is known with what the shop shows; a shop out of reach is told, not raised."""
    if evidence.ps_id is None:
        return evidence
    try:
        with agent.open_shop() as shop:
            profile = profile_of(agent, shop, fresh=False)
            site = Look(agent, shop, profile).at(evidence.key, evidence.ps_id)
    except ComptoirError as error:
        return replace(evidence, unreachable=error.problem())
    return replace(evidence, site=site, is_missing=site is None)


def _nobody(asked: str, matches: tuple[Match, ...]) -> Answer:
    error: RefusedItemError = SeveralError(value=asked) if matches else NeverSaidError(value=asked)
    problem = error.problem()
    what, remedy = problem.what, problem.remedy
    facts = {**problem.facts, "value": asked}
    verdict = Text(
        f"{what.in_lang('fr', facts)}. {remedy.in_lang('fr', facts)}",
        f"{what.in_lang('en', facts)}. {remedy.in_lang('en', facts)}",
    )
    said = Text(what.in_lang("fr", facts), what.in_lang("en", facts))
    mend = Text(remedy.in_lang("fr", facts), remedy.in_lang("en", facts))
    return Answer(
        asked, None if matches else False, verdict, None, matches,
        (Step("till", "no", said, mend, problem.code),),
    )  # fmt: skip
