"""The inventory pause: while shelves are counted, no stock figure leaves the till.

Rules: orders and everything else go on; the site keeps subtracting its orders from the last figure
that it has. The pause has an end, after which it is over by itself; every run, `status` and the
page say it.

    pause(connection, parse_until("18:30", now, zone))
    paused_until(connection, now)           # 2026-11-24 17:30 UTC, None once it is over
    without_stock(assembled)                # the reading as it is said meanwhile
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import Connection

from pos_exporter.assembled import Assembled
from pos_exporter.meta import meta, set_meta
from protocol.errors import Text, UsageError
from protocol.values import format_time

_NAME = "stock_paused_until"
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:hH]([0-5]\d)")


class BadMomentError(UsageError):
    """A moment cannot be read, or is over."""

    code = "E-POS-040"
    what = Text("Fin de pause illisible ou passée", "End of the pause unreadable or over")
    remedy = Text(
        "Écrire une heure (18:30) ou un jour (2026-11-25 : jusqu'à sa fin)",
        "Write an hour (18:30) or a day (2026-11-25: until its end)",
    )


def parse_until(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Return the moment that a person means, UTC.

    Args:
        text: `HH:MM`, the next time that it is so late; or a day, which counts to its end.
        now: UTC.
        zone: Where the person's clock stands; None: this machine's.

    Raises:
        BadMomentError: For anything else, and for a day that is over.
    """
    here = now.astimezone(zone)
    clock = _CLOCK.fullmatch(text.strip())
    if clock is not None:
        at = time(int(clock[1]), int(clock[2]))
        moment = _at(here.date(), at, zone)
        return moment if moment > now else _at(here.date() + timedelta(days=1), at, zone)
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadMomentError(value=text) from error
    moment = _at(day + timedelta(days=1), time(), zone)
    if moment <= now:
        raise BadMomentError(value=text)
    return moment


def _at(day: date, clock: time, zone: tzinfo | None) -> datetime:
    moment = datetime.combine(day, clock)
    return (moment.replace(tzinfo=zone) if zone else moment.astimezone()).astimezone(UTC)


def pause(connection: Connection, until: datetime | None) -> None:
    """Pause until a moment, UTC; None ends the pause."""
    set_meta(connection, _NAME, format_time(until) if until else "")


def paused_until(connection: Connection, now: datetime) -> datetime | None:
    """Return until when figures stay at the till; None when they do not."""
    kept = meta(connection, _NAME)
    until = datetime.fromisoformat(kept) if kept else None
    return until if until is not None and until > now else None


def without_stock(assembled: Assembled) -> Assembled:
    """Return a reading that says nothing of stock: nothing of it changed, nothing is gone. Pure."""
    records = tuple(record for record in assembled.records if record.kind != "stock")
    return replace(assembled, records=records, unread=assembled.unread | {"stock"})
