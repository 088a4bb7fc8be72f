"""Every kind of message stays valid and harmless whatever people, teams, apps and rules are called."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from notifier.messages import from_json, render, to_json
from notifier.messages.escape import escape, line, name
from notifier.messages.stories import Entry, Item, Story
from sandbox.slack.blocks import problems

from .examples import LINK, STORIES

HOSTILE = (
    "<!channel> <https://evil.example|Okta login> *bold* :tada: `x`",
    "\u202egnp.exe\u202c\u2066\u200b",
    "two\nlines\r\tand\u2028three\0",
    "&" * 10_000,
    "𝕏é" * 5_000,
    "",
    "   ",
    "\ud800",
)
AMOUNTS = (0, 1, 200)


def filled(story: Story, amount: int, evil: str) -> Story:
    """The story with `amount` hostile items wherever it has items, and hostile names."""
    changes: dict[str, Any] = {}
    for field in fields(story):
        value = getattr(story, field.name)
        if field.name in {"link", "accounts"} or not isinstance(value, str | tuple):
            continue
        if field.name == "entries":
            changes[field.name] = tuple(Entry(evil, LINK) for _ in range(amount))
        elif field.name == "elsewhere":
            changes[field.name] = ((evil, "active"),) * amount
        elif field.name in {"lines", "people"}:
            changes[field.name] = (evil,) * amount
        elif isinstance(value, tuple):
            changes[field.name] = tuple(
                Item(evil, evil, f"{n} {evil}", str(n), evil, evil) for n in range(amount)
            )
        else:
            changes[field.name] = evil
    return replace(story, **changes)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from objects(part)
    if isinstance(value, list):
        for part in value:
            yield from objects(part)


def check(story: Story) -> None:
    rendered = render(story)
    assert problems(rendered.blocks) == []
    for block in rendered.blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        assert parsed.to_dict() == block
    assert 0 < len(rendered.text) <= 3_000
    assert len(rendered.blocks) <= 25
    shown = [each["text"] for each in objects(rendered.blocks) if isinstance(each.get("text"), str)]
    assert sum(map(len, shown)) <= 6_000
    assert len(json.dumps(rendered.blocks, ensure_ascii=False)) <= 12_000
    # No markup is ever parsed: there is no mrkdwn object, and emoji codes stay as they are written.
    kinds = {each.get("type") for each in objects(rendered.blocks)}
    assert "mrkdwn" not in kinds
    assert all(
        each["emoji"] is False for each in objects(rendered.blocks) if each.get("type") == "plain_text"
    )
    assert "<" not in rendered.text
    assert ">" not in rendered.text
    for text in (rendered.text.replace("\n", ""), *shown):
        assert not set(text) & set("\0\n\r\u202e\u202c\u2066\u200b\u2028\ud800")
    for part in objects(rendered.blocks):
        if part.get("type") == "rich_text_list":
            assert len(part["elements"]) <= 9


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("kind", STORIES)
def test_hostile_names_and_any_number_of_items(kind: str, amount: int, evil: str) -> None:
    check(filled(STORIES[kind], amount, evil))


@given(st.sampled_from(sorted(STORIES)), st.integers(0, 12), st.text(max_size=300))
def test_any_name_at_all(kind: str, amount: int, evil: str) -> None:
    story = filled(STORIES[kind], amount, evil)
    check(story)
    stored = to_json(story)
    assert "\0" not in json.dumps(stored, ensure_ascii=False)
    assert to_json(from_json(stored)) == stored


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("Ada", "Ada"),
        ("  Ada \n Lindqvist ", "Ada Lindqvist"),
        ("\u202eAda\u202c", "Ada"),
        ("*Ada*", "*Ada*"),
        ("می‌خواهم", "می‌خواهم"),
        ("x" * 81, "x" * 79 + "…"),
        ("\0\u200b", "(no name)"),
    ],
)
def test_names_are_cleaned_and_otherwise_exact(given_name: str, shown: str) -> None:
    assert name(given_name) == shown


def test_escaping_is_done_once_and_in_order() -> None:
    assert escape("<!here> & &amp;") == "&lt;!here&gt; &amp; &amp;amp;"


def test_words_stay_as_they_are() -> None:
    assert line("came with “iPad”.\n") == "came with “iPad”."
    assert line("") == ""
