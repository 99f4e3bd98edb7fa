"""What an arriving packet is to a reader, decided purely (SPEC §7).

The reader keeps one position per stream: the epoch, the last sequence in it and that packet's head
hash. A position with a nonce has lost its proof of continuity: only an epoch that quotes the nonce
of the reader's own request opens it again, so that no replayed past can.

    judge(ReadPosition(3, 17, head), Arriving(3, 18, prev=head, head=h, nonces=()), known=None)
    # Verdict.NEXT
"""

from dataclasses import dataclass
from enum import Enum

from protocol.manifest import ZERO_HASH

#: The most epochs that a writer may skip at once (a signed fast-forward is a fault, not news).
MAX_EPOCH_JUMP = 1000


class Verdict(Enum):
    """What to do with a packet."""

    NEXT = "next"  # take it
    OPENS = "opens"  # take it: a new epoch begins
    DUPLICATE = "duplicate"  # known to the letter: acknowledge again, do nothing
    AHEAD = "ahead"  # a packet before it is missing: wait
    REPLAY = "replay"  # from the past and not what we know: alarm, no change
    EQUIVOCATION = "equivocation"  # two packets of one number: alarm, stop the stream
    UNPROVEN = "unproven"  # our state was lost and this does not answer our request: no change
    FAST_FORWARD = "fast_forward"  # beyond any honest jump: alarm, no change


@dataclass(frozen=True)
class ReadPosition:
    """How far a reader is in one stream.

    Args:
        epoch: The highest epoch opened; 0 before the first.
        seq: The last packet taken in it; 0 before the first.
        head: That packet's head hash.
        nonce: When set, only an epoch that quotes it may open.
    """

    epoch: int = 0
    seq: int = 0
    head: str = ZERO_HASH
    nonce: str | None = None


@dataclass(frozen=True)
class Arriving:
    """What a verified packet says of its place."""

    epoch: int
    seq: int
    prev: str
    head: str
    nonces: tuple[str, ...]


def judge(position: ReadPosition, arriving: Arriving, *, known: str | None) -> Verdict:
    """Return what a verified packet is to a reader.

    Args:
        position: The reader's.
        arriving: The packet's.
        known: Head hash of the packet of that epoch and sequence that was taken before, if any.
    """
    if known is not None and arriving.epoch <= position.epoch:
        return Verdict.DUPLICATE if known == arriving.head else Verdict.EQUIVOCATION
    if arriving.epoch < position.epoch:
        return Verdict.REPLAY
    if arriving.epoch > position.epoch:
        return _judge_new_epoch(position, arriving)
    if position.nonce is not None:
        return Verdict.UNPROVEN
    if arriving.seq <= position.seq:
        return Verdict.REPLAY
    if arriving.seq > position.seq + 1:
        return Verdict.AHEAD
    return Verdict.NEXT if arriving.prev == position.head else Verdict.EQUIVOCATION


def _judge_new_epoch(position: ReadPosition, arriving: Arriving) -> Verdict:
    if arriving.epoch > position.epoch + MAX_EPOCH_JUMP:
        return Verdict.FAST_FORWARD
    if position.nonce is not None and position.nonce not in arriving.nonces:
        return Verdict.UNPROVEN
    return Verdict.OPENS if arriving.seq == 1 else Verdict.AHEAD


def advance(arriving: Arriving) -> ReadPosition:
    """Return the reader's position after it took a packet; continuity is proven again."""
    return ReadPosition(arriving.epoch, arriving.seq, arriving.head, None)
