"""Local times without an offset, read again from a little before; more when clocks change."""

from datetime import UTC, datetime

import pytest

from shop_agent.orders.shop_time import local_now, overlap_start


@pytest.mark.parametrize(
    ("since", "zone", "start"),
    [
        ("2026-11-24 03:17:30", "Europe/Paris", "2026-11-24 03:12:30"),
        ("2026-03-01 00:02:00", "Europe/Paris", "2026-02-28 23:57:00"),
        # the night of 25 October, 02:00 to 03:00 comes twice
        ("2026-10-25 02:59:00", "Europe/Paris", "2026-10-25 01:54:00"),
        ("2026-10-25 03:03:00", "Europe/Paris", "2026-10-25 01:58:00"),
        ("2026-10-25 01:30:00", "Europe/Paris", "2026-10-25 00:25:00"),
        ("2026-10-25 12:00:00", "Europe/Paris", "2026-10-25 11:55:00"),
        # 29 March, 02:00 to 03:00 does not come at all
        ("2026-03-29 03:01:00", "Europe/Paris", "2026-03-29 01:56:00"),
        ("2026-10-25 02:59:00", "UTC", "2026-10-25 02:54:00"),
        ("2026-11-24 03:17:30", "Mars/Olympus", "2026-11-24 02:12:30"),
        ("2026-11-24 03:17:30", "../etc", "2026-11-24 02:12:30"),
    ],
)
def test_where_the_next_reading_begins(since: str, zone: str, start: str) -> None:
    assert overlap_start(since, zone) == start


def test_a_stamp_that_is_no_date_begins_nowhere() -> None:
    assert overlap_start("0000-00-00 00:00:00", "Europe/Paris") is None
    assert overlap_start("0001-01-01 00:00:00", "Europe/Paris") is None


def test_an_order_of_the_hour_that_comes_again_is_not_missed() -> None:
    start = overlap_start("2026-10-25 02:59:59", "Europe/Paris")
    assert start is not None
    assert start < "2026-10-25 02:00:00"  # the first second of the second time


def test_the_shop_s_clock() -> None:
    now = datetime(2026, 11, 24, 2, 17, 30, 999, tzinfo=UTC)
    assert local_now(now, "Europe/Paris") == "2026-11-24 03:17:30"
    assert local_now(now, "Mars/Olympus") == "2026-11-23 14:17:30"
