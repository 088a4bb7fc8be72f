"""A joiner before the first day: listed with the team as pending, coming, and told to join on that day."""

from datetime import date

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AssignmentFact, Fact, PlannedFact
from orgmodel.queries.access.team import Team, team
from orgmodel.queries.coming import coming_for_all
from orgmodel.queries.history.by_day import Filter, history
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.tree import tree
from orgmodel.queries.targets import find_unit
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, moment, unit

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2026, 3, 21)
BEFORE, AFTER = Moment(moment(10), live=False), Moment(moment(21), live=True)
UNITS = [unit("team", "t1", "Leek", "leek"), unit("team", "t2", "Radish", "radish")]
LENA = account("lena", "Lena Osei", status="active", team="leek")
MARA = account("mara", "Mara Quist", status="active", team="leek", start_date=FIRST_DAY, manager_ref="lena")
PLACED = [AssignmentFact("lena", "t1", "primary", None, None)]
PLACED.append(AssignmentFact("mara", "t1", "primary", FIRST_DAY, None))


def sync(day: float, *facts: Fact) -> None:
    reader = FactsReader([*UNITS, LENA, *facts], "hris")
    outcome = read_and_apply(reader, Conventions(), "hris", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def leek(at: Moment) -> Team:
    return team(find_unit("Leek"), at, OPERATOR)


def people(at: Moment) -> list[str]:
    return [ref.name for ref in leek(at).members]


def count(at: Moment) -> int:
    return next(node.people for node in tree(at, OPERATOR) if node.name == "Leek")


def coming() -> list[tuple[str, str]]:
    found = coming_for_all(Moment(moment(10), live=True), OPERATOR, Conventions())
    return [(each.name, each.sentence) for each in found]


def test_before_the_first_day_a_joiner_is_coming_and_from_it_on_in_the_team() -> None:
    sync(0)
    sync(5, MARA, *PLACED)
    now = Moment(moment(10), live=True)
    assert [(ref.name, ref.status) for ref in leek(now).members] == [
        ("Lena Osei", "active"),
        ("Mara Quist", "pending"),
    ]
    assert count(now) == 2
    assert coming() == [("Mara Quist", "Starts on 21 March: joins Leek")]
    assert history(Filter(unit=find_unit("Leek").pk, kinds=("assignment",)), OPERATOR) == ()
    sync(20, MARA, *PLACED)
    assert (people(AFTER), count(AFTER)) == (["Lena Osei", "Mara Quist"], 2)
    [joined] = history(Filter(unit=find_unit("Leek").pk, kinds=("assignment",)), OPERATOR)
    assert (joined.who, joined.sentence) == ("Mara Quist", "joined the team Leek.")
    assert joined.at.date() == FIRST_DAY


def test_what_is_planned_for_the_first_day_is_a_joining_whatever_the_profile_says_already() -> None:
    sync(0, MARA, PlannedFact("mara", "team", "leek", FIRST_DAY))
    assert coming() == [("Mara Quist", "Starts on 21 March: joins Leek")]
    sync(1, MARA, PlannedFact("mara", "team", "radish", FIRST_DAY))
    assert coming() == [("Mara Quist", "Starts on 21 March: joins Radish")]


def test_a_move_after_the_first_day_is_a_move() -> None:
    sync(0, MARA, PlannedFact("mara", "team", "radish", date(2026, 4, 1)))
    assert coming() == [
        ("Mara Quist", "Starts on 21 March"),
        ("Mara Quist", "Coming on 1 April: moves from Leek to Radish"),
    ]
