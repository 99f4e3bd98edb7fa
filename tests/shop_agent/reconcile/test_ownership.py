"""Who wins, field by field; and the named wrong versions of the rule that this table catches."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.records import Owner
from shop_agent.actions import Last
from shop_agent.reconcile.ownership import Choice, decide, union

L, N, W, E, A = Choice.LEAVE, Choice.NOTE, Choice.WRITE, Choice.EDITED, Choice.AGREED

#: (owner, wanted, last, site, choice). Last("x", "x'"): sent as x, stored by the shop as x'.
CASES: list[tuple[Owner, str, Last | None, str, Choice]] = [
    # the till's own fields
    ("till", "9", None, "9", N),
    ("till", "9", None, "8", W),
    ("till", "9", Last("9", "9"), "9", L),
    ("till", "9", Last("9", "9"), "8", W),  # changed behind our back: healed
    ("till", "10", Last("9", "9"), "9", W),
    ("till", "a", Last("a", "a'"), "a'", L),  # stored otherwise than sent: quiet
    ("till", "9", Last("8", "8"), "9", N),  # an unsettled write took effect
    # texts: the till's until a person touches them
    ("till-until-edited", "a", None, "b", L),  # somebody's work from before us
    ("till-until-edited", "", None, "b", L),  # theirs, whatever the till says of it later
    ("till-until-edited", "a", None, "", W),  # nobody's
    ("till-until-edited", "", Last("a", "a'"), "a'", W),  # cleared
    ("till-until-edited", "a", Last("a", "a"), "a", L),
    ("till-until-edited", "a", Last("a", "a'"), "a'", L),
    ("till-until-edited", "b", Last("a", "a'"), "a'", W),
    ("till-until-edited", "a", Last("a", "a'"), "x", E),
    ("till-until-edited", "b", Last("a", "a'"), "x", E),  # a new text of the till waits, too
    ("till-until-edited", "a", Last("a", "a'", edited=True), "a'", A),
    ("till-until-edited", "x", Last("a", "a'", edited=True), "x", N),  # both agree again
    ("till-until-edited", "b", Last("a", "a'", edited=True), "a'", W),
    # the site's
    ("site", "a", None, "b", L),
    ("site", "a", Last("a", "a"), "b", L),
]

Rule = Callable[..., Choice]


@pytest.mark.parametrize(("owner", "wanted", "last", "site", "choice"), CASES)
def test_the_three_way_rule(
    owner: Owner, wanted: str, last: Last | None, site: str, choice: Choice
) -> None:
    assert decide(owner, wanted=wanted, last=last, site=site) is choice


def compares_with_what_was_sent(
    owner: Owner, *, wanted: str, last: Last | None, site: str
) -> Choice:
    """Wrong: takes the shop's own rewriting for a person's edit."""
    seen = Last(last.sent, last.sent, last.edited) if last else None
    return decide(owner, wanted=wanted, last=seen, site=site)


def overwrites_edits(owner: Owner, *, wanted: str, last: Last | None, site: str) -> Choice:
    """Wrong: the till always wins."""
    return decide("till" if owner != "site" else owner, wanted=wanted, last=last, site=site)


def keeps_everything_once_written(
    owner: Owner, *, wanted: str, last: Last | None, site: str
) -> Choice:
    """Wrong: never heals a price that was changed behind our back."""
    if last is not None and wanted == last.sent and site != wanted:
        return Choice.LEAVE
    return decide(owner, wanted=wanted, last=last, site=site)


def overwrites_what_was_there(owner: Owner, *, wanted: str, last: Last | None, site: str) -> Choice:
    """Wrong: an adopted entry's texts are replaced."""
    choice = decide(owner, wanted=wanted, last=last, site=site)
    return Choice.WRITE if last is None and choice is Choice.LEAVE and site != wanted else choice


def takes_what_was_there_for_its_own(
    owner: Owner, *, wanted: str, last: Last | None, site: str
) -> Choice:
    """Wrong: an adopted entry's texts are noted, so the till's next text replaces them."""
    choice = decide(owner, wanted=wanted, last=last, site=site)
    return Choice.NOTE if last is None and choice is Choice.LEAVE and wanted else choice


@pytest.mark.parametrize(
    "mutant",
    [
        compares_with_what_was_sent,
        overwrites_edits,
        keeps_everything_once_written,
        overwrites_what_was_there,
        takes_what_was_there_for_its_own,
    ],
)
def test_the_table_catches(mutant: Rule) -> None:
    wrong = [
        case
        for case in CASES
        if mutant(case[0], wanted=case[1], last=case[2], site=case[3]) is not case[4]
    ]
    assert wrong


@given(st.sampled_from(["till", "till-until-edited"]), st.text(max_size=3), st.text(max_size=3))
def test_after_a_write_the_field_is_quiet(owner: Owner, wanted: str, stored: str) -> None:
    choice = decide(owner, wanted=wanted, last=Last(wanted, stored), site=stored)
    assert choice in (Choice.LEAVE, Choice.NOTE)


SETS = st.frozensets(st.integers(1, 6))


@given(SETS, SETS, SETS)
def test_a_union_keeps_what_people_added_and_drops_only_ours(
    wanted: frozenset[int], ours: frozenset[int], site: frozenset[int]
) -> None:
    result, mine, taken_out = union(wanted, ours, site, frozenset())
    theirs = site - ours
    assert theirs <= result
    assert result <= site | wanted
    assert not (ours - site) & result  # taken off by people: not put back
    assert mine | taken_out == wanted
    again = union(wanted, mine, result, taken_out)
    assert again[0] == result
