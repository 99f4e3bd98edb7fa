"""Bars on a terminal, JSON lines for a program, nothing for a file."""

import io
import json

from protocol.program.console import Output
from protocol.program.progress import STEPS, Bars, shown


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_a_program_gets_json_lines_and_the_listener_is_told() -> None:
    out, err, heard = io.StringIO(), io.StringIO(), []
    output = Output(lang="fr", as_json=True, out=out, err=err)
    with shown(output, lambda *step: heard.append(step)) as tell:
        tell("stock", 40, 120)
    line = json.loads(out.getvalue())
    assert (line["type"], line["step"], line["done"], line["of"]) == ("progress", "stock", 40, 120)
    assert heard == [("stock", 40, 120)]
    assert err.getvalue() == ""


def test_a_file_gets_no_bars() -> None:
    stream = io.StringIO()
    with Bars("fr", stream) as bars:
        bars.tell("stock", 1, 2)
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar_per_step_in_its_language() -> None:
    stream = Terminal()
    with Bars("en", stream) as bars:
        bars.tell("read", 0, 1)
        bars.tell("stock", 40, 120)
        bars.tell("unknown to people", 1, 1)
        bars.tell("photo", 0, 0)
    drawn = stream.getvalue()
    assert STEPS["read"].en in drawn
    assert "40/120" in drawn
    assert "unknown to people" not in drawn
