"""Expressions and their clauses in plain words. Every sentence by hand."""

import pytest

from orgmodel.rules.parse import parse
from orgmodel.rules.spoken import spoken
from orgmodel.rules.words import condition, in_words, people

NAMES = {"00ga": "team-cucumber", "00gb": "crew"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("true", "everyone"),
        ("false", "nobody"),
        ("user.isTemp ? true : false", "everyone who is a temp"),
        (
            'user.team == "Cucumber" AND !user.isContractor',
            "everyone whose team is Cucumber, except contractors",
        ),
        ("!user.isContractor", "everyone, except contractors"),
        (
            'user.a == "x" AND !user.b AND !user.hasBadge',
            "everyone whose a is x, except those marked b and those who have a badge",
        ),
        ('NOT (user.a == "x" AND user.b > 1)', "everyone, except those whose a is x and whose b is above 1"),
        ("user.isIntern", "everyone who is an intern"),
        ("user.hasBadge OR user.active", "everyone who has a badge or who is marked active"),
        (
            "(user.a < 1 OR !user.isTemp) AND user.c <= 2",
            "everyone whose c is at most 2 and (whose a is below 1 or who is not a temp)",
        ),
        (
            "user.a >= 1 OR !user.hasBadge AND !user.vip",
            "everyone whose a is at least 1 or (who does not have a badge and who is not marked vip)",
        ),
        ('user.city == "SF" OR user.city == "NYC"', "everyone whose city is SF or NYC"),
        ('user.city == "SF" OR user.state == "NY"', "everyone whose city is SF or whose state is NY"),
        ('"SF" == user.city', "everyone for whom SF is city"),
        ("user.costCenter == null", "everyone whose cost center is unset"),
        ("user.costCenter != null", "everyone whose cost center is set"),
        ('user.costCenter == ""', "everyone whose cost center is empty"),
        ('user.costCenter != ""', "everyone whose cost center is not empty"),
        ("user.vip == true AND user.vip != false", "everyone whose vip is yes and whose vip is not no"),
        ('user.title matches "x.*"', "everyone whose title matches the pattern x.*"),
        ('String.stringContains(user.title, "Eng")', "everyone whose title contains Eng"),
        ('String.stringContains({"a", "b"}, user.team)', "everyone for whom team is one of a, b"),
        ('Arrays.contains(user.tags, "dev")', "everyone whose tags include dev"),
        ("Arrays.isEmpty(user.tags)", "everyone whose tags is empty"),
        (
            'String.startsWith(String.toLowerCase(user.title), "x")',
            "everyone whose title in lower case begins with x",
        ),
        ('toUpperCase(user.title) == "X"', "everyone whose title in capitals is X"),
        ('String.substringAfter(user.email, "@") == "a"', "everyone whose email after @ is a"),
        ('substringBefore(user.email, "@") == "a"', "everyone whose email before @ is a"),
        ("String.len(user.title) > 3", "everyone for whom the length of title is above 3"),
        ("Arrays.size(user.tags) > 3", "everyone for whom the number of tags is above 3"),
        ('user.getInternalProperty("status") == "ACTIVE"', "everyone for whom Okta status is ACTIVE"),
        ('isMemberOfGroup("00ga")', "everyone in the group team-cucumber"),
        (
            'isMemberOfGroup("00gx") AND !isMemberOfGroupName("y")',
            "everyone in the group 00gx, except those in the group y",
        ),
        ('isMemberOfAnyGroup("00ga")', "everyone in the group team-cucumber"),
        ('isMemberOfAnyGroup("00ga", "00gb")', "everyone in any of the groups team-cucumber, crew"),
        ('isMemberOfGroupNameStartsWith("D")', "everyone in a group whose name begins with D"),
        (
            'isMemberOfGroupNameContains("D") OR !isMemberOfGroupNameRegex("E")',
            (
                "everyone who is in a group whose name contains D"
                " or who is not in a group whose name matches the pattern E"
            ),
        ),
        (
            'isMemberOfGroupName("LEADS") AND user.department == "Engineering"',
            "everyone who is in the group LEADS and whose department is Engineering",
        ),
        (
            'user.a == "x" OR String.stringContains(String.toLowerCase(user.title), "analyst")',
            "everyone whose a is x or whose title in lower case contains analyst",
        ),
        (
            '!(user.isTemp AND user.hasBadge) AND !(!user.isTemp OR isMemberOfGroupName("y"))',
            (
                "everyone, except those (who are temps and who have a badge)"
                " and those (who are not temps or who are in the group y)"
            ),
        ),
        ("Time.now() == 5", "everyone for whom Time.now() is 5"),
        ('user.a + "x" == user.b', 'everyone for whom user.a + "x" is b'),
        ("hasDirectoryUser()", "everyone for whom hasDirectoryUser() is true"),
        ("user.a == {}", "everyone whose a is nothing"),
    ],
)
def test_whom_an_expression_takes_in_words(text: str, words: str) -> None:
    assert in_words(parse(text), NAMES) == words


@pytest.mark.parametrize(
    ("text", "holding", "failing"),
    [
        ("user.isTemp", "the person is a temp", "the person is not a temp"),
        ("!user.isTemp", "the person is not a temp", "the person is a temp"),
        ("user.a == 1", "a is 1", "a is not 1"),
        ("user.a != 1", "a is not 1", "a is 1"),
        ("user.a < 1", "a is below 1", "a is not below 1"),
        ("user.a <= 1", "a is at most 1", "a is above 1"),
        ("user.a > 1", "a is above 1", "a is not above 1"),
        ("user.a >= 1", "a is at least 1", "a is below 1"),
        ("user.a matches 'x'", "a matches the pattern x", "a does not match the pattern x"),
        ("user.a == null", "a is unset", "a is set"),
        ("String.stringContains(user.a, 'x')", "a contains x", "a does not contain x"),
        ("String.stringContains({'x'}, user.a)", "a is one of x", "a is none of x"),
        ("Arrays.contains(user.a, 'x')", "a include x", "a do not include x"),
        ("String.startsWith(user.a, 'x')", "a begins with x", "a does not begin with x"),
        ("Arrays.isEmpty(user.a)", "a is empty", "a is not empty"),
        ("isMemberOfGroupName('x')", "the person is in the group x", "the person is not in the group x"),
        ("true", "always", "never"),
        ("false", "never", "always"),
        ("user.a == 1 AND user.b == 2", "a is 1 and b is 2", "either a is not 1 or b is not 2"),
        ("user.a == 1 OR user.b == 2", "either a is 1 or b is 2", "a is not 1 and b is not 2"),
        ("Time.now()", "Time.now() is true", "Time.now() is not true"),
    ],
)
def test_a_clause_in_words(text: str, holding: str, failing: str) -> None:
    assert (condition(parse(text)), condition(parse(text), holds=False)) == (holding, failing)


@pytest.mark.parametrize(
    ("text", "holding", "failing"),
    [
        ("user.isTemp", "who are temps", "who are not temps"),
        ("!user.isTemp", "who are not temps", "who are temps"),
        ("user.hasBadge", "who have a badge", "who do not have a badge"),
        ("user.vip", "who are marked vip", "who are not marked vip"),
        ("isMemberOfGroupName('x')", "in the group x", "not in the group x"),
        (
            "String.startsWith(user.title, 'Lead')",
            "whose title begins with Lead",
            "whose title does not begin with Lead",
        ),
        ("user.a < 1", "whose a is below 1", "whose a is not below 1"),
        ("Time.now()", "for whom Time.now() is true", "for whom Time.now() is not true"),
    ],
)
def test_whom_a_clause_asks_for(text: str, holding: str, failing: str) -> None:
    assert (people(parse(text), holds=True), people(parse(text), holds=False)) == (holding, failing)


def test_names_of_attributes_are_spoken() -> None:
    assert [spoken(each) for each in ("costCenter", "is_manager", "roleID", "team")] == [
        "cost center",
        "is manager",
        "role ID",
        "team",
    ]
