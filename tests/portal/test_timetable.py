"""The timetable is what it should be, whatever was done to its rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pydoc import locate
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import Schedule

from portal import jobs
from portal.timetable import keep_timetable

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
ROWS = [
    ("plan and deliver", "portal.jobs.notify", 1, ""),
    ("read at length", "portal.jobs.read_at_length", 5, "q_options={'timeout': 7200}"),
    ("read early", "portal.jobs.read_early", 5, ""),
    ("read the sources", "portal.jobs.read", 1, ""),
]


@pytest.fixture(autouse=True)
def kept() -> Any:
    with time_machine.travel(NOW, tick=False):
        keep_timetable()
        yield


def rows() -> list[tuple[str, str, int, str]]:
    found = Schedule.objects.filter(repeats=-1, schedule_type="I", args=None, hook=None, cluster=None)
    return list(found.order_by("name").values_list("name", "func", "minutes", "kwargs"))


def test_a_worker_that_starts_makes_it_and_is_due_at_once() -> None:
    assert rows() == ROWS
    assert {row.next_run for row in Schedule.objects.all()} == {NOW}


@pytest.mark.parametrize(("_", "function", "__", "___"), ROWS)
def test_what_it_names_can_be_called(_: str, function: str, __: int, ___: str) -> None:
    assert callable(locate(function))


@pytest.mark.parametrize(
    "altered",
    [
        {"func": "portal.jobs.reed"},
        {"func": "os.getcwd"},
        {"minutes": 600},
        {"repeats": 0},
        {"repeats": 3},
        {"schedule_type": "O"},
        {"kwargs": "q_options={'timeout': 7200}"},
        {"args": "(1,)"},
        {"hook": "portal.jobs.notify"},
        {"cluster": "another"},
    ],
    ids=str,
)
def test_an_altered_row_is_corrected(altered: dict[str, Any]) -> None:
    Schedule.objects.filter(name="read the sources").update(**altered)
    keep_timetable()
    assert rows() == ROWS


def test_rows_that_were_deleted_come_back() -> None:
    Schedule.objects.all().delete()
    keep_timetable()
    assert rows() == ROWS


def test_a_row_of_ours_that_is_no_longer_ours_goes_and_others_stay() -> None:
    Schedule.objects.create(name="an old job", func="portal.jobs.forgotten", schedule_type="I", minutes=1)
    Schedule.objects.create(name="plan and deliver", func="portal.jobs.notify", schedule_type="I", minutes=1)
    Schedule.objects.create(name="somebody else's", func="django.utils.timezone.now", schedule_type="I")
    keep_timetable()
    assert rows() == [*ROWS, ("somebody else's", "django.utils.timezone.now", None, None)]


def test_after_the_clock_went_back_nothing_waits_for_its_old_hour() -> None:
    Schedule.objects.update(next_run=NOW + timedelta(hours=1))
    keep_timetable()
    due = dict(Schedule.objects.values_list("name", "next_run"))
    assert due == {
        "plan and deliver": NOW + timedelta(minutes=1),
        "read at length": NOW + timedelta(minutes=5),
        "read early": NOW + timedelta(minutes=5),
        "read the sources": NOW + timedelta(minutes=1),
    }


def test_a_worker_whose_clock_differs_a_little_changes_nothing() -> None:
    ahead = NOW + timedelta(seconds=110)
    Schedule.objects.update(next_run=ahead)
    keep_timetable()
    assert {row.next_run for row in Schedule.objects.all()} == {ahead}


def test_the_demo_takes_the_same_way_only_faster(settings: LazySettings) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, entrance="demo")
    Schedule.objects.update(next_run=NOW + timedelta(minutes=1))
    keep_timetable()
    assert Schedule.objects.get(func="portal.jobs.read").next_run == NOW + timedelta(seconds=10)


def test_a_right_timetable_is_only_looked_at() -> None:
    with CaptureQueriesContext(connection) as seen:
        keep_timetable()
    assert [query["sql"].split()[0] for query in seen] == ["SELECT"]


def test_a_read_that_is_woken_while_another_runs_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_called(*_: object) -> None:
        raise AssertionError("the sources were read twice at once")

    monkeypatch.setattr(jobs, "sync", not_called)
    monkeypatch.setattr(jobs, "due", lambda *_: ["okta"])
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('sightline-reading'))")
        assert jobs.read() == "the sources are being read"
        # Closing alone lets go only once the server notices.
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('sightline-reading'))")
    finally:
        other.close()
    monkeypatch.setattr(jobs, "sync", lambda *_, **__: [])
    assert jobs.read() == ""
