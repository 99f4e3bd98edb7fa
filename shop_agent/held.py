"""Classes of changes that wait for a person's yes, and that yes.

Each writer of a pass asks before it carries a plan out. An approval lets through what is held, once
and by name: what the shop gets later is asked anew. The till is told of a class whenever it
changes, and that it is over when a whole pass finds nothing to hold.

    held = holds.ask(Asked("deactivations", changes, of=200), too_much)   # subject → Hold
    holds.finish(complete=True)
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from protocol.errors import ComptoirError, Problem
from protocol.link.outbox import Outbox
from protocol.records import Approval, HeldClass
from protocol.values import format_time
from shop_agent.actions import Hold, Subject
from shop_agent.errors import FirstLoadError
from shop_agent.policy_errors import (
    HeldDeactivationsError,
    HeldEditsError,
    HeldPriceError,
    HeldPricesError,
    HeldSellablesError,
)
from shop_agent.reconcile.brakes import (
    DEACTIVATIONS,
    EDITS,
    EXAMPLES,
    FIRST_LOAD,
    PRICE_PREFIX,
    PRICES,
    SELLABLES,
    Asked,
    is_single,
    verdict,
)
from shop_agent.state import STATE

#: (count, of) → whether a person must be asked.
TooMuch = Callable[[int, int], bool]
_LONGEST_EXAMPLE = 200
#: Of an approval that lets nothing through any more.
_USED = "[]"
#: More changes than any class can have.
_ALL = 999_999_999


@dataclass(frozen=True)
class HeldNow:
    """One class as it is held.

    Args:
        key: The class.
        count: Changes that wait.
        of: Live ones of which they are a part.
        examples: A few, for people.
        since: When it was first held, as it travels.
    """

    key: str
    count: int
    of: int
    examples: tuple[str, ...]
    since: str

    def record(self) -> HeldClass:
        """Return it as the till is told."""
        since = datetime.fromisoformat(self.since)
        return HeldClass(
            key=self.key, count=self.count, of=self.of, examples=self.examples, since=since
        )


@dataclass
class _Asked:
    """What was asked of one class in this pass, and what became of it."""

    pending: dict[Subject, str] = field(default_factory=dict)
    held: dict[Subject, str] = field(default_factory=dict)
    weights: dict[Subject, int] = field(default_factory=dict)
    count: int = 0
    of: int = 0
    since: str = ""

    def weigh(self, subjects: Collection[Subject]) -> int:
        """Return how many changes some of its subjects are."""
        return sum(self.weights.get(one, 1) for one in subjects)


@dataclass(frozen=True)
class _Yes:
    """An approval as kept: what it allows, or whom it let through."""

    up_to: int
    subjects: frozenset[Subject] | None


class Holds:
    """The held classes of one pass.

    Args:
        engine: The state database.
        outbox: Where the till is told.
        clock: UTC now.
        accept: Classes that a person says yes to in this very pass, up to what is held.
        dry: Nothing is noted.
    """

    def __init__(
        self,
        engine: Engine,
        outbox: Outbox,
        clock: Callable[[], datetime],
        *,
        accept: Collection[str] = (),
        dry: bool = False,
    ) -> None:
        self._engine = engine
        self._outbox = outbox
        self._clock = clock
        self._dry = dry
        self._asked: dict[str, _Asked] = {}
        with engine.connect() as connection:
            self._before = {one.key: one for one in held_classes(connection)}
            self._yes = _approvals(connection, format_time(clock()))
            self._expired = _expired(connection, format_time(clock()))
        for key in accept:
            if key in self._before:
                self._yes[key] = _Yes(self._before[key].count, None)
            elif key == FIRST_LOAD:  # the yes may come with the first pass
                self._yes[key] = _Yes(_ALL, None)

    def ask(self, asked: Asked, too_much: TooMuch) -> dict[Subject, Hold]:
        """Return which of these changes wait, each with its reason.

        A class that is asked in several steps of a pass is judged by all that came so far.
        """
        seen = self._asked.setdefault(asked.key, _Asked())
        yes = self._yes.get(asked.key)
        granted = yes.subjects if yes and yes.subjects is not None else frozenset()
        new = {one: text for one, text in asked.changes.items() if one not in granted}
        seen.pending |= new
        seen.weights |= asked.weights
        seen.of = max(seen.of, asked.of)
        count = seen.weigh(seen.pending)
        up_to = yes.up_to if yes is not None and yes.subjects is None else None
        is_shown = not is_single(asked.key) or self._is_as_shown(asked.key, seen)
        allowed = up_to if is_shown else None
        result = verdict(count, is_too_much=too_much(count, seen.of), up_to=allowed)
        if result == "approved":
            self._grant(asked.key, frozenset(seen.pending))
            seen.pending.clear()
        if result != "held" or not new:
            return {}
        is_refused = up_to is not None or asked.key in self._expired
        if is_refused:
            self._drop(asked.key)
        before = self._before.get(asked.key)
        is_anew = before is None or is_refused
        seen.since = format_time(self._clock()) if is_anew or before is None else before.since
        seen.held |= new
        seen.count = seen.weigh(seen.held)
        problem = _problem(asked.key, seen, new)
        return {one: Hold(one, problem(one)) for one in new}

    def _is_as_shown(self, key: str, seen: _Asked) -> bool:
        """Return whether a single change is the very one that a person was shown."""
        before = self._before.get(key)
        return before is not None and before.examples == _examples(seen.pending.values())

    def has_granted(self, key: str, subject: Subject) -> bool:
        """Return whether a person's yes to a class let this change through."""
        yes = self._yes.get(key)
        return yes is not None and yes.subjects is not None and subject in yes.subjects

    def is_accepted(self, key: str) -> bool:
        """Return whether a person said yes to a class whatever its count."""
        yes = self._yes.get(key)
        return yes is not None and yes.up_to == _ALL

    def is_waiting(self, key: str) -> bool:
        """Return whether a class was held before and nobody has said yes to it since."""
        return key in self._before and key not in self._yes

    def keep(self, key: str) -> None:
        """Have a class stay held that this pass does not look into again."""
        before = self._before[key]
        seen = _Asked(count=before.count, of=before.of, since=before.since)
        seen.held = {Subject("class", str(n)): text for n, text in enumerate(before.examples)}
        self._asked[key] = seen

    def held(self) -> tuple[HeldNow, ...]:
        """Return what this pass found to hold, by key."""
        return tuple(
            HeldNow(key, seen.count, seen.of, _examples(seen.held.values()), seen.since)
            for key, seen in sorted(self._asked.items())
            if seen.held
        )

    def finish(self, *, complete: bool) -> None:
        """Note what is held now and tell the till what changed.

        Args:
            complete: The pass looked at everything that can be held: what it did not find is over,
                and every approval is used up.
        """
        if self._dry:
            return
        now = {one.key: one for one in self.held()}
        over = [key for key in self._before if key not in now] if complete else []
        with self._engine.begin() as connection:
            for key, one in now.items():
                if one != self._before.get(key):
                    _store(connection, one)
                    self._outbox.queue(connection, [one.record()])
            for key in over:
                connection.execute(delete(STATE.held_class).where(STATE.held_class.c.key == key))
                is_over = HeldNow(key, 0, 0, (), format_time(self._clock()))
                self._outbox.queue(connection, [is_over.record()])
            if complete:
                _use_up(connection, format_time(self._clock()))

    def _grant(self, key: str, subjects: frozenset[Subject]) -> None:
        """Use an approval up: it lets these through, now or in a later pass if this one ends."""
        self._yes[key] = _Yes(0, subjects)
        if self._dry:
            return
        names = json.dumps(sorted([one.kind, one.key] for one in subjects))
        table = STATE.approval
        with self._engine.begin() as connection:
            row = connection.execute(select(table.c.until).where(table.c.key == key)).first()
            if row is not None:
                same = update(table).where(table.c.key == key)
                connection.execute(same.values(subjects=names))

    def _drop(self, key: str) -> None:
        self._yes.pop(key, None)
        self._expired.discard(key)
        if not self._dry:
            with self._engine.begin() as connection:
                same = update(STATE.approval).where(STATE.approval.c.key == key)
                connection.execute(same.values(subjects=_USED))


def receive_approval(connection: Connection, approval: Approval) -> None:
    """Keep a person's yes, given at the till, for the next pass; one said again is the same."""
    table, until = STATE.approval, format_time(approval.until)
    row = connection.execute(select(table).where(table.c.key == approval.key)).first()
    if row is not None and (row.up_to, row.until) == (approval.up_to, until):
        return
    connection.execute(delete(table).where(table.c.key == approval.key))
    connection.execute(
        insert(table).values(key=approval.key, up_to=approval.up_to, until=until, subjects=None)
    )


def held_classes(connection: Connection) -> list[HeldNow]:
    """Return the classes that are held, by key."""
    table = STATE.held_class
    rows = connection.execute(select(table).order_by(table.c.key)).all()
    return [
        HeldNow(row.key, row.changes, row.among, tuple(json.loads(row.examples)), row.since)
        for row in rows
    ]


def _store(connection: Connection, one: HeldNow) -> None:
    table = STATE.held_class
    connection.execute(delete(table).where(table.c.key == one.key))
    examples = json.dumps(one.examples, ensure_ascii=False)
    connection.execute(
        insert(table).values(
            key=one.key, changes=one.count, among=one.of, examples=examples, since=one.since
        )
    )


def _approvals(connection: Connection, now: str) -> dict[str, _Yes]:
    """Return the approvals that are still good."""
    rows = connection.execute(select(STATE.approval).where(STATE.approval.c.until >= now)).all()
    return {
        row.key: _Yes(row.up_to, _subjects(row.subjects)) for row in rows if row.subjects != _USED
    }


def _expired(connection: Connection, now: str) -> set[str]:
    """Return the classes with an approval that nobody used in its time."""
    table = STATE.approval
    query = select(table.c.key).where(table.c.until < now, table.c.subjects.is_(None))
    return set(connection.execute(query).scalars())


def _use_up(connection: Connection, now: str) -> None:
    """Note that no approval lets anything through any more; those of the past are forgotten.

    The others are known until their time is over: the till may say them again after a loss.
    """
    table = STATE.approval
    connection.execute(delete(table).where(table.c.until < now))
    connection.execute(update(table).values(subjects=_USED))


def _subjects(kept: str | None) -> frozenset[Subject] | None:
    return None if kept is None else frozenset(Subject(kind, key) for kind, key in json.loads(kept))


def _examples(lines: Collection[str]) -> tuple[str, ...]:
    return tuple(text[:_LONGEST_EXAMPLE] for text in sorted(lines)[:EXAMPLES])


def _problem(key: str, seen: _Asked, new: Mapping[Subject, str]) -> Callable[[Subject], Problem]:
    errors: Mapping[str, Callable[[Subject], ComptoirError]] = {
        DEACTIVATIONS: lambda one: HeldDeactivationsError(place=str(one), key=key),
        SELLABLES: lambda one: HeldSellablesError(place=str(one), key=key),
        PRICES: lambda one: HeldPricesError(place=str(one), key=key),
        EDITS: lambda one: HeldEditsError(place=str(one), key=key),
        FIRST_LOAD: lambda one: FirstLoadError(place=str(one), articles=seen.count),
    }

    def problem(one: Subject) -> Problem:
        if key.startswith(PRICE_PREFIX):
            return HeldPriceError(place=str(one), key=key, shown=new[one]).problem()
        return errors[key](one).problem()

    return problem
