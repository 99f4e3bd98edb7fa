"""What was done to an order in the shop on its way back: noted before each request, and after it.

Rules: a step holds its newest write only, but for ever what the customer was told of with it: an
e-mail that was asked for is never asked for again, unless a person says so. A step that is open is
a write whose outcome nobody has learnt.

    steps = Steps(connection)
    steps.keep(uid, step)            # open: before the request
    steps.keep(uid, step.done())     # after it
    steps.of(uid)["tracking"].told   # frozenset({"P-77"})
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select

from protocol.records.progress import Stage
from protocol.values import format_time
from shop_agent.state import STATE

#: What a step is: the parcels' numbers, or a stage.
What = Literal["tracking"] | Stage
#: `again`: a person wants the e-mail once more.
Status = Literal["open", "done", "again"]
#: Stands for the order itself among what a customer was told of.
ORDER = "order"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One step of an order.

    Args:
        what: Which.
        value: What was written: the joined numbers, or the state's id.
        before: What the shop held just before: its numbers, or the id of its newest history line.
        told: Keys of the parcels, and `ORDER`, of which an e-mail was asked for.
        asking: Of which this very write asks one.
        status: How it stands.
        answered: The shop did answer, however unclearly: it is no longer at it.
        at: UTC.
        tries: How often an e-mail was uncertain.
    """

    what: What
    value: str
    before: str = ""
    told: frozenset[str] = frozenset()
    asking: tuple[str, ...] = ()
    status: Status = "open"
    answered: bool = False
    at: datetime = _NEVER
    tries: int = 0

    def done(self) -> "Step":
        """Return it once the write has happened."""
        told = self.told | set(self.asking)
        return replace(self, status="done", told=told, asking=())

    def undone(self) -> "Step | None":
        """Return it once it is known that the write has not happened; None: there is none."""
        if self.is_repeat:
            return replace(self, status="again", asking=())
        if self.what != "tracking":
            # No state was written, but whoever was told with an earlier one stays told.
            return replace(self, status="done", value="", asking=()) if self.told else None
        if not (self.before or self.told):
            return None
        return replace(self, status="done", value=self.before, asking=())

    def doubted(self) -> "Step":
        """Return it once the write is seen, and nobody can know whether its e-mail left."""
        return replace(self.done(), tries=self.tries + 1)

    @property
    def is_repeat(self) -> bool:
        """Whether it asks, for a person, for an e-mail that was asked for before."""
        return bool(self.asking) and self.told.issuperset(self.asking)


class Steps:
    """The steps of all orders, in one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, uid: str) -> dict[str, Step]:
        """Return the steps of an order, by what they are."""
        table = STATE.order_step
        rows = self._connection.execute(select(table).where(table.c.uid == uid)).all()
        return {row.what: _step(row) for row in rows}

    def unsettled(self) -> frozenset[str]:
        """Return the orders with a step to be looked at, whatever the till says."""
        table = STATE.order_step
        query = select(table.c.uid).where(table.c.status.in_(("open", "again")))
        return frozenset(self._connection.execute(query).scalars())

    def keep(self, uid: str, step: Step) -> None:
        """Note a step as it stands now."""
        self.forget(uid, step.what)
        self._connection.execute(
            insert(STATE.order_step).values(
                uid=uid,
                what=step.what,
                value=step.value,
                before=step.before,
                told=json.dumps(sorted(step.told)),
                asking=json.dumps(list(step.asking)),
                status=step.status,
                answered=step.answered,
                at=format_time(step.at),
                tries=step.tries,
            )
        )

    def forget(self, uid: str, what: What) -> None:
        """Forget a step."""
        table = STATE.order_step
        same = (table.c.uid == uid, table.c.what == what)
        self._connection.execute(delete(table).where(*same))

    def mail_again(self, uids: Iterable[str]) -> None:
        """Have the e-mail of an order's uncertain steps sent once more: a person says so."""
        for uid in uids:
            for step in self.of(uid).values():
                if step.tries and step.status == "done":
                    self.keep(uid, replace(step, status="again"))


def told_of(steps: Mapping[str, Step]) -> frozenset[str]:
    """Return the keys of the parcels of which an e-mail was asked for, in any way."""
    shipping = (steps.get("tracking"), steps.get("shipped"))
    return frozenset().union(*(one.told for one in shipping if one is not None)) - {ORDER}


def _step(row: Row[Any]) -> Step:
    return Step(
        what=row.what,
        value=row.value,
        before=row.before,
        told=frozenset(json.loads(row.told)),
        asking=tuple(json.loads(row.asking)),
        status=row.status,
        answered=row.answered,
        at=datetime.fromisoformat(row.at),
        tries=row.tries,
    )
