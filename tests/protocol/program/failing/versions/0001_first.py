"""A program's first migration: the link's tables and one of its own."""

import sqlalchemy as sa
from alembic import op

from protocol.link.migrations import create_link_tables_v1

revision = "test_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    create_link_tables_v1(op)
    op.create_table(
        "shelf",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(20), nullable=False),
    )
    op.create_table(
        "book",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "shelf", sa.Integer(), sa.ForeignKey("shelf.id", ondelete="CASCADE"), nullable=False
        ),
    )
