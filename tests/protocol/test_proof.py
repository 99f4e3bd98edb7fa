"""A pass's dealings with the channel: how little an idle one asks, and what it never leaves out."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from protocol.channel.memory import MemoryChannel, MemoryPlace
from protocol.channel.port import Side
from protocol.link.link import LOOK_AFTER
from protocol.link.proof import Proof
from protocol.records import Wants
from tests.protocol.sides import Pair, SideOfLink, copy_of

WANTS = Wants(photos=("a" * 64,))


class Listed(MemoryChannel):
    """Notes which directories are listed."""

    def __init__(self, place: MemoryPlace) -> None:
        super().__init__(place)
        self.listed: list[Side] = []

    def names(self, side: Side) -> Sequence[str]:
        self.listed.append(side)
        return super().names(side)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair.new()
    yield made
    made.close()


def a_pass(side: SideOfLink, *, writes: bool = False) -> tuple[list[Side], bool]:
    """Run one pass; return what was listed, and whether it may write."""
    channel = Listed(side.place)
    proof = Proof(side.link, side.engine, channel)
    proof.receive()
    may = proof.require() if writes else True
    proof.send()
    return channel.listed, may


def at_rest(pair: Pair) -> None:
    """Let both speak until neither has anything to say."""
    for side in (pair.pos, pair.shop):
        with side.engine.begin() as connection:
            side.link.outbox.begin(connection, "answers")
    for _ in range(3):
        pair.pos.sync()
        a_pass(pair.shop)


def test_an_idle_pass_lists_the_peers_directory_alone(pair: Pair) -> None:
    at_rest(pair)
    for _ in range(3):
        assert a_pass(pair.shop) == (["pos"], True)


def test_the_position_is_proven_before_a_write_and_before_a_word(pair: Pair) -> None:
    at_rest(pair)
    assert a_pass(pair.shop, writes=True) == (["pos", "shop", "shop"], True)
    pair.shop.queue(WANTS)
    assert a_pass(pair.shop)[0] == ["pos", "shop", "shop"]


def test_it_is_proven_first_of_all_where_anything_new_lies(pair: Pair) -> None:
    at_rest(pair)
    pair.clock.pass_time(hours=2)  # so that a word is due
    pair.pos.sync()
    listed, _ = a_pass(pair.shop)
    assert listed[:2] == ["pos", "shop"]


def test_a_restored_state_that_finds_nothing_new_writes_nothing(pair: Pair) -> None:
    at_rest(pair)
    old = copy_of(pair.shop.engine)
    pair.shop.queue(WANTS)
    a_pass(pair.shop)
    pair.shop.engine.dispose()
    pair.shop.engine = old
    # The peer has not spoken since: its directory lies as the old state remembers it.
    assert a_pass(pair.shop) == (["pos"], True)
    assert not a_pass(pair.shop, writes=True)[1]
    assert "E-LNK-001" in pair.shop.codes()


def test_a_restored_state_says_nothing_under_a_number_that_is_taken(pair: Pair) -> None:
    at_rest(pair)
    old = copy_of(pair.shop.engine)
    pair.shop.queue(WANTS)
    a_pass(pair.shop)
    pair.shop.engine.dispose()
    pair.shop.engine = old
    pair.shop.queue(Wants(photos=("b" * 64,)))
    a_pass(pair.shop)
    numbers = [name.split("-")[:3] for name in pair.place.files["shop"]]
    assert len({tuple(number) for number in numbers}) == len(numbers)
    assert "E-LNK-001" in pair.shop.codes()


def test_what_was_taken_away_unread_goes_up_again_within_a_quarter_of_an_hour(pair: Pair) -> None:
    at_rest(pair)
    pair.shop.queue(WANTS)
    a_pass(pair.shop)
    before = dict(pair.place.files["shop"])
    pair.place.files["shop"].clear()
    assert a_pass(pair.shop)[0] == ["pos"]
    pair.clock.now += LOOK_AFTER + timedelta(seconds=1)
    a_pass(pair.shop)
    assert set(pair.place.files["shop"]) <= set(before)
    assert pair.place.files["shop"] != {}
