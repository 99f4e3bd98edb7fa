"""What the two ends say of each other's records: scope of a snapshot, fates, wants, baseline.

Fate(key="article/1042", of_kind="article", of_key="1042", state="applied", …)
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from protocol.errors import Problem
from protocol.records.base import Record, Stream
from protocol.values import Key, Line, Sha256, ShopTime, Utc, Wire


class Withheld(Wire):
    """A record that is at the till but cannot be sent, and why."""

    kind: str = Field(description="of the record")
    key: Key = Field(description="of the record")
    code: str = Field(description="error code of the reason (§12)")


class SnapshotEnd(Record):
    """The last record of a snapshot: what it covers."""

    stream: ClassVar[Stream] = "catalogue"
    kind: Literal["snapshot_end"] = "snapshot_end"
    scope: tuple[str, ...] = Field(description="record kinds that are complete in this snapshot")
    withheld: tuple[Withheld, ...] = Field(
        default=(), description="present at the till, but not sendable: not gone"
    )


class LangPair(Wire):
    """One sentence in French and English."""

    fr: Line = Field(description="in French")
    en: Line = Field(description="in English")


class Reason(Wire):
    """Why a record is not applied, in words for the person who can mend it."""

    code: Annotated[str, StringConstraints(max_length=40)] = Field(description="error code (§12)")
    place: Line = Field(
        default="", description="where, for the person who can mend it: record and field"
    )
    value: Line = Field(
        default="", description="the offending value; empty where it would show a secret"
    )
    what: LangPair = Field(description="what happened")
    remedy: LangPair = Field(description="what to do")


def reason_of(problem: Problem) -> Reason:
    """Return a problem as it travels, worded in both languages."""
    facts = problem.facts
    return Reason(
        code=problem.code,
        place=problem.place[:1000],
        value=problem.value[:1000],
        what=LangPair(fr=problem.what.in_lang("fr", facts), en=problem.what.in_lang("en", facts)),
        remedy=LangPair(
            fr=problem.remedy.in_lang("fr", facts), en=problem.remedy.in_lang("en", facts)
        ),
    )


FateState = Literal[
    "applied", "unchanged", "superseded", "waiting", "refused", "held", "edited_on_site",
    "imported", "ignored",
]  # fmt: skip


class Fate(Record):
    """What became of one record at the other end; sent again whenever it changes."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["fate"] = "fate"
    key: Annotated[str, StringConstraints(max_length=250)] = Field(
        description="<kind>/<key> of the record it speaks of"
    )
    of_kind: Line = Field(description="kind of that record")
    of_key: Key = Field(description="key of that record")
    of_hash: Sha256 | None = Field(description="content hash of the record it speaks of")
    state: FateState = Field(description="what became of it (§6.5)")
    reason: Reason | None = Field(
        default=None,
        description="given when waiting, refused or held; when applied: why visitors do not see it",
    )
    at: Utc = Field(description="when it became so")


class Wants(Record):
    """The photos that the agent needs now, a few at a time."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["wants"] = "wants"
    key: Literal["photos"] = "photos"
    photos: tuple[Sha256, ...] = Field(
        description="SHA-256 of the photos wanted now; the list replaces the one before"
    )


class Baseline(Record):
    """Which of the shop's orders the till's figures contained when the two were paired."""

    stream: ClassVar[Stream] = "answers"
    kind: Literal["baseline"] = "baseline"
    key: Literal["baseline"] = "baseline"
    up_to: int = Field(ge=0, description="shop order id; later ones are all offered")
    open: tuple[Key, ...] = Field(
        default=(), description="order ids at or under up_to that the till does not have"
    )
    newest_add: ShopTime | None = Field(
        default=None, description="newest date_add of the shop's orders then, its local time"
    )
