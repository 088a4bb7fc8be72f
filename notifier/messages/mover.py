"""To the person who moved: what is new, at another level, gone, still there or pending, and why."""

from .layout import Rendered, Section, headline_name, lay_out, merger, not_by_itself, on_day, unit_word
from .stories import MoverStory


def render(story: MoverStory) -> Rendered:
    """The message to the mover; its text names the apps, for it goes to nobody else."""
    return lay_out(
        f"{_moved(story)} {on_day(story.when, story.year, story.source)}."
        f"{merger(story.headline_from, story.merged_into)}",
        (
            Section("New", story.gained),
            Section("Raised", story.raised),
            Section("Lowered", story.lowered),
            Section("At another level", story.relevelled),
            Section("Gone", story.lost),
            Section("You still have it another way", story.still),
            Section(
                f"You still have, outside your new {unit_word(story.unit_kind)}; {not_by_itself(story.kept)}",
                story.kept,
            ),
            Section("Still pending", story.pending),
        ),
        link=story.link,
        reason="You get this because your team, department or manager changed.",
        nothing="Your access did not change.",
    )


def _moved(story: MoverStory) -> str:
    if not story.headline_from:
        return f"You joined {headline_name(story.headline_to)}"
    if not story.headline_to:
        return f"You left {headline_name(story.headline_from)}"
    return f"You moved from {headline_name(story.headline_from)} to {headline_name(story.headline_to)}"
