"""The two real programs, wired once per process over memory, and put back before each history.

Their databases live in memory and are copied whole: a fresh one, a backup, a lost one. Nothing of
what the programs decide is made anew here: the passes are `run_pass` and `run_export`.

    rig = Rig()
    rig.begin(world)
    rig.agent_pass(Options(only_stock=True))
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import Connection, Engine, MetaData, create_engine
from sqlalchemy.pool import StaticPool

import pos_exporter.state
import shop_agent.state
from pos_exporter.changes import Guard
from pos_exporter.export import run_export
from pos_exporter.exporter import Exporter, ExportReport
from pos_exporter.exporter import Options as ExportOptions
from pos_exporter.history import note_packet
from pos_exporter.mailroom import Mailroom
from pos_exporter.mapping.model import TillMapping
from pos_exporter.meta import meta
from pos_exporter.orders_desk import IMPORT_WHEN
from protocol.channel.memory import MemoryChannel, MemoryPlace, T, Verb
from protocol.channel.port import Side
from protocol.keys import Keys
from protocol.link.link import Link
from protocol.link.outbox import Outbox
from protocol.link.staging import Delivery
from protocol.records import Policy, Record, Stock
from shop_agent import mailroom
from shop_agent.orders.positions import has_baseline
from shop_agent.pass_ import Agent, Options, run_pass
from shop_agent.replica import Replica
from shop_agent.report import Report
from tests.model import shop as model_shop
from tests.model.fast_sql import FastEngine
from tests.model.keys import open_keys
from tests.model.profile import URL
from tests.model.shop import ModelShop
from tests.model.till import MAPPING, ModelSource, ModelTill, ModelWriter
from tests.model.webservice import ModelWebservice, Ports
from tests.pos_exporter.mapping.samples import mapping_of

#: A database as a backup holds it.
Copy = sqlite3.Connection


class World(Protocol):
    """What the programs are wired to."""

    now: datetime
    shop: ModelShop
    till: ModelTill
    place: MemoryPlace
    one_snapshot: bool
    buffer: int

    @property
    def ports(self) -> Ports:
        """Told of every port call."""
        ...

    def delivered(self, delivery: Delivery) -> None:
        """Be told of what the agent has just taken from the till."""
        ...

    def queued(self, record: Record) -> None:
        """Be told of what a program puts into its outbox."""
        ...

    def draw(self, size: int) -> bytes:
        """Return bytes that the history's seed makes."""
        ...


class PortChannel(MemoryChannel):
    """The memory channel, every call a port call."""

    def __init__(self, place: MemoryPlace, ports: Ports) -> None:
        super().__init__(place)
        self._ports = ports

    def _perform(self, verb: Verb, side: Side, name: str, act: Callable[[], T]) -> T:
        self._ports.before(f"channel_{verb}")
        outcome = super()._perform(verb, side, name, act)
        self._ports.after(f"channel_{verb}")
        return outcome


class Base:
    """One program's state database."""

    def __init__(self, metadata: MetaData) -> None:
        real = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        metadata.create_all(real)
        self._fast = FastEngine(real)
        self.engine = cast(Engine, self._fast)
        self.empty = self.saved()

    def saved(self) -> Copy:
        """Return a copy."""
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._fast.driver.backup(kept)
        return kept

    def restore(self, kept: Copy) -> None:
        """Become a copy again."""
        kept.backup(self._fast.driver)


@dataclass(frozen=True)
class Start:
    """Where every history begins: both states, and what lies at the place between."""

    pos: Copy
    shop: Copy
    files: Mapping[Side, Mapping[str, bytes]]


class Rig:
    """Both programs, of one process."""

    def __init__(self) -> None:
        self.world: World
        self.pos, self.shop = Base(pos_exporter.state.METADATA), Base(shop_agent.state.METADATA)
        self.mapping: TillMapping = mapping_of(MAPPING)
        keys = open_keys()
        self._pos_link = self._link(self.pos.engine, keys[0])
        self._shop_link = self._link(self.shop.engine, keys[1])
        self._watch_queue()
        #: What the agent has heard where histories begin; None: the programs have not met.
        self.heard: Mapping[str, Stock] | None = None
        #: Just paired; see `start_from`.
        self.start = Start(self.pos.saved(), self.shop.saved(), {"pos": {}, "shop": {}})

    def _link(self, engine: Engine, keys: Keys) -> Link:
        made = self._wire(keys)
        bound = replace(keys, state_id=made.bind_state(engine))
        return self._wire(bound)

    def _wire(self, keys: Keys) -> Link:
        if keys.role == "pos":
            receive = Mailroom(keys, self._clock).receive
            return Link(
                pos_exporter.state.LINK, keys, receive, clock=self._clock,
                random_bytes=self._draw, on_packed=note_packet,
            )  # fmt: skip
        return Link(
            shop_agent.state.LINK, keys, self._deliver, clock=self._clock, random_bytes=self._draw
        )

    def _watch_queue(self) -> None:
        """Tell the world of what goes into the outboxes."""
        for link in (self._pos_link, self._shop_link):
            self._watch_outbox(link.outbox)

    def _watch_outbox(self, outbox: Outbox) -> None:
        queue = outbox.queue

        def watched(
            connection: Connection, records: Iterable[Record], *, snapshot: bool = False
        ) -> int:
            listed = list(records)
            for record in listed:
                self.world.queued(record)
            return queue(connection, listed, snapshot=snapshot)

        outbox.queue = watched  # type: ignore[method-assign]  # only to hear of it

    def _deliver(self, connection: Connection, delivery: Delivery) -> None:
        mailroom.receive(connection, delivery)
        self.world.delivered(delivery)

    def _clock(self) -> datetime:
        return self.world.now

    def _draw(self, size: int) -> bytes:
        return self.world.draw(size) if hasattr(self, "world") else bytes(range(size))

    def base(self, side: Side) -> Base:
        """Return a program's database."""
        return self.pos if side == "pos" else self.shop

    def link_of(self, kind: str, key: str) -> int | None:
        """Return what a fact is in the shop, as the agent knows it."""
        with self.shop.engine.connect() as connection:
            return Replica(connection).links()(kind, key)

    def knows_baseline(self, side: Side) -> bool:
        """Return whether a program knows which of the old orders the till's figures contain."""
        with self.base(side).engine.connect() as connection:
            if side == "shop":
                return has_baseline(connection)
            return meta(connection, "baseline") is not None

    # --- a history -----------------------------------------------------------------------------

    def begin(self, world: World) -> None:
        """Put both programs to where they were just paired."""
        self.world = world
        self.pos.restore(self.start.pos)
        self.shop.restore(self.start.shop)
        world.place.files = {side: dict(files) for side, files in self.start.files.items()}
        self.webservice = ModelWebservice(world.shop, world.ports)
        self._source = ModelSource(world.till, world.ports, one_snapshot=world.one_snapshot)
        self._writer = ModelWriter(world.till, world.ports)

    def start_from(self, world: World) -> None:
        """Begin every later history where the programs are now."""
        files = {side: dict(files) for side, files in world.place.files.items()}
        self.start = Start(self.pos.saved(), self.shop.saved(), files)

    @contextmanager
    def _channel(self) -> Iterator[MemoryChannel]:
        yield PortChannel(self.world.place, self.world.ports)

    def export(self, options: ExportOptions) -> ExportReport:
        """Run the exporter once."""
        return run_export(self._exporter(), options)

    def _exporter(self) -> Exporter:
        return Exporter(
            engine=self.pos.engine, link=self._pos_link, open_channel=self._channel,
            source=self._source, mapping=self.mapping, writer=self._writer,
            policy=Policy(version=1, owners={}, buffer=self.world.buffer), guard=Guard(),
            import_when=IMPORT_WHEN, clock=self._clock,
        )  # fmt: skip

    def agent_pass(self, options: Options) -> Report:
        """Run the agent once: its orders whole, and of the catalogue the stock alone.

        A full pass also reads the orders anew that the night reads.
        """
        return run_pass(self.agent(), replace(options, only_stock=True))

    def agent(self) -> Agent:
        """Return the agent, wired."""
        return Agent(
            engine=self.shop.engine, link=self._shop_link, open_channel=self._channel,
            open_shop=lambda: self.webservice, clock=self._clock,
            elapsed=lambda: self.world.now.timestamp(), shop_url=URL,
            dead_states=(model_shop.DEAD,),
        )  # fmt: skip
