"""How a message is laid out: headline, sections, buttons, reason; and the text that says the same.

The headline is a `header` block: plain text, complete, safe on a lock screen. Sections are `rich_text`, whose
text Slack does not parse; a section has one line for each cause, and the apps that share it. A message that
grows too long shows fewer lines, and fewer apps in each, and says how many more there are.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from orgmodel.why.levels import instead, named

from .escape import escape, line, name, shorten
from .stories import Item

Json = dict[str, Any]

MOST_ITEMS = 8
FEWER_ITEMS = (MOST_ITEMS, 5, 3, 1)
LONGEST_TEXT = 3_000
LONGEST_BLOCKS = 6_000
LONGEST_JSON = 12_000
LONGEST_HEADLINE = 150
LONGEST_NAME_IN_HEADLINE = 30
LONGEST_SOURCE = 60
LONGEST_CAUSE = 160
LONGEST_PROOF = 100
BULLET = "• "
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The fallback text, complete, and the blocks of one message."""

    text: str
    blocks: list[Json]


@dataclass(frozen=True, slots=True)
class Line:
    """One cause, and the apps that share it; `cause` may be empty."""

    cause: str
    apps: str

    @property
    def text(self) -> str:
        return f"{self.cause}: {self.apps}" if self.cause else self.apps


@dataclass(frozen=True, slots=True)
class Section:
    """A label and its items. `counted` is how a preview that may name no app refers to it: "2 apps ended".

    `steps`: lines of their own, before the items.
    """

    label: str
    items: tuple[Item, ...]
    counted: str = ""
    steps: tuple[str, ...] = ()


def headline_name(text: str) -> str:
    """A name as it appears in a headline, where room is short."""
    return name(text, LONGEST_NAME_IN_HEADLINE)


def unit_word(kind: str) -> str:
    """A kind of unit as people say it: team, team group."""
    return name(kind.replace("_", " "), 20)


def which_unit(kind: str, called: str, *, yours: bool) -> str:
    """A unit as it is called to a manager: your team Cucumber, where they are not of it the team Cucumber."""
    bare = f"{'your' if yours else 'the'} {unit_word(kind)}"
    return f"{bare} {headline_name(called)}" if called else bare


def merger(unit: str, into: str) -> str:
    """That a unit was merged into another, as a sentence to go on with; empty where it was not."""
    return f" {headline_name(unit)} was merged into {headline_name(into)}." if into else ""


def why_you(instead: str, otherwise: str) -> str:
    """Why the reader gets a message about somebody else. `instead`: who would, had they not left."""
    return f"You get this because {headline_name(instead)} has left." if instead else otherwise


def first_name(text: str) -> str:
    """How somebody is called after the first mention; the whole name where its first word may be another."""
    whole = headline_name(text)
    return whole if "," in whole else whole.split()[0]


def day(when: date, year: int = 0, source: str = "") -> str:
    """A date as people write it in `year`: 3 March; with its year when that is another; 3 March (HR)."""
    seen = line(source, LONGEST_SOURCE)
    written = f"{when.day} {when:%B}" + (f" {when.year}" if year and year != when.year else "")
    return f"{written} ({seen})" if seen else written


def on_day(when: date, year: int = 0, source: str = "") -> str:
    """The end of a headline: on 3 March (HR)."""
    return f"on {day(when, year, source)}"


def apps(number: int, rest: str = "") -> str:
    """A count with its noun: 1 app ended, 2 apps ended."""
    return f"{count(number, 'app', 'apps')}{f' {rest}' if rest else ''}"


def not_by_itself(items: Sequence[Item]) -> str:
    """The end of the label over what nothing gives any more."""
    return f"{'it' if len(items) == 1 else 'they'} won’t be removed automatically"


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
    about_move: bool = True,
) -> Rendered:
    """One message from its parts.

    `headline`: a whole sentence. `reason`: why the recipient gets it. `nothing`: said when no section has an
    item. `discreet`: neither the text nor the second block names an app (messages about other people).
    `summary`: said below the headline instead of counts. `about_move`: the link is that of one move,
    whose page also says what to do when it is wrong.
    """
    top = shorten(headline, LONGEST_HEADLINE)
    filled = [section for section in sections if section.items or section.steps]
    counts = [section.counted for section in filled if section.counted]
    if not filled:
        summary = summary or nothing
    elif discreet and counts:
        summary = f"{'; '.join(counts)}."
    return Rendered(
        text=_text(top, summary, [] if discreet else filled, link),
        blocks=_blocks(top, summary, filled, buttons(link, about_move=about_move), reason),
    )


def _text(top: str, summary: str, sections: Sequence[Section], link: str) -> str:
    for most in FEWER_ITEMS:
        rows = [row for section in sections for row in _rows(section, most)]
        text = "\n".join(escape(part) for part in (top, summary, *rows) if part)
        text += f"\nEverything: {escape(link)}"
        if len(text) <= LONGEST_TEXT:
            return text
    return f"{escape(top)}\nEverything: {escape(link)}"


def _rows(section: Section, most: int) -> list[str]:
    lines, rest = lines_of(section, most)
    if _fits_behind(lines, rest):
        return [f"{section.label}: {lines[0].apps}"]
    return [f"{section.label}:", *(BULLET + row for row in (*(each.text for each in lines), rest) if row)]


def _fits_behind(lines: Sequence[Line], rest: str) -> bool:
    """Names without a cause stand behind the label."""
    return len(lines) == 1 and not lines[0].cause and not rest


def lines_of(section: Section, most: int) -> tuple[list[Line], str]:
    """The first `most` causes of a section with the first `most` apps of each, and what is left out."""
    by_cause: dict[str, list[Item]] = {}
    for item in section.items:
        by_cause.setdefault(line(item.because, LONGEST_CAUSE), []).append(item)
    shown, more = cut([*by_cause.items()], most)
    steps = [Line("", line(step)) for step in section.steps]
    left = sum(len(items) for _, items in [*by_cause.items()][len(shown) :]) if more else 0
    rest = f"… and {left} more apps" if left else ""
    return [*steps, *(_line(cause, items, most) for cause, items in shown)], rest


def cut(items: Sequence[Shown], most: int) -> tuple[Sequence[Shown], int]:
    """The first of them, and how many are left out: never one alone."""
    return (items, 0) if len(items) <= most + 1 else (items[:most], len(items) - most)


def _line(cause: str, items: Sequence[Item], most: int) -> Line:
    shown, more = cut(items, most)
    joined = ", ".join(map(_item, shown)) + (f" … and {more} more" if more else "")
    proofs = {line(item.proof, LONGEST_PROOF) for item in items}
    proof = proofs.pop() if len(proofs) == 1 else ""
    return Line(f"{cause} ({proof})" if cause and proof else cause, joined)


def _item(item: Item) -> str:
    level = named(item.level) if item.before is None else instead(item.before, item.level)
    return f"{name(item.app)} – {name(level, 80)}" if level else name(item.app)


def _blocks(top: str, summary: str, sections: Sequence[Section], actions: Json, reason: str) -> list[Json]:
    blocks: list[Json] = []
    for most in FEWER_ITEMS:
        blocks = [
            {"type": "header", "block_id": "headline", "text": plain_text(top)},
            *([rich("summary", [_leaf(summary)])] if summary else []),
            *(_section(f"section_{n}", section, most) for n, section in enumerate(sections)),
            actions,
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
    lines, rest = lines_of(section, most)
    label = _leaf(f"{section.label}:", bold=True)
    if _fits_behind(lines, rest):
        return rich(block_id, [label, _leaf(f" {lines[0].apps}")])
    return rich(block_id, [label], [_leaves(each) for each in lines] + ([[_leaf(rest)]] if rest else []))


def rich(block_id: str, paragraph: list[Json], rows: Sequence[list[Json]] = ()) -> Json:
    """A rich_text block: a paragraph and, below it, a bulleted list."""
    parts: list[Json] = [{"type": "rich_text_section", "elements": paragraph}]
    if rows:
        items = [{"type": "rich_text_section", "elements": row} for row in rows]
        parts.append({"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": items})
    return {"type": "rich_text", "block_id": block_id, "elements": parts}


def _leaves(each: Line) -> list[Json]:
    return [_leaf(f"{each.cause}: ", italic=True), _leaf(each.apps)] if each.cause else [_leaf(each.apps)]


def _leaf(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, "style": style} if style else {"type": "text", "text": text}


def plain_text(text: str) -> Json:
    """A text object in which nothing has a meaning."""
    return {"type": "plain_text", "text": text, "emoji": False}


def buttons(link: str, *, about_move: bool = True) -> Json:
    """What opens the page in the portal: all of it; of a move also what to do when it is wrong, and why."""
    named = [("show", "Show everything", link, "primary")]
    if about_move:
        named.append(("looks_wrong", "This looks wrong", f"{link}#looks-wrong", ""))
        named.append(("why", "Why did I get this?", f"{link}#why", ""))
    elements: list[Json] = [
        {"type": "button", "action_id": action, "text": plain_text(label), "url": url}
        | ({"style": style} if style else {})
        for action, label, url, style in named
    ]
    return {"type": "actions", "block_id": "actions", "elements": elements}
