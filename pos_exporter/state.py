"""The exporter's state database: what was last said of each fact, and what came from the site.

Tables beside the link's: `said` (fingerprint of what was last queued per fact), `withheld` (rows
set aside at the till), `fate` (what became of facts at the other end), `web_order` and
`web_customer` (what came in, and how far it got into the till), `photo_file` (hash of each photo
file as last read), `run`, `meta`. Times are text as they travel.

    STATE.said.c.fingerprint
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from protocol.link.tables import LinkTables, RowId, link_tables

METADATA = MetaData()
LINK: LinkTables = link_tables(METADATA)


@dataclass(frozen=True)
class StateTables:
    """The exporter's own tables by name."""

    meta: Table
    said: Table
    withheld: Table
    fate: Table
    web_order: Table
    web_customer: Table
    photo_file: Table
    run: Table


STATE = StateTables(
    meta=Table(
        "meta",
        METADATA,
        Column("name", String(60), primary_key=True),
        Column("value", Text, nullable=False),
    ),
    said=Table(
        "said",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("fingerprint", LargeBinary(16), nullable=False),
        Column("label", String(200), nullable=False),
        Column("quantity", BigInteger),  # of a stock fact
    ),
    withheld=Table(
        "withheld",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("label", String(200), nullable=False),
        Column("problem", Text, nullable=False),
        Column("since", String(20), nullable=False),
    ),
    fate=Table(
        "fate",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("of_hash", String(64)),
        Column("state", String(20), nullable=False),
        Column("reason", Text),
        Column("at", String(20), nullable=False),
        Index("fate_state", "state"),
    ),
    web_order=Table(
        "web_order",
        METADATA,
        Column("uid", String(190), primary_key=True),
        Column("revision", String(64), nullable=False),
        Column("body", LargeBinary, nullable=False),  # sealed to our own key
        Column("shop_id", BigInteger, nullable=False),
        Column("reference", String(255), nullable=False),
        Column("role", String(20), nullable=False),
        Column("total", String(30), nullable=False),
        Column("placed_at", String(19), nullable=False),
        Column("received_at", String(20), nullable=False),
        Column("state", String(20), nullable=False),  # new, waiting, refused, imported, closed
        Column("answered", Boolean, nullable=False),  # its fate is queued
        Column("till_key", String(190)),
        Column("entered_revision", String(64)),
        Column("lines_hash", String(64)),  # of the revision that entered
        Column("problem", Text),
        Index("web_order_state", "state"),
    ),
    web_customer=Table(
        "web_customer",
        METADATA,
        Column("key", String(190), primary_key=True),
        Column("hash", String(64), nullable=False),
        Column("body", LargeBinary, nullable=False),  # sealed to our own key
        Column("state", String(20), nullable=False),
        Column("till_key", String(190)),
        Column("problem", Text),
    ),
    photo_file=Table(
        "photo_file",
        METADATA,
        Column("path", String(500), primary_key=True),
        Column("mtime_ns", BigInteger, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("recipe", Integer, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("sent_size", BigInteger, nullable=False),
    ),
    run=Table(
        "run",
        METADATA,
        Column("id", RowId, primary_key=True, autoincrement=True),
        Column("started_at", String(20), nullable=False),
        Column("finished_at", String(20)),
        Column("exit_code", Integer),
        Column("summary", Text, nullable=False),
    ),
)
