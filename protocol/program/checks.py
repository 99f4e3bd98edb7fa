"""What `doctor` found: one line per check, with state, code, cause and remedy; exit code the worst.

A check that cannot be made because another failed is left out: its line would only distract.

    checks = [good("F01", DNS, host=host), failed("F04", LOGIN, ChannelAccessError(...))]
    return tell(checks, output)      # the worst one's exit code
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from protocol.errors import ComptoirError, Problem, Text, UsageError
from protocol.program.console import DONE, SET_ASIDE, Output


class Level(StrEnum):
    """How a check ended."""

    ok = "ok"
    attention = "attention"
    failed = "failed"


@dataclass(frozen=True)
class Check:
    """One check and its outcome.

    Args:
        id: Stable: `F04`.
        title: What was looked at; facts are `{name}`.
        facts: For the title.
        level: How it ended.
        problem: Why it is not ok.
        exit_code: What the whole command would end with if this were its worst check.
    """

    id: str
    title: Text
    facts: Mapping[str, str] = field(default_factory=dict)
    level: Level = Level.ok
    problem: Problem | None = None
    exit_code: int = DONE


def good(check_id: str, title: Text, **facts: object) -> Check:
    """Return a check that is well."""
    return Check(check_id, title, _texts(facts))


def attention(check_id: str, title: Text, why: ComptoirError | Problem, **facts: object) -> Check:
    """Return a check that a person should know about; nothing is stopped by it."""
    problem = why if isinstance(why, Problem) else why.problem()
    return Check(check_id, title, _texts(facts), Level.attention, problem, SET_ASIDE)


def failed(check_id: str, title: Text, why: ComptoirError | Problem, **facts: object) -> Check:
    """Return a check that stops the synchronisation; a bare problem is one of the settings."""
    if isinstance(why, Problem):
        return Check(check_id, title, _texts(facts), Level.failed, why, UsageError.exit_code)
    return Check(check_id, title, _texts(facts), Level.failed, why.problem(), why.exit_code)


def tell(checks: Iterable[Check], output: Output) -> int:
    """Print each check as it is made; return the worst one's exit code."""
    made: list[Check] = []
    for check in checks:
        made.append(check)
        _tell_one(check, output)
    worst = max((check.exit_code for check in made), key=_GRAVITY.index, default=DONE)
    counts = {level.value: sum(c.level is level for c in made) for level in Level}
    output.say(_SUMMARY, **counts)
    output.emit("summary", exit_code=output.exit_code(worst), **counts)
    return worst


def _tell_one(check: Check, output: Output) -> None:
    word = _WORDS[check.level].in_lang(output.lang)
    title = check.title.in_lang(output.lang, dict(check.facts))
    line = f"{word:<9}  {check.id}  {title}"
    if check.problem is not None:
        line += f"\n           {check.problem.line(output.lang)}"
    output.say(Text("{line}", "{line}"), line=line)
    output.emit(
        "check", check=check.id, state=check.level.value, title=title,
        **_fields(check.problem, output),
    )  # fmt: skip


def _fields(problem: Problem | None, output: Output) -> dict[str, str]:
    if problem is None:
        return {}
    return {
        "code": problem.code,
        "place": problem.place,
        "value": problem.value,
        "what": problem.what.in_lang(output.lang, problem.facts),
        "remedy": problem.remedy.in_lang(output.lang, problem.facts),
    }


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(fact) for name, fact in facts.items()}


#: From the mildest exit code to the gravest.
_GRAVITY = [0, 3, 4, 8, 5, 6, 2, 1, 7]
_WORDS = {
    Level.ok: Text("OK", "OK"),
    Level.attention: Text("ATTENTION", "ATTENTION"),
    Level.failed: Text("ECHEC", "FAILED"),
}
_SUMMARY = Text(
    "{ok} bon(s), {attention} à surveiller, {failed} en échec",
    "{ok} good, {attention} to watch, {failed} failed",
)
