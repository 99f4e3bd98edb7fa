"""The memory channel: the fake that tests hand in where a server would be, with faults to order.

It promises what every channel promises (the same contract tests run on it), keeps its files in a
`MemoryPlace` that both sides share, and never fails unless a test asks for it. A fault is ordered
on the place, as on a real server, and met by whichever side comes next.

    place = MemoryPlace()
    till, shop = MemoryChannel(place), MemoryChannel(place)
    till.put("pos", name, packet)
    place.fail(1, after=True)  # the next operation takes effect, and its answer is lost
    place.lose("pos", name)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from protocol.channel.port import (
    PACKET_NAME,
    Channel,
    ChannelFullError,
    ChannelUnreachableError,
    Side,
    TooLargeError,
    check_name,
)
from protocol.errors import ComptoirError

T = TypeVar("T")
Verb = Literal["names", "size", "get", "put", "delete"]
SIDES: tuple[Side, Side] = ("pos", "shop")


@dataclass(frozen=True)
class Operation:
    """One call that reached the place; `name` is empty for a listing."""

    verb: Verb
    side: Side
    name: str


@dataclass(frozen=True)
class _Fault:
    error: Callable[[], ComptoirError]
    after: bool


def _unreachable() -> ComptoirError:
    return ChannelUnreachableError(place="memory", reason="as the test ordered")


@dataclass
class MemoryPlace:
    """What the two sides share: the files, the faults to come and the calls that were made.

    Args:
        files: Per side, name to content; tests may read and change it.
        capacity: The most bytes the place holds in all; None is no limit.
        refuses_deletes: Whether deletions are refused, as some servers do for good.
        listing_limit: The most names a listing shows; None is all of them.
        operations: Every call so far, in order, those that failed too.
    """

    files: dict[Side, dict[str, bytes]] = field(default_factory=lambda: {"pos": {}, "shop": {}})
    capacity: int | None = None
    refuses_deletes: bool = False
    listing_limit: int | None = None
    operations: list[Operation] = field(default_factory=list)
    _faults: dict[int, _Fault] = field(default_factory=dict)

    def fail(
        self,
        nth: int = 1,
        *,
        after: bool = False,
        error: Callable[[], ComptoirError] = _unreachable,
    ) -> None:
        """Order the nth operation from now (1 is the next) to fail.

        Args:
            nth: Which operation.
            after: Whether it takes effect first, so that only its answer is lost.
            error: Makes the error to be raised.
        """
        self._faults[len(self.operations) + nth - 1] = _Fault(error, after)

    def lose(self, side: Side, name: str) -> None:
        """Remove a file as a clumsy hand or a host would; KeyError when it is not there."""
        del self.files[side][name]

    def damage(self, side: Side, name: str, position: int = -1) -> None:
        """Flip all bits of one byte of a file, the last one by default."""
        content = bytearray(self.files[side][name])
        content[position] ^= 0xFF
        self.files[side][name] = bytes(content)

    def cut(self, side: Side, name: str, length: int) -> None:
        """Keep only the first bytes of a file."""
        self.files[side][name] = self.files[side][name][:length]

    def saved(self) -> Mapping[Side, Mapping[str, bytes]]:
        """Return a copy of all files, as a host's backup holds it."""
        return {side: dict(self.files[side]) for side in SIDES}

    def restore(self, backup: Mapping[Side, Mapping[str, bytes]]) -> None:
        """Put all files back as they were when the backup was taken."""
        self.files = {side: dict(backup[side]) for side in SIDES}

    def perform(self, operation: Operation, act: Callable[[], T]) -> T:
        """Record an operation and carry it out, unless a fault was ordered for it."""
        fault = self._faults.pop(len(self.operations), None)
        self.operations.append(operation)
        if fault is not None and not fault.after:
            raise fault.error()
        outcome = act()
        if fault is not None:
            raise fault.error()
        return outcome


class MemoryChannel(Channel):
    """One side's channel to a `MemoryPlace`.

    Args:
        place: What is shared with the other side; a fresh one when left out.
    """

    def __init__(self, place: MemoryPlace | None = None) -> None:
        self.place = place if place is not None else MemoryPlace()

    def names(self, side: Side) -> Sequence[str]:
        """Return the packet names in one directory, sorted, at most `listing_limit` of them."""
        return self._perform("names", side, "", lambda: self._list(side))

    def size(self, side: Side, name: str) -> int | None:
        """Return a file's size in bytes, or None when no such file is there."""
        return self._perform("size", side, check_name(side, name), lambda: self._size(side, name))

    def get(self, side: Side, name: str, limit: int) -> bytes | None:
        """Return a file's bytes, or None; `TooLargeError` when there are more than limit."""
        return self._perform(
            "get", side, check_name(side, name), lambda: self._read(side, name, limit)
        )

    def put(self, side: Side, name: str, content: bytes) -> None:
        """Store a whole file, or raise `ChannelFullError` when it does not fit."""
        self._perform("put", side, check_name(side, name), lambda: self._store(side, name, content))

    def delete(self, side: Side, name: str) -> bool:
        """Delete a file unless the place refuses deletions; return whether it is gone."""
        return self._perform(
            "delete", side, check_name(side, name), lambda: self._remove(side, name)
        )

    def close(self) -> None:
        """Do nothing: there is no connection to give back."""

    def _perform(self, verb: Verb, side: Side, name: str, act: Callable[[], T]) -> T:
        return self.place.perform(Operation(verb, side, name), act)

    def _list(self, side: Side) -> list[str]:
        found = sorted(name for name in self.place.files[side] if PACKET_NAME.match(name))
        return found[: self.place.listing_limit]

    def _size(self, side: Side, name: str) -> int | None:
        content = self.place.files[side].get(name)
        return None if content is None else len(content)

    def _read(self, side: Side, name: str, limit: int) -> bytes | None:
        content = self.place.files[side].get(name)
        if content is not None and len(content) > limit:
            raise TooLargeError(place=f"{side}/{name}", limit=limit)
        return content

    def _store(self, side: Side, name: str, content: bytes) -> None:
        if self._size(side, name) == len(content):
            return
        others = sum(
            len(kept)
            for where, files in self.place.files.items()
            for what, kept in files.items()
            if (where, what) != (side, name)
        )
        if self.place.capacity is not None and others + len(content) > self.place.capacity:
            raise ChannelFullError(place=f"{side}/{name}", reason="capacity")
        self.place.files[side][name] = bytes(content)

    def _remove(self, side: Side, name: str) -> bool:
        if not self.place.refuses_deletes:
            self.place.files[side].pop(name, None)
        return name not in self.place.files[side]
