"""How far a reader is in each stream of its peer, and what it has to say about that.

positions = ReadPositions(tables, keys)
positions.acknowledgements(connection)
positions.require_nonce(connection, "catalogue", nonce, "gap")
"""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from protocol.keys import Keys
from protocol.link.errors import EquivocationError
from protocol.link.tables import LinkTables
from protocol.manifest import (
    WRITES,
    ZERO_HASH,
    Acknowledgement,
    Resync,
    ResyncReason,
    Unreadable,
)
from protocol.records import Stream

#: Polls that an expected packet may fail before its writer is asked to upload it again.
POLLS_BEFORE_UNREADABLE = 3


class ReadPositions:
    """The reading positions of one state database.

    Args:
        tables: Of the state database.
        keys: Ours, paired.
    """

    def __init__(self, tables: LinkTables, keys: Keys) -> None:
        self._tables = tables
        self._keys = keys
        self._streams = WRITES[keys.require_peer().role]
        table = tables.in_stream
        self._of_stream = select(table).where(table.c.stream == bindparam("stream"))

    def row(self, connection: Connection, stream: Stream) -> Row[Any]:
        """Return a stream's row; a new one opens by the pairing's nonce."""
        table = self._tables.in_stream
        row = connection.execute(self._of_stream, {"stream": stream}).first()
        if row is not None:
            return row
        connection.execute(
            insert(table).values(
                stream=stream,
                epoch=0,
                seq=0,
                head=ZERO_HASH,
                nonce=self._keys.first_nonce(),
                with_records=0,
                failed_polls=0,
                failed_epoch=0,
                failed_seq=0,
                gap_polls=0,
            )
        )
        return connection.execute(select(table).where(table.c.stream == stream)).one()

    def acknowledgements(self, connection: Connection) -> tuple[Acknowledgement, ...]:
        """Return how far every stream was taken; proven positions only."""
        rows = connection.execute(select(self._tables.in_stream)).all()
        return tuple(
            Acknowledgement(stream=row.stream, epoch=row.epoch, seq=row.seq, hash=row.head)
            for row in sorted(rows, key=lambda row: str(row.stream))
            if row.seq > 0 and row.nonce is None
        )

    def newest_with_records(self, connection: Connection) -> dict[str, tuple[int, int]]:
        """Return, per stream, (epoch, sequence) of the last packet with records.

        These ask for an acknowledgement; a heartbeat does not.
        """
        rows = connection.execute(select(self._tables.in_stream)).all()
        return {row.stream: (row.epoch, row.with_records) for row in rows if row.with_records}

    def unreadable(self, connection: Connection) -> tuple[Unreadable, ...]:
        """Return the packets that could not be verified in three polls, to be uploaded again."""
        rows = connection.execute(select(self._tables.in_stream)).all()
        return tuple(
            Unreadable(stream=row.stream, epoch=row.failed_epoch, seq=row.failed_seq)
            for row in rows
            if row.failed_polls and row.failed_polls % POLLS_BEFORE_UNREADABLE == 0
        )

    def resyncs(self, connection: Connection) -> tuple[Resync, ...]:
        """Return what we ask of the peer and it has not answered yet."""
        table = self._tables.in_stream
        rows = connection.execute(select(table).where(table.c.asked.is_not(None))).all()
        return tuple(
            Resync(stream=row.stream, nonce=row.nonce, reason=row.asked)
            for row in sorted(rows, key=lambda row: str(row.stream))
        )

    def require_nonce(
        self, connection: Connection, stream: Stream, nonce: str, reason: ResyncReason
    ) -> None:
        """Take nothing more from a stream but an epoch that quotes this nonce; ask for it."""
        table = self._tables.in_stream
        self.row(connection, stream)
        connection.execute(
            update(table)
            .where(table.c.stream == stream)
            .values(nonce=nonce, asked=reason, stopped=None, gap_polls=0, failed_polls=0)
        )
        # What was put off or refused so far is looked at again under the new rule.
        seen = self._tables.seen
        # But for the packet that stopped it: a person has looked into it, and it lies there still.
        undecided = (
            seen.c.stream == stream,
            seen.c.head.is_(None),
            seen.c.code.is_distinct_from(EquivocationError.code),
        )
        connection.execute(delete(seen).where(*undecided))

    def forget(self, connection: Connection) -> None:
        """Begin as a new pairing does: every stream opens by the pairing's nonce."""
        connection.execute(delete(self._tables.in_stream))

    def waits_for_proof(self, connection: Connection) -> tuple[Stream, ...]:
        """Return the streams that take nothing but the answer to our request."""
        return tuple(
            stream for stream in self._streams if self.row(connection, stream).nonce is not None
        )

    def stopped(self, connection: Connection) -> tuple[Stream, ...]:
        """Return the streams that an equivocation stopped."""
        return tuple(s for s in self._streams if self.row(connection, s).stopped)

    def gaps(self, connection: Connection, polls: int) -> tuple[Stream, ...]:
        """Return the streams in which a packet has been missing for that many polls."""
        return tuple(s for s in self._streams if self.row(connection, s).gap_polls >= polls)

    def last_heard(self, connection: Connection) -> tuple[str | None, str | None]:
        """Return (when the newest packet was taken, when the next was promised), as they travel."""
        table = self._tables.in_stream
        row = connection.execute(select(func.max(table.c.last_at), func.max(table.c.next_by)))
        last, promised = row.one()
        return last, promised
