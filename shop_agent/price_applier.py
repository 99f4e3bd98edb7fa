"""Writes our specific prices: new rows, then changed ones, then those to be deleted.

A row is no fact of the till: what the shop refuses is kept here, for the promotions behind it.

    applier = RowApplier(desk)
    applier.carry_out([Create(…), Update(…), Delete(…)])
    applier.refused                   # Subject → Problem
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from protocol.errors import Problem
from shop_agent.actions import Action, Delete, Subject
from shop_agent.apply import Applier, Desk
from shop_agent.history import lines_of
from shop_agent.replica import Replica

_LIMIT = 100


class RowApplier(Applier):
    """Writes rows of ours and knows which of them the shop refused."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.refused: dict[Subject, Problem] = {}

    def carry_out(self, actions: Sequence[Action]) -> None:
        """Write the rows; deletions come last.

        Raises:
            ComptoirError: when the shop cannot be reached; what was written before is noted.
        """
        for action in actions:
            self._desk.failed.discard(action.subject)
            self.refused.pop(action.subject, None)
        deletions = [action for action in actions if isinstance(action, Delete)]
        super().carry_out([action for action in actions if not isinstance(action, Delete)])
        if self._desk.dry:
            self._desk.report.actions.extend(deletions)
            for action in deletions:
                self._desk.report.count(action.resource, "deleted")
            return
        for start in range(0, len(deletions), _LIMIT):
            self._desk.check_time()
            self._delete(deletions[start : start + _LIMIT])

    def forget(self, rows: Iterable[tuple[Subject, int]]) -> None:
        """Forget rows that are gone from the shop, by subject and id."""
        if self._desk.dry:
            return
        with self._desk.engine.begin() as connection:
            for subject, ps_id in rows:
                self._forget(connection, subject, "specific_prices", ps_id)

    def _refuse(self, connection: Connection, subject: Subject, problem: Problem) -> None:
        self.refused[subject] = problem
        Replica(connection).journal.close_intents_of(subject)

    def _delete(self, actions: Sequence[Delete]) -> None:
        """Delete some rows; the intent is noted before, the result after."""
        moment = self._desk.clock()
        with self._desk.engine.begin() as connection:
            journal = Replica(connection).journal
            intents = [
                journal.open_intent(one.subject, one.resource, "DELETE", one.ps_id, {}, moment)
                for one in actions
            ]
        self._desk.shop.delete_all(actions[0].resource, [one.ps_id for one in actions])
        with self._desk.engine.begin() as connection:
            for one, intent in zip(actions, intents, strict=True):
                Replica(connection).journal.close_intent(intent)
                self._desk.note(connection, lines_of(one, one.ps_id, {}))
                self._forget(connection, one.subject, one.resource, one.ps_id)
                self._desk.report.count(one.resource, "deleted")

    def _forget(self, connection: Connection, subject: Subject, resource: str, ps_id: int) -> None:
        replica = Replica(connection)
        replica.journal.forget_writes(resource, ps_id)
        replica.journal.close_intents_of(subject)
        if self._desk.links(subject.kind, subject.key) == ps_id:
            # Only then: its name may have gone over to a new row in the meantime.
            replica.unlink(subject)
            self._desk.links.drop(subject)
