"""The robot's setting: kept in the state database, so page, commands and robot see the same one.

Kept in `meta` as `robot_on`, `robot_minutes` and `robot_hours`. A pass started by hand puts the
next one off: two passes in a row find nothing more than one.

    write_setting(connection, RobotSetting(on=True, minutes=15, hours=Hours.parse("08:00-20:00")))
    next_run(read_setting(connection), latest_start(connection), now)
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Self

from sqlalchemy import Connection, delete, func, insert, select

from pos_exporter.state import STATE

#: What the page offers, in minutes.
CHOICES = (1, 5, 15, 30, 60)
MOST_MINUTES = 24 * 60
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class Hours:
    """When the robot works, in local time.

    Args:
        start: First minute of work.
        end: First minute of rest; not after `start` means over midnight.
    """

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the hours of a text such as `08:00-20:00`, or None when it is none."""
        found = _HOURS.fullmatch(text)
        if found is None:
            return None
        h1, m1, h2, m2 = (int(part) for part in found.groups())
        return cls(time(h1, m1), time(h2, m2))

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def includes(self, moment: time) -> bool:
        """Return whether the robot works at a local time; equal ends mean all day."""
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True)
class RobotSetting:
    """The shopkeeper's choice.

    Args:
        on: Whether the robot works.
        minutes: From one start to the next, 1 to 1,440.
        hours: When it works; None is day and night.
    """

    on: bool = False
    minutes: int = 5
    hours: Hours | None = None

    @property
    def interval(self) -> timedelta:
        """Return the time from one start to the next."""
        return timedelta(minutes=self.minutes)


def parse_minutes(text: str) -> int | None:
    """Return an interval in minutes, or None when a text is none from 1 to 1,440."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_MINUTES))):
        return None
    return int(text) if 1 <= int(text) <= MOST_MINUTES else None


def read_setting(connection: Connection) -> RobotSetting:
    """Return the choice that is kept; what is missing or unreadable is as if never chosen."""
    names = STATE.meta.c.name.in_(["robot_on", "robot_minutes", "robot_hours"])
    rows = connection.execute(select(STATE.meta).where(names))
    kept = {row.name: row.value for row in rows}
    return RobotSetting(
        on=kept.get("robot_on") == "1",
        minutes=parse_minutes(kept.get("robot_minutes", "")) or RobotSetting().minutes,
        hours=Hours.parse(kept.get("robot_hours", "")),
    )


def write_setting(connection: Connection, setting: RobotSetting) -> None:
    """Keep a choice in the state database."""
    meta = STATE.meta
    kept = {
        "robot_on": "1" if setting.on else "0",
        "robot_minutes": str(setting.minutes),
        "robot_hours": str(setting.hours or ""),
    }
    connection.execute(delete(meta).where(meta.c.name.in_(list(kept))))
    connection.execute(insert(meta), [{"name": name, "value": kept[name]} for name in kept])


def latest_start(connection: Connection) -> datetime | None:
    """Return when the newest pass on record began, UTC, or None before the first."""
    started = connection.scalar(select(func.max(STATE.run.c.started_at)))
    return datetime.fromisoformat(started) if started else None


def next_run(
    setting: RobotSetting, last_started: datetime | None, now: datetime, zone: tzinfo | None = None
) -> datetime | None:
    """Return when the next pass is due, `now` when it is overdue, or None with the robot off.

    Args:
        setting: The shopkeeper's choice.
        last_started: Of the newest pass, by hand or not; UTC.
        now: UTC.
        zone: Of the hours; None is the PC's own.
    """
    if not setting.on:
        return None
    # A clock that was put back must not keep the robot silent until it has caught up.
    due = now if last_started is None else min(last_started, now) + setting.interval
    return _within(setting.hours, max(due, now), zone)


def _within(hours: Hours | None, moment: datetime, zone: tzinfo | None) -> datetime:
    local = moment.astimezone(zone)
    if hours is None or hours.includes(local.time()):
        return moment
    day = local if local.time() < hours.start else local + timedelta(days=1)
    opening = day.replace(hour=hours.start.hour, minute=hours.start.minute, second=0, microsecond=0)
    return opening.astimezone(moment.tzinfo)
