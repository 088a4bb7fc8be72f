"""Since when HR itself says that something is so: kept beside when Sightline saw it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact
from orgmodel.models import Assignment, Attribute, Change, ManagerLine
from orgmodel.sync.runs import read_and_apply

from .world import DAY, FactsReader, account, moment

pytestmark = pytest.mark.django_db
MEI, TOMAS = account("mei", "Mei Tan", status="active"), account("tomas", status="active")


def ines(**values: Any) -> AccountFact:
    known = {"status": "active", "team": "ledger", "manager_ref": "mei", "title": "Engineer"}
    return account("ines", "Inès Roy", **known | values)


def sync(day: float, fact: AccountFact, *, also: tuple[AccountFact, ...] = (MEI, TOMAS)) -> None:
    reader = FactsReader([fact, *also], source="hris")
    outcome = read_and_apply(reader, Conventions(), "hris", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def days() -> dict[str, str]:
    """What is dated by the record, as ISO days: values, the assignment, the manager line."""
    rows: list[tuple[str, datetime | None]] = [
        *Attribute.objects.filter(ended=None, account__native_id="ines").values_list("name", "true_began"),
        *(("in", each.true_began) for each in Assignment.objects.filter(ended=None, person__name="Inès Roy")),
        *(("under", each.true_began) for each in ManagerLine.objects.filter(ended=None)),
    ]
    return {name: at.date().isoformat() for name, at in rows if at}


def changes() -> list[tuple[str, str, str, datetime | None]]:
    kinds = ("assignment", "attribute", "manager")
    rows = Change.objects.filter(baseline=False, kind__in=kinds).order_by("kind", "verb", "attribute")
    return [(each.kind, each.verb, each.attribute, each.true_at) for each in rows]


def test_what_the_record_dates_is_kept_with_that_day() -> None:
    sync(0, ines(dated={"team": "2025-09-01", "title": "2024-02-05", "manager": "2026-01-15"}))
    assert days() == {
        "team": "2025-09-01",
        "title": "2024-02-05",
        "in": "2025-09-01",
        "under": "2026-01-15",
    }


def test_a_move_is_dated_by_the_record_on_both_sides() -> None:
    sync(0, ines())
    sync(
        20, ines(team="payments", manager_ref="tomas", dated={"team": "2026-03-16", "manager": "2026-03-18"})
    )
    moved, reports = (datetime(2026, 3, day, tzinfo=UTC) for day in (16, 18))
    assert changes() == [
        ("assignment", "began", "team", moved),
        ("assignment", "ended", "team", moved),
        ("attribute", "changed", "team", moved),
        ("manager", "changed", "manager", reports),
    ]
    seen = Attribute.objects.get(ended=None, name="team", account__native_id="ines").began
    assert seen == moment(20), "when it was seen stays beside it"


def test_without_a_day_of_its_own_nothing_is_dated() -> None:
    sync(0, ines())
    sync(20, ines(team="payments"))
    assert days() == {}
    assert {true_at for *_, true_at in changes()} == {None}


@pytest.mark.parametrize("day", ["2026-03-02", "2024-02-04", "2026-3-1", "1 March", ""], ids=str)
def test_a_day_to_come_or_before_the_first_or_none_at_all_is_not_believed(day: str) -> None:
    sync(0, ines(start_date=DAY.replace(year=2024, month=2, day=5), dated={"team": day, "manager": day}))
    assert days() == {}


def test_a_status_is_dated_by_nobody() -> None:
    sync(0, ines(dated={"status": "2025-09-01"}))
    assert days() == {}


def test_a_day_that_the_record_puts_right_is_no_change() -> None:
    sync(0, ines(dated={"team": "2025-09-01"}))
    sync(1, ines(dated={"team": "2025-10-01"}))
    assert days()["team"] == "2025-10-01"
    assert changes() == []
    sync(2, ines())
    assert days()["team"] == "2025-10-01", "it is not forgotten when the record no longer says it"


def test_two_jobs_may_be_dated_apart() -> None:
    jobs = (ines(dated={"team": "2025-09-01"}), ines(team="payments", dated={"team": "2025-11-01"}))
    sync(0, jobs[0], also=(jobs[1], MEI, TOMAS))
    units = Assignment.objects.filter(ended=None).values_list("unit__name", flat=True)
    assert sorted(units) == ["ledger", "payments"]
