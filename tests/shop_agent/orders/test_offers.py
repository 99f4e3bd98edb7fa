"""The strict rule: a table of histories, and that no answer ever releases too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.records import FateState
from shop_agent.orders.offers import (
    Offers,
    by_sellable,
    most_of,
    parse_offers,
    parse_units,
    render_offers,
)
from shop_agent.orders.offers import render_units as units_text
from shop_agent.reconcile.stock import Sellable

A: Sellable = (12, 40)
B: Sellable = (12, 41)
Step = tuple[str, dict[Sellable, int]] | tuple[str, FateState]


def play(*steps: Step) -> Offers:
    offers = Offers()
    for revision, what in steps:
        offers = play_on(offers, revision, what)
    return offers


@pytest.mark.parametrize(
    ("steps", "held"),
    [
        pytest.param([], {}, id="nothing offered"),
        pytest.param([("1", {A: 2})], {A: 2}, id="offered"),
        pytest.param([("1", {A: 2}), ("2", {})], {A: 2}, id="cancelled, no answer"),
        pytest.param(
            [("1", {A: 2}), ("1", "imported"), ("2", {})], {A: 2}, id="imported, then cancelled"
        ),
        pytest.param(
            [("1", {A: 2}), ("2", {}), ("1", "imported")], {A: 2}, id="an older answer is not it"
        ),
        pytest.param([("1", {A: 2}), ("2", {}), ("2", "imported")], {}, id="the till undid it"),
        pytest.param([("1", {A: 2}), ("2", {}), ("2", "ignored")], {}, id="a person closed it"),
        pytest.param(
            [("1", {A: 3}), ("2", {A: 1}), ("3", {}), ("2", "imported")], {A: 1}, id="in between"
        ),
        pytest.param(
            [("1", {A: 2}), ("2", {B: 2})], {A: 2, B: 2}, id="exchanged size, no answer: both"
        ),
        pytest.param(
            [("1", {A: 2}), ("2", {B: 2}), ("2", "imported")], {B: 2}, id="exchanged size, answered"
        ),
        pytest.param([("1", {A: 1}), ("2", {A: 4})], {A: 4}, id="edited upwards"),
        pytest.param(
            [("1", {A: 2}), ("1", "waiting"), ("2", {}), ("2", "waiting")],
            {},
            id="never taken: waiting is an answer",
        ),
        pytest.param(
            [("1", {A: 2}), ("1", "imported"), ("2", {}), ("2", "waiting")],
            {A: 2},
            id="taken: waiting is none",
        ),
        pytest.param(
            [("1", {A: 2}), ("1", "imported"), ("2", {}), ("2", "refused")],
            {A: 2},
            id="taken: refused is none",
        ),
        pytest.param([("1", {A: 2}), ("9", "imported"), ("2", {})], {A: 2}, id="unknown document"),
        pytest.param(
            [("1", {A: 1}), ("2", {A: 5}), ("1", {A: 1}), ("1", "imported")],
            {A: 1},
            id="edited there and back: the last counts",
        ),
        pytest.param(
            [("1", {A: 2}), ("1", "held")], {A: 2}, id="a fate that is no answer of a till"
        ),
    ],
)
def test_what_stays_kept(steps: list[Step], held: dict[Sellable, int]) -> None:
    assert {key: units for key, units in play(*steps).held().items() if units} == held


def test_the_same_document_again_is_one_offer() -> None:
    assert play(("1", {A: 2}), ("1", {A: 2})) == play(("1", {A: 2}))


def test_a_document_that_was_answered_past_is_not_known_any_more() -> None:
    offers = play(("1", {A: 2}), ("2", {A: 1}), ("2", "imported"))
    assert offers.knows("2")
    assert not offers.knows("1")


#: Equal revisions are equal documents.
DOCUMENTS: dict[str, dict[Sellable, int]] = {
    "1": {A: 2},
    "2": {A: 1, B: 1},
    "3": {},
    "4": {B: 4},
    "5": {A: 5},
}
FATES: list[FateState] = ["imported", "ignored", "waiting", "refused"]
STEPS = st.lists(
    st.sampled_from(sorted(DOCUMENTS)).flatmap(
        lambda revision: st.sampled_from(
            [(revision, DOCUMENTS[revision]), *((revision, state) for state in FATES)]
        )
    ),
    max_size=15,
)


def covers(most: dict[Sellable, int], units: dict[Sellable, int]) -> bool:
    return all(most.get(key, 0) >= quantity for key, quantity in units.items())


@given(STEPS)
def test_the_newest_document_is_always_kept(steps: list[Step]) -> None:
    offered = [what for _, what in steps if isinstance(what, dict)]
    assert covers(play(*steps).held(), offered[-1] if offered else {})


@given(STEPS, st.sampled_from(sorted(DOCUMENTS)))
def test_an_offer_never_releases(steps: list[Step], revision: str) -> None:
    before = play(*steps)
    assert covers(before.offer(revision, DOCUMENTS[revision]).held(), before.held())


@given(STEPS)
def test_what_the_till_imported_is_kept_until_it_answers_a_later_one(steps: list[Step]) -> None:
    offers, standing = Offers(), ""
    for revision, what in steps:
        offers = play_on(offers, revision, what)
        if what in ("imported", "ignored") and offers.knows(revision):
            standing = revision
        if standing and offers.taken:
            assert covers(offers.held(), DOCUMENTS[standing])


def play_on(offers: Offers, revision: str, what: dict[Sellable, int] | FateState) -> Offers:
    if isinstance(what, dict):
        return offers.offer(revision, what)
    return offers.answer(revision, what)


@given(STEPS)
def test_text_and_back(steps: list[Step]) -> None:
    offers = play(*steps)
    assert parse_offers(render_offers(offers)) == offers
    assert parse_units(units_text(offers.held())) == offers.held()


def test_the_larger_of_two() -> None:
    assert most_of(({A: 2}, {A: 1, B: 3}), by_sellable) == {A: 2, B: 3}


def test_two_ids_of_one_thing_are_not_added_up_over_documents() -> None:
    # A combination that was made anew: A was its id when the first document was offered.
    documents = ({A: 3}, {A: 2, B: 1}, {A: 1, B: 1})
    assert most_of(documents, lambda product, combination: "v:11") == {"v:11": 3}
