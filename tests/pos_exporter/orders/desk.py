"""A desk with a real state database, a clock that tests move, and any till.

desk = Desk(folder, writer)
desk.receive(order("U1", line(1, "a:1002")))
desk.run()
desk.row("U1").state, desk.fate("U1").state
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, make_url, select

from pos_exporter.intake.port import TillWriter
from pos_exporter.mailroom import Mailroom
from pos_exporter.orders_answers import Word, answer_order
from pos_exporter.orders_desk import OrdersDesk
from pos_exporter.orders_lost import ask_till
from pos_exporter.orders_outcome import OrdersDone
from pos_exporter.orders_units import CountedUnits
from pos_exporter.state import LINK, METADATA, STATE
from protocol.link.link import Link
from protocol.link.staging import Delivery
from protocol.packet import Line
from protocol.program.engine import make_engine
from protocol.records import Fate, Order, OrderState, Role, parse_record
from tests.protocol.sides import paired_keys

START = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)


def state(role: Role) -> OrderState:
    """Return a state of an order by its role alone."""
    return OrderState(id=6, role=role, name=role)


@dataclass
class Desk:
    """The till's end of one pairing, as far as orders go.

    Args:
        folder: Of the state database.
        writer: The till; None: it takes no orders.
        listener: Told before and after each commit.
        now: What the clock says.
        unsure: When it was seen that the state was lost; None: it was not.
    """

    folder: Path
    writer: TillWriter | None
    listener: Callable[[str], None] = lambda word: None
    now: datetime = START
    unsure: datetime | None = None
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        url = make_url(f"sqlite:///{self.folder / 'state.db'}")
        self.engine = make_engine(url, listeners=[lambda word: self.listener(word)])
        METADATA.create_all(self.engine)
        keys, _ = paired_keys()
        self._mailroom = Mailroom(keys, lambda: self.now)
        self._link = Link(LINK, keys, self._mailroom.receive, clock=lambda: self.now)

    def receive(self, *orders: Order) -> None:
        """Have orders come from the site."""
        lines = tuple(Line("order", one.key, one, None) for one in orders)
        with self.engine.begin() as connection:
            self._mailroom.receive(connection, Delivery("orders", 1, 1, lines))

    def run(self, counted: CountedUnits | None = None, **hours: float) -> OrdersDone:
        """Run the desk, some time later; `counted` is what the till's figures contain."""
        self.now += timedelta(**hours)
        desk = OrdersDesk(
            self.engine, self._link.keys, self._link.outbox, self.writer, lambda: self.now,
            unsure=self.unsure,
        )  # fmt: skip
        done = desk.run()
        if counted is not None:
            desk.follow(counted, done)
        return done

    def ask(self, *, every: bool = False, **hours: float) -> int:
        """Ask the till what it still has, some time later."""
        self.now += timedelta(**hours)
        return ask_till(self.engine, self.writer, self._link.outbox, self.now, every=every)

    def answer(self, name: str, word: Word) -> None:
        """Say what a person says."""
        with self.engine.begin() as connection:
            answer_order(connection, name, word, self.now)

    def row(self, uid: str) -> Row[Any]:
        """Return what is remembered of an order."""
        table = STATE.web_order
        with self.engine.connect() as connection:
            return connection.execute(select(table).where(table.c.uid == uid)).one()

    def code(self, uid: str) -> str:
        """Return the code of why an order is no further, empty when it is."""
        told = self.row(uid).problem
        return str(json.loads(told)["code"]) if told else ""

    def fate(self, uid: str) -> Fate:
        """Return the answer to an order that waits to be sent."""
        queue = LINK.queue
        query = select(queue.c.body).where(queue.c.key == f"order/{uid}")
        with self.engine.connect() as connection:
            body = connection.execute(query).scalar_one()
        record = parse_record(body, place=uid)
        assert isinstance(record, Fate)
        return record

    def states(self) -> Sequence[tuple[str, str]]:
        """Return every order's uid and state."""
        table = STATE.web_order
        query = select(table.c.uid, table.c.state).order_by(table.c.uid)
        with self.engine.connect() as connection:
            return [(row.uid, row.state) for row in connection.execute(query)]

    def close(self) -> None:
        """Give everything back."""
        self.engine.dispose()
