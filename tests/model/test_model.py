"""Histories of recorded seeds: the promise holds, and the moments that matter come often enough."""

import pytest

from tests.model.generate import LEAST, generate
from tests.model.moments import MOMENTS
from tests.model.play import begun_with, play, play_many, shortened, told
from tests.model.ports import Moment, Script
from tests.model.rig import Rig
from tests.model.steps import QUIETLY, History, Setting, Step

#: Recorded: any other seed must do as well, but these are played in every run.
SEEDS = range(20_001, 20_201)
#: Of the histories, in how many each kind of moment must come, in percent.
OFTEN = 5


@pytest.fixture(scope="module")
def rig() -> Rig:
    made = Rig()
    begun_with(made)
    return made


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_promise_holds(rig: Rig) -> None:
    tally = play_many(rig, SEEDS)
    assert not tally.failures, told(*tally.failures[0])
    assert (tally.histories, tally.shortest >= LEAST) == (len(SEEDS), True)
    # A plain copy of the till's figure oversells on the same histories.
    assert tally.naive * 2 > tally.histories
    seldom = {one: n for one in MOMENTS if (n := tally.moments[one]) * 100 <= OFTEN * len(SEEDS)}
    assert seldom == {}


def test_a_seed_makes_one_history() -> None:
    assert generate(7) == generate(7)
    assert generate(7).steps != generate(8).steps


#: What the model found in our code, each as short as it can be.
FOUND = {
    "an order of a pack that the till lacks at the baseline keeps its components": History(
        Setting(old=((3, 1, 1, False),)), (Step("export", (0,)), Step("agent", (0,)))
    ),
    "a combination that has its former id again counts once": History(
        Setting(old=((0, 2, 1, False),)), (Step("remake", (0,)), Step("restore", (0,)))
    ),
    "a restored state keeps what it may have told the till and has forgotten": History(
        Setting(),
        (
            Step("place", (0, 1, 0, 0, 3)), Step("agent", (0,)), Step("restore", (3,)),
            Step("state", (1, 12)),
        ),
    ),
    "a pack that is no article yet keeps itself too": History(
        Setting(),
        (
            Step("agent", (0,)), Step("export", (0,)), Step("begin", (3, 1, 1, 0, 11, 1)),
            Step("forget", (1,)),
        ),
    ),
    "orders enter again where the shop PC was put back whole": History(
        Setting(),
        (
            Step("place", (2, 1, 2, 0, 1)), Step("agent", (0,)), Step("export", (0,)),
            Step("agent", (0,)), Step("restore", (1,)), Step("restore", (2,)),
        ),
    ),
    "an order that a restored shop has as it was is not to be seen before the night": History(
        Setting(old=((0, 2, 7, False), (2, 2, 13, False), (2, 2, 7, True))),
        (
            Step("state", (10, 7)), Step("agent", (0,)), Step("restore", (0,)),
            Step("place", (3, 2, 1, 0, 3)), Step("agent", (0,)),
        ),
    ),
    "a request read late answers no less than the newest": History(
        Setting(),
        (
            Step("export", (0,)), Step("restore", (2,)), Step("export", (1,)),
            Step("place", (2, 1, 0, 0, 1)), Step("restore", (2,)),
        ),
    ),
    "a combination made anew counts once, though its order is offered under both ids": History(
        Setting(),
        (
            Step("agent", (0,)), Step("place", (0, 2, 3, 1, 9)), Step("restore", (3,)),
            Step("agent", (0,)), Step("remake", (2,)),
        ),
    ),
    "a pack keeps its components though its order is edited while it is read": History(
        Setting(edits_move=False),
        (
            Step("place", (1, 1, 3, 0, 0)),
            Step("export", (0,)),
            Step("agent", (0,), Script(inside=(
                Moment("order_details", 2, False, Step("edit", (7, 1, 0, 3))),
                Moment("write", 1, False, Step("place", (3, 2, 3, 1, 1))),
            ))),
            Step("begin", (2, 2, 3, 0, 0, 1)),
            Step("agent", (0,), Script(inside=(
                Moment("write", 1, True, Step("state", (5, 6))),
                Moment("write", 1, False, Step("place", (1, 1, 2, 2, 9))),
            ))),
        ),
    ),
    "a figure whose write has no known outcome is looked at once more": History(
        Setting(),
        (
            Step("begin", (0, 1, 2, 0, 5, 2)),
            Step("agent", (0,), Script(inside=(
                Moment("stock_availables", 1, True, Step("place", (0, 2, 3, 0, 13))),
            ))),
            Step("export", (0,)),
            Step("agent", (0,), Script(inside=(
                Moment("stock_availables", 1, False, Step("place", (0, 2, 0, 1, 2))),
            ))),
            Step("state", (4, 5)), Step("double", (0, 2)), Step("agent", (0,), Script(fails=17)),
        ),
    ),
    "what a state that forgot cannot know is kept, until the till closes the order": History(
        Setting(),
        (
            Step("agent", (0,)), Step("restore", (3,)), Step("place", (0, 1, 2, 0, 10)),
            Step("edit", (2, 1, 3, 1)), Step("place", (0, 1, 0, 0, 4)),
            Step("begin", (2, 1, 3, 0, 8, 0)), Step("agent", (0,)),
            Step("place", (1, 1, 2, 0, 2)), Step("place", (3, 1, 0, 0, 5)),
            Step("edit", (5, 1, 0, 0)),
        ),
    ),
    "a restored state is known by what the other side has, though it cannot be taken": History(
        Setting(quantity=0, old=((1, 2, 1, True),)),
        (
            Step("agent", (0,), Script(inside=(
                Moment("write", 1, False, Step("place", (0, 1, 2, 0, 1))),
            ))),
            Step("export", (0,)), Step("agent", (0,)), Step("hide", (0, 7)),
            Step("lose", (0, 1)), Step("restore", (2,)),
        ),
    ),
    "an agent that asked in two lives is answered": History(
        Setting(),
        (
            Step("agent", (0,)), Step("export", (0,)), Step("forget", (1,)), Step("agent", (0,)),
            Step("restore", (3,)), Step("agent", (0,)),
        ),
    ),
    "a lost state before an emptied place gives no number twice": History(
        Setting(),
        (
            Step("forget", (0,)), Step("receive", (2, 2)), Step("lose", (1, 0)),
            Step("lose", (0, 9)),
        ),
    ),
    "a till that has an order is told what it is now, by a program that forgot": History(
        Setting(),
        (
            Step("place", (0, 1, 0, 1, 11)), Step("agent", (0,)), Step("export", (0,)),
            Step("restore", (2,)), Step("edit", (3, 0, 3, 3)),
        ),
    ),
    "a restored state keeps the components of packs": History(
        Setting(),
        (
            Step("agent", (0,)), Step("place", (3, 2, 1, 0, 4)), Step("agent", (0,)),
            Step("state", (7, 5)), Step("restore", (3,)), Step("agent", (0,)),
        ),
    ),
    "a full export that overtakes the answer to a request still answers it": History(
        Setting(),
        (
            Step("agent", (0,)), Step("restore", (3,)), Step("agent", (0,)), Step("export", (0,)),
            Step("export", (2,)),
        ),
    ),
    "an order that lost its last line stops no pass": History(
        Setting(),
        (Step("place", (0, 1, 0, 0, 1)), Step("agent", (0,)), Step("edit", (0, 0, 0, 0))),
    ),
    "a till's program that hears that its state is old gives no packet's number twice": History(
        Setting(),
        (
            Step("export", (0,)), Step("restore", (2,)), Step("agent", (0,)), Step("sell", (1, 1)),
            Step("lose", (0, 3)),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FOUND))
def test_what_was_found_stays_mended(rig: Rig, name: str) -> None:
    outcome = play(rig, FOUND[name])
    assert not outcome.broken, told(FOUND[name], outcome)


def test_a_counterexample_is_made_short(rig: Rig) -> None:
    noise = (Step("sell", (0, 1)), Step("wait", (30,)), Step("place", (2, 1, 0, 0, 1)))
    inside = Script(inside=(Moment("write", 1, False, Step("nonsense")),))
    wrong = Step("agent", (0,), inside)
    history = History(Setting(buffer=1), (*noise, Step("export", (0,)), wrong, *noise))
    short, outcome = shortened(rig, history)
    assert "nonsense" in outcome.broken
    assert short.setting == Setting()
    assert [step.name for step in short.steps] in (["agent"], ["export", "agent"])
    assert short.steps[-1].script != QUIETLY
