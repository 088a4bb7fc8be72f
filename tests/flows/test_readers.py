"""Who hears of a case, and that nobody else does: managers of before and now, units above, old reports."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orgmodel.models import Move
from tests.configurations import feed_in

from .conftest import Nordwind
from .feed import Feed, feed_of
from .hearing import today
from .test_waiting import received

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_manager_who_once_lost_a_report_hears_of_the_next_departure(nordwind: Nordwind) -> None:
    tenant, users = nordwind.tenant, nordwind.users
    tenant.set_profile(users["tomas"], {"managerId": "2"})
    nordwind.sync()
    nordwind.notify()
    tenant.set_profile(users["tomas"], {"managerId": "1"})
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    tenant.set_profile(users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.sync()
    assert received(nordwind, after=before)["radovan"] == [
        f"Nadia Brandt left your team Radish on {today()} (Okta profile)."
    ]


def test_a_report_who_stays_is_announced_to_nobody(nordwind: Nordwind) -> None:
    """Radovan once lost Tomas; Nadia, whom he has had all along, moves with him."""
    tenant, users = nordwind.tenant, nordwind.users
    tenant.set_profile(users["tomas"], {"managerId": "2"})
    nordwind.sync()
    tenant.set_profile(users["tomas"], {"managerId": "1"})
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    tenant.set_profile(users["nadia"], {"team": "cucumber"})
    nordwind.sync()
    assert sorted(received(nordwind, after=before)) == ["nadia"]


@pytest.fixture
def structured(nordwind: Nordwind, settings: Any, tmp_path: Path) -> Feed:
    """Radish and Cucumber under Engineering, beside Operations; Radovan, Nadia and Tomas are in Radish.

    Each department opens an app of its own.
    """
    tenant = nordwind.tenant
    for name in ("Engineering", "Operations"):
        group = tenant.add_group(f"dept-{name.lower()}", name)
        tenant.assign_group(tenant.add_app(f"{name} wiki"), group)
        tenant.add_rule(name, f'user.department == "{name}"', group)
    feed = feed_of(nordwind, tmp_path)
    feed.units = [
        {"id": "rec" + name.lower(), "kind": kind, "name": name, "slug": name.lower(), "parent_id": parent}
        for kind, name, parent in (
            ("department", "Engineering", ""),
            ("department", "Operations", ""),
            ("team", "Radish", "recengineering"),
            ("team", "Cucumber", "recengineering"),
            ("team", "It", "recoperations"),
        )
    ]
    for name, user in nordwind.users.items():
        tenant.set_profile(user, {"department": "Operations" if name == "tomas" else "Engineering"})
        feed.rows[name]["department"] = "Operations" if name == "tomas" else "Engineering"
    feed.write()
    fed = settings.SIGHTLINE.sources | feed_in(tmp_path)
    settings.SIGHTLINE = replace(settings.SIGHTLINE, hris="csv", sources=fed)
    nordwind.sync()
    nordwind.sync()
    assert received(nordwind) == {}
    return feed


def reparent(nordwind: Nordwind, feed: Feed, *names: str) -> None:
    """Radish goes to Operations, with the department of these people."""
    feed.units[2]["parent_id"] = "recoperations"
    for name in names:
        feed.rows[name]["department"] = "Operations"
        nordwind.tenant.set_profile(nordwind.users[name], {"department": "Operations"})
    feed.write()


def test_a_unit_hung_elsewhere_moves_nobody_and_tells_only_what_it_took(
    structured: Feed, nordwind: Nordwind
) -> None:
    reparent(nordwind, structured, "nadia", "radovan")
    nordwind.sync()
    assert set(Move.objects.values_list("kind", flat=True)) == {"lost"}
    ended = f"Your access to Engineering wiki ended on {today()}."
    assert received(nordwind) == {"nadia": [ended], "radovan": [ended]}
    because = "Because your department is now Operations (rule “Engineering”): Engineering wiki"
    assert f"Gone:\n• {because}\n" in nordwind.dms()["nadia"][0]


def test_a_unit_hung_elsewhere_tells_what_came_for_what_it_took(structured: Feed, nordwind: Nordwind) -> None:
    tenant = nordwind.tenant
    group = tenant.add_group("dept-operations", "Operations")
    tenant.assign_group(tenant.add_app("Handbook"), group)
    tenant.add_rule("Operations", 'user.department == "Operations"', group)
    nordwind.sync()
    reparent(nordwind, structured, "nadia", "radovan")
    nordwind.sync()
    nordwind.notify()
    because = "Because your department is now Operations"
    assert nordwind.dms()["nadia"][-1].splitlines()[:5] == [
        f"Your access to Engineering wiki ended on {today()}.",
        "Gone:",
        f"• {because} (rule “Engineering”): Engineering wiki",
        "New:",
        f"• {because} (rule “Operations”): Handbook, Operations wiki",
    ]


def test_a_unit_hung_elsewhere_that_takes_nothing_is_no_case(structured: Feed, nordwind: Nordwind) -> None:
    app = next(each for each in nordwind.tenant.apps.values() if each.label == "Engineering wiki")
    group = next(each for each in nordwind.tenant.groups.values() if each.name == "dept-engineering")
    nordwind.tenant.unassign_group(app, group)
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    known = Move.objects.count()
    reparent(nordwind, structured, "nadia", "radovan")
    nordwind.sync()
    assert received(nordwind, after=before) == {}
    assert Move.objects.count() == known


def test_a_department_that_only_one_person_changes_is_a_move(structured: Feed, nordwind: Nordwind) -> None:
    structured.set("nadia", department="Operations")
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"department": "Operations"})
    nordwind.sync()
    assert received(nordwind) == {"nadia": [f"You moved from Engineering to Operations on {today()} (HR)."]}


def test_a_whole_team_whose_department_changes_without_a_structure_moves_nobody(nordwind: Nordwind) -> None:
    tenant, users = nordwind.tenant, nordwind.users
    for name in ("nadia", "radovan"):
        tenant.set_profile(users[name], {"department": "Engineering"})
    nordwind.sync()
    group = tenant.add_group("dept-engineering", "Engineering")
    tenant.assign_group(tenant.add_app("Engineering wiki"), group)
    tenant.add_rule("Engineering", 'user.department == "Engineering"', group)
    nordwind.sync()
    nordwind.notify()
    before = len(nordwind.slack.posts)
    for name in ("nadia", "radovan"):
        tenant.set_profile(users[name], {"department": "Operations"})
    nordwind.sync()
    ended = f"Your access to Engineering wiki ended on {today()}."
    assert received(nordwind, after=before) == {"nadia": [ended], "radovan": [ended]}


@pytest.mark.parametrize("manager", ["2", "1"])
def test_a_lead_who_moves_along_is_not_told_who_left(
    manager: str, structured: Feed, nordwind: Nordwind
) -> None:
    """Radish is merged into Cucumber; Radovan, who had Nadia, goes on having her or hands her to Lena."""
    structured.units[2] |= {"active": "false", "merged_into": "reccucumber"}
    for unit in structured.units:
        unit.setdefault("active", "true")
        unit.setdefault("merged_into", "")
    for name in ("nadia", "radovan"):
        structured.rows[name]["team"] = "Cucumber"
        nordwind.tenant.set_profile(nordwind.users[name], {"team": "cucumber"})
    structured.set("nadia", manager_id=manager)
    nordwind.sync()
    merged = "Radish was merged into Cucumber."
    moved = f"You moved from Radish to Cucumber on {today()} (HR). {merged}"
    joined = f"Nadia Brandt joined your team Cucumber, from Radish, on {today()} (HR). {merged}"
    lena = {"lena": [joined]} if manager == "1" else {}
    assert received(nordwind) == {"nadia": [moved], "radovan": [moved], **lena}


def test_a_lead_who_goes_to_another_team_of_the_same_department_is_told_who_left(
    structured: Feed, nordwind: Nordwind
) -> None:
    """Radovan goes to It and Nadia to Leek, both to Operations; Nadia reports to Lena now."""
    leek = {"id": "recleek", "kind": "team", "name": "Leek", "slug": "leek", "parent_id": "recoperations"}
    structured.units.append(leek)
    for name, team in (("radovan", "It"), ("nadia", "Leek")):
        structured.rows[name] |= {"team": team, "department": "Operations"}
        to = {"team": team.lower(), "department": "Operations"}
        nordwind.tenant.set_profile(nordwind.users[name], to)
    structured.set("nadia", manager_id="1")
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"managerId": "1"})
    nordwind.sync()
    heard = received(nordwind)
    assert sorted(heard["radovan"]) == [
        f"Nadia Brandt left your team Radish on {today()} (HR).",
        f"You moved from Radish to It on {today()} (HR).",
    ]
    assert heard["lena"] == [
        f"Nadia Brandt joined the team Leek, from Radish, on {today()} (HR) and reports to you."
    ]


def test_a_manager_who_is_not_of_the_team_is_not_told_that_it_is_theirs(nordwind: Nordwind) -> None:
    """Tomas is in IT and leads nothing: Nadia reports to him, and her team is not his."""
    tenant, nadia = nordwind.tenant, nordwind.users["nadia"]
    tenant.set_profile(nadia, {"team": "cucumber", "managerId": "3"})
    nordwind.sync()
    assert received(nordwind)["tomas"] == [
        f"Nadia Brandt joined the team Cucumber, from Radish, on {today()} (Okta profile) and reports to you."
    ]
    before = len(nordwind.slack.posts)
    tenant.set_profile(nadia, {"team": "it", "managerId": "1"})
    nordwind.sync()
    assert received(nordwind, after=before)["tomas"] == [
        f"Nadia Brandt left the team Cucumber on {today()} (Okta profile) and no longer reports to you."
    ]
