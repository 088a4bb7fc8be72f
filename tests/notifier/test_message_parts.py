"""The parts of a message: lines by cause, what is cut, levels, leavers, dates."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from notifier.combined_stories import gathered
from notifier.messages import render
from notifier.messages.stories import Item, MoverStory, OldManagerStory

from .examples import STORIES
from .reading import read_aloud

NOTHING: dict[str, Any] = dict.fromkeys(
    ("gained", "raised", "lowered", "lost", "still", "kept", "pending"), ()
)


def changed(name: str, **changes: Any) -> Any:
    return replace(STORIES[name], **changes)


def mover(**changes: Any) -> MoverStory:
    story = STORIES["mover"]
    assert isinstance(story, MoverStory)
    return replace(story, **changes)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (8, "App 1, App 2, App 3, App 4, App 5, App 6, App 7, App 8"),
        (9, "App 1, App 2, App 3, App 4, App 5, App 6, App 7, App 8, App 9"),
        (10, "App 1, App 2, App 3, App 4, App 5, App 6, App 7, App 8 … and 2 more"),
    ],
)
def test_eight_apps_of_one_cause_and_never_one_more(number: int, shown: str) -> None:
    rendered = render(mover(**NOTHING | {"gained": tuple(Item(f"App {n}") for n in range(1, number + 1))}))
    assert read_aloud(rendered.blocks[1]) == f"New: {shown}"
    assert f"New: {shown}\n" in rendered.text


@pytest.mark.parametrize(
    ("number", "last"), [(9, "• Cause 9: App 9"), (10, "… and 2 more apps"), (30, "… and 22 more apps")]
)
def test_eight_causes_and_never_one_more(number: int, last: str) -> None:
    gained = tuple(Item(f"App {n}", because=f"Cause {n}") for n in range(1, number + 1))
    rows = read_aloud(render(mover(**NOTHING | {"gained": gained})).blocks[1]).splitlines()
    assert (len(rows), rows[8], rows[-1].removeprefix("• ")) == (
        10,
        "• Cause 8: App 8",
        last.removeprefix("• "),
    )


def test_one_cause_is_one_line_and_its_proof_is_named_once() -> None:
    """Where several rules are behind one cause, none of them is the proof of the line."""
    gained = (Item("A", because="Came", proof="rule “X”"), Item("B", because="Came", proof="rule “X”"))
    one = render(mover(**NOTHING | {"gained": gained})).text.splitlines()
    assert one[1:3] == ["New:", "• Came (rule “X”): A, B"]
    two = render(mover(**NOTHING | {"gained": (*gained, Item("C", because="Came", proof="rule “Y”"))}))
    assert two.text.splitlines()[1:3] == ["New:", "• Came: A, B, C"]


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({}, "Your access to Figma ended on 3 March."),
        ({"lost": (), "lowered": (Item("Datadog"),)}, "Your access to Datadog was lowered on 3 March."),
        ({"lost": (), "relevelled": (Item("Datadog"),)}, "Your access to Datadog changed on 3 March."),
        ({"lost": (Item("A"), Item("B"))}, "Your access to 2 apps ended on 3 March."),
        (
            {"lowered": (Item("A"), Item("B"))},
            "Your access to Figma ended and to 2 apps was lowered on 3 March.",
        ),
        ({"until": date(2026, 3, 3)}, "Your access to Figma ended on 3 March."),
        ({"until": date(2026, 3, 5)}, "Between 3 March and 5 March, your access to Figma ended."),
    ],
)
def test_what_was_lost_or_lowered(changes: dict[str, Any], headline: str) -> None:
    assert render(changed("lost", **changes)).text.splitlines()[0] == headline


@pytest.mark.parametrize(
    ("accounts", "counted", "step"),
    [
        (("active",), "1 Okta account is still active.", "Deactivate the Okta account. It is still active."),
        (("suspended",), "1 Okta account is suspended.", "Deactivate the Okta account. It is suspended."),
        (
            ("active", "active"),
            "2 Okta accounts are still active.",
            "Deactivate the 2 Okta accounts.",
        ),
    ],
)
def test_an_account_that_is_still_open_is_one_step(
    accounts: tuple[str, ...], counted: str, step: str
) -> None:
    rendered = render(changed("leaver_manager", removed=(), remains=(), accounts=accounts))
    assert rendered.text.splitlines()[1] == counted
    assert read_aloud(rendered.blocks[2]) == f"To do: {step}"


def test_an_account_behind_okta_that_is_still_open_is_a_step_too() -> None:
    alone = render(changed("leaver_manager", removed=(), remains=(), elsewhere=(("Doors", "active"),)))
    assert alone.text.splitlines()[1] == "1 Doors account is still active."
    assert read_aloud(alone.blocks[2]) == "To do: Close the Doors account. It is still active."
    both = changed(
        "leaver_manager", removed=(), remains=(), accounts=("active",), elsewhere=(("Doors", "suspended"),)
    )
    assert render(both).text.splitlines()[1] == (
        "1 Okta account is still active, 1 Doors account is suspended."
    )


def test_somebody_who_is_back_is_welcomed_back() -> None:
    assert render(changed("joiner", back=True)).text.splitlines()[0] == (
        "Welcome back to Cucumber. Here is what you have now, and why."
    )
    assert render(changed("joiner_manager", back=True)).text.splitlines()[0] == (
        "Ada Lindqvist is back in your team Cucumber, since 3 March."
    )


@pytest.mark.parametrize(("year", "sentence"), [(0, "3 March"), (2026, "3 March"), (2027, "3 March 2026")])
def test_a_date_of_another_year_says_the_year(year: int, sentence: str) -> None:
    lines = render(mover(year=year)).text.splitlines()
    assert lines[0] == f"You moved from Radish to Cucumber on {sentence} (HR)."


@pytest.mark.parametrize(
    ("kind", "more", "headline"),
    [
        (
            "new_manager",
            {"source": ""},
            "Ada Lindqvist joined the team Cucumber, from Radish, on 3 March and reports to you.",
        ),
        (
            "old_manager",
            {},
            "Ada Lindqvist left the team Radish on 3 March (HR) and no longer reports to you.",
        ),
        ("joiner_manager", {}, "Ada Lindqvist joined the team Cucumber on 3 March and reports to you."),
        (
            "joiner_manager",
            {"first_day": date(2026, 2, 16)},
            "Ada Lindqvist is new in the team Cucumber and reports to you; the first day was 16 February.",
        ),
        (
            "joiner_manager",
            {"back": True},
            "Ada Lindqvist is back in the team Cucumber, since 3 March, and reports to you.",
        ),
        ("gathered", {}, "Three people joined the team Cucumber, from Radish, on 3 March."),
    ],
)
def test_a_manager_of_another_unit_is_not_told_that_it_is_theirs(
    kind: str, more: dict[str, Any], headline: str
) -> None:
    changes: dict[str, Any] = {"yours": False, **more}
    text = render(replace(STORIES[kind], **changes)).text
    assert text.splitlines()[0] == headline
    assert "your team" not in text


def test_a_department_is_not_called_a_team() -> None:
    text = render(mover(unit_kind="department")).text
    assert "You still have, outside your new department; it won’t be removed automatically:" in text
    old = changed("old_manager", unit_kind="department", headline_from="Engineering")
    assert render(old).text.splitlines()[0] == (
        "Ada Lindqvist left your department Engineering on 3 March (HR)."
    )


@pytest.mark.parametrize(
    ("before", "after", "headline"),
    [
        ("", "Cucumber", "You joined Cucumber on 3 March (HR)."),
        ("Radish", "", "You left Radish on 3 March (HR)."),
    ],
)
def test_headlines_with_one_team(before: str, after: str, headline: str) -> None:
    rendered = render(mover(headline_from=before, headline_to=after))
    assert rendered.text.splitlines()[0] == headline


def test_a_move_without_a_difference_says_so() -> None:
    rendered = render(mover(**NOTHING))
    assert rendered.text.splitlines()[1] == "Your access did not change."
    assert read_aloud(rendered.blocks[1]) == "Your access did not change."


def test_who_is_gone_is_told_by_the_last_day_where_the_records_name_one() -> None:
    unknown: dict[str, Any] = {"last_day": None}
    story = replace(STORIES["leaver_manager"], **unknown)
    assert render(story).text.splitlines()[0] == "Ada Lindqvist left on 3 March (HR)."
    known: dict[str, Any] = {"what": "gone", "origin": "", "when": None, "last_day": date(2026, 3, 3)}
    gone = replace(STORIES["gathered"], **known)
    assert render(gone).text.splitlines()[0] == ("Three people left the company; their last day was 3 March.")


def test_who_left_a_team_that_was_merged_is_told_as_the_merger() -> None:
    stories = [
        OldManagerStory("http://x/", name, "Radish", date(2026, 3, 3), merged_into="Cucumber")
        for name in ("Ada Lind", "Bo Ek", "Cy Fox")
    ]
    merged = gathered(stories, "http://x/", dissolved=True)
    assert render(merged).text.startswith("Your team Radish was merged into Cucumber: 3 people moved on.")
    apart = gathered([*stories, replace(stories[0], merged_into="")], "http://x/", dissolved=True)
    assert render(apart).text.startswith("Your team Radish was dissolved: 4 people moved on.")


def test_of_open_accounts_behind_okta_only_some_systems_are_named() -> None:
    elsewhere = (*((f"System {number}", "active") for number in range(8)), ("System 0", "active"))
    story = changed("leaver_manager", accounts=(), removed=(), remains=(), elsewhere=elsewhere)
    lines = render(story).text.splitlines()
    assert lines[1].startswith("2 System 0 accounts are still active, 1 System 1 account is still active, ")
    assert lines[1].endswith("1 System 5 account is still active, 2 more accounts are open.")
    spoken = " ".join(map(read_aloud, render(story).blocks))
    assert "Close the 2 System 0 accounts. They are still active." in spoken
    assert "Close 2 more accounts; the page names the systems." in spoken
