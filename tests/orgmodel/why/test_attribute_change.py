"""The clause that turned when an attribute did, and the sentence about it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orgmodel.why.attribute_change import Version, flip_sentence, flipped
from orgmodel.why.causes import Cause
from orgmodel.why.voice import YOU

RED = 'user.team == "red" AND user.userType != "Contractor"'
NOW = datetime(2026, 3, 2, tzinfo=UTC)
BEFORE = datetime(2026, 3, 1, tzinfo=UTC)
LEFT = {
    "kind": "rule",
    "rule": "0pr1",
    "rule_name": "Red",
    "attribute": "team",
    "before": "red",
    "after": "blue",
}

CREW = 'isMemberOfGroupName("crew")'
MEMBER = {
    "kind": "rule",
    "rule": "0pr1",
    "rule_name": "Red",
    "membership": "crew",
    "membership_id": "00gcrew",
}


def test_a_rule_that_is_called_otherwise_today_is_named_as_both() -> None:
    cause = Cause("rule", rule_name="Red", rule_now="Red crew", attribute="team", before="red", after="blue")
    assert flip_sentence(cause, flipped('user.team == "red"', cause)) == (
        "The rule “Red crew”, then called “Red”, requires that team is red, which is no longer true:"
        " their team changed from red to blue."
    )


def test_only_the_clause_of_the_changed_attribute_flips() -> None:
    (clause,) = flipped(RED, Cause.read(LEFT))
    assert (clause.text, clause.holds, clause.value) == ('user.team == "red"', False, "blue")
    (back,) = flipped(RED, Cause.read({**LEFT, "before": "blue", "after": "red"}))
    assert back.holds is True


def test_the_clause_about_a_group_that_the_person_left_flips() -> None:
    expression = f'{CREW} AND isMemberOfGroupName("other") AND user.team == "red"'
    (left,) = flipped(expression, Cause.read({**MEMBER, "joined": False}))
    assert (left.text, left.holds) == (CREW, False)
    (joined,) = flipped(expression, Cause.read({**MEMBER, "joined": True}))
    assert (joined.text, joined.holds) == (CREW, True)


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
            {**LEFT, "attribute_at": "2026-03-02T09:00:00+00:00"},
            RED,
            (
                "The rule “Red” requires that team is red, which is no longer true:"
                " their team changed from red to blue on 2 March 2026."
            ),
        ),
        (
            {**LEFT, "before": "blue", "after": "red"},
            RED,
            (
                "The rule “Red” requires that team is red, which is now true:"
                " their team changed from blue to red."
            ),
        ),
        (
            {**LEFT, "before": None, "after": "red"},
            RED,
            "The rule “Red” requires that team is red, which is now true: their team became red.",
        ),
        (
            {**LEFT, "after": None},
            RED,
            "The rule “Red” requires that team is red, which is no longer true: their team is no longer red.",
        ),
        # The cause itself says all that is known.
        (LEFT, 'user.team == "green"', ""),
        ({"kind": "rule", "rule": "0pr1", "attribute": "team", "before": "red"}, "user.team = red", ""),
        ({**MEMBER, "joined": False}, CREW, ""),
        (
            LEFT,
            'user.team == "red" AND user.team != "blue"',
            (
                "The rule “Red” requires that team is red and team is not blue, which is no longer true:"
                " their team changed from red to blue."
            ),
        ),
    ],
)
def test_the_sentence_of_a_changed_attribute(cause: dict[str, Any], expression: str, sentence: str) -> None:
    read_cause = Cause.read(cause)
    assert flip_sentence(read_cause, flipped(expression, read_cause)) == sentence


def test_where_the_attribute_changed() -> None:
    read_cause = Cause.read({**LEFT, "attribute_at": "2026-03-02T09:00:00+00:00"})
    assert flip_sentence(read_cause, flipped(RED, read_cause), source="Okta") == (
        "The rule “Red” requires that team is red, which is no longer true:"
        " their team changed from red to blue on 2 March 2026 in Okta."
    )


def version(at: datetime, status: str = "active", expression: str = 'user.team == "red"') -> Version:
    return Version(at, "Red", status, expression)


@pytest.mark.parametrize(
    ("how", "versions", "sentence"),
    [
        (
            "edited",
            (version(NOW, expression='user.team == "rot"'), version(BEFORE)),
            'The rule “Red” was changed: it required user.team == "red" and now requires user.team == "rot".',
        ),
        ("edited", (version(NOW), version(BEFORE)), ""),
        ("edited", (version(NOW),), ""),
        ("deleted", (version(NOW, "deleted"), version(BEFORE)), ""),
        ("", (version(NOW, "inactive"), version(BEFORE)), ""),
    ],
)
def test_the_sentence_of_a_changed_rule(how: str, versions: tuple[Version, ...], sentence: str) -> None:
    cause = Cause("rule", rule="0pr1", rule_name="Red", how=how)
    assert flip_sentence(cause, (), versions) == sentence


def test_what_is_not_by_a_rule_has_no_sentence_here() -> None:
    assert flip_sentence(Cause("unknown", rule="0pr1"), ()) == ""


def test_the_sentence_to_the_person() -> None:
    cause = Cause.read(LEFT)
    assert flip_sentence(cause, flipped('user.team == "red"', cause), voice=YOU) == (
        "The rule “Red” requires that team is red, which is no longer true:"
        " your team changed from red to blue."
    )
