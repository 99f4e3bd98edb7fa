"""The inbox: takes the peer's packets in order, each once, and says how far it got.

A packet is durable before it counts as received: its records, the new position and the
acknowledgements it carries are one transaction, which the program's own receiver joins. Whatever
is refused leaves everything as it was and is told in the notices (SPEC §7).

    inbox = Inbox(tables, keys, receiver, on_manifest, on_untaken, on_resync, clock)
    taken = inbox.poll(engine, channel)
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, insert, select, update

from protocol.channel.port import Channel, Side, TooLargeError
from protocol.errors import ComptoirError, RefusedItemError
from protocol.keys import Keys
from protocol.link.errors import (
    DamagingServerError,
    EquivocationError,
    FastForwardError,
    ReplayError,
    UnprovenError,
)
from protocol.link.notices import Notices
from protocol.link.positions import POLLS_BEFORE_UNREADABLE, ReadPositions
from protocol.link.staging import Delivery, Staging
from protocol.link.tables import LinkTables
from protocol.manifest import (
    LETTERS,
    WRITES,
    Manifest,
    Resync,
)
from protocol.packet import MAX_PACKET, Envelope, Opened, open_data, read_envelope
from protocol.records import Stream
from protocol.sequence import Arriving, ReadPosition, Verdict, advance, judge
from protocol.values import format_time

#: Uploads of one packet before the server itself is to blame.
REPEATS_BEFORE_ALARM = 3
_TAKEN = (Verdict.NEXT, Verdict.OPENS)
_AHEAD = "ahead"
_NAME = re.compile(r"^([a-z])-([0-9a-f]{8})-([0-9]{12})-([0-9a-f]{16})\.pkt$")


@dataclass(frozen=True)
class Taken:
    """What one poll did."""

    packets: int = 0
    refused: int = 0
    records: int = 0


@dataclass(frozen=True)
class _File:
    name: str
    stream: Stream
    epoch: int
    seq: int


Receiver = Callable[[Connection, Delivery], None]
OnManifest = Callable[[Connection, Manifest], None]
OnResync = Callable[[Connection, Sequence[Resync]], None]


class Inbox:
    """One side's incoming streams.

    Args:
        tables: Of the state database.
        keys: Ours, paired.
        receiver: Makes a delivery durable, inside the given transaction.
        on_manifest: Told of each accepted manifest, inside the same transaction.
        on_untaken: Told of each manifest that comes before its turn, or cannot be placed: nothing
            of it counts yet, but what the peer has of ours proves how far we once were.
        on_resync: Told what the peer asks, also in a packet that we cannot place: it may have
            lost its state, and we ours.
        clock: UTC now.
    """

    def __init__(
        self,
        tables: LinkTables,
        keys: Keys,
        receiver: Receiver,
        on_manifest: OnManifest,
        on_untaken: OnManifest,
        on_resync: OnResync,
        clock: Callable[[], datetime],
    ) -> None:
        self._tables = tables
        seen = tables.seen
        is_named = seen.c.name == bindparam("of")
        self._of_name, self._insert_seen = select(seen).where(is_named), insert(seen)
        self._drop_of_name = delete(seen).where(is_named)
        self._keys = keys
        self._receiver = receiver
        self._on_manifest = on_manifest
        self._on_untaken = on_untaken
        self._on_resync = on_resync
        self._clock = clock
        self._notices = Notices(tables)
        self._staging = Staging(tables)
        self.positions = ReadPositions(tables, keys)
        peer = keys.require_peer().role
        self._side: Side = peer
        self._streams = WRITES[peer]

    # --- polling -----------------------------------------------------------------------------

    def poll(self, engine: Engine, channel: Channel, listing: Sequence[str] | None = None) -> Taken:
        """Take every packet that is next in its stream; tell what is refused.

        Args:
            engine: The state database.
            channel: Where the peer's packets are.
            listing: Its directory as just listed; None: it is listed now.
        """
        listing = channel.names(self._side) if listing is None else listing
        files = [file for name in listing if (file := self._file(name))]
        taken = Taken()
        for stream in self._streams:
            mine = sorted((f for f in files if f.stream == stream), key=lambda f: (f.epoch, f.seq))
            done = self._poll_stream(engine, channel, stream, mine)
            taken = Taken(
                taken.packets + done.packets,
                taken.refused + done.refused,
                taken.records + done.records,
            )
        self._note_left(engine, channel, set(listing))
        return taken

    def _poll_stream(
        self, engine: Engine, channel: Channel, stream: Stream, files: Sequence[_File]
    ) -> Taken:
        packets = refused = records = 0
        ahead = False
        failed: _File | None = None
        for file in files:
            with engine.begin() as connection:
                row = self.positions.row(connection, stream)
                known = self._seen(connection, file.name)
            if row.stopped:
                break
            expected = _is_expected(row, file)
            if known is not None and not _look_again(known, expected=expected):
                ahead |= known.code == _AHEAD
                continue
            fetched = self._fetch(engine, channel, file, known)
            if fetched is None:
                continue
            verdict, count = fetched
            packets += verdict in _TAKEN
            records += count
            ahead |= verdict is Verdict.AHEAD
            refused += verdict not in (*_TAKEN, Verdict.DUPLICATE, Verdict.AHEAD)
            failed = file if verdict is None and expected else failed
        with engine.begin() as connection:
            self._count_polls(connection, stream, ahead=ahead, failed=failed)
        return Taken(packets, refused, records)

    def _fetch(
        self, engine: Engine, channel: Channel, file: _File, known: Row[Any] | None
    ) -> tuple[Verdict | None, int] | None:
        """Return what `_take` does; None when the file was listed and is not there."""
        try:
            content = channel.get(self._side, file.name, MAX_PACKET)
        except TooLargeError as error:
            with engine.begin() as connection:
                self._refuse(connection, file, error)
            return None, 0
        if content is None:
            return None
        return self._take(engine, file, content, known)

    def _take(
        self, engine: Engine, file: _File, content: bytes, known: Row[Any] | None
    ) -> tuple[Verdict | None, int]:
        """Return what the file is (None: not a packet at all) and how many records it brought."""
        try:
            envelope = read_envelope(content, self._keys)
            self._check_name(file, envelope)
            with engine.connect() as connection:
                verdict = self._judge(connection, file, envelope)
            if verdict is Verdict.DUPLICATE and known is not None and known.left:
                verdict = Verdict.REPLAY
            opened = open_data(envelope, self._keys) if verdict in _TAKEN else None
            with engine.begin() as connection:
                if opened is not None:
                    return verdict, self._accept(connection, file, opened)
                self._answer(connection, file, envelope, verdict)
                return verdict, 0
        except RefusedItemError as error:
            with engine.begin() as connection:
                self._refuse(connection, file, error)
            return None, 0

    def _judge(self, connection: Connection, file: _File, envelope: Envelope) -> Verdict:
        row = self.positions.row(connection, file.stream)
        position = ReadPosition(row.epoch, row.seq, row.head, row.nonce)
        seen = self._tables.seen
        taken = select(seen.c.head).where(
            seen.c.stream == file.stream,
            seen.c.epoch == file.epoch,
            seen.c.seq == file.seq,
            seen.c.head.is_not(None),
        )
        known = connection.execute(taken).scalar()
        return judge(position, _arriving(envelope), known=known)

    def _accept(self, connection: Connection, file: _File, opened: Opened) -> int:
        manifest = opened.manifest
        position = advance(_arriving(opened.envelope))
        row = self.positions.row(connection, file.stream)
        records = sum(manifest.counts.values())
        table = self._tables.in_stream
        connection.execute(
            update(table)
            .where(table.c.stream == file.stream)
            .values(
                epoch=position.epoch,
                seq=position.seq,
                head=position.head,
                nonce=None,
                asked=None,
                with_records=position.seq if records else _carried(row, position),
                failed_polls=0,
                gap_polls=0,
                next_by=format_time(manifest.next_by) if manifest.next_by else None,
                last_at=format_time(self._clock()),
            )
        )
        self._mark(connection, file, position.head, None)
        for delivery in self._staging.deliveries(connection, opened):
            self._receiver(connection, delivery)
        self._on_manifest(connection, manifest)
        self._on_resync(connection, manifest.resync)
        return records

    def _answer(
        self, connection: Connection, file: _File, envelope: Envelope, verdict: Verdict
    ) -> None:
        place = f"{file.stream} {file.epoch}/{file.seq}"
        if verdict is Verdict.DUPLICATE:
            self._mark(connection, file, envelope.head_hash, None)
        elif verdict is Verdict.AHEAD:
            self._mark(connection, file, None, _AHEAD)
            self._on_untaken(connection, envelope.manifest)
        elif verdict is Verdict.REPLAY:
            self._refuse(connection, file, ReplayError(place=place, reason=file.name))
        elif verdict is Verdict.UNPROVEN:
            self._refuse(connection, file, UnprovenError(place=place, reason=file.name))
            self._on_resync(connection, envelope.manifest.resync)
            self._on_untaken(connection, envelope.manifest)
        elif verdict is Verdict.FAST_FORWARD:
            self._refuse(connection, file, FastForwardError(place=place, reason=file.name))
        elif verdict is Verdict.EQUIVOCATION:
            stop = EquivocationError(place=place, reason=file.name)
            self._refuse(connection, file, stop)
            table = self._tables.in_stream
            connection.execute(
                update(table).where(table.c.stream == file.stream).values(stopped=stop.code)
            )

    def forget(self, connection: Connection) -> None:
        """Begin as a new pairing does: nothing was ever taken."""
        self.positions.forget(connection)
        self._staging.forget(connection)
        connection.execute(delete(self._tables.seen))

    # --- details -----------------------------------------------------------------------------

    def _file(self, name: str) -> _File | None:
        match = _NAME.match(name)
        if match is None:
            return None
        stream = next((s for s, letter in LETTERS.items() if letter == match[1]), None)
        if stream is None or stream not in self._streams:
            return None
        return _File(name, stream, int(match[2], 16), int(match[3]))

    def _check_name(self, file: _File, envelope: Envelope) -> None:
        manifest = envelope.manifest
        if (manifest.stream, manifest.epoch, manifest.seq) != (file.stream, file.epoch, file.seq):
            raise ReplayError(place=file.name, reason="renamed")

    def _seen(self, connection: Connection, name: str) -> Row[Any] | None:
        return connection.execute(self._of_name, {"of": name}).first()

    def _mark(
        self, connection: Connection, file: _File, head: str | None, code: str | None
    ) -> None:
        connection.execute(self._drop_of_name, {"of": file.name})
        values = {"name": file.name, "stream": file.stream, "epoch": file.epoch, "seq": file.seq}
        connection.execute(self._insert_seen, {**values, "head": head, "code": code, "left": False})

    def _refuse(self, connection: Connection, file: _File, error: ComptoirError) -> None:
        known = self._seen(connection, file.name)
        # A packet that we took keeps its head: its replay is refused, its history is not rewritten.
        head = known.head if known is not None else None
        self._mark(connection, file, head, error.code)
        if not error.place:
            error.place = f"{file.stream} {file.epoch}/{file.seq}"
        self._notices.tell(connection, error.problem(), self._clock())

    def _note_left(self, engine: Engine, channel: Channel, listing: set[str]) -> None:
        """Note which files have gone. A listing may be cut or late: each name is asked for."""
        seen = self._tables.seen
        with engine.connect() as connection:
            rows = connection.execute(select(seen.c.name).where(seen.c.left.is_(False))).all()
        missing = [row.name for row in rows if row.name not in listing]
        gone = [name for name in missing if channel.size(self._side, name) is None]
        if not gone:
            return
        with engine.begin() as connection:
            for name in gone:
                connection.execute(update(seen).where(seen.c.name == name).values(left=True))
            # What was refused and has gone needs no memory; what was taken is kept for good.
            connection.execute(delete(seen).where(seen.c.left.is_(True), seen.c.head.is_(None)))

    def _count_polls(
        self, connection: Connection, stream: Stream, *, ahead: bool, failed: _File | None
    ) -> None:
        table, row = self._tables.in_stream, self.positions.row(connection, stream)
        failed_polls = row.failed_polls + 1 if failed else 0
        gap_polls = row.gap_polls + 1 if ahead else 0
        if (failed_polls, gap_polls) != (row.failed_polls, row.gap_polls):
            connection.execute(
                update(table)
                .where(table.c.stream == stream)
                .values(
                    failed_polls=failed_polls,
                    failed_epoch=failed.epoch if failed else 0,
                    failed_seq=failed.seq if failed else 0,
                    gap_polls=gap_polls,
                )
            )
        if failed_polls and failed_polls % (POLLS_BEFORE_UNREADABLE * REPEATS_BEFORE_ALARM) == 0:
            error = DamagingServerError(place=stream, times=failed_polls)
            self._notices.tell(connection, error.problem(), self._clock())


def _is_expected(row: Row[Any], file: _File) -> bool:
    if row.nonce is not None:
        return file.epoch > row.epoch and file.seq == 1
    return (file.epoch, file.seq) == (row.epoch, row.seq + 1)


def _look_again(known: Row[Any], *, expected: bool) -> bool:
    """Return whether a file seen before is worth fetching: it came back, or its turn has come."""
    if known.left:
        return True
    waiting = (_AHEAD, UnprovenError.code, TooLargeError.code)
    waits = known.code in waiting or str(known.code).startswith(("E-PKT", "E-REC"))
    return known.head is None and waits and expected


def _arriving(envelope: Envelope) -> Arriving:
    manifest = envelope.manifest
    nonces = manifest.opens.nonces if manifest.opens else ()
    return Arriving(manifest.epoch, manifest.seq, manifest.prev, envelope.head_hash, nonces)


def _carried(row: Row[Any], position: ReadPosition) -> int:
    return int(row.with_records) if row.epoch == position.epoch else 0
