"""Which values rules have words for; expected values by hand."""

import pytest

from orgmodel.rules.accepted import accepts, named_values, sole_value
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.parse import parse


@pytest.mark.parametrize(
    ("expression", "attribute", "texts"),
    [
        ('user.team == "leek"', "team", {"leek"}),
        ('"leek" == user.team AND user.city == "Oslo"', "team", {"leek"}),
        ('!(user.team != "leek") OR user.team == "pepper"', "team", {"leek", "pepper"}),
        ('String.startsWith(user.title, "Head of")', "title", {"Head of"}),
        ('Arrays.contains({"a", "b"}, user.team)', "team", {"a", "b"}),
        ('user.team == ""', "team", set()),
        ("user.level > 3", "level", set()),
        ('user.team == "leek"', "city", set()),
        ('user.team == "leek" ? user.city == "Oslo" : false', "city", {"Oslo"}),
    ],
)
def test_the_texts_that_a_rule_names(expression: str, attribute: str, texts: set[str]) -> None:
    assert named_values(parse(expression), attribute) == texts


@pytest.mark.parametrize(
    ("expression", "profile", "accepted"),
    [
        ('user.team == "leek"', {"team": "leek"}, True),
        ('user.team == "leek"', {"team": "leak"}, False),
        # What differs from the one value that a rule leaves out is not named by the rule.
        ('user.team != "leek"', {"team": "leak"}, False),
        ('user.team != "leek"', {"team": "leek"}, True),
        ('!String.startsWith(user.team, "x")', {"team": "leak"}, False),
        ('String.startsWith(user.team, "le") AND user.city == "Oslo"', {"team": "leak"}, True),
        ("user.team == user.other", {"team": "a", "other": "a"}, True),
        ('user.city == "Oslo"', {"team": "a", "city": "Oslo"}, False),
    ],
)
def test_the_values_that_a_rule_accepts(expression: str, profile: dict[str, str], accepted: bool) -> None:
    assert accepts(parse(expression), "team", Subject(profile)) is accepted


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('user.team == "leek"', ("team", "leek")),
        ('"leek" == user.team', ("team", "leek")),
        ('user.team != "leek"', None),
        ('user.team == "leek" AND user.city == "Oslo"', None),
        ("user.level == 3", None),
    ],
)
def test_an_expression_that_is_one_comparison(expression: str, found: tuple[str, str] | None) -> None:
    assert sole_value(parse(expression)) == found
