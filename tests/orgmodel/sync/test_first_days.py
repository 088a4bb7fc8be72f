"""Whoever has not started is in no unit yet: they join on their first day, and leave nothing on it."""

from datetime import date
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AssignmentFact, Fact
from orgmodel.models import Assignment, Change, Move, Person
from orgmodel.queries.history.by_day import Filter, history
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.passing_time import pass_time
from orgmodel.sync.runs import read_and_apply

from .world import FactsReader, account, moment, unit

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2026, 3, 11)
LEEK = unit("team", "t1", "Leek", "leek")
RADISH = unit("team", "t2", "Radish", "radish")
LENA = account("lena", "Lena Osei", status="active", team="leek")


def bo(**values: Any) -> Fact:
    start = {"status": "active", "start_date": FIRST_DAY, "team": "leek"}
    return account("bo", "Bo Lindqvist", **start | values)


def sync(day: float, *facts: Fact) -> None:
    outcome = read_and_apply(
        FactsReader([LEEK, RADISH, LENA, *facts], source="hris"), Conventions(), "hris", now=moment(day)
    )
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def feed_of_bo() -> list[tuple[str, str]]:
    """Day and sentence of what was told of Bo and a unit, newest first."""
    who = Person.objects.get(name="Bo Lindqvist").pk
    entries = history(Filter(person=who, kinds=("assignment",)), OPERATOR)
    return [(each.at.date().isoformat(), each.sentence) for each in entries]


def teams() -> list[str]:
    rows = Assignment.objects.filter(person__name="Bo Lindqvist", ended=None).select_related("unit")
    return [row.unit.name for row in rows]


STATED = AssignmentFact("bo", "t1", "primary", FIRST_DAY, None)
LENAS = AssignmentFact("lena", "t1", "primary", None, None)


@pytest.mark.parametrize("stated", [(LENAS, STATED), ()], ids=["HR states the team", "the profile does"])
def test_a_joiner_joins_the_team_on_the_first_day_and_leaves_nothing(stated: tuple[Fact, ...]) -> None:
    sync(0)
    sync(2, bo(), *stated)
    assert feed_of_bo() == []
    sync(10, bo(), *stated)
    assert (feed_of_bo(), teams()) == ([("2026-03-11", "joined the team Leek.")], ["Leek"])
    assert [move.kind for move in Move.objects.all()] == ["joiner"]
    sync(11, bo(), *stated)
    assert len(feed_of_bo()) == 1


def test_who_was_known_before_the_first_sync_joins_on_the_first_day_too() -> None:
    sync(0, bo())
    sync(10, bo())
    assert feed_of_bo() == [("2026-03-11", "joined the team Leek.")]


def test_another_team_before_the_first_day_is_neither_left_nor_joined() -> None:
    sync(0)
    sync(2, bo(team="radish"))
    sync(3, bo())
    assert feed_of_bo() == []
    sync(10, bo())
    assert feed_of_bo() == [("2026-03-11", "joined the team Leek.")]


def test_nobody_joins_before_their_first_day_whatever_the_assignment_says() -> None:
    sync(0)
    sync(2, bo(), LENAS, STATED._replace(valid_from=date(2026, 3, 1)))
    sync(10, bo(), LENAS, STATED._replace(valid_from=date(2026, 3, 1)))
    assert feed_of_bo() == [("2026-03-11", "joined the team Leek.")]


def test_the_first_day_that_the_clock_brings_tells_who_joins() -> None:
    leaver = account("mei", "Mei Tan", status="active", end_date=FIRST_DAY)
    sync(2, bo(), leaver)
    assert pass_time(Conventions(), "hris", moment(10))
    assert feed_of_bo() == [("2026-03-11", "joined the team Leek.")]


@pytest.mark.parametrize(
    "restated",
    [
        STATED._replace(valid_from=date(2026, 2, 1)),
        STATED._replace(valid_from=None, valid_to=date(2026, 12, 1)),
        STATED._replace(valid_from=date(2026, 1, 1)),
    ],
    ids=["HR states it", "with a last day", "since an earlier day"],
)
def test_an_assignment_stated_otherwise_is_no_move(restated: AssignmentFact) -> None:
    at_work = bo(start_date=None)
    sync(0, at_work)
    sync(1, at_work, LENAS, restated)
    sync(2, at_work, LENAS, restated._replace(valid_from=date(2026, 2, 2)))
    assert (feed_of_bo(), teams()) == ([], ["Leek"])
    assert not Move.objects.exists()


def test_a_team_that_hr_no_longer_states_and_the_profile_does_is_not_left() -> None:
    at_work, ends = bo(start_date=None), STATED._replace(valid_from=None, valid_to=date(2026, 3, 3))
    sync(0, at_work, ends)
    sync(2, at_work, ends)
    assert Assignment.objects.filter(person__name="Bo Lindqvist").count() == 2
    sync(3, at_work, ends)
    assert (feed_of_bo(), teams()) == ([], ["Leek"])


def test_the_first_place_becoming_another_one_is_told_as_that() -> None:
    at_work = bo(start_date=None)
    sync(0, at_work, LENAS, STATED._replace(valid_from=None))
    sync(1, at_work, LENAS, STATED._replace(valid_from=None, kind="secondary"))
    assert feed_of_bo() == [("2026-03-02", "is still in the team Leek, now secondary instead of primary.")]


def test_what_an_older_version_noted_of_a_restated_assignment_is_not_told() -> None:
    sync(0, bo(start_date=None))
    row = Assignment.objects.get(person__name="Bo Lindqvist")
    Change.objects.create(
        run_id=row.run_began_id,
        at=moment(1),
        kind="assignment",
        verb="changed",
        fact=row.pk,
        person_id=row.person_id,
        unit_id=row.unit_id,
        attribute="team",
        what="Leek",
        before="primary",
        after="primary",
        cause={},
    )
    assert feed_of_bo() == []
