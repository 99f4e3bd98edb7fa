"""The outbox: what we have to say, packed in order, kept until the other side has it.

Records wait in a queue where a newer one replaces an older one of its kind and key; packing moves
them into numbered packets whose bytes never change again. A packet stays until it is acknowledged,
and the identical bytes go up again if they vanish (SPEC §8). Every method that takes a connection
works inside the caller's transaction.

    outbox.queue(connection, [article, stock])
    outbox.pack(connection, moment)
    outbox.upload(engine, channel)
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from protocol.channel.port import Channel, Side
from protocol.keys import Keys, RandomBytes
from protocol.link.errors import StateOldError
from protocol.link.tables import LinkTables
from protocol.manifest import (
    WRITES,
    ZERO_HASH,
    Acknowledgement,
    Opening,
    Resync,
    SnapshotPart,
    Unreadable,
)
from protocol.packet import (
    Header,
    build_packet,
    build_photo_packet,
    packet_name,
    read_own_envelope,
)
from protocol.records import Record, Stream, record_line
from protocol.values import format_time

#: Told of each packet of records in its own transaction: connection, stream, epoch, sequence, and
#: kind and key of what it carries.
OnPacked = Callable[[Connection, Stream, int, int, Sequence[tuple[str, str]]], None]
#: Requests that one epoch answers at once.
MOST_NONCES = 8


@dataclass(frozen=True)
class Limits:
    """How much goes into one packet and onto the FTP server.

    Args:
        records: Most records in a packet.
        unpacked: Most bytes in a packet before compression.
        window: Most packets with records that wait for an acknowledgement, per stream.
        reserved: Of these, places that only stock may take.
    """

    records: int = 2000
    unpacked: int = 8 * 1024 * 1024
    window: int = 200
    reserved: int = 20


@dataclass(frozen=True)
class Speech:
    """What is said in every manifest beside the data."""

    created_at: datetime
    next_by: datetime
    acks: tuple[Acknowledgement, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    resync: tuple[Resync, ...] = ()


class Outbox:
    """One side's outgoing streams.

    Args:
        tables: Of the state database.
        keys: Ours, paired.
        limits: See `Limits`.
        random_bytes: Where a snapshot's name comes from.
        on_packed: See `OnPacked`.
    """

    def __init__(
        self,
        tables: LinkTables,
        keys: Keys,
        limits: Limits | None = None,
        random_bytes: RandomBytes = secrets.token_bytes,
        on_packed: OnPacked | None = None,
    ) -> None:
        self._on_packed = on_packed
        self._tables = tables
        self._keys = keys
        self._limits = limits or Limits()
        self._random_bytes = random_bytes
        self._side: Side = keys.role
        streams = tables.out_stream
        self._of_stream = select(streams).where(streams.c.stream == bindparam("stream"))
        queue = tables.queue
        is_same = and_(
            queue.c.stream == bindparam("of_stream"),
            queue.c.kind == bindparam("of_kind"),
            queue.c.key == bindparam("of_key"),
        )
        self._waiting_part = select(queue.c.snapshot).where(is_same)
        self._unqueue, self._insert_queue = delete(queue).where(is_same), insert(queue)

    # --- queue -------------------------------------------------------------------------------

    def queue(
        self, connection: Connection, records: Iterable[Record], *, snapshot: bool = False
    ) -> int:
        """Add records to be sent; each replaces a waiting one of its kind and key.

        Args:
            connection: The caller's transaction.
            records: In the order in which they should go.
            snapshot: They belong to the snapshot that opens an epoch.

        Returns:
            How many were queued.
        """
        count = 0
        for record in records:
            same = {"of_stream": record.stream, "of_kind": record.kind, "of_key": record.key}
            # What replaces a part of a waiting snapshot is a part of it.
            part = connection.execute(self._waiting_part, same).scalar()
            if part is not None:
                connection.execute(self._unqueue, same)
            connection.execute(
                self._insert_queue,
                {
                    "stream": record.stream,
                    "kind": record.kind,
                    "key": record.key,
                    "body": record_line(record),
                    "snapshot": snapshot or bool(part),
                },
            )
            count += 1
        return count

    def waiting(self, connection: Connection) -> int:
        """Return how many records wait to be packed."""
        return connection.execute(select(func.count()).select_from(self._tables.queue)).scalar_one()

    # --- epochs ------------------------------------------------------------------------------

    def open_epoch(
        self, connection: Connection, stream: Stream, *, nonce: str | None, above: int = 0
    ) -> int:
        """Begin a new epoch: what was not acknowledged before is replaced by a new snapshot.

        Args:
            connection: The caller's transaction.
            stream: One of ours.
            nonce: Of the resync request that it answers; None: it is of our own will. While the
                reader has taken nothing of the present epoch, its requests are answered too: the
                reader may have lived twice, and only one of the two is asking still.
            above: Highest epoch known from elsewhere (the peer's acknowledgements, the server).

        Returns:
            The new epoch's number.
        """
        streams, packet, queue = self._tables.out_stream, self._tables.packet, self._tables.queue
        row = self._stream(connection, stream)
        epoch = max(row.epoch if row else 0, above) + 1
        answered = [nonce] if nonce is not None else []
        if row is not None and not self._is_begun(connection, row):
            answered += row.nonces.split()
        nonces = " ".join([*dict.fromkeys(answered)][:MOST_NONCES])
        connection.execute(delete(streams).where(streams.c.stream == stream))
        connection.execute(
            insert(streams).values(
                stream=stream,
                epoch=epoch,
                seq=0,
                head=ZERO_HASH,
                nonces=nonces,
                needs_snapshot=True,
            )
        )
        if stream != "answers":  # its producer says everything again; an answer stays true
            connection.execute(delete(queue).where(queue.c.stream == stream))
        older = and_(packet.c.stream == stream, packet.c.epoch < epoch)
        connection.execute(update(packet).where(older).values(acknowledged=True, content=None))
        return epoch

    def _is_begun(self, connection: Connection, row: Row[Any]) -> bool:
        """Return whether the reader has taken a packet of the stream's present epoch."""
        packet = self._tables.packet
        of_epoch = (packet.c.stream == row.stream, packet.c.epoch == row.epoch)
        taken = select(packet.c.seq).where(*of_epoch, packet.c.acknowledged.is_(True)).limit(1)
        return connection.execute(taken).first() is not None

    def nonces(self, connection: Connection, stream: Stream) -> tuple[str, ...]:
        """Return the nonces that the stream's present epoch quotes."""
        row = self._stream(connection, stream)
        return tuple(row.nonces.split()) if row else ()

    def needs_snapshot(self, connection: Connection, stream: Stream) -> bool:
        """Return whether the stream's epoch has not begun with its snapshot yet."""
        row = self._stream(connection, stream)
        return row is None or bool(row.needs_snapshot)

    def begin(self, connection: Connection, stream: Stream) -> None:
        """Make sure that the stream has an epoch; the answers stream needs nothing more."""
        self._require_stream(connection, stream)
        if stream == "answers":
            self.snapshot_queued(connection, stream)

    def snapshot_queued(self, connection: Connection, stream: Stream) -> None:
        """Note that the whole snapshot of the stream's epoch is in the queue."""
        streams = self._tables.out_stream
        connection.execute(
            update(streams).where(streams.c.stream == stream).values(needs_snapshot=False)
        )

    # --- packing -----------------------------------------------------------------------------

    def pack(self, connection: Connection, speech: Speech) -> int:
        """Turn waiting records into packets, as far as the window allows.

        Returns:
            How many packets were built.
        """
        return sum(
            self._pack_stream(connection, stream, speech)
            for stream in WRITES[self._keys.role]
            if stream != "media" and not self._opening_waits(connection, stream)
        )

    def pack_photo(self, connection: Connection, photo: bytes, speech: Speech) -> bool:
        """Build a media packet of one photo; False when the window is full."""
        row = self._require_stream(connection, "media")
        if self._room(connection, "media", row.epoch) <= 0:
            return False
        header = self._header(row, "media", speech, None)
        content = build_photo_packet(header, photo, self._keys)
        self._store(connection, header, content, 1, speech)
        return True

    def pack_heartbeat(self, connection: Connection, speech: Speech) -> None:
        """Build a packet without records: it carries acknowledgements and the promise."""
        row = self._require_stream(connection, "answers")
        header = self._header(row, "answers", speech, None)
        self._store(connection, header, build_packet(header, [], self._keys), 0, speech)

    def _opening_waits(self, connection: Connection, stream: Stream) -> bool:
        # The answers stream has no snapshot: it opens with whatever is to be said.
        return stream not in ("answers", "media") and self.needs_snapshot(connection, stream)

    def _pack_stream(self, connection: Connection, stream: Stream, speech: Speech) -> int:
        queue = self._tables.queue
        snapshot = select(queue).where(queue.c.stream == stream, queue.c.snapshot.is_(True))
        rows = connection.execute(snapshot.order_by(queue.c.id)).all()
        if rows:
            return self._pack_snapshot(connection, stream, rows, speech)
        # Stock first and apart: it never waits for texts, and has places in the window of its own.
        deltas = select(queue).where(queue.c.stream == stream).order_by(queue.c.id)
        waiting = connection.execute(deltas).all()
        chunks = self._chunks([row for row in waiting if row.kind == "stock"])
        chunks += self._chunks([row for row in waiting if row.kind != "stock"])
        built = 0
        for chunk in chunks:
            row = self._require_stream(connection, stream)
            room = self._room(connection, stream, row.epoch)
            only_stock = all(record.kind == "stock" for record in chunk)
            if room <= (0 if only_stock else self._limits.reserved):
                break
            self._pack_chunk(connection, stream, chunk, None, speech)
            built += 1
        return built

    def _pack_snapshot(
        self, connection: Connection, stream: Stream, rows: Sequence[Row[Any]],
        speech: Speech,
    ) -> int:  # fmt: skip
        # A snapshot takes effect as a set, so its parts are built together, whatever the window.
        chunks, name = self._chunks(rows), self._random_bytes(16).hex()
        for part, chunk in enumerate(chunks, start=1):
            place = SnapshotPart(id=name, part=part, of=len(chunks))
            self._pack_chunk(connection, stream, chunk, place, speech)
        return len(chunks)

    def _pack_chunk(
        self, connection: Connection, stream: Stream, chunk: Sequence[Row[Any]],
        part: SnapshotPart | None, speech: Speech,
    ) -> None:  # fmt: skip
        header = self._header(self._require_stream(connection, stream), stream, speech, part)
        lines = [(record.kind, record.body) for record in chunk]
        content = build_packet(header, lines, self._keys)
        self._store(connection, header, content, len(lines), speech)
        if self._on_packed is not None:
            things = [(record.kind, record.key) for record in chunk]
            self._on_packed(connection, stream, header.epoch, header.seq, things)
        ids = [record.id for record in chunk]
        queue = self._tables.queue
        for start in range(0, len(ids), 500):
            connection.execute(delete(queue).where(queue.c.id.in_(ids[start : start + 500])))

    def _chunks(self, rows: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
        chunks: list[list[Row[Any]]] = []
        size = 0
        for row in rows:
            full = not chunks or len(chunks[-1]) >= self._limits.records
            if full or size + len(row.body) > self._limits.unpacked:
                chunks.append([])
                size = 0
            chunks[-1].append(row)
            size += len(row.body)
        return chunks

    def _room(self, connection: Connection, stream: Stream, epoch: int) -> int:
        packet = self._tables.packet
        open_packets = select(func.count()).where(
            packet.c.stream == stream,
            packet.c.epoch == epoch,
            packet.c.acknowledged.is_(False),
            packet.c.records > 0,
        )
        return self._limits.window - connection.execute(open_packets).scalar_one()

    def _header(
        self, row: Row[Any], stream: Stream, speech: Speech,
        part: SnapshotPart | None,
    ) -> Header:  # fmt: skip
        return Header(
            stream=stream,
            epoch=row.epoch,
            seq=row.seq + 1,
            prev=row.head,
            created_at=speech.created_at,
            opens=Opening(nonces=tuple(row.nonces.split())) if row.seq == 0 else None,
            snapshot=part,
            acks=speech.acks,
            unreadable=speech.unreadable,
            resync=speech.resync,
            next_by=speech.next_by,
        )

    def _store(
        self, connection: Connection, header: Header, content: bytes, records: int, speech: Speech
    ) -> None:
        head = read_own_envelope(content, self._keys).head_hash
        connection.execute(
            insert(self._tables.packet).values(
                stream=header.stream,
                epoch=header.epoch,
                seq=header.seq,
                name=packet_name(header.stream, header.epoch, header.seq, content),
                head=head,
                content=content,
                records=records,
                built_at=format_time(speech.created_at),
                uploaded=False,
                acknowledged=False,
                deleted=False,
                repeats=0,
            )
        )
        streams = self._tables.out_stream
        connection.execute(
            update(streams)
            .where(streams.c.stream == header.stream)
            .values(seq=header.seq, head=head)
        )

    # --- channel -----------------------------------------------------------------------------

    def upload(self, engine: Engine, channel: Channel) -> int:
        """Put every packet that is not at the other side onto the channel; return how many.

        A packet once uploaded and gone before its acknowledgement goes up again, byte for byte.
        """
        there = set(channel.names(self._side))
        packet = self._tables.packet
        unacknowledged = select(packet).where(packet.c.acknowledged.is_(False))
        with engine.connect() as connection:
            rows = connection.execute(
                unacknowledged.order_by(
                    packet.c.stream != "catalogue", packet.c.epoch, packet.c.seq
                )
            ).all()
        uploaded = 0
        for row in rows:
            if row.uploaded and row.name in there:
                continue
            channel.put(self._side, row.name, row.content)
            uploaded += 1
            with engine.begin() as connection:
                connection.execute(update(packet).where(*self._same(row)).values(uploaded=True))
        return uploaded

    def clean(self, engine: Engine, channel: Channel) -> int:
        """Delete our acknowledged packets from the channel, but the newest of each stream."""
        packet = self._tables.packet
        with engine.connect() as connection:
            rows = self._over(connection)
        gone = 0
        for row in rows:
            if channel.delete(self._side, row.name):
                gone += 1
                with engine.begin() as connection:
                    connection.execute(update(packet).where(*self._same(row)).values(deleted=True))
        return gone

    def _over(self, connection: Connection) -> list[Row[Any]]:
        """Return the acknowledged packets that are still on the channel and need not be."""
        packet = self._tables.packet
        # The newest that was uploaded always stays: an epoch just opened may have none yet.
        there = select(packet).where(packet.c.uploaded.is_(True), packet.c.deleted.is_(False))
        newest: dict[str, tuple[int, int]] = {}
        for row in connection.execute(there).all():
            newest[row.stream] = max(newest.get(row.stream, (0, 0)), (row.epoch, row.seq))
        done = select(packet).where(packet.c.acknowledged.is_(True), packet.c.deleted.is_(False))
        rows = connection.execute(done).all()
        return [row for row in rows if newest.get(row.stream) != (row.epoch, row.seq)]

    def is_at_rest(self, connection: Connection) -> bool:
        """Return whether nothing is to be packed, to be uploaded or to be deleted."""
        packet = self._tables.packet
        on_way = packet.c.uploaded.is_(False) & packet.c.acknowledged.is_(False)
        left = connection.execute(select(func.count()).where(on_way)).scalar_one()
        return not (self.waiting(connection) or left or self._over(connection))

    def awaits_answer(self, connection: Connection) -> bool:
        """Return whether records are at the channel that the other side has not acknowledged."""
        packet = self._tables.packet
        open_ones = packet.c.acknowledged.is_(False) & (packet.c.records > 0)
        return connection.execute(select(func.count()).where(open_ones)).scalar_one() > 0

    def repeat(
        self, engine: Engine, channel: Channel, wanted: Iterable[Unreadable]
    ) -> tuple[int, int]:
        """Upload again, byte for byte, what the reader could not verify.

        Returns:
            How many files went up, and how often the most repeated of them has by now.
        """
        packet, repeated, most = self._tables.packet, 0, 0
        for ask in wanted:
            same = (
                packet.c.stream == ask.stream,
                packet.c.epoch == ask.epoch,
                packet.c.seq == ask.seq,
                packet.c.content.is_not(None),
            )
            with engine.connect() as connection:
                row = connection.execute(select(packet).where(*same)).first()
            if row is None:
                continue
            channel.delete(self._side, row.name)
            channel.put(self._side, row.name, row.content)
            repeated, most = repeated + 1, max(most, row.repeats + 1)
            with engine.begin() as connection:
                count = update(packet).where(*self._same(row)).values(repeats=row.repeats + 1)
                connection.execute(count)
        return repeated, most

    # --- acknowledgements --------------------------------------------------------------------

    def acknowledge(self, connection: Connection, acks: Iterable[Acknowledgement]) -> None:
        """Let the reader's words move the window.

        Raises:
            StateOldError: when the reader holds packets that this state never built.
        """
        packet = self._tables.packet
        for ack in acks:
            row = self._stream(connection, ack.stream)
            current = (row.epoch, row.seq) if row else (0, 0)
            if (ack.epoch, ack.seq) > current:
                raise StateOldError(reason=f"{ack.stream} {ack.epoch}/{ack.seq}", epoch=ack.epoch)
            if ack.epoch < current[0]:
                continue
            at = (packet.c.stream == ack.stream, packet.c.epoch == ack.epoch)
            head = connection.execute(select(packet.c.head).where(*at, packet.c.seq == ack.seq))
            if head.scalar_one_or_none() != ack.hash:
                raise StateOldError(reason=f"{ack.stream} {ack.epoch}/{ack.seq} ≠")
            connection.execute(
                update(packet)
                .where(*at, packet.c.seq <= ack.seq)
                .values(acknowledged=True, content=None)
            )

    def check_known(self, connection: Connection, acks: Iterable[Acknowledgement]) -> None:
        """Look whether the reader holds packets above all that this state built.

        Raises:
            StateOldError: It does.
        """
        for ack in acks:
            if (ack.epoch, ack.seq) > self.position(connection, ack.stream):
                raise StateOldError(reason=f"{ack.stream} {ack.epoch}/{ack.seq}", epoch=ack.epoch)

    def unacknowledged(self, connection: Connection) -> int:
        """Return how many packets with records the other side has not acknowledged."""
        packet = self._tables.packet
        open_packets = select(func.count()).where(
            packet.c.acknowledged.is_(False), packet.c.records > 0
        )
        return connection.execute(open_packets).scalar_one()

    def last_built(self, connection: Connection) -> str | None:
        """Return when the newest packet was built, as it travels, or None."""
        return connection.execute(select(func.max(self._tables.packet.c.built_at))).scalar()

    def position(self, connection: Connection, stream: Stream) -> tuple[int, int]:
        """Return (epoch, sequence) of the newest packet of a stream; (0, 0) before the first."""
        row = self._stream(connection, stream)
        return (row.epoch, row.seq) if row else (0, 0)

    def _same(self, row: Row[Any]) -> tuple[ColumnElement[bool], ...]:
        packet = self._tables.packet
        return (
            packet.c.stream == row.stream,
            packet.c.epoch == row.epoch,
            packet.c.seq == row.seq,
        )

    def _stream(self, connection: Connection, stream: Stream) -> Row[Any] | None:
        return connection.execute(self._of_stream, {"stream": stream}).first()

    def _require_stream(self, connection: Connection, stream: Stream) -> Row[Any]:
        row = self._stream(connection, stream)
        if row is None:
            self.open_epoch(connection, stream, nonce=self._keys.first_nonce())
            row = self._stream(connection, stream)
        if row is None:
            raise StateOldError(reason=stream)
        return row
