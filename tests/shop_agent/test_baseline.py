"""Which of the shop's present orders the till has: said once, by a person."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Play, opened_play


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A shop with five orders, paired with a till, nothing said of them."""
    with opened_play(tmp_path, fixtures=True) as opened:
        ours = opened.pos("pair").last["line"]
        theirs = opened.agent("pair", ours).last["line"]
        fingerprint = opened.pos("pair", theirs).last["fingerprint"]
        opened.pos("pair", "--yes-fingerprint", fingerprint)
        opened.agent("pair", "--yes-fingerprint", fingerprint)
        yield opened


def offered(play: Play) -> int:
    """Run a pass and return how many orders it told the till."""
    done = play.agent("sync", "--only", "stock")
    assert done.code == 0
    return int(done.last["orders"])


def test_without_a_baseline_a_person_is_asked(play: Play) -> None:
    done = play.agent("sync")
    assert (done.code, done.codes) == (6, {"E-AGT-022"})


def test_none_tells_every_order(play: Play) -> None:
    play.shop.clear_requests()
    assert play.agent("baseline", "none").code == 0
    assert play.shop.requests() == []
    assert offered(play) == 5


def test_all_tells_none_of_them_and_lists_the_open_ones(play: Play) -> None:
    done = play.agent("baseline", "all")
    assert (done.code, done.last["up_to"]) == (0, 5)
    listed = {one["id"] for one in done.last["open"]}
    assert listed
    assert all(one["reference"] and one["state"] for one in done.last["open"])
    assert offered(play) == 0
    new = play.shop.place_order("zoe@example.com", [(1, 0, 1)])
    assert new not in listed
    assert offered(play) == 1


def test_an_order_that_the_till_lacks_is_told(play: Play) -> None:
    lacking = [one["id"] for one in play.agent("baseline", "all").last["open"]][:1]
    named = ",".join(map(str, lacking))
    done = play.agent("baseline", "all", "--replace", "--not-in-till", named)
    assert (done.code, done.last["not_in_till"]) == (0, lacking)
    assert play.agent("status").last["orders"] == 1  # it keeps stock from now on
    assert offered(play) == 1
    assert offered(play) == 0


def test_it_is_not_said_twice_unasked(play: Play) -> None:
    play.agent("baseline", "none")
    done = play.agent("baseline", "all")
    assert (done.code, done.codes) == (6, {"E-AGT-023"})
    assert play.agent("baseline", "all", "--replace").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("all", "--not-in-till", "4,99"), "E-AGT-024"),
        (("none", "--not-in-till", "4"), "E-AGT-025"),
    ],
)
def test_orders_that_cannot_be_meant_are_refused(
    play: Play, arguments: tuple[str, ...], code: str
) -> None:
    done = play.agent("baseline", *arguments)
    assert (done.code, done.codes) == (2, {code})
    assert not play.agent("status").last["has_baseline"]


def test_numbers_are_numbers(play: Play) -> None:
    assert play.agent("baseline", "all", "--not-in-till", "four", as_json=False).code == 2
