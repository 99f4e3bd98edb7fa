"""How checks are told, and what the whole ends with."""

import io
import json

import pytest

from protocol.channel.port import ChannelUnreachableError
from protocol.errors import Problem, Text
from protocol.keys import BadKeyFileError, NotPairedError
from protocol.program.checks import Check, attention, failed, good, tell
from protocol.program.console import Output

TITLE = Text("Porte {number}", "Door {number}")
LATER, PERSON = ChannelUnreachableError(reason="x"), NotPairedError()
FATAL = BadKeyFileError(reason="x")
SETTING = Problem("E-CFG-001", "a.yaml:1", "", Text("faux", "wrong"), Text("corriger", "correct"))


def said(checks: list[Check], *, cron: bool = False) -> tuple[int, list[dict[str, object]], str]:
    out, err = io.StringIO(), io.StringIO()
    code = tell(checks, Output(lang="fr", as_json=True, cron=cron, out=out, err=err))
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ([], 0),
        ([good("A", TITLE)], 0),
        ([attention("A", TITLE, FATAL), good("B", TITLE)], 3),
        ([failed("A", TITLE, LATER), attention("B", TITLE, FATAL)], 5),
        ([failed("A", TITLE, LATER), failed("B", TITLE, PERSON)], 6),
        ([failed("A", TITLE, SETTING), failed("B", TITLE, PERSON)], 2),
        ([failed("A", TITLE, FATAL), failed("B", TITLE, SETTING)], 7),
    ],
)
def test_the_worst_check_decides(checks: list[Check], code: int) -> None:
    assert said(checks)[0] == code


def test_a_line_has_its_state_code_cause_and_remedy() -> None:
    code, lines, text = said([failed("F04", TITLE, LATER, number=21), good("F05", TITLE, number=3)])
    first, second, summary = lines
    assert (first["check"], first["state"], first["code"]) == ("F04", "failed", "E-CHN-001")
    assert first["title"] == "Porte 21"
    assert first["what"]
    assert first["remedy"]
    assert "code" not in second
    assert (summary["ok"], summary["attention"], summary["failed"]) == (1, 0, 1)
    assert summary["exit_code"] == code
    assert text.splitlines()[0].startswith("ECHEC")
    assert "[E-CHN-001]" in text


def test_the_summary_tells_the_code_that_the_process_ends_with() -> None:
    _, lines, _ = said([attention("A", TITLE, FATAL)], cron=True)
    assert lines[-1]["exit_code"] == 0
