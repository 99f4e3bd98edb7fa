"""The exporter's state database: what was last said of each fact, and what came from the site.

Tables beside the link's: `said` (what was last queued per fact), `history` (what changed, per
field), `withheld` (rows set aside at the till, and notes of what was repaired), `left_out` (what is
not meant for the site), `ignored` (problems that a person leaves as they are), `fate` (what became
of facts at the other end), `on_site` (articles that visitors see), `held_class` and `approval`
(what waits for a person, and the yes), `site_case` (questions that the site's program asks a
person, and the answers), `web_order` and `web_customer` (what came in, and how far it
got into the till), `settlement` (orders that both ends have done with), `photo_file` (hash of each
photo file as last read), `run`, `meta`. Times are text as they travel.

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
    history: Table
    left_out: Table
    held_class: Table
    approval: Table
    site_case: Table
    ignored: Table
    withheld: Table
    fate: Table
    on_site: Table
    web_order: Table
    web_customer: Table
    settlement: Table
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
        Column("line", LargeBinary),  # as last queued, compressed
        Column("reference", String(255)),  # of an article or a variant
        Column("ean", String(14)),
        Column("owner", String(190)),  # the article that it belongs to
        Column("at", String(20)),  # when it was queued
        Column("epoch", BigInteger),  # of the packet that carries it
        Column("seq", BigInteger),
        Index("said_owner", "owner"),
        Index("said_reference", "reference"),
        Index("said_ean", "ean"),
    ),
    history=Table(
        "history",
        METADATA,
        Column("id", RowId, primary_key=True, autoincrement=True),
        Column("at", String(20), nullable=False),
        Column("run", BigInteger),
        Column("kind", String(40), nullable=False),
        Column("key", String(192), nullable=False),
        Column("field", String(60), nullable=False),  # empty: the fact itself began or ended
        Column("before", Text),
        Column("after", Text),
        Column("epoch", BigInteger),  # of the packet that carried it
        Column("seq", BigInteger),
        Index("history_thing", "kind", "key"),
        Index("history_at", "at"),
    ),
    left_out=Table(
        "left_out",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("cause", String(20), nullable=False),
        Column("by", String(40), nullable=False),  # the merchant's choice, empty: the till's flag
        Column("label", String(200), nullable=False),
        Column("codes", Text, nullable=False),  # JSON: reference and bar codes
        Column("owner", String(190), nullable=False),
        Index("left_out_owner", "owner"),
    ),
    held_class=Table(
        "held_class",
        METADATA,
        Column("key", String(250), primary_key=True),
        Column("changes", BigInteger, nullable=False),
        Column("of", BigInteger, nullable=False),
        Column("examples", Text, nullable=False),  # JSON
        Column("since", String(20), nullable=False),
    ),
    approval=Table(
        "approval",
        METADATA,
        Column("key", String(250), primary_key=True),
        Column("up_to", BigInteger, nullable=False),
        Column("until", String(20), nullable=False),
        Column("queued", Boolean, nullable=False),
    ),
    site_case=Table(
        "site_case",
        METADATA,
        Column("key", String(250), primary_key=True),
        Column("about", String(20), nullable=False),
        Column("body", LargeBinary, nullable=False),  # as it came
        Column("hash", String(64), nullable=False),
        Column("since", String(20), nullable=False),
        Column("epoch", BigInteger, nullable=False),  # of the packet that said it last
        Column("answer", String(10)),  # a person's verb; null: not answered
        Column("answered_at", String(20)),
        Column("queued", Boolean, nullable=False),  # the answer is on its way
    ),
    ignored=Table(
        "ignored",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("mark", String(64), nullable=False),  # of the problem that is ignored
    ),
    withheld=Table(
        "withheld",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("code", String(40), primary_key=True, default=""),
        # A fault holds back; a note tells what was repaired, or is no article for a site.
        Column("level", String(10), nullable=False, default="fault"),
        Column("label", String(200), nullable=False),
        Column("codes", Text, nullable=False, default="[]"),  # JSON: reference and bar codes
        Column("owner", String(190), nullable=False, default=""),
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
    on_site=Table(
        "on_site",
        METADATA,
        Column("key", String(192), primary_key=True),  # an article's
        Column("at", String(20), nullable=False),  # when the site said so
    ),
    web_order=Table(
        "web_order",
        METADATA,
        Column("uid", String(190), primary_key=True),
        Column("revision", String(64), nullable=False),
        Column("body", LargeBinary, nullable=False),  # sealed to our own key; empty: wiped
        Column("shop_id", BigInteger, nullable=False),
        Column("reference", String(255), nullable=False),
        Column("role", String(20), nullable=False),
        Column("total", String(30), nullable=False),
        Column("placed_at", String(19), nullable=False),
        Column("received_at", String(20), nullable=False),
        # new, waiting, refused, doubt; imported; closed (over before it entered), ignored
        Column("state", String(20), nullable=False),
        Column("answered", Boolean, nullable=False),  # its fate is queued
        Column("till_key", String(190)),
        Column("entered_revision", String(64)),
        Column("lines_hash", String(64)),  # of the revision that entered
        Column("told_hash", String(64)),  # of its addresses and notes
        Column("entered_at", String(20)),  # when we saw that the till has it
        Column("changed_at", String(20)),  # when it was brought to a later revision
        Column("evidence", String(20)),  # by what
        Column("attempt", Text),  # JSON: what was begun and is not known to have ended
        Column("tries", Integer),  # how many times a person had it sent again
        Column("doubt", String(20)),  # since when nobody knows whether the till has it
        Column("person_said", String(10)),  # ignore: also of later revisions
        Column("lost", String(20)),  # since when the till has it no more
        Column("mailed", String(20)),  # when a person was told of it by e-mail
        Column("problem", Text),
        Index("web_order_state", "state"),
    ),
    web_customer=Table(
        "web_customer",
        METADATA,
        Column("key", String(190), primary_key=True),
        Column("hash", String(64), nullable=False),
        Column("body", LargeBinary, nullable=False),  # sealed to our own key; empty: wiped
        Column("state", String(20), nullable=False),
        Column("till_key", String(190)),
        Column("entered_at", String(20)),
        Column("problem", Text),
    ),
    settlement=Table(
        "settlement",
        METADATA,
        Column("uid", String(190), primary_key=True),  # of an order
        Column("units", Text),  # {stock key: units}, as JSON; null: the till lost the order
        Column("said", Boolean, nullable=False),  # the site knows it so
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
        Column("look", String(384)),
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
