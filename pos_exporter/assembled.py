"""What one reading of the till comes to: facts, what is set aside and why, what stays out.

Pure values. Nothing read is ever forgotten: every row ends as a record, as `SetAside` or as
`LeftOut`, and `counts` adds up to the rows read.

    assembled.records                  # what may be sent
    assembled.faults                   # what the shopkeeper must mend, without what follows from it
    assembled.notes                    # what is sent all the same, but not as it stands at the till
    [w.line("fr") for w in assembled.withheld]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from protocol.errors import Lang, Problem
from protocol.records import Cause, Record

Level = Literal["fault", "note"]


@dataclass(frozen=True)
class SetAside:
    """One thing that is at the till and cannot be sent, or is not sent as it stands there.

    Args:
        kind: Of record.
        key: Its key; empty when the row has none that can be read.
        label: What a person calls it, as far as it can be read: reference and name.
        problem: What is wrong, where, and what to do.
        follows: Empty for a fault of its own; else the kind and key of what it is held back with.
        level: A note holds nothing back: a text was repaired, or an article is none for a site.
        owner: Key of the article that it belongs to; empty for what belongs to none.
        codes: Its reference and bar codes, as far as they can be read.
    """

    kind: str
    key: str
    label: str
    problem: Problem
    follows: str = ""
    level: Level = "fault"
    owner: str = ""
    codes: tuple[str, ...] = ()

    def line(self, lang: Lang) -> str:
        """Return one line for a person."""
        return f"{self.label or self.key or '?'} — {self.problem.line(lang)}"


@dataclass(frozen=True)
class LeftOut:
    """One thing that is at the till and is not meant for the site.

    Args:
        kind: Of record.
        key: Its key.
        cause: Why, as it travels.
        by: Which of the merchant's choices keeps it out: `filter.categories`; empty for the till's
            own flags.
        label: What a person calls it.
        codes: Its reference and bar codes, as far as they can be read.
        owner: Key of the article that it belongs to; an article's own.
    """

    kind: str
    key: str
    cause: Cause
    by: str = ""
    label: str = ""
    codes: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True)
class KindCount:
    """How many of one kind were read, and what became of them."""

    records: int
    withheld: int
    left_out: int


@dataclass(frozen=True)
class Assembled:
    """A whole reading.

    Args:
        records: Facts, in the order of the protocol's kinds, then as read.
        withheld: What is set aside, faults before what follows from them.
        left_out: What is not for the site.
        counts: Per kind.
        notes: What was repaired on the way, and what is no article for a site; never withheld.
        unread: Kinds that the mapping does not read: their absences prove nothing either.
    """

    records: tuple[Record, ...]
    withheld: tuple[SetAside, ...]
    left_out: tuple[LeftOut, ...]
    counts: Mapping[str, KindCount]
    notes: tuple[SetAside, ...] = ()
    unread: frozenset[str] = frozenset()

    @property
    def faults(self) -> tuple[SetAside, ...]:
        """What has a fault of its own."""
        return tuple(item for item in self.withheld if not item.follows)

    @property
    def unsure_kinds(self) -> frozenset[str]:
        """Kinds of which a row has no readable key: their absences prove nothing this time.

        Nor do those of what belongs to such rows: nobody can tell whose it is. Nor those of sizes
        and materials, where a row that may have them is set aside.
        """
        unsure = {item.kind for item in self.withheld if not item.key}
        aside = {item.kind for item in self.withheld}
        if "article" in unsure:
            unsure |= {"variant", "photo", "feature_value"}
        if "article_feature" in aside or "feature_value" in unsure:
            unsure |= {"feature_value", "feature"}
        if "variant" in unsure:
            unsure.add("stock")
        if "variant" in unsure | aside:
            unsure.add("axis_value")
        return frozenset(unsure)
