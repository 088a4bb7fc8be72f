"""To a manager of many: several moves in one message, a sentence each, no app named."""

from .escape import escape, line
from .layout import FEWER_ITEMS, LONGEST_TEXT, Rendered, buttons, count, cut, fits, plain_text, rich
from .stories import DigestStory, Entry


def render(story: DigestStory) -> Rendered:
    """One line per move, each with a link to its page."""
    moved = count(len(story.entries), "person", "people")
    top = f"Access changed for {moved} around your teams {line(story.period)}."
    text, blocks = "", []
    for most in FEWER_ITEMS:
        blocks = [
            {"type": "header", "block_id": "headline", "text": plain_text(top[:150])},
            *(
                [
                    rich(
                        "moves",
                        [{"type": "text", "text": "Who and what:", "style": {"bold": True}}],
                        _rows(story.entries, most),
                    )
                ]
                if story.entries
                else []
            ),
            buttons(story.link, about_move=False),
            {
                "type": "context",
                "block_id": "reason",
                "elements": [
                    plain_text("You get one message for several moves because you lead many people.")
                ],
            },
        ]
        entries, more = cut(story.entries, most)
        sentences = [escape(line(entry.sentence)) for entry in entries]
        text = "\n".join([escape(top), *sentences, *_rest(more), f"Everything: {escape(story.link)}"])
        if fits(blocks) and len(text) <= LONGEST_TEXT:
            break
    if len(text) > LONGEST_TEXT:
        text = f"{escape(top)}\nEverything: {escape(story.link)}"
    return Rendered(text, blocks)


def _rows(entries: tuple[Entry, ...], most: int) -> list[list[dict[str, object]]]:
    shown, more = cut(entries, most)
    rows: list[list[dict[str, object]]] = [
        [
            {"type": "text", "text": line(entry.sentence) + " "},
            {"type": "link", "url": entry.link, "text": "Open"},
        ]
        for entry in shown
    ]
    return rows + [[{"type": "text", "text": rest}] for rest in _rest(more)]


def _rest(more: int) -> list[str]:
    return [f"… and {more} more"] if more else []
