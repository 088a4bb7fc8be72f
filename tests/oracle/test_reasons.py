"""The looks at why an app stands in a message: each must see the one thing that it is there for."""

from datetime import UTC, datetime, timedelta

import pytest

from .books import Account, App, Books, Group, Rule, Unit
from .conditions import Is
from .happened import Because, Event
from .ledger import Ledger, Stood
from .reasons import Line, untrue

NADIA, START = "nadia@nordwind.example", datetime(2026, 3, 2, tzinfo=UTC)


def company(team: str, *, member: bool) -> Books:
    """Nadia in a team, and in the group of Okra, which opens Jira, or not."""
    found = Books()
    for value in ("okra", "leek"):
        found.units[value] = Unit(value, "team", value, value.title(), value)
    found.groups = {"g": Group("g", "team-okra", "okra"), "h": Group("h", "club")}
    found.rules["r"] = Rule("r", Is("team", "okra"), ["g"], name="Rule Okra")
    found.rules["s"] = Rule("s", Is("team", "leek"), ["h"], name="Rule Leek")
    found.apps["jira"] = App("jira", "Jira", opens={"g": (0, "Editor")})
    found.accounts[NADIA] = Account("u1", NADIA, {"team": team}, ruled={"g": {"r"}} if member else {})
    return found


BY_RULE = Because("rule", frozenset({"Rule Okra"}), frozenset({"team"}), sure=True)
BY_ADA = Because("admin", actor="Ada Admin")


def wrong(category: str, text: str, because: Because, *, app: str = "") -> str:
    """What is wrong with a line about Jira, were this what happened; with `app` to the app of the group."""
    gone = category == "gone"
    event = Event(1, "ended" if gone else "began", because, "" if app else NADIA, "g", app)
    ledger = Ledger([event], frozenset({"Ada Admin", "Bo Bremer"}))
    sides = company("okra", member=True), company("leek", member=False)
    for number, books in enumerate(sides if gone else (sides[1], sides[0])):
        ledger.add(Stood(START + timedelta(hours=number), books, books))
    return untrue(Line(category, "jira", text), NADIA, ledger, 0)


@pytest.mark.parametrize(
    ("category", "text", "because", "app"),
    [
        ("gone", "Came with your team Okra", BY_RULE, ""),
        ("gone", "Because your team is now Leek (rule “Rule Okra”)", BY_RULE, ""),
        ("gone", "Removed by Ada Admin", BY_ADA, ""),
        ("gone", "Removed from your team Okra by Ada Admin", BY_ADA, "jira"),
        ("gone", "Your team Okra no longer has it", Because("group deleted", thing="team-okra"), "jira"),
        ("new", "Because your team is now Okra (rule “Rule Okra”)", BY_RULE, ""),
        ("new", "Because your team is now Okra", BY_RULE, ""),
        ("new", "Comes with your team Okra", BY_ADA, "jira"),
        ("new", "Your team Okra has it now", BY_ADA, "jira"),
        ("has", "Comes with the team Okra", BY_RULE, ""),
        ("has", "Because your team is Okra (rule “Rule Okra”)", BY_RULE, ""),
    ],
)
def test_a_true_reason_passes(category: str, text: str, because: Because, app: str) -> None:
    assert wrong(category, text, because, app=app) == ""


@pytest.mark.parametrize(
    ("category", "text", "because", "app"),
    [
        ("gone", "Because your team is now Leek (rule “Rule Okra”)", Because("rule", BY_RULE.rules), ""),
        ("gone", "Came with your team Leek", BY_RULE, ""),
        ("gone", "Came with your department Okra", BY_RULE, ""),
        ("gone", "Came with your team Okra", BY_ADA, ""),
        ("gone", "Removed by Bo Bremer", BY_ADA, ""),
        ("gone", "Removed by Ada Admin", BY_RULE, ""),
        ("gone", "Removed from your team Leek by Ada Admin", BY_ADA, "jira"),
        ("gone", "Removed from your team Okra by Bo Bremer", BY_ADA, "jira"),
        ("gone", "Your team Okra no longer has it", BY_RULE, ""),
        ("gone", "Your team Okra no longer has it", BY_ADA, "jira"),
        ("gone", "What made it happen is not known", BY_RULE, ""),
        ("new", "Because your team is now Leek", BY_RULE, ""),
        ("new", "Because your team is now Okra (rule “Rule Leek”)", BY_RULE, ""),
        ("new", "Comes with your team Leek", BY_RULE, ""),
        ("new", "Everyone has it", BY_RULE, ""),
        ("new", "The group club has it now", BY_ADA, "jira"),
        ("has", "Comes with the team Leek", BY_RULE, ""),
        ("has", "Because your team is Leek (rule “Rule Okra”)", BY_RULE, ""),
        ("has", "Because your team is Okra (rule “Rule Leek”)", BY_RULE, ""),
        ("has", "Assigned directly", BY_RULE, ""),
        ("still", "Added by Ada Admin", BY_RULE, ""),
    ],
)
def test_a_false_reason_is_seen(category: str, text: str, because: Because, app: str) -> None:
    assert wrong(category, text, because, app=app)
