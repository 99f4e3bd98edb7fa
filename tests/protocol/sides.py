"""Two paired sides over one memory place, for the tests of the link."""

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from sqlalchemy import Connection, Engine, MetaData, create_engine
from sqlalchemy.pool import StaticPool

from protocol.channel.memory import MemoryChannel, MemoryPlace
from protocol.keys import Keys, new_keys, parse_pairing_line
from protocol.link.inbox import Taken
from protocol.link.link import Link, Sent
from protocol.link.outbox import Limits
from protocol.link.staging import Delivery
from protocol.link.tables import link_tables
from protocol.records import Record, Stream


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def paired_keys() -> tuple[Keys, Keys]:
    """Return (pos, shop), paired and confirmed, with ever the same bytes."""
    pos = new_keys("pos", label="Clara", random_bytes=lambda size: bytes([1]) * size)
    shop = new_keys("shop", label="Clara", random_bytes=lambda size: bytes([2]) * size)
    shop = shop.with_peer(parse_pairing_line(pos.pairing_line()))
    pos = pos.with_peer(parse_pairing_line(shop.pairing_line()))
    return replace(pos, confirmed=True), replace(shop, confirmed=True)


@dataclass
class SideOfLink:
    """One side: its keys, its database, its link and what it received."""

    keys: Keys
    clock: Clock
    place: MemoryPlace
    limits: Limits | None = None
    received: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._seed = 0
        self.fresh_state()

    def fresh_state(self) -> None:
        """Begin with an empty database, as after its loss."""
        if hasattr(self, "engine"):
            self.engine.dispose()
        self.engine: Engine = memory_engine()
        metadata = MetaData()
        self.tables = link_tables(metadata)
        metadata.create_all(self.engine)
        self._wire()

    def _wire(self) -> None:
        self.link = Link(
            self.tables, self.keys, self._take, clock=self.clock,
            random_bytes=self._random, limits=self.limits,
        )  # fmt: skip
        state_id = self.link.bind_state(self.engine)
        if self.keys.state_id is None:
            self.keys = replace(self.keys, state_id=state_id)
            self._wire()

    def rewire(self) -> None:
        """Start again with other keys on the same database, as after a new pairing."""
        self._wire()

    def _random(self, size: int) -> bytes:
        self._seed += 1
        return bytes([self._seed % 256, 7 if self.keys.role == "pos" else 9] * size)[:size]

    def _take(self, connection: Connection, delivery: Delivery) -> None:
        self.received.append(delivery)

    @property
    def channel(self) -> MemoryChannel:
        return MemoryChannel(self.place)

    def queue(self, *records: Record, snapshot: bool = False) -> None:
        with self.engine.begin() as connection:
            self.link.outbox.queue(connection, records, snapshot=snapshot)

    def begin(self) -> bool:
        return self.link.prove_position(self.engine, self.channel)

    def receive(self) -> Taken:
        return self.link.receive(self.engine, self.channel)

    def send(self) -> Sent:
        return self.link.send(self.engine, self.channel)

    def sync(self) -> Taken:
        """One whole pass: prove, receive, send."""
        self.begin()
        taken = self.receive()
        self.send()
        return taken

    def records(self) -> list[Record]:
        return [line.record for d in self.received for line in d.lines if line.record]

    def codes(self) -> set[str]:
        with self.engine.connect() as connection:
            return {notice.problem.code for notice in self.link.notices.all(connection)}

    @property
    def _main(self) -> Stream:
        return "catalogue" if self.keys.role == "pos" else "orders"

    def open_with(self, *records: Record) -> None:
        """Open the main stream's snapshot with these records."""
        stream = self._main
        with self.engine.begin() as connection:
            if self.link.outbox.position(connection, stream) == (0, 0):
                self.link.outbox.open_epoch(connection, stream, nonce=self.keys.first_nonce())
            self.link.outbox.queue(connection, records, snapshot=True)
            self.link.outbox.snapshot_queued(connection, stream)

    def needs_snapshot(self) -> bool:
        with self.engine.connect() as connection:
            return self.link.outbox.needs_snapshot(connection, self._main)


@dataclass
class Pair:
    """A till's and a shop's end, and the place between them."""

    pos: SideOfLink
    shop: SideOfLink
    place: MemoryPlace
    clock: Clock

    @classmethod
    def new(cls, limits: Limits | None = None) -> Self:
        pos, shop = paired_keys()
        place, clock = MemoryPlace(), Clock()
        return cls(
            SideOfLink(pos, clock, place, limits), SideOfLink(shop, clock, place, limits),
            place, clock,
        )  # fmt: skip

    def close(self) -> None:
        self.pos.engine.dispose()
        self.shop.engine.dispose()


def memory_engine() -> Engine:
    """Return an empty SQLite database that lives as long as its engine."""
    return create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )


def copy_of(engine: Engine) -> Engine:
    """Return a copy of a database, as a backup keeps it."""
    target = memory_engine()
    with engine.connect() as source, target.connect() as destination:
        kept, fresh = source.connection.driver_connection, destination.connection.driver_connection
        assert isinstance(kept, sqlite3.Connection)
        assert isinstance(fresh, sqlite3.Connection)
        kept.backup(fresh)
    return target
