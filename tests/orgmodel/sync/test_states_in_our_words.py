"""Apps, rules and pushes that an older version stored in Okta's words: no change after the upgrade."""

from importlib import import_module

import pytest
from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact, PushFact
from orgmodel.models import Change, Move, PushMapping, Resource, RuleVersion
from orgmodel.queries.access.holdings import access
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.runs import read_and_apply

from .world import FactsReader, account, app, group, member, moment, opens, rule, seat

pytestmark = pytest.mark.django_db
UPGRADE = import_module("orgmodel.migrations.0022_states_in_our_words")


def sync(day: float, figma: str, team: str, push: str) -> None:
    facts: list[Fact] = [
        account("ada", "Ada Moss", team="red"),
        group("00gteam"),
        app("0oafigma", "Figma", status=figma),
        app("0oaslack", "Slack", status="ACTIVE" if figma.isupper() else "active"),
        member("ada", "00gteam"),
        opens("00gteam", "0oafigma", "Editor"),
        seat("ada", "0oafigma", "GROUP", "Editor"),
        rule("0prteam", "Team", 'user.team == "red"', "00gteam", status=team),
        PushFact("gpm1", "0oaslack", "00gteam", "", push, "", None),
    ]
    outcome = read_and_apply(FactsReader(facts, size=50), Conventions(), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def apply(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)


def stored() -> tuple[set[str], set[str], set[str]]:
    return (
        set(Resource.objects.filter(kind="app").values_list("status", flat=True)),
        set(RuleVersion.objects.filter(ended=None).values_list("status", flat=True)),
        set(PushMapping.objects.filter(ended=None).values_list("status", flat=True)),
    )


def figma(day: float) -> list[str]:
    return [each.level for each in access(find_person("ada"), Moment(moment(day), live=False), OPERATOR).apps]


def test_the_first_sync_after_the_upgrade_changes_nothing() -> None:
    sync(0, "ACTIVE", "INVALID", "ERROR")
    apply(UPGRADE.TO_OURS)
    assert stored() == ({"active"}, {"invalid"}, {"error"})
    sync(1, "active", "invalid", "error")
    assert not Change.objects.filter(baseline=False).exists()
    assert not Move.objects.exists()
    sync(2, "inactive", "inactive", "active")
    assert sorted(Change.objects.filter(baseline=False).values_list("kind", "verb")) == [
        ("push", "changed"),
        ("resource", "changed"),
        ("rule", "changed"),
    ]


def test_the_past_is_answered_as_before_the_upgrade() -> None:
    sync(0, "ACTIVE", "ACTIVE", "ACTIVE")
    sync(1, "INACTIVE", "ACTIVE", "ACTIVE")
    sync(2, "ACTIVE", "INACTIVE", "ACTIVE")
    apply(UPGRADE.TO_OURS)
    assert [figma(day) for day in (0.5, 1.5, 2.5)] == [["Editor"], [], ["Editor"]]
    changes = Change.objects.filter(baseline=False, kind__in=("resource", "rule")).order_by("at", "kind")
    assert list(changes.values_list("kind", "before__status", "after__status")) == [
        ("resource", "active", "inactive"),
        ("resource", "inactive", "active"),
        ("rule", "active", "inactive"),
    ]


def test_it_can_be_taken_back() -> None:
    sync(0, "ACTIVE", "INVALID", "ERROR")
    sync(1, "INACTIVE", "INVALID", "ERROR")
    before = list(Change.objects.order_by("id").values_list("before", "after"))
    apply(UPGRADE.TO_OURS)
    apply(UPGRADE.TO_OKTAS)
    assert stored() == ({"ACTIVE", "INACTIVE"}, {"INVALID"}, {"ERROR"})
    assert list(Change.objects.order_by("id").values_list("before", "after")) == before
