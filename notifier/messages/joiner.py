"""The first day, or the first day back: what somebody has and why, to them and to their manager."""

from .layout import Rendered, Section, apps, day, first_name, headline_name, lay_out, which_unit, why_you
from .stories import JoinerManagerStory, JoinerStory


def render(story: JoinerStory) -> Rendered:
    """The welcome to the joiner."""
    team = f" to {headline_name(story.team)}" if story.team else ""
    welcome = f"Welcome{' back' if story.back else ''}{team}."
    what = f" Here is what you have{' now' if story.back else ''}, and why."
    return lay_out(
        f"{welcome}{what if story.has or story.pending else ''}",
        (Section("You have", story.has), Section("Still pending", story.pending)),
        link=story.link,
        reason=(
            "You get this because you are back. Sightline shows everyone what their team has access to."
            if story.back
            else "You get this because you are new. Sightline shows everyone what their team has access to."
        ),
        nothing="You have no access to any app yet.",
    )


def render_for_manager(story: JoinerManagerStory) -> Rendered:
    """The message to the joiner's manager; its text and preview name no app."""
    who, called = headline_name(story.person_name), first_name(story.person_name)
    unit = which_unit(story.unit_kind, story.team, yours=story.yours)
    return lay_out(
        _headline(story, who, unit),
        (
            Section(f"{called} has now", story.has, apps(len(story.has), "held now")),
            Section("Still pending", story.missing, apps(len(story.missing), "still pending")),
        ),
        link=story.link,
        reason=why_you(
            story.instead,
            "You get this because you are the manager of someone who "
            + ("is back." if story.back else "just joined."),
        ),
        nothing="No access to any app yet.",
        discreet=True,
    )


def _headline(story: JoinerManagerStory, who: str, unit: str) -> str:
    """By the first day where HR's is an earlier one than that on which the joiner was seen."""
    on, reports = day(story.when, story.year), "" if story.yours or story.instead else " and reports to you"
    if story.back:
        return f"{who} is back in {unit}, since {on}{reports and f',{reports}'}."
    if story.first_day:
        return f"{who} is new in {unit}{reports}; the first day was {day(story.first_day, story.year)}."
    return f"{who} joined {unit} on {on}{reports}."
