"""Why somebody has an app, got it, lost it or keeps it: the exact words, for each kind of reason."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from notifier.compose import Case, mover
from notifier.naming import Naming
from notifier.reasons import Because, Teller
from orgmodel.facts import Origin
from orgmodel.queries.access.holdings import Access
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.access.routes import Hop, Route
from orgmodel.queries.access.target import Target
from orgmodel.queries.history.diff import Diff
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import UnitRef
from orgmodel.rules.explain import Clause
from orgmodel.why.causes import Cause
from orgmodel.why.paths import Path, Step
from orgmodel.why.voice import NOBODY, YOU

SINCE = datetime(2026, 3, 2, 9, tzinfo=UTC)
CUCUMBER = UnitRef(1, "recCUC", "team", "Cucumber", "cucumber", "cucumber")
RADISH = UnitRef(2, "recRAD", "team", "Radish", "radish", "radish")
ENGINEERING = UnitRef(3, "Engineering", "department", "Engineering", "engineering", "engineering")
NAMES = Naming(
    current={10: CUCUMBER, 12: ENGINEERING},
    former={11: RADISH},
    units=(CUCUMBER, RADISH, ENGINEERING),
    kinds={"team": "team", "department": "department"},
    titles={"userType": "Worker type"},
)
TELL = Teller(YOU, NAMES, 2026)
FIGMA = Target(1, "app", "Figma", "0oafigma")
BUILT_IN = Target(20, "group", "Everyone", "00gall", type="built-in", everyone=True)
STAFF = Target(21, "group", "BR-ALL-EMPLOYEES", "00gstaff", everyone=True)


def group(pk: int, name: str = "some-group") -> Target:
    return Target(pk, "group", name, f"00g{pk}")


def way(
    through: Target | None,
    level: str = "Editor",
    *,
    origin: Origin = "unknown",
    rule: str = "",
    facts: tuple[tuple[str, str], ...] = (),
    clauses: tuple[Clause, ...] = (),
    priority: int = 0,
    **more: Any,
) -> tuple[Route, Path]:
    """A way to Figma: directly, or through a group into which a rule or somebody put the person."""
    hops = [Hop(through.pk, through, "member", 0, SINCE)] if through else []
    steps = [Step("attribute", name, level=value) for name, value in facts]
    steps += [Step("rule", rule, f"0pr{rule}", clauses=clauses)] if rule else []
    steps += [Step("group", through.name, through.native_id)] if through else [Step("direct", "Figma")]
    hops.append(Hop(900 + (through.pk if through else 0), FIGMA, level, priority, SINCE))
    route = Route(1, 1, 1, origin, (), "okta", tuple(hops))
    path = Path((*steps, Step("app", "Figma", level=level)), "", "okta", "rule" if rule else origin)
    return route, replace(path, **more)


def held(*ways: tuple[Route, Path], cause: Cause | None = None) -> Access:
    routes, paths = zip(*ways, strict=True)
    return Access(FIGMA, routes[0].end.level, SINCE, paths, cause or Cause(), routes)


TEAM = way(group(10, "team-cucumber"), rule="Cucumber team", facts=(("team", "cucumber"),))
DEPARTMENT = way(group(12), rule="Engineering", facts=(("department", "Engineering"),), priority=3)
ALL = way(BUILT_IN, priority=5)
DESIGN = ("team", "cucumber"), ("userType", "Employee")


@pytest.mark.parametrize(
    ("ways", "words", "proof"),
    [
        ((TEAM, DEPARTMENT, ALL), "Comes with your team Cucumber", ""),
        ((ALL, DEPARTMENT), "Comes with your department Engineering", ""),
        ((ALL,), "Everyone has it", ""),
        ((way(STAFF, rule="All employees"),), "Nearly everyone has it", ""),
        # A group that stands for no unit: what the rule looks at says which team it is.
        ((way(group(30), rule="R", facts=(("team", "cucumber"),)),), "Comes with your team Cucumber", ""),
        (
            (way(group(30), rule="R", facts=DESIGN),),
            "Because your team is Cucumber and your worker type is Employee",
            "rule “R”",
        ),
        ((way(group(30), rule="R", facts=(*DESIGN, ("title", "Lead"))),), "Because of the rule “R”", ""),
        ((way(group(30), rule="R"),), "Because of the rule “R”", ""),
        ((way(group(30), origin="request"),), "Given on request", ""),
        ((way(None),), "Assigned to you directly", ""),
        ((way(group(30, "design-club")),), "Comes with the group design-club", ""),
        ((way(group(30), origin="admin"),), "Added by an admin", ""),
    ],
)
def test_why_something_is_held(ways: tuple[Any, ...], words: str, proof: str) -> None:
    reason = TELL.held(held(*ways))
    assert (reason.words, reason.proof) == (words, proof)


def test_a_rule_that_is_no_longer_active_is_no_reason_of_today() -> None:
    route, path = way(group(30), rule="Old")
    assert TELL.held(held((route, replace(path, explained=False)))).text == (
        "Added by the rule “Old”, which is no longer active"
    )


def test_only_ways_that_give_the_level_explain_it() -> None:
    viewer = way(group(10), "Viewer", rule="Cucumber team", facts=(("team", "cucumber"),), priority=9)
    assert TELL.held(held(DEPARTMENT, viewer)).words == "Comes with your department Engineering"


def test_of_alternatives_only_the_one_that_holds_is_a_reason() -> None:
    """`user.team == "cucumber" OR user.userType == "Intern"`: the worker type has no part in it."""
    clauses = (
        Clause('user.team == "cucumber"', "cucumber", True, decides=True),
        Clause('user.userType == "Intern"', "Employee", False),
    )
    found = held(way(group(30), rule="R", facts=DESIGN, clauses=clauses))
    assert TELL.held(found).words == "Comes with your team Cucumber"


def test_who_added_it_is_named_once_it_is_known() -> None:
    """Who gave the app to the group put nobody into the group."""
    opened = Cause("admin", actor="Quinn Abe", group="some-group", app="Figma")
    by_tomas = held(way(group(30), origin="admin", actor="Tomas Okafor"), cause=opened)
    assert TELL.held(by_tomas) == Because(3, "Added by Tomas Okafor")
    assert TELL.kept(by_tomas) == Because(3, "Added by Tomas Okafor in March")


def test_a_manager_reads_the_same_reason_without_your() -> None:
    tell = replace(TELL, voice=NOBODY)
    assert tell.held(held(TEAM)).words == "Comes with the team Cucumber"
    assert tell.held(held(way(None))).words == "Assigned directly"


FLIP = Cause(
    "rule", rule="0pr1", rule_name="Cucumber team", attribute="team", before="radish", after="cucumber"
)
ENDED = replace(FLIP, verb="ended", rule_name="Radish team")


@pytest.mark.parametrize(
    ("cause", "words", "proof"),
    [
        (FLIP, "Because your team is now Cucumber", "rule “Cucumber team”"),
        (replace(FLIP, after=None), "Because your team is no longer Radish", "rule “Cucumber team”"),
        (
            replace(FLIP, attribute="userType", before="Contractor", after="Employee"),
            "Because your worker type is now Employee",
            "rule “Cucumber team”",
        ),
        (Cause("admin", actor="Tomas Okafor"), "Added by Tomas Okafor", ""),
        (Cause("request"), "Given on request", ""),
        (
            Cause("admin", actor="Tomas", group="team-cucumber", app="Figma"),
            "Your team Cucumber has it now",
            "",
        ),
        (Cause("rule", rule="0pr1"), "Comes with your team Cucumber", ""),
        (Cause(), "Comes with your team Cucumber", ""),
    ],
)
def test_why_something_is_new(cause: Cause, words: str, proof: str) -> None:
    reason = TELL.came(held(TEAM, cause=cause))
    assert (reason.words, reason.proof) == (words, proof)


def test_a_group_that_stands_for_nothing_opens_it_by_name() -> None:
    found = held(way(group(30, "design-club")), cause=Cause(group="design-club", app="Figma"))
    assert TELL.came(found).words == "The group design-club has it now"


@pytest.mark.parametrize(
    ("through", "cause", "words"),
    [
        (group(11), ENDED, "Came with your team Radish"),
        (
            group(30),
            replace(ENDED, attribute="userType", before="Employee", after="Contractor"),
            "Because your worker type is now Contractor",
        ),
        (group(30), Cause("admin", "ended", actor="Tomas Okafor"), "Removed by Tomas Okafor"),
        (group(30), Cause("import", "ended"), "Removed by an import"),
        (group(11), Cause("unknown", "ended"), "Came with your team Radish"),
        (group(30), Cause("unknown", "ended"), "What made it happen is not known"),
        (group(30), Cause("path", "ended"), "The way to it ended"),
        (
            group(10, "team-cucumber"),
            Cause("admin", "ended", actor="Tomas Okafor", group="team-cucumber", app="Figma"),
            "Removed from your team Cucumber by Tomas Okafor",
        ),
        (
            group(30, "design-club"),
            Cause("automation", "ended", actor="Nightly", group="design-club", app="Figma"),
            "Removed from the group design-club by the automation Nightly",
        ),
        (
            group(30, "design-club"),
            Cause("unknown", "ended", group="design-club", app="Figma"),
            "The group design-club no longer has it",
        ),
    ],
)
def test_why_something_is_gone(through: Target, cause: Cause, words: str) -> None:
    assert TELL.went(held(way(through)), cause).words == words


def test_a_level_is_told_by_what_began_or_by_what_ended() -> None:
    was = held(way(group(11), "Admin"))
    raised = LevelChange(was, held(TEAM, cause=FLIP), "other")
    assert TELL.changed(raised).words == "Because your team is now Cucumber"
    assert (
        TELL.changed(replace(raised, now=held(DEPARTMENT, cause=ENDED))).words == "Came with your team Radish"
    )
    opens = Cause("admin", actor="Tomas", group="team-cucumber", app="Figma")
    assert (
        TELL.changed(replace(raised, now=held(TEAM, cause=opens))).words
        == "Your team Cucumber gives this level now"
    )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            held(way(group(30), origin="admin", actor="Tomas Okafor")),
            "Added by Tomas Okafor in March",
        ),
        (
            held(way(group(30), origin="admin", from_the_first=True)),
            "Added by an admin before Sightline began",
        ),
        (held(way(group(30), origin="request")), "Given on request in March"),
        (held(way(None)), "Assigned directly in March"),
        (held(way(group(30))), "Added directly in March"),
        (held(way(group(30), rule="Old")), "Added in March by the rule “Old”, which is no longer active"),
    ],
)
def test_how_something_that_no_rule_gives_came_about(found: Access, words: str) -> None:
    assert TELL.kept(found).words == words


def test_another_year_is_said() -> None:
    assert replace(TELL, year=2027).kept(held(way(None))).words == "Assigned directly in March 2026"


@pytest.mark.parametrize(
    ("cause", "words", "proof"),
    [
        (Cause(waits="ERROR"), "Okta reports an error while setting it up", ""),
        (Cause(waits="SYNCING"), "Okta is still setting it up", ""),
        (Cause(waits="OUT_OF_SYNC"), "Okta and the app do not agree yet", ""),
        (Cause(waits="STAGED"), "Okta has not set it up yet (STAGED)", ""),
        (Cause(), "Okta has not set it up yet", ""),
        (Cause("will_come", rules=("A", "B")), "Okta has not applied it yet", "rules “A” and “B”"),
    ],
)
def test_what_is_pending_waits_for(cause: Cause, words: str, proof: str) -> None:
    reason = TELL.waits(held(TEAM, cause=cause))
    assert (reason.words, reason.proof) == (words, proof)


def test_an_app_that_is_kept_is_not_said_to_be_held_another_way_as_well() -> None:
    found, nobody = held(way(None)), cast(Any, SimpleNamespace(name="Ada Lund"))
    moment, nothing = Moment(SINCE, live=True), ((),) * 4
    changed = Diff(nobody, moment, moment, (), (), (), (found,), (found,), *nothing)
    story = mover(Case(changed, SINCE.date(), "Radish", "Cucumber", "", names=NAMES, year=2026))
    assert ([item.app for item in story.kept], story.still) == (["Figma"], ())
