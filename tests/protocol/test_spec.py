"""SPEC.md says what the code does: its generated parts are fresh, its citations lead somewhere."""

import re
from pathlib import Path
from typing import get_args

import pytest

import protocol
from protocol.channel.port import PACKET_NAME
from protocol.manifest import LETTERS, WRITES
from protocol.packet import MAGIC
from protocol.records import FACT_KINDS, KINDS, FateState, Role
from protocol.sequence import Verdict
from protocol.spec import BOTH_KINDS, SHOP_KINDS, SPEC, TILL_KINDS, rendered

TEXT = SPEC.read_text(encoding="utf-8")
#: What is written by hand.
HAND = re.sub(r"<!-- generated.*?<!-- end: [a-z-]+ -->", "", TEXT, flags=re.DOTALL)
SOURCES = sorted(Path(protocol.__file__).parent.rglob("*.py"))


def chapter(number: str) -> str:
    return HAND.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


def section(number: str) -> str:
    return HAND.partition(f"\n### {number} ")[2].partition("\n### ")[0]


def test_the_generated_parts_are_what_the_script_makes() -> None:
    assert rendered(TEXT) == TEXT, "run: python -m protocol.spec"


def test_a_changed_generated_part_is_noticed() -> None:
    assert rendered(TEXT.replace("| `tax_rate` | Key |", "| `tax_rate` | Line |")) == TEXT
    with pytest.raises(KeyError):
        rendered("<!-- generated: nothing -->\n<!-- end: nothing -->")


def test_every_kind_is_described_once() -> None:
    assert sorted((*TILL_KINDS, *BOTH_KINDS, *SHOP_KINDS)) == sorted(KINDS)
    for kind in KINDS:
        assert TEXT.count(f"\n#### `{kind}`\n") == 1


def test_no_draft_kind_is_sent() -> None:
    drafts = re.findall(r"^\| `([a-z_]+)` \| (?:till|shop|both)", section("6.3"), re.MULTILINE)
    assert len(drafts) == 2
    assert not set(drafts) & set(KINDS)


def test_every_fact_may_have_a_tombstone() -> None:
    sentence = section("6.3").partition("#### Tombstone")[2].partition(" may come")[0]
    assert re.findall(r"`([a-z_]+)`", sentence) == list(FACT_KINDS)


def test_every_verdict_is_in_the_table() -> None:
    cells = {row.split("|")[3].strip() for row in section("7.2").splitlines() if "|" in row}
    assert {verdict.value.replace("_", "-") for verdict in Verdict} <= cells


def test_every_fate_is_in_the_table() -> None:
    assert set(re.findall(r"^\| `([a-z_]+)`", section("6.5"), re.MULTILINE)) == set(
        get_args(FateState)
    )


def test_every_role_is_in_the_table_and_four_do_not_reserve() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| (yes|no) \|", chapter("11"), re.MULTILINE)
    assert [role for role, _ in rows] == list(get_args(Role))
    free = {role for role, reserves in rows if reserves == "no"}
    assert free == {"payment_error", "cancelled", "refunded", "dead"}


def test_streams_letters_and_names_are_ours() -> None:
    rows = re.findall(r"^\| `([a-z]+)` \| `([a-z])` \| (.*?) \|", section("4.1"), re.MULTILINE)
    assert {stream: letter for stream, letter, _ in rows} == LETTERS
    for stream, _, writers in rows:
        sides = {side for side, streams in WRITES.items() if stream in streams}
        assert sides == ({"pos", "shop"} if "both" in writers else {writers.strip("`")})
    (example,) = re.findall(r"For example `(.*?)`", section("4.1"))
    assert PACKET_NAME.match(example)


def test_the_magic_is_ours() -> None:
    (digits,) = re.findall(r"\| magic \| `([0-9A-F ]+)`", section("5.1"))
    assert bytes.fromhex(digits) == MAGIC


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_citation_leads_to_a_section(path: Path) -> None:
    sections = set(re.findall(r"^##+ (\d+(?:\.\d+)?)", HAND, re.MULTILINE))
    cited = re.findall(r"§(\d+(?:\.\d+)?)", path.read_text(encoding="utf-8"))
    assert set(cited) <= sections


def test_every_reference_inside_leads_to_a_section() -> None:
    sections = set(re.findall(r"^##+ (\d+(?:\.\d+)?)", HAND, re.MULTILINE))
    text = re.sub(r"RFC \d+ §\d+", "", TEXT)
    assert set(re.findall(r"§(\d+(?:\.\d+)?)", text)) <= sections


def test_every_code_that_the_text_names_exists() -> None:
    listed = set(re.findall(r"^\| (E-[A-Z]{3}-\d{3}) \|", TEXT, re.MULTILINE))
    assert set(re.findall(r"E-[A-Z]{3}-\d{3}", HAND)) <= listed
