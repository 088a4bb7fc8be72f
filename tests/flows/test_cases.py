"""What a case is called, and cases that are no longer so when they settle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from notifier.plan import plan
from orgmodel.models import Move
from tests.portal.reading import words

from .conftest import TOMAS, Nordwind
from .hearing import today

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_joiner_is_welcomed_to_the_team_not_to_the_department(nordwind: Nordwind) -> None:
    nordwind.users["pia"] = nordwind.tenant.add_user(
        "pia@nordwind.example",
        firstName="Pia",
        lastName="Lund",
        employeeNumber="9",
        team="cucumber",
        department="Operations",
        managerId="1",
    )
    nordwind.sync()
    nordwind.notify()
    assert [text.splitlines()[0] for text in nordwind.dms()["pia"]] == [
        "Welcome to Cucumber. Here is what you have, and why."
    ]


def test_a_change_of_department_alone_is_told_by_the_department(nordwind: Nordwind) -> None:
    tenant = nordwind.tenant
    tenant.set_profile(nordwind.users["nadia"], {"department": "Engineering"})
    nordwind.sync()
    group = tenant.add_group("dept-operations", "Operations")
    tenant.assign_group(tenant.add_app("Grafana"), group)
    tenant.add_rule("Operations", 'user.department == "Operations"', group)
    nordwind.sync()
    nordwind.notify()
    tenant.set_profile(nordwind.users["nadia"], {"department": "Operations"})
    nordwind.sync()
    nordwind.notify()
    (first, *_) = nordwind.dms()["nadia"][0].splitlines()
    assert first.startswith("You moved from Engineering to Operations on ")


def test_who_only_leaves_a_department_is_not_said_to_move_to_the_team_they_had(nordwind: Nordwind) -> None:
    """A new manager hears of a report, not of somebody who joined."""
    tenant, nadia = nordwind.tenant, nordwind.users["nadia"]
    group = tenant.add_group("dept-engineering", "Engineering")
    tenant.assign_group(tenant.add_app("Grafana"), group)
    tenant.add_rule("Engineering", 'user.department == "Engineering"', group)
    for user in (nadia, nordwind.users["radovan"]):
        tenant.set_profile(user, {"department": "Engineering"})
    nordwind.sync()
    nordwind.notify()
    tenant.set_profile(nadia, {"department": None, "managerId": "1"})
    nordwind.sync()
    before = len(nordwind.slack.posts)
    nordwind.notify()
    assert sorted(post.text.splitlines()[0] for post in nordwind.slack.posts[before:]) == [
        f"Nadia Brandt left your department Engineering on {today()} (Okta profile).",
        f"Nadia Brandt started reporting to you on {today()} (Okta profile).",
        f"You left Engineering on {today()} (Okta profile).",
    ]


def test_a_leaver_who_is_back_before_the_case_settles_is_told_to_nobody(
    nordwind: Nordwind, settings: Any
) -> None:
    configuration = settings.SIGHTLINE
    slow = replace(configuration.conventions.notify, settle_minutes=60)
    settings.SIGHTLINE = replace(configuration, conventions=replace(configuration.conventions, notify=slow))
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    nordwind.sync()
    assert Move.objects.get().kind == "leaver"
    nordwind.tenant.activate(nordwind.users["nadia"])
    nordwind.sync()
    assert plan(settings.SIGHTLINE, datetime.now(UTC) + timedelta(hours=2)).messages == 0
    assert Move.objects.get().state == "reverted"


def test_my_access_tells_the_newest_move_as_it_was_told(nordwind: Nordwind, client: Client) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.sync()
    nordwind.notify()
    assert Move.objects.get().summary == {
        "was": "Radish",
        "now": "Cucumber",
        "gained": ["Figma"],
        "raised": [],
        "lowered": [],
        "relevelled": [],
        "lost": ["Radish staging"],
        "kept": ["Radish on-call"],
    }
    client.force_login(get_user_model().objects.create_user("nadia", email="nadia@nordwind.example"))
    text = words(client.get("/").content)
    assert (
        f"You moved from Radish to Cucumber on {today()} New: Figma Gone: Radish staging"
        " Still yours from before: Radish on-call The whole story" in text
    )
    assert "You moved from Radish to Cucumber. 1 new, 1 gone." in text
    nordwind.tenant.remove_member(nordwind.tenant.group("radish-oncall"), nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    assert "Still yours from before" not in words(client.get("/").content)
