"""To the manager of the team that was left: only what ended with it and what the person still keeps of it."""

from .layout import Rendered, Section, headline_name, lay_out, on_day
from .stories import OldManagerStory


def render(story: OldManagerStory) -> Rendered:
    """The message to the old manager; its text and preview name no app."""
    who, team = headline_name(story.person_name), headline_name(story.headline_from)
    return lay_out(
        f"{who} left your team {team} {on_day(story.when, story.source)}.",
        (
            Section("Ended with your team", story.ended, counted=f"{len(story.ended)} ended with your team"),
            Section(f"{who} still keeps", story.keeps, way="dash", counted=f"{len(story.keeps)} still kept"),
        ),
        link=story.link,
        reason="You get this because you lead the team.",
        nothing="Nothing that comes with your team changed.",
        discreet=True,
    )
