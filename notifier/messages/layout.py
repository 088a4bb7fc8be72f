"""How a message is laid out: headline, sections, buttons, reason; and the text that says the same.

The headline is a `header` block: plain text, complete, safe on a lock screen. Sections are `rich_text`, whose
text Slack does not parse. A message that grows too long shows fewer items and says how many more there are.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from .escape import clause, escape, name, sentence, shorten
from .stories import Item

Json = dict[str, Any]

MOST_ITEMS = 8
FEWER_ITEMS = (MOST_ITEMS, 5, 3, 1)
LONGEST_TEXT = 3_000
LONGEST_BLOCKS = 6_000
LONGEST_JSON = 12_000
LONGEST_HEADLINE = 150
LONGEST_NAME_IN_HEADLINE = 40
UNSAID_LEVELS = {"", "assigned"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """The fallback text, complete, and the blocks of one message."""

    text: str
    blocks: list[Json]


@dataclass(frozen=True, slots=True)
class Line:
    """Names that share a cause: `plain` and then `cause` in italics."""

    plain: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A label and its items. `counted` is how a preview that may name no app speaks of it: "2 ended"."""

    label: str
    items: tuple[Item, ...]
    way: str = "because"
    counted: str = ""


def headline_name(text: str) -> str:
    """A name as it stands in a headline, where room is short."""
    return name(text, LONGEST_NAME_IN_HEADLINE)


def day(when: date) -> str:
    """A date as people say it: 3 March."""
    return f"{when.day} {when:%B}"


def on_day(when: date, source: str = "") -> str:
    """The end of a headline: on 3 March (HR)."""
    said = clause(source)
    return f"on {day(when)} ({said})" if said else f"on {day(when)}"


def count(number: int, one: str, many: str) -> str:
    """1 app, 2 apps."""
    return f"{number} {one if number == 1 else many}"


def lay_out(
    headline: str,
    sections: Iterable[Section],
    *,
    link: str,
    reason: str,
    nothing: str,
    discreet: bool = False,
    summary: str = "",
) -> Rendered:
    """One message from its parts.

    `headline`: a whole sentence. `reason`: why the recipient gets it. `nothing`: said when no section has an
    item. `discreet`: neither the text nor the second block names an app (messages about other people).
    `summary`: said below the headline instead of counts.
    """
    top = shorten(headline, LONGEST_HEADLINE)
    filled = [section for section in sections if section.items]
    counts = [section.counted for section in filled if section.counted]
    if not filled:
        summary = summary or nothing
    elif discreet and counts:
        summary = f"{'; '.join(counts)}."
    return Rendered(
        text=_text(top, summary, [] if discreet else filled, link),
        blocks=_blocks(top, summary, filled, link, reason),
    )


def _text(top: str, summary: str, sections: Sequence[Section], link: str) -> str:
    for most in FEWER_ITEMS:
        said = [f"{section.label}: {_said(section, most)}" for section in sections]
        text = "\n".join(escape(part) for part in (top, summary, *said) if part)
        text += f"\nEverything: {escape(link)}"
        if len(text) <= LONGEST_TEXT:
            return text
    return f"{escape(top)}\nEverything: {escape(link)}"


def _said(section: Section, most: int) -> str:
    lines, more = lines_of(section, most)
    said = " ".join(f"{line.plain} {line.cause}".strip() for line in lines)
    return f"{said} … and {more} more." if more else said


def lines_of(section: Section, most: int) -> tuple[list[Line], int]:
    """The first `most` items of a section, one line per cause, and how many items are left out."""
    shown = section.items[:most]
    lines = [
        _line([_item(each) for each in group], because, section.way)
        for because, group in groupby(shown, key=lambda item: clause(item.because))
    ]
    return lines, len(section.items) - len(shown)


def _item(item: Item) -> str:
    level = "" if item.level.lower() in UNSAID_LEVELS else f" – {name(item.level, 40)}"
    return name(item.app) + level


def _line(names: list[str], because: str, way: str) -> Line:
    joined = ", ".join(names)
    if not because:
        return Line(f"{joined}.")
    if way == "path":
        return Line(f"{joined} ({because}).")
    if way == "dash":
        return Line(f"{joined} – {because}.")
    return Line(f"{joined}.", sentence(because))


def _blocks(top: str, summary: str, sections: Sequence[Section], link: str, reason: str) -> list[Json]:
    blocks: list[Json] = []
    for most in FEWER_ITEMS:
        blocks = [
            {"type": "header", "block_id": "headline", "text": plain_text(top)},
            *([rich("summary", [_leaf(summary)])] if summary else []),
            *(_section(f"section_{n}", section, most) for n, section in enumerate(sections)),
            buttons(link),
            {"type": "context", "block_id": "reason", "elements": [plain_text(reason)]},
        ]
        if fits(blocks):
            break
    return blocks


def fits(blocks: list[Json]) -> bool:
    """Whether the blocks stay well under the size at which Slack refuses a message."""
    return (
        _characters(blocks) <= LONGEST_BLOCKS and len(json.dumps(blocks, ensure_ascii=False)) <= LONGEST_JSON
    )


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_characters(part) for part in value.values())
    if isinstance(value, list):
        return sum(_characters(part) for part in value)
    return len(value) if isinstance(value, str) else 0


def _section(block_id: str, section: Section, most: int) -> Json:
    lines, more = lines_of(section, most)
    rest = f"… and {more} more" if more else ""
    label = _leaf(f"{section.label}:", bold=True)
    if len(lines) == 1:
        tail = [_leaf(f" {rest}")] if rest else []
        return rich(block_id, [label, _leaf(" "), *_leaves(lines[0]), *tail])
    rows = [_leaves(line) for line in lines] + ([[_leaf(rest)]] if rest else [])
    return rich(block_id, [label], rows)


def rich(block_id: str, paragraph: list[Json], rows: Sequence[list[Json]] = ()) -> Json:
    """A rich_text block: a paragraph and, below it, a bulleted list."""
    parts: list[Json] = [{"type": "rich_text_section", "elements": paragraph}]
    if rows:
        items = [{"type": "rich_text_section", "elements": row} for row in rows]
        parts.append({"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": items})
    return {"type": "rich_text", "block_id": block_id, "elements": parts}


def _leaves(line: Line) -> list[Json]:
    plain = _leaf(line.plain)
    return [plain, _leaf(" "), _leaf(line.cause, italic=True)] if line.cause else [plain]


def _leaf(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, "style": style} if style else {"type": "text", "text": text}


def plain_text(text: str) -> Json:
    """A text object in which nothing has a meaning."""
    return {"type": "plain_text", "text": text, "emoji": False}


def buttons(link: str) -> Json:
    """Show everything, This looks wrong, Ask IT, and the menu: all open the page in the portal."""
    named = (
        ("show", "Show everything", link, "primary"),
        ("looks_wrong", "This looks wrong", f"{link}#looks-wrong", ""),
        ("ask_it", "Ask IT", f"{link}#ask-it", ""),
    )
    elements: list[Json] = [
        {"type": "button", "action_id": action, "text": plain_text(label), "url": url}
        | ({"style": style} if style else {})
        for action, label, url, style in named
    ]
    menu = (
        ("mute", "Mute messages like this"),
        ("settings", "Message settings"),
        ("why", "Why did I get this"),
    )
    options = [{"text": plain_text(label), "value": value, "url": f"{link}#{value}"} for value, label in menu]
    elements.append({"type": "overflow", "action_id": "more", "options": options})
    return {"type": "actions", "block_id": "actions", "elements": elements}
