"""In which order the facts of a kind are planned: what others hang on comes first.

list(by_depth("category", facts))    # [[femme, homme], [bottes], [bottines]]
list(by_depth("article", facts))     # [[articles], [packs]]
"""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from protocol.records import Article, Category, Record


class HasRecord(Protocol):
    """A fact of the replica."""

    @property
    def record(self) -> Record:
        """Its content."""
        ...


F = TypeVar("F", bound=HasRecord)


def by_depth(kind: str, facts: Sequence[F]) -> Iterator[Sequence[F]]:
    """Yield the categories level by level, packs after what is in them, the others at once."""
    if kind == "category":
        yield from _branches(facts)
        return
    packs = [fact for fact in facts if _is_pack(fact.record)]
    yield [fact for fact in facts if not _is_pack(fact.record)] if packs else facts
    if packs:
        yield packs


def _is_pack(record: Record) -> bool:
    return isinstance(record, Article) and record.nature == "pack"


def _branches(facts: Sequence[F]) -> Iterator[Sequence[F]]:
    waiting = {fact.record.key: fact for fact in facts}
    while waiting:
        level = [fact for fact in waiting.values() if _parent(fact.record) not in waiting]
        if not level:  # a circle: each waits for its parent, and is told so
            yield list(waiting.values())
            return
        yield level
        for fact in level:
            del waiting[fact.record.key]


def _parent(record: Record) -> str | None:
    return record.parent if isinstance(record, Category) else None
