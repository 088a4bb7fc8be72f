"""What a correction says: what the message said, what is true instead, and why."""

from dataclasses import replace
from typing import Any

import pytest

from notifier.messages import render
from notifier.messages.stories import Item

from .examples import STORIES
from .reading import read_aloud

FOUR = tuple(Item(name) for name in ("Figma", "Datadog", "Sentry", "Miro"))
EDITOR = Item("Figma", "Editor")


LISTED = {
    "you have 4 apps again": ["Back: Figma, Datadog, Sentry, Miro"],
    "3 apps are at their former level again": ["At the former level: Figma, Datadog, Sentry"],
    "you have 1 app again and 1 app is at its former level again": [
        "Back: Datadog",
        "At the former level: Figma – Editor",
    ],
    "Ada has 1 app again": ["Back: Figma – Editor"],
    "Ada has 2 apps again and 1 app at its former level": [
        "Back: Datadog, Sentry",
        "At the former level: Figma – Editor",
    ],
    "Ada has 2 apps at their former level": ["At the former level: Figma, Datadog"],
}
"""What stands below the headline, where that names no app."""


@pytest.mark.parametrize(
    ("more", "sentence", "claim"),
    [
        (
            {"restored": FOUR[:2], "whole": False},
            "you have Figma and Datadog again",
            "your access to Figma and Datadog had ended",
        ),
        ({"restored": FOUR}, "you have 4 apps again", "your access to 4 apps had ended"),
        (
            {"restored": (), "levels": (EDITOR,)},
            "your level of Figma is Editor again",
            "your level of Figma had been lowered",
        ),
        (
            {"restored": (), "levels": FOUR[:3]},
            "3 apps are at their former level again",
            "your level of 3 apps had been lowered",
        ),
        (
            {"restored": FOUR[1:2], "levels": (EDITOR,)},
            "you have 1 app again and 1 app is at its former level again",
            "your access to Datadog had ended and your level of Figma had been lowered",
        ),
        (
            {"person_name": "Ada", "restored": FOUR[1:3], "levels": (EDITOR,)},
            "Ada has 2 apps again and 1 app at its former level",
            "Ada’s access to 2 apps had ended and to 1 app had been lowered",
        ),
        (
            {"person_name": "Ada", "restored": (), "levels": FOUR[:2]},
            "Ada has 2 apps at their former level",
            "Ada’s access to 2 apps had been lowered",
        ),
        ({"what": "back", "unit": "Radish"}, "you are back in Radish", "you had left Radish"),
        ({"what": "as_before"}, "your access is as it was before", "you had moved"),
        (
            {"person_name": "Ada", "restored": (EDITOR,)},
            "Ada has 1 app again",
            "Ada’s access to 1 app had ended",
        ),
        (
            {"person_name": "Ada", "what": "back", "unit": "Radish"},
            "Ada is back in your team Radish",
            "Ada had left your team Radish",
        ),
        (
            {"person_name": "Ada", "what": "back", "unit": "IT", "unit_kind": "department", "yours": False},
            "Ada is back in the department IT",
            "Ada had left the department IT",
        ),
        (
            {"person_name": "Ada", "what": "not_joined", "unit": "Leek"},
            "Ada is not in your team Leek",
            "Ada had joined your team Leek",
        ),
        (
            {"person_name": "Ada", "what": "not_reporting"},
            "Ada does not report to you",
            "Ada had started reporting to you",
        ),
        ({"person_name": "Ada", "what": "active"}, "Ada is active again", "Ada had left the company"),
        (
            {"person_name": "Ada", "what": "as_before"},
            "the access of Ada is as it was before",
            "Ada had moved",
        ),
    ],
)
def test_what_a_correction_says(more: dict[str, Any], sentence: str, claim: str) -> None:
    parts = {} if "restored" in more else {"restored": ()}
    rendered = render(replace(STORIES["correction"], **{**parts, **more}))
    rest = "" if more.get("whole", True) else " The rest of it still holds."
    summary = f"The message above said that {claim}. That is no longer true.{rest}"
    lines = rendered.text.splitlines()
    assert lines[:2] == [f"Correction: {sentence}, since 10:15 on 3 March.", summary]
    shown = [read_aloud(block) for block in rendered.blocks]
    listed = [line for line in shown if line.startswith(("Back:", "At the former level:"))]
    assert listed == LISTED.get(sentence, [])
    assert not any(app.app in line for app in FOUR for line in lines if more.get("person_name"))


def test_a_correction_says_where_it_was_seen() -> None:
    more: dict[str, Any] = {"what": "back", "unit": "Radish", "restored": (), "source": "HR"}
    story = replace(STORIES["correction"], **more)
    assert render(story).text.splitlines()[1] == (
        "The message above said that you had left Radish. That is no longer true (HR)."
    )
