"""Losses that begin with nobody: an app taken from a group, made inactive, put lower; and coming back."""

import json
from dataclasses import replace
from typing import Any

import pytest

from orgmodel.models import Move
from sandbox.okta.state import Actor, App

from .conftest import TOMAS, Nordwind
from .hearing import today
from .test_waiting import received

pytestmark = pytest.mark.django_db(transaction=True)


def app(nordwind: Nordwind, label: str) -> App:
    return next(each for each in nordwind.tenant.apps.values() if each.label == label)


def ended(app: str = "Radish staging") -> list[str]:
    return [f"Your access to {app} ended on {today()}."]


def test_an_app_taken_from_a_group_is_told_to_those_who_had_it_by_the_group_alone(nordwind: Nordwind) -> None:
    staging = app(nordwind, "Radish staging")
    nordwind.tenant.assign_user(staging, nordwind.users["radovan"])
    nordwind.sync()
    nordwind.tenant.unassign_group(staging, nordwind.groups["radish"], TOMAS)
    nordwind.sync()
    assert received(nordwind) == {"nadia": ended()}
    assert "Radish staging" in nordwind.dms()["nadia"][0]
    assert "Tomas Okafor" in nordwind.dms()["nadia"][0]
    assert Move.objects.count() == 1


def test_an_app_taken_from_one_group_and_given_to_another_is_told_to_nobody(nordwind: Nordwind) -> None:
    slack, tenant = app(nordwind, "Slack"), nordwind.tenant
    for slug in ("radish", "cucumber"):
        tenant.assign_group(slack, nordwind.groups[slug], priority=1)
    tenant.assign_user(slack, nordwind.users["tomas"])
    tenant.unassign_group(slack, nordwind.groups["staff"])
    nordwind.sync()
    assert received(nordwind) == {}
    assert not Move.objects.exists()


def test_an_app_made_inactive_is_told_to_those_who_had_it(nordwind: Nordwind) -> None:
    nordwind.tenant.switch_app(app(nordwind, "Radish staging"), on=False)
    nordwind.sync()
    assert received(nordwind) == {"nadia": ended(), "radovan": ended()}


def test_a_group_that_is_renamed_meanwhile_delays_nothing(nordwind: Nordwind) -> None:
    oncall = nordwind.groups["oncall"]
    nordwind.tenant.remove_member(oncall, nordwind.users["nadia"], TOMAS)
    nordwind.read()
    nordwind.tenant.edit_group(oncall, name="radish-duty")
    nordwind.read()
    assert received(nordwind) == {"nadia": ended("Radish on-call")}


def test_nobody_loses_what_was_inactive_before(nordwind: Nordwind) -> None:
    staging = app(nordwind, "Radish staging")
    nordwind.tenant.assign_group(staging, nordwind.groups["staff"], priority=1)
    nordwind.tenant.switch_app(staging, on=False)
    nordwind.sync()
    assert received(nordwind) == {"nadia": ended(), "radovan": ended()}
    known = Move.objects.count()
    nordwind.tenant.unassign_group(staging, nordwind.groups["radish"], TOMAS)
    nordwind.read()
    assert Move.objects.count() == known


def test_an_app_taken_from_everybody_is_one_mass_change(nordwind: Nordwind, settings: Any) -> None:
    known = settings.SIGHTLINE
    limits = replace(known.conventions.notify, mass_change_people=3)
    settings.SIGHTLINE = replace(known, conventions=replace(known.conventions, notify=limits))
    nordwind.tenant.unassign_group(app(nordwind, "Slack"), nordwind.groups["staff"])
    nordwind.sync()
    assert received(nordwind) == {}
    held = [(each["kind"], each["state"], each["reason"]) for each in nordwind.outbox()]
    assert held == [("lost", "held", "a mass change: 4 people at once")] * 4


def test_a_level_put_lower_for_a_group_is_told_and_one_put_higher_is_not(nordwind: Nordwind) -> None:
    figma, cucumber = app(nordwind, "Figma"), nordwind.groups["cucumber"]
    nordwind.tenant.unassign_group(figma, cucumber)
    nordwind.tenant.assign_group(figma, cucumber, role="Admin")
    nordwind.sync()
    assert received(nordwind) == {}
    nordwind.tenant.unassign_group(figma, cucumber)
    nordwind.tenant.assign_group(figma, cucumber, role="Viewer")
    nordwind.sync()
    assert {name: len(texts) for name, texts in received(nordwind).items()} == {"lena": 1}
    assert [each["kind"] for each in nordwind.outbox()] == ["lost"]


def test_a_new_manager_and_a_loss_in_one_read_are_both_told(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"managerId": "3"})
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    assert received(nordwind) == {
        "tomas": [f"Nadia Brandt started reporting to you on {today()} (Okta profile)."],
        "nadia": ended("Radish on-call"),
    }


def test_somebody_reactivated_is_welcomed_back_and_the_manager_told_as_of_a_joiner(
    nordwind: Nordwind,
) -> None:
    tenant, nadia = nordwind.tenant, nordwind.users["nadia"]
    tenant.deactivate(nadia)
    nordwind.sync()
    assert received(nordwind) == {"radovan": [f"Nadia Brandt left on {today()} (Okta profile)."]}
    before = len(nordwind.slack.posts)
    tenant.activate(nadia)
    nordwind.sync()
    assert list(Move.objects.order_by("pk").values_list("kind", flat=True)) == ["leaver", "back"]
    assert {name: len(texts) for name, texts in received(nordwind, after=before).items()} == {
        "nadia": 1,
        "radovan": 1,
    }
    rows = nordwind.outbox()
    assert sorted(each["kind"] for each in rows) == ["joiner", "joiner_manager", "leaver_manager"]
    assert nordwind.dms()["nadia"][0].startswith("Welcome back to Radish.")


def test_somebody_who_is_back_without_an_app_is_welcomed_too(nordwind: Nordwind, settings: Any) -> None:
    anything = replace(settings.SIGHTLINE.conventions, shrink_share=1.0)
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=anything)
    tenant, nadia = nordwind.tenant, nordwind.users["nadia"]
    tenant.deactivate(nadia)
    nordwind.sync()
    nordwind.notify()
    for each in tenant.apps.values():
        tenant.switch_app(each, on=False)
    nordwind.sync()
    tenant.activate(nadia)
    nordwind.sync()
    nordwind.notify()
    texts = {each["kind"]: each["text"] for each in nordwind.outbox()}
    assert texts["joiner"].startswith("Welcome back to Radish.\nYou have no access to any app yet.")
    assert texts["joiner_manager"].startswith("Nadia Brandt is back in your team Radish")


def test_somebody_suspended_by_mistake_for_one_sync_is_told_nothing(nordwind: Nordwind) -> None:
    tenant, nadia = nordwind.tenant, nordwind.users["nadia"]
    tenant.deactivate(nadia)
    nordwind.read()
    tenant.activate(nadia)
    tenant.add_member(nordwind.groups["oncall"], nadia, TOMAS)
    nordwind.read()
    nordwind.read()
    assert received(nordwind) == {}
    assert list(Move.objects.values_list("state", flat=True)) == ["reverted"]


def test_a_membership_that_lowers_an_app_already_held_is_told_and_one_that_raises_it_is_not(
    nordwind: Nordwind,
) -> None:
    figma, tenant, groups = app(nordwind, "Figma"), nordwind.tenant, nordwind.groups
    tenant.assign_group(figma, groups["oncall"], priority=0, role="Viewer")
    tenant.assign_group(figma, groups["cucumber"], priority=1, role="Editor")
    nordwind.sync()
    assert received(nordwind) == {}
    tenant.add_member(groups["oncall"], nordwind.users["lena"], TOMAS)
    tenant.add_member(groups["cucumber"], nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    assert received(nordwind) == {"lena": [f"Your access to Figma was lowered on {today()}."]}
    assert list(Move.objects.values_list("person__name", "kind")) == [("Lena Osei", "lost")]


def test_a_group_opened_for_an_app_by_a_better_priority_lowers_what_its_members_had(
    nordwind: Nordwind,
) -> None:
    figma, tenant, groups = app(nordwind, "Figma"), nordwind.tenant, nordwind.groups
    tenant.assign_group(figma, groups["cucumber"], priority=2, role="Editor")
    nordwind.sync()
    tenant.assign_group(figma, groups["staff"], priority=1, role="Viewer")
    nordwind.read()
    assert received(nordwind) == {}
    nordwind.read()
    assert received(nordwind) == {"lena": [f"Your access to Figma was lowered on {today()}."]}
    tenant.assign_group(figma, groups["staff"], priority=3, role="Viewer")
    nordwind.sync()
    assert len(nordwind.dms()["lena"]) == 1
    assert list(Move.objects.values_list("person__name", "kind")) == [("Lena Osei", "lost")]


def test_an_app_assigned_directly_at_a_lower_level_is_told(nordwind: Nordwind) -> None:
    nordwind.tenant.assign_user(app(nordwind, "Figma"), nordwind.users["lena"], TOMAS, role="Viewer")
    nordwind.sync()
    assert received(nordwind) == {"lena": [f"Your access to Figma was lowered on {today()}."]}


def tied(nordwind: Nordwind) -> App:
    """Figma given by two groups of the same priority: only its own list says which level Lena has."""
    figma, tenant, groups = app(nordwind, "Figma"), nordwind.tenant, nordwind.groups
    tenant.assign_group(figma, groups["cucumber"], priority=1, role="Editor")
    tenant.assign_group(figma, groups["oncall"], priority=1, role="Viewer")
    tenant.add_member(groups["oncall"], nordwind.users["lena"], TOMAS)
    tenant.edit_seat(figma, nordwind.users["lena"], role="Editor")
    nordwind.sync()
    assert received(nordwind) == {}
    return figma


def list_says(nordwind: Nordwind, figma: App, level: str, actor: Actor | None = None) -> None:
    """The app's own list gives Lena another level, and the log says who changed it, where somebody did."""
    nordwind.tenant.edit_seat(figma, nordwind.users["lena"], actor, role=level)


def test_a_level_lowered_only_in_the_list_of_the_app_is_told_with_who_did_it(nordwind: Nordwind) -> None:
    figma = tied(nordwind)
    list_says(nordwind, figma, "Viewer", TOMAS)
    nordwind.read()
    assert received(nordwind) == {}
    nordwind.read()
    assert received(nordwind) == {"lena": [f"Your access to Figma was lowered on {today()}."]}
    assert "the app’s own list in Okta now says Viewer (changed by Tomas Okafor)" in said_in_blocks(nordwind)
    assert list(Move.objects.values_list("person__name", "kind")) == [("Lena Osei", "lost")]


def test_who_changed_the_list_of_the_app_may_be_unknown(nordwind: Nordwind) -> None:
    list_says(nordwind, tied(nordwind), "Viewer")
    nordwind.sync()
    assert received(nordwind) == {"lena": [f"Your access to Figma was lowered on {today()}."]}
    blocks = said_in_blocks(nordwind)
    assert "the app’s own list in Okta now says Viewer" in blocks
    assert "(changed" not in blocks


def test_a_list_that_raises_a_level_or_is_put_right_again_is_told_to_nobody(nordwind: Nordwind) -> None:
    figma = tied(nordwind)
    list_says(nordwind, figma, "Viewer")
    nordwind.read()
    list_says(nordwind, figma, "Editor")
    nordwind.sync()
    assert received(nordwind) == {}
    assert list(Move.objects.values_list("state", flat=True)) == ["reverted"]


def test_a_list_says_nothing_where_the_order_of_the_groups_does(nordwind: Nordwind) -> None:
    figma = tied(nordwind)
    nordwind.tenant.assign_group(figma, nordwind.groups["cucumber"], priority=0, role="Editor")
    nordwind.sync()
    list_says(nordwind, figma, "Viewer")
    nordwind.sync()
    assert received(nordwind) == {}
    assert not Move.objects.exists()


def test_an_order_of_groups_that_lowers_a_level_is_named_as_the_cause(nordwind: Nordwind) -> None:
    figma, cucumber = tied(nordwind), nordwind.groups["cucumber"]
    nordwind.tenant.assign_group(figma, cucumber, priority=2, actor=TOMAS, role="Editor")
    nordwind.sync()
    assert received(nordwind) == {"lena": [f"Your access to Figma was lowered on {today()}."]}
    assert "the order of groups in Figma was changed by Tomas Okafor" in said_in_blocks(nordwind)


def said_in_blocks(nordwind: Nordwind) -> str:
    return json.dumps(nordwind.slack.posts[-1].blocks, ensure_ascii=False)
