"""What is coming for somebody, in names, and who may know of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, AssignmentFact, Fact, PlannedFact
from orgmodel.models import Person
from orgmodel.queries.coming import coming_for, coming_for_all, coming_to
from orgmodel.queries.moments import Moment
from orgmodel.queries.targets import find_unit
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, moment, unit

pytestmark = pytest.mark.django_db
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
UNITS = [
    unit("team", "t1", "Ledger", "ledger", lead="lena"),
    unit("team", "t2", "Payments", "payments", lead="tomas"),
    unit("team", "t3", "Cards", "cards"),
]
LAST = "Leaves on 30 June"


def record(native_id: str, name: str, **values: Any) -> AccountFact:
    return account(native_id, name, **{"status": "active", "team": "ledger"} | values)


INES = record("ines", "Inès Roy", manager_ref="mei", title="Engineer", end_date=date(2026, 7, 1))
OTHERS = [record(*each, team="") for each in (("mei", "Mei Tan"), ("lena", "Lena Osei"), ("tomas", "Tomas"))]


def sync(day: float, *facts: Fact, ines: AccountFact = INES) -> None:
    for reader in (
        FactsReader(UNITS, "control"),
        FactsReader([ines, *OTHERS, *facts], "hris"),
        FactsReader(UNITS, "control"),
    ):
        outcome = read_and_apply(reader, Conventions(), "hris", now=moment(day))
        assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def person(name: str) -> int:
    return Person.objects.get(name=name).pk


def at(day: float) -> Moment:
    return Moment(moment(day), live=False)


def lines(viewer: Viewer = OPERATOR, when: Moment | None = None) -> list[str]:
    """What is said of Inès."""
    moment_of = when or Moment(moment(9), live=True)
    found = coming_for(person("Inès Roy"), moment_of, viewer, Conventions())
    return [each.sentence for each in found]


def planned(attribute: str, value: str, day: date = APRIL) -> PlannedFact:
    return PlannedFact("ines", attribute, value, day)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("Mei Tan", ["Coming on 1 April: moves from Ledger to Payments and reports to Tomas", LAST]),
        ("Lena Osei", ["Coming on 1 April: moves from Ledger to Payments and reports to Tomas", LAST]),
        ("Inès Roy", ["Coming on 1 April: you move from Ledger to Payments and you report to Tomas"]),
        ("Tomas", []),
    ],
    ids=["the manager", "the lead of the unit", "the person, but not the last day", "the manager to be"],
)
def test_who_may_know(who: str, sees: list[str]) -> None:
    sync(0, planned("team", "payments"), planned("manager", "tomas"))
    viewer = Viewer(person(who))
    assert lines(viewer) == sees
    assert [each.sentence for each in coming_for_all(at(9), viewer, Conventions())] == sees
    assert len(lines(replace(viewer, auditor=True))) == 2, "an auditor sees everything"


def test_a_unit_tells_who_leaves_it_and_who_is_to_join() -> None:
    sync(0, planned("team", "payments"))
    for name, members in (("Ledger", [person("Inès Roy")]), ("Payments", []), ("Cards", [])):
        found = coming_to(find_unit(name).pk, members, at(9), OPERATOR, Conventions())
        expected = [] if name == "Cards" else ["Coming on 1 April: moves from Ledger to Payments", LAST]
        assert [each.sentence for each in found] == expected


def test_a_way_there_and_back_begins_where_the_first_one_ended() -> None:
    sync(0, planned("team", "payments"), planned("team", "ledger", MAY))
    assert lines()[:2] == [
        "Coming on 1 April: moves from Ledger to Payments",
        "Coming on 1 May: moves from Payments to Ledger",
    ]


def test_names_are_the_best_that_are_known() -> None:
    sync(0, planned("team", "brand-new"), planned("manager", "00042"), planned("title", "Lead engineer", MAY))
    assert lines()[:2] == [
        "Coming on 1 April: moves from Ledger to brand-new and reports to somebody else",
        "Coming on 1 May: the title changes from Engineer to Lead engineer",
    ]


def test_a_value_that_is_to_become_empty() -> None:
    sync(0, planned("team", ""), planned("manager", ""))
    assert lines()[0] == "Coming on 1 April: leaves Ledger and has no manager"


def placed(*rows: tuple[str, date | None, date | None]) -> list[Fact]:
    return [AssignmentFact("ines", where, "primary", since, until) for where, since, until in rows]


def test_an_assignment_that_begins_when_another_ends_is_a_move_else_one_more_unit() -> None:
    sync(0, *placed(("t1", None, APRIL), ("t2", APRIL, None)))
    assert lines()[0] == "Coming on 1 April: moves from Ledger to Payments"
    sync(1, *placed(("t1", None, None), ("t2", APRIL, None)))
    assert lines()[0] == "Coming on 1 April: joins Payments"


def test_what_a_value_and_an_assignment_both_plan_is_said_once() -> None:
    sync(0, planned("team", "payments"), *placed(("t1", None, None), ("t2", APRIL, None)))
    assert lines() == ["Coming on 1 April: moves from Ledger to Payments", LAST]


def test_the_last_day_is_the_last_one_worked_and_the_day_after_nothing_is_coming() -> None:
    sync(0)
    assert lines() == [LAST]
    assert lines(when=at((date(2026, 6, 30) - date(2026, 3, 1)) / timedelta(days=1))) == [LAST]
    assert lines(when=at((date(2026, 7, 2) - date(2026, 3, 1)) / timedelta(days=1))) == []


def test_at_a_date_it_is_what_was_known_then() -> None:
    sync(0, ines=INES._replace(end_date=None))
    sync(2, planned("team", "payments"), ines=INES._replace(end_date=None))
    sync(4, planned("team", "cards"), ines=INES._replace(end_date=None))
    assert lines(when=at(1)) == []
    assert lines(when=at(3)) == ["Coming on 1 April: moves from Ledger to Payments"]
    assert lines(when=at(5)) == ["Coming on 1 April: moves from Ledger to Cards"]


def test_of_a_record_that_is_gone_nothing_is_coming() -> None:
    sync(0, planned("team", "payments"))
    reader = FactsReader(OTHERS, "hris")
    assert read_and_apply(reader, Conventions(), "hris", now=moment(1)).outcome == "applied"
    assert lines() == []
