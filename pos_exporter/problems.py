"""Problems as the state database keeps them, read back.

read_problem(row.problem).line("fr")
"""

from protocol.errors import Problem, Text
from protocol.link.notices import problem_from
from protocol.program.command import literal


def read_problem(text: str) -> Problem:
    """Return the problem that a state column holds, or its bare text as one."""
    try:
        return problem_from(text)
    except (ValueError, TypeError, KeyError):
        return Problem("", "", "", literal(text[:500]), Text("", ""))
