"""Records that are not believed: two that differ, and one of somebody else under a known id."""

from datetime import date
from typing import Any

import pytest

from orgmodel.facts import AccountFact, Fact, PlannedFact, UnitFact
from orgmodel.models import Account, Attribute, ManagerLine, OrgUnit, Person, PlannedChange, RuleVersion

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


def record(native_id: str, name: str, start: date, **values: object) -> AccountFact:
    """An HR record of somebody whose address is made of their name."""
    email = f"{name.split(maxsplit=1)[0].lower()}@nordwind.example"
    return account(native_id, name, login="", email=email, start_date=start, state="active", **values)


EVA = record("17", "Eva Lund", date(2020, 1, 1), team="kale")
ANOTHER = record("17", "Zoe Quill", date(2026, 3, 2), team="fennel")
REST = [record(str(number), f"Person{number} Rest", date(2021, 1, 1)) for number in range(20, 24)]


def test_whoever_gets_the_id_of_somebody_else_does_not_inherit_their_record() -> None:
    sync([EVA, *REST], 0, "hris")
    new = record("30", "Nia Roth", date(2026, 3, 2), manager_ref="17")
    led = REST[0]._replace(manager_ref="17")
    outcome = sync(
        [ANOTHER, PlannedFact("17", "team", "leek", date(2026, 4, 1)), new, led, *REST[1:]], 1, "hris"
    )
    assert (outcome.outcome, [each["record"] for each in outcome.problems]) == ("applied", ["17"])
    assert "Give the other person an id of their own" in outcome.problems[0]["reason"]
    assert Person.objects.get(accounts__native_id="17").name == "Eva Lund"
    assert Attribute.objects.get(account__native_id="17", name="team").value == "kale"
    assert not PlannedChange.objects.exists()
    assert not ManagerLine.objects.exists()
    assert Person.objects.get(name="Nia Roth").status == "active"


def test_who_left_is_not_the_one_who_gets_the_id_later() -> None:
    sync([EVA, *REST], 0, "hris")
    sync(REST, 1, "hris")
    outcome = sync([ANOTHER, *REST], 2, "hris")
    assert (outcome.outcome, [each["record"] for each in outcome.problems]) == ("unchanged", ["17"])
    assert Account.objects.get(native_id="17").ended == moment(1)


@pytest.mark.parametrize(
    "same",
    [
        {"name": "Eva Lund"},
        {"email": "EVA@nordwind.example"},
        {"start_date": date(2020, 1, 1)},
        {"start_date": None},
    ],
)
def test_whoever_marries_or_comes_back_is_the_same_person(same: dict[str, Any]) -> None:
    sync([EVA, *REST], 0, "hris")
    outcome = sync([ANOTHER._replace(**same), *REST], 1, "hris")
    assert (outcome.outcome, outcome.problems) == ("applied", [])


def test_the_address_of_the_same_person_elsewhere_settles_it() -> None:
    user = account("00u1", "Eva Lund", email="eva@nordwind.example", login="eva@nordwind.example")
    sync([EVA, *REST], 0, "hris")
    sync([*OKTA, user], 1)
    assert sync([ANOTHER, *REST], 2, "hris").problems
    sync([*OKTA, user._replace(name="Zoe Quill", email=ANOTHER.email, login=ANOTHER.email)], 3)
    assert sync([ANOTHER, *REST], 4, "hris").problems == []
    assert Account.objects.get(native_id="17").name == "Zoe Quill"
