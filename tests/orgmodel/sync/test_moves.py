"""Which changes open a case, for whom and of which kind; and which must not."""

from collections.abc import Sequence
from datetime import date

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AssignmentFact, Fact
from orgmodel.models import Assignment, Move, Run
from orgmodel.sync.decisions import Decider
from orgmodel.sync.run_decisions import release
from orgmodel.sync.runs import read_and_apply

from .world import FactsReader, account, group, moment, unit

pytestmark = pytest.mark.django_db

RADISH = unit("team", "recRadish", "Radish", "radish")
CUCUMBER = unit("team", "recCucumber", "Cucumber", "cucumber")
LENA = account("1002", "Lena", team="radish")


def sync(day: float, source: str, *facts: Fact) -> None:
    stated = [*facts, group("00geverybody")] if source == "okta" else facts
    outcome = read_and_apply(FactsReader(stated, source=source), Conventions(), "hris", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def cases() -> Sequence[tuple[str, str]]:
    return list(Move.objects.order_by("pk").values_list("person__name", "kind"))


def teams() -> Sequence[tuple[str, str]]:
    current = Assignment.objects.filter(ended=None).order_by("person__name", "unit__name")
    return list(current.values_list("person__name", "unit__name"))


def placed(person: str, unit: str, until: date | None = None) -> AssignmentFact:
    return AssignmentFact(person, unit, "primary", None, until)


def test_nobody_moves_before_the_first_day() -> None:
    joiner = account("1001", "Nadia", start_date=date(2026, 3, 5))
    sync(0, "control", RADISH, CUCUMBER)
    sync(0, "hris", LENA)
    sync(1, "hris", LENA, joiner)
    sync(2, "hris", LENA, joiner._replace(attributes={"team": "radish"}))
    sync(3, "hris", LENA, joiner._replace(attributes={"team": "cucumber"}, manager_ref="1002"))
    assert teams() == [("Lena", "Radish"), ("Nadia", "Cucumber")]
    assert cases() == []
    sync(4, "hris", LENA, joiner._replace(attributes={"team": "cucumber"}, manager_ref="1002"))
    assert cases() == [("Nadia", "joiner")]


def test_an_account_without_an_hr_record_does_not_move_when_it_is_first_seen() -> None:
    sync(0, "hris", LENA)
    sync(0, "okta", account("00ulena", "Lena", email="1002@nordwind.example"))
    sync(
        1,
        "okta",
        account("00ulena", "Lena", email="1002@nordwind.example"),
        account("00ubot", "Sprout", team="radish"),
    )
    assert ("Sprout", "radish") in teams()
    assert cases() == []


@pytest.mark.parametrize(("day", "expected"), [(3, [("Pia", "joiner")]), (20, [])])
def test_whose_account_is_seen_before_the_record_joins_with_the_record(
    day: int, expected: list[tuple[str, str]]
) -> None:
    """Weeks later it is no first day: somebody whom HR did not know is in its records now."""
    lena = account("00ulena", "Lena", email="1002@nordwind.example")
    pia = account("00upia", "Pia", email="1003@nordwind.example", team="radish")
    sync(0, "control", RADISH, CUCUMBER)
    sync(0, "hris", LENA)
    sync(0, "okta", lena)
    sync(1, "okta", lena, pia)
    assert cases() == []
    sync(day, "hris", LENA, account("1003", "Pia", email="1003@nordwind.example", team="radish"))
    assert cases() == expected
    assert all(case.opened == moment(1) for case in Move.objects.all())


def test_a_leaver_whose_assignment_ends_does_not_get_it_back_from_the_profile() -> None:
    nadia = account("1001", "Nadia", team="radish")
    sync(0, "control", RADISH, CUCUMBER)
    sync(0, "hris", LENA, nadia, placed("1001", "recRadish"), placed("1002", "recRadish"))
    assert teams() == [("Lena", "Radish"), ("Nadia", "Radish")]
    sync(1, "hris", LENA, nadia._replace(status="ended"), placed("1002", "recRadish"))
    assert teams() == [("Lena", "Radish")]
    assert cases() == [("Nadia", "leaver")]


def test_a_feed_that_stops_placing_people_leaves_them_to_their_profiles() -> None:
    sync(0, "control", RADISH, CUCUMBER)
    sync(0, "hris", LENA, placed("1002", "recCucumber"))
    assert teams() == [("Lena", "Cucumber")]
    held = read_and_apply(FactsReader([LENA], source="hris"), Conventions(), "hris", now=moment(1))
    assert held.reason.startswith("The answer holds no recorded unit assignments at all, where 1 is known")
    release(Run.objects.get(outcome="quarantined"), Decider(None, moment(1.5), "True."))
    sync(2, "hris", LENA)
    assert teams() == [("Lena", "Radish")]


def test_a_unit_renamed_before_the_profiles_follow_moves_nobody() -> None:
    sync(0, "control", RADISH, CUCUMBER)
    sync(0, "hris", LENA)
    sync(1, "control", RADISH._replace(name="Daikon", slug="daikon"), CUCUMBER)
    sync(1, "hris", LENA)
    assert teams() == [("Lena", "Daikon")]
    sync(2, "hris", account("1002", "Lena", team="daikon"))
    assert teams() == [("Lena", "Daikon")]
    assert cases() == []
