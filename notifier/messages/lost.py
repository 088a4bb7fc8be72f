"""To a person who lost access although they did not move: what, and who or what removed it."""

from .layout import Rendered, Section, count, lay_out, on_day
from .stories import LostStory


def render(story: LostStory) -> Rendered:
    """The message to the person; its text names the apps, for it goes to nobody else."""
    return lay_out(
        f"Your access to {count(len(story.lost), 'app', 'apps')} ended {on_day(story.when)}.",
        (
            Section("Gone", story.lost),
            Section("Still there through another path", story.still, way="path"),
        ),
        link=story.link,
        reason="You get this because access ended although your team stayed the same.",
        nothing="Everything is still there.",
    )
