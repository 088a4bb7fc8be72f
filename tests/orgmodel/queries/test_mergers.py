"""A team that was merged into another says so, and so does why something of it ended."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import OrgUnit, Person
from orgmodel.queries.history.diff import diff
from orgmodel.queries.moments import Moment
from orgmodel.queries.moments import now as present
from orgmodel.queries.pages.details import unit_facts
from orgmodel.queries.people import UnitRef
from orgmodel.queries.targets import find_target
from orgmodel.queries.unit_names import NamesOfUnits
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.queries.why.answer import why
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, rule, unit

pytestmark = pytest.mark.django_db
GONE: dict[str, Any] = {"active": False, "merged_into": "t1", "active_to": date(2026, 3, 2)}


def named() -> Viewer:
    """An admin to whom things are called by the names of now."""
    return replace(OPERATOR, spoken=NamesOfUnits(Conventions()))


def sync(day: float, radish: dict[str, Any], *facts: Fact) -> None:
    """Records of units, and Okta as it is a moment later."""
    units: list[Fact] = [
        unit("team", "t1", "Cucumber", "cucumber"),
        unit("team", "t2", "Radish", "radish", **radish),
    ]
    stay: list[Fact] = [
        group("00grad", "team-radish", "AUTO team Radish"),
        app("0oajira", "Jira"),
        opens("00grad", "0oajira"),
        account("tomas", team="radish"),
        member("tomas", "00grad", "0prad"),
        rule("0prad", "Radish team", 'user.team == "radish"', "00grad"),
    ]
    for reader in (FactsReader(units, "control", size=50), FactsReader([*facts, *stay], size=50)):
        found = read_and_apply(reader, Conventions(shrink_share=1.0), "okta", now=moment(day))
        assert found.outcome in {"applied", "unchanged"}, found.reason


def radish() -> UnitRef:
    found = OrgUnit.objects.get(native_id="t2")
    return UnitRef(found.pk, "t2", "team", "Radish", "radish", found.address)


def lost() -> str:
    """Why Nadia no longer has Jira, by the difference of two dates."""
    nadia = Person.objects.get(name="Nadia").pk
    return diff(nadia, Moment(moment(0.5), live=False), present(), named()).lost[0].because


IN_RADISH: list[Fact] = [account("nadia", team="radish"), member("nadia", "00grad", "0prad")]
IN_CUCUMBER: list[Fact] = [account("nadia", team="cucumber")]


def test_a_merged_team_says_where_it_went_and_when() -> None:
    sync(0, {}, *IN_RADISH)
    assert unit_facts(radish(), present()).merged is None
    sync(1, GONE, *IN_CUCUMBER)
    facts = unit_facts(radish(), present())
    assert facts.retired == (
        "It was merged into Cucumber on 2 March 2026."
        " Nobody should be in it, and its group should open no apps."
    )
    assert facts.merged is not None
    assert (facts.merged.page.kind, facts.merged.page.key) == ("unit", "cucumber")
    assert unit_facts(radish(), Moment(moment(0.5), live=False)).merged is None


def test_a_retired_team_that_went_nowhere_and_one_merged_before_all_records() -> None:
    sync(0, {"active": False}, *IN_RADISH)
    assert unit_facts(radish(), present()).retired == (
        "Nobody should be in it, and its group should open no apps."
    )
    sync(1, {"active": False, "merged_into": "t1"}, *IN_RADISH)
    assert unit_facts(radish(), present()).retired == (
        "It was merged into Cucumber. Nobody should be in it, and its group should open no apps."
    )


def test_why_something_ended_with_a_merger() -> None:
    sync(0, {}, *IN_RADISH)
    sync(1, GONE, *IN_CUCUMBER)
    assert lost() == (
        "Because their team changed from Radish to Cucumber (rule “Radish team”)."
        " Radish was merged into Cucumber."
    )
    nadia = Person.objects.get(name="Nadia").pk
    answer = why(nadia, find_target("Jira", OPERATOR), present(), named())
    assert answer.sentence.endswith("Radish was merged into Cucumber.")


@pytest.mark.parametrize(
    "retired",
    [
        GONE | {"active_to": date(2026, 3, 4)},
        {"active": False},
        GONE | {"merged_into": ""},
    ],
)
def test_a_move_before_the_merger_or_without_one_is_a_move(retired: dict[str, Any]) -> None:
    sync(0, {}, *IN_RADISH)
    sync(1, {}, *IN_CUCUMBER)
    sync(4, retired, *IN_CUCUMBER)
    assert lost() == "Because their team changed from Radish to Cucumber (rule “Radish team”)."
