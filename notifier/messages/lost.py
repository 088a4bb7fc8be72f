"""To a person who lost access, or a level of it, without a move: what, why, and what came in its place."""

from collections.abc import Sequence

from .escape import name
from .layout import Rendered, Section, apps, day, lay_out, on_day
from .stories import Item, LostStory


def render(story: LostStory) -> Rendered:
    """The message to the person; its text names the apps, for it goes to nobody else."""
    return lay_out(
        _headline(story),
        (
            Section("Gone", story.lost),
            Section("Lowered", story.lowered),
            Section("At another level", story.relevelled),
            Section("New", story.gained),
            Section("Raised", story.raised),
            Section("You still have it another way", story.still),
            Section("Still pending", story.pending),
        ),
        link=story.link,
        reason="You get this because access of yours ended or changed.",
        nothing="Nothing of it is different any more.",
    )


def _headline(story: LostStory) -> str:
    """What happened on one day, or between two."""
    if story.until is None or story.until <= story.when:
        return f"Your access to {_ended(story)} {on_day(story.when, story.year)}."
    first, last = (day(each, story.year) for each in (story.when, story.until))
    return f"Between {first} and {last}, your access to {_ended(story)}."


def _ended(story: LostStory) -> str:
    """What happened to what, each kind once: "Figma ended", "2 apps ended and to Jira was lowered"."""
    parts = (
        (story.lost, "ended"),
        (story.lowered, "was lowered"),
        (story.relevelled, "changed"),
    )
    return " and to ".join(f"{_apps(items)} {verb}" for items, verb in parts if items)


def _apps(items: Sequence[Item]) -> str:
    return name(items[0].app, 40) if len(items) == 1 else apps(len(items))
