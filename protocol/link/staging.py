"""The parts of a snapshot wait here until they are a whole: they take effect as a set (SPEC §7.6).

staging = Staging(tables)
for delivery in staging.deliveries(connection, opened): receiver(connection, delivery)
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from protocol.link.errors import ReplayError
from protocol.link.notices import problem_from, problem_json
from protocol.link.tables import LinkTables
from protocol.packet import Line, Opened
from protocol.records import Stream, parse_record, record_line
from protocol.strict_json import canonical
from protocol.values import format_time


@dataclass(frozen=True)
class Delivery:
    """What a receiver gets: one packet's records, or a whole snapshot's.

    Args:
        stream: Its stream.
        epoch: Its epoch.
        seq: The packet's sequence; a snapshot's last part's.
        lines: Records and refused lines, in order.
        snapshot: The lines are a complete snapshot.
        photo: A photo's bytes, in the media stream.
        packed_at: When the packet was made, as it travels; empty: not said.
    """

    stream: Stream
    epoch: int
    seq: int
    lines: tuple[Line, ...] = ()
    snapshot: bool = False
    photo: bytes | None = None
    packed_at: str = ""


class Staging:
    """The waiting parts of one state database."""

    def __init__(self, tables: LinkTables) -> None:
        self._table = tables.staged

    def deliveries(self, connection: Connection, opened: Opened) -> Sequence[Delivery]:
        """Return what a packet delivers: itself, nothing yet, or the snapshot that it completes.

        Raises:
            ReplayError: parts are missing that came before; nothing of it is taken.
        """
        manifest, staged = opened.manifest, self._table
        here = (manifest.stream, manifest.epoch, manifest.seq)
        packed_at = format_time(manifest.created_at)
        if manifest.seq == 1:
            connection.execute(delete(staged).where(staged.c.stream == manifest.stream))
        part = manifest.snapshot
        if part is None:
            return [Delivery(*here, lines=opened.lines, photo=opened.photo, packed_at=packed_at)]
        connection.execute(
            insert(staged).values(
                stream=manifest.stream,
                part=part.part,
                snapshot=part.id,
                lines=_pack_lines(opened.lines),
            )
        )
        if part.part < part.of:
            return []
        rows = connection.execute(
            select(staged.c.lines)
            .where(staged.c.stream == manifest.stream, staged.c.snapshot == part.id)
            .order_by(staged.c.part)
        ).all()
        if len(rows) != part.of:
            raise ReplayError(place=manifest.stream, reason=f"{len(rows)} / {part.of}")
        connection.execute(delete(staged).where(staged.c.stream == manifest.stream))
        lines = tuple(line for row in rows for line in _unpack_lines(row.lines))
        return [Delivery(*here, lines=lines, snapshot=True, packed_at=packed_at)]

    def forget(self, connection: Connection) -> None:
        """Drop every waiting part."""
        connection.execute(delete(self._table))


def _pack_lines(lines: Sequence[Line]) -> bytes:
    """Return the lines of a snapshot part as they wait for the other parts."""
    return b"\n".join(
        canonical(
            {
                "kind": line.kind,
                "key": line.key,
                "record": record_line(line.record).decode() if line.record else None,
                "problem": problem_json(line.problem) if line.problem else None,
            }
        )
        for line in lines
    )


def _unpack_lines(packed: bytes) -> list[Line]:
    lines = []
    for text in packed.splitlines():
        kept = json.loads(text)
        record, problem = kept["record"], kept["problem"]
        lines.append(
            Line(
                kept["kind"],
                kept["key"],
                parse_record(record.encode(), place="staged") if record else None,
                problem_from(problem) if problem else None,
            )
        )
    return lines
