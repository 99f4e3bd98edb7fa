"""Which articles visitors see, as far as the site has told: it outlives what the till says later.

A fate tells of one fact only; the next change forgets it. What was switched on stays seen while a
newer record waits, is held or is refused, and until the site says that it took the article away.
Every function works inside the caller's transaction.

    note_answer(connection, fate)          # from the mailroom
    is_on_site(connection, "1042")
"""

from sqlalchemy import Connection, delete, insert, select

from pos_exporter.policy_memory import last_policy
from pos_exporter.state import STATE
from protocol.records import Fate
from protocol.values import format_time

#: The shop holds what the till said, or a person's own text.
_DONE = frozenset({"applied", "unchanged", "edited_on_site"})
#: What the merchant may make of a gone article without taking it from visitors.
_STAYS = frozenset({"leave", "out_of_stock"})


def note_answer(connection: Connection, fate: Fate) -> None:
    """Note what an answer tells of an article: seen, or no longer seen; the rest tells nothing."""
    if fate.of_kind != "article" or fate.state not in _DONE:
        return
    is_said = _is_said(connection, fate.of_key)
    if not is_said and _stays(connection, fate.of_key):
        return
    table = STATE.on_site
    connection.execute(delete(table).where(table.c.key == fate.of_key))
    # `applied` with a reason: it is in the shop, and visitors do not see it.
    if is_said and (fate.reason is None or fate.state == "edited_on_site"):
        connection.execute(insert(table).values(key=fate.of_key, at=format_time(fate.at)))


def is_on_site(connection: Connection, article: str) -> bool:
    """Return whether visitors saw an article when the site last told of it."""
    table = STATE.on_site
    return connection.scalar(select(table.c.key).where(table.c.key == article)) is not None


def _is_said(connection: Connection, article: str) -> bool:
    said = STATE.said
    same = (said.c.kind == "article", said.c.key == article)
    return connection.scalar(select(said.c.key).where(*same)) is not None


def _stays(connection: Connection, article: str) -> bool:
    """Return whether the merchant leaves an article on the site that the till no longer sends."""
    policy, left = last_policy(connection), STATE.left_out
    if policy is None:
        return False
    same = (left.c.kind == "article", left.c.key == article)
    cause = connection.scalar(select(left.c.cause).where(*same)) or "vanished"
    fallen = {str(name): fate for name, fate in policy.gone.items()}.get(cause)
    return fallen in _STAYS or policy.owners.get("article.online") == "site"
