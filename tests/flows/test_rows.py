"""Every row of the notice table: a change on the HRIS wire, and every message on Slack's wire, word for word.

`heard` is compared whole: whoever is not in it was told nothing.
"""

from dataclasses import replace
from typing import Any

import pytest

from .blocks import alarm, message, part, summary
from .conftest import TOMAS, Nordwind
from .hearing import KEPT, STAFF, TEAM, heard, kept, link, today

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_move_is_told_to_the_person_and_to_both_managers(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    assert heard(nordwind) == {
        "nadia": [
            (
                (
                    f"You moved from Radish to Cucumber on {today()} (Okta profile).\n"
                    f"New:\n• {TEAM}: Figma – Editor\n"
                    "Gone:\n• Came with your team Radish: Radish staging\n"
                    f"{KEPT}\n• {': '.join(kept())}\n"
                    f"Everything: {link()}"
                ),
                message(
                    f"You moved from Radish to Cucumber on {today()} (Okta profile).",
                    part(0, "New:", (TEAM, "Figma – Editor")),
                    part(1, "Gone:", ("Came with your team Radish", "Radish staging")),
                    part(2, KEPT, kept()),
                    link=link(),
                    reason="You get this because your team, department or manager changed.",
                ),
            )
        ],
        "radovan": [
            (
                (
                    f"Nadia Brandt left your team Radish on {today()} (Okta profile).\n"
                    f"1 app ended with your team; 1 app still held.\nEverything: {link()}"
                ),
                message(
                    f"Nadia Brandt left your team Radish on {today()} (Okta profile).",
                    summary("1 app ended with your team; 1 app still held."),
                    part(0, "Ended with your team:", ("", "Radish staging")),
                    part(1, "Nadia still has; it won’t be removed automatically:", kept()),
                    link=link(),
                    reason="You get this because you led the team or were the manager.",
                ),
            )
        ],
        "lena": [
            (
                (
                    f"Nadia Brandt joined your team Cucumber, from Radish, on {today()} (Okta profile).\n"
                    f"2 apps held now; 1 app still held from before.\nEverything: {link()}"
                ),
                message(
                    f"Nadia Brandt joined your team Cucumber, from Radish, on {today()} (Okta profile).",
                    summary("2 apps held now; 1 app still held from before."),
                    part(
                        0,
                        "Nadia has now:",
                        ("Comes with the team Cucumber", "Figma – Editor"),
                        STAFF,
                    ),
                    part(1, "Nadia still has, outside your team; it won’t be removed automatically:", kept()),
                    link=link(),
                    reason="You get this because you lead the team or are the manager.",
                ),
            )
        ],
    }


def test_a_new_manager_alone_is_told_to_the_new_manager(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"managerId": "3"})
    assert heard(nordwind) == {
        "tomas": [
            (
                (
                    f"Nadia Brandt started reporting to you on {today()} (Okta profile).\n"
                    f"3 apps held now.\nEverything: {link()}"
                ),
                message(
                    f"Nadia Brandt started reporting to you on {today()} (Okta profile).",
                    summary("3 apps held now."),
                    part(
                        0,
                        "Nadia has now:",
                        ("Comes with the team Radish", "Radish staging"),
                        ("Added by Tomas Okafor", "Radish on-call"),
                        STAFF,
                    ),
                    link=link(),
                    reason="You get this because you are now the manager.",
                ),
            )
        ]
    }


def test_the_message_says_who_edited_the_profile(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"managerId": "3"}, TOMAS)
    ((text, _),) = heard(nordwind)["tomas"]
    assert text.splitlines()[0] == (
        f"Nadia Brandt started reporting to you on {today()} (edited in Okta by Tomas Okafor)."
    )


def test_a_new_title_is_told_to_nobody(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"title": "Senior engineer"})
    assert heard(nordwind) == {}


def test_a_renamed_unit_is_told_to_nobody(nordwind: Nordwind) -> None:
    tenant = nordwind.tenant
    tenant.edit_group(nordwind.groups["radish"], name="team-daikon", description="AUTO team Daikon")
    rule = next(rule for rule in tenant.rules.values() if rule.name == "Radish team")
    tenant.quiet = True
    for name in ("nadia", "radovan"):
        tenant.set_profile(nordwind.users[name], {"team": "daikon"})
    tenant.edit_rule(rule, expression='user.team == "daikon"')
    tenant.quiet = False
    assert heard(nordwind) == {}


def test_a_unit_hung_elsewhere_is_told_to_nobody(nordwind: Nordwind) -> None:
    nordwind.tenant.edit_group(nordwind.groups["radish"], parentId="reccucumber")
    assert heard(nordwind) == {}


def test_a_first_day_is_told_to_the_joiner_and_to_the_manager(nordwind: Nordwind) -> None:
    nordwind.users["pia"] = nordwind.tenant.add_user(
        "pia@nordwind.example",
        firstName="Pia",
        lastName="Lund",
        employeeNumber="9",
        team="cucumber",
        managerId="1",
    )
    assert heard(nordwind) == {
        "pia": [
            (
                (
                    "Welcome to Cucumber. Here is what you have, and why.\n"
                    "You have:\n• Comes with your team Cucumber: Figma – Editor\n"
                    f"• {': '.join(STAFF)}\nEverything: {link()}"
                ),
                message(
                    "Welcome to Cucumber. Here is what you have, and why.",
                    part(0, "You have:", ("Comes with your team Cucumber", "Figma – Editor"), STAFF),
                    link=link(),
                    reason="You get this because you are new."
                    " Sightline shows everyone what their team has access to.",
                ),
            )
        ],
        "lena": [
            (
                f"Pia Lund joined your team Cucumber on {today()}.\n2 apps held now.\nEverything: {link()}",
                message(
                    f"Pia Lund joined your team Cucumber on {today()}.",
                    summary("2 apps held now."),
                    part(0, "Pia has now:", ("Comes with the team Cucumber", "Figma – Editor"), STAFF),
                    link=link(),
                    reason="You get this because you are the manager of someone who just joined.",
                ),
            )
        ],
    }


def test_a_leaver_is_told_to_the_manager_alone(nordwind: Nordwind) -> None:
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    assert heard(nordwind) == {
        "radovan": [
            (
                f"Nadia Brandt left on {today()} (Okta profile).\n3 apps removed.\nEverything: {link()}",
                message(
                    f"Nadia Brandt left on {today()} (Okta profile).",
                    summary("3 apps removed."),
                    part(0, "Removed:", ("", "Radish on-call, Radish staging, Slack")),
                    link=link(),
                    reason="You get this because you were the manager.",
                ),
            )
        ]
    }


def test_access_lost_without_a_move_is_told_to_the_person(nordwind: Nordwind) -> None:
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    assert heard(nordwind) == {
        "nadia": [
            (
                (
                    f"Your access to Radish on-call ended on {today()}.\n"
                    f"Gone:\n• Removed by Tomas Okafor: Radish on-call\nEverything: {link()}"
                ),
                message(
                    f"Your access to Radish on-call ended on {today()}.",
                    part(0, "Gone:", ("Removed by Tomas Okafor", "Radish on-call")),
                    link=link(),
                    reason="You get this because access of yours ended or changed.",
                ),
            )
        ]
    }


def test_a_mass_change_is_held_and_told_to_the_admins(nordwind: Nordwind, settings: Any) -> None:
    known = settings.SIGHTLINE
    conventions = replace(
        known.conventions,
        notify=replace(known.conventions.notify, mass_change_people=1),
        visibility=replace(known.conventions.visibility, admins_group="radish-oncall"),
    )
    settings.SIGHTLINE = replace(known, conventions=conventions)
    for name in ("lena", "radovan"):
        nordwind.tenant.set_profile(nordwind.users[name], {"team": "it"})
    outbox = "http://127.0.0.1:8000/outbox/?state=held"
    assert heard(nordwind) == {
        "nadia": [
            (
                (
                    "Messages about 2 people are held.\n"
                    "2 people changed at once, which is over the limit for sending without asking.\n"
                    f"Look at them, then release or drop them.\nEverything: {outbox}"
                ),
                alarm(
                    "Messages about 2 people are held.",
                    ["2 people changed at once, which is over the limit for sending without asking."],
                    "Look at them, then release or drop them.",
                    link=outbox,
                ),
            )
        ]
    }
    held = [each for each in nordwind.outbox() if each["state"] == "held"]
    assert held
    assert {each["reason"] for each in held} == {"a mass change: 2 people at once"}
