"""The sequence rule: one row per case, and every named wrong rule is caught by some row."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from protocol.manifest import ZERO_HASH
from protocol.sequence import MAX_EPOCH_JUMP, Arriving, ReadPosition, Verdict, advance, judge

Judge = Callable[..., Verdict]
H, OTHER, NEW = "a" * 64, "b" * 64, "c" * 64
NONCE, STALE = "1" * 32, "2" * 32
FRESH = ReadPosition(nonce=NONCE)
HERE = ReadPosition(3, 17, H)
LOST = ReadPosition(3, 17, H, NONCE)
HUNT = settings(
    max_examples=500, derandomize=True, deadline=None, database=None,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One case of SPEC §7.2."""

    name: str
    position: ReadPosition
    arriving: Arriving
    known: str | None
    verdict: Verdict


def at(epoch: int, seq: int, *nonces: str, prev: str = H, head: str = NEW) -> Arriving:
    return Arriving(epoch, seq, prev, head, nonces)


def first(epoch: int, *nonces: str) -> Arriving:
    return at(epoch, 1, *nonces, prev=ZERO_HASH)


V = Verdict
TABLE = [
    Row("the next one", HERE, at(3, 18), None, V.NEXT),
    Row("the next one after another packet", HERE, at(3, 18, prev=OTHER), None, V.EQUIVOCATION),
    Row("the next one with a useless nonce", HERE, at(3, 18, STALE), None, V.NEXT),
    Row("one ahead", HERE, at(3, 19), None, V.AHEAD),
    Row("far ahead", HERE, at(3, 2**53 - 1), None, V.AHEAD),
    Row("the newest again", HERE, at(3, 17, head=H), H, V.DUPLICATE),
    Row("an older one again", HERE, at(3, 4, head=OTHER), OTHER, V.DUPLICATE),
    Row("one of an older epoch again", HERE, at(2, 9, head=OTHER), OTHER, V.DUPLICATE),
    Row("the newest number, other content", HERE, at(3, 17, head=NEW), H, V.EQUIVOCATION),
    Row("an older number, other content", HERE, at(3, 4, head=NEW), OTHER, V.EQUIVOCATION),
    Row("older epoch's number, other content", HERE, at(2, 9, head=NEW), OTHER, V.EQUIVOCATION),
    Row("the newest number, forgotten", HERE, at(3, 17, head=H), None, V.REPLAY),
    Row("an older number, forgotten", HERE, at(3, 16), None, V.REPLAY),
    Row("an older epoch", HERE, at(2, 18), None, V.REPLAY),
    Row("an older epoch's opening", HERE, first(2), None, V.REPLAY),
    Row("this epoch's opening, forgotten", HERE, first(3), None, V.REPLAY),
    Row("a new epoch", HERE, first(4), None, V.OPENS),
    Row("a new epoch that answers nobody here", HERE, first(4, STALE), None, V.OPENS),
    Row("a new epoch that skips some", HERE, first(9), None, V.OPENS),
    Row("a new epoch's second packet", HERE, at(4, 2), None, V.AHEAD),
    Row("a new epoch's next number", HERE, at(4, 18), None, V.AHEAD),
    Row("the furthest honest epoch", HERE, first(3 + MAX_EPOCH_JUMP), None, V.OPENS),
    Row("an epoch too far", HERE, first(4 + MAX_EPOCH_JUMP), None, V.FAST_FORWARD),
    Row("an epoch too far, ahead", HERE, at(2**32 - 1, 2), None, V.FAST_FORWARD),
    Row("the first ever", FRESH, first(1, NONCE), None, V.OPENS),
    Row("the first ever, a later epoch", FRESH, first(5, NONCE), None, V.OPENS),
    Row("the first ever without proof", FRESH, first(1), None, V.UNPROVEN),
    Row("the first ever of another pairing", FRESH, first(1, STALE), None, V.UNPROVEN),
    Row("the second before the first", FRESH, at(1, 2), None, V.UNPROVEN),
    Row("lost, and answered", LOST, first(4, NONCE), None, V.OPENS),
    Row("lost, and answered far ahead", LOST, at(4, 2, NONCE), None, V.AHEAD),
    Row("lost, an epoch without proof", LOST, first(4), None, V.UNPROVEN),
    Row("lost, an epoch that answers both", LOST, first(4, STALE, NONCE), None, V.OPENS),
    Row("lost, an epoch that answers an older request", LOST, first(4, STALE), None, V.UNPROVEN),
    Row("lost, what would be next", LOST, at(3, 18), None, V.UNPROVEN),
    Row("lost, what would be ahead", LOST, at(3, 19), None, V.UNPROVEN),
    Row("lost, this epoch quotes the nonce", LOST, first(3, NONCE), None, V.UNPROVEN),
    Row("lost, an older epoch quotes the nonce", LOST, first(2, NONCE), None, V.REPLAY),
    Row("lost, a known one again", LOST, at(3, 17, head=H), H, V.DUPLICATE),
    Row("lost, a known number, other content", LOST, at(3, 17, head=NEW), H, V.EQUIVOCATION),
    Row("lost, an answer too far", LOST, first(4 + MAX_EPOCH_JUMP, NONCE), None, V.FAST_FORWARD),
    Row("known, but of an epoch not opened", HERE, first(4), NEW, V.OPENS),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_table(row: Row) -> None:
    assert judge(row.position, row.arriving, known=row.known) is row.verdict


def test_every_verdict_has_a_row() -> None:
    assert {row.verdict for row in TABLE} == set(Verdict)


# --- mutants ---------------------------------------------------------------------------------


def equal_epoch_reopens(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """`>=` for `>`: an epoch already open may be opened again."""
    if arriving.epoch == position.epoch and arriving.seq == 1 and position.seq:
        position = replace(position, epoch=position.epoch - 1)
    return judge(position, arriving, known=known)


def older_epoch_opens(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """Any other epoch is a new one."""
    if arriving.epoch < position.epoch:
        position = replace(position, epoch=0)
    return judge(position, arriving, known=known)


def nonce_ignored(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """Continuity is taken for granted."""
    return judge(replace(position, nonce=None), arriving, known=known)


def any_nonce_will_do(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """A nonce is asked for, but not compared."""
    if arriving.nonces and position.nonce is not None:
        arriving = replace(arriving, nonces=(position.nonce,))
    return judge(position, arriving, known=known)


def only_the_newest_nonce(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """Of several nonces the first alone is compared."""
    return judge(position, replace(arriving, nonces=arriving.nonces[:1]), known=known)


def nonce_only_for_epochs(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """A lost position goes on in the old epoch."""
    if arriving.epoch == position.epoch:
        position = replace(position, nonce=None)
    return judge(position, arriving, known=known)


def nonce_opens_this_epoch(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """The right nonce opens an epoch whatever its number."""
    if position.nonce in arriving.nonces and known is None:
        return Verdict.OPENS
    return judge(position, arriving, known=known)


def known_ignored(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """What was taken is forgotten."""
    return judge(position, arriving, known=None)


def known_is_always_the_same(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """A number seen before is a duplicate, whatever it holds."""
    return judge(position, arriving, known=None if known is None else arriving.head)


def known_of_this_epoch_only(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """`==` for `<=`."""
    return judge(position, arriving, known=known if arriving.epoch == position.epoch else None)


def known_of_any_epoch(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """What a higher epoch once brought decides before its number does."""
    if known is not None:
        return Verdict.DUPLICATE if known == arriving.head else Verdict.EQUIVOCATION
    return judge(position, arriving, known=known)


def chain_ignored(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """`prev` is not compared."""
    return judge(position, replace(arriving, prev=position.head), known=known)


def gap_taken(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """`>` for `>= + 1`: one missing packet goes unnoticed."""
    if arriving.epoch == position.epoch and arriving.seq == position.seq + 2:
        arriving = replace(arriving, seq=position.seq + 1)
    return judge(position, arriving, known=known)


def same_sequence_is_next(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """`<` for `<=`."""
    if arriving.epoch == position.epoch and arriving.seq == position.seq:
        position = replace(position, seq=position.seq - 1)
    return judge(position, arriving, known=known)


def any_packet_opens(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """A new epoch is entered in the middle."""
    if arriving.epoch > position.epoch:
        arriving = replace(arriving, seq=1)
    return judge(position, arriving, known=known)


def no_epoch_too_far(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """The jump is not bounded."""
    if arriving.epoch > position.epoch:
        arriving = replace(arriving, epoch=position.epoch + 1)
    return judge(position, arriving, known=known)


def jump_off_by_one(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """`>=` for `>` at the bound."""
    if arriving.epoch == position.epoch + MAX_EPOCH_JUMP:
        return Verdict.FAST_FORWARD
    return judge(position, arriving, known=known)


def proof_beats_distance(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """The right nonce excuses any number."""
    if position.nonce in arriving.nonces:
        arriving = replace(arriving, epoch=min(arriving.epoch, position.epoch + MAX_EPOCH_JUMP))
    return judge(position, arriving, known=known)


def known_ignored_and_reopened(
    position: ReadPosition, arriving: Arriving, *, known: str | None
) -> Verdict:
    """`>=` for `>`, by a reader without memory."""
    return equal_epoch_reopens(position, arriving, known=None)


MUTANTS: list[Judge] = [
    known_ignored_and_reopened,
    equal_epoch_reopens, older_epoch_opens, nonce_ignored, any_nonce_will_do,
    only_the_newest_nonce,
    nonce_only_for_epochs, nonce_opens_this_epoch, known_ignored, known_is_always_the_same,
    known_of_this_epoch_only, known_of_any_epoch, chain_ignored, gap_taken, same_sequence_is_next,
    any_packet_opens, no_epoch_too_far, jump_off_by_one, proof_beats_distance,
]  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_table_catches_a_wrong_rule(mutant: Judge) -> None:
    wrong = [
        row.name
        for row in TABLE
        if mutant(row.position, row.arriving, known=row.known) is not row.verdict
    ]
    assert wrong


# --- one reader, one writer, and a place that does what it likes -----------------------------


@dataclass(frozen=True)
class Written:
    """A packet that the honest writer once wrote."""

    arriving: Arriving
    number: int


class ReadingMachine(RuleBasedStateMachine):
    """Whatever the place shows, the reader takes each packet once, in the writer's order."""

    judged: Judge = staticmethod(judge)

    @initialize()
    def begin(self) -> None:
        self.written: list[Written] = []
        self.position = FRESH
        self.known: dict[tuple[int, int], str] = {}
        self.taken: list[Written] = []
        self.asked = NONCE
        self.count = 0
        self._open(1, NONCE)

    def _write(self, epoch: int, seq: int, prev: str, *nonces: str) -> None:
        self.count += 1
        head = f"{self.count:064x}"
        self.written.append(Written(Arriving(epoch, seq, prev, head, nonces), self.count))

    def _open(self, epoch: int, *nonces: str) -> None:
        self._write(epoch, 1, ZERO_HASH, *nonces)

    @rule()
    def write_the_next(self) -> None:
        last = self.written[-1].arriving
        self._write(last.epoch, last.seq + 1, last.head)

    @rule(quotes=st.booleans())
    def open_an_epoch(self, quotes: bool) -> None:
        self._open(self.written[-1].arriving.epoch + 1, *((self.asked,) if quotes else ()))

    @rule()
    def lose_the_position(self) -> None:
        self.count += 1
        self.asked = f"{self.count:032x}"
        self.position = ReadPosition(nonce=self.asked)
        self.known, self.taken = {}, []
        self.lost_at = len(self.written)

    lost_at = 0

    @precondition(lambda self: self.written)
    @rule(pick=st.integers(0, 10**6))
    def show_one(self, pick: int) -> None:
        shown = self.written[pick % len(self.written)]
        arriving = shown.arriving
        place = (arriving.epoch, arriving.seq)
        verdict = self.judged(self.position, arriving, known=self.known.get(place))
        assert verdict is not Verdict.EQUIVOCATION  # the writer is honest
        if verdict in (Verdict.NEXT, Verdict.OPENS):
            self.taken.append(shown)
            self.known[place] = arriving.head
            self.position = advance(arriving)

    @rule()
    def show_all(self) -> None:
        for pick in range(len(self.written)):
            self.show_one(pick)

    @invariant()
    def nothing_is_taken_twice_or_backwards(self) -> None:
        numbers = [written.number for written in self.taken]
        assert numbers == sorted(set(numbers))

    @invariant()
    def nothing_from_before_a_loss_is_taken(self) -> None:
        before = {written.number for written in self.written[: self.lost_at]}
        assert not before & {written.number for written in self.taken}

    @invariant()
    def an_epoch_is_taken_from_its_opening_without_gaps(self) -> None:
        for one, two in zip(self.taken, self.taken[1:], strict=False):
            here, there = one.arriving, two.arriving
            assert there.seq == 1 or there.prev == here.head


TestReading = ReadingMachine.TestCase


@pytest.mark.parametrize(
    "mutant",
    [nonce_ignored, older_epoch_opens, known_ignored_and_reopened],
    ids=lambda m: m.__name__,
)
def test_the_machine_catches_a_wrong_rule(mutant: Judge) -> None:
    class Mutated(ReadingMachine):
        judged = staticmethod(mutant)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Mutated, settings=HUNT)


@given(st.integers(1, 9), st.integers(1, 9))
def test_advancing_proves_continuity_again(epoch: int, seq: int) -> None:
    assert advance(at(epoch, seq)) == ReadPosition(epoch, seq, NEW, None)
