"""A small Nordwind for the pages: two teams, a move, a rename, a hidden group and hostile names."""

from orgmodel.conventions import Conventions, UnitKind, Visibility
from orgmodel.facts import Fact, OwnerFact, PushFact
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
    unit,
)
from tests.snapshots import once

HOSTILE = "\u202e<script>alert(1)</script> <!channel> " + "x" * 10_000
FORMULA = '=HYPERLINK("https://evil.example")'
KINDS = (
    UnitKind("team", "team", "team-<slug>", "AUTO team", "airtableId", "parentId", "active"),
    UnitKind("department", "department", "dept-<slug>"),
)
CONVENTIONS = Conventions(
    unit_kinds=KINDS,
    visibility=Visibility(confidential_groups=("works-council",), admins_group="sightline-admins"),
)


def founded(extra: int = 0) -> list[Fact]:
    """Everybody but Nadia, with `extra` more members of Cucumber."""
    crowd = [f"crowd{number}" for number in range(extra)]
    people = ("lena", "tomas", "quinn", "nadia", "hostile", *crowd)
    return [
        account("lena", "Lena Osei", title="Team lead", team="cucumber", department="engineering"),
        account("tomas", "Tomas Okafor", title="IT engineer", team="radish", department="engineering"),
        account("quinn", "Quinn Abe", title=FORMULA, team="fennel", department="design"),
        account("hostile", HOSTILE, team="cucumber", department="engineering", manager_ref="lena"),
        *(account(one, team="cucumber", department="engineering", manager_ref="lena") for one in crowd),
        group("00gcuc", "team-cucumber", "AUTO team Cucumber"),
        group("00grad", "team-radish", "AUTO team Radish"),
        group("00geng", "dept-engineering"),
        group("00gall", "Everyone", kind="built-in"),
        group("00gonc", "radish-oncall", HOSTILE),
        group("00gadm", "sightline-admins"),
        group("00gwrk", "works-council"),
        app("0oafigma", "Figma")._replace(features=("PUSH_NEW_USERS", "PUSH_USER_DEACTIVATION")),
        app("0oaslack", "Slack"),
        app("0oadog", "Datadog"),
        app("0oastag", "Radish staging"),
        app("0oaonc", "Radish on-call"),
        app("0oawrk", "Council files"),
        *(app(f"0oax{number}", f"Crowded {number}") for number in range(extra)),
        opens("00gcuc", "0oafigma", "Editor", 0),
        opens("00geng", "0oafigma", "Viewer", 1),
        opens("00geng", "0oadog"),
        opens("00gall", "0oaslack"),
        opens("00grad", "0oastag", "Admin"),
        opens("00gonc", "0oaonc"),
        opens("00gwrk", "0oawrk"),
        *(opens("00gcuc", f"0oax{number}") for number in range(extra)),
        rule("0prcuc", "Cucumber team", 'user.team == "cucumber"', "00gcuc"),
        rule("0prrad", "Radish team", 'user.team == "radish"', "00grad"),
        rule("0preng", "Engineering", 'user.department == "engineering"', "00geng"),
        *(member(one, "00gall") for one in people),
        *(member(one, "00geng", "0preng") for one in people if one != "quinn"),
        *(member(one, "00gcuc", "0prcuc") for one in ("lena", "hostile", *crowd)),
        member("tomas", "00grad", "0prrad"),
        member("tomas", "00gadm"),
        member("lena", "00gwrk"),
        member("nadia", "00gonc"),
        seat("lena", "0oastag", "USER", "Viewer"),
        added("e1", "nadia", "00gonc", moment(-20)),
        OwnerFact("00gcuc", "USER", "lena", "Lena Osei"),
        PushFact("push1", "0oaslack", "00gcuc", "", "error", "No such channel.", None),
    ]


def nadia(team: str) -> list[Fact]:
    """Nadia Brandt, as a member of one of the two teams."""
    native, of = {"radish": ("00grad", "0prrad"), "cucumber": ("00gcuc", "0prcuc")}[team]
    return [
        account(
            "nadia", "Nadia Brandt", title="Designer", team=team, department="engineering", manager_ref="lena"
        ),
        member("nadia", native, of),
    ]


def units(cucumber: str) -> list[Fact]:
    """The units as the control plane keeps them; Cucumber by the name it has at the time."""
    return [
        unit("department", "dep1", "Engineering", "engineering"),
        unit("department", "dep2", "Design", "design"),
        unit("team", "recCUC", cucumber, "cucumber", parent="dep1", lead="lena"),
        unit("team", "recRAD", "Radish", "radish", parent="dep1", lead="tomas"),
        unit("team", "recFEN", "Fennel", "fennel", parent="dep2"),
    ]


def tell() -> None:
    """Day 0: Nadia in Radish, Cucumber still called Gherkin. Day 1: Nadia in Cucumber, which has its name."""
    once(_live, 0)


def grow(extra: int) -> None:
    """Day 2: `extra` more people join Cucumber, and it gets as many more apps."""
    _sync(2, "cucumber", "Cucumber", extra)


def grown(extra: int) -> None:
    """What `tell` and `grow` make of an empty database."""
    once(_live, extra)


def _live(extra: int) -> None:
    for day, team, name in ((0, "radish", "Gherkin"), (1, "cucumber", "Cucumber")):
        _sync(day, team, name, 0)
    if extra:
        grow(extra)


def _sync(day: int, team: str, name: str, extra: int) -> None:
    for reader in (
        FactsReader(units(name), "control", size=500),
        FactsReader([*nadia(team), *founded(extra)], size=500),
    ):
        outcome = read_and_apply(reader, CONVENTIONS, "okta", now=moment(day))
        assert outcome.outcome in {"applied", "unchanged"}, outcome.reason
