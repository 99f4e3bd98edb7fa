"""What the till was told of each record, so that it is told once.

Rules: all happens inside the caller's transaction. A fate that says just what was said before is
not sent; what became of a record's former content is forgotten when the content changes.

    told = Told(connection)
    sent = told.tell(subject, of_hash, "applied", None, moment)    # None: the till knows
    outbox.queue(connection, told.all_told())                      # it may know none
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select

from protocol.errors import Problem
from protocol.link.notices import problem_from, problem_json
from protocol.records import Fate, FateState, reason_of
from protocol.values import format_time
from shop_agent.actions import Subject
from shop_agent.state import STATE


class Told:
    """The fates that were sent to the till, in one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(
        self,
        subject: Subject,
        of_hash: str | None,
        state: FateState,
        problem: Problem | None,
        moment: datetime,
    ) -> Fate | None:
        """Return the fate to be sent, or None when the till was already told so."""
        told = STATE.told
        same = and_(told.c.kind == subject.kind, told.c.key == subject.key)
        reason = problem_json(problem) if problem else None
        row = self._connection.execute(select(told).where(same)).first()
        if row and (row.of_hash, row.state, row.reason) == (of_hash, state, reason):
            return None
        at = format_time(moment)
        self._connection.execute(delete(told).where(same))
        self._connection.execute(
            insert(told).values(
                kind=subject.kind,
                key=subject.key,
                of_hash=of_hash,
                state=state,
                reason=reason,
                at=at,
            )
        )
        return fate(subject, of_hash, state, problem, moment)

    def forget(self, kind: str, key: str) -> None:
        """Forget what was told of a record: its next fate is sent, equal or not."""
        told = STATE.told
        self._connection.execute(delete(told).where(told.c.kind == kind, told.c.key == key))

    def set_aside(self) -> Iterator[tuple[Subject, str, str]]:
        """Yield (subject, state, reason as JSON) of everything that is not applied."""
        told = STATE.told
        states = ("refused", "waiting", "held", "edited_on_site")
        rows = self._connection.execute(
            select(told).where(told.c.state.in_(states)).order_by(told.c.kind, told.c.key)
        ).all()
        for row in rows:
            yield Subject(row.kind, row.key), row.state, row.reason or ""

    def all_told(self) -> list[Fate]:
        """Return the fates of everything, to be told again to a till that may know none."""
        told = STATE.told
        rows = self._connection.execute(select(told).order_by(told.c.kind, told.c.key)).all()
        return [
            fate(
                Subject(row.kind, row.key),
                row.of_hash,
                row.state,
                problem_from(row.reason) if row.reason else None,
                datetime.fromisoformat(row.at),
            )
            for row in rows
        ]


def fate(
    subject: Subject,
    of_hash: str | None,
    state: FateState,
    problem: Problem | None,
    moment: datetime,
) -> Fate:
    """Return what the till is told of one record."""
    return Fate(
        key=f"{subject.kind}/{subject.key}",
        of_kind=subject.kind,
        of_key=subject.key,
        of_hash=of_hash,
        state=state,
        reason=reason_of(problem) if problem else None,
        at=moment,
    )
