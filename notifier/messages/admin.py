"""To an admin: something is held or looks wrong and waits for a decision."""

from .escape import escape, line, shorten
from .layout import FEWER_ITEMS, LONGEST_HEADLINE, LONGEST_TEXT, Json, Rendered, cut, fits, plain_text, rich
from .stories import AdminStory


def render(story: AdminStory) -> Rendered:
    """Headline, at most eight lines of fact, what to do next and where."""
    top = shorten(line(story.headline) or "Something needs your review.", LONGEST_HEADLINE)
    step = line(story.next_step)
    lines = [rows for rows in map(line, story.lines) if rows]
    text, blocks = "", []
    for most in FEWER_ITEMS:
        shown, more = cut(lines, most)
        facts = [*shown, *([f"… and {more} more"] if more else [])]
        rows = [escape(part) for part in (top, *facts, step, f"Everything: {story.link}") if part]
        text, blocks = "\n".join(rows), _blocks(top, facts, step, story.link)
        if fits(blocks) and len(text) <= LONGEST_TEXT:
            break
    if len(text) > LONGEST_TEXT:
        text = f"{escape(top)}\nEverything: {escape(story.link)}"
    return Rendered(text, blocks)


def _blocks(top: str, facts: list[str], step: str, link: str) -> list[Json]:
    show = {
        "type": "button",
        "action_id": "show",
        "text": plain_text("Show everything"),
        "url": link,
        "style": "primary",
    }
    facts_section = [rich("facts", [_leaf("What is known:", bold=True)], [[_leaf(fact)] for fact in facts])]
    return [
        {"type": "header", "block_id": "headline", "text": plain_text(top)},
        *(facts_section if facts else []),
        *([rich("next", [_leaf(step)])] if step else []),
        {"type": "actions", "block_id": "actions", "elements": [show]},
    ]


def _leaf(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, "style": style} if style else {"type": "text", "text": text}
