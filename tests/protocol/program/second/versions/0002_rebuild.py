"""A later migration that rebuilds a table with children."""

import sqlalchemy as sa
from alembic import op

revision = "test_0002"
down_revision = "test_0001"


def upgrade() -> None:
    """Make names longer, and add a colour."""
    with op.batch_alter_table("shelf", recreate="always") as batch:
        batch.alter_column("name", type_=sa.String(40))
        batch.add_column(sa.Column("colour", sa.String(10)))
