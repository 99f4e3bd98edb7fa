"""The agent's state database: what the till wants, what the shop was given, what is on its way.

Tables beside the link's (`protocol.link.tables`): the facts received (`fact`), which till key is
which PrestaShop id (`shop_link`, and `shop_former` for ids of the past), what was last written per
field as sent and as the shop stored it (`written`), writes that are under way (`intent`), what the
till was told (`told`), photos waiting (`photo`), looks of the
shop's images (`image_look`), the order book (`web_order`, `web_customer`),
what of it both ends have done with (`settlement`), what was done to orders on their way back and
whom the shop was asked to write to (`order_step`),
classes of changes that wait for a person and the yes to them (`held_class`, `approval`), questions
that are open for a person (`case`), what
became of articles that the till no longer sends (`fallen`), which promotions bear on which articles
(`price_cover`) and whose prices are to be worked out again (`repricing`), what changed in the shop
and why (`history`), what a person left as it is (`ignored`), the runs. Times are text as they
travel.

    STATE.fact.c.kind
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
    UniqueConstraint,
)

from protocol.link.tables import LinkTables, RowId, link_tables

METADATA = MetaData()
LINK: LinkTables = link_tables(METADATA)


@dataclass(frozen=True)
class StateTables:
    """The agent's own tables by name."""

    meta: Table
    fact: Table
    shop_link: Table
    shop_former: Table
    written: Table
    intent: Table
    told: Table
    photo: Table
    image_look: Table
    web_order: Table
    web_customer: Table
    settlement: Table
    order_step: Table
    held_class: Table
    approval: Table
    case: Table
    fallen: Table
    price_cover: Table
    repricing: Table
    history: Table
    ignored: Table
    run: Table


STATE = StateTables(
    meta=Table(
        "meta",
        METADATA,
        Column("name", String(60), primary_key=True),
        Column("value", Text, nullable=False),
    ),
    fact=Table(
        "fact",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("body", LargeBinary, nullable=False),
        Column("hash", String(64), nullable=False),
        Column("gone", String(20)),
        Column("dirty", Boolean, nullable=False),
        Column("epoch", BigInteger),  # of the packet that said it; null: not known
        Column("seq", BigInteger),
        Column("packed_at", String(20)),
        Index("fact_dirty", "dirty", "kind"),
    ),
    shop_link=Table(
        "shop_link",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("ps_id", BigInteger, nullable=False),
        UniqueConstraint("kind", "ps_id"),
    ),
    shop_former=Table(
        "shop_former",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("ps_id", BigInteger, primary_key=True),
        Column("key", String(192), nullable=False),
    ),
    written=Table(
        "written",
        METADATA,
        Column("resource", String(40), primary_key=True),
        Column("ps_id", BigInteger, primary_key=True),
        Column("field", String(60), primary_key=True),
        Column("lang", Integer, primary_key=True),
        Column("sent", Text, nullable=False),
        Column("stored", Text, nullable=False),
        Column("edited", Boolean, nullable=False),
    ),
    intent=Table(
        "intent",
        METADATA,
        Column("id", RowId, primary_key=True, autoincrement=True),
        Column("kind", String(40), nullable=False),
        Column("key", String(192), nullable=False),
        Column("resource", String(40), nullable=False),
        Column("ps_id", BigInteger),
        Column("verb", String(10), nullable=False),
        Column("body", Text, nullable=False),
        Column("opened_at", String(20), nullable=False),
        Index("intent_of", "kind", "key"),
    ),
    told=Table(
        "told",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("of_hash", String(64)),
        Column("state", String(20), nullable=False),
        Column("reason", Text),
        Column("at", String(20), nullable=False),
    ),
    photo=Table(
        "photo",
        METADATA,
        Column("sha256", String(64), primary_key=True),
        Column("content", LargeBinary, nullable=False),
    ),
    image_look=Table(
        "image_look",
        METADATA,
        Column("ps_id", BigInteger, primary_key=True, autoincrement=False),
        Column("look", String(384), nullable=False),
    ),
    web_order=Table(
        "web_order",
        METADATA,
        Column("uid", String(190), primary_key=True),
        Column("shop_id", BigInteger, nullable=False),
        Column("reference", String(255), nullable=False),
        Column("date_add", String(19), nullable=False),
        Column("date_upd", String(19), nullable=False),
        Column("state", Integer, nullable=False),
        Column("role", String(20), nullable=False),
        Column("lines", Text, nullable=False),  # [[product, combination, bought], …] as it says
        Column("units", Text, nullable=False),  # [[product, combination, reserved], …] of now
        Column("held", Text, nullable=False),  # the same, the most since the last known fate
        Column("revision", String(64)),  # of the document last offered; null: not offered yet
        Column("fate", String(20)),  # the till's last word: imported, ignored, waiting, refused
        Column("fate_revision", String(64)),
        Column("in_baseline", Boolean, nullable=False),
        Column("released", Text),  # what a person gave back of it, and in which role
        Column("deleted", Boolean),  # the shop no longer has it
        Column("went_out", Boolean),  # it was shipped once
        Column("is_done", Boolean, nullable=False),  # all of it is settled, nothing changed since
        Index("web_order_shop_id", "shop_id"),
    ),
    web_customer=Table(
        "web_customer",
        METADATA,
        Column("shop_id", BigInteger, primary_key=True),
        Column("hash", String(64), nullable=False),
    ),
    settlement=Table(
        "settlement",
        METADATA,
        Column("uid", String(190), primary_key=True),  # of an order
        Column("units", Text),  # {stock key: units}; null: the till lost it, nothing is settled
        Column("told", Boolean, nullable=False),  # the till knows it so
    ),
    order_step=Table(
        "order_step",
        METADATA,
        Column("uid", String(190), primary_key=True),  # of an order
        Column("what", String(20), primary_key=True),  # tracking, or a stage
        Column("value", Text, nullable=False),  # the numbers, or the state's id
        Column("before", Text, nullable=False),  # the same before; or the newest history line
        Column("told", Text, nullable=False),  # what the customer was told of: [parcel key, …]
        Column("asking", Text, nullable=False),  # the same, of the write under way
        Column("status", String(10), nullable=False),  # open, done, again
        Column("answered", Boolean, nullable=False),  # the shop is no longer at it
        Column("at", String(20), nullable=False),
        Column("tries", Integer, nullable=False),  # how often its e-mail was uncertain
        Index("order_step_status", "status"),
    ),
    held_class=Table(
        "held_class",
        METADATA,
        Column("key", String(190), primary_key=True),
        Column("changes", Integer, nullable=False),
        Column("among", Integer, nullable=False),
        Column("examples", Text, nullable=False),
        Column("since", String(20), nullable=False),
    ),
    approval=Table(
        "approval",
        METADATA,
        Column("key", String(190), primary_key=True),
        Column("up_to", Integer, nullable=False),
        Column("until", String(20), nullable=False),
        Column("subjects", Text),  # [[kind, key], …] that it lets through; null: not used yet
    ),
    case=Table(
        "case",
        METADATA,
        Column("key", String(250), primary_key=True),
        Column("about", String(20), nullable=False),
        Column("facts", Text, nullable=False),  # what is so, as JSON
        Column("since", String(20), nullable=False),
        Column("until", String(20)),  # when it was over, or a person answered
        Column("answer", String(10)),  # that person's verb; null: nobody's
        Column("told", Boolean, nullable=False),  # the till knows it so
        Index("case_about", "about"),
    ),
    fallen=Table(
        "fallen",
        METADATA,
        Column("key", String(192), primary_key=True),
        Column("fate", String(20), nullable=False),
        Column("before", String(20), nullable=False),
    ),
    price_cover=Table(
        "price_cover",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("article", String(192), primary_key=True),
        Column("state", String(20)),  # waiting, refused, or applied unseen; null: nothing to say
        Column("reason", Text),
        Index("price_cover_article", "article"),
    ),
    repricing=Table(
        "repricing",
        METADATA,
        Column("article", String(192), primary_key=True),
    ),
    history=Table(
        "history",
        METADATA,
        Column("id", RowId, primary_key=True, autoincrement=True),
        Column("at", String(20), nullable=False),
        Column("run", Integer),
        Column("kind", String(40), nullable=False),
        Column("key", String(192), nullable=False),
        Column("resource", String(40), nullable=False),
        Column("ps_id", BigInteger),
        Column("field", String(60), nullable=False),  # empty: the whole entity
        Column("lang", Integer, nullable=False),
        Column("before", Text),
        Column("after", Text),
        Column("epoch", BigInteger),
        Column("seq", BigInteger),
        Column("who", String(20), nullable=False),
        Index("history_of", "kind", "key"),
        Index("history_at", "at"),
    ),
    ignored=Table(
        "ignored",
        METADATA,
        Column("kind", String(40), primary_key=True),
        Column("key", String(192), primary_key=True),
        Column("mark", String(64), nullable=False),
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
