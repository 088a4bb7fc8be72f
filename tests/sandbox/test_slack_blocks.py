"""Block Kit's limits, one breach each: the pretend Slack is as strict as the real one."""

from typing import Any

import pytest

from sandbox.slack.blocks import problems


def section(text: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": text, **more}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": plain("Open"), **more}


def overflow(options: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "overflow", "action_id": "o", "options": options}]}


OPTION = {"text": plain("Mute"), "value": "mute"}


def rich(*elements: Any, kind: str = "rich_text_section", **more: Any) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": [{"type": kind, "elements": list(elements), **more}]}]


CONFIRM = {"title": plain("x" * 101), "text": plain("Sure?"), "confirm": plain("Yes"), "deny": plain("No")}
BAD_BLOCKS: dict[str, tuple[Any, str]] = {
    "not an object": (["divider"], "/blocks/0"),
    "block_id of 256": ([{"type": "divider", "block_id": "x" * 256}], "/blocks/0/block_id"),
    "fields that are no list": ([{"type": "section", "fields": plain("x")}], "/blocks/0/fields"),
    "context without elements": ([{"type": "context"}], "/blocks/0"),
    "actions without elements": ([{"type": "actions"}], "/blocks/0"),
    "text that is no string": ([section({"type": "mrkdwn", "text": 7})], "/blocks/0/text/text"),
    "text with an unknown key": ([section({**plain("x"), "size": 1})], "/blocks/0/text"),
    "text that is no object": ([{"type": "header", "text": "x"}], "/blocks/0/text"),
    "unknown accessory": ([section(plain("x"), accessory={"type": "slider"})], "/blocks/0/accessory/type"),
    "accessory with an unknown key": ([section(plain("x"), accessory=button(size=1))], "/blocks/0/accessory"),
    "overflow without options": (
        [section(plain("x"), accessory={"type": "overflow"})],
        "/blocks/0/accessory",
    ),
    "confirm title of 101": (
        [section(plain("x"), accessory=button(confirm=CONFIRM))],
        "/blocks/0/accessory/confirm/title/text",
    ),
    "empty rich text leaf": (
        rich({"type": "text", "text": ""}),
        "/blocks/0/elements/0/elements/0/text",
    ),
    "rich text style": (
        rich({"type": "text", "text": "x", "style": {"blink": True}}),
        "/blocks/0/elements/0/elements/0/style",
    ),
    "rich text list style": (rich(kind="rich_text_list", style="stars"), "/blocks/0/elements/0/style"),
    "rich text list of texts": (
        rich({"type": "text", "text": "x"}, kind="rich_text_list", style="bullet"),
        "/blocks/0/elements/0/elements/0",
    ),
    "unknown rich text branch": (rich(kind="rich_text_poem"), "/blocks/0/elements/0/type"),
    "rich text without elements": ([{"type": "rich_text"}], "/blocks/0"),
    "51 blocks": ([{"type": "divider"}] * 51, "/blocks"),
    "unknown type": ([{"type": "hologram"}], "/blocks/0/type"),
    "empty section text": ([section(mrkdwn(""))], "/blocks/0/text/text"),
    "section text of 3001": ([section(mrkdwn("x" * 3001))], "/blocks/0/text/text"),
    "section without text": ([{"type": "section"}], "/blocks/0"),
    "eleven fields": ([{"type": "section", "fields": [plain("x")] * 11}], "/blocks/0/fields"),
    "field of 2001": ([{"type": "section", "fields": [plain("x" * 2001)]}], "/blocks/0/fields/0/text"),
    "header of 151": ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text/type"),
    "unknown key": ([{"type": "divider", "colour": "red"}], "/blocks/0"),
    "same block_id": ([{"type": "divider", "block_id": "b"}] * 2, "/blocks/1/block_id"),
    "same action_id": ([{"type": "actions", "elements": [button()] * 2}], "/blocks/0/elements/1/action_id"),
    "no actions": ([{"type": "actions", "elements": []}], "/blocks/0/elements"),
    "26 actions": (
        [{"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]}],
        "/blocks/0/elements",
    ),
    "button text of 76": (
        [{"type": "actions", "elements": [button(text=plain("x" * 76))]}],
        "/blocks/0/elements/0/text/text",
    ),
    "button without a web address": (
        [{"type": "actions", "elements": [button(url="javascript:alert(1)")]}],
        "/blocks/0/elements/0/url",
    ),
    "button style": ([{"type": "actions", "elements": [button(style="loud")]}], "/blocks/0/elements/0/style"),
    "six options": ([overflow([OPTION] * 6)], "/blocks/0/elements/0/options"),
    "option value of 151": (
        [overflow([{**OPTION, "value": "x" * 151}])],
        "/blocks/0/elements/0/options/0/value",
    ),
    "eleven in context": ([{"type": "context", "elements": [plain("x")] * 11}], "/blocks/0/elements"),
    "image without alt_text": (
        [{"type": "image", "image_url": "https://cdn.nordwind.example/a.png"}],
        "/blocks/0",
    ),
    "unknown rich text": (
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "junk"}]}]}],
        "/blocks/0/elements/0/elements/0/type",
    ),
}


@pytest.mark.parametrize("name", BAD_BLOCKS)
def test_the_place_of_the_breach_is_named(name: str) -> None:
    blocks, place = BAD_BLOCKS[name]
    assert any(f"[json-pointer:{place}]" in problem for problem in problems(blocks))


def test_good_blocks_of_every_type_have_no_problem() -> None:
    assert (
        problems(
            [
                {"type": "header", "text": plain("x" * 150)},
                section(mrkdwn("x" * 3000), accessory=button()),
                {"type": "section", "fields": [plain("x" * 2000)] * 10},
                {"type": "divider", "block_id": "line"},
                {
                    "type": "context",
                    "elements": [mrkdwn("x"), {"type": "image", "alt_text": "a", "image_url": "b"}],
                },
                {"type": "image", "alt_text": "a", "image_url": "b", "title": plain("x")},
                overflow([OPTION] * 5),
                *rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "link", "url": "u"}),
            ]
        )
        == []
    )
