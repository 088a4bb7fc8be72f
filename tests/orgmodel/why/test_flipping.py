"""The clause that turned when an attribute did, and the sentence about it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orgmodel.rules.explain import Clause
from orgmodel.why.causes import Cause
from orgmodel.why.flipping import Version, flip_sentence, flipped

RED = 'user.team == "red" AND user.userType != "Contractor"'
NOW = datetime(2026, 3, 2, tzinfo=UTC)
BEFORE = datetime(2026, 3, 1, tzinfo=UTC)
LEFT = {"rule": "0pr1", "rule_name": "Red", "attribute": "team", "before": "red", "after": "blue"}


def test_only_the_clause_of_the_changed_attribute_flips() -> None:
    (clause,) = flipped(RED, Cause.read(LEFT))
    assert (clause.text, clause.holds, clause.value) == ('user.team == "red"', False, "blue")
    (back,) = flipped(RED, Cause.read({**LEFT, "before": "blue", "after": "red"}))
    assert back.holds is True


def test_both_clauses_of_one_attribute_may_flip() -> None:
    assert [
        clause.text for clause in flipped('user.team == "red" AND user.team != "blue"', Cause.read(LEFT))
    ] == [
        'user.team == "red"',
        'user.team != "blue"',
    ]


@pytest.mark.parametrize(
    "expression",
    ['user.title == "Lead"', 'user.team == "green"', 'user.team = "red"', "", "user.secret.thing(user.team)"],
)
def test_no_clause_flips_where_none_turned_or_none_can_be_read(expression: str) -> None:
    assert flipped(expression, Cause.read(LEFT)) == ()


@pytest.mark.parametrize(
    ("cause", "expression", "sentence"),
    [
        (
            {**LEFT, "attribute_at": "2026-03-02T09:00:00+00:00", "attribute_source": "hris"},
            RED,
            (
                "The rule “Red” asks that team is red, which holds no more:"
                " team changed from red to blue on 2026-03-02 in the HR record."
            ),
        ),
        (
            {**LEFT, "before": "blue", "after": "red", "attribute_source": "okta"},
            RED,
            "The rule “Red” asks that team is red, which holds now: team changed from blue to red in Okta.",
        ),
        (
            {**LEFT, "before": None, "after": "red"},
            RED,
            "The rule “Red” asks that team is red, which holds now: team became red.",
        ),
        (
            {**LEFT, "after": None},
            RED,
            "The rule “Red” asks that team is red, which holds no more: team is no longer red.",
        ),
        (LEFT, 'user.team == "green"', "The rule “Red” looks at team: team changed from red to blue."),
        (
            {"rule": "0pr1", "attribute": "team", "before": "red"},
            "user.team = red",
            "The rule “0pr1” looks at team: team is no longer red.",
        ),
        (
            LEFT,
            'user.team == "red" AND user.team != "blue"',
            (
                "The rule “Red” asks that team is red and team is not blue, which holds no more:"
                " team changed from red to blue."
            ),
        ),
    ],
)
def test_the_sentence_of_a_changed_attribute(cause: dict[str, Any], expression: str, sentence: str) -> None:
    said = Cause.read(cause)
    assert flip_sentence(said, flipped(expression, said), (), NOW) == sentence


def version(at: datetime, status: str = "ACTIVE", expression: str = 'user.team == "red"') -> Version:
    return Version(at, "Red", status, expression)


@pytest.mark.parametrize(
    ("versions", "sentence"),
    [
        ((version(NOW, "INACTIVE"), version(BEFORE)), "The rule “Red” was switched off."),
        ((version(NOW), version(BEFORE, "INACTIVE")), "The rule “Red” was switched on."),
        ((version(NOW, "DELETED"), version(BEFORE)), "The rule “Red” was deleted."),
        (
            (version(NOW, expression='user.team == "rot"'), version(BEFORE)),
            'The rule “Red” was changed: it asked for user.team == "red" and asks for user.team == "rot".',
        ),
        ((version(NOW), version(BEFORE)), "The rule “Red” was changed."),
        ((version(NOW),), "The rule “Red” was made."),
        ((version(BEFORE), version(BEFORE)), ""),
        ((), ""),
    ],
)
def test_the_sentence_of_a_changed_rule(versions: tuple[Version, ...], sentence: str) -> None:
    clauses: tuple[Clause, ...] = ()
    assert flip_sentence(Cause("rule", rule="0pr1", rule_name="Red"), clauses, versions, NOW) == sentence
