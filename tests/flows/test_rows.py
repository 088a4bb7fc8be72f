"""Every row of the notice table: a change on the HRIS wire, and every message on Slack's wire, word for word.

`heard` is compared whole: whoever is not in it was told nothing.
"""

from dataclasses import replace
from typing import Any

import pytest

from .blocks import alarm, message, part, summary
from .conftest import TOMAS, Nordwind
from .hearing import STAFF, heard, kept, link, today

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_move_is_told_to_the_person_and_to_both_managers(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    assert heard(nordwind) == {
        "nadia": [
            (
                (
                    f"You moved from Radish to Cucumber on {today()} (HR).\n"
                    "New: Figma – Editor. Because your team is now Cucumber (rule “Cucumber team”).\n"
                    "Gone: Radish staging. Came with the team Radish.\n"
                    f"You keep, though your new team does not give it: {kept()}\n"
                    f"Everything: {link()}"
                ),
                message(
                    f"You moved from Radish to Cucumber on {today()} (HR).",
                    part(
                        0,
                        "New:",
                        ("Figma – Editor.", "Because your team is now Cucumber (rule “Cucumber team”)."),
                    ),
                    part(1, "Gone:", ("Radish staging.", "Came with the team Radish.")),
                    part(2, "You keep, though your new team does not give it:", (kept(), "")),
                    link=link(),
                    reason="You get this because your team, department or manager changed.",
                ),
            )
        ],
        "radovan": [
            (
                (
                    f"Nadia Brandt left your team Radish on {today()} (HR).\n"
                    f"1 ended with your team; 1 still kept.\nEverything: {link()}"
                ),
                message(
                    f"Nadia Brandt left your team Radish on {today()} (HR).",
                    summary("1 ended with your team; 1 still kept."),
                    part(0, "Ended with your team:", ("Radish staging.", "Came with the team Radish.")),
                    part(1, "Nadia Brandt still keeps:", (kept(), "")),
                    link=link(),
                    reason="You get this because you lead the team.",
                ),
            )
        ],
        "lena": [
            (
                (
                    f"Nadia Brandt joined your team Cucumber on {today()} (HR), coming from Radish.\n"
                    f"2 held now; 1 carried from before.\nEverything: {link()}"
                ),
                message(
                    f"Nadia Brandt joined your team Cucumber on {today()} (HR), coming from Radish.",
                    summary("2 held now; 1 carried from before."),
                    part(
                        0,
                        "Has now:",
                        (
                            "Figma – Editor.",
                            "Because team changed from radish to cucumber (rule “Cucumber team”).",
                        ),
                        ("Slack.", STAFF),
                    ),
                    part(1, "Still carries, though your team does not give it:", (kept(), "")),
                    link=link(),
                    reason="You get this because you lead the team.",
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
                    f"Nadia Brandt started reporting to you on {today()} (HR).\n"
                    f"3 held now.\nEverything: {link()}"
                ),
                message(
                    f"Nadia Brandt started reporting to you on {today()} (HR).",
                    summary("3 held now."),
                    part(
                        0,
                        "Has now:",
                        ("Radish on-call.", "Added by hand by Tomas Okafor."),
                        ("Radish staging.", "Because of the rule “Radish team”."),
                        ("Slack.", STAFF),
                    ),
                    link=link(),
                    reason="You get this because you are now the manager.",
                ),
            )
        ]
    }


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
                    "Welcome to Cucumber. This is what you have, and why.\n"
                    "You have: Figma – Editor. Because your team is now Cucumber (rule “Cucumber team”)."
                    f" Slack. {STAFF}\nEverything: {link()}"
                ),
                message(
                    "Welcome to Cucumber. This is what you have, and why.",
                    part(
                        0,
                        "You have:",
                        ("Figma – Editor.", "Because your team is now Cucumber (rule “Cucumber team”)."),
                        ("Slack.", STAFF),
                    ),
                    link=link(),
                    reason="You get this on your first day."
                    " Sightline shows everybody what their team has access to.",
                ),
            )
        ],
        "lena": [
            (
                f"Pia Lund joined your team Cucumber on {today()}.\n2 held now.\nEverything: {link()}",
                message(
                    f"Pia Lund joined your team Cucumber on {today()}.",
                    summary("2 held now."),
                    part(
                        0,
                        "Has now:",
                        ("Figma – Editor.", "Because team became cucumber (rule “Cucumber team”)."),
                        ("Slack.", STAFF),
                    ),
                    link=link(),
                    reason="You get this because you are the manager of somebody who just joined.",
                ),
            )
        ],
    }


def test_a_leaver_is_told_to_the_manager_alone(nordwind: Nordwind) -> None:
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    assert heard(nordwind) == {
        "radovan": [
            (
                f"Nadia Brandt left on {today()} (HR).\n3 removed.\nEverything: {link()}",
                message(
                    f"Nadia Brandt left on {today()} (HR).",
                    summary("3 removed."),
                    part(0, "Removed:", ("Radish on-call, Radish staging, Slack.", "")),
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
                    f"Your access to 1 app ended on {today()}.\n"
                    f"Gone: Radish on-call. Removed by hand by Tomas Okafor.\nEverything: {link()}"
                ),
                message(
                    f"Your access to 1 app ended on {today()}.",
                    part(0, "Gone:", ("Radish on-call.", "Removed by hand by Tomas Okafor.")),
                    link=link(),
                    reason="You get this because access ended although your team stayed the same.",
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
