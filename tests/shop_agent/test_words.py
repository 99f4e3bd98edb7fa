"""A pass in plain words."""

import pytest

from shop_agent.words import account, sentence


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
