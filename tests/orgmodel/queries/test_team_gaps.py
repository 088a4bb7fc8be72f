"""What colleagues have and one does not: apps, and apps at a higher level; what is hidden changes no word."""

import pytest

from orgmodel.conventions import Conventions, Visibility
from orgmodel.facts import Fact
from orgmodel.models import Person
from orgmodel.queries.access.holdings import access
from orgmodel.queries.access.team import team
from orgmodel.queries.access.team_gaps import gaps, lacking
from orgmodel.queries.moments import now as present
from orgmodel.queries.visibility import viewer_for
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, rule, seat

pytestmark = pytest.mark.django_db
SECRET = Visibility(confidential_groups=("circle",))


def gaps_of_nadia(*more: Fact, visibility: Visibility | None = None) -> list[tuple[str, str, str, int]]:
    """App, level, why not, and how many have it, in the team of Nadia, Tomas and Lena."""
    facts: list[Fact] = [
        group("00grad", "team-radish", "AUTO team Radish"),
        group("00gedit", "figma-editors"),
        group("00gsec", "circle"),
        app("0oafigma", "Figma"),
        app("0oajira", "Jira"),
        opens("00gedit", "0oafigma", "Editor", 0),
        opens("00gsec", "0oafigma", "Admin", 0),
        opens("00grad", "0oafigma", "Viewer", 1),
        opens("00gedit", "0oajira"),
        rule("0prad", "Radish", 'user.team == "radish"', "00grad"),
        *(account(one, team="radish") for one in ("nadia", "tomas", "lena")),
        *(member(one, "00grad", "0prad") for one in ("nadia", "tomas", "lena")),
    ]
    run = read_and_apply(FactsReader([*facts, *more], size=50), Conventions(), "okta", now=moment(0))
    assert run.outcome == "applied", run.reason
    nadia = Person.objects.get(name="Nadia")
    viewer = viewer_for(nadia.pk, visibility or Visibility())
    mine = access(nadia.pk, present(), viewer)
    ours = team(mine.person.units[0], present(), viewer)
    _, found = gaps(lacking(mine, ours), mine, present(), viewer)
    return [(gap.row.app.name, gap.level, gap.why, gap.row.held_by) for gap in found]


def test_an_app_and_a_higher_level() -> None:
    assert gaps_of_nadia(member("tomas", "00gedit")) == [
        ("Figma", "Editor; you have Viewer", "given to people one by one", 1),
        ("Jira", "", "given to people one by one", 1),
    ]


def test_a_lower_level_of_others_is_no_gap() -> None:
    assert gaps_of_nadia(member("nadia", "00gedit")) == []


@pytest.mark.parametrize(("own", "theirs"), [("Member", "Analyst"), ("assigned", "Responder")])
def test_a_level_of_others_that_is_only_another_one_is_no_gap(own: str, theirs: str) -> None:
    assigned = [seat("nadia", "0oasnow", "USER", own), seat("tomas", "0oasnow", "USER", theirs)]
    assert gaps_of_nadia(app("0oasnow", "Snowflake"), *assigned) == []


@pytest.mark.parametrize("circle", [[], ["tomas"], ["tomas", "lena"]])
def test_a_level_through_a_hidden_group_is_as_if_it_were_not(circle: list[str]) -> None:
    hidden = [member(one, "00gsec") for one in circle]
    assert gaps_of_nadia(*hidden, visibility=SECRET) == []
    assert gaps_of_nadia(*hidden, member("tomas", "00gedit"), visibility=SECRET)[:1] == [
        ("Figma", "Editor; you have Viewer", "given to people one by one", 1)
    ]


def test_a_higher_level_through_a_group_that_both_are_in() -> None:
    """Nadia's own assignment, made directly, comes first."""
    both = [member("nadia", "00gedit"), member("tomas", "00gedit")]
    assert gaps_of_nadia(*both, seat("nadia", "0oafigma", "USER", "Viewer")) == [
        ("Figma", "Editor; you have Viewer", "you get your level another way", 1)
    ]


def test_whom_a_rule_asks_for_is_told_as_people() -> None:
    expression = 'isMemberOfGroupName("ROLE-LEADS") AND String.startsWith(user.title, "Team lead")'
    assert gaps_of_nadia(
        group("00glead", "ROLE-LEADS"),
        group("00gplan", "planners"),
        app("0oaplan", "Planner"),
        opens("00gplan", "0oaplan"),
        rule("0plead", "Planners", expression, "00gplan"),
        member("tomas", "00gplan", "0plead"),
    ) == [
        ("Planner", "", "for people who are in the group ROLE-LEADS and whose title begins with Team lead", 1)
    ]
