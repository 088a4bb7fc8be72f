"""The parts that a row of the notice table has only sometimes: another path, another level, pending, by hand.

The rows themselves are in test_rows. Compared whole, as there: whoever is not named was told nothing.
"""

import pytest

from sandbox.okta.state import App, User

from .blocks import message, part, summary
from .conftest import TOMAS, Nordwind
from .hearing import STAFF, Heard, heard, kept, link, today

pytestmark = pytest.mark.django_db(transaction=True)

MOVED = "You get this because your team, department or manager changed."


def app(nordwind: Nordwind, label: str) -> App:
    return next(each for each in nordwind.tenant.apps.values() if each.label == label)


def hangs(nordwind: Nordwind, label: str, user: User) -> None:
    """Okta's provisioning of this app fails for the user."""
    app(nordwind, label).seats[user.id].sync_state = "ERROR"


def settled(nordwind: Nordwind) -> None:
    """What was prepared is known, and nobody heard of it."""
    assert heard(nordwind) == {}


def move(nordwind: Nordwind) -> None:
    """Nadia goes from Radish under Radovan to Cucumber under Lena."""
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})


def join(nordwind: Nordwind) -> User:
    """Pia's first day, in Cucumber under Lena."""
    nordwind.users["pia"] = nordwind.tenant.add_user(
        "pia@nordwind.example",
        firstName="Pia",
        lastName="Lund",
        employeeNumber="9",
        team="cucumber",
        managerId="1",
    )
    return nordwind.users["pia"]


def texts(told: Heard) -> dict[str, list[str]]:
    return {name: [text for text, _ in messages] for name, messages in told.items()}


def test_a_mover_hears_what_another_path_still_opens(nordwind: Nordwind) -> None:
    nordwind.tenant.assign_group(app(nordwind, "Slack"), nordwind.groups["radish"], priority=1)
    settled(nordwind)
    move(nordwind)
    told = heard(nordwind)
    assert told["nadia"] == [
        (
            (
                f"You moved from Radish to Cucumber on {today()} (HR).\n"
                "New: Figma – Editor. Because your team is now Cucumber (rule “Cucumber team”).\n"
                "Gone: Radish staging. Came with the team Radish.\n"
                "Still there through another path: Slack (through BR-ALL-EMPLOYEES).\n"
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
                part(2, "Still there through another path:", ("Slack (through BR-ALL-EMPLOYEES).", "")),
                part(3, "You keep, though your new team does not give it:", (kept(), "")),
                link=link(),
                reason=MOVED,
            ),
        )
    ]
    assert set(told) == {"nadia", "radovan", "lena"}


def test_a_level_that_changed_is_new_and_not_gone(nordwind: Nordwind) -> None:
    nordwind.tenant.assign_group(app(nordwind, "Figma"), nordwind.groups["radish"], priority=1, role="Viewer")
    settled(nordwind)
    move(nordwind)
    assert texts(heard(nordwind)) == {
        "nadia": [
            (
                f"You moved from Radish to Cucumber on {today()} (HR).\n"
                "New: Figma – Editor (was Viewer)."
                " Because your team is now Cucumber (rule “Cucumber team”).\n"
                "Gone: Radish staging. Came with the team Radish.\n"
                f"You keep, though your new team does not give it: {kept()}\n"
                f"Everything: {link()}"
            )
        ],
        "radovan": [
            (
                f"Nadia Brandt left your team Radish on {today()} (HR).\n"
                f"1 ended with your team; 1 still kept.\nEverything: {link()}"
            )
        ],
        "lena": [
            (
                f"Nadia Brandt joined your team Cucumber on {today()} (HR), coming from Radish.\n"
                f"2 held now; 1 carried from before.\nEverything: {link()}"
            )
        ],
    }


def test_what_okta_could_not_deliver_is_not_there_yet(nordwind: Nordwind) -> None:
    move(nordwind)
    hangs(nordwind, "Figma", nordwind.users["nadia"])
    told = texts(heard(nordwind))
    assert told["nadia"] == [
        (
            f"You moved from Radish to Cucumber on {today()} (HR).\n"
            "Gone: Radish staging. Came with the team Radish.\n"
            f"You keep, though your new team does not give it: {kept()}\n"
            "Not there yet: Figma – Editor – because team changed from radish to cucumber"
            " (rule “Cucumber team”). Not delivered yet: Okta says ERROR.\n"
            f"Everything: {link()}"
        )
    ]
    assert told["lena"] == [
        (
            f"Nadia Brandt joined your team Cucumber on {today()} (HR), coming from Radish.\n"
            f"1 held now; 1 carried from before; 1 not there yet.\nEverything: {link()}"
        )
    ]
    assert set(told) == {"nadia", "radovan", "lena"}


def test_a_joiner_and_the_manager_hear_what_is_missing(nordwind: Nordwind) -> None:
    hangs(nordwind, "Figma", join(nordwind))
    waits = (
        (
            "Figma – Editor – because team became cucumber (rule “Cucumber team”)."
            " Not delivered yet: Okta says ERROR."
        ),
        "",
    )
    assert heard(nordwind) == {
        "pia": [
            (
                (
                    "Welcome to Cucumber. This is what you have, and why.\n"
                    f"You have: Slack. {STAFF}\nNot there yet: {waits[0]}\nEverything: {link()}"
                ),
                message(
                    "Welcome to Cucumber. This is what you have, and why.",
                    part(0, "You have:", ("Slack.", STAFF)),
                    part(1, "Not there yet:", waits),
                    link=link(),
                    reason="You get this on your first day."
                    " Sightline shows everybody what their team has access to.",
                ),
            )
        ],
        "lena": [
            (
                (
                    f"Pia Lund joined your team Cucumber on {today()}.\n"
                    f"1 held now; 1 still missing.\nEverything: {link()}"
                ),
                message(
                    f"Pia Lund joined your team Cucumber on {today()}.",
                    summary("1 held now; 1 still missing."),
                    part(0, "Has now:", ("Slack.", STAFF)),
                    part(1, "Still missing:", waits),
                    link=link(),
                    reason="You get this because you are the manager of somebody who just joined.",
                ),
            )
        ],
    }


def test_a_leavers_manager_hears_what_only_a_human_can_remove(nordwind: Nordwind) -> None:
    nordwind.tenant.assign_group(nordwind.tenant.add_app("Grafana"), nordwind.groups["radish"])
    settled(nordwind)
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    assert heard(nordwind) == {
        "radovan": [
            (
                (
                    f"Nadia Brandt left on {today()} (HR).\n"
                    f"3 removed; 1 left for a human to remove.\nEverything: {link()}"
                ),
                message(
                    f"Nadia Brandt left on {today()} (HR).",
                    summary("3 removed; 1 left for a human to remove."),
                    part(0, "Removed:", ("Radish on-call, Radish staging, Slack.", "")),
                    part(
                        1,
                        "Only a human can remove:",
                        ("Grafana – Okta cannot close the account in this app.", ""),
                    ),
                    link=link(),
                    reason="You get this because you were the manager.",
                ),
            )
        ]
    }


def test_access_lost_without_a_move_names_what_another_path_still_opens(nordwind: Nordwind) -> None:
    nordwind.tenant.assign_group(app(nordwind, "Slack"), nordwind.groups["oncall"], priority=1)
    settled(nordwind)
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    assert heard(nordwind) == {
        "nadia": [
            (
                (
                    f"Your access to 1 app ended on {today()}.\n"
                    "Gone: Radish on-call. Removed by hand by Tomas Okafor.\n"
                    "Still there through another path: Slack (through BR-ALL-EMPLOYEES).\n"
                    f"Everything: {link()}"
                ),
                message(
                    f"Your access to 1 app ended on {today()}.",
                    part(0, "Gone:", ("Radish on-call.", "Removed by hand by Tomas Okafor.")),
                    part(1, "Still there through another path:", ("Slack (through BR-ALL-EMPLOYEES).", "")),
                    link=link(),
                    reason="You get this because access ended although your team stayed the same.",
                ),
            )
        ]
    }
