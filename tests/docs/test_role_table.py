"""The role table is the same in the code, in SPEC §11 and on the shopkeeper's page."""

import re
from pathlib import Path
from typing import get_args

from pos_exporter.intake.port import OVER as OVER_AT_THE_TILL
from pos_exporter.orders_desk import IMPORT_WHEN
from protocol.records import Role
from shop_agent.orders.roles import GONE_OUT, OVER, TABLE

ROOT = Path(__file__).parents[2]
_CELL = re.compile(r"`(\w+)`")
_FRENCH = {
    (): "attend son état",
    ("counted", "answer"): "la caisse les compte, ou répond",
    ("answer",): "la caisse répond",
}


def rows_of(page: str, header: str) -> dict[str, list[str]]:
    """Return the cells of a table's rows by the role in their first cell, that one left out."""
    text = (ROOT / page).read_text(encoding="utf-8")
    _, _, after = text.partition(header)
    lines = after.splitlines()[2:]
    rows = {}
    for line in lines:
        if not line.startswith("|"):
            break
        first, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        found = _CELL.search(first)
        assert found is not None, line
        rows[found[1]] = cells
    return rows


def test_every_role_has_its_line() -> None:
    assert set(TABLE) == set(get_args(Role))


def test_the_specification_says_what_the_code_does() -> None:
    rows = rows_of("protocol/SPEC.md", "| role | reserves | told | enters |")
    yes = {True: "yes", False: "no"}
    assert {role: cells[:4] for role, cells in rows.items()} == {
        role: [yes[rule.reserves], yes[rule.told], yes[rule.enters],
               ", ".join(rule.releases) or "—"]
        for role, rule in TABLE.items()
    }  # fmt: skip


def test_the_shopkeeper_reads_what_the_code_does() -> None:
    rows = rows_of("docs/shopkeeper.md", "| état de la commande | stock gardé ? |")
    yes = {True: "oui", False: "non"}
    assert rows == {
        role: [yes[rule.reserves], yes[rule.told], yes[rule.enters], _FRENCH[rule.releases]]
        for role, rule in TABLE.items()
    }


def test_both_programs_mean_the_same_roles() -> None:
    assert frozenset(role for role, rule in TABLE.items() if rule.enters) == IMPORT_WHEN
    assert OVER == OVER_AT_THE_TILL
    assert not GONE_OUT & OVER
