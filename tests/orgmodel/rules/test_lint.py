"""What is odd about rules: every kind of remark by its sentence, and what is proved against evaluation."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgmodel.rules import rule_relations
from orgmodel.rules.evaluate import Subject, fits
from orgmodel.rules.lint import CATALOGUE, remarks
from orgmodel.rules.parse import parse
from orgmodel.rules.population import Fit
from orgmodel.rules.remarks import Group, NamedRule, Tenant
from orgmodel.rules.render import render
from orgmodel.rules.rule_relations import implies, shape

from .test_logic import PROFILES
from .test_reading import TREES

TEAMS = {"Cucumber": 14, "Radish": 9, "radish ": 1, "Cost 4103": 3}
GROUPS = {"g1": Group("team-cucumber"), "g2": Group("crew"), "old": Group("team-beet", gone=True)}
NOWHERE = Tenant()
AROUND = Tenant(
    people=40,
    fits={"r": Fit(frozenset({1, 2}))},
    schema=frozenset({"team", "city", "tags", "level", "isManager", "login"}),
    values={"team": TEAMS, "city": {"Oslo": 20, "Bergen": 19, "Bergem": 1}},
    filled={"team": 39, "city": 40, "level": 0},
    groups={**GROUPS, "leek": Group("team-leek", retired=True), "lost": Group("", gone=True, retired=True)},
)
FITTING = 'user.team == "Cucumber"'


def rule(native: str, expression: str, *targets: str, excluded: Any = (), **more: Any) -> NamedRule:
    more.setdefault("name", f"Rule {native}")
    return NamedRule(native, expression, targets or ("g1",), frozenset(excluded), **more)


def about(*rules: NamedRule, around: Tenant = AROUND) -> dict[str, list[str]]:
    found = remarks(rules, around).items()
    return {native: [f"{one.kind} {one.severity}: {one.sentence}" for one in odd] for native, odd in found}


def kinds(*rules: NamedRule, native: str = "r", around: Tenant = AROUND) -> list[str]:
    return [each.kind for each in remarks(rules, around).get(native, ())]


CLEAN = """
user.team == "Cucumber" OR user.team == "Radish" OR user.team == "radish "
user.team == "Somewhere else"
user.team == "Cost 4102"
user.login == "ada"
user.team != "Cucumber" AND user.team != "Leek"
user.isManager AND user.city == "Oslo"
Arrays.contains({"Oslo", 7}, user.city) OR Arrays.contains(user.tags, "devs")
isMemberOfGroup("g2") AND !isMemberOfGroupName("elsewhere") AND !isMemberOfGroupName(user.team)
user.team matches "Cu[a-z]+" OR isMemberOfGroupNameRegex("x.*")
user.getInternalProperty("status") == "ACTIVE"
""".strip().splitlines()


def test_nothing_is_said_of_clean_rules() -> None:
    for expression in CLEAN:
        assert remarks([rule("r", expression)], AROUND) == {}


# An expression, the column and what is said.
REMARKS = r"""
user.team === "x" => 11 invalid high: It cannot be read. Column 11: === is not an operator. Write == to compare.
user.city == "Oslo" AND user.teem == "x" OR user.teem == "y" => 25 unknown-attribute high: The Okta profile has no attribute “teem”. Is “team” meant?
user.ismanager => 1 unknown-attribute high: The Okta profile has no attribute “ismanager”. Is “isManager” meant?
user.shoe => 1 unknown-attribute high: The Okta profile has no attribute “shoe”.
user.level > 3 => 1 empty-attribute medium: Nobody has a value in “level”.
user.team == "Cucumbr" => 1 near-value high: Nobody has “Cucumbr” in “team”, but “Cucumber” (14 people) is one letter away.
!("cucumber" == user.team) => 3 near-value high: Nobody has “cucumber” in “team”, but “Cucumber” (14 people) differs only in capital letters.
user.isManager AND user.team != "Cucumber " => 20 near-value high: Nobody has “Cucumber ” in “team”, but “Cucumber” (14 people) differs only in spaces.
user.team == "Radish" => 1 near-value medium: It asks for “Radish” in “team”, but “radish ” (1 person) is two letters away.
String.stringContains({"Oslo", "Bergan"}, user.city) => 1 near-value high: Nobody has “Bergan” in “city”, but “Bergen” (19 people) is one letter away.
Time.now() == user.team => 1 undocumented medium: Time.now is not a documented function of group rules: whom it takes cannot be known.
user.isManager OR user.team.name == "x" OR user.login.name == "y" => 19 undocumented medium: .name is not documented for group rules: whom it takes cannot be known.
user.team.trim() == "x" => 1 undocumented medium: .trim is not documented for group rules: whom it takes cannot be known.
user.team matches "(?=x)" => 1 undocumented medium: The pattern “(?=x)” needs more than can be evaluated safely: whom it takes cannot be known.
isMemberOfGroupNameRegex("(") => 1 undocumented medium: The pattern “(” needs more than can be evaluated safely: whom it takes cannot be known.
user.team == "A" AND user.city == "Oslo" AND user.team == "B" AND user.team == "C" => 46 contradiction high: It asks that “team” is “A” and “B” at once, which it never is. Is OR meant?
user.isManager AND (user.team != "A" OR !(user.team == "B")) => 43 always high: It asks that “team” is not “A” or not “B”, which is so for everybody. Is AND meant?
""".strip().splitlines()  # noqa: E501


@pytest.mark.parametrize(("expression", "sentence"), [line.split(" => ") for line in REMARKS])
def test_what_is_odd_about_an_expression(expression: str, sentence: str) -> None:
    (remark,) = remarks([rule("r", expression)], AROUND)["r"]
    assert f"{remark.column} {remark.kind} {remark.severity}: {remark.sentence}" == sentence
    assert remark.rules == ()


def test_letters_are_not_compared_where_values_tell_people_apart() -> None:
    around = Tenant(values={"login": {f"somebody {chr(0x4E00 + each)}": 1 for each in range(CATALOGUE + 1)}})
    assert kinds(rule("r", 'user.login == "somebody"'), around=around) == []
    assert kinds(rule("r", 'user.login == "SOMEBODY 一"'), around=around) == ["near-value"]


def test_only_what_is_known_is_held_against_a_rule() -> None:
    rules = [rule("r", 'user.teem == "Cucumbr"', "unheard"), rule("s", 'user.level == "x"', "unheard")]
    assert about(*rules, around=NOWHERE) == {}
    assert about(*rules, around=Tenant(filled={"level": 0})) == {}
    assert about(*rules, around=Tenant(schema=frozenset({"level"}), filled={"teem": 2})) == {}


def test_whom_a_rule_takes() -> None:
    def remarks_about(fit: Fit, people: int = 40, expression: str = FITTING) -> list[str]:
        return about(rule("r", expression), around=Tenant(people=people, fits={"r": fit})).get("r", [])

    nobody, everybody = Fit(frozenset()), Fit(frozenset(range(40)))
    assert remarks_about(nobody) == ["never low: It takes nobody: none of 40 people matches."]
    assert remarks_about(everybody) == ["everybody low: It takes everybody: all 40 people match."]
    assert remarks_about(nobody, 0) == remarks_about(everybody, 0) == remarks_about(everybody, 41) == []
    unknown = Fit(frozenset(), {1: "it rains", 2: "it snows", 3: "it snows"})
    sentence = "cannot-tell low: Whether it takes {} of 40 people cannot be known: {}."
    assert remarks_about(unknown) == [sentence.format(2, "it snows"), sentence.format(1, "it rains")]
    assert len(remarks_about(unknown, expression="Time.now()")) == 1


def test_targets_and_limits() -> None:
    idle = ["no-target medium: It has no target group: whoever matches gets nothing."]
    assert about(NamedRule("r", FITTING, ()), NamedRule("s", FITTING, ())) == {"r": idle, "s": idle}
    assert about(rule("r", FITTING, "leek", "old", "g1", "lost", name="n" * 51))["r"] == [
        "target-gone high: Its target “team-beet” no longer exists.",
        "target-gone high: Its target “lost” no longer exists.",
        "target-retired medium: Its target “team-leek” is the group of a retired unit.",
        "long-name low: Its name has 51 characters; Okta allows 50.",
    ]
    many = [str(number) for number in range(100)]
    assert about(rule("r", FITTING, *many[:90], excluded=many))["r"] == [
        "many-excluded high: It leaves out 100 people; Okta allows 100.",
        "many-targets medium: It feeds 90 groups; Okta allows 100.",
    ]
    assert about(rule("r", FITTING, *many[:89], excluded=many[:89], name="n" * 50)) == {}
    rules = [rule(str(number), f'user.login == "{number}"') for number in range(2000)]
    assert about(*rules[:1799]) == {}
    assert about(*rules[:1800])[""] == ["many-rules medium: There are 1,800 rules; Okta allows 2,000."]
    assert about(*rules) == {"": ["many-rules high: There are 2,000 rules; Okta allows 2,000."]}


PROVED = """
same | user.team == "A" AND user.isManager | user.isManager and "A" eq user.team
same | !user.isManager | (user.isManager ? true : false) ? false : true
same | user.isManager | NOT (user.isManager == false)
same | user.level > 3 OR user.isManager | !(!user.isManager AND 3 >= user.level)
same | user.login == user.city | user.city == user.login
same | (user.a AND user.b) AND user.c | user.c AND user.b AND user.a AND user.b
same | isMemberOfAnyGroup("x", "y") | isMemberOfGroup("y") OR isMemberOfGroup("x")
same | !Arrays.contains({"A", "B"}, user.city) | user.city != "B" AND user.city != "A"
inside | user.team == "A" | user.team == "B" OR user.team == "A"
inside | user.team == "A" OR user.team == "C" | Arrays.contains({"A", "B", "C"}, user.team)
inside | user.team == "A" AND user.city == "X" AND user.b | user.city == "X" AND user.team == "A"
inside | user.team == "A1" | String.startsWith(user.team, "A")
inside | user.team == "A" | user.team != "B"
inside | user.team == "A" AND user.b | (user.team == "A" AND user.b) OR user.c
inside | (user.a OR user.b) AND user.team == "A" | user.c OR user.b OR user.a
inside | user.team == "A" AND user.a OR user.team == "B" AND user.b | user.team == "A" OR user.team == "B"
apart | user.team == "A" | user.team == "A" AND user.isManager
apart | user.team == "A" OR user.team == "D" | user.team == "A" OR user.team == "B"
apart | user.team == "A" | user.city != "B"
apart | user.team == "A" | user.team == "A" ? user.b : user.c
apart | user.a OR user.team == "A" | user.team == "A" OR user.b
apart | user.a == 1 | user.a == true
apart | user.a AND user.b OR user.c | user.a AND (user.b OR user.c)
apart | user.a matches "b" | "b" matches user.a
apart | isMemberOfAnyGroup(user.a) | isMemberOfGroup(user.a)
apart | Arrays.contains({}, user.a) | Arrays.contains({user.b}, user.a)
apart | user.a ? user.b : false | user.a AND user.b
""".strip().splitlines()
TWIN = "duplicate medium: It says the same as “Rule w”, for the same groups."
ASKS = "cascade {}: It asks for “team-cucumber”, fed by “Rule a”:"
WIDER = "whoever matches it matches “Rule w” too."
NARROW = f"contained low: For “team-cucumber” and “crew” it adds nothing: {WIDER}"


@pytest.mark.parametrize(("proved", "one", "other"), [line.split(" | ") for line in PROVED])
def test_what_can_be_proved_of_two_rules(proved: str, one: str, other: str) -> None:
    around, rules = Tenant(groups=GROUPS), [rule("n", one, "g1", "g2"), rule("w", other, "g2", "g1")]
    expected = {"same": [TWIN], "inside": [NARROW], "apart": []}[proved]
    assert about(*rules, around=around).get("n", []) == expected
    assert kinds(rules[0], rule("w", other, "g3"), native="n", around=around) == []
    left_out = kinds(rules[0], rule("w", other, "g1", "g2", excluded=["ada"]), native="n", around=around)
    assert "contained" not in left_out


def test_several_of_the_same_and_whom_they_leave_out() -> None:
    rules = [rule(native, FITTING, name=name) for native, name in zip("abcde", "abc\n\u202e", strict=True)]
    other = rule("f", FITTING, name="", excluded=["ada"])
    assert about(*rules)["a"] == [TWIN.replace("“Rule w”", "“b”, “c”, “·” and 1 more")]
    void = f"{TWIN.replace('“Rule w”', '“b” and “f”')} Whom one leaves out, another takes in."
    assert about(*rules[:2], other)["a"] == [void]
    assert remarks([*rules[:2], other], AROUND)["a"][0].rules == ("b", "f")
    assert about(rules[0], rule("f", FITTING, name="long" * 30))["a"] == [
        TWIN.replace("Rule w", "long" * 19 + "lon…")
    ]
    assert about(rules[0], rule("f", FITTING, status="inactive")) == {}


def test_of_equal_rules_the_later_one_adds_nothing() -> None:
    rules = [rule("a", FITTING, "g1", "g2", "g3"), rule("w", FITTING, "g1", "g2")]
    rules.append(rule("c", f"{FITTING} AND user.isManager", "g1", "g2"))
    assert about(*rules) == {each: [NARROW.replace("Rule w", "Rule a")] for each in "wc"}


def test_the_comparison_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [rule(each, f'String.startsWith(user.team, "{each}")') for each in "abcdefgh"]
    rules.append(rule("n", 'user.team == "abc"'))
    assert kinds(*rules, native="n") == ["contained"]
    monkeypatch.setattr(rule_relations, "STEPS", 2)
    assert about(*rules) == {}


def test_a_chain_of_rules() -> None:
    third = 'isMemberOfAnyGroup("g2", "other") OR isMemberOfGroupName("team-cucumber")'
    rules = [rule("a", FITTING, "g1"), rule("b", 'isMemberOfGroup("g1")', "g2"), rule("c", third, "g3")]
    two, three = (f"a chain of {number} rules, one after the other." for number in (2, 3))
    sentence = "cascade low: It asks for “crew” and “team-cucumber”, fed by “Rule b” and “Rule a”:"
    assert about(*rules) == {"b": [f"{ASKS.format('low')} {two}"], "c": [f"{sentence} {three}"]}
    assert remarks(rules, AROUND)["c"][0].rules == ("b", "a")


def test_which_groups_are_asked_for() -> None:
    def waits(*calls: str) -> set[bool]:
        fed = rule("a", FITTING, "g1", "nameless")
        return {"cascade" in kinds(fed, rule("b", f"isMemberOf{call}", "g2"), native="b") for call in calls}

    by_id = 'Group("g1")', 'AnyGroup("x", "g1")'
    by_name = 'GroupName("team-cucumber")', 'GroupNameStartsWith("team-")', 'GroupNameContains("cucu")'
    assert waits(*by_id, *by_name, 'GroupNameRegex("team-.*")') == {True}
    other = 'Group("team-cucumber")', 'GroupName("g1")', 'GroupNameContains("leek")', 'GroupNameRegex("team")'
    assert waits(*other, "GroupName(user.team)", 'Something("g1")') == {False}


def test_circles() -> None:
    rules = [rule("a", 'isMemberOfGroup("g2")', "g1"), rule("b", 'isMemberOfGroup("g1")', "g2")]
    rules.append(rule("behind", 'isMemberOfGroup("g1") AND user.isManager', "g3"))
    rules.append(rule("alone", 'isMemberOfGroup("g5")', "g5", "g6"))
    assert about(*rules) == {
        "a": ["circle high: It waits for itself, through “Rule b”: it asks for “crew”."],
        "b": ["circle high: It waits for itself, through “Rule a”: it asks for “team-cucumber”."],
        "behind": [f"{ASKS.format('medium')} behind it, rules wait for one another in a circle."],
        "alone": ["circle high: It waits for itself: it asks for “g5”."],
    }


@settings(max_examples=200, deadline=None)
@given(TREES, PROFILES)
def test_a_shape_takes_the_same_people(node: Any, profile: dict[str, Any]) -> None:
    subject = Subject(profile, group_ids=frozenset({"x"}), group_names=frozenset({"a"}))
    whole = shape(node)
    assert (fits(whole.node, subject) is True) == (fits(node, subject) is True)
    assert shape(whole.node).text == whole.text


TESTS = """
user.team == "a" | user.team == "b" | user.team != "a" | user.city == "a" | !(user.city == "b") |
user.isManager == false | String.startsWith(user.team, "a") | Arrays.contains({"a", "b"}, user.team)
"""
JOINTS, SIGNS = st.sampled_from(["AND", "OR"]), st.sampled_from(["", "!"])
JOINED = st.recursive(
    st.sampled_from(TESTS.strip().split("|")),
    lambda inner: st.builds("{}({} {} {})".format, SIGNS, inner, JOINTS, inner),
    max_leaves=6,
)
VALUES = st.sampled_from(["a", "b", "ab", "", None, 7, True, False, ["a"]])


@settings(max_examples=200, deadline=None)
@given(JOINED, JOINED, VALUES, VALUES, VALUES)
def test_what_is_proved_holds_for_anybody(one: str, other: str, team: Any, city: Any, manager: Any) -> None:
    subject = Subject({"team": team, "city": city, "isManager": manager})
    narrow, wide = shape(parse(one)), shape(parse(other))
    if implies(narrow, wide, {}) and fits(narrow.node, subject) is True:
        assert fits(wide.node, subject) is True
    both = shape(parse(f"{one} AND {other}"))
    assert (implies(both, narrow, {}), implies(both, wide, {})) == (True, True)


RULES = st.builds(
    NamedRule,
    st.text(min_size=1, max_size=3),
    st.one_of(st.text(max_size=20), TREES.map(render), JOINED, st.sampled_from(CLEAN)),
    st.lists(st.sampled_from(["g1", "g2", "old"]), max_size=3).map(tuple),
    st.frozensets(st.sampled_from(["ada", "ben"])),
    status=st.sampled_from(["active", "inactive", "invalid"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(RULES, max_size=8, unique_by=lambda each: each.native_id), st.sampled_from([AROUND, NOWHERE]))
def test_any_rules_can_be_looked_at(rules: list[NamedRule], around: Tenant) -> None:
    for native, odd in remarks(rules, around).items():
        for remark in odd:
            assert remark.sentence
            assert set(remark.rules) <= {each.native_id for each in rules} - {native}
            assert remark.column is None or remark.column >= 1
