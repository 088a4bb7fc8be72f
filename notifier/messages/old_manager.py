"""To the manager of the team that was left: only what ended with it and what the person still keeps of it."""

from .layout import (
    Rendered,
    Section,
    apps,
    first_name,
    headline_name,
    lay_out,
    not_by_itself,
    on_day,
    unit_word,
)
from .stories import OldManagerStory


def render(story: OldManagerStory) -> Rendered:
    """The message to the old manager; its text and preview name no app."""
    who, unit = headline_name(story.person_name), headline_name(story.headline_from)
    left = (
        f"your {unit_word(story.unit_kind)} {unit}"
        if story.headline_from
        else f"your {unit_word(story.unit_kind)}"
    )
    ended, lowered, keeps = story.ended, story.lowered, story.keeps
    return lay_out(
        f"{who} left {left} {on_day(story.when, story.year, story.source)}.",
        (
            Section(
                f"Ended with your {unit_word(story.unit_kind)}",
                ended,
                apps(len(ended), f"ended with your {unit_word(story.unit_kind)}"),
            ),
            Section("Lowered", lowered, apps(len(lowered), "at a lower level")),
            Section(
                f"{first_name(story.person_name)} still has; {not_by_itself(keeps)}",
                keeps,
                apps(len(keeps), "still held"),
            ),
        ),
        link=story.link,
        reason=f"You get this because you led the {unit_word(story.unit_kind)} or were the manager.",
        nothing=f"Nothing that comes with your {unit_word(story.unit_kind)} changed.",
        discreet=True,
    )
