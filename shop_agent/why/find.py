"""Find the article that a person means: reference, bar code, the till's key, `#12` of PrestaShop.

find(connection, "3760123456787")      # (Match("1042", "BOT-1 Derby"),)
find(connection, "#12")
"""

from sqlalchemy import Connection, func, literal, select

from protocol.records import Article, Record, Variant
from protocol.strict_json import canonical
from shop_agent.actions import Subject
from shop_agent.judging import label
from shop_agent.replica import Replica
from shop_agent.state import STATE
from shop_agent.why.values import Match


def find(connection: Connection, text: str) -> tuple[Match, ...]:
    """Return the articles that fit, without doubles; a key that fits hides references."""
    wanted, replica = text.strip(), Replica(connection)
    keys = _by_number(connection, wanted) or _by_key(replica, wanted)
    keys = keys or _by_code(connection, replica, wanted)
    return tuple(Match(key, label(replica, Subject("article", key))) for key in sorted(keys))


def _by_number(connection: Connection, text: str) -> set[str]:
    number = text.removeprefix("#")
    if number == text or not (number.isascii() and number.isdigit()):
        return set()
    found: set[str] = set()
    for table in (STATE.shop_link, STATE.shop_former):
        query = select(table.c.key).where(table.c.kind == "article", table.c.ps_id == int(number))
        found = found or set(connection.execute(query).scalars())
    return found


def _by_key(replica: Replica, text: str) -> set[str]:
    facts = (replica.find(kind, text) for kind in ("article", "variant"))
    return {_article(fact.record) for fact in facts if fact is not None}


def _by_code(connection: Connection, replica: Replica, text: str) -> set[str]:
    """Return the articles one of whose codes is this; the database looks for the text first."""
    fact = STATE.fact
    holds = func.instr(fact.c.body, literal(canonical(text), fact.c.body.type)) > 0
    query = select(fact.c.kind, fact.c.key).where(fact.c.kind.in_(["article", "variant"]), holds)
    found = [replica.find(row.kind, row.key) for row in connection.execute(query).all()]
    return {_article(one.record) for one in found if one is not None and text in _codes(one.record)}


def _article(record: Record) -> str:
    return record.article if isinstance(record, Variant) else record.key


def _codes(record: Record) -> set[str]:
    if isinstance(record, Article | Variant):
        return {code for code in (record.reference, record.ean, record.upc, record.isbn) if code}
    return set()
