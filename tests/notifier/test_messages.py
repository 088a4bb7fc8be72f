"""The exact words of one message of each kind, written by hand."""

from typing import Any

import pytest

from notifier.messages import RENDERERS, from_json, render, to_json

from .examples import LINK, STORIES
from .reading import read_aloud

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
Ada Lindqvist’s last day was 3 March (HR).
2 apps removed; 1 app needs manual removal.
{EVERYTHING}""",
    "lost": f"""\
Your access to Figma ended on 3 March.
Gone:
• Removed by Bo Petersen: Figma – Editor
New:
• Because your department is now Operations (rule “Operations”): Miro
You still have it another way:
• Comes with your department Engineering: Datadog
{EVERYTHING}""",
    "correction": f"""\
Correction: you have Figma again, since 10:15 on 3 March.
The message above said that your access to Figma had ended. That is no longer true.
Back:
• Comes with your team Cucumber: Figma – Editor
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
        "Ada Lindqvist’s last day was 3 March (HR).",
        "2 apps removed; 1 app needs manual removal.",
        "Removed: Datadog, Figma – Editor",
        "Needs manual removal:\n• Okta does not close accounts in it: Radish on-call",
        BUTTONS,
        "You get this because you were the manager.",
    ],
    "correction": [
        "Correction: you have Figma again, since 10:15 on 3 March.",
        "The message above said that your access to Figma had ended. That is no longer true.",
        "Back:\n• Comes with your team Cucumber: Figma – Editor",
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
