"""The ledger of one reading: what became of each thing, so that what belongs to it follows.

Every kind and key has one fate: it is a record, set aside, or left out; a second row under a key
never takes the first one's place. The ledger judges nothing; `assemble` does.

    ledger.name("variant", "104201", view.label)
    ledger.set_aside("variant", "104201", error)
    ledger.fate("variant", "104201")          # 'withheld'
"""

from collections import Counter
from collections.abc import Callable
from typing import Literal

from pos_exporter.assembled import Assembled, KindCount, LeftOut, SetAside
from pos_exporter.mapping.errors import FollowsError, RowError
from protocol.records import FACT_KINDS, Cause, Record

Fate = Literal["record", "withheld", "left_out"]
Thing = tuple[str, str]


class Ledger:
    """What became of each thing of a reading."""

    def __init__(self) -> None:
        self._labels: dict[Thing, Callable[[], str]] = {}
        #: Articles that come in variants, whatever became of these.
        self.with_variants: set[str] = set()
        self._records: dict[Thing, Record] = {}
        self._withheld: dict[Thing, SetAside] = {}
        self._all_withheld: list[SetAside] = []
        self._left_out: dict[Thing, LeftOut] = {}
        self._roots: dict[Thing, Thing] = {}

    def fate(self, kind: str, key: str) -> Fate | None:
        """Return what became of a thing, None when nothing was read of it."""
        thing = (kind, key)
        if thing in self._records:
            return "record"
        if thing in self._withheld:
            return "withheld"
        return "left_out" if thing in self._left_out else None

    def knows(self, kind: str, key: str) -> bool:
        """Return whether the till has such a thing, whatever became of it."""
        return self.fate(kind, key) is not None

    def keys(self, kind: str) -> list[str]:
        """Return every key of a kind, each once, records first."""
        things = (*self._records, *self._withheld, *self._left_out)
        return list(dict.fromkeys(key for found, key in things if found == kind and key))

    def records(self, kind: str) -> list[Record]:
        """Return the records of a kind, as read."""
        return [record for (found, _), record in self._records.items() if found == kind]

    def cause(self, kind: str, key: str) -> Cause:
        """Return why a thing is left out; `vanished` when nothing was read of it."""
        found = self._left_out.get((kind, key))
        return found.cause if found else "vanished"

    def name(self, kind: str, key: str, label: Callable[[], str]) -> None:
        """Say what a person calls a thing; it is only asked when something is wrong."""
        self._labels.setdefault((kind, key), label)

    def label(self, kind: str, key: str) -> str:
        """Return what a person calls a thing; empty when nobody said."""
        label = self._labels.get((kind, key))
        return label() if label is not None else ""

    def add(self, record: Record) -> None:
        """Take a record; its key must be unknown."""
        self._records[record.kind, record.key] = record

    def take_back(self, kind: str, key: str) -> None:
        """Forget a record, to give its key another fate."""
        self._records.pop((kind, key), None)

    def set_aside(
        self, kind: str, key: str, error: RowError, *, label: str = "", follows: str = ""
    ) -> None:
        """Set a thing aside; what has a fate already keeps it, the fault is told all the same."""
        label = label or self.label(kind, key)
        item = SetAside(kind, key, label, error.problem(), follows)
        self._all_withheld.append(item)
        self._withheld.setdefault((kind, key), item)

    def follow(self, kind: str, key: str, owner: Thing) -> None:
        """Hold a thing back with its owner, which is set aside."""
        root = self._roots.get(owner, owner)
        cause, named = self._withheld[root], " ".join(root)
        error = FollowsError(place=named, owner=cause.label or named, cause=cause.problem.code)
        self.set_aside(kind, key, error, follows=named)
        self._roots[kind, key] = root

    def leave_out(self, kind: str, key: str, cause: Cause) -> None:
        """Note a thing that is not for the site."""
        self._left_out.setdefault((kind, key), LeftOut(kind, key, cause))

    def assembled(self) -> Assembled:
        """Return the whole."""
        order = {kind: place for place, kind in enumerate(FACT_KINDS)}
        records = sorted(self._records.values(), key=lambda record: order[record.kind])
        withheld = sorted(self._all_withheld, key=lambda item: bool(item.follows))
        found = Counter(record.kind for record in records)
        aside = Counter(item.kind for item in withheld)
        out = Counter(item.kind for item in self._left_out.values())
        return Assembled(
            records=tuple(records),
            withheld=tuple(withheld),
            left_out=tuple(self._left_out.values()),
            counts={kind: KindCount(found[kind], aside[kind], out[kind]) for kind in FACT_KINDS},
        )
