"""How the link stands, read from a state database: positions, packets, notices, who is late.

The other side promises in every packet when it will speak again (`next_by`); it is late when that
has passed, and when we looked after it had: our own silence is not its fault.

    view = read_link(connection, LINK, "shop")
    view.is_late(now, looked_at=last_run.finished_at)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from protocol.channel.port import Side
from protocol.link.notices import Notice, Notices
from protocol.link.tables import LinkTables
from protocol.manifest import WRITES
from protocol.records import Stream

#: How long after its promise the other side is late.
_PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class OutView:
    """One stream of ours.

    Args:
        stream: Its name.
        epoch: Its epoch; 0 before the first packet.
        seq: Its newest packet.
        acknowledged: The newest packet that the other side has.
        packets: Packets with records that the other side has not confirmed.
        queued: Records that are in no packet yet.
    """

    stream: Stream
    epoch: int = 0
    seq: int = 0
    acknowledged: int = 0
    packets: int = 0
    queued: int = 0


@dataclass(frozen=True)
class InView:
    """One stream of the other side.

    Args:
        stream: Its name.
        epoch: Its epoch; 0 before the first packet.
        seq: The newest packet taken.
        stopped: The code that stopped it until a person acts, or None.
        is_proven: False while only the answer to our own request is accepted.
        last_at: When the newest packet was taken, UTC.
        next_by: When its writer promised to speak again, UTC.
    """

    stream: Stream
    epoch: int = 0
    seq: int = 0
    stopped: str | None = None
    is_proven: bool = True
    last_at: datetime | None = None
    next_by: datetime | None = None


@dataclass(frozen=True)
class LinkView:
    """The whole link.

    Args:
        outgoing: Our streams.
        incoming: The other side's.
        notices: What it saw that a person should know, newest first.
        recovering: Why our own state is in doubt, or None.
    """

    outgoing: tuple[OutView, ...]
    incoming: tuple[InView, ...]
    notices: tuple[Notice, ...]
    recovering: str | None

    @property
    def last_at(self) -> datetime | None:
        """When the other side was last heard of."""
        return max((view.last_at for view in self.incoming if view.last_at), default=None)

    @property
    def next_by(self) -> datetime | None:
        """When it promised to speak again."""
        return max((view.next_by for view in self.incoming if view.next_by), default=None)

    @property
    def stopped(self) -> tuple[InView, ...]:
        """The streams that wait for a person."""
        return tuple(view for view in self.incoming if view.stopped)

    def is_late(self, now: datetime, looked_at: datetime | None) -> bool:
        """Return whether the other side did not keep its promise.

        Args:
            now: UTC.
            looked_at: When we last looked; None when we never did.
        """
        promised = self.next_by
        if promised is None or looked_at is None:
            return False
        return min(now, looked_at) > promised + _PATIENCE


def read_link(connection: Connection, tables: LinkTables, own: Side) -> LinkView:
    """Return how the link stands.

    Args:
        connection: Of a state database; one snapshot.
        tables: The link's, in it.
        own: Our side.
    """
    peer: Side = "shop" if own == "pos" else "pos"
    meta = tables.meta
    recovering = select(meta.c.value).where(meta.c.name == "recovering")
    return LinkView(
        outgoing=tuple(_outgoing(connection, tables, stream) for stream in WRITES[own]),
        incoming=tuple(_incoming(connection, tables, stream) for stream in WRITES[peer]),
        notices=Notices(tables).all(connection),
        recovering=connection.execute(recovering).scalar(),
    )


def _outgoing(connection: Connection, tables: LinkTables, stream: Stream) -> OutView:
    streams, packet, queue = tables.out_stream, tables.packet, tables.queue
    row = connection.execute(select(streams).where(streams.c.stream == stream)).first()
    queued = select(func.count()).where(queue.c.stream == stream)
    if row is None:
        return OutView(stream, queued=connection.execute(queued).scalar_one())
    mine = (packet.c.stream == stream, packet.c.epoch == row.epoch)
    acknowledged = select(func.max(packet.c.seq)).where(*mine, packet.c.acknowledged.is_(True))
    waiting = select(func.count()).where(
        packet.c.stream == stream, packet.c.acknowledged.is_(False), packet.c.records > 0
    )
    return OutView(
        stream,
        row.epoch,
        row.seq,
        connection.execute(acknowledged).scalar() or 0,
        connection.execute(waiting).scalar_one(),
        connection.execute(queued).scalar_one(),
    )


def _incoming(connection: Connection, tables: LinkTables, stream: Stream) -> InView:
    table = tables.in_stream
    row = connection.execute(select(table).where(table.c.stream == stream)).first()
    if row is None:
        return InView(stream)
    return InView(
        stream,
        row.epoch,
        row.seq,
        row.stopped,
        row.nonce is None or row.epoch == 0,
        _moment(row.last_at),
        _moment(row.next_by),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
