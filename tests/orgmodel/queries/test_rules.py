"""Rules over the read model: why not, what if, and one expression for somebody; expected values by hand."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact
from orgmodel.queries.moments import now
from orgmodel.queries.people import NotFound, find_person
from orgmodel.queries.rehearsal.copy_colleague import values_of_colleague
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.rehearsal.rehearse import rehearse
from orgmodel.queries.rehearsal.supposition import CannotSuppose
from orgmodel.queries.rehearsal.whatif import NoAccount, what_if
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.queries.why.answer import why
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, member, moment
from tests.snapshots import once

from .plans import CONVENTIONS, KINDS
from .rule_company import FACTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(transactional_db: None) -> None:
    once(_synced)


def _synced() -> None:
    outcome = read_and_apply(FactsReader(FACTS), Conventions(), "okta", now=moment(0))
    assert outcome.outcome == "applied"


def test_why_not_names_the_fewest_clauses_of_the_nearest_rule(company: None) -> None:
    found = why(find_person("nadia"), find_target("team-cucumber", OPERATOR), now(), OPERATOR)
    assert found.has is False
    assert [way.sentence for way in found.would_take] == [
        "The rule “Cucumber team” would match if team is cucumber (now radish).",
        "The rule “Broken” cannot be read: its expression is invalid.",
    ]
    assert [(c.text, c.value, c.holds) for c in found.would_take[0].steps[0].clauses] == [
        ('user.team == "cucumber"', "radish", False),
        ('user.userType != "Contractor"', "Employee", True),
    ]
    assert found.sentence == (
        "Nadia Brandt is not in team-cucumber."
        " The rule “Cucumber team” would match if team is cucumber (now radish)."
    )


def test_why_shows_what_holds(company: None) -> None:
    found = why(find_person("nadia"), find_target("Datadog", OPERATOR), now(), OPERATOR)
    steps = {step.kind: step for step in found.paths[0].steps}
    assert [(c.text, c.value, c.holds) for c in steps["rule"].clauses] == [
        ('user.department == "Engineering"', "Engineering", True)
    ]
    assert found.paths[0].evidence == "okta"


def test_what_a_move_would_do(company: None) -> None:
    found = what_if(find_person("nadia"), {"team": "cucumber"}, OPERATOR)
    assert [(a.app.name, a.level, a.cause.sentence()) for a in found.gains] == [
        ("Crew room", "assigned", "Because rule “Crew” would match."),
    ]
    assert found.loses == ()
    assert [
        (a.app.name, a.before, a.now.level, a.direction, a.now.cause.sentence()) for a in found.level_changed
    ] == [
        (
            "Figma",
            "Viewer",
            "Editor",
            "raised",
            "Because their team would be cucumber (rule “Cucumber team”).",
        )
    ]
    assert [a.app.name for a in found.keeps] == ["Datadog", "Radish staging"]
    assert [(u.rule, u.reason) for u in found.unknown] == [
        ("Secret", "what String.len makes of an attribute without a value is not documented")
    ]
    assert (found.comes, found.goes) == (("crew", "team-cucumber"), ("team-radish",))


def test_what_a_departure_from_the_department_would_do(company: None) -> None:
    found = what_if(find_person("nadia"), {"department": ""}, OPERATOR)
    assert [(a.app.name, a.cause.sentence()) for a in found.loses] == [
        (
            name,
            (
                "It comes with dept-engineering, and the rule “Engineering” would no longer match:"
                " their department would be nothing."
            ),
        )
        for name in ("Datadog", "Figma")
    ]
    assert found.gains == ()
    assert found.set == {"department": None}


def test_what_if_hides_what_the_viewer_may_not_see(company: None) -> None:
    hidden = find_target("Crew room", OPERATOR).pk
    other = Viewer(find_person("tomas"), hidden=frozenset({hidden}))
    found = what_if(find_person("nadia"), {"team": "cucumber"}, other)
    assert found.gains == ()
    assert [each.app.name for each in found.level_changed] == ["Figma"]


def test_what_if_refuses_what_no_rule_looks_at(company: None) -> None:
    with pytest.raises(
        NoAccount, match=r"^Quinn Abe’s Okta account is deactivated, so no rule looks at it\.$"
    ):
        what_if(find_person("quinn"), {"team": "cucumber"}, OPERATOR)
    with pytest.raises(NotFound, match=r"^No attribute is known as “teem”\. Nearest: team"):
        what_if(find_person("nadia"), {"teem": "cucumber"}, OPERATOR)


def test_what_if_takes_values_by_the_type_of_the_attribute(company: None) -> None:
    found = what_if(find_person("nadia"), {"badge": "yes", "team": "Cucumber"}, OPERATOR)
    assert found.set == {"badge": True, "team": "cucumber"}
    assert found.notes == ("No rule reads badge.",)


@pytest.mark.parametrize(
    ("attribute", "value", "problem"),
    [
        ("team", "cucumbr", "No person, rule or unit has the team “cucumbr”. Nearest: cucumbre, Cucumber."),
        (
            *("userType", "Contracter"),
            "No person, rule or unit has the userType “Contracter”. Nearest: Contractor.",
        ),
        ("badge", "perhaps", "badge is true or false, not “perhaps”."),
    ],
)
def test_a_value_that_nothing_has_is_refused_with_the_nearest(
    company: None, attribute: str, value: str, problem: str
) -> None:
    with pytest.raises(CannotSuppose) as refused:
        what_if(find_person("nadia"), {attribute: value}, OPERATOR)
    assert refused.value.problems == {attribute: problem}
    with pytest.raises(CommandError) as error:
        command_json("whatif", "nadia", "--set", f"{attribute}={value}")
    assert (str(error.value), error.value.returncode) == (problem, 1)


def test_what_a_rule_would_accept_is_a_value_though_nobody_has_it(company: None) -> None:
    found = what_if(find_person("nadia"), {"city": "Oslo", "team": "cucumber"}, OPERATOR)
    assert [each.app.name for each in found.gains] == ["Crew room", "Vault"]


def test_groups_that_rules_gave_are_not_leaned_on(company: None) -> None:
    """Crew takes whoever is in team-cucumber: with the team, the crew goes, though Okta says they are in."""
    there = [each for each in FACTS if each != member("nadia", "00grad", "0prrad")]
    moved = [
        each._replace(attributes={**each.attributes, "team": "cucumber"})
        if isinstance(each, AccountFact) and each.native_id == "nadia"
        else each
        for each in there
    ]
    came = [member("nadia", "00gcuc", "0prcuc"), member("nadia", "00gcrew", "0prcrew")]
    read_and_apply(FactsReader([*moved, *came]), Conventions(), "okta", now=moment(1))
    found = what_if(find_person("nadia"), {"team": "radish"}, OPERATOR)
    assert (found.comes, found.goes) == (("team-radish",), ("crew", "team-cucumber"))
    assert [each.app.name for each in found.loses] == ["Crew room"]
    plan = rehearse(read_proposal(["person,team", "nadia,radish"], CONVENTIONS), KINDS)
    assert (plan.per_person[0].comes, plan.per_person[0].goes) == (found.comes, found.goes)


def command_json(*words: str) -> Any:
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_commands_print_the_contract(company: None, tmp_path: Path) -> None:
    found = command_json("whatif", "nadia", "--set", "team=cucumber")
    assert set(found) >= {
        *("person", "set", "follows", "level_changed", "gains", "loses", "keeps", "unknown")
    }
    assert [each["app"] for each in found["gains"]] == ["Crew room"]
    (figma,) = found["level_changed"]
    assert (figma["app"], figma["level"], figma["level_before"], figma["direction"]) == (
        *("Figma", "Editor", "Viewer", "raised"),
    )
    printed = command_json("rule", 'user.team == "radish" AND isMemberOfGroup("00geng")', "--person", "nadia")
    assert printed == {
        "valid": True,
        "words": "everyone whose team is radish and who is in the group dept-engineering",
        "value": True,
        "reason": None,
        "clauses": [
            {
                "text": 'user.team == "radish"',
                "value": "radish",
                "holds": True,
                "words": "team is radish",
                "reason": None,
                "decides": True,
                "near": "",
            },
            {
                "text": 'isMemberOfGroup("00geng")',
                "value": "a member",
                "holds": True,
                "words": "the person is in the group dept-engineering",
                "reason": None,
                "decides": True,
                "near": "",
            },
        ],
        "attributes": ["team"],
        "error": None,
    }
    assert command_json("rule", 'user.team = "x"') == {
        "valid": False,
        "words": "",
        "value": None,
        "reason": None,
        "clauses": [],
        "attributes": [],
        "error": {"column": 11, "message": "= is not an operator.", "hint": "Write == to compare."},
    }
    profile = tmp_path / "profile.json"
    profile.write_text(
        '{"team": "radish", "groups": ["team-cucumber"], "status": "ACTIVE"}', encoding="utf-8"
    )
    for expression, value in (
        ('user.team == "radish"', True),
        ('isMemberOfGroup("00gcuc")', True),
        ('isMemberOfAnyGroup("00grad")', False),
        ('isMemberOfGroup("00gnone")', None),
        ('isMemberOfGroupName("team-cucumber")', True),
        ('user.getInternalProperty("status") == "ACTIVE"', True),
        ('user.city == "Oslo"', False),
        ('user.planet == "Mars"', None),
    ):
        assert command_json("rule", expression, "--profile", str(profile))["value"] is value, expression


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "must hold one JSON object of attributes."),
        ("{", "is not JSON in UTF-8."),
        ('{"groups": "a"}', "“groups” must be a list of names."),
        ('{"status": 1}', "“status” must be a text such as ACTIVE."),
        ('{"a": {}}', "The attribute “a” must be a text, a number, true, false, null or a list."),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused(
    company: None, tmp_path: Path, content: str, message: str
) -> None:
    profile = tmp_path / "profile.json"
    profile.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=r"profile\.json") as refused:
        command_json("rule", "user.team == null", "--profile", str(profile))
    assert str(refused.value) == f"{profile}: {message}"
    assert refused.value.returncode == 1


def test_what_if_somebody_were_like_a_colleague(company: None) -> None:
    out = StringIO()
    call_command("whatif", "nadia", "--like", "tomas", "--json", stdout=out)
    assert json.loads(out.getvalue())["set"] == {"team": "cucumber", "userType": "Contractor"}
    hidden = Viewer(None, hidden=frozenset({find_target("team-cucumber", OPERATOR).pk}))
    assert values_of_colleague(find_person("nadia"), find_person("tomas"), hidden) == {"team": "cucumber"}
    with pytest.raises(CommandError, match="--like COLLEAGUE"):
        call_command("whatif", "nadia")


def test_a_wrong_argument_of_what_if_is_refused(company: None) -> None:
    with pytest.raises(
        CommandError, match=r"Write ATTRIBUTE=VALUE, not “team”\. Options: --set ATTRIBUTE=VALUE,"
    ) as refused:
        command_json("whatif", "nadia", "--set", "team")
    assert refused.value.returncode == 2
