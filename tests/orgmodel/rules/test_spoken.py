"""What attributes and their values are called in sentences."""

from orgmodel.rules.evaluate import Subject
from orgmodel.rules.explain import explain
from orgmodel.rules.parse import parse
from orgmodel.rules.spoken import AS_WRITTEN, UnitNames
from orgmodel.rules.words import condition, in_words
from orgmodel.why.causes import Cause
from orgmodel.why.requirements import requirement
from orgmodel.why.sentences import say
from orgmodel.why.voice import Voice

NAMES = UnitNames(
    {"team": "team", "orgArea": "team_group"},
    {("team", "cucumber"): "Cucumber", ("team", "rec7"): "Rote Bete", ("team_group", "cucumber"): "Produce"},
    {"userType": "Worker type", "team": "Squad"},
)


def test_units_are_called_by_name_whichever_way_they_are_written() -> None:
    values = [("team", "cucumber"), ("team", "CUCUMBER"), ("team", "rec7"), ("orgArea", "cucumber")]
    assert [NAMES.value(*each) for each in values] == ["Cucumber", "Cucumber", "Rote Bete", "Produce"]
    assert NAMES.value("team", ["cucumber", "leek"]) == "Cucumber, leek"
    assert (NAMES.value("team", None), NAMES.value("site", "cucumber")) == ("nothing", "cucumber")


def test_attributes_are_called_by_the_kind_they_name_else_by_their_title() -> None:
    names = [NAMES.attribute(each) for each in ("team", "orgArea", "userType", "costCenter")]
    assert names == ["team", "team group", "worker type", "cost center"]
    assert (AS_WRITTEN.attribute("userType"), AS_WRITTEN.value("team", "cucumber")) == (
        "user type",
        "cucumber",
    )


def test_rules_are_told_with_the_names_of_units() -> None:
    expected = {
        'user.team == "cucumber"': "everyone whose team is Cucumber",
        'user.team == "cucumber" OR user.team == "leek"': "everyone whose team is Cucumber or leek",
        'user.team != "rec7" AND user.userType == "Employee"': (
            "everyone whose team is not Rote Bete and whose worker type is Employee"
        ),
        'user.site == "cucumber"': "everyone whose site is cucumber",
    }
    assert {text: in_words(parse(text), None, NAMES) for text in expected} == expected
    assert condition(parse('Arrays.contains(user.team, "cucumber")'), None, NAMES) == "team include Cucumber"


def test_what_somebody_has_is_told_with_it() -> None:
    text = 'user.team == "rec7"'
    found = explain(text, parse(text), Subject({"team": "cucumber"}), None, NAMES)
    assert requirement("Beet", found)[1] == "The rule “Beet” would match if team is Rote Bete (now Cucumber)."
    assert found.clauses[0].value == "cucumber"


def test_causes_and_changes_name_units() -> None:
    voice = Voice(own=True, spoken=NAMES)
    cause = Cause("rule", rule_name="Beet", attribute="team", before="cucumber", after="rec7")
    assert cause.sentence(voice) == "Because your team changed from Cucumber to Rote Bete (rule “Beet”)."
    change = {"what": "HR", "attribute": "team", "before": "cucumber", "after": "rec7", "cause": {}}
    assert say("attribute", "changed", change, voice).sentence == (
        "now have team Rote Bete instead of Cucumber in HR."
    )


def test_a_manager_is_called_by_name_where_the_reference_is_known() -> None:
    names = UnitNames(manager="managerId", people={"10005": "Lena Osei"})
    assert names.attribute("managerId") == "manager"
    assert names.value("managerId", 10005) == "Lena Osei"
    assert names.value("managerId", "10006") == "10006"
