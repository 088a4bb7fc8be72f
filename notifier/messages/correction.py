"""In the thread of a message that turned out wrong: what is so instead, and since when; no guessed cause."""

from .escape import name
from .layout import Rendered, Section, count, day, headline_name, lay_out
from .stories import CorrectionStory

NAMED = 2
"""More apps than this are counted in the headline and listed below."""


def render(story: CorrectionStory) -> Rendered:
    """The correction; about somebody else its text and preview name no app, as in the message itself."""
    other = bool(story.person_name)
    since = f"since {story.since:%H:%M} on {day(story.since.date(), story.year)}"
    listed = other or len(story.restored) > NAMED
    return lay_out(
        f"Correction: {_said(story)}, {since}.",
        (Section("Back", story.restored),) if listed else (),
        summary=(
            "The message above no longer holds."
            if story.whole
            else "The rest of the message above still holds."
        ),
        link=story.link,
        reason="You get this because an earlier message turned out to be wrong.",
        nothing="",
        discreet=other,
    )


def _said(story: CorrectionStory) -> str:
    who, unit = headline_name(story.person_name), headline_name(story.unit)
    if not story.person_name:
        return {
            "access": f"you have {_apps(story)} again",
            "back": f"you are back in {unit}",
        }.get(story.what, "your access is as it was before")
    return {
        "access": f"{who} has {count(len(story.restored), 'app', 'apps')} again",
        "back": f"{who} is back in your team {unit}",
        "not_joined": f"{who} is not in your team {unit}",
        "not_reporting": f"{who} does not report to you",
        "active": f"{who} is active again",
    }.get(story.what, f"the access of {who} is as it was before")


def _apps(story: CorrectionStory) -> str:
    if len(story.restored) > NAMED:
        return count(len(story.restored), "app", "apps")
    return " and ".join(name(each.app, 40) for each in story.restored)
