"""The exporter's first tables; frozen: a change is a new migration."""

import sqlalchemy as sa
from alembic import op

from protocol.link.migrations import create_link_tables_v1

revision = "exporter_0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of version 1."""
    create_link_tables_v1(op)
    op.create_table(
        "fate",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("of_hash", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index("fate_state", "fate", ["state"], unique=False)
    op.create_table(
        "approval",
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("up_to", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.String(length=20), nullable=False),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "held_class",
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("of", sa.BigInteger(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "site_case",
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_at", sa.String(length=20), nullable=True),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "history",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("epoch", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("history_thing", "history", ["kind", "key"], unique=False)
    op.create_index("history_at", "history", ["at"], unique=False)
    op.create_table(
        "ignored",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_table(
        "left_out",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=190), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index("left_out_owner", "left_out", ["owner"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "on_site",
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "settlement",
        sa.Column("uid", sa.String(length=190), nullable=False),
        sa.Column("units", sa.Text(), nullable=True),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_table(
        "photo_file",
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("recipe", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_size", sa.BigInteger(), nullable=False),
        sa.Column("look", sa.String(length=384), nullable=True),
        sa.PrimaryKeyConstraint("path"),
    )
    op.create_table(
        "run",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("started_at", sa.String(length=20), nullable=False),
        sa.Column("finished_at", sa.String(length=20), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "said",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.LargeBinary(), nullable=True),
        sa.Column("reference", sa.String(length=255), nullable=True),
        sa.Column("ean", sa.String(length=14), nullable=True),
        sa.Column("owner", sa.String(length=190), nullable=True),
        sa.Column("at", sa.String(length=20), nullable=True),
        sa.Column("epoch", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index("said_owner", "said", ["owner"], unique=False)
    op.create_index("said_reference", "said", ["reference"], unique=False)
    op.create_index("said_ean", "said", ["ean"], unique=False)
    op.create_table(
        "web_customer",
        sa.Column("key", sa.String(length=190), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("till_key", sa.String(length=190), nullable=True),
        sa.Column("entered_at", sa.String(length=20), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "web_order",
        sa.Column("uid", sa.String(length=190), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("total", sa.String(length=30), nullable=False),
        sa.Column("placed_at", sa.String(length=19), nullable=False),
        sa.Column("received_at", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("till_key", sa.String(length=190), nullable=True),
        sa.Column("entered_revision", sa.String(length=64), nullable=True),
        sa.Column("lines_hash", sa.String(length=64), nullable=True),
        sa.Column("told_hash", sa.String(length=64), nullable=True),
        sa.Column("entered_at", sa.String(length=20), nullable=True),
        sa.Column("changed_at", sa.String(length=20), nullable=True),
        sa.Column("evidence", sa.String(length=20), nullable=True),
        sa.Column("attempt", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=True),
        sa.Column("doubt", sa.String(length=20), nullable=True),
        sa.Column("person_said", sa.String(length=10), nullable=True),
        sa.Column("lost", sa.String(length=20), nullable=True),
        sa.Column("mailed", sa.String(length=20), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_index("web_order_state", "web_order", ["state"], unique=False)
    op.create_table(
        "withheld",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=190), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "code"),
    )
