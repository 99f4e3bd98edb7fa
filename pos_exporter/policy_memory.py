"""The version of the merchant's choices: it grows when they change, and is kept in the state.

Every function works inside the caller's transaction.

    policy = versioned(connection, settings.policy.record())
    remember(connection, policy)
"""

from sqlalchemy import Connection

from pos_exporter.meta import meta, set_meta
from protocol.errors import ComptoirError
from protocol.records import Policy, parse_record, record_line

_NAME = "policy"


def last_policy(connection: Connection) -> Policy | None:
    """Return the choices as they last counted; None before the first run."""
    kept = meta(connection, _NAME)
    if kept is None:
        return None
    try:
        record = parse_record(kept.encode(), place=_NAME)
    except ComptoirError:
        return None  # of a version that we cannot read: the choices count as changed
    return record if isinstance(record, Policy) else None


def versioned(connection: Connection, chosen: Policy) -> Policy:
    """Return the choices under their version: the last one's, or the next when they changed."""
    last = last_policy(connection)
    if last is None:
        return chosen
    same = record_line(chosen.model_copy(update={"version": last.version})) == record_line(last)
    return chosen.model_copy(update={"version": last.version if same else last.version + 1})


def remember(connection: Connection, policy: Policy) -> None:
    """Keep the choices that count from now on."""
    set_meta(connection, _NAME, record_line(policy).decode())
