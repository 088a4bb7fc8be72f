"""Which of several levels counts is the same in an answer, a what-if, a rehearsal and what came of it."""

import pytest

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import UNRANKED, Fact
from orgmodel.queries.access.holdings import access
from orgmodel.queries.moments import now
from orgmodel.queries.pages.lists import ListRequest
from orgmodel.queries.people import find_person
from orgmodel.queries.rehearsal.kept import rehearsal_page
from orgmodel.queries.rehearsal.outcome import outcome
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.rehearsal.rehearse import rehearse
from orgmodel.queries.rehearsal.supposition import WhatIfQuestion
from orgmodel.queries.rehearsal.whatif import what_if
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.rehearsals import Plan, keep
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import (
    FactsReader,
    account,
    app,
    group,
    member,
    moment,
    opens,
    rule,
    seat,
    unit,
)

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = (UnitKind("team", "team", "team-<slug>"),)
CONVENTIONS = Conventions(unit_kinds=KINDS, shrink_share=1.0)
PLAN = ["person,team", "ada,cucumber"]
FIXED: list[Fact] = [
    group("00gaa", "a-crew"),
    group("00gzz", "z-guild"),
    group("00grad", "team-radish"),
    group("00gcuc", "team-cucumber"),
    app("0oafigma", "Figma"),
    app("0oawiki", "Wiki"),
    opens("00gcuc", "0oawiki"),
    rule("0prrad", "Radish team", 'user.team == "radish"', "00grad"),
    rule("0prcuc", "Cucumber team", 'user.team == "cucumber"', "00gcuc"),
]
ADA: list[Fact] = [account("ada", "Ada Moss", team="radish"), member("ada", "00grad", "0prrad")]


def sync(day: float, *facts: Fact) -> None:
    units = [unit("team", f"rec{name}", name.title(), name) for name in ("cucumber", "radish")]
    for reader in (FactsReader(units, "control"), FactsReader([*FIXED, *facts], size=50)):
        found = read_and_apply(reader, CONVENTIONS, "okta", now=moment(day))
        assert found.outcome in {"applied", "unchanged"}, found.reason


@pytest.mark.parametrize(
    ("crew", "guild", "listed", "level"),
    [
        (3, 3, "Viewer", "Viewer"),
        (3, 3, "Editor", "Editor"),
        (3, 3, "", "Viewer"),  # Nothing decides: the guild came first.
        (3, 3, "Owner", "Viewer"),  # A level that no group gives decides nothing.
        (3, 2, "Editor", "Viewer"),
        (2, 3, "Viewer", "Editor"),
        (UNRANKED, 3, "Editor", "Editor"),
        (UNRANKED, 3, "", "Viewer"),
        (UNRANKED, UNRANKED, "Viewer", "Viewer"),
    ],
)
def test_a_level_is_the_same_wherever_it_is_asked(crew: int, guild: int, listed: str, level: str) -> None:
    edges: list[Fact] = [
        opens("00gaa", "0oafigma", "Editor", crew),
        opens("00gzz", "0oafigma", "Viewer", guild),
        *((seat("ada", "0oafigma", "GROUP", listed),) if listed else ()),
    ]
    sync(0, *ADA, member("ada", "00gzz"), *edges)
    sync(1, *ADA, member("ada", "00gzz"), member("ada", "00gaa"), *edges)
    (figma,) = access(find_person("ada"), now(), OPERATOR).apps
    alone = what_if(find_person("ada"), WhatIfQuestion({"team": "cucumber"}), OPERATOR, CONVENTIONS)
    (planned,) = rehearse(read_proposal(PLAN, CONVENTIONS), KINDS).per_person
    assert figma.level == level
    for found in (alone, planned):
        assert [(each.app.name, each.level) for each in found.keeps] == [("Figma", level)]
        assert [each.app.name for each in found.gains] == ["Wiki"]
        assert not found.level_changed


def test_what_a_move_would_bring_wins_by_its_priority_alone() -> None:
    edges: list[Fact] = [
        opens("00gzz", "0oafigma", "Viewer", 3),
        opens("00gcuc", "0oafigma", "Editor", 3),
        seat("ada", "0oafigma", "GROUP", "Viewer"),
    ]
    sync(0, *ADA, member("ada", "00gzz"), *edges)
    alone = what_if(find_person("ada"), WhatIfQuestion({"team": "cucumber"}), OPERATOR, CONVENTIONS)
    (planned,) = rehearse(read_proposal(PLAN, CONVENTIONS), KINDS).per_person
    for found in (alone, planned):
        assert [(each.app.name, each.level) for each in found.keeps] == [("Figma", "Viewer")]


def test_a_level_that_the_list_changed_since_a_rehearsal_is_a_deviation() -> None:
    edges: list[Fact] = [opens("00gaa", "0oafigma", "Editor", 3), opens("00gzz", "0oafigma", "Viewer", 3)]
    there: list[Fact] = [*edges, member("ada", "00gaa"), member("ada", "00gzz")]
    sync(0, *ADA, *there, seat("ada", "0oafigma", "GROUP", "Editor"))
    key = keep(Plan("Summer", "\n".join(PLAN)), CONVENTIONS, moment(0.5))
    cucumber: list[Fact] = [account("ada", "Ada Moss", team="cucumber"), member("ada", "00gcuc", "0prcuc")]
    sync(1, *cucumber, *there, seat("ada", "0oafigma", "GROUP", "Viewer"))
    (ada,) = outcome(rehearsal_page(key, ListRequest()).forecast).people
    assert [(each.name, each.what) for each in ada.differences] == [("Figma", "other level")]
