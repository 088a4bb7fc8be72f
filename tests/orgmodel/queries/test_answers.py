"""The answers of the commands' queries over a hand-made company, before and after a move."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Person
from orgmodel.queries.access.holders import Crowd, Way, crowd
from orgmodel.queries.access.holdings import access, who
from orgmodel.queries.access.team import team
from orgmodel.queries.history.diff import diff
from orgmodel.queries.moments import Moment, just_before
from orgmodel.queries.pages.details import openings
from orgmodel.queries.people import NotFound, find_person
from orgmodel.queries.targets import find_target, find_unit
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why.answer import why
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import (
    FactsReader,
    account,
    added,
    app,
    group,
    member,
    moment,
    opens,
    rule,
    seat,
)

pytestmark = pytest.mark.django_db

FIXED: list[Fact] = [
    account("lena", "Lena Osei", team="cucumber", department="Engineering"),
    account("tomas", "Tomas Okafor", team="radish", department="Engineering", manager_ref="lena"),
    account("quinn", "Quinn Abe", team="fennel", department="Design"),
    group("00gcuc", "team-cucumber", "AUTO team Cucumber", airtableId="recCUC", active=True),
    group("00grad", "team-radish", "AUTO team Radish", airtableId="recRAD", active=True),
    group("00geng", "dept-engineering"),
    group("00gall", "Everyone", kind="built-in"),
    group("00gonc", "radish-oncall"),
    app("0oafigma", "Figma"),
    app("0oaslack", "Slack"),
    app("0oadog", "Datadog"),
    app("0oastag", "Radish staging"),
    app("0oaonc", "Radish on-call"),
    app("0oaold", "Old thing", status="inactive"),
    opens("00gcuc", "0oafigma", "Editor", 0),
    opens("00geng", "0oafigma", "Viewer", 1),
    opens("00gall", "0oaslack"),
    opens("00geng", "0oadog"),
    opens("00grad", "0oastag", "Admin"),
    opens("00grad", "0oadog"),
    opens("00gonc", "0oaonc"),
    opens("00gall", "0oaold"),
    rule("0prcuc", "Cucumber team", 'user.team == "cucumber"', "00gcuc"),
    rule("0prrad", "Radish team", 'user.team == "radish"', "00grad"),
    rule("0preng", "Engineering", 'user.department == "Engineering"', "00geng"),
    *(member(name, "00gall") for name in ("lena", "tomas", "nadia", "quinn")),
    *(member(name, "00geng", "0preng") for name in ("lena", "tomas", "nadia")),
    member("lena", "00gcuc", "0prcuc"),
    member("tomas", "00grad", "0prrad"),
    member("nadia", "00gonc"),
    seat("lena", "0oastag", "USER", "Viewer"),
    added("e1", "nadia", "00gonc", moment(-20)),
]
RADISH: list[Fact] = [
    account("nadia", "Nadia Brandt", team="radish", department="Engineering"),
    member("nadia", "00grad", "0prrad"),
]
CUCUMBER: list[Fact] = [
    account("nadia", "Nadia Brandt", team="cucumber", department="Engineering"),
    member("nadia", "00gcuc", "0prcuc"),
]
NOW = Moment(moment(9), live=True)


@pytest.fixture
def moved() -> None:
    """Nadia moved from Radish to Cucumber on the second day."""
    for day, facts in ((0, RADISH), (1, CUCUMBER)):
        outcome = read_and_apply(
            FactsReader([*facts, *FIXED], size=50), Conventions(), "okta", now=moment(day)
        )
        assert outcome.outcome == "applied", outcome.reason


def by_name(items: Any) -> dict[str, Any]:
    return {each.app.name: each for each in items}


def test_access_at_both_sides_of_the_move(moved: None) -> None:
    nadia = find_person("nadia@nordwind.example")
    after = by_name(access(nadia, NOW, OPERATOR).apps)
    assert {name: each.level for name, each in after.items()} == {
        "Figma": "Editor",
        "Slack": "assigned",
        "Datadog": "assigned",
        "Radish on-call": "assigned",
    }
    before = by_name(access(nadia, Moment(moment(0.5), live=False), OPERATOR).apps)
    assert {name: each.level for name, each in before.items()} == {
        "Figma": "Viewer",
        "Slack": "assigned",
        "Datadog": "assigned",
        "Radish staging": "Admin",
        "Radish on-call": "assigned",
    }


def test_paths_say_the_rule_and_the_hand(moved: None) -> None:
    have = by_name(access(find_person("nadia"), NOW, OPERATOR).apps)
    assert [path.sentence for path in have["Figma"].paths] == [
        (
            "Nadia Brandt’s team is cucumber. The rule “Cucumber team” puts Nadia Brandt into"
            " team-cucumber, which opens Figma as Editor."
        ),
        (
            "Nadia Brandt’s department is Engineering. The rule “Engineering” puts Nadia Brandt into"
            " dept-engineering, which opens Figma as Viewer."
        ),
    ]
    assert (
        have["Figma"].cause.sentence()
        == "Because their team changed from radish to cucumber (rule “Cucumber team”)."
    )
    assert [path.sentence for path in have["Radish on-call"].paths] == [
        "Nadia Brandt was added to radish-oncall by hand by Tomas Okafor, which opens Radish on-call."
    ]
    oncall = next(
        each
        for each in access(find_person("nadia"), NOW, OPERATOR).groups
        if each.group.name == "radish-oncall"
    )
    assert (oncall.origin, oncall.since) == ("admin", moment(-20))


def test_diff_sorts_what_changed(moved: None) -> None:
    found = diff(find_person("nadia"), just_before(moment(1)), NOW, OPERATOR)
    assert found.gained == ()
    assert [(each.app.name, each.level) for each in found.lost] == [("Radish staging", "Admin")]
    assert [(each.app.name, each.before, each.now.level, each.direction) for each in found.level_changed] == [
        ("Figma", "Viewer", "Editor", "raised")
    ]
    assert found.level_changed[0].now.cause.sentence() == (
        "Because their team changed from radish to cucumber (rule “Cucumber team”)."
    )
    assert [each.app.name for each in found.kept_unexplained] == ["Radish on-call"]
    assert [each.app.name for each in found.still_through] == ["Datadog"]
    assert [(flip.attribute, flip.before, flip.after) for flip in found.attributes] == [
        ("team", "radish", "cucumber")
    ]
    assert [each.group.name for each in found.groups_gained] == ["team-cucumber"]
    assert [each.group.name for each in found.groups_lost] == ["team-radish"]
    staging = by_name(found.lost)["Radish staging"]
    assert (staging.since, staging.before) == (moment(0), True)
    assert (found.level_changed[0].now.since, found.level_changed[0].now.before) == (moment(1), False)
    assert (
        staging.cause.sentence() == "Because their team changed from radish to cucumber (rule “Radish team”)."
    )


def test_team_tells_where_each_app_comes_from(moved: None) -> None:
    found = team(find_unit("cucumber"), NOW, OPERATOR)
    assert [member.name for member in found.members] == ["Lena Osei", "Nadia Brandt"]
    assert [(row.app.name, row.level, row.source, row.held_by, row.of) for row in found.apps] == [
        ("Figma", "Editor", "unit", 2, 2),
        ("Slack", "assigned", "everyone", 2, 2),
        ("Datadog", "assigned", "individual", 2, 2),
        ("Radish on-call", "assigned", "individual", 1, 2),
        ("Radish staging", "Viewer", "individual", 1, 2),
    ]


def test_who_has_it(moved: None) -> None:
    holders = who(find_target("Radish staging", OPERATOR), NOW, OPERATOR)
    assert [(holder.person.name, holder.level) for holder in holders] == [
        ("Lena Osei", "Viewer"),
        ("Tomas Okafor", "Admin"),
    ]
    assert who(find_target("Old thing", OPERATOR), NOW, OPERATOR) == ()


def test_a_crowd_is_counted_whole_and_shown_in_part(moved: None) -> None:
    seen = crowd(find_target("Radish staging", OPERATOR), NOW, OPERATOR, most=1)
    assert seen.total == 2
    assert set(seen.ways) == {Way("direct", "", 1), Way("rule", "Radish team", 1)}
    assert [(holder.person.name, holder.level) for holder in seen.first] == [("Lena Osei", "Viewer")]
    assert crowd(find_target("Radish on-call", OPERATOR), NOW, OPERATOR, most=9).ways == (
        Way("group", "radish-oncall", 1),
    )
    assert crowd(find_target("Old thing", OPERATOR), NOW, OPERATOR, most=9) == Crowd(0, (), ())


def test_why_why_not_and_why_lost(moved: None) -> None:
    nadia = find_person("nadia")
    lost = why(nadia, find_target("Radish staging", OPERATOR), NOW, OPERATOR)
    assert lost.has is False
    assert lost.lost is not None
    assert lost.lost.what == "team-radish"
    assert lost.sentence == (
        "Nadia Brandt no longer has Radish staging: no longer in team-radish since 2 March 2026."
        " The rule “Radish team” requires that team is radish, which is no longer true:"
        " their team changed from radish to cucumber on 2 March 2026 in Okta."
    )
    assert [step.kind for step in lost.would_take[0].steps] == ["rule", "group", "app"]
    held = why(nadia, find_target("Figma", OPERATOR), NOW, OPERATOR)
    assert (held.has, len(held.paths)) == (True, 2)
    never = why(find_person("lena"), find_target("radish-oncall", OPERATOR), NOW, OPERATOR)
    assert (never.has, never.lost) == (False, None)


def test_that_nothing_changed_is_said_of_moments(moved: None) -> None:
    out = StringIO()
    call_command(
        "diff", "nadia", "--since", "2026-03-01T09:20", "--until", "2026-03-01T11:30+02:00", stdout=out
    )
    sentence = "Nothing changed between 2026-03-01 09:20:00 and 2026-03-01 09:30:00 UTC."
    assert " ".join(out.getvalue().split()).endswith(sentence)


def test_commands_print_the_contract(moved: None) -> None:
    out = StringIO()
    call_command("diff", "nadia", "--since", "2026-03-01T12:00", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["person"]["email"] == "nadia@nordwind.example"
    assert [each["app"] for each in answer["lost"]] == ["Radish staging"]
    (figma,) = answer["level_changed"]
    assert (figma["app"], figma["level"], figma["level_before"], figma["direction"]) == (
        "Figma",
        "Editor",
        "Viewer",
        "raised",
    )
    for arguments in (("access", "nadia"), ("team", "cucumber"), ("who", "Figma"), ("why", "nadia", "Figma")):
        for flags in ((), ("--json",)):
            output = StringIO()
            call_command(*arguments, *flags, stdout=output)
            assert "Figma" in output.getvalue()


def test_of_the_time_before_the_first_read_commands_say_what_they_know(moved: None) -> None:
    caveat = "Sightline first read everything on 1 March 2026: of the time before, it knows nothing or only a"
    for arguments in (("access", "nadia"), ("who", "Figma"), ("team", "cucumber")):
        printed, out, aside = StringIO(), StringIO(), StringIO()
        call_command(*arguments, "--at", "2026-02-01", stdout=printed)
        assert " ".join(printed.getvalue().split()).startswith(caveat)
        call_command(*arguments, "--at", "2026-02-01", "--json", stdout=out, stderr=aside)
        assert (json.loads(out.getvalue()) is not None, aside.getvalue()[: len(caveat)]) == (True, caveat)
        after = StringIO()
        call_command(*arguments, "--at", "2026-03-01T12:00", stdout=after)
        assert "Sightline first read" not in after.getvalue()


def test_unknown_names_are_refused_with_the_nearest(moved: None) -> None:
    with pytest.raises(NotFound, match=r"Nearest: Nadia Brandt <nadia@nordwind\.example>"):
        find_person("nadja brandt")
    with pytest.raises(CommandError) as refusal:
        call_command("who", "Fgma")
    assert refusal.value.returncode == 1
    assert "Figma" in str(refusal.value)
    with pytest.raises(CommandError) as wrong:
        call_command("access", "nadia", "--at", "yesterday")
    assert wrong.value.returncode == 2
    assert Person.objects.count() == 4


def test_at_a_past_date_the_group_that_came_first_then_gives_the_level() -> None:
    company: list[Fact] = [account("ada"), app("figma"), group("team"), group("guild")]
    company += [member("ada", "team"), member("ada", "guild"), opens("guild", "figma", "Viewer", 1)]
    for day, priority in ((0, 0), (2, 2), (4, 0), (6, 3)):
        reader = FactsReader([*company, opens("team", "figma", "Editor", priority)])
        read_and_apply(reader, Conventions(), "okta", now=moment(day))
    ada, figma = find_person("ada"), find_target("figma", OPERATOR)
    for day, level in ((1, "Editor"), (3, "Viewer"), (5, "Editor"), (7, "Viewer")):
        then = Moment(moment(day), live=False)
        assert [each.level for each in access(ada, then, OPERATOR).apps] == [level]
        assert [each.level for each in who(figma, then, OPERATOR)] == [level]
        assert openings(figma, then, OPERATOR)[0].level == level
