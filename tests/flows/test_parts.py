"""The parts that a row of the notice table has only sometimes: another path, another level, pending, by hand.

The rows themselves are in test_rows. Compared whole, as there: whoever is not named was told nothing.
"""

import pytest

from orgmodel.models import Move
from sandbox.okta.state import App, User

from .blocks import message, part, summary
from .conftest import TOMAS, Nordwind
from .hearing import KEPT, STAFF, TEAM, Heard, heard, kept, link, today

pytestmark = pytest.mark.django_db(transaction=True)

MOVED = "You get this because your team, department or manager changed."


def app(nordwind: Nordwind, label: str) -> App:
    return next(each for each in nordwind.tenant.apps.values() if each.label == label)


def hangs(nordwind: Nordwind, label: str, user: User) -> None:
    """Okta's provisioning of this app fails for the user."""
    nordwind.tenant.deliver(app(nordwind, label), user, failed=True)


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


def texts(messages: Heard) -> dict[str, list[str]]:
    return {name: [text for text, _ in messages] for name, messages in messages.items()}


def test_a_mover_hears_what_another_path_still_opens(nordwind: Nordwind) -> None:
    nordwind.tenant.assign_group(app(nordwind, "Slack"), nordwind.groups["radish"], priority=1)
    settled(nordwind)
    move(nordwind)
    messages = heard(nordwind)
    assert messages["nadia"] == [
        (
            (
                f"You moved from Radish to Cucumber on {today()} (Okta profile).\n"
                f"New:\n• {TEAM}: Figma – Editor\n"
                "Gone:\n• Came with your team Radish: Radish staging\n"
                f"You still have it another way:\n• {': '.join(STAFF)}\n"
                f"{KEPT}\n• {': '.join(kept())}\n"
                f"Everything: {link()}"
            ),
            message(
                f"You moved from Radish to Cucumber on {today()} (Okta profile).",
                part(0, "New:", (TEAM, "Figma – Editor")),
                part(1, "Gone:", ("Came with your team Radish", "Radish staging")),
                part(2, "You still have it another way:", STAFF),
                part(3, KEPT, kept()),
                link=link(),
                reason=MOVED,
            ),
        )
    ]
    assert set(messages) == {"nadia", "radovan", "lena"}


@pytest.mark.parametrize(
    ("before", "label", "words"),
    [
        ("Viewer", "Raised:", "Editor instead of Viewer"),
        ("Admin", "Lowered:", "Editor instead of Admin"),
        ("Dev", "At another level:", "Editor instead of Dev"),
    ],
)
def test_a_level_that_changed_is_neither_new_nor_gone(
    nordwind: Nordwind, before: str, label: str, words: str
) -> None:
    nordwind.tenant.assign_group(app(nordwind, "Figma"), nordwind.groups["radish"], priority=1, role=before)
    settled(nordwind)
    move(nordwind)
    lowered = "1 app at a lower level; " if label == "Lowered:" else ""
    assert texts(heard(nordwind)) == {
        "nadia": [
            (
                f"You moved from Radish to Cucumber on {today()} (Okta profile).\n"
                f"{label}\n• {TEAM}: Figma – {words}\n"
                "Gone:\n• Came with your team Radish: Radish staging\n"
                f"{KEPT}\n• {': '.join(kept())}\n"
                f"Everything: {link()}"
            )
        ],
        "radovan": [
            (
                f"Nadia Brandt left your team Radish on {today()} (Okta profile).\n"
                f"1 app ended with your team; {lowered}1 app still held.\nEverything: {link()}"
            )
        ],
        "lena": [
            (
                f"Nadia Brandt joined your team Cucumber, from Radish, on {today()} (Okta profile).\n"
                f"2 apps held now; 1 app still held from before.\nEverything: {link()}"
            )
        ],
    }
    assert ["Figma (now Editor)"] in Move.objects.get().summary.values()


def test_what_okta_could_not_deliver_is_still_pending(nordwind: Nordwind) -> None:
    move(nordwind)
    hangs(nordwind, "Figma", nordwind.users["nadia"])
    messages = texts(heard(nordwind))
    assert messages["nadia"] == [
        (
            f"You moved from Radish to Cucumber on {today()} (Okta profile).\n"
            "Gone:\n• Came with your team Radish: Radish staging\n"
            f"{KEPT}\n• {': '.join(kept())}\n"
            "Still pending:\n• Okta reports an error while setting it up: Figma – Editor\n"
            f"Everything: {link()}"
        )
    ]
    assert messages["lena"] == [
        (
            f"Nadia Brandt joined your team Cucumber, from Radish, on {today()} (Okta profile).\n"
            "1 app held now; 1 app still held from before; 1 app still pending.\n"
            f"Everything: {link()}"
        )
    ]
    assert set(messages) == {"nadia", "radovan", "lena"}


def test_a_joiner_and_the_manager_hear_what_is_pending(nordwind: Nordwind) -> None:
    hangs(nordwind, "Figma", join(nordwind))
    waits = ("Okta reports an error while setting it up", "Figma – Editor")
    assert heard(nordwind) == {
        "pia": [
            (
                (
                    "Welcome to Cucumber. Here is what you have, and why.\n"
                    f"You have:\n• {': '.join(STAFF)}\n"
                    f"Still pending:\n• {': '.join(waits)}\nEverything: {link()}"
                ),
                message(
                    "Welcome to Cucumber. Here is what you have, and why.",
                    part(0, "You have:", STAFF),
                    part(1, "Still pending:", waits),
                    link=link(),
                    reason="You get this because you are new."
                    " Sightline shows everyone what their team has access to.",
                ),
            )
        ],
        "lena": [
            (
                (
                    f"Pia Lund joined your team Cucumber on {today()}.\n"
                    f"1 app held now; 1 app still pending.\nEverything: {link()}"
                ),
                message(
                    f"Pia Lund joined your team Cucumber on {today()}.",
                    summary("1 app held now; 1 app still pending."),
                    part(0, "Pia has now:", STAFF),
                    part(1, "Still pending:", waits),
                    link=link(),
                    reason="You get this because you are the manager of someone who just joined.",
                ),
            )
        ],
    }


def test_a_leavers_manager_hears_what_needs_manual_removal(nordwind: Nordwind) -> None:
    nordwind.tenant.assign_group(nordwind.tenant.add_app("Grafana"), nordwind.groups["radish"])
    settled(nordwind)
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    assert heard(nordwind) == {
        "radovan": [
            (
                (
                    f"Nadia Brandt left on {today()} (Okta profile).\n"
                    f"3 apps removed; 1 app needs manual removal.\nEverything: {link()}"
                ),
                message(
                    f"Nadia Brandt left on {today()} (Okta profile).",
                    summary("3 apps removed; 1 app needs manual removal."),
                    part(0, "Removed:", ("", "Radish on-call, Radish staging, Slack")),
                    part(1, "Needs manual removal:", ("", "Grafana")),
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
                    f"Your access to Radish on-call ended on {today()}.\n"
                    "Gone:\n• Removed by Tomas Okafor: Radish on-call\n"
                    f"You still have it another way:\n• {': '.join(STAFF)}\n"
                    f"Everything: {link()}"
                ),
                message(
                    f"Your access to Radish on-call ended on {today()}.",
                    part(0, "Gone:", ("Removed by Tomas Okafor", "Radish on-call")),
                    part(1, "You still have it another way:", STAFF),
                    link=link(),
                    reason="You get this because access of yours ended or changed.",
                ),
            )
        ]
    }


def test_a_level_lowered_without_a_move_is_no_end_of_access(nordwind: Nordwind) -> None:
    """Nadia loses the way that made her an editor, and is a viewer by another; Datadog she loses."""
    figma, datadog = app(nordwind, "Figma"), nordwind.tenant.add_app("Datadog")
    nordwind.tenant.assign_group(figma, nordwind.groups["oncall"], priority=1, role="Editor")
    nordwind.tenant.assign_group(figma, nordwind.groups["radish"], priority=2, role="Viewer")
    nordwind.tenant.assign_group(datadog, nordwind.groups["radish"])
    settled(nordwind)
    nordwind.tenant.remove_member(nordwind.groups["oncall"], nordwind.users["nadia"], TOMAS)
    assert texts(heard(nordwind)) == {
        "nadia": [
            (
                f"Your access to Radish on-call ended and to Figma was lowered on {today()}.\n"
                "Gone:\n• Removed by Tomas Okafor: Radish on-call\n"
                "Lowered:\n• Removed by Tomas Okafor: Figma – Viewer instead of Editor\n"
                f"Everything: {link()}"
            )
        ]
    }
