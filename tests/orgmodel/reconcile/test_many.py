"""The work does not grow with the number of findings: the same statements for one and for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.facts import Fact
from orgmodel.models import Finding
from orgmodel.reconcile import DETECTORS
from orgmodel.sync.findings import refresh_findings
from tests.orgmodel.sync.world import account, app, group, member, moment, rule, seat

from .company import ALL_COVERED, CONVENTIONS, OKTA, tell

pytestmark = pytest.mark.django_db


def mess(times: int) -> list[Fact]:
    """So many people by hand in a rule-fed group, apps given directly, and empty groups."""
    numbers = range(times)
    return [
        *OKTA,
        group("00gfed", "figma-users"),
        rule("0prfed", "Figma users", "true", "00gfed"),
        *(account(f"p{number}", f"Person {number}") for number in numbers),
        *(member(f"p{number}", "00gfed") for number in numbers),
        *(group(f"00ge{number}", f"alumni {number} x") for number in numbers),
        *(app(f"0oad{number}", f"App {number}") for number in numbers),
        *(seat(f"p{number}", f"0oad{number}") for number in numbers),
    ]


def statements(times: int, day: int) -> int:
    """How many statements a refresh takes with so much mess."""
    tell(mess(times), day=day)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        refresh_findings(CONVENTIONS, "hris", moment(day + 0.5), ALL_COVERED)
    assert Finding.objects.filter(detector="hand-made-member", state="open").count() == times
    # A table that has grown is measured anew for the planner; that is no question about the company.
    return sum(not query["sql"].startswith("ANALYZE orgmodel_") for query in queries)


def test_as_many_statements_for_one_as_for_many() -> None:
    few = statements(1, 0)
    # The first look of all notes that it was one.
    assert statements(40, 1) in {few, few - 1}
    assert few <= 2 * len(DETECTORS)


def test_the_planner_knows_the_sizes_before_the_detectors_ask() -> None:
    with connection.cursor() as cursor:
        # An empty file, as before a first sync: what earlier tests rolled back would pass for a big table.
        cursor.execute("TRUNCATE orgmodel_attribute CASCADE")
    tell([*OKTA, *(account(f"p{number}", f"Person {number}", team="cucumber") for number in range(600))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'orgmodel_attribute'")
        assert cursor.fetchone()[0] > 600
