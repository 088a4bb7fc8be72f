"""What completes a move that was told without its other half, and what has nothing to do with it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.configurations import feed_in

from .conftest import TOMAS, Nordwind
from .feed import Feed, feed_of
from .hearing import today
from .test_waiting import kinds, move, moved, received

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hr(nordwind: Nordwind, settings: Any, tmp_path: Path) -> Feed:
    """HR speaks for people, and has been read once."""
    feed = feed_of(nordwind, tmp_path)
    known = settings.SIGHTLINE.sources
    fed = known | feed_in(tmp_path, units=False)
    settings.SIGHTLINE = replace(settings.SIGHTLINE, hris="csv", sources=fed)
    nordwind.sync()
    nordwind.sync()
    assert received(nordwind) == {}
    return feed


def test_what_is_no_half_of_an_unfinished_move_is_told_by_itself(hr: Feed, nordwind: Nordwind) -> None:
    hr.set("nadia", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=25)) == moved("HR")
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    ended = f"Your access to Radish on-call ended on {today()}."
    assert received(nordwind, after=3) == {"nadia": [ended]}, "at once"
    move(nordwind)
    nordwind.sync()
    assert received(nordwind, after=4) == moved("HR")


def test_an_unfinished_move_tells_nothing_of_an_app_closed_for_all(hr: Feed, nordwind: Nordwind) -> None:
    hr.set("tomas", team="Leek")
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=25)) == {}
    slack = next(each for each in nordwind.tenant.apps.values() if each.label == "Slack")
    nordwind.tenant.assign_user(slack, nordwind.users["tomas"], role="Admin")
    nordwind.sync()
    nordwind.tenant.unassign_group(slack, nordwind.groups["staff"], TOMAS)
    nordwind.sync()
    assert "tomas" not in received(nordwind, later=timedelta(hours=26))


def test_a_completed_move_is_told_to_nobody_in_the_same_words_again(hr: Feed, nordwind: Nordwind) -> None:
    """Nothing came with the team that Tomas leaves; Okta gives Figma late."""
    hr.set("tomas", team="Cucumber", manager_id="2")
    nordwind.sync()
    left = f"Tomas Osei left the team it on {today()} (HR) and no longer reports to you."
    assert received(nordwind, later=timedelta(hours=25))["lena"] == [left]
    nordwind.tenant.set_profile(nordwind.users["tomas"], {"team": "cucumber", "managerId": "2"})
    nordwind.sync()
    assert sorted(received(nordwind, later=timedelta(hours=26), after=3)) == ["radovan", "tomas"]


def test_a_rule_that_is_made_inactive_after_it_gave_a_group_leaves_nothing_to_wait_for(
    nordwind: Nordwind,
) -> None:
    move(nordwind)
    nordwind.read()
    rule = next(each for each in nordwind.tenant.rules.values() if each.name == "Cucumber team")
    nordwind.tenant.edit_rule(rule, status="INACTIVE")
    nordwind.read()
    nordwind.read()
    assert received(nordwind) == moved()
    assert kinds() == [("mover", "settled")]


def test_whose_account_is_closed_before_hr_ends_the_record_is_told_nothing(
    hr: Feed, nordwind: Nordwind
) -> None:
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    nordwind.sync()
    assert kinds() == [("lost", "open")]
    assert received(nordwind) == {}
    hr.set("nadia", status="ended")
    nordwind.sync()
    assert received(nordwind) == {"radovan": [f"Nadia Brandt left on {today()} (HR)."]}


def test_okta_ahead_with_nothing_to_tell_is_told_with_the_move_that_hr_brings_late(
    hr: Feed, nordwind: Nordwind
) -> None:
    """Everyone has Radish staging, too: Nadia has lost nothing when Okta moves her."""
    staging = next(each for each in nordwind.tenant.apps.values() if each.label == "Radish staging")
    nordwind.tenant.assign_group(staging, nordwind.groups["staff"], priority=1)
    nordwind.sync()
    move(nordwind)
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=25)) == {}
    assert kinds() == [("lost", "reverted")]
    hr.set("nadia", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=26)) == moved("HR")
    new = "New:\n• Because your team is now Cucumber (rule “Cucumber team”): Figma – Editor"
    assert new in nordwind.dms()["nadia"][0]
