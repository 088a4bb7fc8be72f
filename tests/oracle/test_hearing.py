"""The looks at messages themselves: each must see the one thing that it is there for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .books import Account, App, Books, Group
from .hearing import Ears
from .ledger import Ledger, Stood
from .telling import Cases
from .wording import Json, heard

NADIA, LENA, TOMAS = "nadia@nordwind.example", "lena@nordwind.example", "tomas@nordwind.example"
START = datetime(2026, 3, 2, tzinfo=UTC)


def books(title: str = "", manager: str = "1", status: str = "ACTIVE", **opened: str) -> Books:
    """Nadia reports to Lena and is in one group, which opens these apps; Tomas has nothing to do with her."""
    found = Books(groups={"g": Group("g", "team")})
    for number, email in enumerate((LENA, NADIA, TOMAS), 1):
        profile = {"employeeNumber": str(number), "team": "okra"}
        found.accounts[email] = Account(f"u{number}", email, profile)
    nadia = found.accounts[NADIA]
    nadia.profile |= {"managerId": manager, "title": title}
    nadia.status = status
    nadia.hand.add("g")
    for place, label in enumerate(("Figma", "Jira", "Vault")):
        ways = {"g": (place, opened[label])} if label in opened else {}
        found.apps[label] = App(label, label, opens=ways)
    return found


def ears(*reads: Books) -> Ears:
    """Whoever has heard nothing yet; these are the reads, an hour apart."""
    history: list[Stood] = []
    ledger = Ledger([], frozenset(), causes=False)
    found = Ears(Cases(history, recorded=False), ledger)
    for number, each in enumerate(reads):
        history.append(Stood(START + timedelta(hours=number), each, each))
        found.cases.read()
    return found


def message(kind: str, to: str, headline: str, **sections: str) -> Json:
    """A message as the outbox shows it; `sections`: heading → the line below it."""
    blocks: list[Any] = [{"type": "header", "text": {"type": "plain_text", "text": headline}}]
    for label, line in sections.items():
        leaves = [{"type": "text", "text": f"{label.replace('_', ' ')}:"}, {"type": "text", "text": line}]
        blocks.append({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]})
    lines = [headline, *(f"{label}: {line}" for label, line in sections.items())]
    return {"id": kind + to, "kind": kind, "to": to, "text": "\n".join(lines), "blocks": blocks}


BEFORE = books(Figma="Editor", Jira="assigned")
AFTER = books(Figma="Viewer")
TO_TOMAS = books(manager="3", Figma="Viewer")
LOST = message("lost", NADIA, "Your access ended.", Lowered="Figma – Viewer", Gone="Jira")


def wrong(rows: list[Json], *reads: Books) -> list[object]:
    return [each.expected for each in ears(*reads).listen(rows)]


@pytest.mark.parametrize(
    ("rows", "reads"),
    [
        ([LOST], (BEFORE, AFTER, AFTER)),
        ([], (BEFORE, AFTER)),
        ([], (AFTER, books(title="Head", Figma="Viewer"), AFTER)),
        (
            [
                message(
                    "new_manager",
                    TOMAS,
                    "Nadia Lind started reporting to you.",
                    Nadia_has_now="Figma – Viewer",
                )
            ],
            (AFTER, TO_TOMAS, TO_TOMAS),
        ),
        (
            [message("leaver_manager", LENA, "Nadia Lind left.", Removed="Figma")],
            (AFTER, books(status="DEPROVISIONED"), books(status="DEPROVISIONED")),
        ),
    ],
)
def test_what_is_true_and_due_passes(rows: list[Json], reads: tuple[Books, ...]) -> None:
    assert wrong(rows, *reads) == []


@pytest.mark.parametrize(
    ("row", "reads", "expected"),
    [
        (LOST, (BEFORE, AFTER), "nothing before a later read confirms it"),
        (LOST, (AFTER, AFTER, AFTER), "nothing that has to be told"),
        (
            message("mover", NADIA, "You moved.", Lowered="Figma – Viewer", Gone="Jira"),
            (),
            "another kind, or reader",
        ),
        (message("lost", NADIA, "Ended.", Gone="Jira"), (), "{Figma}"),
        (message("lost", NADIA, "Lowered.", Lowered="Figma – Viewer"), (), "{Jira}"),
        (message("lost", NADIA, "Ended.", Gone="Jira Figma", Lowered="Figma"), (), "not held now"),
        (message("lost", NADIA, "Ended.", Gone="Jira Vault", Lowered="Figma"), (), "held before"),
        (message("lost", NADIA, "Ended.", Gone="Jira", Lowered="Figma – Admin"), (), "held as {Viewer}"),
        (
            message("lost", NADIA, "Ended.", Gone="Jira", Lowered="Figma", Raised="Figma"),
            (),
            "levels went {lowered}",
        ),
        (message("lost", NADIA, "Ended.", New="Figma", Gone="Jira", Lowered="Figma"), (), "not held before"),
        (
            message("old_manager", TOMAS, "Nadia Lind left your team."),
            (),
            f"told to a manager of ['{NADIA}']",
        ),
        (message("new_manager", LENA, "Nadia Lind joined.", Has_now="Vault"), (), "nothing of Vault"),
    ],
)
def test_a_false_message_is_seen(row: Json, reads: tuple[Books, ...], expected: str) -> None:
    found = [str(each) for each in wrong([row], *(reads or (BEFORE, AFTER, AFTER)))]
    assert any(each.startswith(expected) for each in found), found


@pytest.mark.parametrize(
    ("reads", "expected"),
    [
        ((BEFORE, AFTER, AFTER), ["told by now, seen since 02 Mar 01:00"]),
        ((AFTER, TO_TOMAS, TO_TOMAS), ["told by now, seen since 02 Mar 01:00"]),
        ((AFTER, BEFORE, BEFORE), []),
        ((BEFORE, AFTER, BEFORE, BEFORE), []),
    ],
)
def test_silence_is_heard_where_something_was_due(reads: tuple[Books, ...], expected: list[str]) -> None:
    assert wrong([], *reads) == expected


def test_whoever_has_left_is_not_written_to() -> None:
    gone = books(status="DEPROVISIONED")
    assert "nobody who has left is written to" in wrong([LOST], BEFORE, gone, gone)


def test_a_message_is_read_by_its_headings() -> None:
    row = message("mover", NADIA, "You moved.", New="Figma – Editor Jira", Gone="Vault … and 2 more")
    found = heard(row, {NADIA: "Nadia Lind"}, ["Figma", "Jira", "Vault"])
    assert found.apps == {"new": {"Figma": "Editor", "Jira": ""}, "gone": {"Vault": ""}}
    assert found.about == (NADIA,)
    assert not found.whole
