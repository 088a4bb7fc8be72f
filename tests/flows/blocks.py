"""What Slack must be given, written down by hand in the shapes of Block Kit."""

from typing import Any

Json = dict[str, Any]
Line = tuple[str, str]
"""The cause in italics, and the names that share it; an empty cause is not said."""


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
        "elements": [section([leaf(fact)]) for fact in facts],
    }
    label = leaf("What is known:", bold=True)
    return [
        {"type": "header", "block_id": "headline", "text": plain(headline)},
        rich("facts", [section([label]), known]),
        rich("next", [section([leaf(step)])]),
        {"type": "actions", "block_id": "actions", "elements": [buttons(link)["elements"][0]]},
    ]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def leaf(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def summary(text: str) -> Json:
    """What may be read on a lock screen."""
    return rich("summary", [section([leaf(text)])])


def part(number: int, label: str, *lines: Line) -> Json:
    """A labelled part: one line for each cause; names without a cause stand behind the label."""
    if len(lines) == 1 and not lines[0][0]:
        return rich(f"section_{number}", [section([leaf(label, bold=True), leaf(f" {lines[0][1]}")])])
    listed = {
        "type": "rich_text_list",
        "style": "bullet",
        "indent": 0,
        "elements": [section(spoken(line)) for line in lines],
    }
    return rich(f"section_{number}", [section([leaf(label, bold=True)]), listed])


def spoken(line: Line) -> list[Json]:
    cause, names = line
    return [leaf(f"{cause}: ", italic=True), leaf(names)] if cause else [leaf(names)]


def section(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def rich(block: str, elements: list[Json]) -> Json:
    return {"type": "rich_text", "block_id": block, "elements": elements}


def buttons(link: str) -> Json:
    """Every button is a link: nothing is changed from Slack."""
    named = (("looks_wrong", "This looks wrong", "looks-wrong"), ("why", "Why did I get this?", "why"))
    show = {"type": "button", "action_id": "show", "text": plain("Show everything"), "url": link}
    return {
        "type": "actions",
        "block_id": "actions",
        "elements": [
            {**show, "style": "primary"},
            *(
                {"type": "button", "action_id": action, "text": plain(label), "url": f"{link}#{anchor}"}
                for action, label, anchor in named
            ),
        ],
    }
