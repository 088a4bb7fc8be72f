"""What is kept of runs that found nothing new."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orgmodel.models import Run
from orgmodel.sync import old_runs

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def run(days: float, **values: Any) -> int:
    at = NOW - timedelta(days=days)
    given = {"source": "okta", "mode": "incremental", "outcome": "unchanged", **values}
    return Run.objects.create(started=at, finished=at, applied_at=at, **given).pk


def test_only_old_runs_that_followed_changes_and_found_none_are_forgotten() -> None:
    first = run(30, baseline=True)
    whole = run(20, mode="full")
    applied = run(19, outcome="applied")
    failed = run(18, outcome="failed")
    quiet = [run(17 - minute / 1440) for minute in range(3)]
    lately = run(6.9)
    alone = run(40, source="doors")
    assert old_runs.sweep(NOW) == len(quiet)
    assert {*Run.objects.values_list("pk", flat=True)} == {first, whole, applied, failed, lately, alone}
    assert old_runs.sweep(NOW) == 0


def test_the_newest_good_run_of_a_source_stays_whatever_its_age() -> None:
    old = run(30)
    run(20, outcome="failed")
    assert old_runs.sweep(NOW) == 0
    assert Run.objects.filter(pk=old).exists()


def test_so_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_runs, "AT_ONCE", 2)
    for minute in range(5):
        run(20 - minute / 1440)
    run(1)
    assert [old_runs.sweep(NOW) for _ in range(4)] == [2, 2, 1, 0]
