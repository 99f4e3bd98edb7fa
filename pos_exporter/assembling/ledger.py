"""The ledger of one reading: what became of each thing, so that what belongs to it follows.

Every kind and key has one fate: it is a record, set aside, or left out; a second row under a key
never takes the first one's place. The ledger judges nothing; `assemble` does.

    ledger.name("variant", "104201", view.label)
    ledger.set_aside("variant", "104201", error)
    ledger.fate("variant", "104201")          # 'withheld'
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal

from pos_exporter.assembled import Assembled, KindCount, LeftOut, SetAside
from pos_exporter.mapping.notes import RowNote
from pos_exporter.mapping.row_errors import FollowsError, RowError
from protocol.records import FACT_KINDS, Cause, Record

Fate = Literal["record", "withheld", "left_out"]
Thing = tuple[str, str]


class Ledger:
    """What became of each thing of a reading."""

    def __init__(self) -> None:
        self._labels: dict[Thing, Callable[[], str]] = {}
        self._codes: dict[Thing, Callable[[], tuple[str, ...]]] = {}
        self._owners: dict[Thing, str] = {}
        #: Articles that come in variants, whatever became of these.
        self.with_variants: set[str] = set()
        self._records: dict[Thing, Record] = {}
        self._withheld: dict[Thing, SetAside] = {}
        self._all_withheld: list[SetAside] = []
        self._notes: list[SetAside] = []
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

    def name(
        self, kind: str, key: str, label: Callable[[], str], *, owner: str = "",
        codes: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:  # fmt: skip
        """Say what a person calls a thing; it is only asked when the thing is not sent.

        Args:
            kind: Of record.
            key: Its key.
            label: What a person calls it.
            owner: Key of the article that it belongs to.
            codes: Its reference and bar codes.
        """
        self._labels.setdefault((kind, key), label)
        self._codes.setdefault((kind, key), codes)
        if owner:
            self._owners.setdefault((kind, key), owner)

    def label(self, kind: str, key: str) -> str:
        """Return what a person calls a thing; empty when nobody said."""
        label = self._labels.get((kind, key))
        return label() if label is not None else ""

    def codes(self, kind: str, key: str) -> tuple[str, ...]:
        """Return a thing's reference and bar codes, as far as they can be read."""
        codes = self._codes.get((kind, key))
        return codes() if codes is not None else ()

    def owner(self, kind: str, key: str) -> str:
        """Return the key of the article that a thing belongs to; an article's own."""
        return key if kind == "article" else self._owners.get((kind, key), "")

    def add(self, record: Record, notes: Iterable[RowNote] = ()) -> None:
        """Take a record and what was repaired in it; its key must be unknown."""
        self._records[record.kind, record.key] = record
        for note in notes:
            self.note(record.kind, record.key, note)

    def note(self, kind: str, key: str, note: RowNote) -> None:
        """Tell a person of a thing that is not withheld."""
        owner, codes = self.owner(kind, key), self.codes(kind, key)
        label, problem = self.label(kind, key), note.problem()
        self._notes.append(
            SetAside(kind, key, label, problem, level="note", owner=owner, codes=codes)
        )

    def take_back(self, kind: str, key: str) -> None:
        """Forget a record and its notes, to give its key another fate."""
        self._records.pop((kind, key), None)
        self._notes = [item for item in self._notes if (item.kind, item.key) != (kind, key)]

    def set_aside(
        self, kind: str, key: str, error: RowError, *, label: str = "", follows: str = ""
    ) -> None:
        """Set a thing aside; what has a fate already keeps it, the fault is told all the same."""
        label = label or self.label(kind, key)
        owner, codes = self.owner(kind, key), self.codes(kind, key)
        item = SetAside(kind, key, label, error.problem(), follows, owner=owner, codes=codes)
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
        thing = (kind, key)
        if thing not in self._left_out:
            self._left_out[thing] = LeftOut(
                kind, key, cause, label=self.label(kind, key), codes=self.codes(kind, key),
                owner=self.owner(kind, key),
            )  # fmt: skip

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
            notes=tuple(self._notes),
        )
