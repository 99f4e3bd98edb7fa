"""The tables that both programs' state databases share, and their first migration.

metadata = MetaData()
tables = link_tables(metadata)
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

#: SQLite numbers only an INTEGER PRIMARY KEY by itself.
RowId = BigInteger().with_variant(Integer(), "sqlite")


@dataclass(frozen=True)
class LinkTables:
    """The tables by name."""

    meta: Table
    out_stream: Table
    queue: Table
    packet: Table
    in_stream: Table
    seen: Table
    staged: Table
    notice: Table


def link_tables(metadata: MetaData) -> LinkTables:
    """Define the link's tables in a program's metadata and return them."""
    return LinkTables(
        meta=Table(
            "link_meta",
            metadata,
            Column("name", String(60), primary_key=True),
            Column("value", Text, nullable=False),
        ),
        out_stream=Table(
            "link_out_stream",
            metadata,
            Column("stream", String(20), primary_key=True),
            Column("epoch", BigInteger, nullable=False),
            Column("seq", BigInteger, nullable=False),
            Column("head", String(64), nullable=False),
            Column("nonces", Text, nullable=False),
            Column("needs_snapshot", Boolean, nullable=False),
        ),
        queue=Table(
            "link_queue",
            metadata,
            Column("id", RowId, primary_key=True, autoincrement=True),
            Column("stream", String(20), nullable=False),
            Column("kind", String(40), nullable=False),
            Column("key", String(250), nullable=False),
            Column("body", LargeBinary, nullable=False),
            Column("snapshot", Boolean, nullable=False),
            UniqueConstraint("stream", "kind", "key"),
        ),
        packet=Table(
            "link_packet",
            metadata,
            Column("stream", String(20), primary_key=True),
            Column("epoch", BigInteger, primary_key=True),
            Column("seq", BigInteger, primary_key=True),
            Column("name", String(80), nullable=False),
            Column("head", String(64), nullable=False),
            Column("content", LargeBinary),
            Column("records", Integer, nullable=False),
            Column("built_at", String(20), nullable=False),
            Column("uploaded", Boolean, nullable=False),
            Column("acknowledged", Boolean, nullable=False),
            Column("deleted", Boolean, nullable=False),
            Column("repeats", Integer, nullable=False),
        ),
        in_stream=Table(
            "link_in_stream",
            metadata,
            Column("stream", String(20), primary_key=True),
            Column("epoch", BigInteger, nullable=False),
            Column("seq", BigInteger, nullable=False),
            Column("head", String(64), nullable=False),
            Column("nonce", String(32)),
            Column("with_records", BigInteger, nullable=False),
            Column("asked", String(30)),
            Column("failed_polls", Integer, nullable=False),
            Column("failed_epoch", BigInteger, nullable=False),
            Column("failed_seq", BigInteger, nullable=False),
            Column("gap_polls", Integer, nullable=False),
            Column("stopped", String(40)),
            Column("next_by", String(20)),
            Column("last_at", String(20)),
        ),
        seen=Table(
            "link_seen",
            metadata,
            Column("name", String(80), primary_key=True),
            Column("stream", String(20), nullable=False),
            Column("epoch", BigInteger, nullable=False),
            Column("seq", BigInteger, nullable=False),
            Column("head", String(64)),
            Column("code", String(40)),
            Column("left", Boolean, nullable=False),
        ),
        staged=Table(
            "link_staged",
            metadata,
            Column("stream", String(20), primary_key=True),
            Column("part", Integer, primary_key=True),
            Column("snapshot", String(32), nullable=False),
            Column("lines", LargeBinary, nullable=False),
        ),
        notice=Table(
            "link_notice",
            metadata,
            Column("code", String(40), primary_key=True),
            Column("place", String(250), primary_key=True),
            Column("problem", Text, nullable=False),
            Column("times", Integer, nullable=False),
            Column("first_at", String(20), nullable=False),
            Column("last_at", String(20), nullable=False),
        ),
    )
