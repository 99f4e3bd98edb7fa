"""What becomes of an article, per cause and choice, and how it comes back."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shop_agent.reconcile.showing import DRAFT, Fell, Showing, Shown, plan_showing, why_unseen

ON, OFF = Shown(active=True), Shown(active=False)
HIDDEN = Shown(active=True, visibility="none")


def plan(shown: Shown, **changes: Any) -> Showing:
    fields: dict[str, Any] = {
        "fate": None, "shown": shown, "fell": None, "owner": "till", "may_be_draft": False,
    }  # fmt: skip
    return plan_showing(**{**fields, **changes})


def written(showing: Showing) -> dict[str, str]:
    return {one.name: one.texts[0] for one in showing.fields}


def test_a_live_article_is_on() -> None:
    assert written(plan(OFF)) == {"active": "1"}
    assert plan(OFF).fell is None


@pytest.mark.parametrize(
    ("fate", "fields", "fell", "takes_away"),
    [
        ("inactive", {"active": "0"}, Fell("inactive", "1"), True),
        ("hidden", {"visibility": "none"}, Fell("hidden", "both"), True),
        ("out_of_stock", {}, Fell("out_of_stock"), True),
        ("leave", {}, None, False),
    ],
)
def test_what_is_gone_becomes_what_the_merchant_chose(
    fate: str, fields: dict[str, str], fell: Fell | None, takes_away: bool
) -> None:
    showing = plan(ON, fate=fate)
    assert (written(showing), showing.fell) == (fields, fell)
    assert showing.takes_away is takes_away


def test_what_nobody_saw_is_not_taken_away() -> None:
    assert not plan(OFF, fate="inactive").takes_away
    assert not plan(HIDDEN, fate="inactive").takes_away
    assert not plan(ON, fate="inactive", owner="site").takes_away
    assert not plan(ON, fate="hidden", fell=Fell("hidden", "search")).takes_away


@pytest.mark.parametrize(
    ("shown", "fell", "fields"),
    [
        (OFF, Fell("inactive", "1"), {"active": "1"}),
        (HIDDEN, Fell("hidden", "search"), {"active": "1", "visibility": "search"}),
        (ON, Fell("hidden", "search"), {"active": "1"}),  # the web team listed it meanwhile
        (ON, Fell("out_of_stock"), {"active": "1"}),
    ],
)
def test_coming_back_restores_what_was(shown: Shown, fell: Fell, fields: dict[str, str]) -> None:
    showing = plan(shown, fell=fell)
    assert (written(showing), showing.fell) == (fields, None)


def test_another_choice_undoes_the_first() -> None:
    showing = plan(OFF, fate="hidden", fell=Fell("inactive", "1"))
    assert written(showing) == {"active": "1", "visibility": "none"}
    back = plan(HIDDEN, fate="inactive", fell=Fell("hidden", "catalog"))
    assert written(back) == {"visibility": "catalog", "active": "0"}


def test_the_same_choice_is_healed() -> None:
    showing = plan(ON, fate="inactive", fell=Fell("inactive", "1"))
    assert (written(showing), showing.fell) == ({"active": "0"}, Fell("inactive", "1"))


def test_a_draft_is_left_to_the_web_team_until_they_switch_it_on() -> None:
    draft = plan(OFF, may_be_draft=True)
    assert (written(draft), draft.is_draft) == ({}, True)
    seen_on = plan(ON, may_be_draft=True)
    assert (written(seen_on), seen_on.is_draft) == ({"active": "1"}, False)


@pytest.mark.parametrize("fate", ["inactive", "hidden", "out_of_stock"])
def test_a_draft_that_was_gone_comes_back_as_a_draft(fate: str) -> None:
    gone = plan(OFF, fate=fate, may_be_draft=True)
    assert gone.fell is not None
    assert "active" not in written(gone)
    if fate == "inactive":
        assert gone.fell == Fell("inactive", DRAFT)
    back = plan(OFF, fell=gone.fell, may_be_draft=True)
    assert (written(back), back.is_draft) == ({}, True)


@pytest.mark.parametrize(
    ("shown", "draft", "off", "code"),
    [
        (ON, False, (), None),
        (OFF, True, (), "E-SEE-001"),
        (OFF, False, (), "E-SEE-002"),
        (replace(ON, default_category=5, categories=frozenset({5, 6})), False, (5,), "E-SEE-003"),
        (replace(ON, default_category=5, categories=frozenset({5, 6})), False, (6,), None),
        (replace(ON, default_category=2, categories=frozenset({6})), False, (6,), "E-SEE-003"),
        (HIDDEN, False, (), "E-SEE-004"),
        (replace(ON, price=Decimal(0)), False, (), "E-SEE-006"),
    ],
)
def test_why_visitors_do_not_see_it(
    shown: Shown, draft: bool, off: tuple[int, ...], code: str | None
) -> None:
    why = why_unseen(shown, is_draft=draft, off_categories=frozenset(off), place="article 1")
    assert (why.code if why else None) == code
