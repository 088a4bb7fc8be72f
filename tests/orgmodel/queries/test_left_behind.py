"""Members of a group that no live rule keeps: by which rule they came, and what became of it."""

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Resource
from orgmodel.queries.access.holders import crowd
from orgmodel.queries.access.holdings import access
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.lists import ListRequest, list_resources
from orgmodel.queries.people import find_person
from orgmodel.queries.rules.listing import rule_page
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.queries.why.answer import Why, why
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, rule

pytestmark = pytest.mark.django_db

RED = rule("0pred", "Red team", 'user.team == "red"', "00gred")
FIXED: list[Fact] = [
    rule("0pblue", "Blue", 'user.team == "blue"', "00gblue"),
    group("00gblue", "team-blue"),
    account("nadia", "Nadia Brandt", team="red"),
    account("lena", "Lena Osei", team="blue"),
    group("00gred", "team-red"),
    group("00gcrew", "crew"),
    app("0oapaint", "Paint"),
    app("0oajira", "Jira"),
    opens("00gred", "0oapaint", "Editor"),
    member("lena", "00gcrew"),
]
BY_RULE, DIRECT = member("nadia", "00gred", "0pred"), member("nadia", "00gred")


def say(day: float, *facts: Fact) -> None:
    reader = FactsReader([*FIXED, *facts], size=50)
    outcome = read_and_apply(reader, Conventions(), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def why_answer(
    person: str = "nadia", target: str = "team-red", day: float = 9, viewer: Viewer = OPERATOR
) -> Why:
    then = Moment(moment(day), live=day == 9)
    return why(find_person(person), find_target(target, OPERATOR, then), then, viewer)


def sentence(day: float = 9) -> str:
    (path,) = why_answer(day=day).paths
    return path.sentence


PUTS = "Nadia Brandt’s team is red. The rule “Red team” puts Nadia Brandt into team-red."


def test_a_rule_that_is_inactive() -> None:
    say(0, RED, BY_RULE)
    say(1, RED._replace(status="inactive"), BY_RULE)
    assert sentence() == (
        "The rule “Red team” put Nadia Brandt into team-red while it was active."
        " It is inactive now, so nothing removes Nadia Brandt."
    )
    assert sentence(day=0.5) == PUTS


def test_a_rule_that_okta_marks_invalid() -> None:
    say(0, RED, BY_RULE)
    say(1, RED._replace(status="invalid"), BY_RULE)
    assert sentence() == (
        "The rule “Red team” put Nadia Brandt into team-red while it was valid."
        " It is invalid now, so nothing removes Nadia Brandt."
    )


def test_a_rule_that_is_deleted() -> None:
    say(0, RED, BY_RULE)
    say(1, DIRECT)
    assert sentence() == (
        "The rule “Red team” put Nadia Brandt into team-red before it was deleted on 2 March 2026."
        " Nothing removes Nadia Brandt now."
    )
    assert sentence(day=0.5) == PUTS
    (held,) = access(find_person("nadia"), Moment(moment(9), live=True), OPERATOR).apps
    assert held.explained is False


def test_a_deleted_rule_is_no_way_in() -> None:
    say(0, RED, BY_RULE)
    say(1, DIRECT)
    assert [path.sentence for path in why_answer("lena").would_take] == [
        "Someone must add them to team-red manually."
    ]
    assert [path.sentence for path in why_answer("lena", day=0.5).would_take] == [
        "The rule “Red team” would match if team is red (now blue)."
    ]


def test_a_rule_that_let_somebody_go_and_is_still_there() -> None:
    say(0, RED, BY_RULE)
    say(1, RED, DIRECT)
    assert sentence() == (
        "The rule “Red team” put Nadia Brandt into team-red."
        " Okta no longer attributes that to the rule, so nothing removes Nadia Brandt."
    )


def test_a_rule_that_does_not_match_any_more_while_okta_still_keeps_the_member() -> None:
    kept = member("lena", "00gred", "0pred")
    say(0, RED, kept)
    (path,) = why_answer("lena").paths
    assert path.sentence == (
        "The rule “Red team” put Lena Osei into team-red."
        " It does not match any more, but Okta has not removed Lena Osei."
    )


def test_a_member_who_was_always_direct_came_by_no_rule() -> None:
    say(0, RED, DIRECT)
    assert sentence() == "Nadia Brandt was added to team-red directly; who did it is not known."


def test_without_attribution_every_surface_says_the_rule_that_matches() -> None:
    say(0, RED, member("nadia", "00gred", attributed=False))
    assert sentence() == PUTS
    held = access(find_person("nadia"), Moment(moment(9), live=True), OPERATOR)
    (membership,) = held.groups
    assert (membership.origin, membership.rule) == ("rule", "Red team")
    seen = crowd(find_target("team-red", OPERATOR), Moment(moment(9), live=True), OPERATOR, most=9)
    assert [step.name for step in seen.first[0].paths[0].steps if step.kind == "rule"] == ["Red team"]


@pytest.mark.parametrize(("hidden", "source"), [(False, "Jira"), (True, "an app")])
def test_a_group_of_an_app_says_of_which(hidden: bool, source: str) -> None:
    imported = group("00gjira", "jira-admins", kind="imported")._replace(parent="0oajira")
    say(0, imported, member("nadia", "00gjira"), opens("00gjira", "0oajira"))
    secret = frozenset({find_target("Jira", OPERATOR).pk}) if hidden else frozenset()
    viewer = Viewer(person=None, hidden=secret)
    (path,) = why_answer(target="jira-admins", viewer=viewer).paths
    assert (path.origin, path.sentence) == (
        "app",
        f"Nadia Brandt is in jira-admins. jira-admins comes from {source}, which decides who is in it.",
    )
    (way,) = why_answer("lena", "jira-admins", viewer=viewer).would_take
    assert way.sentence == f"jira-admins comes from {source}, which decides who is in it."


def test_a_rule_names_groups_by_their_names() -> None:
    say(0, rule("0pr1", "Of the crew", 'isMemberOfAnyGroup("00gcrew", "00gred")', "00gred"))
    (way,) = why_answer().would_take
    assert way.sentence == (
        "The rule “Of the crew” would match if the person is in any of the groups crew, team-red"
        " (now no member)."
    )
    row = rule_page("0pr1", Moment(moment(9), live=True), OPERATOR).row
    assert row.words == "everyone in any of the groups crew, team-red"


def test_whose_account_is_closed_counts_as_a_member_and_as_nobody_who_has_the_app() -> None:
    closed = account("quinn", "Quinn Abe")._replace(status="DEPROVISIONED")
    say(0, closed, member("quinn", "00gcrew"), opens("00gcrew", "0oajira"))
    counted = dict(Resource.objects.values_list("native_id", "holders"))
    assert (counted["00gcrew"], counted["0oajira"]) == (2, 1)
    today = Moment(moment(9), live=True)
    for target, people in (("crew", 2), ("Jira", 1)):
        found = find_target(target, OPERATOR)
        assert crowd(found, today, OPERATOR, most=9).total == people
        then = Moment(moment(5), live=False)
        page = list_resources(found.kind, ListRequest(text=target), then, OPERATOR)
        assert [row.holders for row in page.rows] == [people]
