"""How fresh each source is, and what is wrong with it, in words."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Count, Value
from django.test.utils import CaptureQueriesContext

from orgmodel.models import Run
from orgmodel.queries.pages.freshness import freshness, freshness_and
from tests.orgmodel.sync.world import moment

pytestmark = pytest.mark.django_db


def run(day: float, outcome: str, source: str = "okta") -> None:
    at = moment(day)
    applied: datetime | None = at if outcome in {"applied", "unchanged"} else None
    Run.objects.create(source=source, outcome=outcome, started=at, finished=at, applied_at=applied)


def freshness_lines(day: float) -> list[tuple[str, str, bool]]:
    return [(each.sentence, each.trouble, each.stale) for each in freshness(moment(day))]


def test_a_source_that_was_never_asked_is_not_spoken_of() -> None:
    assert freshness(moment(0)) == ()


@pytest.mark.parametrize(
    ("outcomes", "sentence", "trouble"),
    [
        (["applied", "unchanged"], "Okta synced 1 hour ago", ""),
        (
            ["applied", "failed"],
            "Okta synced 2 hours ago; the last sync failed",
            "the last sync failed",
        ),
        (
            ["applied", "quarantined"],
            "Okta synced 2 hours ago; the last answer is held back",
            "the last answer is held back",
        ),
        (["failed"], "Okta was never synced", "nothing was synced yet"),
        (["applied", "running"], "Okta synced 2 hours ago", ""),
    ],
)
def test_what_is_said_of_a_source(outcomes: list[str], sentence: str, trouble: str) -> None:
    for hour, outcome in enumerate(outcomes):
        run(hour / 24, outcome)
    assert freshness_lines(2 / 24) == [(sentence, trouble, bool(trouble))]


def test_a_source_that_fell_silent_is_stale() -> None:
    run(0, "applied")
    assert freshness_lines(0.1) == [("Okta synced 2 hours ago", "nothing was synced for hours", True)]


def test_each_source_speaks_for_itself_and_knows_when_it_began() -> None:
    run(0, "applied", "hris")
    run(1, "unchanged", "hris")
    run(0.5, "failed")
    run(1, "applied")
    okta, hris = freshness(moment(1) + timedelta(minutes=5))
    assert (okta.name, okta.began, okta.sentence) == ("Okta", moment(1), "Okta synced 5 minutes ago")
    assert (hris.name, hris.began, hris.applied_at) == ("HR", moment(0), moment(1))


def test_what_else_is_counted_comes_in_the_same_query() -> None:
    run(0, "applied", "hris")
    run(1, "failed", "hris")
    failed = Run.objects.filter(outcome="failed").order_by().values_list(Value("failed reads"))
    with CaptureQueriesContext(connection) as queries:
        (hris,), counted = freshness_and(
            failed.annotate(number=Count("pk")).query.sql_with_params(), moment(1)
        )
    assert len(queries) == 1
    assert (hris.name, counted) == ("HR", {"failed reads": 1})
