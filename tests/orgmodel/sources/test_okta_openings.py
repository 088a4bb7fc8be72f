"""Which apps groups open is asked of the groups where that takes fewer calls, and no truth is lost by it."""

from typing import Any

import pytest

from orgmodel.facts import EdgeFact
from orgmodel.marks import Covered
from orgmodel.sources.okta import openings

from .organisation import Organisation, always, app, group, of, small_organisation


def few_open(apps: int = 20) -> Organisation:
    """Radish opens Figma as an editor; nobody opens any of the others by a group."""
    org = small_organisation()
    org.lists["/apps"] = [app("0oafig"), *(app(f"0oas{number:02}") for number in range(apps))]
    org.lists["/groups/00grad/apps"] = [app("0oafig")]
    count(org, {"00grad": 1})
    return org


def count(org: Organisation, opened: dict[str, Any]) -> None:
    for row in org.lists["/groups"]:
        row["_embedded"]["stats"]["appsCount"] = opened.get(row["id"], 0)


def requests_of(org: Organisation) -> tuple[int, int]:
    """How many groups were asked for their apps, and apps for their groups."""
    found = [path.split("/")[3:6:2] for path in org.calls.elements()]
    return found.count(["groups", "apps"]), found.count(["apps", "groups"])


def test_only_the_apps_that_groups_open_are_asked_which_level_they_give() -> None:
    org = few_open()
    facts, _ = org.read()
    assert requests_of(org) == (1, 1)
    assert [(fact.target.native_id, fact.target_level, fact.priority) for fact in of(facts, EdgeFact)] == [
        ("0oafig", "Editor", 1)
    ]
    assert ("edge", "") in {(mark.kind, mark.owner) for mark in of(facts, Covered)}


def test_where_no_group_opens_any_nothing_shows_that_they_count() -> None:
    org = few_open()
    count(org, {})
    facts, _ = org.read()
    assert (requests_of(org), len(of(facts, EdgeFact))) == ((0, 21), 1)


def test_an_app_that_is_not_in_use_is_asked_in_any_case() -> None:
    org = few_open()
    org.lists["/apps"][5]["status"] = "INACTIVE"
    org.read()
    assert requests_of(org) == (1, 2)


@pytest.mark.parametrize(
    "opened",
    [{"00grad": 2}, {"00grad": None}, {"00grad": 1, "00gempty": 1}, {"00grad": 19, "00gempty": 1}],
)
def test_where_the_counts_do_not_agree_or_it_is_no_cheaper_every_app_is_asked(opened: dict[str, Any]) -> None:
    org = few_open()
    count(org, opened)
    org.read()
    assert requests_of(org)[1] == 21


def test_where_groups_do_not_tell_every_app_is_asked() -> None:
    org = few_open()
    org.special["/groups/00grad/apps"] = [always(403, "E0000006")]
    facts, reader = org.read()
    assert (requests_of(org), len(of(facts, EdgeFact))) == ((1, 21), 1)
    assert (reader.report.problems, reader.report.not_visible) == ([], {})


def test_many_groups_are_not_asked_before_everything_else() -> None:
    org = few_open(apps=3 * openings.MOST_GROUPS)
    for number in range(openings.MOST_GROUPS):
        org.lists["/groups"].append(group(f"00g{number:03}", 0))
    count(org, {row["id"]: 1 for row in org.lists["/groups"]})
    org.read()
    assert requests_of(org) == (0, 3 * openings.MOST_GROUPS + 1)
