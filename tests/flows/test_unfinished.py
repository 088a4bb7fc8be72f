"""What completes a move that was told without its other half, and what has nothing to do with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from orgmodel.models import Change, Move
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


def test_one_loss_after_another_is_told_by_itself(hr: Feed, nordwind: Nordwind) -> None:
    """Okta's profile alone says that Nadia moved: HR never follows. Later a rule is edited."""
    move(nordwind)
    nordwind.sync()
    first = f"Your access to Radish staging ended on {today()}."
    assert received(nordwind, later=timedelta(hours=25)) == {"nadia": [first]}
    assert kinds() == [("lost", "settled")]
    rule = next(each for each in nordwind.tenant.rules.values() if each.name == "Cucumber team")
    nordwind.tenant.edit_rule(rule, expression='user.team == "leek"')
    nordwind.sync()
    second = f"Your access to Figma ended on {today()}."
    assert received(nordwind, after=1)["nadia"] == [second], "at once"


def test_an_old_loss_that_stands_open_makes_no_half_of_a_move(hr: Feed, nordwind: Nordwind) -> None:
    """A day without any sync lies between the loss and the move that the next one sees."""
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.read()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=True):
        hr.set("nadia", team="Cucumber", manager_id="1")
        nordwind.sync()
        assert received(nordwind) == {}, "HR and Okta do not agree yet"
        move(nordwind)
        nordwind.sync()
        assert received(nordwind) == moved("HR")
    assert "Radish on-call" in nordwind.dms()["nadia"][0]


def test_a_membership_kept_for_another_reason_completes_no_move(hr: Feed, nordwind: Nordwind) -> None:
    """Taken by hand out of one group; another she stays in, from now on by a second rule: no other half."""
    hr.set("nadia", team="Cucumber", manager_id="1")
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=25)) == moved("HR")
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    kept = Change.objects.get(kind="grant", verb="ended", move__state=Move.State.OPEN)
    kept.pk, kept.verb, kept.cause = None, "changed", {"kind": "rule", "rule_name": "Rule 2"}
    kept.save()
    ended = f"Your access to Radish on-call ended on {today()}."
    assert received(nordwind, after=3) == {"nadia": [ended]}


def test_what_came_to_nothing_leaves_the_unfinished_move_to_be_completed(
    hr: Feed, nordwind: Nordwind
) -> None:
    """HR moves Tomas, Okta does not; a rule puts him into a group that opens nothing; then Figma comes."""
    empty = nordwind.tenant.add_group("newsletter", "Opens nothing")
    hr.set("tomas", team="Cucumber", manager_id="2")
    nordwind.sync()
    received(nordwind, later=timedelta(hours=25))
    before = len(nordwind.slack.posts)
    nordwind.tenant.add_rule("Newsletter", 'user.team == "it"', empty)
    nordwind.sync()
    assert received(nordwind, later=timedelta(hours=26), after=before) == {}
    nordwind.tenant.set_profile(nordwind.users["tomas"], {"team": "cucumber", "managerId": "2"})
    nordwind.sync()
    messages = received(nordwind, later=timedelta(hours=27), after=before)
    assert messages["tomas"] == [f"You moved from it to Cucumber on {today()} (HR)."]
