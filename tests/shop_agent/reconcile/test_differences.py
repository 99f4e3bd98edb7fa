"""Each planned action told apart: in flight, explained, edited, drift."""

import pytest

from protocol.errors import Problem, Text
from shop_agent.actions import (
    Action,
    AddPhoto,
    Create,
    Hold,
    KeepEdit,
    Last,
    Refuse,
    SetStock,
    Settle,
    Subject,
    Update,
    Wait,
)
from shop_agent.prestashop.entities import Write
from shop_agent.reconcile.differences import Known, differences
from shop_agent.reconcile.stock import Figure

ARTICLE = Subject("article", "1042")
STOCK = Subject("stock", "a:1042")
PRICE = ("price", 0)
PROBLEM = Problem("E-XXX-001", "", "", Text("", ""), Text("", ""))


def an_update(after: str = "10.000000") -> Update:
    return Update(ARTICLE, "products", Write(7, {"price": after}), {PRICE: after}, {PRICE: "9"})


def written(sent: str, *, edited: bool = False) -> Known:
    return Known(written={("products", 7): {PRICE: Last(sent, sent, edited)}})


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (written("10"), "drift"),  # we wrote that very value before
        (written("8"), "in-flight"),  # the till wants another one now
        (written("10", edited=True), "in-flight"),  # taken back
        (Known(), "in-flight"),  # never written
        (Known(mode="observe"), "explained"),
    ],
)
def test_a_field_is_drift_when_the_till_says_nothing_new(known: Known, why: str) -> None:
    [found] = differences([an_update("10")], {}, known)
    assert (found.why, found.id, found.field, found.site, found.till) == (
        why, 7, "price", "9", "10",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "known", "why", "reason"),
    [
        (SetStock(STOCK, 3, 5, 9), Known(), "drift", ""),
        (SetStock(STOCK, 3, 5, 9), Known(moving=frozenset({STOCK})), "in-flight", ""),
        (SetStock(STOCK, 3, 5, 9), Known(mode="observe"), "explained", "mode"),
        (SetStock(STOCK, 3, 5, 9), Known(mode="stock"), "drift", ""),
        (Create(ARTICLE, "products", Write(), {}), Known(), "in-flight", ""),
        (Create(ARTICLE, "products", Write(), {}), Known(linked=frozenset({ARTICLE})), "drift", ""),
        (AddPhoto(ARTICLE, 7, "abc"), Known(), "in-flight", ""),
        (KeepEdit(ARTICLE, "products", 7, "name", 1, "x", PROBLEM), Known(), "edited", "E-XXX-001"),
        (Hold(ARTICLE, PROBLEM), Known(), "explained", "E-XXX-001"),
        (Refuse(ARTICLE, PROBLEM), Known(), "explained", "E-XXX-001"),
        (Wait(ARTICLE, PROBLEM), Known(), "in-flight", "E-XXX-001"),
        (Settle(ARTICLE, unseen=PROBLEM), Known(), "explained", "E-XXX-001"),
    ],
)
def test_every_action_has_its_class(action: Action, known: Known, why: str, reason: str) -> None:
    [found] = differences([action], {}, known)
    assert (found.why, found.reason) == (why, reason)


def test_what_agrees_is_no_difference() -> None:
    right = Figure("a:1042", 5, {}, 0, 5, 5)
    assert differences([Settle(ARTICLE)], {STOCK: right}, Known()) == []


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (Figure("a:1042", 5, {"uid": 2}, 1, 2, 2), "orders+buffer"),
        (Figure("a:1042", 5, {}, 1, 4, 4), "buffer"),
        (Figure("a:1042", 5, {}, 0, 0, 0, forced="gone"), "forced"),
    ],
)
def test_a_figure_that_is_right_and_not_the_tills_is_explained(made: Figure, reason: str) -> None:
    [found] = differences([], {STOCK: made}, Known())
    assert (found.why, found.reason) == ("explained", reason)
    assert (found.site, found.till) == (str(made.shown), "5")


def test_a_text_kept_since_an_earlier_pass_is_told_once() -> None:
    known = Known(edits=((ARTICLE, "products", 7, "name", 1),))
    assert [one.why for one in differences([], {}, known)] == ["edited"]
    again = KeepEdit(ARTICLE, "products", 7, "name", 1, "x", PROBLEM)
    assert len(differences([again], {}, known)) == 1
