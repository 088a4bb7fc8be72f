"""What Slack must be given, written down by hand in the shapes of Block Kit."""

from typing import Any

Json = dict[str, Any]
Line = tuple[str, str]
"""Names, and the cause in italics; an empty cause is not said."""


def message(headline: str, *body: Json, link: str, reason: str) -> list[Json]:
    """Headline, sections, buttons and why it came."""
    return [
        {"type": "header", "block_id": "headline", "text": plain(headline)},
        *body,
        buttons(link),
        {"type": "context", "block_id": "reason", "elements": [plain(reason)]},
    ]


def alarm(headline: str, facts: list[str], step: str, *, link: str) -> list[Json]:
    """To an admin: what is known, what to do, where."""
    known = {
        "type": "rich_text_list",
        "style": "bullet",
        "indent": 0,
        "elements": [section([said(fact)]) for fact in facts],
    }
    label = said("What is known:", bold=True)
    return [
        {"type": "header", "block_id": "headline", "text": plain(headline)},
        rich("facts", [section([label]), known]),
        rich("next", [section([said(step)])]),
        {"type": "actions", "block_id": "actions", "elements": [buttons(link)["elements"][0]]},
    ]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def said(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def summary(text: str) -> Json:
    """What may be read on a lock screen."""
    return rich("summary", [section([said(text)])])


def part(number: int, label: str, *lines: Line) -> Json:
    """A labelled part: one cause stands behind the label, several are a list."""
    if len(lines) == 1:
        return rich(f"section_{number}", [section([said(label, bold=True), said(" "), *spoken(lines[0])])])
    listed = {
        "type": "rich_text_list",
        "style": "bullet",
        "indent": 0,
        "elements": [section(spoken(line)) for line in lines],
    }
    return rich(f"section_{number}", [section([said(label, bold=True)]), listed])


def spoken(line: Line) -> list[Json]:
    names, cause = line
    return [said(names), said(" "), said(cause, italic=True)] if cause else [said(names)]


def section(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def rich(block: str, elements: list[Json]) -> Json:
    return {"type": "rich_text", "block_id": block, "elements": elements}


def buttons(link: str) -> Json:
    """Every button is a link: nothing is changed from Slack."""
    return {
        "type": "actions",
        "block_id": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "show",
                "text": plain("Show everything"),
                "url": link,
                "style": "primary",
            },
            {
                "type": "button",
                "action_id": "looks_wrong",
                "text": plain("This looks wrong"),
                "url": f"{link}#looks-wrong",
            },
            {"type": "button", "action_id": "ask_it", "text": plain("Ask IT"), "url": f"{link}#ask-it"},
            {
                "type": "overflow",
                "action_id": "more",
                "options": [
                    {"text": plain("Mute messages like this"), "value": "mute", "url": f"{link}#mute"},
                    {"text": plain("Message settings"), "value": "settings", "url": f"{link}#settings"},
                    {"text": plain("Why did I get this"), "value": "why", "url": f"{link}#why"},
                ],
            },
        ],
    }
