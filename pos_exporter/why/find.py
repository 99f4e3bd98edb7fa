"""Find the article that a person means: by key, else by reference or bar code, of variants too.

find(connection, "3760123456787")      # (Match("1042", "H01-1 Derby"),)
"""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, Table, or_, select

from pos_exporter.on_site import is_on_site
from pos_exporter.state import STATE
from pos_exporter.why.values import Match

_KINDS = ("article", "variant")


def find(connection: Connection, text: str) -> tuple[Match, ...]:
    """Return the articles that fit, without doubles; a key that fits hides references."""
    wanted = text.strip()
    keys = _by_key(connection, wanted) or _by_code(connection, wanted)
    return tuple(Match(key, label_of(connection, key)) for key in sorted(set(keys)))


def _by_key(connection: Connection, text: str) -> list[str]:
    found = [
        owner
        for table in (STATE.said, STATE.left_out, STATE.withheld)
        for owner in _owners(connection, table, table.c.key == text)
    ]
    # What the till shows no longer may still be on the site.
    return found or ([text] if is_on_site(connection, text) else [])


def _by_code(connection: Connection, text: str) -> list[str]:
    said = STATE.said
    found = [*_owners(connection, said, or_(said.c.reference == text, said.c.ean == text))]
    for table in (STATE.left_out, STATE.withheld):
        named = table.c.codes.contains(json.dumps(text), autoescape=True)
        found += _owners(connection, table, named)
    return found


def _owners(connection: Connection, table: Table, condition: object) -> Iterable[str]:
    query = select(table.c.owner).where(table.c.kind.in_(_KINDS), condition)  # type: ignore[arg-type]  # a column's comparison
    return [row.owner for row in connection.execute(query) if row.owner]


def label_of(connection: Connection, article: str) -> str:
    """Return what a person calls an article; its key when nobody knows."""
    for table in (STATE.said, STATE.left_out, STATE.withheld):
        label = connection.scalar(
            select(table.c.label).where(table.c.kind == "article", table.c.key == article)
        )
        if label:
            return str(label)
    return article
