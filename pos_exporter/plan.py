"""What a run would send, in words and as JSON: counts, and old → new field by field.

Pure. A dry run shows the plan and does nothing else.

    plan = plan_of(saying)
    plan.counts["article"]            # Counts(new=1, changed=2, gone=0)
    [line.in_lang("fr") for line in plan.lines()]
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from pos_exporter.belonging import FactKey
from pos_exporter.differences import FieldChange
from pos_exporter.saying import Saying
from protocol.errors import Text
from protocol.program.command import literal
from protocol.records import Record, Tombstone

#: Longest value that a person is shown.
_LONGEST = 60


@dataclass(frozen=True)
class Counts:
    """How many facts of one kind."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    again: int = 0


@dataclass(frozen=True)
class Entry:
    """One fact of a plan.

    Args:
        kind: Of record.
        key: Its key.
        act: `new`, `changed`, `gone`, or `again` for what is said anew without a change.
        cause: Why it goes.
        fields: What differs from what was last said; empty for what is new.
        record: The whole record, as it would travel.
    """

    kind: str
    key: str
    act: str
    cause: str | None
    fields: tuple[FieldChange, ...]
    record: Mapping[str, object]

    def values(self) -> dict[str, object]:
        """Return the entry as JSON values."""
        return {
            "kind": self.kind,
            "key": self.key,
            "act": self.act,
            "cause": self.cause,
            "fields": [asdict(field) for field in self.fields],
            "record": self.record,
        }

    def line(self) -> Text:
        """Return the entry in a line, for a person."""
        act = _ACTS[self.act]
        shown = ", ".join(_shown(field) for field in self.fields)
        told = f" · {shown}" if shown else f" ({self.cause})" if self.cause else ""
        name = f"{self.kind} {self.key}"
        return Text(f"{name} : {act.fr}{told}", f"{name}: {act.en}{told}")


_ACTS = {
    "new": Text("nouveau", "new"),
    "changed": Text("changé", "changed"),
    "gone": Text("retiré", "removed"),
    "again": Text("redit", "said again"),
}


@dataclass(frozen=True)
class Plan:
    """What a run would send."""

    entries: tuple[Entry, ...]
    counts: Mapping[str, Counts]

    def lines(self) -> Iterator[Text]:
        """Yield the counts, a line per kind."""
        for kind, counts in self.counts.items():
            parts = [
                (number, _ACTS[act]) for act, number in asdict(counts).items() if number
            ]  # fmt: skip
            fr = ", ".join(f"{number} {act.fr}" for number, act in parts)
            en = ", ".join(f"{number} {act.en}" for number, act in parts)
            yield literal_pair(f"{kind} : {fr}", f"{kind}: {en}")


def literal_pair(fr: str, en: str) -> Text:
    """Return a sentence that is already worded in both languages; its braces are plain."""
    return Text(literal(fr).fr, literal(en).en)


def plan_of(saying: Saying) -> Plan:
    """Return the plan of what a run has to say."""
    # What a snapshot says of things that were never sent removes nothing.
    gone = (r for r in saying.end if isinstance(r, Tombstone) and (r.kind, r.key) in saying.known)
    entries = tuple(_entry(record, saying) for record in (*saying.changes.records, *gone))
    counts: dict[str, dict[str, int]] = {}
    for entry in entries:
        of_kind = counts.setdefault(entry.kind, {})
        of_kind[entry.act] = of_kind.get(entry.act, 0) + 1
    return Plan(entries, {kind: Counts(**of_kind) for kind, of_kind in counts.items()})


def _entry(record: Record, saying: Saying) -> Entry:
    thing = (record.kind, record.key)
    fields = tuple(saying.differing.get(thing, ())) if thing in saying.known else ()
    cause = record.gone if isinstance(record, Tombstone) else None
    said: Mapping[str, object] = record.model_dump(mode="json")
    return Entry(record.kind, record.key, _act(record, thing, saying), cause, fields, said)


def _act(record: Record, thing: FactKey, saying: Saying) -> str:
    if isinstance(record, Tombstone):
        return "gone"
    if thing not in saying.known:
        return "new"
    return "changed" if saying.differing.get(thing) else "again"


def _shown(change: FieldChange) -> str:
    return f"{change.field} : {_short(change.before)} → {_short(change.after)}"


def _short(value: str | None) -> str:
    if value is None:
        return "—"
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
