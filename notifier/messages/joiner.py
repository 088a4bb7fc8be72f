"""The first day: to the joiner what they have and why, to the manager what is there and what is missing."""

from .layout import Rendered, Section, headline_name, lay_out, on_day
from .stories import JoinerManagerStory, JoinerStory


def render(story: JoinerStory) -> Rendered:
    """The welcome to the joiner."""
    team = f" to {headline_name(story.team)}" if story.team else ""
    return lay_out(
        f"Welcome back{team}. This is what you have now, and why."
        if story.back
        else f"Welcome{team}. This is what you have, and why.",
        (Section("You have", story.has), Section("Not there yet", story.pending, way="dash")),
        link=story.link,
        reason="You get this on your first day. Sightline shows everybody what their team has access to.",
        nothing="Nothing has arrived yet; apps usually follow during the first day.",
    )


def render_for_manager(story: JoinerManagerStory) -> Rendered:
    """The message to the joiner's manager; its text and preview name no app."""
    who, team = headline_name(story.person_name), headline_name(story.team)
    return lay_out(
        f"{who} is back in your team {team} {on_day(story.when)}."
        if story.back
        else f"{who} joined your team {team} {on_day(story.when)}.",
        (
            Section("Has now", story.has, counted=f"{len(story.has)} held now"),
            Section(
                "Still missing", story.missing, way="dash", counted=f"{len(story.missing)} still missing"
            ),
        ),
        link=story.link,
        reason="You get this because you are the manager of somebody who just joined.",
        nothing="No access to any app yet.",
        discreet=True,
    )
