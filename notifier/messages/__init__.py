"""What the bot says: stories (what happened, as values) and one module per kind that puts a story into words.

Pure functions without Django. `render` gives the same text and blocks for the same story every time, so
that the preview in the portal is exactly what is sent.
"""

from collections.abc import Callable
from typing import Any

from . import admin, correction, digest, gathered, joiner, leaver, lost, mover, new_manager, old_manager
from .layout import Rendered
from .stories import (
    STORIES,
    AdminStory,
    CorrectionStory,
    DigestStory,
    GatheredStory,
    JoinerManagerStory,
    JoinerStory,
    LeaverManagerStory,
    LostStory,
    ManagerChangeStory,
    MoverStory,
    NewManagerStory,
    OldManagerStory,
    Story,
    from_json,
    to_json,
)

__all__ = ["RENDERERS", "Rendered", "Story", "from_json", "render", "to_json"]

RENDERERS: dict[type[Story], Callable[[Any], Rendered]] = {
    MoverStory: mover.render,
    OldManagerStory: old_manager.render,
    NewManagerStory: new_manager.render,
    ManagerChangeStory: new_manager.render_manager_change,
    JoinerStory: joiner.render,
    JoinerManagerStory: joiner.render_for_manager,
    LeaverManagerStory: leaver.render,
    LostStory: lost.render,
    CorrectionStory: correction.render,
    DigestStory: digest.render,
    GatheredStory: gathered.render,
    AdminStory: admin.render,
}

if set(RENDERERS) != set(STORIES.values()):
    raise RuntimeError("every story needs a renderer")


def render(story: Story) -> Rendered:
    """The fallback text (at most 3,000 characters) and the blocks (at most 25) of a story."""
    return RENDERERS[type(story)](story)
