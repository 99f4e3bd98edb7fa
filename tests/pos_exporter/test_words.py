"""A run in plain words."""

import pytest

from pos_exporter.words import account, sentence

SUMMARY = {
    "changes": {"stock": 12, "article": 1, "axis": 2},
    "gone": 1,
    "photos": 3,
    "orders": {"imported": 2, "customers": 1},
    "faults": 1,
}


def test_counts_are_told_in_number_and_language() -> None:
    told = account(SUMMARY)
    assert told.fr == (
        "12 stocks, 1 fiche article, 2 autres fiches, 1 retrait, 3 photos envoyées, 2 commandes, "
        "1 client, 1 ligne à corriger"
    )
    assert told.en.startswith("12 stocks, 1 article, 2 other records, 1 removal")


def test_lines_to_correct_are_told_apart() -> None:
    told = sentence({"faults": 12})
    assert "12 lignes à corriger" in told.fr
    assert "quarantine list" in told.fr
    assert "quarantine list" not in sentence({"changes": {"stock": 1}}).fr


@pytest.mark.parametrize("summary", [{}, {"dry_run": True}])
def test_nothing_done_is_a_sentence_too(summary: dict[str, bool]) -> None:
    assert account(summary).fr == ""
    assert sentence(summary).fr
    assert sentence(summary).en


def test_a_trial_says_that_it_is_one() -> None:
    assert sentence({**SUMMARY, "dry_run": True}).en != sentence(SUMMARY).en
