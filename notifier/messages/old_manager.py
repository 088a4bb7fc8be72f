"""To the manager of the team that was left: only what ended with it and what the person still keeps of it."""

from .layout import (
    Rendered,
    Section,
    apps,
    first_name,
    headline_name,
    lay_out,
    merger,
    not_by_itself,
    on_day,
    unit_word,
    which_unit,
    why_you,
)
from .stories import OldManagerStory


def render(story: OldManagerStory) -> Rendered:
    """The message to the old manager; its text and preview name no app."""
    left = which_unit(story.unit_kind, story.headline_from, yours=story.yours)
    bare = which_unit(story.unit_kind, "", yours=story.yours)
    reports = "" if story.yours or story.instead else " and no longer reports to you"
    ended, lowered, keeps = story.ended, story.lowered, story.keeps
    return lay_out(
        f"{headline_name(story.person_name)} left {left}"
        f" {on_day(story.when, story.year, story.source)}{reports}."
        f"{merger(story.headline_from, story.merged_into)}",
        (
            Section(
                f"Ended with {bare}",
                ended,
                apps(len(ended), f"ended with {bare}"),
            ),
            Section("Lowered", lowered, apps(len(lowered), "at a lower level")),
            Section(
                f"{first_name(story.person_name)} still has; {not_by_itself(keeps)}",
                keeps,
                apps(len(keeps), "still held"),
            ),
        ),
        link=story.link,
        reason=why_you(
            story.instead,
            f"You get this because you led the {unit_word(story.unit_kind)} or were the manager.",
        ),
        nothing=f"Nothing that comes with {bare} changed.",
        discreet=True,
    )
