"""Is the till silent? Then the merchant's wider buffer counts, and low stock shows as none.

Rules: silence is the time since the newest verified packet of the till; a shop PC that is off says
nothing, whatever it sells. It counts only where the merchant set a limit. When it begins and when
it ends every figure is computed again, without any new fact.

    is_silent(connection, choices.stock, now)       # True
    note_silence(connection, choices.stock, now)    # the same; marks the figures when it changes
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from protocol.records import StockChoices
from shop_agent.replica import Replica
from shop_agent.state import LINK

_SETTING = "till_silent"


def is_silent(connection: Connection, choices: StockChoices, now: datetime) -> bool:
    """Return whether nothing came from the till for longer than the merchant allows.

    Args:
        connection: Of the state database.
        choices: The merchant's.
        now: UTC.
    """
    last = heard_at(connection)
    if choices.silent_after_hours is None or last is None:
        return False
    return now - last > timedelta(hours=choices.silent_after_hours)


def heard_at(connection: Connection) -> datetime | None:
    """Return when the newest verified packet of the till was taken, or None."""
    newest = connection.execute(select(func.max(LINK.in_stream.c.last_at))).scalar()
    return datetime.fromisoformat(newest) if newest else None


def note_silence(connection: Connection, choices: StockChoices, now: datetime) -> bool:
    """Return whether the till is silent; when that has changed, every figure is dirty."""
    replica, silent = Replica(connection), is_silent(connection, choices, now)
    said = "1" if silent else ""
    if (replica.setting(_SETTING) or "") != said:
        replica.set_setting(_SETTING, said)
        replica.mark_all_dirty(("stock",))
    return silent
