"""The exact words of one message of each kind, written by hand."""

from dataclasses import replace
from typing import Any

import pytest

from notifier.messages import RENDERERS, from_json, render, to_json
from notifier.messages.stories import Item, MoverStory

from .examples import LINK, STORIES

EVERYTHING = "Everything: https://sightline.nordwind.example/moves/7/"
TEXTS = {
    "mover": f"""\
You moved from Radish to Cucumber on 3 March (HR).
New:
• Because your team is now Cucumber (rule “Cucumber team”): Cucumber dashboards, Figma – Editor
Raised:
• Because your team is now Cucumber (rule “Cucumber team”): Miro – Admin instead of Viewer
Lowered:
• Came with your team Radish: Sentry – Viewer instead of Editor
Gone:
• Came with your team Radish: Radish staging
You still have it another way:
• Comes with your department Engineering: Datadog
You still have, outside your new team; it won’t be removed automatically:
• Added by Tomas Okafor in January: Radish on-call
{EVERYTHING}""",
    "old_manager": f"""\
Ada Lindqvist left your team Radish on 3 March (HR).
1 app ended with your team; 1 app at a lower level; 1 app still held.
{EVERYTHING}""",
    "new_manager": f"""\
Ada Lindqvist joined your team Cucumber, from Radish, on 3 March (edited in Okta by Tomas Okafor).
2 apps held now; 2 apps still held from before.
{EVERYTHING}""",
    "manager_change": f"""\
Ada Lindqvist started reporting to you on 3 March (HR).
1 app held now.
{EVERYTHING}""",
    "joiner": f"""\
Welcome to Cucumber. Here is what you have, and why.
You have:
• Comes with your team Cucumber: AWS, Figma – Editor
• Everyone has it: Slack
Still pending:
• Okta is still setting it up: Datadog
{EVERYTHING}""",
    "joiner_manager": f"""\
Ada Lindqvist joined your team Cucumber on 3 March.
1 app held now; 1 app still pending.
{EVERYTHING}""",
    "leaver_manager": f"""\
Ada Lindqvist left on 3 March (HR).
2 apps removed; 1 app needs manual removal.
{EVERYTHING}""",
    "lost": f"""\
Your access to Figma ended on 3 March.
Gone:
• Removed by Bo Petersen: Figma – Editor
You still have it another way:
• Comes with your department Engineering: Datadog
{EVERYTHING}""",
    "correction": f"""\
Correction: you have Figma again, since 10:15 on 3 March.
The message above no longer holds.
{EVERYTHING}""",
    "digest": f"""\
Access changed for 2 people around your teams today.
Ada Lindqvist joined your team Cucumber.
Bo Petersen left your team Radish.
{EVERYTHING}""",
    "gathered": f"""\
Three people joined your team Cucumber, from Radish, on 3 March.
2 apps for all of them; 1 person still holds something from before; 1 person waits for apps.
{EVERYTHING}""",
    "admin": f"""\
212 people would hear of one change, more than the limit of 50.
The change began with an HR sync on 3 March.
Nothing has been sent.
Release or drop the messages on the outbox page.
{EVERYTHING}""",
}

BUTTONS = "Show everything | This looks wrong | Why did I get this?"
SHOWN = {
    "mover": [
        "You moved from Radish to Cucumber on 3 March (HR).",
        (
            "New:\n• Because your team is now Cucumber (rule “Cucumber team”):"
            " Cucumber dashboards, Figma – Editor"
        ),
        "Raised:\n• Because your team is now Cucumber (rule “Cucumber team”): Miro – Admin instead of Viewer",
        "Lowered:\n• Came with your team Radish: Sentry – Viewer instead of Editor",
        "Gone:\n• Came with your team Radish: Radish staging",
        "You still have it another way:\n• Comes with your department Engineering: Datadog",
        (
            "You still have, outside your new team; it won’t be removed automatically:\n"
            "• Added by Tomas Okafor in January: Radish on-call"
        ),
        BUTTONS,
        "You get this because your team, department or manager changed.",
    ],
    "old_manager": [
        "Ada Lindqvist left your team Radish on 3 March (HR).",
        "1 app ended with your team; 1 app at a lower level; 1 app still held.",
        "Ended with your team: Radish staging",
        "Lowered: Sentry – Viewer instead of Editor",
        (
            "Ada still has; it won’t be removed automatically:\n"
            "• Added by Tomas Okafor in January: Radish on-call"
        ),
        BUTTONS,
        "You get this because you led the team or were the manager.",
    ],
    "new_manager": [
        "Ada Lindqvist joined your team Cucumber, from Radish, on 3 March (edited in Okta by Tomas Okafor).",
        "2 apps held now; 2 apps still held from before.",
        (
            "Ada has now:\n• Comes with the team Cucumber: Figma – Editor\n"
            "• Comes with the department Engineering: Datadog"
        ),
        (
            "Ada still has, outside your team; they won’t be removed automatically:\n"
            "• Added by Tomas Okafor in January: Radish on-call, Jira"
        ),
        BUTTONS,
        "You get this because you lead the team or are the manager.",
    ],
    "leaver_manager": [
        "Ada Lindqvist left on 3 March (HR).",
        "2 apps removed; 1 app needs manual removal.",
        "Removed: Datadog, Figma – Editor",
        "Needs manual removal:\n• Okta does not close accounts in it: Radish on-call",
        BUTTONS,
        "You get this because you were the manager.",
    ],
    "correction": [
        "Correction: you have Figma again, since 10:15 on 3 March.",
        "The message above no longer holds.",
        BUTTONS,
        "You get this because an earlier message turned out to be wrong.",
    ],
    "digest": [
        "Access changed for 2 people around your teams today.",
        (
            "Who and what:\n"
            "• Ada Lindqvist joined your team Cucumber. Open\n"
            "• Bo Petersen left your team Radish. Open"
        ),
        "Show everything",
        "You get one message for several moves because you lead many people.",
    ],
    "gathered": [
        "Three people joined your team Cucumber, from Radish, on 3 March.",
        "2 apps for all of them; 1 person still holds something from before; 1 person waits for apps.",
        "Who: Ada Lindqvist, Bo Petersen, Cy Young",
        "They all have now: Datadog, Figma – Editor",
        "Not all of them have:\n• Bo Petersen: Tableau – Viewer",
        "Still held from before; it won’t be removed automatically:\n• Ada Lindqvist: Radish on-call",
        "Still pending:\n• Cy Young: AWS",
        "Show everything",
        "You get one message instead of 3, because they are about the same.",
    ],
    "admin": [
        "212 people would hear of one change, more than the limit of 50.",
        "What is known:\n• The change began with an HR sync on 3 March.\n• Nothing has been sent.",
        "Release or drop the messages on the outbox page.",
        "Show everything",
    ],
}


def read_aloud(block: dict[str, Any]) -> str:
    """The words of a block as somebody would read them."""
    if block["type"] == "rich_text":
        return "\n".join(
            "\n".join("• " + leaves(row) for row in part["elements"])
            if part["type"] == "rich_text_list"
            else leaves(part)
            for part in block["elements"]
        )
    if block["type"] == "actions":
        named = [e for e in block["elements"] if e["type"] == "button"]
        options = [option for e in block["elements"] for option in e.get("options", [])]
        return " | ".join(e["text"]["text"] for e in (*named, *options))
    if block["type"] == "context":
        return " ".join(element["text"] for element in block["elements"])
    return str(block["text"]["text"])


def leaves(section: dict[str, Any]) -> str:
    return "".join(leaf["text"] for leaf in section["elements"])


@pytest.mark.parametrize("name", STORIES)
def test_the_text_of_every_kind(name: str) -> None:
    assert render(STORIES[name]).text == TEXTS[name]


@pytest.mark.parametrize("name", SHOWN)
def test_the_words_in_the_blocks(name: str) -> None:
    assert [read_aloud(block) for block in render(STORIES[name]).blocks] == SHOWN[name]


def test_every_kind_has_an_example() -> None:
    assert {type(story) for story in STORIES.values()} == set(RENDERERS)


def test_the_mover_s_blocks_to_the_letter() -> None:
    blocks = render(STORIES["mover"]).blocks

    assert [(block["type"], block["block_id"]) for block in blocks] == [
        ("header", "headline"),
        *(("rich_text", f"section_{number}") for number in range(6)),
        ("actions", "actions"),
        ("context", "reason"),
    ]
    because = "Because your team is now Cucumber (rule “Cucumber team”): "
    row = [
        {"type": "text", "text": because, "style": {"italic": True}},
        {"type": "text", "text": "Cucumber dashboards, Figma – Editor"},
    ]
    assert blocks[1]["elements"] == [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "New:", "style": {"bold": True}}],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 0,
            "elements": [{"type": "rich_text_section", "elements": row}],
        },
    ]
    buttons = blocks[-2]["elements"]
    assert [(b["action_id"], b["url"]) for b in buttons] == [
        ("show", LINK),
        ("looks_wrong", f"{LINK}#looks-wrong"),
        ("why", f"{LINK}#why"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "old_manager",
        "new_manager",
        "manager_change",
        "joiner_manager",
        "leaver_manager",
        "digest",
        "gathered",
    ],
)
def test_what_a_lock_screen_shows_of_others_names_no_app(name: str) -> None:
    rendered = render(STORIES[name])
    preview = " ".join([rendered.text, *(read_aloud(block) for block in rendered.blocks[:2])])
    for app in ("Figma", "Datadog", "dashboards", "staging", "on-call"):
        assert app not in preview


@pytest.mark.parametrize("name", STORIES)
def test_a_story_survives_json(name: str) -> None:
    assert from_json(to_json(STORIES[name])) == STORIES[name]


@pytest.mark.parametrize("payload", [{}, {"story": "poem"}, {"story": "admin"}, {"story": "lost", "lost": 1}])
def test_a_payload_of_no_known_shape_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="story"):
        from_json(payload)


NOTHING: dict[str, Any] = dict.fromkeys(
    ("gained", "raised", "lowered", "lost", "still", "kept", "pending"), ()
)


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
    ],
)
def test_what_was_lost_or_lowered(changes: dict[str, Any], headline: str) -> None:
    assert render(replace(STORIES["lost"], **changes)).text.splitlines()[0] == headline


@pytest.mark.parametrize(
    ("accounts", "counted", "step"),
    [
        (("ACTIVE",), "1 Okta account is still active.", "Deactivate the Okta account. It is still active."),
        (("SUSPENDED",), "1 Okta account is suspended.", "Deactivate the Okta account. It is suspended."),
        (
            ("ACTIVE", "PASSWORD_EXPIRED"),
            "2 Okta accounts are still active.",
            "Deactivate the 2 Okta accounts.",
        ),
    ],
)
def test_an_account_that_is_still_open_is_one_step(
    accounts: tuple[str, ...], counted: str, step: str
) -> None:
    rendered = render(replace(STORIES["leaver_manager"], removed=(), remains=(), accounts=accounts))
    assert rendered.text.splitlines()[1] == counted
    assert read_aloud(rendered.blocks[2]) == f"To do: {step}"


def test_somebody_who_is_back_is_welcomed_back() -> None:
    back = {"back": True}
    assert render(replace(STORIES["joiner"], **back)).text.splitlines()[0] == (
        "Welcome back to Cucumber. Here is what you have now, and why."
    )
    assert render(replace(STORIES["joiner_manager"], **back)).text.splitlines()[0] == (
        "Ada Lindqvist is back in your team Cucumber, since 3 March."
    )


@pytest.mark.parametrize(("year", "said"), [(0, "3 March"), (2026, "3 March"), (2027, "3 March 2026")])
def test_a_date_of_another_year_says_the_year(year: int, said: str) -> None:
    lines = render(replace(STORIES["mover"], year=year)).text.splitlines()
    assert lines[0] == f"You moved from Radish to Cucumber on {said} (HR)."


def test_a_department_is_not_called_a_team() -> None:
    text = render(mover(unit_kind="department")).text
    assert "You still have, outside your new department; it won’t be removed automatically:" in text
    old = replace(STORIES["old_manager"], unit_kind="department", headline_from="Engineering")
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


FOUR = tuple(Item(name) for name in ("Figma", "Datadog", "Sentry", "Miro"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"restored": FOUR[:2], "whole": False}, "you have Figma and Datadog again"),
        ({"restored": FOUR}, "you have 4 apps again"),
        ({"what": "back", "unit": "Radish"}, "you are back in Radish"),
        ({"what": "as_before"}, "your access is as it was before"),
        ({"person_name": "Ada"}, "Ada has 1 app again"),
        ({"person_name": "Ada", "what": "back", "unit": "Radish"}, "Ada is back in your team Radish"),
        ({"person_name": "Ada", "what": "not_joined", "unit": "Leek"}, "Ada is not in your team Leek"),
        ({"person_name": "Ada", "what": "not_reporting"}, "Ada does not report to you"),
        ({"person_name": "Ada", "what": "active"}, "Ada is active again"),
        ({"person_name": "Ada", "what": "as_before"}, "the access of Ada is as it was before"),
    ],
)
def test_what_a_correction_says(more: dict[str, Any], said: str) -> None:
    rendered = render(replace(STORIES["correction"], **more))
    rest = "The message above no longer holds."
    if not more.get("whole", True):
        rest = "The rest of the message above still holds."
    told = rendered.text.splitlines()
    assert told[:2] == [f"Correction: {said}, since 10:15 on 3 March.", rest]
    shown = [read_aloud(block) for block in rendered.blocks]
    listed = [f"Back: {item}" for item in ("Figma – Editor", "Figma, Datadog, Sentry, Miro")]
    assert any(line in shown for line in listed) is (
        len(more.get("restored", ())) > 2 or (more.get("person_name") == "Ada")
    )
    assert not any(app.app in line for app in FOUR for line in told if more.get("person_name"))
