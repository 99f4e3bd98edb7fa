"""A part of the catalogue: what goes with an article, and what never does."""

from dataclasses import replace

import pytest

from pos_exporter.assembled import Assembled, LeftOut, SetAside
from pos_exporter.belonging import FactKey, owners_of
from pos_exporter.changes import compare, fingerprint
from pos_exporter.mapping.text_errors import NameEmptyError
from pos_exporter.partial import find_articles, new_articles, part_of
from protocol.records import Axis, AxisValue, Brand, Stock
from tests.pos_exporter.test_filters import FACTS, OF_2, article

LISTS = (
    Axis(key="size", name={"fr": "Pointure"}),
    AxisValue(key="size|38", axis="size", name={"fr": "38"}),
    Brand(key="B2", name="Léo"),
)
WHOLE = Assembled((*LISTS, *FACTS), (), (), {})


def sent(assembled: Assembled, articles: set[str], said: set[FactKey]) -> set[FactKey]:
    """Return what goes, tombstones included, when some facts were said as they are."""
    known = {(r.kind, r.key): r for r in (*LISTS, *FACTS)}
    marks = {thing: fingerprint(known[thing]) for thing in said}
    part = part_of(assembled, articles, marks, owners_of(known.values()))
    changes = compare(part.records, part.said, (), {})
    return {(record.kind, record.key) for record in changes.records}


ALL = {(r.kind, r.key) for r in (*LISTS, *FACTS)}


def test_only_the_article_s_own_facts_go() -> None:
    others = (r for r in WHOLE.records if (r.kind, r.key) != ("article", "1"))
    touched = replace(WHOLE, records=(*others, article("1", brand="B9")))
    assert sent(touched, {"2"}, ALL - OF_2) == OF_2


def test_lists_go_along_only_where_the_site_was_never_told() -> None:
    assert sent(WHOLE, {"2"}, ALL - OF_2 - {("axis", "size"), ("axis_value", "size|38")}) == {
        *OF_2, ("axis", "size"), ("axis_value", "size|38"),
    }  # fmt: skip
    assert sent(WHOLE, {"2"}, ALL - OF_2 - {("brand", "B2"), ("brand", "B1")}) == {
        *OF_2, ("brand", "B2"),
    }  # fmt: skip


def test_nothing_of_others_is_buried() -> None:
    lost = tuple(r for r in FACTS if (r.kind, r.key) not in {("variant", "21"), ("photo", "p1")})
    missing = replace(WHOLE, records=(*LISTS, *lost))
    assert sent(missing, {"2"}, ALL) == {("variant", "21")}
    assert sent(missing, {"1"}, ALL) == {("photo", "p1")}


def test_an_article_that_is_gone_can_be_named_too() -> None:
    others = tuple(r for r in FACTS if (r.kind, r.key) not in OF_2)
    assert sent(replace(WHOLE, records=(*LISTS, *others)), {"2"}, ALL) == OF_2


def test_new_ones_are_those_never_said() -> None:
    assert new_articles(WHOLE, {}) == {"1", "2"}
    assert new_articles(WHOLE, {("article", "1"): b""}) == {"2"}


@pytest.mark.parametrize(
    ("text", "found"),
    [("1", {"1"}), ("R2", {"2"}), ("R2-38", {"2"}), ("21", {"2"}), ("3760123456787", {"3"}),
     ("R4", {"4"}), ("4", {"4"}), ("R5", {"5"}), ("nothing", set())],
)  # fmt: skip
def test_an_article_is_found_by_key_reference_or_bar_code(text: str, found: set[str]) -> None:
    left = LeftOut("article", "4", "unflagged", codes=("R4",), owner="4")
    held = SetAside("article", "5", "R5", NameEmptyError().problem(), owner="5", codes=("R5",))
    records = (*WHOLE.records, article("3", ean="3760123456787"), Stock(key="a:3", quantity=1))
    assert find_articles(Assembled(records, (held,), (left,), {}), text) == found
