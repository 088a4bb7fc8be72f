"""The exact words of one message of each kind, written by hand."""

from dataclasses import replace
from typing import Any

import pytest

from notifier.messages import RENDERERS, from_json, render, to_json
from notifier.messages.stories import Item, MoverStory

from .examples import LINK, STORIES

TEXTS = {
    "mover": """\
You moved from Radish to Cucumber on 3 March (HR).
New: Figma – Editor, Cucumber dashboards. Because your team is now Cucumber (rule "Cucumber team").
Gone: Radish staging. Came with the team Radish.
Still there through another path: Datadog (department Engineering).
You keep, though your new team does not give it: Radish on-call – added by hand in January; \
it will not go by itself.
Everything: https://sightline.nordwind.example/moves/7/""",
    "old_manager": """\
Ada Lindqvist left your team Radish on 3 March (HR).
1 ended with your team; 1 still kept.
Everything: https://sightline.nordwind.example/moves/7/""",
    "new_manager": """\
Ada Lindqvist joined your team Cucumber on 3 March (HR), coming from Radish.
2 held now; 1 carried from before.
Everything: https://sightline.nordwind.example/moves/7/""",
    "manager_change": """\
Ada Lindqvist started reporting to you on 3 March (HR).
1 held now.
Everything: https://sightline.nordwind.example/moves/7/""",
    "joiner": """\
Welcome to Cucumber. This is what you have, and why.
You have: Figma – Editor. Comes with the team Cucumber.
Not there yet: Datadog – on its way, the app has not confirmed it.
Everything: https://sightline.nordwind.example/moves/7/""",
    "joiner_manager": """\
Ada Lindqvist joined your team Cucumber on 3 March.
1 held now; 1 still missing.
Everything: https://sightline.nordwind.example/moves/7/""",
    "leaver_manager": """\
Ada Lindqvist left on 3 March (HR).
2 removed; 1 left for a human to remove.
Everything: https://sightline.nordwind.example/moves/7/""",
    "lost": """\
Your access to 1 app ended on 3 March.
Gone: Figma – Editor. The group Designers was removed by Bo Petersen.
Still there through another path: Datadog (department Engineering).
Everything: https://sightline.nordwind.example/moves/7/""",
    "correction": """\
Correction: you have Figma again, since 10:15 on 3 March.
The message above no longer holds.
Everything: https://sightline.nordwind.example/moves/7/""",
    "digest": """\
Access changed for 2 people around your teams today.
Ada Lindqvist joined your team Cucumber.
Bo Petersen left your team Radish.
Everything: https://sightline.nordwind.example/moves/7/""",
    "admin": """\
212 people would hear of one change, more than the limit of 50.
The change began with a read of the HRIS on 3 March.
Nothing has been sent.
Release or drop the messages on the outbox page.
Everything: https://sightline.nordwind.example/moves/7/""",
}

BUTTONS = " | ".join(
    (
        *("Show everything", "This looks wrong", "Ask IT"),
        *("Mute messages like this", "Message settings", "Why did I get this"),
    )
)
SHOWN = {
    "mover": [
        "You moved from Radish to Cucumber on 3 March (HR).",
        'New: Figma – Editor, Cucumber dashboards. Because your team is now Cucumber (rule "Cucumber team").',
        "Gone: Radish staging. Came with the team Radish.",
        "Still there through another path: Datadog (department Engineering).",
        (
            "You keep, though your new team does not give it: Radish on-call – added by hand in January; "
            "it will not go by itself."
        ),
        BUTTONS,
        "You get this because your team, department or manager changed.",
    ],
    "old_manager": [
        "Ada Lindqvist left your team Radish on 3 March (HR).",
        "1 ended with your team; 1 still kept.",
        "Ended with your team: Radish staging. Came with the team Radish.",
        "Ada Lindqvist still keeps: Radish on-call – added by hand in January; it will not go by itself.",
        BUTTONS,
        "You get this because you lead the team.",
    ],
    "new_manager": [
        "Ada Lindqvist joined your team Cucumber on 3 March (HR), coming from Radish.",
        "2 held now; 1 carried from before.",
        "Has now:\n• Figma – Editor. Comes with the team Cucumber.\n• Datadog. Department Engineering.",
        (
            "Still carries, though your team does not give it: Radish on-call – added by hand in January; "
            "it will not go by itself."
        ),
        BUTTONS,
        "You get this because you lead the team.",
    ],
    "leaver_manager": [
        "Ada Lindqvist left on 3 March (HR).",
        "2 removed; 1 left for a human to remove.",
        "Removed: Figma – Editor, Datadog.",
        "Only a human can remove: Radish on-call – the app does not hear from Okta.",
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
        BUTTONS,
        "You get one message for several moves because you lead many people.",
    ],
    "admin": [
        "212 people would hear of one change, more than the limit of 50.",
        "What is known:\n• The change began with a read of the HRIS on 3 March.\n• Nothing has been sent.",
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
        ("rich_text", "section_0"),
        ("rich_text", "section_1"),
        ("rich_text", "section_2"),
        ("rich_text", "section_3"),
        ("actions", "actions"),
        ("context", "reason"),
    ]
    assert blocks[1]["elements"] == [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "New:", "style": {"bold": True}},
                {"type": "text", "text": " "},
                {"type": "text", "text": "Figma – Editor, Cucumber dashboards."},
                {"type": "text", "text": " "},
                {
                    "type": "text",
                    "text": 'Because your team is now Cucumber (rule "Cucumber team").',
                    "style": {"italic": True},
                },
            ],
        }
    ]
    buttons = blocks[5]["elements"]
    assert [(b["action_id"], b.get("url")) for b in buttons] == [
        ("show", LINK),
        ("looks_wrong", f"{LINK}#looks-wrong"),
        ("ask_it", f"{LINK}#ask-it"),
        ("more", None),
    ]
    assert [option["url"] for option in buttons[3]["options"]] == [
        f"{LINK}#mute",
        f"{LINK}#settings",
        f"{LINK}#why",
    ]


@pytest.mark.parametrize(
    "name", ["old_manager", "new_manager", "manager_change", "joiner_manager", "leaver_manager", "digest"]
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


def mover(**changes: Any) -> MoverStory:
    story = STORIES["mover"]
    assert isinstance(story, MoverStory)
    return replace(story, **changes)


def test_eight_items_and_how_many_more() -> None:
    rendered = render(mover(gained=tuple(Item(f"App {n}") for n in range(1, 12)), lost=(), still=(), kept=()))
    said = "New: App 1, App 2, App 3, App 4, App 5, App 6, App 7, App 8. … and 3 more"
    assert read_aloud(rendered.blocks[1]) == said
    assert f"{said}." in rendered.text


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
    rendered = render(mover(gained=(), lost=(), still=(), kept=()))
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
    listed = [f"Back: {item}" for item in ("Figma – Editor.", "Figma, Datadog, Sentry, Miro.")]
    assert any(line in shown for line in listed) is (
        len(more.get("restored", ())) > 2 or (more.get("person_name") == "Ada")
    )
    assert not any(app.app in line for app in FOUR for line in told if more.get("person_name"))
