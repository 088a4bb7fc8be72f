"""To a leaver's manager: what was removed, and what only a human can remove. The leaver is told nothing."""

from .layout import Rendered, Section, headline_name, lay_out, on_day
from .stories import LeaverManagerStory


def render(story: LeaverManagerStory) -> Rendered:
    """The message to the leaver's manager; its text and preview name no app."""
    who = headline_name(story.person_name)
    return lay_out(
        f"{who} left {on_day(story.when, story.source)}.",
        (
            Section("Removed", story.removed, counted=f"{len(story.removed)} removed"),
            Section(
                "Only a human can remove",
                story.remains,
                way="dash",
                counted=f"{len(story.remains)} left for a human to remove",
            ),
        ),
        link=story.link,
        reason="You get this because you were the manager.",
        nothing="There was no access to remove.",
        discreet=True,
    )
