"""What the people of a storm share: counts of their acts, a gate to pass, orders still to place.

ledger, gate, quota = Ledger(), Gate(), Quota(500, threading.Event())
with gate.acting():
    ledger.count("placed")
with gate.closed():
    ...                          # nobody acts
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Ledger:
    """What everybody did, counted; for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def count(self, what: str, by: int = 1) -> None:
        """Add to one count."""
        with self._lock:
            self._counts[what] += by

    def __getitem__(self, what: str) -> int:
        with self._lock:
            return self._counts[what]

    def counts(self) -> dict[str, int]:
        """Return all counts by name."""
        with self._lock:
            return dict(sorted(self._counts.items()))


class Gate:
    """Lets acts through one by one, or none, so that somebody can look at a shop that is still."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._acting = 0
        self._closed = False

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Wait until the gate is open; it does not close before the block ends."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._acting += 1
        try:
            yield
        finally:
            with self._changed:
                self._acting -= 1
                self._changed.notify_all()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Hold everybody back once their acts are done."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: self._acting == 0)
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()


@dataclass
class Quota:
    """So many orders are to be placed, by whoever comes.

    Args:
        size: How many.
        stop: Ends it early.
    """

    size: int
    stop: threading.Event
    _lock: threading.Lock = field(default_factory=threading.Lock)
    taken: int = 0

    def take(self) -> bool:
        """Return whether one more is to be placed."""
        with self._lock:
            if self.taken >= self.size or self.stop.is_set():
                return False
            self.taken += 1
            return True

    @property
    def share(self) -> float:
        """How far it is done, from 0 to 1."""
        return self.taken / self.size
