"""What records say of a later day is planned: it moves nobody, is in no feed, and may be called off."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, AssignmentFact, Fact, PlannedFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.models import Change, Move, PlannedChange, Run
from orgmodel.sync.runs import SyncOutcome, read_and_apply

from .world import FactsReader, account, moment, unit

pytestmark = pytest.mark.django_db
LATER, LATEST = date(2026, 4, 1), date(2026, 5, 1)
UNITS = [unit("team", "t1", "Ledger", "ledger"), unit("team", "t2", "Payments", "payments")]


def record(native_id: str, name: str = "", **values: Any) -> AccountFact:
    return account(native_id, name, **{"status": "active", "team": "ledger"} | values)


INES, MEI = record("ines", "Inès Roy"), record("mei", "Mei Tan", employee_number="77")


def sync(day: float, *facts: Fact, **options: Any) -> SyncOutcome:
    reader = FactsReader([INES, MEI, *facts], source="hris", **options)
    return read_and_apply(reader, Conventions(), "hris", now=moment(day))


def planned() -> list[tuple[str, str, str, str]]:
    """Attribute, value, day, and the unit or person whom the value names, of what is planned now."""
    rows = PlannedChange.objects.filter(ended=None).order_by("valid_from", "attribute", "value")
    return [
        (row.attribute, row.value, row.valid_from.isoformat(), (row.unit or row.manager or NOBODY).name)
        for row in rows.select_related("unit", "manager")
    ]


class NOBODY:
    name = ""


def to_payments(day: date = LATER) -> PlannedFact:
    return PlannedFact("ines", "team", "payments", day)


def test_a_planned_value_is_kept_and_moves_nobody() -> None:
    sync(0)
    outcome = sync(1, to_payments(), PlannedFact("ines", "manager", "77", LATER))
    assert (outcome.outcome, outcome.counts["planned"]) == (
        "applied",
        {"seen": 2, "began": 2, "ended": 0, "changed": 0},
    )
    assert planned() == [
        ("manager", "77", "2026-04-01", "Mei Tan"),
        ("team", "payments", "2026-04-01", ""),
    ]
    assert not Change.objects.filter(baseline=False).exists()
    assert not Move.objects.exists()
    assert sync(2, to_payments(), PlannedFact("ines", "manager", "77", LATER)).outcome == "unchanged"


def test_a_unit_that_nobody_is_in_yet_is_known_by_its_name() -> None:
    sync(0, *UNITS, to_payments())
    assert planned() == [("team", "payments", "2026-04-01", "Payments")]


def test_what_is_called_off_ends_without_a_word() -> None:
    sync(0, to_payments())
    outcome = sync(1)
    assert (outcome.outcome, outcome.counts["planned"]["ended"], planned()) == ("applied", 1, [])
    assert not Change.objects.filter(baseline=False).exists()
    assert not Move.objects.exists()


def test_calling_off_everything_at_once_is_no_loss() -> None:
    people = [record(f"p{n}") for n in range(30)]
    sync(0, *people, *(PlannedFact(f"p{n}", "team", "payments", LATER) for n in range(30)))
    assert len(planned()) == 30
    assert (sync(1, *people).outcome, planned()) == ("applied", [])


def test_what_came_true_is_planned_no_more_and_is_a_move() -> None:
    sync(0, to_payments())
    moved = INES._replace(attributes={"team": "payments"})
    read_and_apply(FactsReader([moved, MEI], source="hris"), Conventions(), "hris", now=moment(31))
    assert planned() == []
    assert [move.person.name for move in Move.objects.select_related("person")] == ["Inès Roy"]


def test_a_day_that_is_put_off_ends_one_plan_and_begins_another() -> None:
    sync(0, to_payments())
    sync(1, to_payments(LATEST))
    assert planned() == [("team", "payments", "2026-05-01", "")]
    assert PlannedChange.objects.count() == 2


def test_a_way_there_and_back_is_two() -> None:
    sync(0, to_payments(), PlannedFact("ines", "team", "ledger", LATEST))
    assert planned() == [
        ("team", "payments", "2026-04-01", ""),
        ("team", "ledger", "2026-05-01", "ledger"),
    ]


def test_a_plan_for_somebody_who_is_in_no_record_is_a_problem_and_the_rest_goes_on() -> None:
    outcome = sync(0, to_payments(), PlannedFact("nobody", "team", "payments", LATER))
    assert outcome.outcome == "applied"
    assert [(each["where"], each["record"], each["reason"], each["kind"]) for each in outcome.problems] == [
        (
            "the planned changes",
            "nobody",
            "something is planned of an account that is not in the records",
            "",
        )
    ]
    assert planned() == [("team", "payments", "2026-04-01", "")]


def test_first_and_last_days_are_planned_as_the_record_has_them() -> None:
    days: dict[str, Any] = {"start_date": date(2026, 4, 1), "end_date": date(2027, 1, 1)}
    gone = record("old", status="ended", start_date=LATEST)
    # A reader that makes them itself says the same.
    sync(0, record("olga", **days), gone, PlannedFact("olga", "status", "active", LATER))
    assert planned() == [("status", "active", "2026-04-01", ""), ("status", "ended", "2027-01-01", "")]
    sync(31, record("olga", **days), gone)
    assert planned() == [("status", "ended", "2027-01-01", "")]


def placed(day: float, *rows: tuple[str, date | None, date | None]) -> None:
    assignments = [AssignmentFact("ines", unit, "primary", start, end) for unit, start, end in rows]
    sync(day, *UNITS, *assignments)


def test_an_assignment_that_begins_later_is_planned_until_its_day() -> None:
    placed(0, ("t1", None, LATER), ("t2", LATER, None))
    assert planned() == [("team", "t2", "2026-04-01", "Payments")]
    placed(31, ("t1", None, LATER), ("t2", LATER, None))
    assert planned() == []


def test_who_goes_on_in_a_unit_without_a_gap_is_not_placed_anew() -> None:
    placed(0, ("t1", None, LATER), ("t1", LATER, None))
    assert planned() == []


MARKS: dict[str, tuple[Sequence[Covered | Unreadable], bool]] = {
    "planned changes were not looked at": ([Covered("account"), Covered("unit")], True),
    "those of this account were": ([Covered("planned", "ines", "account")], False),
    "those of another were": ([Covered("planned", "mei", "account")], True),
    "the record could not be read": ([Covered("planned"), Unreadable("account", "ines")], True),
}


@pytest.mark.parametrize("case", MARKS)
def test_a_plan_ends_only_where_it_was_looked_for(case: str) -> None:
    marks, stays = MARKS[case]
    sync(0, to_payments())
    sync(1, marks=marks)
    assert bool(planned()) is stays


def test_a_record_that_is_read_alone_brings_its_days_along() -> None:
    sync(0, record("olga", end_date=LATER), to_payments())
    sync(1, record("olga"), marks=[Covered("account", "olga"), Covered("planned", "olga", "account")])
    assert planned() == [("team", "payments", "2026-04-01", "")]
    assert Run.objects.latest("pk").outcome == "applied"
