"""What turned a rule's answer: only that may take the blame for a membership that began or ended."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orgmodel.why.rule_causes import (
    AccountState,
    Blame,
    Instant,
    Known,
    RuleState,
    asks_for_groups,
    blame,
)

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
NADIA = Known("00unadia", "00gred")
RED = 'user.team == "red"'
Values = Mapping[str, Any]


def rule(expression: str = RED, status: str = "active", *excluded: str, target: str = "00gred") -> RuleState:
    return RuleState(status, expression, frozenset({target}), frozenset(excluded))


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def states(expression: str, *values: Values, groups: Sequence[Mapping[str, str]] = ()) -> list[Instant]:
    """One rule, and the account as it was day by day."""
    inside = groups or [{}] * len(values)
    return [
        Instant(day(number), rule(expression), AccountState(each, inside[number]))
        for number, each in enumerate(values)
    ]


def of(found: Blame) -> tuple[str, str, Any, Any]:
    return found.kind, found.name, found.before, found.after


JOINED = [
    # A clause whose truth did not turn is none, whatever changed beside it.
    (RED, {"team": "blue", "title": "A"}, {"team": "red", "title": "B"}, "team"),
    ('user.team == "red" AND user.city != "Rome"', {"team": "blue", "city": "A"}, {"team": "red"}, "team"),
    # Denied clauses turn the other way.
    ('!(user.team == "blue")', {"team": "blue"}, {"team": "red"}, "team"),
    ('!(user.team == "blue") AND user.vip != true', {"team": "red", "vip": True}, {"team": "red"}, "vip"),
    ('user.team != "blue"', {"team": "blue"}, {"team": None}, "team"),
    # One of several ways in.
    ('user.team == "red" OR user.team == "rot"', {"team": "blue"}, {"team": "rot"}, "team"),
    ('user.team == "red" OR user.city == "Rome"', {"city": "Oslo"}, {"city": "Rome", "team": "x"}, "city"),
    # Both were needed: the first that the rule asks for.
    ('user.city == "Rome" AND user.team == "red"', {}, {"team": "red", "city": "Rome"}, "city"),
    # Each would have done.
    ('user.city == "Rome" OR user.team == "red"', {}, {"team": "red", "city": "Rome"}, "city"),
    # Lists and functions.
    ('Arrays.contains(user.roles, "dev")', {"roles": ["ops"]}, {"roles": ["ops", "dev"]}, "roles"),
    ('String.startsWith(user.title, "Lead")', {"title": "Dev"}, {"title": "Lead dev"}, "title"),
    ('String.stringContains(user.title, "dev")', {"title": "Ops"}, {"title": "Lead dev"}, "title"),
    (
        'user.vip ? user.team == "red" : false',
        {"vip": False, "team": "red"},
        {"team": "red", "vip": True},
        "vip",
    ),
    ('user.getInternalProperty("status") == "ACTIVE"', {"status": "STAGED"}, {"status": "ACTIVE"}, "status"),
]


@pytest.mark.parametrize(("expression", "before", "after", "name"), JOINED)
def test_an_attribute_that_turned_the_answer(
    expression: str, before: Values, after: Values, name: str
) -> None:
    gain = blame(True, states(expression, before, after), NADIA)
    assert of(gain) == ("attribute", name, before.get(name), after.get(name))
    assert gain.at == day(1)
    loss = blame(False, states(expression, after, before), NADIA)
    assert loss.kind == "attribute"
    assert loss.before == after.get(loss.name)


@pytest.mark.parametrize(
    ("expression", "before", "after"),
    [
        # The rule mentions what changed, and would have taken the person all the same.
        ('user.team == "red" OR user.city == "Rome"', {"team": "red"}, {"team": "red", "city": "Rome"}),
        ('user.team == "red" AND user.title != "X"', {"team": "red", "title": "A"}, {"team": "red"}),
        (RED, {"team": "red"}, {"team": "red"}),
    ],
)
def test_an_attribute_that_turned_nothing_takes_no_blame(
    expression: str, before: Values, after: Values
) -> None:
    assert blame(True, states(expression, before, after), NADIA) == Blame("rule")
    assert blame(False, states(expression, before, after), NADIA) == Blame("against")


def test_what_cannot_be_evaluated_takes_no_blame() -> None:
    schema = replace(NADIA, schema=frozenset({"team"}), kept=frozenset())
    assert blame(True, states(RED, {}, {}), schema) == Blame("rule")
    later = states('user.secret == "x" OR user.team == "red"', {"team": "blue"}, {"team": "red"})
    known = replace(NADIA, schema=frozenset({"team", "secret"}), kept=frozenset({"team"}))
    assert blame(True, later, known) == Blame("rule")
    # What Okta makes of a missing value beside null is not documented.
    assert blame(True, states("user.team == null", {"team": "red"}, {}), NADIA) == Blame("rule")
    assert blame(True, states("user.team = red", {"team": "blue"}, {"team": "red"}), NADIA).kind == "against"


def test_the_last_turn_counts() -> None:
    days = states(RED, {"team": "red"}, {"team": "blue"}, {"team": "red"}, {"team": "red", "title": "X"})
    found = blame(True, days, NADIA)
    assert (of(found), found.at) == (("attribute", "team", "blue", "red"), day(2))


def test_a_group_that_the_rule_asks_for() -> None:
    expression = 'isMemberOfGroupName("crew") AND user.team == "red"'
    inside, outside = {"00gcrew": "crew", "00gx": "x"}, {"00gy": "y"}
    team = {"team": "red"}
    gain = blame(True, states(expression, team, team, groups=[outside, inside]), NADIA)
    assert of(gain) == ("group", "00gcrew", False, True)
    loss = blame(False, states(expression, team, team, groups=[inside, outside]), NADIA)
    assert of(loss) == ("group", "00gcrew", True, False)
    denied = blame(True, states(f"!({expression})", team, team, groups=[inside, outside]), NADIA)
    assert of(denied) == ("group", "00gcrew", True, False)


def test_groups_that_are_not_known_turn_nothing() -> None:
    inside = AccountState({"team": "red"}, None)
    days = [Instant(day(n), rule('isMemberOfGroupName("crew")'), inside) for n in range(2)]
    assert blame(True, days, NADIA) == Blame("rule")


TEAM_RED, TEAM_BLUE = AccountState({"team": "red"}), AccountState({"team": "blue"})


@pytest.mark.parametrize(
    ("joined", "was", "now", "kind"),
    [
        (False, rule(), None, "deleted"),
        (True, None, rule(), "made"),
        (False, rule(), rule('user.team == "rot"'), "edited"),
        (True, rule('user.team == "rot"'), rule(), "edited"),
        (False, rule(), rule(target="00gelse"), "edited"),
        (True, rule(status="inactive"), rule(), "active"),
        (False, rule('user.team == "rot"', "inactive"), rule('user.team == "rot"'), "active"),
        (False, rule(), rule(RED, "active", "00unadia"), "excluded"),
        (True, rule(RED, "active", "00unadia"), rule(), "excluded"),
        # To make a rule inactive removes nobody.
        (False, rule(), rule(status="inactive"), "against"),
        (False, rule(), rule(status="invalid"), "against"),
        (False, rule(status="inactive"), rule(status="inactive"), "against"),
        (False, rule(), rule(RED, "active", "00uelse"), "against"),
    ],
)
def test_the_rule_itself(joined: bool, was: RuleState | None, now: RuleState | None, kind: str) -> None:
    found = blame(joined, [Instant(day(0), was, TEAM_RED), Instant(day(1), now, TEAM_RED)], NADIA)
    assert found.kind == kind
    assert found.at == (None if kind == "against" else day(1))


def test_an_edit_and_an_attribute_at_once() -> None:
    edited = rule('user.team == "rot"')
    # Each alone ends it: nobody can say which did.
    both = [Instant(day(0), rule(), TEAM_RED), Instant(day(1), edited, TEAM_BLUE)]
    assert blame(False, both, NADIA) == Blame("rule")
    # The rule said yes to the new value before and after: only the edit can be it, or only the attribute.
    wider = rule('user.team == "red" OR user.team == "blue"')
    one = [Instant(day(0), wider, TEAM_RED), Instant(day(1), rule(), TEAM_BLUE)]
    assert blame(False, one, NADIA) == Blame("rule")
    attribute = [Instant(day(0), rule(), TEAM_RED), Instant(day(1), wider, AccountState({"team": "x"}))]
    assert of(blame(False, attribute, NADIA)) == ("attribute", "team", "red", "x")


def test_a_rule_that_was_made_inactive_after_it_acted() -> None:
    days = [
        Instant(day(0), rule(), TEAM_RED),
        Instant(day(1), rule(), TEAM_BLUE),
        Instant(day(2), rule(status="inactive"), TEAM_BLUE),
    ]
    assert of(blame(False, days, NADIA)) == ("attribute", "team", "red", "blue")


def test_which_expressions_ask_for_groups() -> None:
    assert asks_for_groups('isMemberOfAnyGroup("00g1")')
    assert not asks_for_groups(RED)
    assert not asks_for_groups("user.team = red")
