"""The merchant's choices with nothing left open, under the lock of this side."""

from typing import Any

import pytest

from protocol.records import Article, Brakes, Pilot, Policy
from shop_agent.reconcile.policy import Choices, Lock, ancestry, buffer_of, effective

TREE = {"shoes": None, "boots": "shoes", "rain": "boots", "bags": None}


def policy(**said: Any) -> Policy:
    return Policy.model_validate({"version": 3, "owners": {}, **said})


def article(*categories: str, buffer: int | None = None) -> Article:
    fields: dict[str, Any] = {
        "key": "1", "reference": "R", "name": {"fr": "N"}, "tax_rate": "N",
        "price": {"amount": "10.00"}, "categories": categories,
    }  # fmt: skip
    return Article.model_validate(fields | ({} if buffer is None else {"buffer": buffer}))


def test_nothing_is_left_open() -> None:
    choices = effective(policy(), Lock())
    assert None not in choices.__dict__.values() or choices.pilot is None
    assert (choices.mode, choices.only_flagged, choices.only_new) == ("all", True, False)
    assert (choices.new_articles, choices.fill_languages) == ("live", True)
    assert (choices.empty_combinations, choices.buffers, choices.pilots) == ("site", {}, ())
    assert choices.brakes == Brakes(
        price_percent=50, mass_percent=20, mass_count=20, edited_percent=5
    )
    assert choices.gone == dict.fromkeys(
        ("unflagged", "filtered", "discontinued", "vanished"), "inactive"
    )


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ({"mode": "observe"}, "mode", "observe"),
        ({"only_flagged": False}, "only_flagged", False),
        ({"only_new": True}, "only_new", True),
        ({"new_articles": "draft"}, "new_articles", "draft"),
        ({"fill_languages": False}, "fill_languages", False),
        ({"empty_combinations": "hide"}, "empty_combinations", "hide"),
        ({"buffer": 2}, "buffer", 2),
        ({"buffers": {"boots": 4}}, "buffers", {"boots": 4}),
        ({"owners": {"article.name": "till"}}, "owners", {"article.name": "till"}),
        ({"default_language": "en"}, "default_language", "en"),
    ],
)
def test_what_the_till_says_counts(said: dict[str, Any], field: str, value: object) -> None:
    assert getattr(effective(policy(**said), Lock()), field) == value


@pytest.mark.parametrize(
    ("said", "lock", "mode"),
    [
        ("all", "observe", "observe"),
        ("all", "stock", "stock"),
        ("stock", "observe", "observe"),
        ("observe", "all", "observe"),
        ("stock", "all", "stock"),
        ("observe", "stock", "observe"),
    ],
)
def test_a_lock_narrows_the_mode_and_never_widens_it(said: str, lock: Any, mode: str) -> None:
    assert effective(policy(mode=said), Lock(mode=lock)).mode == mode


def test_a_lock_narrows_every_other_line_too() -> None:
    lock = Lock(
        gone={"vanished": "leave", "discontinued": "inactive"},
        only_flagged=True,
        new_articles="draft",
        empty_combinations="site",
        buffer=2,
        owners={"article.name": "site", "article.price": "till-until-edited"},
        brakes=Brakes(price_percent=90, mass_percent=10, mass_count=5, edited_percent=9),
    )
    said = policy(
        gone={"vanished": "inactive", "discontinued": "hidden"},
        only_flagged=False,
        empty_combinations="hide",
        buffers={"boots": 1, "bags": 5},
        owners={"article.name": "till", "article.ean": "till"},
    )
    choices = effective(said, lock)
    assert (choices.fate("vanished"), choices.fate("discontinued")) == ("leave", "hidden")
    assert (choices.only_flagged, choices.new_articles) == (True, "draft")
    assert (choices.empty_combinations, choices.buffer) == ("site", 2)
    assert choices.buffers == {"boots": 2, "bags": 5}
    assert choices.owners == {
        "article.name": "site", "article.price": "till-until-edited", "article.ean": "till",
    }  # fmt: skip
    assert choices.brakes == Brakes(
        price_percent=50, mass_percent=10, mass_count=5, edited_percent=5
    )
    assert "brakes" in lock.lines()
    assert "mode" not in lock.lines()


def test_both_pilots_count() -> None:
    mine, theirs = Pilot(articles=("1",)), Pilot(categories=("boots",))
    assert effective(policy(pilot=theirs), Lock(pilot=mine)).pilots == (theirs, mine)


def test_a_category_is_under_all_that_is_above_it_and_a_circle_ends() -> None:
    assert list(ancestry("rain", TREE)) == ["rain", "boots", "shoes"]
    assert list(ancestry("a", {"a": "b", "b": "a"})) == ["a", "b"]


@pytest.mark.parametrize(
    ("one", "units"),
    [
        (article("rain"), 3),  # of boots, one step up
        (article("shoes"), 1),
        (article("bags"), 9),  # nothing is said of bags
        (article("bags", "rain"), 3),
        (article("shoes", "rain"), 1),  # the nearer one, though boots is said too
        (article("rain", buffer=0), 0),
        (article(), 9),
    ],
)
def test_the_buffer_of_the_article_else_of_the_nearest_category(one: Article, units: int) -> None:
    choices: Choices = effective(policy(buffer=9, buffers={"boots": 3, "shoes": 1}), Lock())
    assert buffer_of(one, choices, TREE) == units
