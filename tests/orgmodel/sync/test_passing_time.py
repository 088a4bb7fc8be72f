"""What time changes by itself: looked for in one statement, believed within limits."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.models import Finding, Person, Run
from orgmodel.sync.passing_time import pass_time
from tests.orgmodel.reconcile.company import (
    CONVENTIONS,
    LENA_HR,
    NADIA_HR,
    PEOPLE,
    QUINN_HR,
    only,
    standing,
    tell,
    without,
)
from tests.orgmodel.sync.world import moment

pytestmark = pytest.mark.django_db

NEXT_DAY = date(2026, 3, 2)
MIDNIGHT = moment(0.625)
"""The first sync is at nine in the morning."""


def ended() -> list[str]:
    return list(Person.objects.filter(status="ended").order_by("name").values_list("name", flat=True))


def test_where_nothing_is_due_it_is_one_statement() -> None:
    tell(people=[*without(PEOPLE, QUINN_HR), QUINN_HR._replace(end_date=NEXT_DAY)])
    with CaptureQueriesContext(connection) as statements:
        assert not pass_time(CONVENTIONS, "hris", moment(0.62))
    assert len(statements) == 1


def test_what_was_due_is_not_due_again() -> None:
    tell(people=[*without(PEOPLE, QUINN_HR), QUINN_HR._replace(end_date=NEXT_DAY)])
    assert pass_time(CONVENTIONS, "hris", MIDNIGHT)
    assert (ended(), list(standing())) == (["Quinn Abe"], ["leaver-active"])
    assert (only().evidence["overdue"], only().sightings) == (False, 1)
    assert not pass_time(CONVENTIONS, "hris", MIDNIGHT)
    assert pass_time(CONVENTIONS, "hris", moment(0.64))
    assert only().evidence["overdue"] is True
    assert not pass_time(CONVENTIONS, "hris", moment(0.64))
    assert not pass_time(CONVENTIONS, "hris", moment(0.64))
    # The facts of the next sync are younger than those of the day.
    assert Run.objects.get(source="calendar").applied_at == MIDNIGHT


def test_that_nearly_everybody_left_at_once_is_not_believed(caplog: pytest.LogCaptureFixture) -> None:
    tell(people=[each._replace(end_date=NEXT_DAY) for each in (LENA_HR, NADIA_HR, QUINN_HR)])
    pass_time(CONVENTIONS, "hris", MIDNIGHT)
    assert ended() == []
    assert not Run.objects.filter(source="calendar").exists()
    assert "last days that have passed are not believed" in caplog.text
    assert "Quinn" not in caplog.text


def test_a_source_grows_stale_though_nothing_is_read() -> None:
    tell()
    assert pass_time(CONVENTIONS, "hris", moment(1.1))
    stale = Finding.objects.filter(detector="stale-source").values_list("evidence__source", flat=True)
    assert sorted(stale) == ["control", "hris", "okta"]
    assert not pass_time(CONVENTIONS, "hris", moment(1.2))
