"""What is one edge away in Okta is told alike where it is several: feed, lately, cases, pages and counts."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import Fact, GrantFact
from orgmodel.models import Move
from orgmodel.queries.history.by_day import Filter
from orgmodel.queries.history.compare import compare
from orgmodel.queries.history.diff import diff
from orgmodel.queries.history.feed import feed
from orgmodel.queries.history.lately import lately
from orgmodel.queries.moments import Moment
from orgmodel.queries.pages.details import openings
from orgmodel.queries.pages.lists import ListRequest, list_resources
from orgmodel.queries.pages.tree import tree
from orgmodel.queries.people import find_person
from orgmodel.queries.rehearsal.whatif import what_if
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.queries.why.evidence import evidence
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, rule, unit

from .forge import ADA, edge, okta, registered, repo, say, team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forge() -> Iterator[None]:
    """The second system is known."""
    with registered():
        yield


def far(*, crew: bool, guests: bool, day: float) -> None:
    """Okta with Ada in either group."""
    inside = [name for name, there in (("crew", crew), ("guests", guests)) if there]
    others: list[Fact] = [account("bo"), group("rest"), member("bo", "rest")]
    facts = (ADA, group("crew"), group("guests"), *(member("ada", name) for name in inside), *others)
    say(day, *facts, source="okta")


def begin_far() -> None:
    """The crew opens the campus as steward two edges away, guests as visitors one edge away; a lab inside."""
    far(crew=False, guests=False, day=0)
    say(
        1,
        group("t1", "cucumber"),
        app("campus", "Campus"),
        app("lab", "Lab"),
        edge(okta("crew"), team("t1"), "mirrors", ("member", "member")),
        edge(team("t1"), repo("campus"), levels=("member", "steward")),
        edge(okta("guests"), repo("campus"), levels=("member", "visitor")),
        edge(repo("campus"), repo("lab"), "cascades", cap="member"),
    )


def changes() -> list[tuple[str, str]]:
    """The marks and sentences of Ada's memberships, oldest first."""
    return [(each.kind, each.sentence) for each in reversed(feed(Filter(kinds=("grant",)), OPERATOR, most=9))]


def test_the_feed_tells_what_a_membership_opens_along_the_whole_way_and_at_which_level() -> None:
    begin_far()
    far(crew=False, guests=True, day=2)
    far(crew=True, guests=True, day=3)
    far(crew=False, guests=True, day=4)
    far(crew=True, guests=True, day=5)
    far(crew=True, guests=False, day=6)
    far(crew=False, guests=False, day=7)
    assert changes() == [
        ("gained", "gained Campus (visitor) and Lab (visitor) through guests."),
        ("raised", "is now in crew. Campus: steward instead of visitor; Lab: member instead of visitor."),
        (
            "lowered",
            "is no longer in crew. Campus: visitor instead of steward; Lab: visitor instead of member.",
        ),
        ("raised", "is now in crew. Campus: steward instead of visitor; Lab: member instead of visitor."),
        ("lost", "is no longer in guests, and still has Campus and Lab another way."),
        ("lost", "lost Campus (steward) and Lab (member) with crew."),
    ]
    of_lab = Filter(kinds=("grant",), app=find_target("Lab", OPERATOR).pk)
    assert len(feed(of_lab, OPERATOR, most=9)) == 6


def test_what_somebody_was_given_lately_is_told_along_the_whole_way() -> None:
    begin_far()
    far(crew=True, guests=False, day=2)
    far(crew=False, guests=False, day=3)
    ada = find_person("ada")
    assert [
        (each.kind, each.sentence) for each in lately(ada, {}, Moment(moment(9), live=True), OPERATOR).entries
    ] == [
        ("lost", "You no longer have Campus and Lab."),
        ("gained", "You were given Campus and Lab."),
    ]


def test_an_app_that_is_granted_opens_what_lies_in_it() -> None:
    begin_far()
    things = (group("t1", "cucumber"), app("campus", "Campus"), app("lab", "Lab"))
    inside = edge(repo("campus"), repo("lab"), "cascades", cap="member")
    opened = edge(okta("guests"), repo("campus"), levels=("member", "visitor"))
    own = account("ada-f", "Ada Lund", email="ada@nordwind.example")
    say(2, own, *things, inside, opened)
    granted = GrantFact("ada-f", repo("campus"), "steward", "unknown", (), "none")
    say(3, own, *things, inside, opened, granted)
    say(4, own, *things, inside, opened)
    assert changes() == [
        ("gained", "was assigned Campus as steward directly. With it came Lab (member)."),
        ("lost", "is no longer assigned Campus as steward directly. With it went Lab (member)."),
    ]


def test_a_level_that_falls_behind_several_edges_opens_a_case_by_the_words_of_its_system() -> None:
    far(crew=True, guests=True, day=0)
    begin = (group("t1", "cucumber"), app("campus", "Campus"), app("lab", "Lab"))
    fixed = (
        *begin,
        edge(okta("crew"), team("t1"), "mirrors", ("member", "member")),
        edge(okta("guests"), repo("campus"), levels=("member", "visitor")),
        edge(repo("campus"), repo("lab"), "cascades"),
    )
    say(1, *fixed, edge(team("t1"), repo("campus"), levels=("member", "steward")))
    say(2, *fixed, edge(team("t1"), repo("campus"), levels=("member", "member")))
    assert [(each.person.name, each.kind) for each in Move.objects.all()] == [("Ada Lund", "lost")]
    found = diff(find_person("ada"), Moment(moment(1.5), live=False), Moment(moment(9), live=True), OPERATOR)
    assert [(each.app.name, each.before, each.now.level, each.direction) for each in found.level_changed] == [
        ("Campus", "steward", "member", "lowered"),
        ("Lab", "steward", "member", "lowered"),
    ]


def test_pages_name_what_leads_to_an_app_over_several_edges_and_count_it() -> None:
    begin_far()
    far(crew=True, guests=False, day=2)
    live, then = Moment(moment(9), live=True), Moment(moment(1.5), live=False)
    campus, crew = (find_target(name, OPERATOR) for name in ("Campus", "crew"))
    for at in (live, then):
        assert [(each.group.name, each.level, each.through) for each in openings(campus, at, OPERATOR)] == [
            ("cucumber", "steward", ()),
            ("guests", "visitor", ()),
            ("crew", "steward", ("cucumber",)),
        ]
        assert [(each.app.name, each.level, each.through) for each in openings(crew, at, OPERATOR)] == [
            ("Campus", "steward", ("cucumber",)),
            ("Lab", "member", ("cucumber", "Campus")),
        ]
        hiding = replace(OPERATOR, hidden=frozenset({find_target("cucumber", OPERATOR).pk}))
        assert openings(crew, at, hiding) == ()
        assert opens("app", at, OPERATOR) == {"Campus": 3, "Lab": 3}
        assert opens("group", at, OPERATOR) == {
            "crew": 2,
            "cucumber": 2,
            "forge-all": 0,
            "guests": 2,
            "rest": 0,
        }
        assert opens("app", at, hiding) == {"Campus": 1, "Lab": 1}
        assert opens("group", at, hiding) == {"crew": 0, "forge-all": 0, "guests": 2, "rest": 0}


def opens(kind: str, at: Moment, viewer: Viewer) -> dict[str, int]:
    """Groups or apps with the number beside them: apps that they open, or groups that open them."""
    return {row.name: row.opens for row in list_resources(kind, ListRequest(), at, viewer).rows}


def test_a_unit_counts_the_apps_that_its_group_leads_to_over_several_edges() -> None:
    begin_far()
    teams = (unit("team", "rec1", "Crew", "crew"), unit("team", "rec2", "Guests", "guests"))
    by_name = Conventions(unit_kinds=(UnitKind("team", "team", "<slug>"),))
    read_and_apply(FactsReader(teams, "control", size=9), by_name, "okta", now=moment(2))
    facts = (ADA, group("crew"), group("guests"), member("ada", "guests"))
    read_and_apply(FactsReader(facts, size=9), by_name, "okta", now=moment(3))
    found = {node.name: node.apps for node in tree(Moment(moment(9), live=True), OPERATOR)}
    assert found == {"Crew": 2, "Guests": 2}


def test_a_what_if_does_not_take_the_groups_that_others_lead_to() -> None:
    facts: list[Fact] = [
        account("ada", "Ada Lund", team="crew"),
        *(group(name) for name in ("crew", "guests")),
        *(rule(f"0pr{name}", name.title(), f'user.team == "{name}"', name) for name in ("crew", "guests")),
        member("ada", "crew", "0prcrew"),
    ]
    say(0, *facts, source="okta")
    mirror = edge(okta("crew"), team("t1"), "mirrors", ("member", "member"))
    to_campus = edge(okta("guests"), repo("campus"), levels=("member", "visitor"))
    opened = edge(team("t1"), repo("campus"), levels=("member", "steward"))
    inside = edge(repo("campus"), repo("lab"), "cascades", cap="member")
    things = (group("t1", "cucumber"), app("campus", "Campus"), app("lab", "Lab"))
    say(1, *things, mirror, to_campus, opened, inside)
    same = what_if(find_person("ada"), {"title": "Pilot"}, OPERATOR)
    assert (same.comes, same.goes, same.changed) == ((), (), False)
    moved = what_if(find_person("ada"), {"team": "guests"}, OPERATOR)
    assert (moved.comes, moved.goes, moved.gains, moved.loses) == (("guests",), ("crew",), (), ())
    assert [(each.app.name, each.before, each.now.level, each.direction) for each in moved.level_changed] == [
        ("Campus", "steward", "visitor", "lowered"),
        ("Lab", "member", "visitor", "lowered"),
    ]


def test_edges_are_told_by_what_they_are_and_where_a_thing_was_deleted() -> None:
    far(crew=True, guests=True, day=0)
    things = (group("t1", "cucumber"), group("t2", "makers"), app("campus", "Campus"))
    mirror = edge(okta("crew"), team("t1"), "mirrors", ("member", "member"))
    opened = edge(team("t1"), repo("campus"), levels=("member", "steward"))
    say(1, *things, app("lab", "Lab"), opened)
    part = edge(team("t1"), team("t2"), levels=("member", "member"))
    say(2, *things, app("lab", "Lab"), opened, mirror, part, edge(repo("campus"), repo("lab"), "cascades"))
    say(3, *things, opened, mirror)
    edges = feed(Filter(kinds=("edge",)), OPERATOR, most=9)
    assert sorted((each.who, each.sentence, each.because) for each in edges) == [
        ("Campus", "no longer passes on to Lab as steward.", "Because Lab was deleted from Forge."),
        ("Campus", "now passes on to Lab as steward.", ""),
        ("crew", "is now mirrored as cucumber in Forge.", ""),
        ("cucumber", "is no longer part of makers.", ""),
        ("cucumber", "is now part of makers.", ""),
    ]
    ada, live = find_person("ada"), Moment(moment(9), live=True)
    found = diff(ada, Moment(moment(2.5), live=False), live, OPERATOR)
    assert [(each.app.name, each.cause.sentence()) for each in found.lost] == [
        ("Lab", "Because Lab was deleted from Forge.")
    ]
    found = diff(ada, Moment(moment(1.5), live=False), Moment(moment(2.5), live=False), OPERATOR)
    assert [(each.app.name, each.cause.sentence()) for each in found.gained] == [
        ("Campus", "crew is mirrored as cucumber: What made it happen is not known."),
        ("Lab", "crew is mirrored as cucumber: What made it happen is not known."),
    ]


def test_evidence_and_comparisons_look_along_the_whole_way() -> None:
    begin_far()
    far(crew=True, guests=False, day=2)
    ada, live = find_person("ada"), Moment(moment(9), live=True)
    proof = evidence(ada, find_target("Lab", OPERATOR), live, OPERATOR)
    assert [each.sentence for each in proof.changes if "crew" in each.sentence] == ["is now in crew."]
    found = compare("bo@nordwind.example", "ada@nordwind.example", live, live, OPERATOR)
    assert [(row.app.name, row.where, row.would_take) for row in found.rows] == [
        ("Campus", "b", "Someone must add them to crew manually."),
        ("Lab", "b", "Someone must add them to crew manually."),
    ]
