"""What the books promise: what completes a story, what opens none, what a torn read leaves for the next."""

from datetime import timedelta

import pytest

from .books import Account, App, Books, Group, Record, Rule, Unit
from .conditions import Is
from .hearing import Ears
from .ledger import Ledger, Stood
from .telling import Cases
from .test_hearing import LENA, NADIA, START, TOMAS, message
from .wording import Json


def company(hr: str, okta: str, *, hand: bool = True, lead: str = "", manager: str = "1") -> Books:
    """Nadia is in a team by HR and by Okta; each team opens an app, and a group by hand opens Miro."""
    found = Books()
    for number, email in enumerate((LENA, NADIA, TOMAS), 1):
        found.accounts[email] = Account(f"u{number}", email, {"employeeNumber": str(number), "team": "okra"})
        found.records[email] = Record(f"h{number}", email, email, {"team": "okra"})
    for team, app in (("okra", "Jira"), ("leek", "Figma")):
        found.units[team] = Unit(team, "team", team, team.title(), team, lead=lead)
        found.groups[team] = Group(team, f"team-{team}", team)
        found.apps[app] = App(app, app, opens={team: (0, "Editor")})
        found.rules[team] = Rule(team, Is("team", team), [team], name=f"Rule {team}")
    found.groups["hand"] = Group("hand", "hand")
    found.apps["Miro"] = App("Miro", "Miro", opens={"hand": (0, "Editor")})
    nadia = found.accounts[NADIA]
    nadia.profile["team"] = okta
    nadia.hand |= {"hand"} if hand else set()
    found.records[NADIA].values["team"] = hr
    found.records[NADIA].manager = f"h{manager}" if manager else ""
    found.look(nadia)
    return found


def wrong(rows: list[Json], *reads: Books) -> list[object]:
    """What is wrong with these messages after the last of these reads, an hour apart."""
    ears = Ears(Cases([], recorded=True), Ledger([], frozenset(), causes=False))
    history = ears.cases.history = ears.ledger.history
    for number, each in enumerate(reads):
        history.append(Stood(START + timedelta(hours=number), each, each))
        ears.cases.read()
        found = list(ears.listen(rows if number == len(reads) - 1 else []))
    return [each.expected for each in found]


SAME, HR_FIRST, DONE = company("okra", "okra"), company("leek", "okra"), company("leek", "leek")
UNFINISHED = (SAME, *[HR_FIRST] * 28)
"""HR was ahead of Okta for longer than anybody waits: it is told without the other half."""
LATE = company("leek", "okra", hand=False)
KEEPS = {"You_still_have,_outside_your_team": "Miro – Editor"}
MOVED = message("mover", NADIA, "You moved.", New="Figma – Editor", Gone="Jira", **KEEPS)
ENDED = message("lost", NADIA, "Your access ended.", Gone="Jira")


@pytest.mark.parametrize(
    ("rows", "reads", "expected"),
    [
        ([MOVED], (*UNFINISHED, DONE, DONE), []),
        ([ENDED], (*UNFINISHED, DONE, DONE), ["another kind"]),
        ([], (*UNFINISHED, DONE, DONE), ["told by now"]),
        ([message("lost", NADIA, "Ended.", Gone="Miro")], (*UNFINISHED, LATE, LATE), []),
        ([message("mover", NADIA, "You moved.", Gone="Miro")], (*UNFINISHED, LATE, LATE), ["another kind"]),
    ],
)
def test_what_completes_a_move_and_what_does_not(
    rows: list[Json], reads: tuple[Books, ...], expected: list[str]
) -> None:
    found = [str(each) for each in wrong(rows, *reads)]
    assert len(found) >= len(expected)
    assert all(any(each.startswith(start) for each in found) for start in expected), found
    assert bool(found) == bool(expected), found


def test_another_lead_of_a_unit_is_no_other_manager() -> None:
    led = (company("okra", "okra", manager=""), company("okra", "okra", manager="", lead=TOMAS))
    assert wrong([], led[0], led[1], led[1]) == []
    sent = message("new_manager", TOMAS, "Nadia Lind started reporting to you.", Nadia_has_now="Jira")
    assert wrong([sent], led[0], led[1], led[1]) == ["nothing that has to be told"]


def test_the_old_manager_and_the_new_one_hear_of_a_move_and_nobody_hears_of_an_old_report() -> None:
    """Whoever led others before, and lost them, is no exception."""
    gone = company("leek", "leek", manager="3")
    left = message("old_manager", LENA, "Nadia Lind left your team.")
    joined = message(
        "new_manager", TOMAS, "Nadia Lind joined your team.", Nadia_has_now="Figma – Editor", **KEEPS
    )
    assert wrong([MOVED, left, joined], SAME, gone, gone) == []
    assert wrong([MOVED, joined], SAME, gone, gone) == ["told by now, seen since 02 Mar 01:00"]
    stays = message(
        "new_manager", LENA, "Nadia Lind joined your team.", Nadia_has_now="Figma – Editor", **KEEPS
    )
    (found,) = wrong([MOVED, stays], SAME, DONE, DONE)
    assert str(found).startswith("another kind, or reader")
    still = message(
        "new_manager", LENA, "Nadia Lind started reporting to you.", Nadia_has_now="Jira – Editor"
    )
    assert wrong([still], SAME, SAME, SAME) == ["nothing that has to be told"]


def test_what_is_pending_is_what_rules_will_give() -> None:
    def pending(app: str) -> list[object]:
        row = message("mover", NADIA, "You moved.", Still_pending=f"{app} – Editor", **KEEPS)
        return wrong([row], *UNFINISHED[:27])

    assert pending("Figma") == []
    assert pending("Jira") != []
    assert wrong([message("mover", NADIA, "You moved.", **KEEPS)], *UNFINISHED[:27]) == ["{Figma}"]


def test_what_happened_during_a_read_that_told_something_may_be_seen_by_the_next() -> None:
    ears = Ears(Cases([], recorded=True), Ledger([], frozenset(), causes=False))
    history = ears.cases.history = ears.ledger.history
    ended, moved = company("okra", "okra", hand=False), company("okra", "okra", hand=False, manager="3")
    sent = message("lost", NADIA, "Ended.", Gone="Miro")
    reports = message(
        "new_manager", TOMAS, "Nadia Lind started reporting to you.", Nadia_has_now="Jira – Editor"
    )
    for before, after, rows in (
        (SAME, SAME, []),
        (ended, ended, []),
        (ended, moved, [sent]),
        (moved, moved, []),
        (moved, moved, [reports]),
    ):
        history.append(Stood(START + timedelta(hours=len(history)), after, before))
        ears.cases.read()
        assert list(ears.listen(rows)) == []


def moved_in_silence(*, hand: bool) -> Books:
    """Nadia is in Leek, and has what she had."""
    found = company("leek", "leek", hand=hand)
    found.accounts[NADIA].ruled = {}
    found.accounts[NADIA].hand.add("okra")
    return found


JIRA_STAYS = {"You_still_have,_outside_your_team": "Jira – Editor"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (message("lost", NADIA, "Ended.", Gone="Miro"), ""),
        (message("mover", NADIA, "You moved.", Gone="Miro", **JIRA_STAYS), ""),
        (message("lost", NADIA, "Ended.", Gone="Jira"), "another kind"),
        (None, "told by now"),
    ],
)
def test_a_torn_read_may_have_closed_a_move_of_which_nothing_was_to_be_told(
    row: Json | None, expected: str
) -> None:
    ears = Ears(Cases([], recorded=True), Ledger([], frozenset(), causes=False))
    history = ears.cases.history = ears.ledger.history
    quiet, ended = moved_in_silence(hand=True), moved_in_silence(hand=False)
    found: list[str] = []
    for before, after in ((SAME, SAME), (quiet, quiet), (quiet, ended), (ended, ended), (ended, ended)):
        history.append(Stood(START + timedelta(hours=len(history)), after, before))
        ears.cases.read()
        rows = [row] if row and len(history) == 5 else []
        found += [str(each.expected) for each in ears.listen(rows)]
    assert [each[: len(expected)] for each in found][:1] == ([expected] if expected else [])
