"""The merge: what began, ended and changed, with causes, over a hand-made company."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Assignment, Attribute, Change, Grant, Move, OrgUnit, Person, Run
from orgmodel.sync.runs import SyncOutcome, read_and_apply

from .world import FactsReader, account, added, app, group, member, moment, opens, removed, rule

pytestmark = pytest.mark.django_db

CUCUMBER = group("00gcucumber", "team-cucumber", "AUTO team Cucumber", airtableId="recCUC", active=True)
RADISH = group("00gradish", "team-radish", "AUTO team Radish", airtableId="recRAD", active=True)
APPS: list[Fact] = [
    app("0oafigma", "Figma"),
    app("0oaradish", "Radish staging"),
    opens("00gcucumber", "0oafigma", "Editor"),
    opens("00gradish", "0oaradish"),
    rule("0prcuc", "Cucumber team", 'user.team == "cucumber"', "00gcucumber"),
    rule("0prrad", "Radish team", 'user.team == "radish"', "00gradish"),
]
BEFORE: list[Fact] = [
    account("nadia", "Nadia Brandt", team="radish", manager_ref="lena"),
    account("lena", "Lena Osei", team="cucumber"),
    CUCUMBER,
    RADISH,
    *APPS,
    member("nadia", "00gradish", "0prrad"),
    member("lena", "00gcucumber", "0prcuc"),
]
AFTER: list[Fact] = [
    account("nadia", "Nadia Brandt", team="cucumber", manager_ref="lena"),
    account("lena", "Lena Osei", team="cucumber"),
    CUCUMBER,
    RADISH,
    *APPS,
    member("nadia", "00gcucumber", "0prcuc"),
    member("lena", "00gcucumber", "0prcuc"),
]


def sync(
    facts: Sequence[Fact], day: float = 0.0, source: str = "okta", truth: str = "okta", **options: Any
) -> SyncOutcome:
    return read_and_apply(FactsReader(facts, source=source, **options), Conventions(), truth, now=moment(day))


def test_first_sync_builds_the_graph_in_silence() -> None:
    outcome = sync(BEFORE)
    assert outcome.outcome == "applied"
    assert outcome.counts["grant"] == {"seen": 2, "began": 2, "ended": 0, "changed": 0}
    assert Person.objects.filter(name="Nadia Brandt", manager__name="Lena Osei").count() == 1
    unit = OrgUnit.objects.get(slug="cucumber")
    assert (unit.kind, unit.native_id, unit.name, unit.source) == ("team", "recCUC", "Cucumber", "okta")
    assert {a.person.name: a.unit.name for a in Assignment.objects.filter(ended=None)} == {
        "Nadia Brandt": "Radish",
        "Lena Osei": "Cucumber",
    }
    assert not Move.objects.exists()
    assert not Change.objects.filter(baseline=False).exists()


def test_same_answer_changes_nothing() -> None:
    sync(BEFORE)
    rows = (Grant.objects.count(), Attribute.objects.count(), Change.objects.count())
    outcome = sync(BEFORE, day=1)
    assert outcome.outcome == "unchanged"
    assert (Grant.objects.count(), Attribute.objects.count(), Change.objects.count()) == rows


@pytest.mark.parametrize("origin", ["app", "rule"])
def test_what_okta_says_of_a_membership_stands_against_who_made_it(origin: Literal["app", "rule"]) -> None:
    facts: list[Fact] = [
        account("00unadia"),
        group("00gprint", "Printers", kind="imported"),
        member("00unadia", "00gprint")._replace(origin=origin),
    ]
    sync([*facts, added("e1", "00unadia", "00gprint", moment(-1))])
    assert Grant.objects.get().origin == origin
    assert Change.objects.get(kind="grant").cause["kind"] == "admin"
    assert sync(facts, day=1).outcome == "unchanged"


@pytest.mark.parametrize("known_as", ["svc.terraform", "00uterraform"])
def test_who_is_an_automation_by_configuration_adds_nothing_by_hand(known_as: str) -> None:
    log = added("e1", "nadia", "00gonc", moment(-1), actor_id="00uterraform", actor_name="svc.terraform")
    facts: list[Fact] = [account("nadia"), group("00gonc", "On-call"), member("nadia", "00gonc"), log]
    read_and_apply(FactsReader(facts), Conventions(automation_actors=(known_as,)), "okta", now=moment(0))
    assert Grant.objects.get().origin == "automation"
    assert Change.objects.get(kind="grant").cause["kind"] == "automation"


def test_a_move_ends_and_begins_with_its_cause() -> None:
    sync(BEFORE)
    sync(
        [
            *AFTER,
            removed("e1", "nadia", "00gradish", moment(0.9), rule="0prrad", actor_type="SystemPrincipal"),
        ],
        day=1,
    )
    nadia = Person.objects.get(name="Nadia Brandt")
    gained = Change.objects.get(person=nadia, kind="grant", verb="began", baseline=False)
    assert gained.what == "team-cucumber"
    assert gained.evidence == "okta"
    assert gained.cause["rule_name"] == "Cucumber team"
    assert (gained.cause["attribute"], gained.cause["before"], gained.cause["after"]) == (
        "team",
        "radish",
        "cucumber",
    )
    lost = Change.objects.get(person=nadia, kind="grant", verb="ended")
    assert (lost.what, lost.evidence, lost.true_at) == ("team-radish", "log", moment(0.9))
    assert lost.cause["kind"] == "rule"
    move = Move.objects.get(person=nadia)
    assert (move.kind, move.state, move.opened) == ("mover", "open", moment(1))
    assert set(move.changes.values_list("kind", "verb")) == {
        ("attribute", "changed"),
        ("assignment", "began"),
        ("assignment", "ended"),
        ("grant", "began"),
        ("grant", "ended"),
    }
    ended = Assignment.objects.get(person=nadia, unit__slug="radish")
    assert (ended.began, ended.ended) == (moment(0), moment(1))


@pytest.mark.parametrize("breaks_after", range(8))
def test_a_read_that_breaks_changes_nothing(breaks_after: int) -> None:
    sync(BEFORE)
    outcome = sync(AFTER, day=1, breaks_after=breaks_after, size=1)
    assert (outcome.outcome, outcome.reason) == ("failed", "Okta cut the connection.")
    assert list(Run.objects.order_by("pk").values_list("outcome", flat=True)) == ["applied", "failed"]
    assert not Change.objects.filter(baseline=False).exists()
    assert Grant.objects.filter(ended=None).count() == 2


@pytest.mark.parametrize("missing", [("AccountFact",), ("GrantFact",), ("ResourceFact", "GrantFact")])
def test_an_empty_answer_is_held_back(missing: tuple[str, ...]) -> None:
    sync(BEFORE)
    facts = [fact for fact in BEFORE if type(fact).__name__ not in missing]
    outcome = sync(facts, day=1)
    assert outcome.outcome == "quarantined"
    assert "an empty answer is not an empty company" in outcome.reason
    assert Grant.objects.filter(ended=None).count() == 2
    assert Person.objects.filter(ended=None).count() == 2


def test_preview_writes_nothing() -> None:
    sync(BEFORE)
    outcome = read_and_apply(FactsReader(AFTER), Conventions(), "okta", now=moment(1), preview=True)
    assert outcome.counts["grant"]["ended"] == 1
    assert not Change.objects.filter(baseline=False).exists()
    assert Run.objects.count() == 1
