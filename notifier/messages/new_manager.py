"""To the new manager: who joins, what the person has now, and what they still carry from before."""

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
from .stories import ManagerChangeStory, NewManagerStory


def render(story: NewManagerStory) -> Rendered:
    """The message after a move into the manager's team; its text and preview name no app."""
    who, called = headline_name(story.person_name), first_name(story.person_name)
    joined = which_unit(story.unit_kind, story.headline_to, yours=story.yours)
    reports = "" if story.yours or story.instead else " and reports to you"
    before = f", from {headline_name(story.headline_from)}," if story.headline_from else ""
    has, carries, pending = story.has, story.carries, story.pending
    return lay_out(
        f"{who} joined {joined}{before} {on_day(story.when, story.year, story.source)}{reports}."
        f"{merger(story.headline_from, story.merged_into)}",
        (
            Section(f"{called} has now", has, apps(len(has), "held now")),
            Section(
                f"{called} still has, outside {_whose(story)}; {not_by_itself(carries)}",
                carries,
                apps(len(carries), "still held from before"),
            ),
            Section("Still pending", pending, apps(len(pending), "still pending")),
        ),
        link=story.link,
        reason=why_you(
            story.instead,
            f"You get this because you lead the {unit_word(story.unit_kind)} or are the manager.",
        ),
        nothing="No access to any app yet.",
        discreet=True,
    )


def _whose(story: NewManagerStory) -> str:
    return which_unit(story.unit_kind, "", yours=story.yours)


def render_manager_change(story: ManagerChangeStory) -> Rendered:
    """The message when only the manager changed; its text and preview name no app."""
    return lay_out(
        f"{headline_name(story.person_name)} started reporting to you"
        f" {on_day(story.when, story.year, story.source)}.",
        (Section(f"{first_name(story.person_name)} has now", story.has, apps(len(story.has), "held now")),),
        link=story.link,
        reason="You get this because you are now the manager.",
        nothing="No access to any app yet.",
        discreet=True,
    )
