"""A pass in plain words."""

import pytest

from protocol.errors import Problem, Text
from shop_agent.actions import (
    Action,
    Adopt,
    Create,
    KeepEdit,
    SetStock,
    Settle,
    Subject,
    Update,
)
from shop_agent.prestashop.entities import Write
from shop_agent.words import account, describe, sentence

ARTICLE = Subject("article", "1042")


def test_counts_are_told_in_number_and_language() -> None:
    written = {
        "stock_availables": {"changed": 12},
        "products": {"created": 1, "changed": 2},
        "categories": {"created": 2},
        "manufacturers": {"changed": 1},
    }
    told = account({"written": written, "orders": 2, "customers": 1, "refused": [{}]})
    assert told.fr == (
        "12 stocks, 1 nouvel article, 2 articles mis à jour, 3 rayons, marques ou tailles, "
        "2 commandes, 1 client, 1 fiche refusée"
    )
    assert told.en.startswith("12 stocks, 1 new article, 2 articles updated")


@pytest.mark.parametrize("summary", [{}, {"dry_run": True}, {"more_to_do": True}])
def test_nothing_done_is_a_sentence_too(summary: dict[str, bool]) -> None:
    assert account(summary).fr == ""
    assert sentence(summary).fr
    assert sentence(summary).en


def test_a_used_up_budget_is_told() -> None:
    part = sentence({"written": {"products": {"created": 3}}, "more_to_do": True})
    whole = sentence({"written": {"products": {"created": 3}}})
    assert part.fr.startswith(whole.fr)
    assert part.fr != whole.fr


def test_a_change_shows_what_was_and_what_will_be() -> None:
    sent = {("price", 0): "17.00", ("name", 2): "x" * 80}
    was = {("price", 0): "16.58"}
    action = Update(ARTICLE, "products", Write(id=7, fields={}), sent, was)
    told = describe(action)
    assert told is not None
    assert "price 16.58 → 17.00" in told.fr
    assert "name (2)" in told.fr
    assert len(told.fr) < 100


@pytest.mark.parametrize(
    ("action", "sign"),
    [
        (SetStock(Subject("stock", "a:7"), 3, 5, 2), "2 → 5"),
        (Create(ARTICLE, "products", Write(fields={}), {}), "article 1042"),
        (Adopt(ARTICLE, "products", 9), "products 9"),
    ],
)
def test_actions_are_told(action: Action, sign: str) -> None:
    told = describe(action)
    assert told is not None
    assert sign in told.fr
    assert sign in told.en


def test_an_edit_that_is_kept_is_told_by_its_code() -> None:
    problem = Problem("E-AGT-010", "", "", Text("", ""), Text("", ""))
    told = describe(KeepEdit(ARTICLE, "products", 9, "name", 1, "texte", problem))
    assert told is not None
    assert "E-AGT-010" in told.fr


def test_what_is_only_noted_is_not_told() -> None:
    assert describe(Settle(ARTICLE)) is None
