"""The agent's first tables; frozen: a change is a new migration."""

import sqlalchemy as sa
from alembic import op

from protocol.link.migrations import create_link_tables_v1

revision = "agent_0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of version 1."""
    create_link_tables_v1(op)
    op.create_table(
        "fact",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("gone", sa.String(length=20), nullable=True),
        sa.Column("dirty", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("packed_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index("fact_dirty", "fact", ["dirty", "kind"], unique=False)
    op.create_table(
        "case",
        sa.Column("key", sa.String(length=250), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=20), nullable=False),
        sa.Column("until", sa.String(length=20), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("case_about", "case", ["about"], unique=False)
    op.create_table(
        "history",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("ps_id", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("lang", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("epoch", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("history_of", "history", ["kind", "key"], unique=False)
    op.create_index("history_at", "history", ["at"], unique=False)
    op.create_table(
        "ignored",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_table(
        "approval",
        sa.Column("key", sa.String(length=190), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(length=20), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "fallen",
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "order_step",
        sa.Column("uid", sa.String(length=190), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("asking", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("uid", "what"),
    )
    op.create_index("order_step_status", "order_step", ["status"], unique=False)
    op.create_table(
        "held_class",
        sa.Column("key", sa.String(length=190), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("among", sa.Integer(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("since", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "intent",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("ps_id", sa.BigInteger(), nullable=True),
        sa.Column("verb", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("intent_of", "intent", ["kind", "key"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "image_look",
        sa.Column("ps_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("look", sa.String(length=384), nullable=False),
        sa.PrimaryKeyConstraint("ps_id"),
    )
    op.create_table(
        "photo",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "price_cover",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("article", sa.String(length=192), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "key", "article"),
    )
    op.create_index("price_cover_article", "price_cover", ["article"], unique=False)
    op.create_table(
        "repricing",
        sa.Column("article", sa.String(length=192), nullable=False),
        sa.PrimaryKeyConstraint("article"),
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
        "settlement",
        sa.Column("uid", sa.String(length=190), nullable=False),
        sa.Column("units", sa.Text(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_table(
        "shop_former",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ps_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ps_id"),
    )
    op.create_table(
        "shop_link",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("ps_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
        sa.UniqueConstraint("kind", "ps_id"),
    )
    op.create_table(
        "told",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=192), nullable=False),
        sa.Column("of_hash", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_table(
        "web_customer",
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("shop_id"),
    )
    op.create_table(
        "web_order",
        sa.Column("uid", sa.String(length=190), nullable=False),
        sa.Column("shop_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("date_add", sa.String(length=19), nullable=False),
        sa.Column("date_upd", sa.String(length=19), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=True),
        sa.Column("fate", sa.String(length=20), nullable=True),
        sa.Column("fate_revision", sa.String(length=64), nullable=True),
        sa.Column("in_baseline", sa.Boolean(), nullable=False),
        sa.Column("released", sa.Text(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=True),
        sa.Column("went_out", sa.Boolean(), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_index("web_order_shop_id", "web_order", ["shop_id"], unique=False)
    op.create_table(
        "written",
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("ps_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("lang", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("resource", "ps_id", "field", "lang"),
    )
