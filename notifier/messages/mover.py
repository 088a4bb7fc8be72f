"""To the person who moved: gained, lost, still there, kept and pending, each with its cause."""

from .layout import Rendered, Section, headline_name, lay_out, on_day
from .stories import MoverStory


def render(story: MoverStory) -> Rendered:
    """The message to the mover; its text names the apps, for it goes to nobody else."""
    return lay_out(
        f"{_moved(story)} {on_day(story.when, story.source)}.",
        (
            Section("New", story.gained),
            Section("Gone", story.lost),
            Section("Still there through another path", story.still, way="path"),
            Section("You keep, though your new team does not give it", story.kept, way="dash"),
            Section("Not there yet", story.pending, way="dash"),
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
