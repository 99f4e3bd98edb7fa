"""The link's tables as each program's first migration makes them: written out, and frozen.

`link_tables` says what the tables are today; this says what they were in version 1. A change is a
new function (`change_link_tables_v2`) called from a new migration of both programs, never an edit
here. A test holds both against each other.

    def upgrade() -> None:
        create_link_tables_v1(op)
        op.create_table("run", ...)
"""

from typing import Any, Protocol

import sqlalchemy as sa


class CreatesTables(Protocol):
    """What is needed of Alembic's `op`."""

    def create_table(self, table_name: str, *columns: sa.schema.SchemaItem, **kw: Any) -> sa.Table:
        """Create a table."""
        ...


def create_link_tables_v1(op: CreatesTables) -> None:
    """Create the eight tables of the link, version 1."""
    _create_outgoing(op)
    _create_incoming(op)
    op.create_table(
        "link_meta",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "link_notice",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("place", sa.String(250), primary_key=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.String(20), nullable=False),
        sa.Column("last_at", sa.String(20), nullable=False),
    )


def _create_outgoing(op: CreatesTables) -> None:
    op.create_table(
        "link_out_stream",
        sa.Column("stream", sa.String(20), primary_key=True),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("nonces", sa.Text(), nullable=False),
        sa.Column("needs_snapshot", sa.Boolean(), nullable=False),
    )
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "link_queue",
        sa.Column("id", row_id, primary_key=True, autoincrement=True),
        sa.Column("stream", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(250), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("stream", "kind", "key"),
    )
    op.create_table(
        "link_packet",
        sa.Column("stream", sa.String(20), primary_key=True),
        sa.Column("epoch", sa.BigInteger(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.String(20), nullable=False),
        sa.Column("uploaded", sa.Boolean(), nullable=False),
        sa.Column("acknowledged", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
    )


def _create_incoming(op: CreatesTables) -> None:
    op.create_table(
        "link_in_stream",
        sa.Column("stream", sa.String(20), primary_key=True),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(32)),
        sa.Column("with_records", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.String(30)),
        sa.Column("failed_polls", sa.Integer(), nullable=False),
        sa.Column("failed_epoch", sa.BigInteger(), nullable=False),
        sa.Column("failed_seq", sa.BigInteger(), nullable=False),
        sa.Column("gap_polls", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.String(40)),
        sa.Column("next_by", sa.String(20)),
        sa.Column("last_at", sa.String(20)),
    )
    op.create_table(
        "link_seen",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("stream", sa.String(20), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(64)),
        sa.Column("code", sa.String(40)),
        sa.Column("left", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "link_staged",
        sa.Column("stream", sa.String(20), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("snapshot", sa.String(32), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
    )
