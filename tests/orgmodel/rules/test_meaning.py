"""What an expression comes to: true, false, or unknown with its reason. Expected values by hand."""

from dataclasses import replace
from typing import Any

import pytest

from orgmodel.rules.batch_index import Look, Memberships
from orgmodel.rules.evaluate import Subject, evaluate, fits
from orgmodel.rules.parse import parse
from orgmodel.rules.population import Population, Rule
from orgmodel.rules.values import (
    NOT_TOLD_APART,
    UNSET,
    Unknown,
    kind,
)

FILLED: dict[str, Any] = {
    "team": "cucumber",
    "title": "Senior Engineer",
    "city": "",
    "email": "ada@acme.com",
    "level": 3,
    "salary": 1000000.0,
    "isManager": True,
    "isTemp": False,
    "tags": ["devs", "ops"],
    "roles": "admin, reader,writer",
    "one": ["only"],
    "emoji": "a😀b",
    "line": "first\rsecond",
    "umlaut": "MÜLLER",
}
KEPT = [*FILLED, "empty"]
ADA = Subject(
    profile=FILLED,
    schema=frozenset({*KEPT, "hidden"}),
    kept=frozenset(KEPT),
    group_ids=frozenset({"00ga", "00gb"}),
    group_names=frozenset({"DEPT-Sales", "crew"}),
    native_id="00uada",
    status="ACTIVE",
)
DIFFER = NOT_TOLD_APART


def undocumented(name: str, what: str = "an attribute without a value") -> str:
    return f"what {name} makes of {what} is not documented"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('user.team == "cucumber"', True),
        ('user.team == "Cucumber"', False),
        ('user.team != "cucumber"', False),
        ('user.team == "cucumber "', False),
        ("user.team == null", False),
        ("user.team != null", True),
        ("null == null", True),
        ('user.city == ""', True),
        ("user.city == null", False),
        ('user.empty == "x"', False),
        ('user.empty != "x"', True),
        ("user.empty == null", DIFFER),
        ('user.empty == ""', DIFFER),
        ("user.empty == user.empty", DIFFER),
        ("user.empty == 3", False),
        ('user.level == "3"', "a number is compared with text"),
        ("user.level == 3.0", True),
        ("user.isManager == 1", "yes or no is compared with a number"),
        ('user.tags == "devs"', "a list is compared with text"),
        ('user.tags == {"devs", "ops"}', True),
        ("user.level > 2 AND user.level >= 3 AND user.level < 4 AND user.level <= 3", True),
        ("user.level > 3 OR user.level < 3", False),
        ('user.team > "a"', "the order of text and text is not documented"),
        ("user.empty > 1", "the order of an attribute without a value and a number is not documented"),
        ("null < 1", "the order of null and a number is not documented"),
        ("user.hidden == 1", "Sightline does not read the attribute hidden"),
        ("1 == user.planet", "the Okta profile has no attribute planet"),
        ("user.planet == 1 AND user.isTemp", False),
        ("user.isManager OR user.planet == 1", True),
        ("user.planet == 1 AND user.isManager", "the Okta profile has no attribute planet"),
        ("!user.isTemp", True),
        ("NOT (user.planet == 1)", "the Okta profile has no attribute planet"),
        ("!user.empty", "an attribute without a value stands where yes or no is needed"),
        ("user.team AND true", "text stands where yes or no is needed"),
        ("user.level OR false", "a number stands where yes or no is needed"),
        ("user.tags OR false", "a list stands where yes or no is needed"),
        ("null OR false", "null stands where yes or no is needed"),
        ("user.isManager ? user.team : 5", "cucumber"),
        ("user.isTemp ? user.team : 5", 5),
        ("user.planet ? 1 : 1", 1),
        ("user.planet ? 1 : true", "the Okta profile has no attribute planet"),
        ("user.planet ?: 1", "the Okta profile has no attribute planet"),
        ('user.empty ?: "x"', "x"),
        ('user.city ?: "x"', "x"),
        ('user.team ?: "x"', "cucumber"),
        ("user.tags[1]", "ops"),
        ("user.tags[2]", "nothing stands at this place of the list"),
        ("user.team[0]", "nothing stands at this place of the list"),
        ("user.planet[0]", "the Okta profile has no attribute planet"),
        ("user.team.length", ".length is not documented for group rules"),
        ('user.team.contains("x")', ".contains is not documented for group rules"),
        ('{"a", user.planet}', "the Okta profile has no attribute planet"),
        ('"a" + user.team', "acucumber"),
        ("1 + user.level + 0.5", 4.5),
        ('1 + "a"', "+ of something else than texts or numbers is not documented"),
        ('user.planet + "a"', "the Okta profile has no attribute planet"),
        ("Time.now()", "Time.now is not a documented function of group rules"),
        ("hasDirectoryUser()", "hasDirectoryUser is not a documented function of group rules"),
        ('String.append("a", user.team)', "acucumber"),
        ('String.join("-", "a", "b", "c")', "a-b-c"),
        ("String.len(user.team)", 8),
        ("String.len(user.emoji)", 4),
        ("String.len(user.empty)", undocumented("String.len")),
        ("String.len(null)", undocumented("String.len")),
        ("String.len(user.level)", undocumented("String.len", "a number")),
        ("String.len(user.planet)", "the Okta profile has no attribute planet"),
        ('String.removeSpaces(" a b ")', "ab"),
        ('String.replace("aXbX", "X", "-")', "a-b-"),
        ('String.replaceFirst("aXbX", "X", "-")', "a-bX"),
        ('String.startsWith(user.title, "Senior")', True),
        ('String.startsWith(user.title, "senior")', False),
        ('String.stringContains(user.title, "Eng")', True),
        ('String.stringContains(user.empty, "x")', undocumented("String.stringContains")),
        ('String.stringContains({"Finance", "Legal"}, "Legal")', True),
        ('String.stringContains({"Finance", "Legal"}, "Sales")', False),
        (
            'String.stringContains({"Finance"}, "Fin")',
            "whether String.stringContains looks at whole elements of a list is not documented",
        ),
        ("String.stringContains(user.tags, 1)", undocumented("String.stringContains", "a number in a list")),
        ('String.stringSwitch(user.title, "d", "x", "1", "Eng", "2")', "2"),
        ('String.stringSwitch(user.title, "d", "x", "1")', "d"),
        ('String.stringSwitch("a", "b", "c", "d", "e")', "a case of String.stringSwitch has no value"),
        ("String.substring(user.team, 0, 3)", "cuc"),
        ("substring(user.team, 8, 8)", ""),
        ("String.substring(user.team, 0, 9)", "a place of String.substring lies outside the text"),
        ("String.substring(user.team, 3, 2)", "a place of String.substring lies outside the text"),
        ('String.substring(user.team, "0", 2)', "the places of String.substring are not whole numbers"),
        ("String.substring(user.team, true, 2)", "the places of String.substring are not whole numbers"),
        ("String.substring(user.empty, 0, 1)", undocumented("String.substring")),
        ("String.substring(user.emoji, 0, 1)", "how Okta counts rare characters is not documented"),
        ('String.substringAfter(user.email, "@")', "acme.com"),
        ('substringBefore(user.email, "@")', "ada"),
        (
            'substringAfter(user.team, "@")',
            undocumented("String.substringAfter", "a text that is not found"),
        ),
        ("toUpperCase(user.team)", "CUCUMBER"),
        ('String.toLowerCase("Ab")', "ab"),
        ('Arrays.add(user.tags, "x")', ["devs", "ops", "x"]),
        ('Arrays.add(user.empty, "x")', ["x"]),
        ('Arrays.remove(user.tags, "ops")', ["devs"]),
        ("Arrays.clear(user.tags)", []),
        ("Arrays.get(user.tags, 1)", "ops"),
        ("Arrays.get(user.tags, 2)", "the place asked for lies outside the list"),
        ('Arrays.get(user.tags, "0")', "the place asked for lies outside the list"),
        ('Arrays.flatten(user.tags, "x,y", {"z"}, 5)', ["devs", "ops", "x", "y", "z", 5]),
        ('Arrays.contains(user.tags, "devs")', True),
        ('Arrays.contains(user.tags, "dev")', False),
        ('Arrays.contains(user.roles, "writer")', True),
        ('Arrays.contains(user.roles, "reader")', "whether spaces beside a comma count is not documented"),
        ('Arrays.contains(user.team, "cucumber")', True),
        ('Arrays.contains(user.empty, "x")', False),
        ("Arrays.contains(user.tags, 1)", "text is compared with a number"),
        ("Arrays.size(user.roles)", 3),
        ("Arrays.size(null)", 0),
        ("Arrays.isEmpty(user.empty)", True),
        ("Arrays.isEmpty(user.city)", True),
        ("Arrays.isEmpty(user.tags)", False),
        ("Arrays.toCsvString(user.tags)", "devs,ops"),
        ('user.title matches ".*Engineer"', True),
        ('user.title matches "Engineer"', False),
        ('user.title matches "(?i)senior engineer"', True),
        ('user.umlaut matches "(?i)müller"', "Okta’s engine may read this text differently"),
        ('user.line matches "first.*"', "Okta’s engine may read this text differently"),
        ('user.title matches "(?=S).*"', "the pattern needs more than can be evaluated safely"),
        ('user.title matches "["', "the pattern needs more than can be evaluated safely"),
        ('user.empty matches "x"', undocumented("matches", "an attribute without a value and text")),
        ('user.planet matches "x"', "the Okta profile has no attribute planet"),
        ('isMemberOfGroup("00ga")', True),
        ('isMemberOfGroup("crew")', False),
        ('isMemberOfAnyGroup("00gx", "00gb")', True),
        ('isMemberOfGroupName("crew")', True),
        ('isMemberOfGroupName("Crew")', False),
        ('isMemberOfGroupNameStartsWith("DEPT-")', True),
        ('isMemberOfGroupNameContains("Sal")', True),
        ('isMemberOfGroupNameRegex("DEPT-.*")', True),
        ('isMemberOfGroupNameRegex("x.*")', False),
        (
            'isMemberOfGroupNameRegex("DEPT")',
            "whether the pattern must fit the whole name is not documented",
        ),
        (
            'isMemberOfGroupNameRegex("(?=D)")',
            "the pattern needs more than can be evaluated safely",
        ),
        ("isMemberOfGroup(5)", "isMemberOfGroup is asked for something that is not text"),
        ('user.getInternalProperty("status") == "ACTIVE"', True),
        ('user.getInternalProperty("id")', "00uada"),
        ('user.getInternalProperty("login")', "the internal property login is not known"),
    ],
)
def test_the_value_of_an_expression(text: str, expected: Any) -> None:
    value = evaluate(parse(text), ADA)
    assert (value.reason if isinstance(value, Unknown) else value) == expected
    if isinstance(expected, bool):
        assert value is expected


def test_texts_do_not_grow_without_an_end() -> None:
    long = Subject({"a": "x" * 2_000})
    grown = "String.replace(" * 3 + "user.a" + ', "x", "xxxxxxxxxx")' * 3
    assert evaluate(parse(grown), long) == Unknown("the text grows too long")
    assert evaluate(parse(" + ".join(["user.a"] * 60)), long) == Unknown("the text grows too long")


def test_groups_that_are_not_all_known() -> None:
    blind = Subject(native_id="x")
    for text in ('isMemberOfGroup("a")', '!isMemberOfGroupNameContains("a")'):
        assert fits(parse(text), blind) == Unknown("not all groups of the user are known")


def test_a_rule_takes_only_whom_it_is_true_for() -> None:
    for text, taken in (
        ("user.team", False),
        ("user.empty", False),
        ("user.isManager", True),
        ("null", False),
    ):
        assert fits(parse(text), ADA) is taken


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ('user.empty == null or user.empty == ""', True),
        ('!(user.empty == null or user.empty == "")', False),
        ('user.empty != "" AND user.empty != null', False),
        ('user.empty != "" AND user.empty != null ? true : false', False),
        ("user.empty == user.empty", True),
        ('user.empty == null or user.empty == "" or isMemberOfGroup("00gx")', True),
        ('(user.empty == null or user.empty == "") and isMemberOfGroup("00ga")', True),
        ('(user.empty == null or user.empty == "") and user.getInternalProperty("id") == "00uada"', True),
        ('(user.empty == null or user.empty == "") and (user.a == "" or user.a == null)', True),
        ('(user.empty == null or user.empty == "") and user.team == "kale"', False),
        ("user.empty == null", None),
        ('user.empty == "" or user.a == null', None),
        ('user.empty == null or user.empty == "" and user.team matches "(?=x)"', None),
        (" and ".join(f'(user.{each} == null or user.{each} == "")' for each in "abcd"), True),
        (" and ".join(f'(user.{each} == null or user.{each} == "")' for each in "abcde"), None),
    ],
)
def test_what_holds_for_null_and_for_blank_is_known(text: str, taken: bool | None) -> None:
    subject = replace(ADA, schema=None, kept=None)
    found = fits(parse(text), subject)
    assert (None if isinstance(found, Unknown) else found) is taken
    rule = Rule("r", text, ("00gx",))
    population = Population(
        ["00uada"],
        ["ACTIVE"],
        ["active"],
        {name: [value] for name, value in FILLED.items()},
        {"00ga": frozenset({0}), "00gb": frozenset({0})},
    )
    at_once = Look(population)
    at_once.memberships = Memberships(population, {}, {})
    fit = at_once.fit(rule)
    assert (0 in fit.people, 0 in fit.unknown) == (taken is True, taken is None)


def test_kinds_in_words() -> None:
    values: list[Any] = [None, UNSET, True, "a", 1, 1.5, []]
    assert [kind(each) for each in values] == [
        "null",
        "an attribute without a value",
        "yes or no",
        "text",
        "a number",
        "a number",
        "a list",
    ]
