"""A group without a priority in an app: what an older version stored as 0 is no change after the upgrade."""

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import UNRANKED, EdgeFact, Fact
from orgmodel.models import Change, Edge, Move
from orgmodel.queries.access.holdings import access
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.runs import read_and_apply

from .world import FactsReader, account, app, group, member, moment, opens, seat

pytestmark = pytest.mark.django_db
FIXED: list[Fact] = [
    account("ada", "Ada Moss"),
    *(group(each) for each in ("00gteam", "00gguild")),
    app("0oafigma", "Figma"),
    *(member("ada", each) for each in ("00gteam", "00gguild")),
    seat("ada", "0oafigma", "GROUP", "Viewer"),
]


def sync(day: float, team: int, guild: int) -> None:
    edges: list[EdgeFact] = [
        opens("00gteam", "0oafigma", "Editor", team),
        opens("00gguild", "0oafigma", "Viewer", guild),
    ]
    outcome = read_and_apply(FactsReader([*FIXED, *edges], size=50), Conventions(), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def level(day: float) -> str:
    (only,) = access(find_person("ada"), Moment(moment(day), live=False), OPERATOR).apps
    return only.level


def changes() -> list[tuple[str, str]]:
    return list(Change.objects.filter(baseline=False).values_list("kind", "verb"))


def test_the_first_sync_after_an_upgrade_changes_nothing() -> None:
    sync(0, 0, 5)  # As it was stored: the team has none.
    assert level(0.5) == "Editor"
    sync(1, UNRANKED, 5)
    assert changes() == []
    assert not Move.objects.exists()
    assert sorted(Edge.objects.values_list("priority", flat=True)) == [5, UNRANKED]
    # It never was the first: the past is answered as it was.
    assert (level(0.5), level(2)) == ("Viewer", "Viewer")


def test_a_priority_of_0_that_is_taken_away_later_is_a_change() -> None:
    sync(0, 0, UNRANKED)
    sync(1, UNRANKED, UNRANKED)
    assert changes() == [("edge", "changed")]
    assert (level(0.5), level(2)) == ("Viewer", "Viewer")


def test_a_group_that_is_put_behind_another_is_a_change() -> None:
    sync(0, 0, 5)
    sync(1, 7, 5)
    assert changes() == [("edge", "changed")]
    assert (level(0.5), level(2)) == ("Editor", "Viewer")
