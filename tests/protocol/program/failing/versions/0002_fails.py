"""A later migration that fails half way."""

import sqlalchemy as sa
from alembic import op

revision = "test_0002"
down_revision = "test_0001"


def upgrade() -> None:
    """Create one table, then one that exists."""
    op.create_table("colour", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True))
