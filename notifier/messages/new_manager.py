"""To the new manager: who joins, what the person has now, and what they still carry from before."""

from .layout import Rendered, Section, headline_name, lay_out, on_day
from .stories import ManagerChangeStory, NewManagerStory


def render(story: NewManagerStory) -> Rendered:
    """The message after a move into the manager's team; its text and preview name no app."""
    who, team = headline_name(story.person_name), headline_name(story.headline_to)
    before = f", coming from {headline_name(story.headline_from)}" if story.headline_from else ""
    return lay_out(
        f"{who} joined your team {team} {on_day(story.when, story.source)}{before}.",
        (
            Section("Has now", story.has, counted=f"{len(story.has)} held now"),
            Section(
                "Still carries, though your team does not give it",
                story.carries,
                way="dash",
                counted=f"{len(story.carries)} carried from before",
            ),
            Section(
                "Not there yet", story.pending, way="dash", counted=f"{len(story.pending)} not there yet"
            ),
        ),
        link=story.link,
        reason="You get this because you lead the team.",
        nothing="No access to any app yet.",
        discreet=True,
    )


def render_manager_change(story: ManagerChangeStory) -> Rendered:
    """The message when only the manager changed; its text and preview name no app."""
    who = headline_name(story.person_name)
    return lay_out(
        f"{who} started reporting to you {on_day(story.when, story.source)}.",
        (Section("Has now", story.has, counted=f"{len(story.has)} held now"),),
        link=story.link,
        reason="You get this because you are now the manager.",
        nothing="No access to any app yet.",
        discreet=True,
    )
