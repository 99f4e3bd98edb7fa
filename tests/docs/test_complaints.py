"""Every complaint in docs/complaints.md has a test that exists, or says why it has none."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "complaints.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
#: How a line begins that names no test.
_WITHOUT = ("does not apply: ", "not built yet: ")


def rows() -> list[tuple[str, str, str]]:
    """Return (complaint, promise, tests or reason) of every line of the table."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [line.strip().strip("|").split(" | ") for line in lines if line.startswith("| ")]
    assert all(len(row) == 3 for row in cells)
    return [(row[0].strip(), row[1].strip(), row[2].strip()) for row in cells[2:]]


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of a file's test functions and methods."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.name.startswith("test_")
    )


def test_the_table_is_read() -> None:
    titles = [title for title, _, _ in rows()]
    assert len(titles) >= 28
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_complaint_names_tests_that_exist_or_says_why_not(row: tuple[str, str, str]) -> None:
    _, promise, shown = row
    assert promise
    named = _NAMED.findall(shown)
    assert shown.count("::") == len(named)
    if not named:
        assert shown.startswith(_WITHOUT)
        return
    missing = [f"{path}::{name}" for path, name in named if name not in names_in(path)]
    assert missing == []
