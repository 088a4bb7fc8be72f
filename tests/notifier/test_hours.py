"""Quiet hours on the clock of the recipient."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from notifier.hours import quiet_until, zone_of

NIGHT = (time(18, 0), time(8, 30))
LUNCH = (time(12, 0), time(13, 0))
BERLIN = ZoneInfo("Europe/Berlin")


def utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours", "zone", "until"),
    [
        (utc(3, 10), NIGHT, BERLIN, None),
        (utc(3, 17), NIGHT, BERLIN, utc(4, 7, 30)),
        (utc(3, 16, 59), NIGHT, BERLIN, None),
        (utc(3, 2), NIGHT, BERLIN, utc(3, 7, 30)),
        (utc(3, 7, 30), NIGHT, BERLIN, None),
        (utc(3, 10), NIGHT, ZoneInfo("America/New_York"), utc(3, 13, 30)),
        (utc(3, 11, 30), LUNCH, BERLIN, utc(3, 12)),
        (utc(3, 12), LUNCH, BERLIN, None),
        # The night in which clocks go forward: half past eight comes an hour earlier on the UTC clock.
        (utc(28, 20), NIGHT, BERLIN, utc(29, 6, 30)),
        (utc(3, 2), None, BERLIN, None),
        (utc(3, 2), (time(8), time(8)), BERLIN, None),
    ],
)
def test_when_it_is_quiet_and_until_when(
    now: datetime, hours: tuple[time, time] | None, zone: ZoneInfo, until: datetime | None
) -> None:
    assert quiet_until(now, hours, zone) == until


def test_the_first_name_that_is_a_zone_counts() -> None:
    assert zone_of(("", "../etc/passwd", "Nowhere/Land", "Europe/Berlin"), ZoneInfo("UTC")) == BERLIN
    assert zone_of(("",), ZoneInfo("UTC")) == ZoneInfo("UTC")
