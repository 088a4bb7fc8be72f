"""What a rule is told as to somebody who may not know one of the groups it asks about."""

import pytest

from orgmodel.rules.confidential import Secrets, secrets_of
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.explain import explain
from orgmodel.rules.parse import parse
from orgmodel.rules.words import in_words

BOARD = secrets_of([("00gboard", ("Board of directors", "Steering circle"))])


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ('isMemberOfGroup("00gboard")', 'isMemberOfGroup("(confidential)")'),
        ("isMemberOfGroupName('Board of directors')", "isMemberOfGroupName('(confidential)')"),
        ('isMemberOfGroupName("Steering circle")', 'isMemberOfGroupName("(confidential)")'),
        ('isMemberOfAnyGroup("00gred", "00gboard")', 'isMemberOfAnyGroup("00gred", "(confidential)")'),
        ('isMemberOfGroupNameStartsWith("Board")', 'isMemberOfGroupNameStartsWith("(confidential)")'),
        ('isMemberOfGroupNameContains("circle")', 'isMemberOfGroupNameContains("(confidential)")'),
        ('isMemberOfGroupNameRegex("Board.*")', 'isMemberOfGroupNameRegex("(confidential)")'),
        ('!isMemberOfGroup ( "00gboard" ) OR user.vip', '!isMemberOfGroup ( "(confidential)" ) OR user.vip'),
        # No expression: nobody can say where it ends.
        ('isMemberOfGroupName("Board of directors', 'isMemberOfGroupName("(confidential)'),
        ("in the board: 00gboard isMemberOf", "in the board: (confidential) isMemberOf"),
    ],
)
def test_a_question_about_a_confidential_group_is_left_open(written: str, sentence: str) -> None:
    assert BOARD.expression(written) == sentence


@pytest.mark.parametrize(
    "written",
    [
        'user.team == "Board of directors"',
        'isMemberOfGroupName("Board games") AND user.team == "Board of directors"',
        'isMemberOfGroupNameStartsWith("team-")',
    ],
)
def test_everything_else_stays_as_it_is(written: str) -> None:
    assert BOARD.expression(written) == written


def test_who_may_know_is_told_all() -> None:
    assert Secrets().expression('isMemberOfGroup("00gboard")') == 'isMemberOfGroup("00gboard")'
    assert Secrets().label("Board of directors") == "Board of directors"


def test_it_is_not_known_whether_somebody_is_in_a_group_that_is_left_open() -> None:
    text = BOARD.expression('isMemberOfGroup("00gboard") OR user.team == "red"')
    blue = Subject({"team": "blue"}, group_ids=frozenset(), group_names=frozenset())
    explanation = explain(text, parse(text), blue)
    assert (explanation.value, explanation.reason) == (None, "it asks about a group that is confidential")
    assert in_words(parse(text)) == "everyone who is in the group (confidential) or whose team is red"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Board of directors feed", "(confidential)"),
        ("feed of the STEERING CIRCLE", "(confidential)"),
        ("to 00gboard", "(confidential)"),
        ("Board games", "Board games"),
        ("Steering circles", "Steering circles"),
    ],
)
def test_a_name_that_holds_a_confidential_one_is_not_told(name: str, sentence: str) -> None:
    assert BOARD.label(name) == sentence
    assert BOARD.cause({"kind": "rule", "rule": "0pr1", "rule_name": name})["rule_name"] == sentence


def test_a_cause_without_a_rule_stays_as_it_is() -> None:
    assert BOARD.cause({"kind": "admin", "actor": "Tomas"}) == {"kind": "admin", "actor": "Tomas"}


@pytest.mark.parametrize(
    "membership",
    [
        {"membership": "Board of directors", "membership_id": "00gboard"},
        # Called otherwise than it ever was here, or by its id alone.
        {"membership": "The few", "membership_id": "00gboard"},
        {"membership": "Steering circle", "membership_id": "00gother"},
    ],
)
def test_a_cause_does_not_name_the_confidential_group_behind_it(membership: dict[str, str]) -> None:
    shown = {"kind": "rule", "membership": "(confidential)", "membership_id": "(confidential)"}
    assert BOARD.cause({"kind": "rule", **membership}) == shown
    open_ = {"kind": "rule", "membership": "team-red", "membership_id": "00gred"}
    assert BOARD.cause(open_) == open_
