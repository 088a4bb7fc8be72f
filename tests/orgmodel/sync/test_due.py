"""Which sources are read when the worker wakes."""

from datetime import UTC, datetime, timedelta

import pytest

from orgmodel.models import Run
from orgmodel.sync.due import due

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def read(source: str, outcome: str, minutes: float) -> None:
    at = NOW - timedelta(minutes=minutes)
    Run.objects.create(source=source, outcome=outcome, started=at, finished=at, applied_at=at)


@pytest.mark.parametrize(
    ("outcome", "minutes", "is_due"),
    [
        ("unchanged", 0.5, False),
        ("unchanged", 0.9, True),  # not left to the wake after this one
        ("applied", 1, True),
        ("failed", 4, False),
        ("failed", 5, True),
        ("quarantined", 4, False),
        ("running", 0.1, True),  # its process died
    ],
)
def test_okta_is_read_every_minute_and_what_refuses_every_five(
    outcome: str, minutes: float, is_due: bool
) -> None:
    read("okta", outcome, minutes)
    assert due(["okta"], NOW) == (["okta"] if is_due else [])


def test_each_source_has_its_own_time_and_the_clock_reads_nothing() -> None:
    read("hris", "applied", 4)
    read("okta", "applied", 2)
    read("okta", "passed", 0)
    assert due(["control", "hris", "okta"], NOW) == ["control", "okta"]
    assert due(["hris"], NOW + timedelta(minutes=1)) == ["hris"]
