"""Nothing vanishes unjudged: every kind of fact, emptied or switched off at once, holds the run back."""

from typing import Any

import pytest

from orgmodel.facts import AccountFact, Fact, ProfileFact
from orgmodel.kinds import BY_FACT, KINDS
from orgmodel.models import Account, Assignment, Attribute, Move, OrgUnit, Person, Run
from orgmodel.sync import assignments, entities, graph, guard, people, planned, units
from orgmodel.sync.decisions import Decider
from orgmodel.sync.measures import measures
from orgmodel.sync.run_decisions import release
from orgmodel.sync.versions import Versioned

from .twelve import APPS, HR, OKTA, PEOPLE, PLACED, RECORDS, recorded, sync
from .world import account, group, member, moment

pytestmark = pytest.mark.django_db


def without(kind: str) -> list[Fact]:
    return [fact for fact in OKTA if type(fact).__name__ != kind]


def changed(kind: str, **values: Any) -> list[Fact]:
    """Everything as it was, except these values of all facts of one kind."""
    return [fact._replace(**values) if type(fact).__name__ == kind else fact for fact in OKTA]


def blank(*names: str) -> list[Fact]:
    return [
        fact._replace(attributes={k: v for k, v in fact.attributes.items() if k not in names})
        if isinstance(fact, AccountFact)
        else fact
        for fact in OKTA
    ]


CASES: dict[str, tuple[list[Fact], str]] = {
    "rules answered with an empty list": (
        without("RuleFact"),
        "The answer holds no group rules at all, where 8 are known",
    ),
    "pushes emptied": (without("PushFact"), "The answer holds no group pushes at all, where 3 are known"),
    "owners emptied": (without("OwnerFact"), "The answer holds no group owners at all, where 3 are known"),
    "schema emptied": (
        without("ProfileFact"),
        "The answer holds no attributes of the user schema at all, where 3 are known",
    ),
    "memberships emptied": (
        without("GrantFact"),
        "The answer holds no memberships at all, where 12 are known",
    ),
    "apps emptied": (
        [f for f in without("EdgeFact") if type(f).__name__ != "SeatFact" and f not in APPS],
        "The answer holds no apps at all, where 4 are known",
    ),
    "a value blank for everybody": (blank("team"), "12 of 12 values of team would vanish"),
    "titles blank for everybody": (changed("AccountFact", title=""), "12 of 12 values of title would vanish"),
    "managers blank for everybody": (
        changed("AccountFact", manager_ref=""),
        "11 of 11 manager references would vanish",
    ),
    "managers that are nobody": (
        changed("AccountFact", manager_ref="nobody"),
        "11 of 11 people's managers would vanish",
    ),
    "addresses blank for everybody": (
        changed("AccountFact", email=""),
        "12 of 12 e-mail addresses would vanish",
    ),
    "numbers blank for everybody": (
        changed("AccountFact", employee_number=""),
        "12 of 12 employee numbers would vanish",
    ),
    "everybody deprovisioned": (
        changed("AccountFact", status="DEPROVISIONED"),
        "12 of 12 active accounts would no longer be active",
    ),
    "everybody suspended": (
        changed("AccountFact", status="SUSPENDED"),
        "12 of 12 active accounts would no longer be active",
    ),
    "everybody with a last day that has passed": (
        changed("AccountFact", end_date=moment(0).date()),
        "12 of 12 active people would no longer be active",
    ),
    "all rules inactive": (
        changed("RuleFact", status="inactive"),
        "8 of 8 active group rules would no longer be active",
    ),
    "all apps inactive": (
        [fact._replace(status="inactive") if fact in APPS else fact for fact in OKTA],
        "4 of 4 active apps would no longer be active",
    ),
    "levels of seats all null": (
        changed("SeatFact", level="assigned"),
        "12 of 12 levels of app assignments would vanish",
    ),
    "levels of edges all null": (
        changed("EdgeFact", target_level="assigned"),
        "12 of 12 levels at which groups open apps would vanish",
    ),
}


def test_whatever_vanishes_at_once_is_held_back_and_its_cause_is_told_once() -> None:
    sync(OKTA, 0)
    held = {name: sync(facts, number + 1) for number, (name, (facts, _)) in enumerate(CASES.items())}
    assert {name: outcome.outcome for name, outcome in held.items()} == dict.fromkeys(CASES, "quarantined")
    assert {name: outcome.reason[: len(CASES[name][1])] for name, outcome in held.items()} == {
        name: reason for name, (_, reason) in CASES.items()
    }
    assert [name for name, outcome in held.items() if outcome.reason.count(". ") > 1] == []
    assert sync(OKTA, 99).outcome == "unchanged"


@pytest.mark.parametrize("name", ["rules answered with an empty list", "everybody deprovisioned"])
def test_whatever_was_held_back_can_be_released(name: str) -> None:
    facts, _ = CASES[name]
    sync(OKTA, 0)
    sync(facts, 1)
    release(Run.objects.get(outcome="quarantined"), Decider(None, moment(1.5), "True."))
    assert sync(facts, 2).outcome == "applied"


def test_a_value_that_few_had_may_go() -> None:
    some = [account("p0", badge="7"), account("p1", badge="8"), *(account(f"p{n}") for n in range(2, 20))]
    rest: list[Fact] = [group("00g0"), member("p0", "00g0")]
    sync([*some, *rest], 0)
    assert sync([*(account(f"p{n}") for n in range(20)), *rest], 1).outcome == "applied"
    assert not Attribute.objects.filter(name="badge", ended=None).exists()


def test_most_of_the_values_gone_is_too_much_and_ten_may_always_go() -> None:
    crowd = [account(f"p{n}", team="kale") for n in range(30)]
    rest: list[Fact] = [group("00g0"), member("p0", "00g0")]
    sync([*crowd, *rest], 0)

    def teamless(number: int) -> list[Fact]:
        return [*(account(f"p{n}") for n in range(number)), *crowd[number:], *rest]

    assert sync(teamless(11), 1).reason == (
        "11 of 30 values of team would vanish, more than the 20% that limits.shrink_share allows in one run."
        " Check the source, then run the sync again or release this run."
    )
    assert sync(teamless(10), 2).outcome == "applied"


def test_an_attribute_that_is_no_longer_asked_for_does_not_vanish() -> None:
    sync(OKTA, 0)
    unasked = [
        fact._replace(kept=False) if isinstance(fact, ProfileFact) and fact.name == "badge" else fact
        for fact in blank("badge")
    ]
    assert sync(unasked, 1).outcome == "applied"


def test_several_causes_are_told_and_what_follows_from_them_is_not() -> None:
    sync(OKTA, 0)
    both = [fact for fact in without("RuleFact") if type(fact).__name__ != "OwnerFact"]
    assert sync(both, 1).reason.split(". ") == [
        (
            "The answer holds no group rules at all, where 8 are known: an empty answer is not an empty"
            " company"
        ),
        "Check what the source gives, then run the sync again or release this run",
        (
            "The answer holds no group owners at all, where 3 are known: an empty answer is not an empty"
            " company"
        ),
        "Check what the source gives, then run the sync again or release this run.",
    ]
    assert sync([group("00g0")], 2).reason.startswith("The answer holds no users at all, where 12 are known")


def test_assignments_with_only_a_header_open_no_move() -> None:
    recorded()
    held = sync(HR, 1, "hris")
    assert held.reason.startswith(
        "The answer holds no recorded unit assignments at all, where 12 are known: an empty answer"
    )
    assert not Move.objects.exists()
    assert Assignment.objects.filter(ended=None, source="hris").count() == 12


def test_most_assignments_gone_is_too_much() -> None:
    recorded()
    assert sync([*HR, *PLACED[11:]], 1, "hris").reason.startswith(
        "11 of 12 recorded unit assignments would vanish"
    )


def test_everybody_ended_in_hr_is_held_back() -> None:
    recorded()
    gone = [fact._replace(status="ended") for fact in HR]
    assert sync([*gone, *PLACED], 1, "hris").reason.startswith(
        "12 of 12 active accounts would no longer be active"
    )
    assert Person.objects.filter(status="active").count() == 12


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"parent": ""}, "4 of 4 parents of units would vanish"),
        ({"lead": ""}, "4 of 4 leads of units would vanish"),
        ({"active": False}, "5 of 5 active units would no longer be active"),
    ],
)
def test_what_units_say_of_themselves_is_guarded(values: dict[str, Any], reason: str) -> None:
    recorded()
    emptied = [fact._replace(**values) for fact in RECORDS]
    assert sync(emptied, 1, "control").reason.startswith(reason)


def test_no_units_at_all_is_held_back_and_once_released_they_end() -> None:
    recorded()
    held = sync([], 1, "control")
    assert held.reason.startswith("The answer holds no recorded units at all, where 5 are known")
    release(Run.objects.latest("pk"), Decider(None, moment(1.5), "True."))
    assert sync([], 2, "control").outcome == "applied"
    assert not OrgUnit.objects.filter(ended=None, source="control").exists()


def test_a_quiet_log_is_no_loss() -> None:
    assert [kind.name for kind in KINDS if kind.only_adds] == ["handover", "event"]


def test_only_what_is_planned_may_go_as_it_likes() -> None:
    assert [kind.name for kind in KINDS if kind.passes] == ["planned"]


def test_every_kind_that_can_end_is_measured() -> None:
    declared = {
        value.kind
        for module in (assignments, entities, graph, people, planned, units)
        for value in vars(module).values()
        if isinstance(value, Versioned | entities.Entity)
    }
    assert declared >= {"account", "resource", "grant", "rule", "manager", "unit", "assignment"}
    measured = {measure.of.name for measure in measures()}
    assert declared | {"person"} == measured | {"planned"}
    assert {kind.name for kind in BY_FACT.values()} <= measured | {"event", "planned"}
    assert len({measure.limit.name for measure in measures()}) == len(measures())


def test_a_kind_that_nobody_measures_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    known = tuple(each for each in measures() if each.of.name != "rule")
    monkeypatch.setattr(guard, "measures", lambda: known)
    outcome = sync(OKTA, 0)
    assert (outcome.outcome, outcome.reason) == (
        "failed",
        "The sync stopped on an error (LookupError); nothing was applied.",
    )
    assert not Account.objects.exists()


def test_a_source_that_nobody_declared_cannot_be_applied() -> None:
    assert sync(PEOPLE, 0, "payroll").reason == "There is no source payroll; nothing was applied."
    assert not Account.objects.exists()
