"""The looks at messages themselves: each must see the one thing that it is there for."""

import pytest

from .asking import Json
from .books import Account, App, Books, Group
from .hearing import check_message

NADIA, LENA, TOMAS = "nadia@nordwind.example", "lena@nordwind.example", "tomas@nordwind.example"


def books(**opened: str) -> Books:
    """Nadia reports to Lena and is in one group, which opens these apps; Tomas has nothing to do with her."""
    found = Books(groups={"g": Group("g", "team")})
    for number, email in enumerate((LENA, NADIA, TOMAS), 1):
        profile = {"employeeNumber": str(number), "team": "radish"}
        found.accounts[email] = Account(f"u{number}", email, profile)
    found.accounts[NADIA].profile["managerId"] = "1"
    found.accounts[NADIA].hand.add("g")
    for place, label in enumerate(("Figma", "Jira", "Vault")):
        ways = {"g": (place, opened[label])} if label in opened else {}
        found.apps[label] = App(label, label, opens=ways)
    return found


def message(kind: str, to: str, *lines: str) -> Json:
    return {"kind": kind, "to": to, "text": "\n".join(lines), "blocks": []}


BEFORE, AFTER = books(Figma="Viewer", Jira="assigned"), books(Figma="Editor")


@pytest.mark.parametrize(
    "row",
    [
        message("mover", NADIA, "You moved.", "New: Figma – Editor.", "Gone: Jira. Came with the team."),
        message("lost", NADIA, "Your access to 1 app ended.", "Gone: Jira."),
        message("new_manager", LENA, "Nadia Lind started reporting to you."),
    ],
)
def test_a_true_message_passes(row: Json) -> None:
    assert list(check_message(row, [BEFORE, AFTER])) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (message("mover", NADIA, "New: Jira."), "held now"),
        (message("mover", NADIA, "Gone: Figma."), "not held now"),
        (message("lost", NADIA, "Gone: Vault."), "held before"),
        (message("old_manager", TOMAS, "Nadia Lind left your team."), f"told to a manager of {[NADIA]}"),
        (message("new_manager", LENA, "Nadia Lind has Vault."), "nothing of Vault"),
        (message("new_manager", LENA, "Somebody joined."), "told to a manager of []"),
    ],
)
def test_a_false_message_is_seen(row: Json, expected: str) -> None:
    assert [each.expected for each in check_message(row, [BEFORE, AFTER])] == [expected]


def test_what_stayed_the_same_is_not_new() -> None:
    found = list(check_message(message("mover", NADIA, "New: Figma – Editor."), [AFTER, AFTER]))
    assert [each.expected for each in found] == ["new, or at another level"]


def test_whoever_has_left_is_not_written_to() -> None:
    gone = books(Figma="Editor")
    gone.accounts[NADIA].status = "DEPROVISIONED"
    assert [
        each.expected for each in check_message(message("lost", NADIA, "Gone: Figma."), [AFTER, gone])
    ] == ["nobody who has left is written to"]
