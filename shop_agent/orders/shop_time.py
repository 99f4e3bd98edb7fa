"""The shop's own clock: local times without an offset, and the hours that come twice. Pure.

PrestaShop stamps `date_upd` in whole seconds of its local time. Reading again from a little before
the last stamp seen catches what was being written meanwhile: 5 minutes, and 65 near a change of
clocks, when an hour is lived twice and a later stamp looks earlier.

    overlap_start("2026-11-24 03:17:30", "Europe/Paris")     # "2026-11-24 03:12:30"
    overlap_start("2026-10-25 02:59:00", "Europe/Paris")     # "2026-10-25 01:54:00"
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocol.values import ShopTime

_OVERLAP = timedelta(minutes=5)
#: Within one pass, which has read with the usual overlap at its beginning.
SHORT_OVERLAP = timedelta(minutes=1)
_WIDE_OVERLAP = timedelta(minutes=65)
_NEAR = timedelta(hours=2)
#: No zone on earth is further behind UTC: where the zone is unknown, no shop's clock is earlier.
_FURTHEST_BEHIND = timedelta(hours=12)


def overlap_start(since: ShopTime, timezone: str, usual: timedelta = _OVERLAP) -> ShopTime | None:
    """Return from when on to read again; None for a stamp that is no date (`0000-00-00`).

    Args:
        since: The newest stamp seen.
        timezone: The shop's; one that this machine does not know is read with the wide overlap.
        usual: The overlap where no clock changes.
    """
    try:
        moment = datetime.fromisoformat(since)
        return _shop_time(moment - _overlap(moment, _zone(timezone), usual))
    except (ValueError, OverflowError):
        return None


def local_now(now: datetime, timezone: str) -> ShopTime:
    """Return what the shop's clock shows, or the earliest it can show where its zone is unknown.

    Args:
        now: UTC, aware.
        timezone: The shop's.
    """
    zone = _zone(timezone)
    return _shop_time(now.astimezone(zone) if zone else now - _FURTHEST_BEHIND)


def _overlap(moment: datetime, zone: ZoneInfo | None, usual: timedelta) -> timedelta:
    if zone is None:
        return _WIDE_OVERLAP
    before = (moment - _NEAR).replace(tzinfo=zone).utcoffset()
    after = (moment + _NEAR).replace(tzinfo=zone).utcoffset()
    return usual if before == after else _WIDE_OVERLAP


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _shop_time(moment: datetime) -> ShopTime:
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
