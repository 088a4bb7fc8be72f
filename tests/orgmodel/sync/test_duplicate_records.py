"""Records that one answer gives twice: the same twice is once, two that differ are none to believe."""

import pytest

from orgmodel.facts import Fact, UnitFact
from orgmodel.models import Account, OrgUnit, RuleVersion

from .twelve import GROUPS, OKTA, PEOPLE, RECORDS, RULES, recorded, sync
from .world import account, moment

pytestmark = pytest.mark.django_db


def test_one_user_given_twice_with_another_status_is_no_leaver() -> None:
    sync(OKTA, 0)
    outcome = sync([*OKTA, PEOPLE[3]._replace(status="DEPROVISIONED", updated=moment(0.5))], 1)
    assert outcome.outcome == "unchanged"
    assert [(each["where"], each["record"], each["reason"]) for each in outcome.problems] == [
        (
            "the list of accounts",
            "p3",
            "appears twice, and the two differ; what was known of it stays until the next sync",
        )
    ]
    assert Account.objects.get(native_id="p3").status == "ACTIVE"


@pytest.mark.parametrize(
    ("twin", "record"),
    [(GROUPS[2]._replace(name="Other"), "00g2"), (RULES[2]._replace(expression="true"), "0pr2")],
)
def test_a_group_or_rule_that_contradicts_itself_stays_as_it_is(twin: Fact, record: str) -> None:
    sync(OKTA, 0)
    outcome = sync([*OKTA, twin], 1)
    assert (outcome.outcome, [each["record"] for each in outcome.problems]) == ("unchanged", [record])
    assert RuleVersion.objects.filter(ended=None).count() == 8


def test_a_unit_that_contradicts_itself_stays_as_it_is() -> None:
    recorded()
    other = UnitFact("team", "u1", "Other", "other", "", "", True, None, None, "")
    outcome = sync([*RECORDS, other], 1, "control")
    assert (outcome.outcome, [each["record"] for each in outcome.problems]) == ("unchanged", ["u1"])
    assert OrgUnit.objects.get(native_id="u1").name == "Team 1"


def test_a_new_user_that_contradicts_itself_waits_for_the_next_sync() -> None:
    sync(OKTA, 0)
    new = account("new")
    assert sync([*OKTA, new, new._replace(name="Other")], 1).outcome == "unchanged"
    assert sync([*OKTA, new], 2).counts["account"]["began"] == 1


def test_the_same_twice_is_once_though_its_statistics_moved() -> None:
    sync(OKTA, 0)
    again: list[Fact] = [
        GROUPS[0]._replace(members=7, updated=moment(0.5)),
        PEOPLE[0]._replace(updated=moment(0.5)),
    ]
    outcome = sync([*OKTA, *again], 1)
    assert (outcome.outcome, outcome.problems) == ("unchanged", [])
