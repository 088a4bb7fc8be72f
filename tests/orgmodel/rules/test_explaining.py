"""Why a rule fits somebody or not: each clause, which of them decide, and what is missing. By hand."""

from typing import Any

import pytest
from hypothesis import given, settings

from orgmodel.rules import tree
from orgmodel.rules.evaluate import Subject, fits
from orgmodel.rules.explain import Explanation, explain, shown
from orgmodel.rules.parse import parse
from orgmodel.rules.render import render
from orgmodel.rules.similarity import FAR, distance, nearness
from orgmodel.rules.values import UNSET, Unknown

from .test_logic import PROFILES
from .test_reading import TREES

NAMES = {"00ga": "team-cucumber", "00gb": "crew"}
ADA = Subject(
    {"team": "Cucumbre", "city": "oslo", "dep": "R &D", "tags": ["dev"], "isTemp": True, "level": 3},
    group_ids=frozenset({"00ga"}),
    group_names=frozenset({"team-cucumber"}),
    native_id="u",
    status="ACTIVE",
)


def explained(text: str) -> Explanation:
    return explain(text, parse(text), ADA, NAMES)


@pytest.mark.parametrize(
    ("text", "value", "clauses", "deciding", "missing"),
    [
        (
            'user.team == "Cucumber"',
            False,
            [('user.team == "Cucumber"', "Cucumbre", False, "one letter away")],
            [0],
            [0],
        ),
        (
            'user.city == "Oslo"',
            False,
            [('user.city == "Oslo"', "oslo", False, "differs only in capital letters")],
            [0],
            [0],
        ),
        (
            'user.dep == "R&D"',
            False,
            [('user.dep == "R&D"', "R &D", False, "differs only in spaces")],
            [0],
            [0],
        ),
        (
            'Arrays.contains(user.tags, "devs")',
            False,
            [('Arrays.contains(user.tags, "devs")', "dev", False, "one letter away")],
            [0],
            [0],
        ),
        (
            'Arrays.contains(user.city, "x")',
            False,
            [('Arrays.contains(user.city, "x")', "oslo", False, "")],
            [0],
            [0],
        ),
        ("user.none == 'x'", False, [("user.none == 'x'", "not set", False, "")], [0], [0]),
        (
            'user.city == "oslo" AND user.level > 2',
            True,
            [('user.city == "oslo"', "oslo", True, ""), ("user.level > 2", "3", True, "")],
            [0, 1],
            [],
        ),
        (
            'user.city == "a" AND user.level > 2 AND user.dep == "b"',
            False,
            [
                ('user.city == "a"', "oslo", False, ""),
                ("user.level > 2", "3", True, ""),
                ('user.dep == "b"', "R &D", False, ""),
            ],
            [0],
            [0, 2],
        ),
        (
            'user.city == "a" OR user.level > 2 AND user.isTemp OR user.isTemp',
            True,
            [
                ('user.city == "a"', "oslo", False, ""),
                ("user.level > 2", "3", True, ""),
                ("user.isTemp", "yes", True, ""),
                ("user.isTemp", "yes", True, ""),
            ],
            [3],
            [],
        ),
        (
            '!(user.city == "oslo" OR user.level > 5)',
            False,
            [('!(user.city == "oslo")', "oslo", False, ""), ("!(user.level > 5)", "3", True, "")],
            [0],
            [0],
        ),
        (
            '(user.city == "a" AND user.dep == "b") OR user.level > 5',
            False,
            [
                ('user.city == "a"', "oslo", False, ""),
                ('user.dep == "b"', "R &D", False, ""),
                ("user.level > 5", "3", False, ""),
            ],
            [0, 2],
            [2],
        ),
        ("user.isTemp ? true : false", True, [("user.isTemp", "yes", True, "")], [0], []),
        (
            "user.isTemp ? user.none : true",
            False,
            [("user.isTemp ? user.none : true", "isTemp yes, none not set", None, "")],
            [0],
            [0],
        ),
        ('isMemberOfGroup("00ga")', True, [('isMemberOfGroup("00ga")', "a member", True, "")], [0], []),
        ('isMemberOfGroup("00gx")', False, [('isMemberOfGroup("00gx")', "no member", False, "")], [0], [0]),
        (
            'isMemberOfGroupNameRegex("team")',
            None,
            [('isMemberOfGroupNameRegex("team")', "not known", None, "")],
            [0],
            [0],
        ),
        (
            'user.getInternalProperty("status") == "ACTIVE"',
            True,
            [('user.getInternalProperty("status") == "ACTIVE"', "ACTIVE", True, "")],
            [0],
            [],
        ),
        ("1 == 2", False, [("1 == 2", "", False, "")], [0], [0]),
        (
            "String.len(user.none) > 1 AND user.level > 2 AND Time.now() == 1",
            None,
            [
                ("String.len(user.none) > 1", "not set", None, ""),
                ("user.level > 2", "3", True, ""),
                ("Time.now() == 1", "not known", None, ""),
            ],
            [0, 2],
            [0, 2],
        ),
    ],
)
def test_the_clauses_of_a_rule_for_one_person(
    text: str, value: bool | None, clauses: list[Any], deciding: list[int], missing: list[int]
) -> None:
    found = explained(text)
    assert found.value is value
    assert [(each.text, each.value, each.holds, each.near) for each in found.clauses] == clauses
    assert found.deciding == tuple(found.clauses[place] for place in deciding)
    assert found.missing == tuple(found.clauses[place] for place in missing)


def test_what_is_not_known_has_its_reason() -> None:
    found = explained("String.len(user.none) > 1")
    assert found.reason == "what String.len makes of an attribute without a value is not documented"
    assert found.clauses[0].as_json() == {
        "text": "String.len(user.none) > 1",
        "value": "not set",
        "holds": None,
        "words": "the length of none is above 1",
        "reason": "what String.len makes of an attribute without a value is not documented",
        "decides": True,
        "near": "",
    }


def test_values_in_words() -> None:
    values: list[Any] = [None, UNSET, "", "a", True, False, 3, ["a", 1], [], Unknown("x")]
    assert [shown(each) for each in values] == [
        "not set",
        "not set",
        "nothing",
        "a",
        "yes",
        "no",
        "3",
        "a, 1",
        "nothing",
        "not known",
    ]


@pytest.mark.parametrize(
    ("have", "want", "words"),
    [
        ("radish", "radish", ""),
        ("Radish", "radish", "differs only in capital letters"),
        ("radish ", "radish", "differs only in spaces"),
        ("raidsh", "radish", "one letter away"),
        ("radsh", "radish", "one letter away"),
        ("radisches", "radish", ""),
        ("rudush", "radish", "two letters away"),
        ("SF", "NY", ""),
        ("SF", "SX", ""),
        ("cucumber", "radish", ""),
        ("x" * 70, "x" * 69, ""),
    ],
)
def test_values_that_are_nearly_the_same(have: str, want: str, words: str) -> None:
    assert nearness(have, want) == words


def test_a_distance_ends_early() -> None:
    assert distance("abcdefgh", "stuvwxyz") == FAR
    assert distance("abcd", "abcxyz") == FAR
    assert distance("", "") == 0


@settings(max_examples=200, deadline=None)
@given(TREES, PROFILES)
def test_an_explanation_agrees_with_the_value_and_its_clauses_are_enough(
    node: tree.Node, profile: dict[str, Any]
) -> None:
    subject = Subject(profile, native_id="u")
    text = render(node)
    found = explain(text, parse(text), subject)
    value = fits(node, subject)
    assert found.value == (None if isinstance(value, Unknown) else value)
    assert found.words
    assert found.deciding
    assert bool(found.missing) == (found.value is not True)
