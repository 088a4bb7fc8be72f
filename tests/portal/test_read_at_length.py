"""What may take longer than the queue gives a task is read by the task that has two hours."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django_q.models import Schedule

from orgmodel.configuration import Configuration
from orgmodel.models import HookState, Run
from orgmodel.sources.okta import OktaSettings
from orgmodel.sync.configured import NotConfigured
from portal import jobs
from portal.timetable import keep_timetable

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
lasts: list[float] = []
"""The time that each read was given for a slice."""
OKTA = OktaSettings(url="https://nordwerk.okta.com", token="00T")


@pytest.fixture(autouse=True)
def read(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Sequence[str]]]:
    """The names of the sources that were read, of two that are set up; nothing is due by the timetable."""
    settings.SIGHTLINE = replace(Configuration(entrance="tests"), sources={"hris": OKTA, "okta": OKTA})
    seen: list[Sequence[str]] = []
    lasts.clear()

    def sync(_: object, names: Sequence[str], **more: Any) -> list[Any]:
        seen.append(names)
        lasts.append(more["seconds"])
        return []

    monkeypatch.setattr(jobs, "sync", sync)
    with time_machine.travel(NOW, tick=False):
        keep_timetable()
        Schedule.objects.update(next_run=NOW + timedelta(minutes=4))
        yield seen


def ran(source: str, seconds: float, outcome: str = "applied", reason: str = "") -> None:
    """Its last run, six minutes ago: each source is due."""
    began = NOW - timedelta(minutes=6)
    Run.objects.create(
        source=source, started=began, finished=began, applied_at=began, seconds=seconds, outcome=outcome,
        reason=reason,
    )  # fmt: skip


def woken() -> set[str]:
    return set(Schedule.objects.filter(next_run=NOW).values_list("name", flat=True))


def test_what_fits_is_read_at_once_and_told_by_a_task_of_its_own(read: list[Sequence[str]]) -> None:
    ran("hris", 9)
    ran("okta", 41)
    jobs.read()
    assert (read, woken()) == ([["hris", "okta"]], {"plan and deliver"})


@pytest.mark.parametrize(
    ("seconds", "outcome", "reason"),
    [
        (42, "applied", ""),
        (1, "running", ""),
        (1, "failed", "The run was cut off; nothing was applied."),
        (1, "quarantined", ""),
    ],
)
def test_what_may_not_fit_is_left_to_the_task_for_it_with_all_that_is_due(
    seconds: float, outcome: str, reason: str, read: list[Sequence[str]]
) -> None:
    ran("hris", 9)
    ran("okta", seconds, outcome, reason)
    assert jobs.read() == jobs.LATER
    assert (read, woken()) == ([], {"read at length"})
    jobs.read_at_length()
    assert (read, woken()) == ([["hris", "okta"]], {"read at length", "plan and deliver"})


def test_so_is_what_a_hook_wakes(read: list[Sequence[str]]) -> None:
    ran("hris", 9)
    ran("okta", 60, "unchanged")
    Run.objects.update(started=NOW - timedelta(seconds=40))
    HookState.objects.create(source="okta", waiting_since=NOW - timedelta(seconds=2))
    assert (jobs.read(), jobs.read_early()) == (jobs.NOTHING, jobs.LATER)
    jobs.read_at_length()
    assert read == [["okta"]]


def test_an_early_sync_leaves_what_is_left_of_a_complete_read_to_the_next_slice(
    read: list[Sequence[str]],
) -> None:
    ran("okta", 41)
    HookState.objects.create(source="okta", waiting_since=NOW - timedelta(seconds=2))
    jobs.read_early()
    jobs.read()
    assert (read, lasts) == ([["okta"], ["hris", "okta"]], [1, 40])


def test_after_an_early_sync_the_next_one_comes_a_minute_later_not_with_the_minute_after(
    read: list[Sequence[str]],
) -> None:
    ran("okta", 1, "unchanged")
    ran("hris", 1, "unchanged")
    Run.objects.filter(source="okta").update(started=NOW - timedelta(seconds=49))
    Run.objects.filter(source="hris").update(started=NOW)
    assert (jobs.read(), read) == (jobs.NOTHING, [])
    assert Schedule.objects.get(name="read the sources").next_run == NOW + timedelta(seconds=11)


def test_at_length_nothing_is_read_that_fits(read: list[Sequence[str]]) -> None:
    ran("okta", 41)
    assert jobs.read_at_length() == jobs.NOTHING
    assert (read, woken()) == ([], {"read the sources"})


@pytest.mark.parametrize("first", [jobs.read_at_length, jobs.read_early])
def test_when_the_worker_starts_the_first_sync_waits_for_no_task_that_took_the_lock_before_it(
    first: Callable[[], str], read: list[Sequence[str]]
) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('sightline-reading'))")
            assert jobs.read() == jobs.BUSY
            cursor.execute("SELECT pg_advisory_unlock(hashtext('sightline-reading'))")
    finally:
        other.close()
    assert (first(), read, woken()) == (jobs.NOTHING, [], {"read the sources"})
    jobs.read()
    assert read == [["hris", "okta"]]


def test_what_comes_due_during_an_early_sync_is_read_after_it(read: list[Sequence[str]]) -> None:
    ran("okta", 1)
    ran("hris", 9)
    HookState.objects.create(source="okta", waiting_since=NOW - timedelta(seconds=2))
    jobs.read_early()
    assert (read, "read the sources" in woken()) == ([["okta"]], True)


def test_what_was_just_tried_is_not_tried_again_at_once(
    read: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> list[Any]:
        raise NotConfigured("The database has no tables.")

    monkeypatch.setattr(jobs, "sync", refused)
    assert jobs.read() == "The database has no tables."
    assert woken() == {"plan and deliver"}


def test_where_nothing_is_due_nobody_is_woken(read: list[Sequence[str]]) -> None:
    for source in ("okta", "hris"):
        ran(source, 1)
    Run.objects.update(started=NOW)
    assert [jobs.read_at_length(), jobs.read_early(), jobs.read()] == [jobs.NOTHING] * 3
    assert (read, woken()) == ([], set())
