"""Rules and attributes over the read model: whom they take, where Okta differs, what values lead to."""

from dataclasses import replace

import pytest

from orgmodel.conventions import Conventions
from orgmodel.models import Finding
from orgmodel.queries.moments import now, parse_moment
from orgmodel.queries.pages.lists import ListRequest
from orgmodel.queries.people import NotFound
from orgmodel.queries.rules.attributes import attribute_page
from orgmodel.queries.rules.listing import list_rules, rule_page
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.sync.findings import refresh_findings
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, group, member, moment, rule
from tests.snapshots import once

from .rule_company import FACTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(transactional_db: None) -> None:
    once(_synced)


def _synced() -> None:
    outcome = read_and_apply(FactsReader(FACTS), Conventions(), "okta", now=moment(0))
    assert outcome.outcome == "applied"


def test_a_rule_tells_whom_it_takes_and_where_okta_differs(company: None) -> None:
    page = rule_page("0preng", now(), OPERATOR)
    assert page.row.words == "everyone whose department is Engineering"
    assert [each.name for each in page.fitting] == ["Nadia Brandt", "Tomas Okafor"]
    assert (page.late, page.astray, page.near, page.unknown) == ((), (), (), ())
    late = rule_page("0prcuc", now(), OPERATOR)
    assert late.fitting == ()
    assert [([one.name for one in each.people], each.sentence) for each in late.near] == [
        (["Nadia Brandt"], "Would match if team is cucumber (now radish)."),
        (["Tomas Okafor"], "Would match if user type is not Contractor (now Contractor)."),
    ]
    assert [(each.name, each.status) for each in late.versions] == [("Cucumber team", "active")]
    unknown = rule_page("0prsec", now(), OPERATOR)
    assert unknown.unknown == (
        ("what String.len makes of an attribute without a value is not documented", 1),
    )
    broken = rule_page("0prbad", now(), OPERATOR)
    assert broken.mistake is not None
    assert broken.mistake.column == 11
    assert broken.as_json()["error"]["hint"] == "Write == to compare."


def test_where_okta_differs_from_a_rule(company: None) -> None:
    facts = [*FACTS, member("tomas", "00gcuc", "0prcuc"), account("ola", "Ola Nord", team="radish")]
    read_and_apply(FactsReader(facts), Conventions(), "okta", now=moment(1))
    assert [each.name for each in rule_page("0prcuc", now(), OPERATOR).astray] == ["Tomas Okafor"]
    assert [each.name for each in rule_page("0prrad", now(), OPERATOR).late] == ["Ola Nord"]
    assert rule_page("0prrad", parse_moment("2026-03-01T10:00"), OPERATOR).late == ()


@pytest.mark.parametrize("status", ["STAGED", "SUSPENDED", "SOMETHING_NEW"])
def test_whether_okta_runs_a_rule_for_such_an_account_is_not_known(company: None, status: str) -> None:
    facts = [*FACTS, account("ola", "Ola Nord", team="radish", status=status)]
    read_and_apply(FactsReader(facts), Conventions(), "okta", now=moment(1))
    page = rule_page("0prrad", now(), OPERATOR)
    assert (page.late, [each.name for each in page.unsure]) == ((), ["Ola Nord"])
    assert page.as_json()["not_sure_whether_in"] == ["Ola Nord"]
    refresh_findings(Conventions(), "okta", moment(1), frozenset())
    assert not Finding.objects.filter(detector="rule-not-applied").exists()
    read_and_apply(
        FactsReader([*facts, member("ola", "00grad", "0prrad")]), Conventions(), "okta", now=moment(2)
    )
    assert rule_page("0prrad", now(), OPERATOR).unsure == ()


@pytest.mark.parametrize("status", ["ACTIVE", "PROVISIONED", "PASSWORD_EXPIRED", "RECOVERY", "LOCKED_OUT"])
def test_a_rule_that_is_not_applied_is_found(company: None, status: str) -> None:
    facts = [*FACTS, account("ola", "Ola Nord", team="radish", status=status)]
    read_and_apply(FactsReader(facts), Conventions(), "okta", now=moment(1))
    page = rule_page("0prrad", now(), OPERATOR)
    assert ([each.name for each in page.late], page.unsure) == (["Ola Nord"], ())
    refresh_findings(Conventions(), "okta", moment(1), frozenset())
    assert [each.sentence for each in Finding.objects.filter(detector="rule-not-applied")] == [
        "team-radish: Ola Nord matches the rule “Radish team”, and is not in it."
    ]


def test_what_is_odd_about_a_rule_stands_with_it_and_at_its_time(company: None) -> None:
    facts = [*FACTS, rule("0prlad", "Ladder", 'user.team == "Radish"', "00gcrew"), group("00gold", "old")]
    with_rule = [*facts, rule("0prall", "Old", 'user.team == "radish"', "00gold")]
    for day, stated in ((1, with_rule), (2, [each for each in with_rule if each != facts[-1]])):
        read_and_apply(FactsReader(stated), Conventions(), "okta", now=moment(day))
        refresh_findings(Conventions(), "okta", moment(day), frozenset())
    odd = rule_page("0prlad", now(), OPERATOR).odd
    assert [(each.kind, each.severity, each.column) for each in odd] == [
        ("near-value", "high", 1),
        ("never", "low", None),
    ]
    assert odd[0].sentence == (
        "Nobody has “Radish” in “team”, but “radish” (1 person) differs only in capital letters."
    )
    assert [each.kind for each in rule_page("0prall", now(), OPERATOR).odd] == ["target-gone"]
    assert rule_page("0prall", parse_moment("2026-03-02T20:00"), OPERATOR).odd == ()
    narrow = [*with_rule, rule("0prnar", "Narrow", 'user.team == "radish" AND user.city == "x"', "00gold")]
    read_and_apply(FactsReader(narrow), Conventions(), "okta", now=moment(3))
    refresh_findings(Conventions(), "okta", moment(3), frozenset())
    contained = {each.kind: each for each in rule_page("0prnar", now(), OPERATOR).odd}["contained"]
    assert [each.as_json() for each in contained.rules] == [{"native_id": "0prall", "name": "Old"}]
    hidden = Viewer(None, hidden=frozenset({find_target("Vault", OPERATOR).pk}))
    assert "contained" not in {each.kind for each in rule_page("0prnar", now(), hidden).odd}


def test_rules_are_listed_in_words_without_those_that_feed_something_hidden(company: None) -> None:
    everything = list_rules(ListRequest(), now(), OPERATOR)
    assert [row.name for row in everything.rows] == [
        "Broken",
        "Crew",
        "Cucumber team",
        "Engineering",
        "Radish team",
        "Secret",
    ]
    assert everything.rows[2].words == "everyone whose team is cucumber and whose user type is not Contractor"
    assert everything.rows[0].words == ""
    hidden = Viewer(None, hidden=frozenset({find_target("team-cucumber", OPERATOR).pk}))
    assert [row.name for row in list_rules(ListRequest(sort="-name"), now(), hidden).rows] == [
        "Secret",
        "Radish team",
        "Engineering",
        "Crew",
    ]
    with pytest.raises(NotFound):
        rule_page("0prcuc", now(), hidden)
    assert rule_page("0prcrew", now(), hidden).unknown == (("not all groups of the user are known", 2),)
    assert [row.name for row in list_rules(ListRequest(text="depart"), now(), OPERATOR).rows] == [
        "Engineering"
    ]


def test_an_attribute_leads_from_values_to_apps(company: None) -> None:
    page = attribute_page("team", now(), OPERATOR)
    assert (page.filled, page.of, page.different, page.personal) == (2, 2, 2, False)
    assert [(row.value, row.people, [rule.name for rule in row.rules]) for row in page.values] == [
        ("cucumber", 1, ["Cucumber team", "Secret"]),
        ("radish", 1, ["Radish team"]),
    ]
    assert [(rule.name, rule.apps) for rule in page.rules] == [
        ("Broken", 1),
        ("Cucumber team", 1),
        ("Radish team", 1),
        ("Secret", 1),
    ]
    department = attribute_page("department", now(), OPERATOR)
    assert (department.empty, department.waiting) == (0, ())
    city = attribute_page("city", now(), OPERATOR)
    assert (city.filled, city.empty, city.values) == (0, 2, ())
    for name in ("planet", "a b", "team'"):
        with pytest.raises(NotFound):
            attribute_page(name, now(), OPERATOR)


def test_a_value_that_nobody_has_any_more_is_told(company: None) -> None:
    facts = [each for each in FACTS if each != FACTS[7]]
    assert FACTS[7][0] == "nadia"
    read_and_apply(FactsReader(facts), replace(Conventions(), shrink_share=1.0), "okta", now=moment(1))
    page = attribute_page("team", now(), OPERATOR)
    assert [(value, rule.name) for value, rule in page.waiting] == [("radish", "Radish team")]
